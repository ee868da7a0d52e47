"""Problems in a page, marked where they belong: `⟵ CODE` at the end of a line; nothing else is reported."""

import re

from tests.quizzes.reading import Read, read

_MARK = re.compile(r" *⟵((?: [EW]\d{3})+)$")


def assert_problems(text: str) -> Read:
    """Read a page without its marks, and hold what is reported against them."""
    lines = text.split("\n")
    wanted = [
        (code, number)
        for number, line in enumerate(lines, start=1)
        if (mark := _MARK.search(line))
        for code in sorted(mark[1].split())
    ]
    page = read("\n".join(_MARK.sub("", line) for line in lines))
    assert sorted(page.codes, key=lambda found: (found[1], found[0])) == wanted
    return page


def asked(body: str, *options: str) -> str:
    """A page with one question."""
    return "\n".join([":::{question}", ":id: asked", *options, "", body.strip(), "", ":::", ""])
