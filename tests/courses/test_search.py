"""What search finds: the same pages in the same order in either database, and what is live alone."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from authoring.release import release
from courses import access, search, withdrawing
from courses.models import SearchEntry
from courses.words import Question
from tests import modules
from tests.personas import persona

pytestmark = pytest.mark.django_db

FRUIT = {
    "Growing": "Plant them in autumn.\n\n## The harvest\n\nSweet-tempered apples ripen in September; crème fraîche helps.",
    "Eating": "A harvest festival is a fine day. C++ is not eaten.",
    "Cooking": "Straße and ŁÓDŹ, 日本語 and **bold** <b>tags</b>.",
}


def found(typed: str, who: str = "employee") -> list[str]:
    """The titles of what this person finds."""
    ids = search.find(Question.read(typed), access.search_gate(persona(who)))
    rows = SearchEntry.objects.in_bulk(ids)
    return [str(rows[pk]) for pk in ids]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("autumn", ["Growing"]),
        ("AUTUMN", ["Growing"]),
        ("autu", ["Growing"]),
        ("autu plant", []),  # only the last word goes on
        ('"autu"', []),
        ("harvest", ["Growing", "Eating"]),  # a heading before a text
        ("harvests", ["Growing", "Eating"]),
        ("eating", ["Eating"]),
        ("plant september", ["Growing"]),
        ("september plant", ["Growing"]),
        ('"plant september"', []),
        ('"plant them in"', ["Growing"]),
        ("sweet-tempered", ["Growing"]),
        ("tempered-sweet", []),
        ("creme fraiche", ["Growing"]),
        ("CRÈME", ["Growing"]),
        ("strasse", ["Cooking"]),
        ("日本", ["Cooking"]),
        ("本日", []),
        ("c++", ["Eating"]),
        ("bold tags", ["Cooking"]),
        ("zebra", []),
        ("autumn zebra", []),
        ("apples", ["Apples", "Growing", "Eating", "Cooking"]),  # the module's name is on all its pages
        ("apples autumn", ["Growing"]),
        ("'; DROP TABLE courses_search --", []),
        ("autumn OR zebra", []),
        ("title : autumn", []),
        ("autumn NEAR plant", []),
        ("-autumn ^plant autumn*", ["Growing"]),
        ("autumn & plant | them:*", ["Growing"]),
    ],
)
def test_what_is_found(typed: str, titles: list[str]):
    modules.a_module("Apples", FRUIT)
    assert found(typed) == titles


@pytest.mark.parametrize(
    "typed", ["autumn" * 2000, "a " * 5000, "autumn 😀 \0 \u202e", "\ud7ff x" * 9, "ﷺ" * 300]
)
def test_no_question_breaks_it(typed: str):
    modules.a_module("Apples", FRUIT)
    assert isinstance(found(typed), list)


def test_words_side_by_side_come_first():
    modules.a_module(
        "Pears", {"Apart": "A green and round pear.", "Beside": "A round, green pear. Round green."}
    )
    assert found("round green") == ["Beside", "Apart"]


def test_a_title_comes_before_a_heading_before_a_text():
    text = {"Other": "quince " * 50, "Heading": "### Quince\n\nNo.", "A quince": "No."}
    modules.a_module("Pears", text)
    assert found("quince") == ["A quince", "Heading", "Other"]


def test_a_page_of_a_hundred_thousand_words_is_found_by_its_first():
    modules.a_module("Pears", {"Long": "first " + " ".join(f"ﷺ{n}x{n}" for n in range(9_000)), "Short": "no"})
    assert found("first") == ["Long"]


def test_a_description_is_found_too():
    front = "visibility:\n- Employee\ndescription: All about pomology"
    modules.a_module("Apples", FRUIT, front=front)
    assert found("pomology") == ["Apples"]


@pytest.mark.trust("AC-11")
def test_a_path_is_found_and_closes_what_is_below_it():
    modules.a_path("Orchard course", modules.source("Apples", FRUIT, front=""))
    assert found("orchard") == ["Orchard course"]
    assert found("autumn") == ["Growing"]
    for question in ("orchard", "autumn"):
        assert found(question, "partner") == []
    before = SearchEntry.objects.count()
    assert search.rebuild() == before == 5
    assert found("orchard") == ["Orchard course"]


def test_an_index_page_that_is_a_section_is_found_once():
    modules.publish(modules.source("Alone", {}))
    assert found("alone") == ["Alone"]


@pytest.mark.trust("LK-02")
def test_what_is_live_is_found_from_the_transaction_that_made_it_live():
    assert found("autumn") == []
    draft = modules.store(modules.source("Apples", FRUIT))
    assert found("autumn") == []
    release(draft, by=None)
    assert found("autumn") == ["Growing"]
    modules.publish(modules.source("Apples", FRUIT | {"Growing": "Plant them in spring."}))
    assert (found("autumn"), found("spring")) == ([], ["Growing"])
    release(draft, by=None, why="It was better")
    assert (found("autumn"), found("spring")) == (["Growing"], [])


@pytest.mark.trust("LK-02")
def test_a_row_that_should_be_gone_shows_nothing():
    version = modules.a_module("Apples", FRUIT)
    version.module.published_version = None
    version.module.save()
    assert SearchEntry.objects.exists()
    assert found("autumn") == []


@pytest.mark.trust("F-16")
def test_a_lost_index_is_made_anew():
    modules.a_module("Apples", FRUIT)
    modules.a_module("Pears", {"Ripe": "Read this."})
    modules.store(modules.source("Plums", {"Ripe": "Read this."}))
    before = found("apples"), found("ripe")
    search._forget(SearchEntry.objects.all())
    assert found("apples") == []
    for _twice in range(2):
        told = StringIO()
        call_command("rebuild_search", stdout=told)
        assert told.getvalue() == "Pages that search finds: 6\n"
        assert (found("apples"), found("ripe")) == before
        assert SearchEntry.objects.count() == 6


FOR_EMPLOYEES = "visibility: [Employee]"


@pytest.mark.trust("AC-11", "LK-01", "AC-05", "AC-06")
def test_what_is_hidden_is_not_found_and_changes_nothing():
    modules.a_module("Apples", FRUIT)
    typed = ("harvest", "autumn", "apples", "in", "harvest day")
    before = [found(question, "partner") for question in typed]
    hidden = {"Secret harvest": "Harvest in autumn, day by day. " * 40}
    for number in range(3):
        modules.a_module(f"Staff {number}", hidden, front=FOR_EMPLOYEES)
    narrower = {**FRUIT, **hidden}
    modules.publish(modules.source("Apples", narrower, section_front={"Secret harvest": FOR_EMPLOYEES}))
    assert [found(question, "partner") for question in typed] == before
    assert len(found("harvest", "employee")) == 6
    assert found("harvest", "stranger") == []


def test_a_page_for_everybody_is_found_by_a_person_without_a_company():
    modules.publish(modules.source("Apples", FRUIT, front=""))
    assert found("autumn", "stranger") == ["Growing"]


@pytest.mark.trust("LK-02")
def test_what_is_withdrawn_is_not_found_until_it_is_back():
    version = modules.a_module("Apples", FRUIT)
    section = version.sections.get(slug="growing").section
    for what, left in ((section, ["Apples", "Eating", "Cooking"]), (version.module, [])):
        withdrawing.withdraw(what)
        assert found("apples") == left
        withdrawing.restore(what)
        assert found("apples") == ["Apples", "Growing", "Eating", "Cooking"]
