"""Storing and publishing: nothing half written, nothing lost, one module for a page."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent
from authoring import imports
from authoring.release import Refused, release, release_tree
from courses import files, publishing
from courses.models import Body, Media, Module, ModuleVersion, PageMedia, Section, SectionVersion
from learning import progress
from learning.models import Cause, Certificate, Completion, ModuleProgress, SectionProgress
from learning.publications import Figures
from learning.record import outline_of, record_of
from markup.package import Package
from quizzes.models import QuestionVersion, QuizVersion, Response, Round
from quizzes.sent import Sent
from quizzes.standing import standings
from tests import modules
from tests.packages import png
from tests.personas import persona

pytestmark = pytest.mark.django_db

RECORDS = [ModuleProgress, SectionProgress, Completion, Certificate, Round, Response]


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of the record, whole."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in RECORDS}


def pass_section(email: str, version: ModuleVersion, title: str) -> None:
    """This person answers everything in a section right."""
    user = persona(email)
    section = version.sections.get(title=title)
    progress.note_opened(user=user, section=section, record=record_of(user, version.module_id))
    for row in section.section_checks.select_related("quiz_version"):
        quiz = row.quiz_version
        standing = standings(user, {quiz.quiz_id: quiz.pk})[quiz.quiz_id]
        right = {
            asked.spec.key: [choice.key for choice in asked.spec.choices if choice.right]
            for asked in standing.asked()
        }
        sent = Sent(token=standing.token, sender=uuid4(), answers=right)
        progress.check_answers(user=user, section=section, quiz=quiz, sent=sent)


def test_the_same_content_twice_is_one_version():
    first = modules.store(modules.source())
    again = modules.store(modules.source())
    assert again.pk == first.pk
    assert ModuleVersion.objects.count() == 1


def test_what_did_not_change_is_not_stored_again():
    modules.store(modules.source("Apples", {"Growing": modules.question("que1"), "Eating": "Old."}))
    bodies, quizzes, questions = (
        Body.objects.count(),
        QuizVersion.objects.count(),
        QuestionVersion.objects.count(),
    )
    modules.store(modules.source("Apples", {"Growing": modules.question("que1"), "Eating": "New."}))
    assert Body.objects.count() == bodies + 1
    assert QuizVersion.objects.count() == quizzes
    assert QuestionVersion.objects.count() == questions


def test_a_draft_changes_nothing_for_learners():
    live = modules.a_module("Apples", {"Growing": "Old."})
    modules.store(modules.source("Apples", {"Growing": "New."}))
    module = Module.objects.get()
    assert module.published_version_id == live.pk


def test_files_are_kept_once_and_the_package_byte_for_byte():
    picture = png()
    given = modules.source("Apples", {"Growing": "![A square](./1.png)\n\n![Again](./other/1.png)\n"})
    given |= {"apples/1.png": picture, "apples/other/1.png": picture}
    version = modules.store(given)
    assert PageMedia.objects.count() == 1
    assert files.read(Media.objects.get().digest) == picture
    kept = {path: files.read(digest) for path, digest in version.package["files"].items()}
    assert kept == given
    assert version.package["root"] == "apples.md"


def test_no_file_is_written_while_the_database_is_locked(monkeypatch: pytest.MonkeyPatch):
    outside = len(connection.savepoint_ids)  # the test's own transaction
    inside: list[bool] = []

    def fsync(file: int) -> None:
        inside.append(len(connection.savepoint_ids) > outside)

    monkeypatch.setattr(files.os, "fsync", fsync)
    given = {"apples.md": modules.page("Apples", f"Once: {uuid4()}. ![A square](./1.png)").encode()}
    given["1.png"] = png("purple")
    done = imports.keep(Package(given, "apples.md", "test"), found=[], by=None, origin="test")
    assert done.created, done.problems
    assert inside == [False, False]


def test_two_modules_of_one_name_get_two_addresses():
    first = modules.store(modules.source("Apples", {}))
    other = {"apples.md": modules.page("Apples", uuid="other").encode()}
    assert [first.module.slug, modules.store(other).module.slug] == ["apples", "apples-2"]


def test_a_renamed_file_keeps_the_modules_address():
    modules.a_module("Apples", {})
    renamed = {"pears.md": modules.page("Pears", "More.", uuid="Apples").encode()}
    assert modules.publish(renamed).module.slug == "apples"


def test_a_page_that_is_live_in_another_module_stays_there():
    modules.a_module("Apples", {"Growing": ""})
    thief = modules.source("Pears", {"Stealing": ""})
    stolen = {
        p: d.replace(
            str(modules.uuid_of("Pears/Stealing")).encode(), str(modules.uuid_of("Apples/Growing")).encode()
        )
        for p, d in thief.items()
    }
    before = (Module.objects.count(), ModuleVersion.objects.count(), SectionVersion.objects.count())
    with pytest.raises(publishing.Conflict, match="Growing"):
        modules.store(stolen)
    assert (Module.objects.count(), ModuleVersion.objects.count(), SectionVersion.objects.count()) == before


def pears_with(name: str) -> dict[str, bytes]:
    """The module Pears, whose one section has the uuid of this page."""
    mine, theirs = (str(modules.uuid_of(page)).encode() for page in ("Pears/Inside", name))
    return {p: d.replace(mine, theirs) for p, d in modules.source("Pears", {"Inside": ""}).items()}


def test_a_module_that_was_live_is_no_section_of_another_one():
    modules.a_module("Apples", {})
    with pytest.raises(publishing.Conflict, match="apples"):
        modules.store(pears_with("Apples"))


def test_a_page_goes_live_in_one_of_two_modules_of_an_act():
    one = modules.store(modules.source("Apples", {"Growing": ""}))
    other = modules.store(pears_with("Apples/Growing"))
    with pytest.raises(publishing.Conflict, match=r"Inside.*“Growing”"), transaction.atomic():
        release_tree([one, other], by=None)
    assert not ModuleVersion.objects.exclude(published_at=None).exists()


def test_a_draft_that_is_gone_is_refused_in_words():
    modules.a_module("Apples", {"Growing": ""})
    draft = modules.store(modules.source("Apples", {"Growing": "More."}))
    assert publishing.discard(draft, by=None)
    with pytest.raises(Refused, match="discarded meanwhile"):
        release(draft, by=None)


@pytest.mark.parametrize("module_first", [True, False])
def test_a_draft_keeps_no_uuid_and_whichever_goes_live_first_has_the_page(module_first: bool):
    """A page uploaded alone by mistake is not in the way of its module, nor the other way round."""
    if module_first:
        alone = modules.store(modules.source("Apples", {"Growing": ""}))
        whole = modules.store(pears_with("Apples"))
    else:
        whole = modules.store(pears_with("Apples"))
        alone = modules.store(modules.source("Apples", {"Growing": ""}))
    with transaction.atomic():
        release(whole, by=None)
        with pytest.raises(publishing.Conflict, match="pears"):
            release(alone, by=None)
        with pytest.raises(publishing.Conflict, match="pears"):
            modules.store(modules.source("Apples", {"Growing": "More."}))
        transaction.set_rollback(True)
    release(alone, by=None)
    with pytest.raises(publishing.Conflict, match="apples"):
        release(whole, by=None)


def test_a_discarded_draft_leaves_nothing_but_its_line_in_the_trail():
    alone = modules.store({"one.md": modules.page("One", modules.question("que1")).encode()})
    whole = modules.store(pears_with("One"))
    assert publishing.discard(alone, by=persona("author"))
    assert not publishing.discard(alone, by=None)
    assert list(Module.objects.all()) == [whole.module]
    assert Section.objects.get().module == whole.module
    event = AuditEvent.objects.get(what="draft discarded")
    assert (event.whom, event.by and event.by.name) == ("One v1", "Arthur Author")
    assert publishing.discard(whole, by=None)
    kept = (Module, ModuleVersion, Section, SectionVersion)
    assert not any(model._default_manager.exists() for model in kept)


def test_a_draft_of_a_live_module_goes_alone():
    live = modules.a_module("Apples", {"Growing": modules.question("que1")})
    pass_section("employee", live, "Growing")
    before = rows()
    draft = modules.store(modules.source("Apples", {"Growing": "", "Storing": ""}))
    assert publishing.discard(draft, by=None)
    assert list(ModuleVersion.objects.all()) == [live]
    assert Section.objects.get().uuid == modules.uuid_of("Apples/Growing")
    assert rows() == before


def test_what_was_ever_live_is_not_discarded():
    old = modules.a_module("Apples", {"Growing": ""})
    new = modules.publish(modules.source("Apples", {"Growing": "More."}))
    assert not publishing.discard(old, by=None)
    assert not publishing.discard(new, by=None)
    assert ModuleVersion.objects.count() == 2


def test_going_back_to_a_version_whose_page_moved_on_is_refused():
    old = modules.a_module("Apples", {"Growing": "", "Eating": ""})
    modules.publish(modules.source("Apples", {"Eating": ""}))
    moved = modules.source("Pears", {"Growing": ""})
    modules.publish(
        {
            p: d.replace(
                str(modules.uuid_of("Pears/Growing")).encode(),
                str(modules.uuid_of("Apples/Growing")).encode(),
            )
            for p, d in moved.items()
        }
    )
    with pytest.raises(publishing.Conflict, match="Growing"):
        release(old, by=None)
    old.module.refresh_from_db()
    assert old.module.published_version_id != old.pk


def test_nothing_is_half_written_when_storing_fails_at_the_end(monkeypatch: pytest.MonkeyPatch):
    def fails(*_args: object, **_options: object) -> None:
        raise IntegrityError("the last write")

    monkeypatch.setattr("courses.storing.audit.record", fails)
    with pytest.raises(IntegrityError), transaction.atomic():
        modules.store(modules.source())
    assert not Module.objects.exists()
    assert not Section.objects.exists()
    assert not Body.objects.exists()


BEFORE = {
    "Growing": modules.question("que1"),
    "Picking": modules.question("que2"),
    "Eating": modules.question("que3"),
}


def republished() -> dict[str, bytes]:
    """Growing is renamed and moved to the end, Picking is gone, Storing is new, Eating's question is reworded."""
    after = {
        "Eating": modules.question("que3").replace("Which one is right?", "Which one is really right?"),
        "Storing": modules.question("que4"),
        "Planting": modules.question("que1"),
    }
    given = modules.source("Apples", after)
    old, new = (
        str(modules.uuid_of("Apples/Growing")).encode(),
        str(modules.uuid_of("Apples/Planting")).encode(),
    )
    return {path: data.replace(new, old) for path, data in given.items()}


def test_publishing_a_changed_module_keeps_every_record():
    live = modules.a_module("Apples", BEFORE)
    for title in BEFORE:
        pass_section("partner", live, title)
    pass_section("employee", live, "Growing")
    pass_section("employee", live, "Eating")
    before = rows()
    assert [len(before[model.__name__]) for model in RECORDS] == [2, 5, 1, 1, 5, 5]

    new = modules.store(republished())
    receipt = release(new, by=persona("author"), why="a better order")

    assert rows() == before
    assert (receipt.sections_closed, receipt.completed) == (0, 0)
    [(publication, line)] = receipt.lines
    assert line.before == line.after == Figures(sections_done=5, completions=1, certificates=1)
    assert (publication.policy, line.asks, line.given) == ("append", 0, 1)

    done = persona("partner")
    outline = outline_of(done, new, record_of(done, new.module_id))
    assert outline.complete
    assert outline.percent == 100
    added = next(item for item in outline.items if item.entry.title == "Storing")
    assert added.is_new
    certificate = Certificate.objects.get()
    assert certificate.completion.version_id == live.pk

    midway = persona("employee")
    outline = outline_of(midway, new, record_of(midway, new.module_id))
    assert [(item.entry.title, item.state) for item in outline.items] == [
        ("Eating", "done"),
        ("Storing", "open"),
        ("Planting", "done"),
    ]
    assert (outline.done, outline.total) == (2, 3)
    assert not outline.complete


def test_whoever_has_nothing_open_any_more_completes_by_the_release_itself():
    live = modules.a_module("Apples", BEFORE)
    pass_section("employee", live, "Growing")
    pass_section("employee", live, "Eating")
    before = rows()
    receipt = release(
        modules.store(modules.source("Apples", {t: BEFORE[t] for t in ("Growing", "Eating")})), by=None
    )
    assert receipt.completed == 1
    completion = Completion.objects.get()
    assert completion.cause == Cause.PUBLISHED
    after = rows()
    for model in ("SectionProgress", "Round", "Response"):
        assert after[model] == before[model]
    pointed = [{**row, "completion_id": completion.pk} for row in before["ModuleProgress"]]
    assert after["ModuleProgress"] == pointed  # the summary names the completion; nothing else moved


def test_going_back_is_a_pointer_and_loses_nothing():
    old = modules.a_module("Apples", BEFORE)
    pass_section("partner", old, "Growing")
    new = modules.publish(republished())
    pass_section("partner", new, "Eating")
    before = rows()
    release(old, by=persona("author"), why="too early")
    assert rows() == before
    old.module.refresh_from_db()
    assert old.module.published_version_id == old.pk
    assert ModuleVersion.objects.filter(module=old.module).count() == 2


def test_long_titles_and_names_are_stored_as_far_as_there_is_room():
    name = "a" * 200
    given = {f"{name}.md": modules.page("Apples " * 100, modules.question("que1")).encode()}
    version = modules.store(given)
    assert version.module.slug == "a" * 180
    assert len(version.title) == len(version.sections.get().title) == 300
    version.full_clean(
        exclude=["digest", "why", "description", "published_version", "package", "entries", "problems"]
    )
