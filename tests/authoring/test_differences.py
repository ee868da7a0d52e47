"""What an author is told before publishing: what differs, in which words, and whom it touches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from authoring.differences import Difference, difference, differences
from authoring.release import release
from courses.models import ModuleVersion
from learning.models import Policy, SectionProgress
from learning.progress import note_opened
from learning.record import record_of
from tests import modules
from tests.browsing import Hand, soup, text_of
from tests.modules import question
from tests.packages import png
from tests.personas import client_of, persona
from tests.trust.world import complete

pytestmark = pytest.mark.django_db

WAS = {"Growing": question("que1"), "Eating": question("que2"), "Storing": "Keep them cool."}
NOW = {
    "Storing": "Keep them cool and dry.",
    "Growing": question("que1").replace("- [ ] Another", "- [x] Another") + question("que9"),
    "Cooking": "Cook them.",
}


def answered(name: str, section: str = "growing", key: str = "que1") -> None:
    """Somebody opens a section and answers a question there."""
    hand = Hand(client_of(name))
    hand.press(hand.get(f"/modules/apples/{section}/"), f"check:{key}", {key: ["The wrong one"]})


def told(found: Difference) -> dict[str, str]:
    """What became of each page, by title."""
    return {change.page.title: change.kind for change in found.changes}


def compare_page(version: ModuleVersion, query: str = "") -> BeautifulSoup:
    response = client_of("author").get(f"/authoring/versions/{version.pk}/compare/{query}")
    assert response.status_code == 200
    return soup(response)


def test_pages_questions_and_people():
    live = modules.publish(modules.source("Apples", WAS))
    answered("employee")
    answered("partner")
    answered("partner", "eating", "que2")
    draft = modules.store(modules.source("Apples", NOW))
    found = difference(draft, live)
    assert told(found) == {
        "Apples": "changed", "Storing": "changed", "Growing": "changed", "Cooking": "added", "Eating": "removed",
    }  # fmt: skip
    page = compare_page(draft)
    growing = text_of(page.select_one(f"#page-{modules.uuid_of('Apples/Growing')}"))
    assert "opened by 2 people" in growing
    assert "Judged differently Which one is right? que1 · answered by 2 people" in growing
    assert "right now: “Another wrong one of que1”" in growing
    assert "New Which one is right? que9" in growing
    eating = text_of(page.select_one(f"#page-{modules.uuid_of('Apples/Eating')}"))
    assert "Gone Eating opened by one person" in eating
    storing = page.select_one(f"#page-{modules.uuid_of('Apples/Storing')}")
    assert "moved to another place" in text_of(storing)
    assert [text_of(ins) for ins in storing.select(".diff-row.changed ins")] == ["added: and dry"]
    assert "2 people have opened a page that changes." in text_of(page.select_one(".lead"))


def test_a_person_who_was_asked_to_read_a_page_again_is_one_person():
    live = modules.a_module("Apples", {"Growing": "", "Eating": ""})
    complete(persona("partner"), live)
    new = modules.store(modules.source("Apples", {"Growing": "More.", "Eating": ""}))
    tomorrow = timezone.localdate() + timedelta(days=1)
    release(new, by=None, policy=Policy.RETRAIN, due=tomorrow, confirmed=1)
    section = new.sections.get(slug="growing")
    record = record_of(persona("partner"), new.module_id)
    note_opened(user=persona("partner"), section=section, record=record)
    assert SectionProgress.objects.filter(section=section.section).count() == 2
    newer = modules.store(modules.source("Apples", {"Growing": "Most.", "Eating": ""}))
    assert difference(newer, new).people[str(section.section.uuid)] == 1


def test_what_is_the_same_says_so():
    live = modules.publish(modules.source("Apples", WAS))
    assert [c.kind for c in difference(live, live).changes] == ["same"] * 4
    assert "Nothing differs" in text_of(compare_page(live).main)


def test_a_first_version_is_new_as_a_whole():
    draft = modules.store(modules.source("Apples", WAS))
    assert set(told(difference(draft, None)).values()) == {"added"}
    assert "No version is live yet" in text_of(compare_page(draft).main)


def test_who_sees_a_page_and_what_it_shows():
    given = modules.source("Apples", {"Growing": "![A square](./1.png)\n", "Eating": ""})
    given["apples/1.png"] = png()
    modules.publish(given)
    changed = modules.source(
        "Apples",
        {"Growing": "![A square](./1.png)\n", "Eating": ""},
        section_front={"Eating": "visibility:\n- Employee\nrequired: false\nduration: 9"},
    )
    changed["apples/1.png"] = png("red")
    page = compare_page(modules.store(changed))
    assert "file 1.png" in text_of(page.select_one(f"#page-{modules.uuid_of('Apples/Growing')}"))
    eating = text_of(page.select_one(f"#page-{modules.uuid_of('Apples/Eating')}"))
    for fact in ("closes to Partner", "is optional now", "duration: – → 9"):
        assert fact in eating


def test_a_renderer_that_draws_a_page_anew_changes_nothing_for_its_author():
    """The body's row is another one then; what its author wrote is the same."""
    live = modules.publish(modules.source("Apples", WAS))
    draft = modules.store({**modules.source("Apples", WAS), "apples/more.txt": b""})
    for section in draft.sections.select_related("body"):
        body = section.body
        body.pk, body.digest, body.html = None, body.digest[::-1], body.html + "<p></p>"
        body.save()
        draft.sections.filter(pk=section.pk).update(body=body)
    assert difference(draft, live).changed == []


def test_a_text_of_any_length_is_cut_and_can_be_seen_alone():
    modules.publish(modules.source("Apples", {"Growing": "a\n\n" * 3000, "Eating": "a\n\n" * 10}))
    draft = modules.store(modules.source("Apples", {"Growing": "b\n\n" * 3000, "Eating": "b\n\n" * 10}))
    page = compare_page(draft)
    assert len(page.select(".diff-row")) <= 2000
    eating = modules.uuid_of("Apples/Eating")
    link = page.select_one(f"#page-{eating} a[href*='?page=']")
    alone = compare_page(draft, str(link["href"]).rpartition("/")[2])
    assert [article["id"] for article in alone.select("article")] == [f"page-{eating}"]
    assert alone.select(".diff-row")


def test_the_number_of_queries_is_the_same_for_many_versions():
    pairs = []
    for n in range(4):
        live = modules.publish(modules.source(f"Apples {n}", WAS))
        pairs.append((modules.store(modules.source(f"Apples {n}", NOW)), live))
    counts = []
    for several in (pairs[:1], pairs):
        with CaptureQueriesContext(connection) as caught:
            differences(several)
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12
