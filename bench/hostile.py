"""`python -m bench.hostile [NAME …]`: pages made to take long, at an eighth, half and all of the limit.

Each kind is a class of input on which Markdown readers have been caught taking the square of the time. A
kind grows linearly when four times the text takes about four times as long; one far beyond is marked. Every
page is read and drawn as an import does it, without the budget that would end it (`markup.budget`).
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from itertools import count

from markup import budget, myst
from markup.limits import Limits
from markup.problems import Problems
from tests.markup.links import Links

SIZE = Limits().page
TOO_STEEP = 6.0  # four times the text may take this many times as long
TOO_LONG = 2.0  # seconds


def repeated(piece: str, *, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda size: before + piece * ((size - len(before) - len(after)) // len(piece)) + after


def mirrored(left: str, right: str, *, middle: str = "a") -> Callable[[int], str]:
    def make(size: int) -> str:
        number = size // (len(left) + len(right))
        return left * number + middle + right * number

    return make


def counted(pattern: str, *, before: str = "") -> Callable[[int], str]:
    """`pattern` with 0, 1, 2 … for its `{n}`, as often as there is room."""

    def make(size: int) -> str:
        parts, room = [before], size - len(before)
        for number in count():
            part = pattern.format(n=number)
            room -= len(part)
            if room < 0:
                return "".join(parts)
            parts.append(part)
        raise AssertionError

    return make


def growing(mark: str, text: str, *, most: int = 1_000) -> Callable[[int], str]:
    """Runs of a mark, each one longer than the one before."""

    def make(size: int) -> str:
        parts, room, number = [], size, 1
        while room > 0:
            part = text + mark * number
            parts.append(part)
            room -= len(part)
            number = number % most + 1
        return "".join(parts)[:size]

    return make


def half(first: Callable[[int], str], second: Callable[[int], str]) -> Callable[[int], str]:
    return lambda size: first(size // 2) + "\n\n" + second(size // 2)


KINDS: dict[str, Callable[[int], str]] = {
    # inlines
    "spaces in a reference": lambda size: "x {doc}`a" + " " * (size - 14) + "b` y",
    "spaces in an abbreviation": lambda size: "x {abbr}`a" + " " * (size - 15) + "b` y",
    "brackets": mirrored("[", "]"),
    "open brackets": repeated("["),
    "open links": repeated("[a]("),
    "open links in marks": repeated("[a](<b"),
    "links in links": repeated("[a](b", after=")"),
    "pictures": repeated("![[]()"),
    "open pictures": repeated("![a"),
    "nested pictures": mirrored("![", "](b)"),
    "emphasis": mirrored("*a ", "a*"),
    "open emphasis": repeated("*a _b "),
    "strong openers": repeated("**x [* "),
    "emphasis without end": repeated("a**b" + "c* "),
    "nested strong": mirrored("*a **a ", " a** a*"),
    "strikes": repeated("~~a ~~~b "),
    "backticks": growing("`", "e"),
    "open backticks": repeated("`a``b "),
    "escapes": repeated("\\*"),
    "entities": repeated("&"),
    "open entities": repeated("&#x"),
    "real entities": repeated("&amp;"),
    "open tags": repeated("<a "),
    "open attributes": repeated('<a b="'),
    "open comments": repeated("<!-- "),
    "open instructions": repeated("<?"),
    "open declarations": repeated("<!A "),
    "open character data": repeated("<![CDATA["),
    "open angle": repeated("<"),
    "schemes": repeated("https://"),
    "addresses": repeated(" https://a.b/c(d)"),
    "brackets in addresses": repeated("("  , before="https://a.b/"),
    "almost addresses": repeated("~www.a_b"),
    "mail": repeated("a@b."),
    "almost mail": repeated("a.b+c_d-"),
    "colons": repeated(":"),
    "quotes": repeated("\"a' "),
    "quotes in words": repeated("a'b\"c"),
    "dashes": repeated("a--b---c..."),
    "line ends": repeated("a  \n"),
    "soft ends": repeated("a\n"),
    "spaces": repeated(" ", before="a", after="b"),
    "bang": repeated("!"),
    # blocks
    "quotations": repeated(">", after="x"),
    "flat quotations": repeated("> a\n"),
    "lazy quotations": repeated("a\n", before="> > > > "),
    "lists": repeated("- a\n"),
    "list in list": lambda size: "".join("  " * (n % 15) + "- a\n" for n in range(size // 20)),
    "list marks": repeated("- "),
    "numbers": repeated("1. "),
    "empty items": repeated("-\n"),
    "wide lists": repeated("-" + " " * 60 + "a\n"),
    "underlines": repeated("a\n=\n"),
    "rules": repeated("***\n"),
    "rules of one": repeated("* "),
    "headings": repeated("# a\n"),
    "counted headings": counted("# a {n}\n\n"),
    "hashes": repeated("#"),
    "indented": repeated("    a\n"),
    "open fences": repeated("```\n"),
    "fences": repeated("```a\nb\n```\n"),
    "references": counted("[{n}]: x\n"),
    "one reference": repeated("[a]: b\n"),
    "used references": half(counted("[{n}]: x\n"), counted("[{n}] ")),
    "long labels": repeated("[" + "a" * 900 + "]: b\n"),
    "open reference": repeated("a\n", before="[a]: b '"),
    "titles": repeated("[a]: b '\n"),
    "html": repeated("<b>a</b>\n"),
    "html blocks": repeated("<div>a</div>\n\n"),
    "open html": repeated("<b>"),
    "open pre": repeated("<pre>\n\n"),
    "closing tags": repeated("</b>"),
    "formats before paragraphs": lambda size: (
        "".join(f'<b title="{n}">' for n in range(100)) + "<p>a" * (size // 4)
    ),
    "links before paragraphs": lambda size: "<i><b><u><s>" * 20 + "\n\na" * (size // 3),
    "tables in tables": repeated("<table><tr><td>"),
    "text in tables": repeated("<table>a"),
    "lists in html": repeated("<ul><li>a"),
    # what GitHub and MyST add
    "table": repeated("| a | b |\n", before="| a | b |\n|---|---|\n"),
    "columns": lambda size: "|" * (size // 3) + "\n" + "-|" * (size // 3),
    "columns and rows": lambda size: (
        "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "|\n" * (size // 2)
    ),
    "tables": repeated("a|b\n-|-\n\n"),
    "almost tables": repeated("a|b\n"),
    "cells": repeated("|`", before="|a|\n|-|\n"),
    "footnotes": half(counted("[^{n}] "), counted("[^{n}]: x\n")),
    "one footnote": half(repeated("[^1] "), lambda size: "[^1]: x"),
    "footnote in footnote": counted("[^{n}]: [^{n}]\n\n"),
    "footnote definitions": repeated("[^1]: a\n"),
    "open footnotes": repeated("[^"),
    "definitions": repeated("a\n: b\n\n"),
    "long definitions": repeated(": b\n", before="a\n"),
    "nested definitions": repeated(": "),
    "tasks": repeated("- [ ] a\n"),
    # our own
    "notes": repeated("```{note}\n```\n"),
    "notes in notes": repeated(":::{note}\n"),
    "notes around a text": lambda size: ":::{note}\n" * 30 + "a\n" * (size // 2) + "\n" + ":::\n" * 30,
    "notes with options": repeated(":a: b\n", before=":::{note}\n", after=":::\n"),
    "options between marks": repeated("a: b\n", before=":::{note}\n---\n", after="---\n:::\n"),
    "options that go on": repeated(" a\n", before=":::{note}\n---\na: b\n", after="---\n:::\n"),
    "many options between marks": repeated(":::{note}\n---\na: b\n"),
    "old notes": repeated("```note::\n    a\n```\n"),
    "bangs": repeated("!!! note\n"),
    "bangs with text": repeated("!!! note\n    a\n"),
    "stray fences": repeated(":::\n"),
    "long fences": growing(":", "\n"),
    "questions": repeated(":::{question}\n\na\n\n- [x] b\n- [ ] c\n\n:::\n\n"),
    "open questions": repeated(":::{question}\n"),
    "quizzes": repeated("::::{quiz}\n:::{question}\n"),
    "one question": repeated("a\n", before=":::{question}\n\n"),
    "unknown": counted(":::{{x{n}}}\n:::\n"),
    "unknown in one": repeated(":::{x}\n:::\n"),
    "grids": repeated("::::{grid} 2\n:::{grid-item-card} a\nb\n:::\n::::\n"),
    "tabs": repeated("::::{tab-set}\n:::{tab-item} a\nb\n:::\n::::\n"),
    "roles": repeated("{kbd}`a` "),
    "open roles": repeated("{kbd}`"),
    "open braces": repeated("{"),
    "code blocks": repeated("```{code-block} python\nx = 1\n```\n"),
    "much code": repeated("x = (1, 'a')\n", before="```python\n", after="```\n"),
    "open strings": repeated("'''\"\"\"", before="```python\n", after="\n```\n"),
    "figures": repeated("```{figure} a.png\n:alt: b\nc\n```\n"),
    "comments": repeated("<!-- a -->\n"),
    "open comments in a note": repeated("<!--\n", before=":::{note}\n"),
}  # fmt: skip


def cost(text: str) -> float:
    started = time.process_time()
    problems = Problems()
    budget.SECONDS = 1_000
    page = myst.parse(f"# T\n\n{text}", file="page.md", problems=problems)
    myst.render(page, Links(), problems)
    return time.process_time() - started


def main(names: list[str]) -> None:
    print(f"{'':28}{'64 kB':>9}{'256 kB':>9}{'512 kB':>9}   times for four times the text")
    for name in names or KINDS:
        make = KINDS[name]
        eighth, half_size, whole = (cost(make(size)) for size in (SIZE // 8, SIZE // 2, SIZE - 100))
        steep = half_size / max(eighth, 0.02)
        mark = " steep" * (steep > TOO_STEEP) + " slow" * (whole > TOO_LONG)
        print(f"{name:28}{eighth:9.2f}{half_size:9.2f}{whole:9.2f}{steep:9.1f}{mark}", flush=True)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
