"""Importing again: what did not change is not read again, and nothing but the time tells."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat, Left
from django.test.utils import CaptureQueriesContext

from authoring.imports import Imported, keep
from courses import memory
from courses.bases import Body, KeptReading
from courses.models import ModuleVersion
from courses.publishing import discard
from markup.package import Package
from tests import modules

pytestmark = pytest.mark.django_db

TITLES = ("Apples", "Pears", "Plums")


def tree(titles: tuple[str, ...] = TITLES, **texts: str) -> dict[str, bytes]:
    """A path of modules with two sections each; `texts` are those of a section “One”, by its module."""
    toc = "toc:\n" + "".join(f"- ./{title.lower()}.md\n" for title in titles)
    files = {"fruit.md": modules.page("Fruit", front=f"kind: path\n{toc}visibility:\n- Employee\n").encode()}
    for title in titles:
        files |= modules.source(title, {"One": texts.get(title, "Text."), "Two": "[Nowhere](nowhere.md)"})
    return files


def bring_in(files: Mapping[str, bytes]) -> tuple[Imported, list[str]]:
    """Import; what came of it, and at which pages it was."""
    heard: list[str] = []
    package = Package(files, "fruit.md", "fruit")
    done = keep(
        package, found=[], by=None, origin="", tell=lambda phase, page: heard.append(f"{phase} {page}")
    )
    return done, heard


def created(done: Imported) -> list[str]:
    return [draft.version.title for draft in done.drafts if draft.created]


def test_only_what_changed_becomes_a_draft_and_every_problem_is_named_again():
    first, heard = bring_in(tree())
    assert created(first) == ["Fruit", *TITLES]
    again, heard_again = bring_in(tree())
    assert created(again) == []
    assert [draft.version for draft in again.drafts] == [draft.version for draft in first.drafts]
    assert again.problems == first.problems
    assert any(problem.code == "W642" for problem in again.problems)
    assert heard_again == heard
    changed, _heard = bring_in(tree(Pears="Other text."))
    assert created(changed) == ["Pears"]


def stored(done: Imported) -> list[object]:
    """All that the version which came of an import has of its sections."""
    (version,) = (draft.version for draft in done.drafts if draft.created)
    columns = ("slug", "title", "body__digest", "body__text", "body__headings", "checks__digest")
    assert isinstance(version, ModuleVersion)
    sections = list(version.sections.order_by("position", "section_checks__position").values_list(*columns))
    return [version.title, version.digest, version.entries, version.description, sections, version.problems]


@pytest.mark.parametrize("lost", ["nothing", "what was drawn", "bodies"])
def test_beside_a_page_that_changed_the_others_are_stored_as_if_they_had_been_read(lost: str):
    files = tree(Pears=modules.question("pears"))
    assert "Pears" in created(bring_in(files)[0])
    files["pears/two.md"] += b"\nMore.\n"
    if lost == "what was drawn":
        KeptReading.objects.update(drawn={})
    if lost == "bodies":
        Body.objects.update(digest=Concat(Left("digest", 60), Value("gone")))
    done, _heard = bring_in(files)
    found = stored(done)
    KeptReading.objects.all().delete()
    assert all(discard(draft.version, by=None) for draft in done.drafts if draft.created)
    again, _heard = bring_in(files)
    assert stored(again) == found


def test_a_module_whose_draft_was_discarded_is_read_and_kept_again():
    first, _heard = bring_in(tree())
    assert discard(first.drafts[2].version, by=None)
    again, _heard = bring_in(tree())
    assert created(again) == ["Pears"]
    assert again.problems == first.problems
    assert created(bring_in(tree())[0]) == []


@pytest.mark.parametrize("lost", [1, 4])
def test_what_is_kept_may_be_lost(lost: int):
    bring_in(tree())
    assert KeptReading.objects.count() == 4
    KeptReading.objects.filter(pk__in=KeptReading.objects.values("pk")[:lost]).delete()
    assert created(bring_in(tree(Plums="Other text."))[0]) == ["Plums"]
    assert KeptReading.objects.count() == 4


def test_what_another_program_read_is_read_again():
    bring_in(tree())
    KeptReading.objects.update(made_by="another")
    assert memory.Kept().recall([modules.uuid_of("Fruit"), modules.uuid_of("Pears")]) == {}
    assert created(bring_in(tree())[0]) == []
    assert len(memory.Kept().recall([modules.uuid_of("Fruit"), modules.uuid_of("Pears")])) == 2


def test_importing_again_takes_no_more_queries_for_three_modules_than_for_one():
    counts = []
    for titles in (TITLES[:1], TITLES):
        bring_in(tree(titles))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            bring_in(tree(titles))
        counts.append(len(queries))
    assert counts[0] == counts[1]
