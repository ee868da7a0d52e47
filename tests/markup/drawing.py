"""A page as tests draw it: its HTML and its problems as text, beside files that it may include."""

from __future__ import annotations

from collections.abc import Mapping

from markup import myst
from markup.problems import Problems
from tests.markup.links import Links


def draw(
    text: str, files: Mapping[str, str] | None = None, *, file: str = "page.md"
) -> tuple[str, list[str]]:
    """The HTML of a text below a title, which is line 1, and its problems: `file:line:column CODE`."""
    problems = Problems()
    page = myst.parse(f"# Title\n{text}", file=file, problems=problems, files=(files or {}).get)
    html = myst.render(page, Links(), problems).html
    return html, [f"{p.file}:{p.line}:{p.column} {p.code}" for p in problems]
