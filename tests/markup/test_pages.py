"""The corpus: each page of tests/corpus/markup/pages with the HTML and the problems that it must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from markup import front_matter, myst
from markup.problems import Problems
from markup.sanitize import clean
from tests.markup.links import Links
from tests.markup.oracle import faults

PAGES = Path(__file__).parents[1] / "corpus" / "markup" / "pages"


def draw(path: Path) -> tuple[str, str]:
    """The HTML of a page, below a line with its title, and its problems as text."""
    problems = Problems()
    meta, body = front_matter.read(
        path.read_text(encoding="utf-8"), file=path.name, audiences=("Employee", "Partner"), problems=problems
    )
    page = myst.parse(body, file=path.name, first_line=meta.body_line, problems=problems)
    html = myst.render(page, Links(), problems).html
    report = "".join(f"{p.text()}\n" for p in problems if p.code != "W601")
    return f"<!-- {page.title} -->\n{html}", report


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: path.stem)
def test_page(path: Path) -> None:
    html, report = draw(path)
    assert html == path.with_suffix(".html").read_text(encoding="utf-8")
    assert report == path.with_suffix(".txt").read_text(encoding="utf-8")
    body = html.partition("-->\n")[2]
    assert list(faults(body)) == []
    assert clean(body) == body
