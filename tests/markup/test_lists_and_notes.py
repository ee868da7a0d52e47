"""What stands in lists and footnotes keeps its words, whatever comes between them."""

from __future__ import annotations

import pytest

from markup.myst import visible_text
from tests.markup.drawing import draw

FILES = {"two.md": "One\n\nTwo\n\nThree\n"}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("- item\n  ```{include} two.md\n  ```\n- next", "item\nOne\nTwo\nThree\nnext"),
        ("- item\n  % not for readers\n  more\n- next", "item\nmore\nnext"),
        ("1. item\n   ```{toctree}\n   ```\n   more\n2. next", "item\nmore\nnext"),
        ("term\n: meaning\n  % not for readers\n  more", "term\nmeaning\nmore"),
    ],
    ids=["included", "comment", "toctree", "definition"],
)
def test_two_paragraphs_of_a_list_without_empty_lines_keep_apart(text: str, seen: str) -> None:
    html, told = draw("\n" + text, FILES)
    assert visible_text(html) == seen
    assert told == []


def test_a_note_that_is_defined_in_another_one_ends_neither() -> None:
    html, told = draw("\nx[^a]\n\n[^a]: First\n\n    Claim.[^b]\n\n    [^b]: Second\n\n    Last\n")
    assert visible_text(html) == "x[1]\nFirst\nClaim.[2]\nLast\nSecond"
    assert told == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x[^a]\n\n[^a]: A", []),
        ("x[^a] y[^a]\n\n> [^a]: A", []),
        ("x[^a]\n\n[^a]: A[^b]\n\n    [^b]: B[^c]\n\n[^c]: C", []),
        ("x\n\n> [^a]: A", ["page.md:4:3 W647"]),
        ("x[^A]\n\n[^a]: One", ["page.md:4:1 W647"]),
        ("x[^a]\n\n- [^a]: One\n\n[^a]: Two", ["page.md:4:3 W647"]),
        ("```{include} two.md\n```\n\nx", ["two.md:3:1 W647"]),
    ],
)
def test_a_note_that_nobody_sees_is_told(text: str, expected: list[str]) -> None:
    assert draw(text, {"two.md": "One\n\n[^a]: A\n"})[1] == expected


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("figure", "W661"), ("image", "W661"), ("video", "W661"), ("include", "E653"),
        ("literalinclude", "E653"), ("youtube", "W642"), ("button-link", "W642"), ("button-ref", "W642"),
    ],
)  # fmt: skip
def test_a_directive_that_names_nothing_on_its_first_line_is_told(name: str, code: str) -> None:
    html, told = draw(f"\n- item\n\n  ```{{{name}}}\n  ./images/one.png\n  ```\n")
    assert told == [f"page.md:5:3 {code}"]
    assert "./images/one.png" in html
