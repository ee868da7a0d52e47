"""Where blocks begin and end, and what the scanner says about fences."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup import myst
from markup.blocks import Block, Option
from markup.problems import Problems
from tests.steps import grows_evenly

OF_FENCES = {"E101", "E102", "E103", "E105", "W501", "W502", "E652"}


def scan(text: str, first_line: int = 1) -> tuple[list[Block], list[str]]:
    problems = Problems()
    page = myst.parse(text, first_line=first_line, file="page.md", problems=problems)
    return page.blocks, [f"{p.line} {p.code}" for p in problems if p.code in OF_FENCES]


def outline(blocks: list[Block] | tuple[Block, ...]) -> list[Any]:
    return [(b.name, b.line, b.end_line, *([outline(b.children)] if b.children else [])) for b in blocks]


def test_a_block_with_everything() -> None:
    text = "## H\n\n:::{question} The  name \n:id: one\n:see:  two \n:flag:\n\nStem\n\n- [x] a\n\n:::\n"
    blocks, problems = scan(text, first_line=11)
    assert problems == []
    assert blocks == [
        Block(
            name="question",
            title="The  name",
            options=(Option("id", "one", 14, 2), Option("see", "two", 15, 2), Option("flag", "", 16, 2)),
            body="\nStem\n\n- [x] a\n",
            line=13,
            body_line=17,
            end_line=22,
            fence=":::",
            indent=0,
        )
    ]


def test_options_end_at_the_first_other_line() -> None:
    (block,), _ = scan(":::{question}\n:id: a\nStem\n:points: 2\n\n:::")
    assert [option.key for option in block.options] == ["id"]
    assert block.body == "Stem\n:points: 2\n"
    assert block.body_line == 3


def test_options_may_be_given_twice_here() -> None:
    (block,), _ = scan(":::{question}\n:id: a\n:id: b\n\nx\n\n:::")
    assert [(option.value, option.line) for option in block.options] == [("a", 2), ("b", 3)]


NESTED = "::::{quiz} Q\n\nIntro\n\n:::{question} A\n\na\n\n:::\n\n:::{question} B\n\nb\n\n:::\n\n::::\n"


def test_nested_style() -> None:
    blocks, problems = scan(NESTED)
    assert problems == []
    assert outline(blocks) == [("quiz", 1, 17, [("question", 5, 9), ("question", 11, 15)])]
    assert blocks[0].body.split() == ["Intro"]
    assert blocks[0].body.count("\n") == 14
    assert blocks[0].children[1].body == "\nb\n"


def test_equal_fences_nest_and_warn() -> None:
    blocks, problems = scan(NESTED.replace("::::", ":::"))
    assert outline(blocks) == [("quiz", 1, 17, [("question", 5, 9), ("question", 11, 15)])]
    assert problems == ["1 W501"]


@pytest.mark.parametrize(
    ("text", "expected", "problems"),
    [
        ("x\n\n:::{question}\n\na\n\n", [("question", 3, 6)], ["3 E105"]),
        (":::{question}\n\na\n\n:::\n\n:::\n", [("question", 1, 5)], ["7 E102"]),
        ("::: question\n\na\n\n:::\n", [("question", 1, 5)], ["1 E103"]),
        (":::question One\n\na\n\n:::\n", [("question", 1, 5)], ["1 E103"]),
        ("::: Question\n\na\n\n:::\n", [("question", 1, 5)], ["1 E103"]),
        (
            "::::{quiz}\n\n:::question\n\na\n\n:::\n\n::::\n",
            [("quiz", 1, 9, [("question", 3, 7)])],
            ["3 E103"],
        ),
        (":::{question}\n\na\n:::\n", [("question", 1, 4)], ["4 W502"]),
        (":::{quiz}\n:pass: 80%\n:::\n", [("quiz", 1, 3)], ["3 W502"]),
        (":::{quiz}\n:::\n", [("quiz", 1, 2)], []),
        (
            ":::{question} A\n\na\n\n:::{question} B\n\nb\n\n:::\n",
            [("question", 1, 4), ("question", 5, 9)],
            ["5 E101"],
        ),
        (
            ":::{case} A\n\na\n\n:::{question} B\n\nb\n\n:::\n",
            [("case", 1, 4), ("question", 5, 9)],
            ["5 E101"],
        ),
        (
            ":::{question} A\n\na\n\n:::{quiz} B\n\nb\n\n:::\n",
            [("question", 1, 4), ("quiz", 5, 9)],
            ["5 E101"],
        ),
        (
            "::::{quiz}\n\n:::{question} A\n\na\n\n::::\n\n:::{question} B\n\nb\n\n:::\n",
            [("quiz", 1, 7, [("question", 3, 6)]), ("question", 9, 13)],
            ["3 E105"],
        ),
        ("::::{question}\n\na\n\n:::\n", [("question", 1, 5)], []),
        ("```{question}\n\na\n\n```\n", [("question", 1, 5)], []),
        ("~~~{question}\n\na\n\n~~~\n", [("question", 1, 5)], []),
        ("````{question}\n\n```\n:::\n```\n\n````\n", [("question", 1, 7)], []),
        ("```{question}\n\n```python\nx\n```\n\n```\n", [("question", 1, 7)], ["1 W501"]),
        ("   :::{question}\n\n   a\n\n   :::\n", [("question", 1, 5)], []),
        (":::{question}\n\n```\n:::\n:::{question}\n```\n\n:::\n", [("question", 1, 8)], []),
        (":::{question}\n\n- ```\n  :::\n  ```\n\n:::\n", [("question", 1, 7)], []),
        (":::{question}\n\n:::{note}\nx\n:::\n\n- [x] a\n\n:::\n", [("question", 1, 9)], ["1 W501"]),
        (":::{question}\n\n<!--\n:::\n-->\n\n:::\n", [("question", 1, 7)], []),
        (":::{question}\n\n\\:::\n\n:::\n", [("question", 1, 5)], []),
        (":::{Question} A\n\nx\n\n:::\n", [("question", 1, 5)], []),
        (":::{note}\nx\n", [], ["1 E652"]),
        ("::::{note}\n\n:::{question}\n\na\n\n:::\n::::\n", [("question", 3, 7)], []),
        ("text\n:::{question}\n\na\n\n:::\ntext\n", [("question", 2, 6)], []),
        ("1. item\n\n   :::{question}\n\n   a\n\n   :::\n", [("question", 3, 7)], []),
    ],
)
def test_fences(text: str, expected: list[Any], problems: list[str]) -> None:
    blocks, found = scan(text)
    assert outline(blocks) == expected
    assert found == problems


@pytest.mark.parametrize(
    "text",
    [
        "```\n:::{question}\n```\n",
        "```markdown\n:::{question}\n:::\n```\n",
        "~~~\n:::{question}\n~~~\n",
        "    :::{question}\n    :::\n",
        "\t:::{question}\n\t:::\n",
        "- ```\n  :::{question}\n  ```\n",
        "> ```\n> :::{question}\n> ```\n",
        "- item\n\n      :::{question}\n      :::\n",
        "<!--\n:::{question}\n:::\n-->\n",
        "```{code-block} md\n:::{question}\n:::\n```\n",
        "::::{code-block} md\n:::{question}\n:::\n::::\n",
        "`:::{question}`\n",
        "\\:::{question}\n",
        "a :::{question}\n",
        "```md\n```{question}\n```\n",
    ],
)
def test_code_and_comments_are_never_scanned(text: str) -> None:
    assert scan(text) == ([], [])


def test_an_unclosed_code_block_is_named_as_the_cause() -> None:
    problems = Problems()
    myst.parse("# T\n:::{question}\n\n```python\nx\n\n:::\n", file="page.md", problems=problems)
    (problem,) = problems
    assert (problem.code, problem.line) == ("E105", 2)
    assert "line 4" in problem.message
    assert "line 4" in problem.remedy


def test_body_in_a_list_loses_the_indent_of_the_list() -> None:
    (block,), _ = scan("1. x\n\n   :::{question}\n   :id: a\n\n   - [x] a\n     > b\n\n   :::\n")
    assert block.body == "\n- [x] a\n  > b\n"
    assert block.indent == 3
    assert block.options == (Option("id", "a", 4, 5),)


PIECES = st.sampled_from(
    [
        ":::",
        "::::",
        "```",
        "````",
        "~~~",
        "{question}",
        "{quiz}",
        "{case}",
        "{note}",
        "{code-block} x",
        "\n",
        "\n\n",
        "- ",
        "> ",
        "    ",
        "text",
        ":id: a",
        "::: question",
        "!!! note",
        "<!--",
        "-->",
        "1. ",
        "\t",
        "|a|\n|-|",
        "[^1]: ",
        "# ",
    ]
)
SOUP = st.lists(PIECES, max_size=40).map("".join)


@given(SOUP)
@settings(max_examples=500, deadline=None)
def test_reading_never_raises_and_keeps_blocks_in_the_page(text: str) -> None:
    blocks, _ = scan(text)
    lines = text.count("\n") + 1
    for block in blocks:
        assert 1 <= block.line <= block.end_line <= lines
        assert block.body_line >= block.line


LONG: dict[str, Callable[[int], str]] = {
    "notes in each other": lambda n: ":::{note}\n" * n,
    "questions that never end": lambda n: ":::{question}\n" * n,
    "stray fences": lambda n: ":::\n" * n,
    "many notes": lambda n: "```{note}\n```\n" * n,
    "quizzes in each other": lambda n: "::::{quiz}\n:::{question}\n" * n,
    "quotations": lambda n: ("> " * n + "x\n") * 5,
    "lists": lambda n: "- " * n + "x",
    "empty bangs": lambda n: "!!! note\n" * n,
    "bangs in each other": lambda n: "\n".join("    " * level + "!!! note" for level in range(isqrt(n))),
    "one long question": lambda n: ":::{question}\n\n" + "a\n" * n,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.trust("MD-16")
def test_long_and_deep_input_takes_linear_work(text: Callable[[int], str]) -> None:
    def read(size: int) -> None:
        problems = Problems()
        page = myst.parse(text(size), file="page.md", first_line=1, problems=problems)
        assert page.blocks or problems.errors or len(page.tokens) > 5

    assert grows_evenly(read, 400)


@pytest.mark.parametrize(("fence", "typed"), [("```", "“```”"), (":::", "`:::`")])
def test_the_remedy_shows_the_fence_as_it_is_to_be_typed(fence: str, typed: str) -> None:
    problems = Problems()
    myst.parse(f"# T\n\n{fence}{{note}}\nx\n", file="page.md", problems=problems)
    assert [problem.remedy for problem in problems] == [f"Add a line {typed} where the block ends."]
