from __future__ import annotations

from collections.abc import Callable
from math import isqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup import myst
from markup.myst import Heading, ParsedPage
from markup.problems import Problems
from tests.markup.links import Links
from tests.steps import grows_evenly

LONE = myst.parse("", file="a.md", problems=Problems())  # the page around a piece of one


def parse(text: str, first_line: int = 1) -> tuple[ParsedPage, list[str]]:
    problems = Problems()
    page = myst.parse(text, file="guide/where-it_shines.md", first_line=first_line, problems=problems)
    return page, [f"{p.line} {p.code}" for p in problems]


def html_of(page: ParsedPage, drop: tuple[str, ...] = ()) -> str:
    return myst.render(page, Links(), Problems(), drop=drop).html


def test_the_title_is_the_first_h1_and_is_taken_out() -> None:
    page, problems = parse('Lead\n\n# The *Big* `x` -- "title"\n\nText\n\n# Second\n', 11)
    assert problems == []
    assert (page.title, page.title_line) == ("The Big x – “title”", 13)
    assert html_of(page) == '<p>Lead</p>\n<p>Text</p>\n<h2 id="u-second">Second</h2>\n'


def test_a_title_may_be_underlined() -> None:
    assert parse("Title\n=====\n\nx")[0].title == "Title"


@pytest.mark.parametrize(
    "text", ["", "Text", "## Only h2", "> # In a quote", "#\n\ntext", "```\n# code\n```"]
)
def test_without_a_title_the_file_gives_its_name(text: str) -> None:
    page, problems = parse(text, 5)
    assert page.title == "Where it shines"
    assert problems == ["5 W641"]


def test_headings_with_levels_fragments_and_lines() -> None:
    page, _ = parse("# T\n\n## A & B\n\n### A & B\n\n## Let's *Go*!\n\n## T\n\n> ## Quoted\n\n## ?\n", 11)
    assert page.headings == [
        Heading(2, "A & B", "a--b", 13),
        Heading(3, "A & B", "a--b-1", 15),
        Heading(2, "Let’s Go!", "lets-go", 17),
        Heading(2, "T", "t-1", 19),
        Heading(2, "?", "section", 23),
    ]
    assert page.fragments == {"t", "a--b", "a--b-1", "lets-go", "t-1", "quoted", "section"}
    assert myst.render(page, Links(), Problems()).headings == tuple(page.headings)


def test_a_counted_fragment_does_not_collide_with_a_written_one() -> None:
    page, _ = parse("## a\n\n## a-1\n\n## a\n")
    assert [heading.slug for heading in page.headings] == ["a", "a-1", "a-2"]


def test_quiz_blocks_are_cut_out() -> None:
    page, problems = parse(
        "# T\n\nBefore\n\n:::{question} Q\n:id: q\n\nStem\n\n- [x] right\n\n:::\n\nAfter\n", 4
    )
    assert problems == []
    assert [(block.name, block.line, block.end_line) for block in page.blocks] == [("question", 8, 15)]
    assert html_of(page) == "<p>Before</p>\n<p>After</p>\n"
    assert "right" not in myst.render(page, Links(), Problems()).text


@pytest.mark.parametrize(
    ("text", "next_href", "lets_go_href"),
    [
        ("x\n\nNext: [B](./b.md)", "./b.md", None),
        ("x\n\nnext : [B](../b.md#c).\n", "../b.md#c", None),
        ("x\n\nNext up: [**B**](b.md)", "b.md", None),
        ("x\n\n[Let's Go!](./a.md)", None, "./a.md"),
        ("x\n\n[Let’s go](./a.md)\n\n```{toctree}\na.md\n```\n", None, "./a.md"),
        ("x\n\nNext: [B](b.md)\n\n:::{question} Q\n\nx\n\n:::\n", "b.md", None),
        ("x[^1]\n\nNext: [B](b.md)\n\n[^1]: Note", "b.md", None),
        ("x\n\nNext: [B](b.md) or [C](c.md)", None, None),
        ("x\n\nNext: [B](b.md) for more", None, None),
        ("x\n\nNext: [B](https://example.org)", None, None),
        ("x\n\nNext [B](b.md)", None, None),
        ("Next: [B](b.md)\n\nx", None, None),
        ("> Next: [B](b.md)", None, None),
        ("- [Let's Go!](b.md)", None, None),
        ("Come: [Let's Go!](b.md)", None, None),
        ("[Go](b.md)", None, None),
        ("[![Let's Go!](a.png)](b.md)", None, None),
    ],
)
def test_the_last_paragraph_onward(text: str, next_href: str | None, lets_go_href: str | None) -> None:
    page, _ = parse(text)
    assert (page.next_href, page.lets_go_href) == (next_href, lets_go_href)


def test_the_last_paragraph_can_be_dropped_but_is_still_checked() -> None:
    page, _ = parse("# T\n\nx\n\nNext: [B](./b.md)\n")
    links = Links()
    assert myst.render(page, links, Problems(), drop=("next",)).html == "<p>x</p>\n"
    assert links.asked == [("link", "./b.md", 5)]
    assert '<p class="next">' in html_of(page, drop=("lets_go",))
    assert '<p class="next">' in html_of(page)


def test_rendering_again_gives_the_same() -> None:
    page, _ = parse("# T\n\n[a](b.md) x[^1] <a href='c'>d</a>\n\n- [ ] e\n\n[^1]: f\n")
    assert myst.render(page, Links(), Problems()) == myst.render(page, Links(), Problems())


def test_visible_text_and_words() -> None:
    page, _ = parse(
        "# T\n\n## H\n\nOne *two* t<b>hr</b>ee.\n\n- a\n- b\n\n|c|d|\n|-|-|\n|e|f|\n\n<!-- no -->\n"
    )
    rendered = myst.render(page, Links(), Problems())
    assert rendered.text == "H\nOne two three.\na\nb\nc\nd\ne\nf"
    assert rendered.words == 10


def test_fragment_blocks() -> None:
    links, problems = Links(), Problems()
    html = myst.fragment("A [b](c.md) -- *d*\n\n- [x] e\n\n## F\n", links, problems, page=LONE, line=40)
    assert html.startswith('<p>A <a href="/pages/c.md">b</a> – <em>d</em></p>\n<ul>')
    assert "<h2>F</h2>" in html
    assert links.asked == [("link", "c.md", 40)]
    assert not list(problems)


def test_fragment_inline() -> None:
    html = myst.fragment("# A **b** `c`\n- d", Links(), Problems(), page=LONE, line=1, inline=True)
    assert html == "# A <strong>b</strong> <code>c</code>\n- d"


@given(st.from_regex(r"[^\W\d_](?:[^\W_]|[ ,;?!.])*", fullmatch=True))
def test_words_alone_read_as_they_do_beside_markup(text: str) -> None:
    alone = myst.fragment(text, Links(), Problems(), page=LONE, line=1, inline=True)
    block = myst.fragment(text, Links(), Problems(), page=LONE, line=1)
    beside = myst.fragment(f"{text} *x*", Links(), Problems(), page=LONE, line=1, inline=True)
    assert alone.rstrip(" ") == beside.removesuffix("<em>x</em>").rstrip(" ")
    assert block == f"<p>{alone.rstrip(' ')}</p>\n"


def test_notes_of_different_fragments_keep_apart() -> None:
    text = "x[^1]\n\n[^1]: y\n"
    one = myst.fragment(text, Links(), Problems(), page=LONE, line=1)
    two = myst.fragment(text, Links(), Problems(), page=LONE, line=9)
    page = html_of(parse(text)[0])
    ids = [html.split('id="')[1].split('"')[0] for html in (one, two, page)]
    assert len(set(ids)) == 3
    assert all(identity.startswith("u-") for identity in ids)


def test_problems_of_a_fragment_are_at_its_line() -> None:
    problems = Problems()
    myst.fragment("a\n![](b.png)\n\n```{nte}\nx\n```", Links(), problems, page=LONE, line=30)
    assert sorted((p.line, p.code) for p in problems) == [(31, "W664"), (33, "W651")]


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_drawn(text: str, inline: bool) -> None:
    page, _ = parse(text)
    myst.render(page, Links(), Problems())
    myst.fragment(text, Links(), Problems(), page=LONE, line=1, inline=inline)


DEEP = {
    "quotations": ">" * 10_000 + "x",
    "lists": "".join("  " * n + "- x\n" for n in range(300)),
    "list marks": "- " * 10_000 + "x",
    "directives": "".join(":" * (n + 3) + "{note}\n" for n in reversed(range(200))),
    "html": "<div>" * 5_000,
    "html over lines": "<div>\n\n" * 5_000,
    "inline html": "x " + "<section>" * 5_000,
    "formats left open": "".join(f'<b title="{n}">' for n in range(100)) + "\n\n<p>a" * 300,
    "formats left open in paragraphs": "<i><b><u><s>" * 40 + "\n\na" * 300,
}


@pytest.mark.trust("MD-16")
@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_a_problem_not_a_crash(text: str) -> None:
    page, problems = parse("# T\n\n" + text)
    assert [problem.split()[1] for problem in problems if "E652" not in problem] == ["E688"]
    assert html_of(page) == ""


PATHOLOGICAL: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "[" * n + "a" + "]" * n,
    "images": lambda n: "![" * n + "a" + "](b)" * n,
    "emphasis": lambda n: "*a " * n + "a*" * n,
    "unclosed emphasis": lambda n: "**x [* " * n,
    "backticks": lambda n: "".join("e" + "`" * length for length in range(isqrt(n) * 4)),
    "unclosed links": lambda n: "[a](<b" * n,
    "entities": lambda n: "&" * n,
    "unclosed comments": lambda n: "</" + "<!--" * n,
    "tables": lambda n: "|" * n + "\n" + "-|" * n,
    "quotes": lambda n: "\"a' " * n,
    "footnotes": lambda n: (
        "".join(f"[^{name}] " for name in range(n)) + "\n\n" + "".join(f"[^{name}]: x\n" for name in range(n))
    ),
    "references": lambda n: "".join(f"[{name}]: x\n" for name in range(n)),
    "headings": lambda n: "# a\n" * n,
}


@pytest.mark.trust("MD-15")
@pytest.mark.parametrize("text", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_pathological_pages_are_drawn_with_linear_work(text: Callable[[int], str]) -> None:
    assert grows_evenly(lambda size: html_of(parse("# T\n\n" + text(size))[0]), 200)
