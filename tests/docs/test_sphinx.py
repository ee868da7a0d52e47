"""The shim for authors who build with Sphinx: everything of a question is drawn, and nothing is warned of."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from quizzes.options import QUESTION_OPTIONS, QUIZ_OPTIONS
from tests.docs import pages

SHIM = pages.DOCS / "sphinx" / "coursemark_quiz.py"
QUIZ = pages.DOCS / "quiz-format.md"
CASE = """
:::{case} Contoso
:id: contoso

Contoso sells **pumps** in forty countries.

:::

:::{question} Next step
:id: contoso-next
:case: contoso
:difficulty: hard
:pool: cases

What comes first?

- [x] A conversation
- [ ] A proposal {50%}

:::
"""


def configuration() -> str:
    """The lines for conf.py that the shim's own docstring gives."""
    lines = SHIM.read_text(encoding="utf-8").split('"""')[1].splitlines()
    return "\n".join(line.strip() for line in lines if line.startswith("    "))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, str]:
    """All questions of the documents and of content/ as Sphinx draws them with the shim, and what it warned of."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("html")
    shutil.copytree(pages.HOME / "content", source / "content")
    for number, text in enumerate([*examples(), CASE]):
        (source / f"example-{number:02}.md").write_text(f"# Example\n\n{text}", encoding="utf-8")
    names = "\n".join(sorted(path.relative_to(source).as_posix() for path in source.rglob("*.md")))
    (source / "index.md").write_text(f"# All\n\n```{{toctree}}\n{names}\n```\n", encoding="utf-8")
    shutil.copy(SHIM, source)
    # Links to headings are nothing to the shim.
    (source / "conf.py").write_text(configuration() + "\nmyst_heading_anchors = 6\n", encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(target)]
    told = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=120, env={"HOME": str(source)}
    )
    return target, told.stderr


def examples() -> list[str]:
    """What the document on questions shows, but for what it shows to be wrong."""
    found = pages.fences(QUIZ)
    return [
        fence.text
        for fence, after in pairwise([*found, pages.Fence((), "", 0)])
        if fence.words[:2] == ("markdown", "body") and after.words[:2] != ("text", "problems")
    ]


def blocks(folder: Path, name: str) -> list[Tag]:
    soups = [BeautifulSoup(path.read_bytes(), "html.parser") for path in sorted(folder.rglob("*.html"))]
    return [box for soup in soups for box in soup.select(f"div.coursemark.{name}")]


def written(name: str) -> int:
    """How many blocks of this name stand in what was built."""
    sources = [*examples(), CASE]
    sources += [path.read_text(encoding="utf-8") for path in (pages.HOME / "content").rglob("*.md")]
    lines = [line.lstrip(":") for text in sources for line in text.splitlines() if line.startswith(":::")]
    return sum(line.startswith(f"{{{name}}}") for line in lines)


def test_nothing_is_warned_of(built):
    assert built[1] == ""


@pytest.mark.parametrize("name", ["quiz", "question", "case"])
def test_every_block_is_drawn(built, name):
    assert len(blocks(built[0], name)) == written(name) > 0


def test_a_question_is_drawn_whole(built):
    box = next(box for box in blocks(built[0], "question") if "coffee cup" in box.text)
    ticks = [item.has_attr("checked") for item in box.select("input[type=checkbox]")]
    assert ticks == [True, False, True]
    assert "Which of these are paper?" in box.text
    assert "It is lined with plastic." in (box.blockquote or box).text
    assert box.text.rstrip().endswith("The window is sorted out by the mill.")


def test_a_case_and_its_question(built):
    case = next(box for box in blocks(built[0], "case") if "Contoso" in box.text)
    assert "Case: Contoso" in case.text
    assert case.strong is not None
    assert any("Question: Next step" in box.text for box in blocks(built[0], "question"))


def test_it_knows_every_option():
    sys.path.insert(0, str(SHIM.parent))
    try:
        from coursemark_quiz import OPTIONS
    finally:
        sys.path.remove(str(SHIM.parent))
    assert set(OPTIONS.split()) == {*QUESTION_OPTIONS, *QUIZ_OPTIONS}
