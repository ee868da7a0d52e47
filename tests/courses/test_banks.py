"""Question banks of a package: read with the pages that draw from them, given back with their modules, never pages."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest

from authoring.differences import difference
from authoring.imports import keep
from courses import exporting, ids, module
from courses.models import ModuleVersion, Section
from markup.package import Package
from markup.problems import Problem
from tests.journeys.test_draws import NAMES, files_with_bank
from tests.modules import publish, question, uuid_of
from tests.personas import client_of, persona

BANK = "banks/trees.md"


def package(files: dict[str, bytes]) -> Package:
    return Package(files, "oaks.md", "oaks")


def problems_of(files: dict[str, bytes]) -> list[tuple[str, str, int]]:
    found: list[Problem] = module.read(package(files))[1]
    return [(problem.code, problem.file, problem.line) for problem in found]


def test_what_is_wrong_in_a_bank_is_told_of_its_file():
    files = files_with_bank(":draw: 2")
    assert problems_of(files) == []
    line = files[BANK].decode().split("\n").index("- [x] The right one of que1") + 1
    files[BANK] = files[BANK].replace(b"[x] The right one of que1", b"[] The right one of que1")
    assert problems_of(files) == [("E208", BANK, line)]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b":id: que2", b":id: que1", "E202"),
        (b"# Bank", b"# Bank\n\n:::{quiz}\n\n:::", "E301"),
        (f"uuid: {uuid_of('bank')}\n".encode(), b"", "W602"),
    ],
)
def test_what_a_bank_cannot_have(old: bytes, new: bytes, code: str):
    files = files_with_bank(":draw: 2")
    files[BANK] = files[BANK].replace(old, new, 1)
    assert [(code, BANK)] == [(found[0], found[1]) for found in problems_of(files)]


def test_a_draw_larger_than_its_bank_and_an_id_that_the_page_has():
    page = "oaks/leaves.md"
    assert [found[:2] for found in problems_of(files_with_bank(":draw: 7"))] == [("E302", page)]
    twice = files_with_bank(":draw: 2", own=question("que1"))
    assert [found[:2] for found in problems_of(twice)] == [("E202", page)]


def test_no_toc_lists_a_bank_and_none_is_a_module():
    files = files_with_bank(":draw: 2")
    files["oaks.md"] = files["oaks.md"].replace(b"toc:\n", b"toc:\n- ./banks/trees.md\n")
    assert [found[:2] for found in problems_of(files)] == [("E621", "oaks.md")]
    alone = Package({BANK: files[BANK]}, BANK, "trees")
    assert "E685" in {problem.code for problem in module.read(alone)[1]}


def test_questions_of_a_bank_get_ids_too():
    files = files_with_bank(":draw: 2")
    files[BANK] = files[BANK].replace(b":id: que1\n", b"").replace(f"uuid: {uuid_of('bank')}\n".encode(), b"")
    written = ids.with_ids(package(files)).files
    assert b":id: que1\n" in written[BANK]
    assert {path for path in files if written[path] != files[path]} == {BANK}
    assert ids.with_ids(package(files)).files == written  # who it is without a uuid, its place says


@pytest.mark.django_db
def test_a_bank_is_given_back_with_its_module_byte_for_byte():
    files = files_with_bank(":draw: 2")
    version = publish(files)
    assert not Section.objects.filter(uuid=uuid_of("bank"))
    with ZipFile(BytesIO(exporting.zip_of(version))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


def kept(files: dict[str, bytes]) -> ModuleVersion:
    done = keep(package(files), found=[], by=None, origin="test")
    assert done.version is not None, done.problems
    return done.version


@pytest.mark.django_db
def test_a_change_in_a_bank_makes_a_draft_that_says_whom_it_touches():
    files = files_with_bank(":draw: 6")
    live = kept(files)
    assert kept(files) == live
    publish(files)
    client = client_of("partner")
    client.get("/modules/oaks/leaves/")
    files[BANK] = files[BANK].replace(b"The right one of que3", b"The very right one of que3")
    draft = kept(files)
    assert draft.number == live.number + 1
    found = difference(draft, live)
    assert [(q.key, q.kind) for change in found.changed for q in change.questions] == [("que3", "text")]
    assert found.touched == 1
    assert persona("partner").pk


@pytest.mark.django_db
def test_two_modules_ask_the_same_question_of_a_bank():
    files = files_with_bank(":draw: 2")
    other = {path.replace("oaks", "elms"): data for path, data in files.items()}
    publish(files)
    version = publish({
        path: data.replace(b"Oaks", b"Elms").replace(str(uuid_of("Oaks")).encode(), str(uuid_of("Elms")).encode())
        .replace(str(uuid_of("Oaks/Leaves")).encode(), str(uuid_of("Elms/Leaves")).encode())
        .replace(b"oaks/", b"elms/")
        for path, data in other.items()
    })  # fmt: skip
    asked = version.sections.get().section_checks.get().quiz_version.question_versions
    assert {q.question.page for q in asked.select_related("question")} == {UUID(str(uuid_of("bank")))}
    assert asked.count() == len(NAMES)
    assert {q.quiz_versions.count() for q in asked.all()} == {2}
