"""What a learner and their manager meet once more was published: told, counted, and led on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from authoring.release import release
from courses.models import ModuleVersion
from learning.models import Asking, Certificate, Completion, Policy
from tests import modules
from tests.browsing import Hand, text_of
from tests.learning.factories_team import complete, take
from tests.modules import question
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

ONE = {"Growing": question("que1"), "Eating": "Read this."}
DUE = timezone.localdate() + timedelta(days=30)
TODAY = date_format(timezone.localdate(), "j M")


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def learner(request: pytest.FixtureRequest) -> Hand:
    return Hand(client_of("partner"), htmx=request.param)


def again(sections: dict[str, str], **options: Any) -> ModuleVersion:
    version = modules.store(modules.source("Apples", sections))
    release(version, by=None, **options)
    return version


def asked() -> ModuleVersion:
    """The partner has completed Apples and is asked to do so again."""
    complete(persona("partner"), modules.publish(modules.source("Apples", ONE)))
    changed = {**ONE, "Eating": "Read that."}
    return again(changed, policy=Policy.RETRAIN, due=DUE, confirmed=1)


def card(learner: Hand) -> str:
    return text_of(learner.get("/").select_one(".module-card")).replace(" ,", ",")


def day(when: Any) -> str:
    same = when.year == timezone.localdate().year
    return date_format(when, "j M" if same else "j M Y")


@pytest.mark.trust("CE-08", "CE-09")
def test_asked_again_is_told_everywhere_and_taken_to_its_end(learner: Hand):
    asked()
    other = modules.publish(modules.source("Bananas", {"Peeling": "Read."}))
    take_open(learner, other)
    assert f"Done {TODAY}, asked again by {day(DUE)}" in card(learner)  # the first of the two
    assert "Take it again: Growing" in card(learner)
    module = learner.get("/modules/apples/")
    assert "You are asked to complete this module again by" in text_of(module.select_one(".notice.warning"))
    first = Certificate.objects.get()
    kept = text_of(learner.get(f"/certificates/{first.serial}/").main)
    assert "This certificate is valid for version 1" in kept

    section = learner.get("/modules/apples/growing/")
    assert "Not started" not in text_of(section.main)
    response = learner.press(section, "check:que1", {"que1": ["The right one"]})
    assert response.status_code == (200 if learner.htmx else 303)
    assert "1 of 2 done" in card(learner)
    eating = learner.get("/modules/apples/eating/").select_one("form.reader-step")
    assert eating is not None
    learner.client.post(str(eating["action"]))
    last = text_of(learner.get("/").select(".module-card")[-1])
    assert f"Done {TODAY}" in last
    assert "asked again" not in last
    result = text_of(learner.get("/completed/apples/").main)
    assert "Completed before" in result
    assert "Version 1, completed on" in result
    assert Certificate.objects.count() == 2
    assert first == Certificate.objects.get(pk=first.pk)


def take_open(learner: Hand, version: ModuleVersion) -> None:
    learner.get(f"/modules/{version.module.slug}/")


def test_additions_are_told_to_who_is_done_and_to_who_is_under_way(learner: Hand):
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    take(persona("employee"), live, "Growing")
    again({**ONE, "Storing": "Read.", "Selling": "Read."})
    assert f"Done {TODAY} · 2 new sections since" in card(learner)
    notice = text_of(learner.get("/modules/apples/").select_one(".additions"))
    assert notice == f"Added {TODAY} : Storing , Selling"
    employee = Hand(client_of("employee"))
    assert "Storing" in text_of(employee.get("/modules/apples/").select_one(".additions"))
    assert "1 of 4 done" in card(employee)


def test_what_a_module_began_with_was_not_added(learner: Hand):
    modules.publish(modules.source("Apples", ONE))
    assert learner.get("/modules/apples/").select(".additions") == []


def test_small_corrections_are_told_to_who_may_see_what_was_corrected(learner: Hand):
    complete(persona("partner"), modules.publish(modules.source("Apples", ONE)))
    again({**ONE, "Eating": "Read that."}, policy=Policy.MINOR)
    assert f"Done {TODAY}, small corrections since" in card(learner)


@pytest.mark.trust("QZ-10")
def test_who_is_in_a_round_finishes_it_and_it_counts_for_what_it_was_begun_for(learner: Hand):
    two = {**ONE, "Storing": question("que2") + question("que3")}
    complete(persona("partner"), modules.publish(modules.source("Apples", ONE)))
    again(two)
    page = learner.get("/modules/apples/storing/")
    learner.press(page, "check:que2", {"que2": ["The right one"]})
    again(
        {**two, "Storing": question("que2") + question("que3") + "Anew."},
        policy=Policy.RETRAIN,
        due=DUE,
        confirmed=1,
    )
    learner.press(learner.get("/modules/apples/storing/"), "check:que3", {"que3": ["The right one"]})
    anew = learner.get("/modules/apples/storing/")
    assert "2 questions to answer" in text_of(anew.select_one(".check-foot"))
    assert anew.select_one(".check .eyebrow") is None  # the first round of this time
    learner.press(anew, "check-all", {"que2": ["The right one"], "que3": ["The right one"]})
    assert "1 of 3 done" in card(learner)
    assert Completion.objects.count() == 1


def test_the_team_page_counts_who_is_asked_by_itself():
    asked()
    client = client_of("manager")
    page = Hand(client).get("/team/")
    tiles = [text_of(tile) for tile in page.select(".tile")]
    assert tiles == ["All 2", "Done 0 of 2", "Under way 0 of 2", "Not started 1 of 2", "Asked again 1 of 2"]
    assert "Asked again" in text_of(page.table)
    only = Hand(client).get("/team/?state=asked")
    assert [text_of(row) for row in only.select("tbody .who")] == ["Paul Partner"]
    rows = client.get("/team/export.csv?state=asked").content.decode("utf-8-sig").splitlines()
    assert f'"asked again","0","{timezone.localdate().isoformat()}"' in rows[1]
    assert rows[1].endswith(f'"{DUE.isoformat()}"')
    section = text_of(Hand(client).get("/team/apples/").table)
    assert "by " + date_format(DUE, "j M Y") in section.replace("\xa0", " ")


def test_no_tile_for_what_nobody_is_asked():
    modules.publish(modules.source("Apples", ONE))
    page = Hand(client_of("manager")).get("/team/")
    assert "Asked again" not in text_of(page.main)


def test_the_paths_above_say_by_which_day_a_module_is_asked_again():
    user, client = persona("partner"), client_of("partner")
    apples = modules.source("Apples", ONE, front="")
    modules.a_path("Fruit", apples, front="visibility: [Employee, Partner]")
    complete(user, ModuleVersion.objects.get(module__slug="apples"))
    hand = Hand(client)
    assert "1 of 1 module done" in text_of(hand.get("/").select_one(".path-card"))
    again_in_path = modules.store(modules.source("Apples", {**ONE, "Eating": "Read that."}, front=""))
    release(again_in_path, by=None, policy=Policy.RETRAIN, due=DUE, confirmed=1)
    assert f"Asked again by {day(DUE)}" in text_of(hand.get("/").select_one(".path-card"))
    assert f"Asked again by {day(DUE)}" in text_of(hand.get("/paths/fruit/").select_one(".page-head"))
    late = timezone.localdate() - timedelta(days=2)
    Asking.objects.update(due=late)
    assert f"Asked again, was due by {day(late)}" in text_of(
        hand.get("/paths/fruit/").select_one(".page-head")
    )


def test_after_additions_the_next_step_is_what_is_new_and_all_sections_are_counted():
    user, hand = persona("partner"), Hand(client_of("partner"))
    complete(user, modules.publish(modules.source("Apples", ONE)))
    assert text_of(hand.get("/modules/apples/").select_one(".step .primary")) == "See your result"
    again({**ONE, "Storing": question("que3")})
    page = hand.get("/modules/apples/")
    assert "3 sections" in text_of(page.select_one(".reader-head"))
    step = page.select_one(".step .primary")
    assert text_of(step).startswith("See what is new: Storing")
    assert step["href"] == "/modules/apples/storing/"
    assert "See your result" in text_of(page.select_one(".step"))
    shown = hand.get("/").select_one(".module-card")
    assert "3 sections" in text_of(shown)
    assert "See what is new: Storing" in text_of(shown)
