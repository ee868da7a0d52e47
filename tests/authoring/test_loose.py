"""Pages of live modules, uploaded without their index page: each replaces the page that it is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from authoring.differences import difference
from courses.models import ModuleVersion
from tests import modules
from tests.authoring.test_upload import URL, send
from tests.browsing import soup, text_of
from tests.packages import png, upload, zipped
from tests.personas import client_of

pytestmark = pytest.mark.django_db

APPLES = modules.source("Apples", {"Growing": "![A square](./1.png)\n", "Eating": "", "Baking": ""})
PEARS = modules.source("Pears", {"Picking": "", "Eating": ""})


@pytest.fixture
def live() -> dict[str, ModuleVersion]:
    return {
        "apples": modules.publish({**APPLES, "apples/1.png": png()}),
        "pears": modules.publish(PEARS),
    }


def better(source: bytes) -> bytes:
    return source.replace(b"Some words", b"Better words")


def bare(source: bytes) -> bytes:
    return b"".join(line for line in source.splitlines(True) if not line.startswith(b"uuid:"))


def changed_in(draft: ModuleVersion) -> list[str]:
    bodies = {"": draft.body.source} | {s.title: s.body.source for s in draft.sections.all()}
    return sorted(title for title, source in bodies.items() if "Better words" in source)


def drafts() -> dict[str, ModuleVersion]:
    return {draft.module.slug: draft for draft in ModuleVersion.objects.filter(number__gt=1)}


def send_loose(**pages: bytes) -> str:
    sent = [upload(data, f"{name}.md") for name, data in pages.items()]
    return text_of(soup(client_of("author").post(URL, {"package": sent}, follow=True)).main)


def test_two_loose_pages_are_one_draft_of_their_module(live):
    page = send_loose(one=better(APPLES["apples/growing.md"]), two=better(APPLES["apples/eating.md"]))
    (draft,) = drafts().values()
    assert (draft.module.slug, draft.made_from) == ("apples", live["apples"])
    assert changed_in(draft) == ["Eating", "Growing"]
    assert [entry["title"] for entry in draft.entries] == ["Growing", "Eating", "Baking"]
    assert draft.page_media.count() == 1
    assert "apples/growing.md, apples/eating.md are those you uploaded" in page


def test_a_zip_of_two_pages_does_the_same_and_brings_its_pictures(live):
    growing = better(APPLES["apples/growing.md"]).replace(b"./1.png", b"./growing/2.png")
    files = {
        "x/growing.md": growing,
        "x/growing/2.png": png(),
        "x/eating.md": better(APPLES["apples/eating.md"]),
    }
    status, text = send(zipped(files))
    assert status == "accepted", text
    (draft,) = drafts().values()
    assert changed_in(draft) == ["Eating", "Growing"]
    assert "apples/growing/2.png" in draft.package["files"]


def test_a_zip_of_one_section_and_its_picture_replaces_it(live):
    status, text = send(zipped({"growing.md": better(APPLES["apples/growing.md"]), "1.png": png()}))
    assert status == "accepted", text
    assert changed_in(drafts()["apples"]) == ["Growing"]


def test_pages_of_two_modules_are_a_draft_of_each(live):
    send_loose(a=better(APPLES["apples/eating.md"]), b=better(PEARS["pears/eating.md"]))
    assert {slug: changed_in(draft) for slug, draft in drafts().items()} == {
        "apples": ["Eating"],
        "pears": ["Eating"],
    }


def test_two_index_pages_replace_each_its_own(live):
    send_loose(a=better(APPLES["apples.md"]), b=better(PEARS["pears.md"]))
    assert {slug: changed_in(draft) for slug, draft in drafts().items()} == {"apples": [""], "pears": [""]}


def test_an_error_in_one_page_keeps_the_drafts_of_all_out(live):
    text = send_loose(a=better(APPLES["apples/eating.md"]), b=PEARS["pears/eating.md"] + b"[x](javascript:x)")
    assert "pears/eating.md" in text
    assert drafts() == {}


def test_a_page_without_uuid_is_known_by_its_file_name_where_one_page_has_it(live):
    send_loose(baking=better(bare(APPLES["apples/baking.md"])), x=better(APPLES["apples/growing.md"]))
    assert changed_in(drafts()["apples"]) == ["Baking", "Growing"]


def test_a_file_name_that_two_live_pages_have_is_asked_about(live):
    text = send_loose(eating=bare(APPLES["apples/eating.md"]), x=APPLES["apples/growing.md"])
    assert "E621" in text
    assert "“eating.md” may be “apples/eating.md” or “pears/eating.md”: which folder is meant?" in text
    assert "Write the page's uuid into it" in text.replace("`", "")
    assert drafts() == {}


def test_a_page_that_is_nowhere_live_is_named(live):
    text = send_loose(new=modules.page("New").encode(), x=APPLES["apples/growing.md"])
    assert "new.md" in text
    assert "E685" in text
    assert drafts() == {}


def test_one_page_twice_is_told(live):
    text = send_loose(a=APPLES["apples/growing.md"], b=better(APPLES["apples/growing.md"]))
    assert "E604" in text
    assert drafts() == {}


def test_an_index_page_with_its_pages_is_the_module_anew(live):
    send_loose(apples=APPLES["apples.md"], growing=better(APPLES["apples/growing.md"]))
    assert [entry["uuid"] is not None for entry in drafts()["apples"].entries] == [True, False, False]


def test_nothing_changed_is_nothing_new(live):
    assert "Nothing new" in send_loose(a=APPLES["apples/eating.md"], b=PEARS["pears/eating.md"])


def notices(version: ModuleVersion) -> list[str]:
    """What its page says, and its line on the page of its upload, before anybody publishes it."""
    shown = soup(client_of("author").get(f"/authoring/versions/{version.pk}/"))
    uploaded = soup(client_of("author").get(f"/authoring/uploads/{version.uploads.get().upload.uuid}/"))
    return [text_of(told) for page in (shown, uploaded) for told in page.select(".unsent")]


def test_an_index_page_with_some_of_its_pages_says_which_live_ones_would_be_coming_soon(live):
    assert client_of("partner").get("/modules/apples/baking/").status_code == 200
    send_loose(apples=APPLES["apples.md"], growing=better(APPLES["apples/growing.md"]))
    draft = drafts()["apples"]
    told = notices(draft)
    assert len(told) == 2
    for words in told:
        assert "2 sections that learners read now become “coming soon”" in words
        assert "Eating Baking opened by one person" in words
    compared = soup(client_of("author").get(f"/authoring/versions/{draft.pk}/compare/"))
    assert text_of(compared).count("This version lists it, but its file is not there") == 2


def test_a_page_that_is_listed_no_more_is_gone_and_not_coming_soon(live):
    files = modules.source("Apples", {"Growing": "", "Eating": "", "Frying": ""})
    del files["apples/frying.md"]  # a page that is coming soon, and never was there
    send(zipped(files))
    assert notices(drafts()["apples"]) == []


def test_that_a_page_was_in_a_tree_makes_no_difference():
    course = modules.page("Course", front="kind: path\nvisibility:\n- Employee\ntoc:\n- course/apples.md")
    tree = {"course.md": course.encode()} | {f"course/{path}": data for path, data in APPLES.items()}
    modules.publish_tree(tree)
    send(zipped({path: APPLES[path] for path in ("apples.md", "apples/growing.md")}))
    assert all("2 sections that learners read now" in told for told in notices(drafts()["apples"]))
    assert len(notices(drafts()["apples"])) == 2


def test_how_many_sections_lack_costs_no_queries(live):
    counts = []
    for left in (2, 0):
        files = modules.source("Apples", {f"Part {n}": "" for n in range(3)} | {"Growing": "", "Eating": ""})
        modules.publish(files)
        for n in range(left, 3):
            del files[f"apples/part-{n}.md"]
        draft = modules.store(files)
        with CaptureQueriesContext(connection) as queries:
            found = difference(draft, draft.module.published_version)
        counts.append((len(found.soon), len(queries)))
    assert [soon for soon, _n in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]
