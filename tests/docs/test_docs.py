"""What the documents say is true: examples, codes, tables, links and commands are held against the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from markup import budget, front_matter
from markup.directives import ADMONITIONS
from markup.remedies import REMEDIES
from quizzes.options import QUESTION_OPTIONS, QUIZ_OPTIONS, fault
from quizzes.report import TYPES
from tests.docs import faults, pages
from tests.docs.pages import DOCS, DOCUMENTS, HOME, name_of
from tests.packages import png

CONTENT, QUIZ, PROBLEMS = (DOCS / f"{name}.md" for name in ("content-format", "quiz-format", "problems"))
CODE = re.compile(r"[EWI]\d{3}")
APPS = ("markup", "quizzes", "courses", "learning", "authoring", "accounts", "config")
EVERY_DOCUMENT = pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)


# -- examples ------------------------------------------------------------------------------


def examples(document: Path) -> Iterator[tuple[int, dict[str, bytes], list[str]]]:
    """The modules that a document shows: the line of each, its files, and the problems that it should give.

    A fence `markdown file=PATH` is a whole page; one with a folder in its path belongs to the page above it.
    `markdown body` is the text of a page of its own, with eight lines above it. `text problems` is what
    `check_module` prints of the example above, first lines only; without it, there is nothing to say.
    """
    line, files, told = 0, dict[str, bytes](), list[str]()
    for fence in pages.fences(document):
        language, kind = fence.words[0], fence.words[1] if len(fence.words) > 1 else ""
        if (language, kind) == ("text", "problems"):
            told = fence.text.splitlines()
        if language != "markdown":
            continue
        path = kind.removeprefix("file=") if kind.startswith("file=") else "page.md"
        assert kind == "body" or path in kind, (
            f"{name_of(document)}:{fence.line}: is this a page or the text of one?"
        )
        source = faults.page(fence.text) if kind == "body" else fence.text.encode()
        if "/" in path:
            files[path] = source
            continue
        if files:
            yield line, files, told
        line, files, told = fence.line, {path: source}, []
    yield line, files, told


EXAMPLES = [
    pytest.param(files, told, id=f"{document.name}:{line}")
    for document in (CONTENT, QUIZ)
    for line, files, told in examples(document)
]


@pytest.mark.parametrize(("files", "told"), EXAMPLES)
def test_an_example_gives_the_problems_that_stand_below_it_and_no_others(
    files: dict[str, bytes], told: list[str]
) -> None:
    found = faults.problems_in({**files, "images/bin.png": png()})
    assert [problem.text() for problem in found] == told


def test_both_guides_show_examples() -> None:
    assert len(EXAMPLES) > 12


def test_the_first_module_is_as_short_as_it_looks() -> None:
    first = next(fence for fence in pages.fences(CONTENT) if fence.words[0] == "markdown")
    assert first.words[1] == "file=composting.md"
    assert len([line for line in first.text.splitlines() if line.strip()]) <= 20


# -- codes ---------------------------------------------------------------------------------

FAULTS = faults.faults()
TOLD = {
    cells[0]: cells[1:]
    for heading in ("The package", "The front matter", "The text", "Pictures and files", "Questions")
    for cells in pages.rows(PROBLEMS, heading)
}


def codes_in_the_code() -> set[str]:
    """Every code that stands as a text of its own in the code, outside the list of remedies."""
    found: set[str] = set()
    for path in (path for app in APPS for path in (HOME / app).rglob("*.py")):
        if path.name != "remedies.py":
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            texts = {
                node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
            found |= {text for text in texts if CODE.fullmatch(text)}
    return found


def test_the_list_of_problems_has_the_codes_of_the_code_and_no_others() -> None:
    assert set(TOLD) == codes_in_the_code()


def test_every_code_of_the_list_has_a_fault_that_shows_it() -> None:
    assert set(TOLD) == set(FAULTS)


@pytest.mark.parametrize("code", FAULTS)
def test_a_code_is_reported_with_the_severity_and_the_remedy_of_the_list(code: str, monkeypatch) -> None:
    if code == "E689":
        monkeypatch.setattr(budget, "SECONDS", 0)
    found = [problem for problem in faults.problems_in(FAULTS[code]) if problem.code == code]
    assert found, [problem.text() for problem in faults.problems_in(FAULTS[code])]
    severity, _meaning, remedy = TOLD[code]
    assert severity == found[0].severity
    assert remedy in {problem.remedy for problem in found}


def test_other_pages_name_only_codes_of_the_list() -> None:
    """A code without its page would send an author looking for what is not there."""
    for document in (CONTENT, QUIZ):
        assert set(CODE.findall(document.read_text(encoding="utf-8"))) <= set(TOLD)
    assert set(TOLD) <= set(REMEDIES)


# -- tables --------------------------------------------------------------------------------


def names(document: Path, heading: str) -> set[str]:
    """What the first column of a table names."""
    return {name for cells in pages.rows(document, heading) for name in re.findall(r"`([\w-]+)`", cells[0])}


def not_yet(document: Path) -> str:
    return document.read_text(encoding="utf-8").partition("## Not yet")[2]


def test_every_key_of_the_front_matter_is_explained() -> None:
    assert names(CONTENT, "The front matter") == set(front_matter.KEYS)


def test_every_box_is_named() -> None:
    boxes = CONTENT.read_text(encoding="utf-8").partition("### Boxes")[2].partition("###")[0]
    assert set(ADMONITIONS) <= set(re.findall(r"`(\w+)`", boxes))


def test_every_option_of_a_question_is_explained_or_named_as_planned() -> None:
    planned = set[str]()
    assert names(QUIZ, "Options of a question") == set(QUESTION_OPTIONS) - planned
    assert planned <= set(re.findall(r":(\w+):", not_yet(QUIZ)))


def test_every_setting_of_a_check_is_explained_or_named_as_planned() -> None:
    told = names(QUIZ, "Settings of a check")
    assert told | set(re.findall(r":(\w+):", not_yet(QUIZ))) >= set(QUIZ_OPTIONS)
    assert told <= set(QUIZ_OPTIONS)


@pytest.mark.parametrize("cells", pages.rows(QUIZ, "Settings of a check"), ids=lambda cells: cells[0])
def test_the_values_that_a_setting_is_said_to_take_work(cells: list[str]) -> None:
    setting, values = cells[0].strip("`"), re.findall(r"`([^`]+)`", cells[1])
    assert [fault(setting, value) for value in values if setting != "id"] == [None] * len(values)


def test_the_kinds_of_question_are_those_that_can_be_graded() -> None:
    cells = pages.rows(QUIZ, "Kinds of question")
    assert {name for row in cells for name in re.findall(r"`(\w+)`", row[1])} == set(TYPES)


# -- links and commands --------------------------------------------------------------------


@EVERY_DOCUMENT
def test_every_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    for address in pages.links(document):
        path, _, heading = address.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), address
        assert not heading or heading in pages.headings(target), address


@EVERY_DOCUMENT
def test_every_make_target_exists(document: Path) -> None:
    targets = set(
        re.findall(r"^([a-z][a-z-]*):", (HOME / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = {
        name for line in pages.code(document) for name in re.findall(r"(?:^|\s)make ([a-z][a-z-]*)", line)
    }
    assert named <= targets


@EVERY_DOCUMENT
def test_every_command_exists_and_takes_the_options_it_is_given(document: Path) -> None:
    commands = get_commands()
    for line in pages.code(document):
        for name, given in re.findall(r"manage\.py\s+([a-z_]+)([^#\n]*)", line):
            assert name in commands, line
            app = commands[name]
            command = load_command_class(app, name) if isinstance(app, str) else app
            known = command.create_parser("manage.py", name)._option_string_actions
            assert set(re.findall(r"(?<=\s)--[a-z-]+", given)) <= set(known), line


def test_the_documents_name_targets_and_commands() -> None:
    """Else the two tests above would look at nothing."""
    lines = [line for document in DOCUMENTS for line in pages.code(document)]
    assert sum("make " in line for line in lines) > 5
    assert sum("manage.py" in line for line in lines) > 5
