"""docs/trust.md says which tests prove which row; this holds it to the marks on the tests."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "trust.md"
WRITE = "COURSEMARK_WRITE_TRUST"
HOW = f"Run `{WRITE}=1 python -m pytest tests/trust/test_rows.py`, read what changed, and check it in."

INTRODUCTION = f"""\
# What must never happen, and where that is shown

A product that keeps training records promises four things: nobody sees what is not theirs, nothing acknowledged is lost,
an answer key does not leak, and hostile content does no harm. Each row below is a way in which products of this kind have
broken such a promise, and the files whose tests would notice. A test names its rows: `@pytest.mark.trust("AC-01")`.

The golden matrix, `tests/trust/matrix.txt`, says who gets what at every address of the site; a new address fails the suite
until somebody has decided and written it there.

{HOW}
A row without a test fails the suite.

| Row | What must never happen | Tests |
| --- | --- | --- |
"""

ROWS = {
    "AC-01": "An address that nobody thought of, open to those whom it is not for",
    "AC-02": "Another person's object under one's own address bar",
    "AC-03": "A report that shows people of another company",
    "AC-04": "An export that holds more than the screen",
    "AC-05": "A filter, a sort or a search that widens what one sees",
    "AC-06": "A total or an order that tells of what is hidden",
    "AC-07": "A person without a company taken for everybody's, or for nobody's to lose",
    "AC-08": "A form that takes fields which it does not have",
    "AC-10": "A suspended or moved person who is still in",
    "AC-11": "Content for one audience met by another, by whichever door",
    "AC-12": "Another method, or one in disguise, that gets another answer",
    "AC-13": "Another spelling of an address that gets another answer",
    "QZ-01": "A key that leaves the server before it may",
    "QZ-02": "A key that shows in order, shape or name of the options",
    "QZ-04": "One answer counted twice, or changed by a retry or another tab",
    "QZ-05": "A tampered form that counts",
    "QZ-07": "Progress and completion that nobody earned",
    "MD-01": "Content that runs a script",
    "MD-05": "A link that acts instead of leading somewhere",
    "MD-06": "Content that phones home, or makes the server do so",
    "MD-08": "Content that reads a file which is not its own",
    "MD-14": "A preview that is not what is published",
    "YM-01": "Front matter that makes objects",
    "YM-02": "Front matter that nests until the process dies",
    "YM-03": "Front matter that multiplies itself",
    "YM-10": "Front matter with a slip in it that opens a page to everybody",
    "UP-01": "An upload that fills memory or disk",
    "UP-02": "An archive that writes outside its place",
    "UP-03": "An archive that brings links or devices",
    "UP-04": "An archive that unpacks to more than it says",
    "UP-07": "An archive that is broken, and half imported",
    "UP-09": "A file that is not what its name says",
    "IM-01": "A picture that runs a script",
    "IM-02": "A file served as a page",
    "IM-04": "A picture that fills memory, or is damaged",
    "IM-05": "A file that is read past its page's gate",
    "IM-07": "A picture that tells where it was taken",
    "IM-09": "A private file inside another site's page",
    "IM-10": "A part of a file that is asked for to break something",
    "RQ-01": "Reading that changes something",
    "RQ-02": "A form that works from somebody else's site",
    "RQ-03": "An address of ours that leads to somebody else's site",
    "EX-01": "A cell that a spreadsheet runs",
    "HX-02": "A page that is readable after signing out",
    "HX-05": "A session that ends in the middle and takes the answers along",
    "HX-07": "An answer shown as saved that is not",
    "F-11": "A text that somebody else's save takes away",
    "LK-01": "The name of something hidden, in whatever the site says",
    "LK-02": "A search that finds what is not live, or not for this person",
    "LK-03": "A draft by its direct address",
}


def marks(path: Path) -> Iterator[str]:
    """The rows that the tests of a file are marked with."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.trust":
            yield from (ast.literal_eval(argument) for argument in node.args)


@cache
def proofs() -> dict[str, list[str]]:
    """{row: files with a test of it}."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for row in sorted(set(marks(path))):
            found.setdefault(row, []).append(path.relative_to(ROOT / "tests").as_posix())
    return found


def table() -> str:
    """The page as the tests have it."""
    known = proofs()
    lines = [
        f"| {row} | {what} | {', '.join(f'`{f}`' for f in known.get(row, []))} |\n"
        for row, what in ROWS.items()
    ]
    return INTRODUCTION + "".join(lines)


def test_every_row_has_a_test():
    assert [row for row in ROWS if row not in proofs()] == []


def test_the_page_names_the_tests_that_there_are():
    if os.environ.get(WRITE):
        PAGE.write_text(table())
    assert PAGE.read_text() == table(), HOW
