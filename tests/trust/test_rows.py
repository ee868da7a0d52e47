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
    "AC-09": "A forged form of the administration that does more than its page offers",
    "AC-10": "A suspended or moved person who is still in",
    "AC-11": "Content for one audience met by another, by whichever door",
    "AC-12": "Another method, or one in disguise, that gets another answer",
    "AC-13": "Another spelling of an address that gets another answer",
    "AC-16": "A look-up that goes past the one place where access is decided",
    "QZ-01": "A key that leaves the server before it may",
    "QZ-02": "A key that shows in order, shape or name of the options",
    "QZ-03": "More tries than there are, by many requests at once",
    "QZ-04": "One answer counted twice, or changed by a retry or another tab",
    "QZ-05": "A tampered form that counts",
    "QZ-07": "Progress and completion that nobody earned",
    "QZ-08": "A deadline that the browser, or a clock that is set, moves",
    "QZ-09": "More time, or another try, that reaches others, or that somebody gives themselves",
    "QZ-10": "A question that changes under whoever is answering it",
    "QZ-11": "A result that is judged anew without saying what it was, by whom and why, or that takes a pass",
    "QZ-13": "An answer that runs, or breaks a table, where somebody reads it",
    "QZ-14": "A typed number that is read as another one, or takes long to read",
    "QZ-15": "A draw that somebody can foretell, or that is another one when its page is drawn again",
    "MD-01": "Content that runs a script",
    "MD-02": "Content that becomes a script once it was cleaned",
    "MD-04": "Content that takes the name of something of the page around it",
    "MD-05": "A link that acts instead of leading somewhere",
    "MD-06": "Content that phones home, or makes the server do so",
    "MD-07": "Content that makes the page ask for something",
    "MD-08": "Content that reads a file which is not its own",
    "MD-09": "Content that is taken for a template",
    "MD-10": "A directive that runs something",
    "MD-13": "Text that is lost or changed on its way to the reader",
    "MD-14": "A preview that is not what is published",
    "MD-15": "A small text that takes long to read",
    "MD-16": "A text that nests until the process dies",
    "YM-01": "Front matter that makes objects",
    "YM-02": "Front matter that nests until the process dies",
    "YM-03": "Front matter that multiplies itself",
    "YM-04": "Front matter that is answered with a fault of the site",
    "YM-06": "Front matter that is read in half",
    "YM-08": "Two pages with one identity",
    "YM-09": "A table of contents that leads nowhere, in a circle or out",
    "YM-10": "Front matter with a slip in it that opens a page to everybody",
    "UP-01": "An upload that fills memory or disk",
    "UP-02": "An archive that writes outside its place",
    "UP-03": "An archive that brings links or devices",
    "UP-04": "An archive that unpacks to more than it says",
    "UP-05": "An archive of endless files",
    "UP-06": "Two files that are one on other computers",
    "UP-07": "An archive that is broken, and half imported",
    "UP-08": "A reader that is killed, starves, or meets another one",
    "UP-09": "A file that is not what its name says",
    "UP-10": "Uploads and files without an end",
    "UP-11": "A name that is more than text",
    "UP-12": "A file that is no text, kept on one database and refused by the other",
    "IM-01": "A picture that runs a script",
    "IM-02": "A file served as a page",
    "IM-04": "A picture that fills memory, or is damaged",
    "IM-05": "A file that is read past its page's gate",
    "IM-06": "A name of a file that writes a header",
    "IM-07": "A picture that tells where it was taken",
    "IM-09": "A private file inside another site's page",
    "IM-10": "A part of a file that is asked for to break something",
    "RQ-01": "Reading that changes something",
    "RQ-02": "A form that works from somebody else's site",
    "RQ-03": "An address of ours that leads to somebody else's site",
    "RQ-04": "A redirect that runs a script",
    "RQ-05": "A fragment's form that takes fields which it does not have",
    "RQ-06": "A host of the sender's choice in a mail of ours",
    "RQ-07": "Parameters by the thousand, twice, or of no kind",
    "RQ-09": "A page of ours inside somebody else's",
    "CH-02": "“Not modified” said to whom the page is none of their business",
    "CH-05": "What was kept for one reader, or one version, shown to another",
    "CH-06": "A cookie in what a cache may keep",
    "CH-07": "A fragment kept in the place of its page",
    "AU-03": "A cookie that a script, or another site, can use",
    "EX-01": "A cell that a spreadsheet runs",
    "EX-04": "A table that does not come back as it was written",
    "EX-05": "A name of an export that writes a header",
    "EX-07": "A column that is nobody's business",
    "EX-08": "An export that somebody else can fetch, or that stays behind",
    "EX-09": "An export that nobody can trace",
    "HX-02": "A page that is readable after signing out",
    "HX-05": "A session that ends in the middle and takes the answers along",
    "HX-06": "Answers of the site that arrive in another order than they were asked for",
    "HX-07": "An answer shown as saved that is not",
    "CE-08": "A certificate that was not earned, or twice",
    "CE-09": "A certificate that changes after the fact",
    "DO-03": "A number in an address that is too large, or none",
    "CF-02": "An answer without its protecting headers",
    "CF-04": "A page that needs what the site's own policy forbids",
    "CF-07": "A site that is served with the demo's secrets",
    "F-06": "A full disk that leaves something half written, or a fault",
    "F-10": "A kill that leaves something half done",
    "F-11": "A text that somebody else's save takes away",
    "F-16": "A part that is gone, and takes the site along",
    "F-25": "One person who takes the site from all others",
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


def test_every_row_has_a_test_and_every_mark_its_row():
    assert [row for row in ROWS if row not in proofs()] == []
    assert sorted(set(proofs()) - set(ROWS)) == []


def test_the_page_names_the_tests_that_there_are():
    if os.environ.get(WRITE):
        PAGE.write_text(table())
    assert PAGE.read_text() == table(), HOW
