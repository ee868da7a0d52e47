"""Another try and more time: asked for, given by somebody else, told, and kept in the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from accounts.models import AuditEvent
from quizzes.models import ExtraTime, ExtraTry, Quiz, Response, Round
from tests.browsing import Hand, soup, text_of
from tests.journeys.test_tries import PAGE, answer, start, with_check
from tests.personas import client_of, persona
from tests.quizzes.test_tries import Clock, clock

__all__ = ["clock"]

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def learner(request: pytest.FixtureRequest) -> Hand:
    return Hand(client_of("partner"), htmx=request.param)


def asks(learner: Hand) -> ExtraTry:
    """They use up their only try and ask for another one."""
    with_check(":attempts: 1", ":exhausted: stay")
    start(learner)
    page = answer(learner, "check-all", que1=True, que2=False)
    assert "Your tries are used up" in text_of(page.select_one(".result"))
    assert learner.press(page, "ask").status_code in (200, 303)
    assert learner.press(page, "ask").status_code in (200, 303)  # another tab
    return ExtraTry.objects.get()


def ends(page: BeautifulSoup) -> Tag | None:
    return page.select_one(".check-clock")


@pytest.mark.parametrize(("who", "area"), [("manager", "team"), ("author", "authoring")])
def test_either_may_give_another_try_and_the_learner_is_told(learner: Hand, who: str, area: str):
    extra = asks(learner)
    assert "You asked for another one" in text_of(learner.get(PAGE).select_one(".result"))
    giver = client_of(who)
    home = Hand(giver).get("/team/" if area == "team" else "/authoring/people/")
    assert "Paul Partner asks for another try: Growing, Apples" in text_of(home.main)
    assert giver.post(f"/{area}/tries/{extra.pk}/", {"why": ""}).status_code == 422
    assert giver.post(f"/{area}/tries/{extra.pk}/", {"why": "You were ill"}).status_code in (302, 303)
    page = learner.get(PAGE)
    assert "gave you another try: “You were ill”" in text_of(page.select_one(".result"))
    learner.press(page, "again")
    answer(learner, "check-all", que2=True)
    assert Round.objects.get(number=2).passed
    event = AuditEvent.objects.get(what="another try given")
    assert (event.by, event.whom, event.why) == (persona(who), "Paul Partner", "You were ill")


def test_a_try_without_a_reason_is_refused_where_it_was_to_be_given(learner: Hand):
    one = asks(learner)
    other = ExtraTry.objects.create(user=one.user, quiz=Quiz.objects.exclude(pk=one.quiz_id).get())
    page = soup(client_of("manager").post(f"/team/tries/{other.pk}/", {"why": " "}))
    (told,) = page.select(".errorlist")
    field = page.select_one(f"#why-{other.pk}")
    assert told["id"] in field["aria-describedby"].split()
    assert field["aria-invalid"] == "true"
    assert page.select_one(f"#why-{one.pk}").get("aria-invalid") is None


@pytest.mark.trust("QZ-09")
def test_nobody_gives_themselves_anything_and_no_stranger_does(learner: Hand):
    extra = asks(learner)
    for who in ("globex_manager", "employee", "partner"):
        client = client_of(who)
        assert client.post(f"/team/tries/{extra.pk}/", {"why": "Because"}).status_code == 404
        person = persona("partner").pk
        assert client.post(f"/team/people/{person}/time/", {"factor": "2", "why": "x"}).status_code == 404
    ExtraTry.objects.update(user=persona("manager"))
    boss = client_of("manager")
    boss.post(f"/team/tries/{extra.pk}/", {"why": "Because"})
    boss.post(f"/team/people/{persona('manager').pk}/time/", {"factor": "2", "why": "Because"})
    assert not ExtraTry.objects.filter(granted_at__isnull=False).exists()
    assert not ExtraTime.objects.exists()


def give_time(factor: str) -> None:
    boss: Client = client_of("manager")
    answered = boss.post(f"/team/people/{persona('partner').pk}/time/", {"factor": factor, "why": "Dyslexia"})
    assert answered.status_code in (302, 303)


@pytest.mark.trust("QZ-09")
@pytest.mark.parametrize(("factor", "minutes"), [("1.25", 25), ("1.5", 30), ("2", 40), ("none", None)])
@pytest.mark.parametrize("when", ["before", "during"])
def test_more_time_before_and_during_for_this_person_alone(when: str, factor: str, minutes: int | None):
    with_check(":time: 20m")
    mine, other = Hand(client_of("partner")), Hand(client_of("globex_partner"))
    if when == "before":
        give_time(factor)
        line = text_of(mine.get(PAGE).select_one(".check-rule"))
        assert (f"{minutes} minutes" in line) is (minutes is not None)
    start(mine)
    start(other)
    give_time(factor)
    round_ = Round.objects.get(user=persona("partner"))
    wanted = None if minutes is None else round_.opened_at + timedelta(minutes=minutes)
    assert round_.deadline == wanted
    others = Round.objects.get(user=persona("globex_partner"))
    assert others.deadline == others.opened_at + timedelta(minutes=20)
    assert AuditEvent.objects.filter(what="time given", why="Dyslexia").exists()


@pytest.mark.trust("QZ-08")
def test_what_was_saved_in_time_is_handed_in_and_what_comes_late_is_refused(learner: Hand, clock: Clock):
    with_check(":time: 20m")
    page = start(learner)
    assert "Ends at" in text_of(ends(page))
    assert page.select_one("[data-clock]")["data-left"] == "1200"
    learner.press(page, "save", {"que1": ["The right one of que1"]}, question="que1")
    clock.goes_on(minutes=20)
    late = learner.press(page, "check-all", {"que2": ["The right one of que2"]})
    assert late.status_code == 409
    assert "The time was up" in text_of(soup(late).select_one(".notice"))
    round_ = Round.objects.get()
    assert round_.finished_at == round_.deadline
    assert [r.share for r in Response.objects.order_by("question__key")] == [1, 0]
    clock.goes_on(minutes=-10)  # a clock that goes back opens nothing
    assert (
        learner.press(page, "save", {"que2": ["The right one of que2"]}, question="que2").status_code == 409
    )


@pytest.mark.trust("QZ-08")
@pytest.mark.parametrize("who", ["learner", "manager"])
def test_whoever_looks_first_finds_it_handed_in(who: str, clock: Clock):
    with_check(":time: 20m", ":pass: 50%")
    learner = Hand(client_of("partner"))
    learner.press(start(learner), "save", {"que1": ["The right one of que1"]}, question="que1")
    clock.goes_on(minutes=19, seconds=59)
    assert ends(learner.get(PAGE)) is not None
    clock.goes_on(seconds=1)
    page = learner.get(PAGE) if who == "learner" else Hand(client_of("manager")).get("/team/apples/")
    assert Round.objects.get().passed
    assert "Done" in text_of(page.main)
