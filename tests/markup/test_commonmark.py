"""The specifications' own examples: CommonMark to the letter, and on the site but for what the table says."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from markup import dialect, myst
from markup.links import Served, kind
from markup.places import Place
from markup.problems import Problems
from tests.markup.specification import Example, built, examples

COMMONMARK = examples("commonmark-spec")
GFM = [example for example in examples("gfm-spec") if example.kind]  # what GitHub adds to CommonMark
DIFFERENCES = Path(__file__).parents[1] / "corpus" / "specifications"


class Everywhere:
    """Every path leads somewhere."""

    def link(self, href: str, *, at: Place) -> str:
        return f"/at/{quote(href)}"

    def image(self, src: str, *, at: Place) -> Served:
        return Served(self.link(src, at=at))

    def label(self, name: str) -> None:
        """Nothing has a name."""

    def title(self, href: str) -> str:
        return ""


def on_the_site(source: str) -> list[object]:
    page = myst.parse(f"# Title\n\n{source}", file="page.md", problems=Problems())
    return built(myst.render(page, Everywhere(), Problems()).html)


def told(example: Example) -> list[object]:
    """What the specification says, with its paths leading where `Everywhere` leads."""
    return built(
        example.html,
        address=lambda url: Everywhere().link(url, at=Place("page.md", 1)) if kind(url) == "local" else url,
    )


def reasons(name: str) -> dict[int, str]:
    """By example. Each line of the table is a reason and the examples that it is about."""
    table: dict[int, str] = {}
    for line in (DIFFERENCES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        reason, _, numbers = line.rpartition(":")
        for number in numbers.split():
            assert int(number) not in table, f"example {number} has two reasons"
            table[int(number)] = reason
    return table


def test_the_examples_are_all_there() -> None:
    assert [example.number for example in COMMONMARK] == list(range(1, 653))


@pytest.mark.trust("MD-13")
@pytest.mark.parametrize("example", COMMONMARK, ids=lambda example: str(example.number))
def test_commonmark_alone_is_drawn_to_the_letter(example: Example) -> None:
    assert dialect.commonmark().render(example.source) == example.html


def test_the_examples_of_github_are_all_there() -> None:
    kinds = sorted({example.kind for example in GFM})
    assert (len(GFM), kinds) == (24, ["autolink", "disabled", "strikethrough", "table", "tagfilter"])


@pytest.mark.trust("MD-13")
@pytest.mark.parametrize(("name", "all_of_them"), [("commonmark", COMMONMARK), ("gfm", GFM)])
def test_the_site_draws_them_but_for_the_listed_differences(name: str, all_of_them: list[Example]) -> None:
    differing = {example.number for example in all_of_them if on_the_site(example.source) != told(example)}
    listed = set(reasons(name))
    assert differing - listed == set(), "not in the table"
    assert listed - differing == set(), "no longer different: take them out of the table"
