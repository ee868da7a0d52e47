"""How the options of a directive are read: as MyST reads them, in both of its spellings."""

from __future__ import annotations

import html5lib
import pytest
from myst_parser.parsers.options import options_to_items

from markup import myst, options
from markup.problems import Problems
from tests.markup.links import Links


def drawn(text: str) -> tuple[str, list[str]]:
    problems = Problems()
    page = myst.parse(f"# T\n\n{text}", file="page.md", problems=problems)
    html = myst.render(page, Links(), problems).html
    return html, [f"{p.line}:{p.column} {p.code}" for p in problems]


@pytest.mark.parametrize(
    "written",
    [
        "plain",
        "with  two spaces",
        '"in: quotes"',
        "'in: quotes'",
        "'it''s'",
        '"a \\"quote\\""',
        "a value # and why",
        '"a # value" # and why',
        "no#comment",
        "# nothing but a comment",
        "400px",
        "http://example.org/#part",
    ],
)
def test_a_value_is_what_myst_makes_of_it(written: str) -> None:
    (_, value), *_ = options_to_items(f"key: {written}")[0]
    assert options.value_of(written) == value


@pytest.mark.parametrize(
    "lines",
    [
        ":alt: A bin\n:width: 50%\n",
        ":alt: \"A bin\"  # what it shows\n:width: '50%'\n\n",
        "---\nalt: A bin\nwidth: 50%\n---\n",
        "---\n# what it shows\nalt: A\n  bin\n\nwidth: '50%' # half\n---\n\n",
        "  ---\n  alt: A bin\n  width: 50%\n  ---\n",
    ],
)
@pytest.mark.parametrize("around", ["{}", "- item\n\n  {}", "> {}"])
def test_a_directive_takes_its_options_in_either_spelling(lines: str, around: str) -> None:
    mark = {"-": "  ", ">": "> "}.get(around[0], "")
    source = f":::{{figure}} a.png\n{lines}The caption.\n:::".replace("\n", f"\n{mark}")
    html, problems = drawn(around.format(source))
    assert problems == []
    assert 'alt="A bin"' in html
    assert 'class="width-50"' in html
    assert "<figcaption>\n<p>The caption.</p>" in html


@pytest.mark.parametrize("text", ["---\nA rule, and: a text\n", "---\nalt: A bin\n", "---\n\n- a: b\n---\n"])
def test_a_rule_in_a_body_is_no_option(text: str) -> None:
    html, problems = drawn(f":::{{note}}\n{text}:::\n")
    assert problems == []
    assert "<hr>" in html


def test_an_empty_line_below_the_options_is_no_line_of_the_code() -> None:
    html, _ = drawn("```{code-block} python\n:linenos:\n\nx = 1\n\ny = 2\n```\n")
    code = html5lib.parseFragment(html, namespaceHTMLElements=False).find(".//code")
    assert "".join(code.itertext()) == "1x = 1\n2\n3y = 2\n", "each line behind its number"


def test_an_unknown_option_is_named_where_it_stands() -> None:
    _, problems = drawn("- :::{figure} a.png\n  ---\n  alt: A bin\n  widht: 5\n  ---\n  :::\n")
    assert problems == ["6:3 W654"]
