"""What is typed in the browser is read by a process of its own, which ends where it takes too much."""

from __future__ import annotations

import os
import signal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from authoring import limited
from authoring.limited import _readers
from courses import module
from courses.links import Around, Outside
from courses.models import ModuleVersion
from markup.package import Package
from tests import modules
from tests.browsing import soup, text_of
from tests.personas import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.trust("UP-08")]

# One long search that no rule of the parser interrupts, and a page of ordinary size else.
SLOW = "# Growing\n\n" + "| a |\n|---|\n" + "| *b* [c](https://example.org) |\n" * 12_000
PREVIEW = "/authoring/modules/apples/edit/preview/apples/growing.md"


@pytest.fixture(autouse=True)
def apart(settings: Any) -> None:
    settings.UPLOADS = "process"
    settings.PREVIEW_SECONDS = 60


@pytest.fixture
def live() -> ModuleVersion:
    return modules.publish(modules.source("Apples", {"Growing": modules.question("que1"), "Eating": ""}))


def package(text: str) -> Package:
    page = f"---\nuuid: {uuid4()}\nvisibility: [Employee]\n---\n\n{text}"
    return Package({"apples.md": page.encode()}, "apples.md", "apples")


def read(text: str, around: Around | None = None) -> list[str]:
    given = package(text)
    _tree, found = limited.read(given, audiences=["Employee"], around=around or Around(), kept={})
    return [f"{problem.file} {problem.code}" for problem in found]


def test_it_says_what_the_request_itself_would(live: ModuleVersion):
    files = modules.source("Apples", {"Growing": modules.question("que1"), "Eating": "[No](./no.md)\n"})
    given = Package(files, "apples.md", "apples")
    heard: list[tuple[str, str]] = []
    said = limited.read(
        given,
        audiences=["Employee", "Partner"],
        around=Around(),
        kept={},
        tell=lambda phase, at: heard.append((phase, at)),
    )
    assert said == module.read(given, audiences=["Employee", "Partner"])
    assert ("rendering", "apples/growing.md") in heard


def test_it_asks_for_pages_around_the_package():
    asked: list[str] = []
    there = Outside("../pears.md", uuid4(), uuid4(), None, {}, "Pears")

    def find(way: str) -> Outside | None:
        asked.append(way)
        return there if way == "../pears.md" else None

    text = "# Apples\n\n[Pears](../pears.md) and [plums](../plums.md)\n"
    assert len(read(text, Around(find=find))) == 1
    assert set(asked) >= {"../pears.md", "../plums.md"}


def test_too_long_and_too_much_become_a_problem_of_the_page(settings: Any):
    settings.PREVIEW_SECONDS = 0.2
    assert read(SLOW) == ["apples.md E689"]
    settings.PREVIEW_SECONDS, memory = 60, settings.UPLOAD_MEMORY_MB
    settings.UPLOAD_MEMORY_MB = 40
    assert read(SLOW) == ["apples.md E689"]
    settings.UPLOAD_MEMORY_MB = memory
    assert read("# Apples\n\nWords.\n") == []


def test_the_program_that_makes_readers_is_started_again(settings: Any):
    assert read("# Apples\n\nWords.\n") == []
    os.kill(_readers.program, signal.SIGKILL)
    assert read("# Apples\n\nWords.\n") == []


def test_the_pane_says_it_and_the_site_goes_on(live: ModuleVersion, settings: Any):
    author = client_of("author")
    settings.PREVIEW_SECONDS = 0.2
    shown = soup(author.post(PREVIEW, {"content": SLOW}))
    assert "E689" in text_of(shown)
    assert "more than 0.2 seconds" in text_of(shown)
    settings.PREVIEW_SECONDS = 60
    assert "Other words" in drawn(author)


def drawn(author: Client) -> str:
    typed = f"---\nuuid: {uuid4()}\n---\n\n# Growing\n\nOther words.\n"
    return text_of(soup(author.post(PREVIEW, {"content": typed})).select_one("#edit-shown"))
