"""Every directive that somebody may know from elsewhere has a result, wherever it stands."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markup import myst
from markup.directives import DIRECTIVES
from markup.problems import Problems
from markup.sanitize import clean
from tests.markup.drawing import draw
from tests.markup.links import Links
from tests.markup.oracle import faults

ASK = """
import json
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
import sphinx.directives.other, sphinx.directives.code, sphinx.directives.patches
print(json.dumps(sorted({*directives._directive_registry, *directives._directives})))
"""
DESIGN = [
    "grid",
    "grid-item",
    "grid-item-card",
    "card",
    "card-carousel",
    "tab-set",
    "tab-item",
    "tab-set-code",
    "dropdown",
    "div",
    "button-link",
    "button-ref",
    "article-info",
]
MYST = [
    "figure-md",
    "eval-rst",
    "code-cell",
    "exercise",
    "prf:proof",
    "iframe",
    "mermaid",
    "embed",
    "blockquote",
    "bibliography",
]
SILENT = {"toctree", "contents", "sectnum", "index", "meta", "highlight", "tabularcolumns"}
ELSEWHERE = {"raw", "include", "literalinclude", "image", "figure", "youtube", "video", "csv-table"}
AROUND = {
    "text": "{}",
    "list": "- x\n\n  {}",
    "list in a list": "- a\n  - b\n\n    {}",
    "quotation": "> {}",
    "box": "::::::{{note}}\n{}\n::::::",
    "card": "::::::{{grid}} 2\n:::::{{grid-item-card}} T\n:link: a.md\n\n{}\n:::::\n::::::",
    "tab": "::::::{{tab-set}}\n:::::{{tab-item}} T\n{}\n:::::\n::::::",
    "dropdown": "::::::{{dropdown}} T\n{}\n::::::",
    "MkDocs": "!!! note\n    {}",
}


def registered() -> list[str]:
    """The names that docutils and Sphinx know, asked of a process of its own."""
    found = subprocess.run([sys.executable, "-W", "ignore", "-c", ASK], check=True, capture_output=True)
    return [str(name) for name in json.loads(found.stdout)]


NAMES = sorted({*registered(), *DIRECTIVES, *DESIGN, *MYST})


def put(around: str, text: str) -> str:
    lead = around.format("\0").partition("\0")[0].rpartition("\n")[2]
    further = "".join(char if char in " >" else " " for char in lead)
    return around.format(text.replace("\n", "\n" + further))


def test_the_names_are_many() -> None:
    assert len(NAMES) > 80


@pytest.mark.trust("MD-10")
@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("name", NAMES)
def test_a_directive_has_a_result(name: str, around: str) -> None:
    html, problems = draw("\n" + put(around, f"```{{{name}}} argument\n\nthe body\n```"))
    assert list(faults(html)) == []
    assert clean(html) == html
    if name not in SILENT | ELSEWHERE:
        assert "the body" in html
    if name not in DIRECTIVES:
        assert any(problem.endswith("W651") for problem in problems)


@given(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(list(AROUND.values())),
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=20), max_size=6),
)
def test_any_directive_in_any_other_with_any_text(
    outer: str, inner: str, around: str, lines: list[str]
) -> None:
    body = "\n".join(lines)
    html, _ = draw("\n" + put(around, f"````{{{outer}}} x\n{body}\n```{{{inner}}}\n{body}\n```\n````"))
    assert list(faults(html)) == []
    assert clean(html) == html


@pytest.mark.parametrize(
    ("video", "html", "codes"),
    [
        ("film.mp4\n:alt: A film", 'src="/media/film.mp4" preload="metadata" aria-label="A film"', []),
        ("film.mp4", 'src="/media/film.mp4" preload="metadata" controls', ["W664"]),
        ("./missing.mp4\n:alt: A film", ">\nA film</figure>", []),
        ("./missing%20film.mp4", ">\n./missing film.mp4</figure>", ["W664"]),
        ("./missing.mp4\n:alt:", ">\n./missing.mp4</figure>", ["W664"]),
        ("https://example.org/film.mp4", ">https://example.org/film.mp4</a></figure>", []),
        ("javascript:alert(1)", "<figure>\n</figure>", ["E644"]),
    ],
)
def test_a_video_of_the_package(video: str, html: str, codes: list[str]) -> None:
    drawn, problems = draw(f"\n```{{video}} {video}\n```")
    assert html in drawn
    assert [problem.rpartition(" ")[2] for problem in problems] == codes


@pytest.mark.trust("MD-04")
@pytest.mark.parametrize("name", ["submit", "csrfmiddlewaretoken", "htmx", "main"])
def test_names_of_directives_are_ids_with_the_prefix_of_content(name: str) -> None:
    html, _ = draw(f"\n({name})=\nText\n\n```{{note}}\n:name: {name}\n:class: {name}\n\nx\n```")
    assert f'id="u-{name}"' in html
    assert f'id="{name}' not in html
    assert " name=" not in html


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("```{image} a.png\n```", ":alt:"),
        ("```{video} a.mp4\n```", ":alt:"),
        ("```{card} T\n:img-top: a.png\n```", ":img-alt:"),
        ("![](a.png)", "![A funnel"),
    ],
)
def test_the_remedy_for_a_picture_without_words_names_where_they_belong(text: str, option: str) -> None:
    problems = Problems()
    page = myst.parse(f"# Title\n\n{text}", file="page.md", problems=problems)
    myst.render(page, Links(), problems)
    assert [(problem.code, option in problem.remedy) for problem in problems] == [("W664", True)]


@pytest.mark.parametrize(
    ("source", "size"),
    [
        ("![A](sized.png)", 'width="400" height="300"'),
        ("```{image} sized.png\n:alt: A\n:width: 200px\n```", 'width="200" height="150"'),
        ("```{image} sized.png\n:alt: A\n:height: 30\n```", 'width="40" height="30"'),
        ("```{image} sized.png\n:alt: A\n:width: 50%\n```", 'class="width-50" width="400" height="300"'),
        ('<img src="sized.png" alt="A" height="60px" width="50%">', 'width="80" height="60"'),
        ('<img src="sized.png" alt="A" height="60" width="50">', 'width="50" height="60"'),
    ],
)
def test_a_picture_says_its_size_so_that_the_text_below_stays_in_its_place(source: str, size: str) -> None:
    assert f'alt="A" {size} loading="lazy"' in draw(source)[0]


@pytest.mark.parametrize(
    ("source", "html", "told"),
    [
        ("::: note\nThe *body*.\n:::\n\nAfter.", '<div class="admonition note"', ["page.md:2:1 E103"]),
        (":::tip Look\nThe *body*.\n:::", '<div class="admonition tip"', ["page.md:2:1 E103"]),
        ("::: Note\nThe *body*.\n:::", '<div class="admonition note"', ["page.md:2:1 E103"]),
        (
            "::::{tip}\n- a\n\n  :::note\n  The *body*.\n  :::\n\nb\n::::\n\nc",
            '<div class="admonition note"',
            ["page.md:5:3 E103"],
        ),
        (
            "::::{tip}\n:::note\nThe *body*.\n:::\n\nb\n::::\n\nc",
            '<div class="admonition note"',
            ["page.md:3:1 E103"],
        ),
        ("> :::warning\n> The *body*.\n> :::", '<div class="admonition warning"', ["page.md:2:3 E103"]),
        (":::{tab-item} One\nThe *body*.\n:::", '<div class="admonition other"', ["page.md:2:1 W651"]),
        (
            "::::{tab-set}\n:::{tab-item} One\nThe *body*.\n:::\n::::\n\n:::{tab-item} Two\nx\n:::",
            '<div class="tab-body">',
            ["page.md:8:1 W651"],
        ),
        ("::: noted\nThe *body*.", "<p>::: noted", []),
    ],
)
def test_what_lacks_its_braces_or_its_set_is_told_and_drawn(source: str, html: str, told: list[str]) -> None:
    drawn, problems = draw(source)
    assert html in drawn
    assert "The <em>body</em>." in drawn
    assert problems == told
