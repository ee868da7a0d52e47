"""Pages made to take long are drawn or refused like any other; `python -m bench.hostile` says how long."""

from __future__ import annotations

import pytest

from bench.hostile import KINDS
from markup import myst
from markup.problems import Problems
from tests.markup.drawing import draw
from tests.markup.links import Links
from tests.markup.oracle import faults


@pytest.mark.trust("MD-15")
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_such_a_page_is_drawn_safely_or_refused(make) -> None:
    problems = Problems()
    page = myst.parse("# T\n\n" + make(3_000), file="page.md", problems=problems)
    html = myst.render(page, Links(), problems).html
    assert list(faults(html)) == []


@pytest.mark.trust("MD-15")
@pytest.mark.parametrize(
    "text",
    [
        "```{csv-table}\n" + "," * 300 + "\n" + "a\n" * 300 + "```\n",
        "```{list-table}\n* - a\n" + "  - a\n" * 300 + "* - b\n" * 300 + "```\n",
    ],
    ids=["csv", "list"],
)
def test_a_small_text_is_no_large_table(text: str) -> None:
    html, told = draw(text)
    assert told == ["page.md:2:1 E688"]
    assert len(html) < len(text)


@pytest.mark.trust("MD-15")
def test_a_line_of_a_file_is_shown_once_however_often_it_is_named() -> None:
    text = "```{literalinclude} x.py\n:lines: " + ",".join(["1-99999"] * 300) + "\n```\n"
    html, told = draw(text, {"x.py": "a = 1\n" * 20})
    assert told == []
    assert myst.visible_text(html).count("a = 1") == 20
