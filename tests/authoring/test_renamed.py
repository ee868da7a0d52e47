"""A page without uuid is gone while a similar one is new: asked, answered, remembered; records stay or not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from authoring.answering import WHAT
from authoring.models import BrowserChange, RenameAnswer, Upload
from courses import files as kept_files
from courses.models import Module, ModuleVersion, Section
from learning.models import SectionProgress
from learning.progress import mark_done, note_opened
from learning.record import Record
from tests import modules
from tests.authoring.test_batch import publish as publish_batch
from tests.authoring.test_batch import sent
from tests.authoring.test_commands import call, written
from tests.browsing import hidden, soup, text_of
from tests.packages import upload, zipped
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

ABOUT = "An apple tree wants sun, water and a little care in winter."


def bare(title: str, text: str = ABOUT, front: str = "") -> bytes:
    """A page that says no uuid."""
    return f"---\n{front}\n---\n\n# {title}\n\n{text}\n".encode()


def fruit(*sections: str, text: str = ABOUT, more: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """A module whose sections have no uuid: files of these names."""
    toc = "toc:\n" + "".join(f"- ./fruit/{name}.md\n" for name in sections) + "visibility:\n- Partner"
    files = {"fruit.md": modules.page("Fruit", front=toc).encode()}
    files |= {f"fruit/{name}.md": bare(name.title(), text) for name in sections}
    return files | dict(more or {})


def uploaded(files: Mapping[str, bytes]) -> ModuleVersion:
    """The module that came of an upload of the author's."""
    response = client_of("author").post("/authoring/uploads/", {"package": upload(zipped(files), "f.zip")})
    found = Upload.objects.get(uuid=response["Location"].split("/")[-2])
    assert found.state == Upload.State.ACCEPTED, found.problems
    return next(draft.version for draft in found.drafts.all() if draft.version)


def learnt(version: ModuleVersion, *who: str) -> None:
    """The first section is done by these people."""
    section = version.sections.order_by("position")[0]
    for name in who:
        note_opened(user=persona(name), section=section, record=Record())
        assert mark_done(user=persona(name), section=section)


def page(version: ModuleVersion) -> BeautifulSoup:
    response = client_of("author").get(f"/authoring/versions/{version.pk}/")
    assert response.status_code == 200
    return soup(response)


def publish(version: ModuleVersion) -> Any:
    form = page(version).select_one("form.card[action$='/publish/']")
    assert form is not None
    chosen = {str(i["name"]): str(i["value"]) for i in form.select("input[type=radio][checked]")}
    return client_of("author").post(str(form["action"]), {**hidden(form), **chosen, "why": "better"})


def say(shown: BeautifulSoup, *answers: str) -> Any:
    """Choose these answers, in the order of the questions, and keep them."""
    form = shown.select_one("form.renamed")
    assert form is not None, text_of(shown.main)
    names = [str(fieldset.select_one("input[type=radio]")["name"]) for fieldset in form.select("fieldset")]
    data = hidden(form) | dict(zip(names, answers, strict=False))
    return client_of("author").post(str(form["action"]), data)


def answered(version: ModuleVersion, *answers: str) -> ModuleVersion:
    """The draft that one is led to."""
    response = say(page(version), *answers)
    assert response.status_code == 303
    found = re.fullmatch(r"/authoring/versions/(\d+)/", response["Location"])
    assert found, response["Location"]
    return ModuleVersion.objects.get(pk=found[1])


def asks(version: ModuleVersion) -> bool:
    return page(version).select_one("form.renamed") is not None


def live() -> ModuleVersion:
    version = Module.objects.get().published_version
    assert version is not None
    return version


@pytest.fixture
def begun() -> ModuleVersion:
    """A live module with the sections growing and eating; two people did the first."""
    version = modules.publish(fruit("growing", "eating", text=ABOUT))
    learnt(version, "partner", "globex_partner")
    return version


@pytest.fixture
def renamed(begun: ModuleVersion) -> ModuleVersion:
    """A draft in which growing is called planting, and says a little more."""
    files = fruit("planting", "eating")
    return uploaded(files | {"fruit/planting.md": bare("Planting", ABOUT + " Dig deep.")})


def done(client: Client) -> list[str]:
    """The sections that a learner's own page of the module shows as done."""
    shown = soup(client.get("/modules/fruit/"))
    return [text_of(row) for row in shown.select("li") if "Done" in text_of(row)]


def test_it_is_shown_with_both_names_and_how_many_have_records(renamed: ModuleVersion):
    told = text_of(page(renamed).select_one("form.renamed"))
    for words in (
        "Is “Planting” the page “Growing”?", "fruit/planting.md", "fruit/growing.md",
        "2 people have records on the page that is gone", "% of their words",
    ):  # fmt: skip
        assert words in told, told


def test_nothing_is_chosen_for_the_author_and_nothing_chosen_is_told(renamed: ModuleVersion):
    shown = page(renamed)
    assert shown.select("form.renamed input[checked]") == []
    response = say(shown)
    assert response.status_code == 422
    assert "Choose an answer first." in text_of(soup(response).select_one("form.renamed"))
    assert not RenameAnswer.objects.exists()


def test_an_unanswered_draft_does_not_go_live(begun: ModuleVersion, renamed: ModuleVersion):
    response = publish(renamed)
    assert response.status_code == 422
    told = text_of(soup(response).main)
    assert "fruit/planting.md may be fruit/growing.md renamed: the question stands above." in told
    assert live() == begun


def test_yes_keeps_the_records(renamed: ModuleVersion):
    version = answered(renamed, "same")
    assert version != renamed
    assert version.number == renamed.number + 1
    assert not asks(version)
    assert publish(version).status_code == 303
    assert live() == version
    assert any("Planting" in row for row in done(client_of("partner")))
    assert client_of("partner").get("/modules/fruit/planting/").status_code == 200
    event = AuditEvent.objects.get(what=WHAT)
    assert (event.by, event.detail["same"], event.detail["path"]) == (
        persona("author"), True, "fruit/planting.md",
    )  # fmt: skip


def test_an_answered_question_of_the_page_stays_answered_too():
    files = fruit("growing", more={"fruit/growing.md": bare("Growing", ABOUT + modules.question("que1"))})
    modules.publish(files)
    learner = client_of("partner")
    shown = soup(learner.get("/modules/fruit/growing/"))
    form = shown.select_one("form.check-form")
    assert form is not None
    right = next(
        str(i["value"]) for i in form.select("input[name=answer-que1]") if "right one" in text_of(i.parent)
    )
    sent_by = {**hidden(form), "act": "check:que1", "answer-que1": right}
    assert learner.post(str(form["action"]), sent_by).status_code == 303
    files = {"fruit.md": files["fruit.md"].replace(b"growing", b"planting")} | {
        "fruit/planting.md": files["fruit/growing.md"]
    }
    assert publish(answered(uploaded(files), "same")).status_code == 303
    assert any("Growing" in row for row in done(learner))


def test_no_makes_it_a_new_page(renamed: ModuleVersion):
    assert answered(renamed, "new") == renamed
    assert publish(renamed).status_code == 303
    assert live() == renamed
    assert not any("Planting" in row for row in done(client_of("partner")))
    assert SectionProgress.objects.filter(done_at__isnull=False).count() == 2  # what was done is kept


@pytest.mark.parametrize("said", ["same", "new"])
def test_the_same_sources_are_not_asked_about_again(renamed: ModuleVersion, tmp_path: Path, said: str):
    version = answered(renamed, said)
    assert publish(version).status_code == 303
    files = fruit("planting", "eating")
    files["fruit/planting.md"] = bare("Planting", ABOUT + " Dig deep.")
    assert uploaded(files) == version
    assert call("import_module", written(tmp_path, files), "--publish")[2] == 0
    assert live() == version
    later = uploaded(files | {"fruit/eating.md": bare("Eating", "Quite another text.")})
    assert not asks(later)
    assert publish(later).status_code == 303
    before = {str(row.section.uuid) for row in version.sections.all()}
    assert before == {str(row.section.uuid) for row in later.sections.all()}


def test_a_no_is_remembered_before_it_is_published(renamed: ModuleVersion):
    answered(renamed, "new")
    files = fruit("planting", "eating") | {"fruit/planting.md": bare("Planting", ABOUT + " Dig deeper.")}
    assert publish(uploaded(files)).status_code == 303


def test_it_can_be_renamed_once_more_and_back(begun: ModuleVersion):
    first = str(begun.sections.first().section.uuid)
    for name in ("planting", "sowing"):
        assert publish(answered(uploaded(fruit(name, "eating")), "same")).status_code == 303
        assert str(live().sections.first().section.uuid) == first
    again = uploaded(fruit("growing", "eating"))
    assert not asks(again)
    assert str(again.sections.first().section.uuid) == first


def test_a_draft_that_was_read_before_the_answer_does_not_go_live(renamed: ModuleVersion):
    version = answered(renamed, "same")
    response = publish(renamed)
    assert response.status_code == 422
    assert "was read without the answer" in text_of(soup(response).main)
    assert answered(renamed, "same") == version  # kept once more: the same draft, no other one
    assert AuditEvent.objects.filter(what=WHAT).count() == 1


def test_an_answer_can_be_changed_before_it_is_published(renamed: ModuleVersion):
    answered(renamed, "same")
    assert page(renamed).select_one("form.renamed input[checked]")["value"] == "same"
    assert answered(renamed, "new") == renamed
    assert [event.detail["same"] for event in AuditEvent.objects.filter(what=WHAT).order_by("pk")] == [
        True, False,
    ]  # fmt: skip
    assert publish(renamed).status_code == 303


def test_several_are_answered_one_by_one_or_together(begun: ModuleVersion):
    files = fruit("planting", "cooking")
    files["fruit/planting.md"] = bare("Growing", "All other words here.")
    files["fruit/cooking.md"] = bare("Eating", "None of them is old.")
    draft = uploaded(files)
    assert len(page(draft).select("form.renamed fieldset")) == 2
    version = answered(draft, "same")
    assert len(page(version).select("form.renamed fieldset")) == 1
    assert publish(version).status_code == 422
    assert answered(version, "new") == version
    assert publish(version).status_code == 303


@pytest.mark.parametrize("line", ["uuid: 5e2bd2cb-52dd-4f22-a1c5-a98b0b6c2f2f", ""])
def test_a_new_page_may_say_a_uuid_of_its_own(begun: ModuleVersion, line: str):
    files = fruit("planting", "eating") | {"fruit/planting.md": bare("Planting", ABOUT, front=line)}
    version = answered(uploaded(files), "same")
    assert str(version.sections.first().section.uuid) == str(begun.sections.first().section.uuid)
    assert uploaded(files) == version


def test_ids_that_the_tool_writes_after_renaming_change_no_answer(begun: ModuleVersion, tmp_path: Path):
    version = answered(uploaded(fruit("planting", "eating")), "same")
    index = written(tmp_path, fruit("planting", "eating"))
    assert call("fmt", index, "--ids")[2] == 0
    assert "uuid:" in (tmp_path / "fruit/planting.md").read_text()
    assert call("import_module", index)[2] == 0
    newest = ModuleVersion.objects.order_by("-number")[0]
    assert [row.section for row in newest.sections.all()] == [row.section for row in version.sections.all()]


def test_the_old_uuid_in_the_file_answers_it(begun: ModuleVersion, tmp_path: Path):
    index = written(tmp_path, fruit("planting", "eating"))
    _out, err, status = call("import_module", index, "--publish")
    assert status == 1
    assert "fruit/planting.md may be fruit/growing.md renamed, on which 2 people have records." in err
    assert "/authoring/versions/" in err
    told = re.search(r"write “(uuid: [0-9a-f-]{36})” into fruit/planting.md", err)
    assert told, err
    assert live() == begun
    (tmp_path / "fruit/planting.md").write_bytes(bare("Planting", ABOUT, front=told[1]))
    assert call("import_module", index, "--publish")[2] == 0
    assert any("Planting" in row for row in done(client_of("partner")))


def test_the_folder_of_the_site_tells_it_too(begun: ModuleVersion, tmp_path: Path):
    written(tmp_path, fruit("planting", "eating"))
    ModuleVersion.objects.update(why="from the content folder", published_by=None)
    out, err, status = call("publish_content", tmp_path)
    assert status == 1
    assert "may be fruit/growing.md renamed" in out + err
    assert live() == begun


def test_both_files_in_one_package_are_refused_by_name(renamed: ModuleVersion):
    answered(renamed, "same")
    files = fruit("growing", "planting", "eating")
    response = client_of("author").post("/authoring/uploads/", {"package": upload(zipped(files), "f.zip")})
    found = Upload.objects.get(uuid=response["Location"].split("/")[-2])
    (problem,) = [each for each in found.problems if each["severity"] == "error"]
    assert (problem["code"], problem["file"]) == ("E604", "fruit/planting.md")
    assert "“fruit/growing.md” were answered to be one page, renamed" in problem["message"]
    assert "fresh `uuid:`" in problem["remedy"]
    files["fruit/growing.md"] = bare("Growing", ABOUT, front="uuid: 5e2bd2cb-52dd-4f22-a1c5-a98b0b6c2f2f")
    kept = {row.slug: row.section for row in uploaded(files).sections.select_related("section")}
    assert kept["planting"] == Section.objects.get(progress__user=persona("partner"))


class TestNotAsked:
    def test_a_page_with_a_uuid_of_its_own_that_is_gone(self):
        modules.publish(modules.source("Fruit", {"Growing": "", "Eating": ""}))
        files = modules.source("Fruit", {"Planting": "", "Eating": ""})
        draft = uploaded(files)
        assert not asks(draft)
        assert publish(draft).status_code == 303

    def test_a_page_that_is_not_alike(self, begun: ModuleVersion):
        files = fruit("selling", "eating") | {"fruit/selling.md": bare("Selling", "A market on Sunday.")}
        assert publish(uploaded(files)).status_code == 303

    def test_a_page_that_is_only_gone_or_only_new(self, begun: ModuleVersion):
        for sections in (("eating",), ("eating", "growing", "planting")):
            draft = uploaded(fruit(*sections))
            assert not asks(draft)
            assert publish(draft).status_code == 303

    def test_a_first_version(self):
        assert not asks(uploaded(fruit("growing", "eating")))

    def test_going_back(self, begun: ModuleVersion, renamed: ModuleVersion):
        publish(answered(renamed, "new"))
        assert not asks(begun)
        assert publish(begun).status_code == 303
        assert live() == begun


def tree(*sections: str) -> dict[str, bytes]:
    """A path of two modules of which none says a uuid, nor its pages."""
    files = {
        "course.md": bare("Course", "Learn.", "toc:\n- ./fruit.md\n- ./roots.md\nvisibility:\n- Partner")
    }
    for title in ("fruit", "roots"):
        toc = "kind: module\ntoc:\n" + "".join(f"- ./{title}/{name}.md\n" for name in sections)
        files[f"{title}.md"] = bare(title.title(), "All of it.", toc.strip())
        files |= {f"{title}/{name}.md": bare(name.title(), f"{ABOUT} {title}") for name in sections}
    return files


def test_a_tree_asks_on_the_page_of_its_upload_and_publishes_together():
    author = client_of("author")
    _address, shown = sent(author, tree("growing", "eating"))
    assert publish_batch(author, shown).status_code == 303
    fruit_v1 = Module.objects.get(slug="fruit").published_version
    learnt(fruit_v1, "partner")
    address, shown = sent(author, tree("planting", "eating"))
    questions = shown.select("form.renamed")
    assert [text_of(form.h2) for form in questions] == ["Renamed? “Fruit”", "Renamed? “Roots”"]
    assert "One person has records" in text_of(questions[0])
    assert "Nobody has records" in text_of(questions[1])
    refused = publish_batch(author, shown)
    assert refused.status_code == 422
    told = text_of(soup(refused).select_one(".batch-line"))
    assert "may be fruit/growing.md renamed: the question stands above." in told
    assert "/authoring/versions/" not in told
    assert Module.objects.get(slug="fruit").published_version == fruit_v1
    for left in (1, 0):
        response = say(shown, "same")
        assert (response.status_code, response["Location"]) == (303, address)
        shown = soup(author.get(address))
        assert len(shown.select("form.renamed")) == left
    assert publish_batch(author, shown).status_code == 303
    assert Module.objects.count() == 2
    now = Module.objects.get(slug="fruit").published_version
    assert now != fruit_v1
    assert now.sections.first().section == fruit_v1.sections.first().section
    assert any("Planting" in row for row in done(client_of("partner")))
    _address, shown = sent(author, tree("planting", "eating"))
    assert text_of(shown.h1) == "Nothing new"


def test_what_was_written_in_the_browser_is_still_known_in_the_draft_that_holds_the_answer(
    renamed: ModuleVersion,
):
    BrowserChange.objects.create(
        version=renamed, path="fruit/eating.md", before="", by=persona("author"),
        after=renamed.package["files"]["fruit/eating.md"],
    )  # fmt: skip
    version = answered(renamed, "same")
    assert [row.path for row in version.browser_changes.all()] == ["fruit/eating.md"]


def test_a_draft_whose_files_can_no_longer_be_read_by_themselves_keeps_the_answer(renamed: ModuleVersion):
    # As if the site's rules had become stricter since: the index page lists itself.
    toc = fruit("planting", "eating")["fruit.md"].replace(b"./fruit/eating.md", b"./fruit.md")
    renamed.package["files"]["fruit.md"] = kept_files.keep(toc)
    renamed.save(update_fields=["package"])
    response = say(page(renamed), "same")
    assert response["Location"] == f"/authoring/versions/{renamed.pk}/"
    told = soup(response.client.get(response["Location"]))
    assert "Upload its files again" in text_of(told.select_one(".messages") or told.body)
    later = fruit("planting", "eating") | {"fruit/planting.md": bare("Planting", ABOUT + " Dig deep.")}
    assert publish(uploaded(later)).status_code == 303
    assert any("Planting" in row for row in done(client_of("partner")))


def test_an_upload_of_another_module_is_not_where_one_is_led(renamed: ModuleVersion):
    other = uploaded(modules.source("Pears"))
    shown = page(renamed)
    form = shown.select_one("form.renamed")
    name = str(form.select_one("input[type=radio]")["name"])
    data = {name: "new", "upload": str(other.uploads.get().upload.uuid)}
    response = client_of("author").post(str(form["action"]), data)
    assert response["Location"] == f"/authoring/versions/{renamed.pk}/"


@pytest.mark.parametrize("sent_value", ["maybe", "same "])
def test_an_answer_that_is_none_is_refused(renamed: ModuleVersion, sent_value: str):
    assert say(page(renamed), sent_value).status_code == 422
    assert not RenameAnswer.objects.exists()


def test_as_many_queries_for_three_pairs_as_for_one(begun: ModuleVersion):
    counts = []
    many = ("one", "two", "three")
    for number in (1, 3):
        Module.objects.update(published_version=None)
        files = fruit(*many[:number])
        files |= {f"fruit/{name}.md": bare(name, f"{name} {name} is a word") for name in many[:number]}
        modules.publish(files)
        new = {
            f"fruit/new-{name}.md": data
            for name, data in ((n, files[f"fruit/{n}.md"]) for n in many[:number])
        }
        draft = uploaded(fruit(*(f"new-{name}" for name in many[:number])) | new)
        assert len(page(draft).select("form.renamed fieldset")) == number
        client = client_of("author")
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/authoring/versions/{draft.pk}/")
        counts.append(len(caught))
    assert counts[0] == counts[1], counts
