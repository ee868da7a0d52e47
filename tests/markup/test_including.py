"""Text of other files: which lines of it, as what, and where its problems are."""

from __future__ import annotations

import pytest

from tests.markup.drawing import draw

LINES = "".join(f"line {number}\n\n" for number in range(1, 6))  # lines 1, 3, 5, 7, 9 of the file
FILES = {
    "lines.md": LINES,
    "page/deep.md": "deep\n\n```{include} ../lines.md\n:lines: 1\n```\n",
    "top/shared.md": "shared",
    "fronted.md": "---\nuuid: x\n---\n\n## Head\n\ntext",
    "faults.md": "---\nuuid: x\n---\n\nA [link](javascript:x)\n\n:::{notes}\n:::\n\n- :::{tip}",
    "ref.md": "[to]: ./there.md\n\n[^1]: A note.",
    "self.md": "a\n\n```{include} self.md\n```",
    "ping.md": "```{include} pong.md\n```",
    "pong.md": "```{include} ping.md\n```",
    "quiz.md": ":::{question}\nx\n\n:::",
    "code.py": "import os\n\n\ndef f():\n    return os\n",
}


def text_of(html: str) -> list[str]:
    return [line.removeprefix("<p>").removesuffix("</p>") for line in html.splitlines()]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", [1, 2, 3, 4, 5]),
        (":start-line: 4", [3, 4, 5]),
        (":end-line: 3", [1, 2]),
        (":start-line: -3\n:end-line: -1", [5]),
        (":start-after: line 2", [3, 4, 5]),
        (":start-at: line 2", [2, 3, 4, 5]),
        (":end-before: line 2", [1]),
        (":end-at: line 2", [1, 2]),
        (":start-after: line 1\n:end-before: line 4", [2, 3]),
        (":lines: 3", [2]),
        (":lines: 1-3, 9-", [1, 2, 5]),
        (":lines: 40-", []),
        (":start-line: x", [1, 2, 3, 4, 5]),
    ],
)
def test_the_lines_that_are_asked_for(options: str, expected: list[int]) -> None:
    html, problems = draw(f"```{{include}} lines.md\n{options}\n```", FILES)
    assert problems == []
    assert text_of(html) == [f"line {number}" for number in expected]


@pytest.mark.parametrize(
    "around", ["{}", "- x\n\n  {}", "> {}", "::::{{note}}\n{}\n::::", "!!! note\n    {}"]
)
def test_included_text_stands_in_what_stands_around_it(around: str) -> None:
    include = "```{include} page/deep.md\n```"
    lead = around.partition("{}")[0].rpartition("\n")[2]
    html, problems = draw(around.format(include.replace("\n", "\n" + lead)), FILES)
    assert problems == []
    assert "deep" in html
    assert html.count("line 1") == 1


def test_front_matter_is_no_text_and_headings_may_be_moved() -> None:
    assert draw("```{include} fronted.md\n```", FILES)[0] == '<h2 id="u-head">Head</h2>\n<p>text</p>\n'
    assert "<h4" in draw("```{include} fronted.md\n:heading-offset: 2\n```", FILES)[0]


def test_a_path_that_begins_with_a_slash_begins_at_the_top_of_the_package() -> None:
    assert draw("```{include} /top/shared.md\n```", FILES, file="a/b/page.md") == ("<p>shared</p>\n", [])


def test_problems_are_told_where_they_are() -> None:
    _, problems = draw("x\n\n> ```{include} faults.md\n> ```", FILES)
    assert sorted(problems) == ["faults.md:10:3 E652", "faults.md:5:3 E644", "faults.md:7:1 W651"]


def test_references_and_footnotes_reach_from_file_to_file() -> None:
    html, problems = draw("[to] x[^1]\n\n```{include} ref.md\n```", FILES)
    assert problems == []
    assert 'href="/pages/there.md"' in html
    assert "A note." in html


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("self.md", "self.md:3:14 E653"),
        ("ping.md", "pong.md:1:14 E653"),
        ("page.md", "page.md:2:14 E653"),
        ("quiz.md", "page.md:2:14 E653"),
        ("", "page.md:2:1 E653"),
    ],
)
def test_what_cannot_be_included(path: str, place: str) -> None:
    _html, problems = draw(f"```{{include}} {path}\n```", FILES)
    assert problems == [place]


def test_what_is_included_again_and_again_ends() -> None:
    double = {f"{n}.md": f"```{{include}} {n + 1}.md\n```\n\n" * 4 + "x" * 50_000 for n in range(8)}
    _, problems = draw("```{include} 0.md\n```", double)
    assert any(problem.endswith("E653") for problem in problems)


# What no include may reach, whatever it is called. The canary stands in for every file outside the package.
OUTSIDE = [
    "/etc/passwd", "../secret.md", "../../secret.md", "a/../../secret.md", "./../secret.md", "~/secret.md",
    "file:///etc/passwd", "http://127.0.0.1/x", "https://example.org/x.md", "//example.org/x.md", "..\\secret.md",
    "C:\\secret.md", "%2e%2e/secret.md", "..%2fsecret.md", "secret.md\0.md", "/../secret.md", "/..\\secret.md",
    "<../secret.md>", "/proc/self/environ", "lines.md/../../secret.md", ".", "..", "/",
]  # fmt: skip
DIRECTIVES = {
    "include": "```{{include}} {}\n```",
    "literalinclude": "```{{literalinclude}} {}\n```",
    "csv file": "```{{csv-table}}\n:file: {}\n```",
    "csv url": "```{{csv-table}}\n:url: {}\n```",
    "raw file": "```{{raw}} html\n:file: {}\n```",
    "raw url": "```{{raw}} html\n:url: {}\n```",
    "in a list": "- ```{{include}} {}\n  ```",
}


@pytest.mark.trust("MD-08")
@pytest.mark.parametrize("form", DIRECTIVES.values(), ids=DIRECTIVES)
@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_outside_the_package_is_read(form: str, path: str) -> None:
    asked: list[str] = []

    class Package(dict[str, str]):
        def get(self, path: str, default: object = None) -> str | None:  # type: ignore[override]
            asked.append(path)
            return super().get(path)

    html, problems = draw(form.format(path), Package({"lines.md": LINES}))
    assert [problem.rpartition(" ")[2] for problem in problems] == ["E653"]
    assert not [path for path in asked if path.startswith(("/", "../")) or "\\" in path]
    assert "canary" not in html


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", "import os\n\n\ndef f():\n    return os\n"),
        (":lines: 4-", "def f():\n    return os\n"),
        (":lines: 5\n:dedent: 4", "return os\n"),
        (":start-at: def", "def f():\n    return os\n"),
        (":end-before: def\n:append: more()", "import os\n\n\nmore()\n"),
        (":lines: 5\n:dedent:\n:prepend: first()", "first()\nreturn os\n"),
    ],
)
def test_code_of_a_file(options: str, expected: str) -> None:
    html, problems = draw(f"```{{literalinclude}} code.py\n:language: text\n{options}\n```", FILES)
    assert problems == []
    assert expected in html


def test_parts_by_the_name_of_a_python_object_are_not_known() -> None:
    assert draw("```{literalinclude} code.py\n:pyobject: f\n```", FILES)[1] == ["page.md:3:2 W654"]
    assert draw("```{include} code.py\n:start-after: gone\n```", FILES)[1] == ["page.md:3:2 E653"]
