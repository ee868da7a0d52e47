"""Each kind of question from the first draft to the look back, with and without htmx."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from courses.models import ModuleVersion
from quizzes.models import Response, Round
from tests.browsing import Hand, soup, text_of
from tests.journeys.kinds import KINDS, OPEN, POLL, WHY, Asked
from tests.modules import publish, question, source
from tests.personas import client_of

pytestmark = pytest.mark.django_db

PAGE = "/modules/oaks/leaves/"


@pytest.fixture(params=KINDS)
def asked(request: pytest.FixtureRequest) -> Asked:
    found = KINDS[request.param]
    publish(source("Oaks", {"Leaves": found.source + question("other")}))
    return found


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def learner(request: pytest.FixtureRequest) -> Hand:
    return Hand(client_of("partner"), htmx=request.param)


def whole(response: Any) -> str:
    return response.content.decode() + str(response.headers.items())


def leaked(response: Any, asked: Asked) -> list[str]:
    return [secret for secret in (*asked.secrets, WHY) if secret in whole(response)]


def press(learner: Hand, act: str, fields: dict[str, str] | None = None) -> Any:
    return learner.press(learner.get(PAGE), act, {}, **(fields or {}))


def card(learner: Hand) -> str:
    return text_of(learner.get(PAGE).select_one("#q-asked"))


@pytest.mark.trust("QZ-01")
def test_from_the_first_draft_to_the_look_back(asked: Asked, learner: Hand) -> None:
    saved = press(learner, "save:asked", asked.wrong)
    assert saved.status_code == (200 if learner.htmx else 303)
    assert leaked(saved, asked) == leaked(learner.client.get(PAGE), asked) == []
    assert Response.objects.get(question__key="asked").checked_at is None
    assert "Saved" in card(learner)  # and the draft stands in its fields:

    missed = press(learner, "check:asked")
    assert leaked(missed, asked) == leaked(learner.client.get(PAGE), asked) == []
    assert asked.verdict in card(learner)
    assert asked.told in card(learner)
    press(learner, "check:other", {})  # blank: nothing happens
    press(learner, "check-anyway")
    press(learner, "again")
    assert leaked(learner.client.get(PAGE), asked) == []

    press(learner, "check:asked", asked.wrong)  # the second miss offers to show
    assert leaked(learner.client.get(PAGE), asked) == []
    press(learner, "show:asked")
    assert WHY in card(learner)
    assert "You asked to be shown" in card(learner)
    press(learner, "check-anyway")
    press(learner, "again")
    press(learner, "check:asked", asked.right)
    assert "Right" in card(learner)
    assert WHY in card(learner)
    press(learner, "check-anyway")
    press(learner, "again")
    look_back = learner.get(PAGE).select_one("details#q-asked")
    assert WHY in text_of(look_back)
    shares = Response.objects.filter(question__key="asked").order_by("round__number")
    assert [response.share for response in shares] == [0, 0, 1]
    assert list(shares.values_list("is_first", flat=True)) == [True, False, False]
    assert Round.objects.count() == 4


def test_left_blank_is_asked_once_and_not_wrong(asked: Asked, learner: Hand) -> None:
    response = press(learner, "check:asked", asked.blank)
    assert response.status_code == 422
    assert "first." in text_of(soup(response).select_one("#error-asked"))
    press(learner, "check-anyway", asked.blank)
    assert "Not answered" in card(learner)


@pytest.mark.trust("QZ-05")
def test_what_its_form_never_sends_is_refused(asked: Asked, learner: Hand) -> None:
    page = learner.get(PAGE)
    forged: list[dict[str, Any]] = [{"answer-asked": ["deadbeef", "cafe"]}]
    for place in page.select("#q-asked select"):
        forged += [{"answer-asked.nowhere": "1"}, {str(place["name"]): "deadbeef"}]
    for fields in forged:
        data = {"act": "check:asked", **hidden_of(page), **fields}
        assert learner.client.post(action_of(page), data).status_code == 400
    assert not Response.objects.exists()


def hidden_of(page: Any) -> dict[str, str]:
    return {
        str(i["name"]): str(i.get("value", "")) for i in page.select("form.check-form input[type=hidden]")
    }


def action_of(page: Any) -> str:
    return str(page.select_one("form.check-form")["action"])


def test_its_author_sees_it_with_its_answers(asked: Asked) -> None:
    author = client_of("author")
    draft = ModuleVersion.objects.latest("pk")
    section = draft.sections.get()
    page = author.get(f"/authoring/versions/{draft.pk}/as/Partner/pages/{section.section.uuid}/")
    assert [secret for secret in asked.secrets if secret not in page.content.decode()] == []


@pytest.mark.parametrize("asked", ["text", "number", "blanks"], indirect=True)
@pytest.mark.parametrize("act", ["save:asked", "check:asked", "check-all"])
def test_what_is_too_long_is_not_lost(asked: Asked, learner: Hand, act: str) -> None:
    long = "<b>é" * 25_000
    name = next(iter(asked.wrong))
    response = press(learner, act, {**asked.wrong, name: long})
    assert response.status_code == 422
    page = soup(response)
    assert "characters" in text_of(page)
    if not (learner.htmx and act == "save:asked"):
        assert page.select_one(f'[name="{name}"]')["value"] == long
        assert "Saved" not in text_of(page.select_one("#q-asked .saved-line"))
    assert list(Response.objects.exclude(chosen=[])) == []


def test_what_is_open_is_answered_and_not_graded(learner: Hand) -> None:
    publish(source("Oaks", {"Leaves": OPEN + POLL.replace("id: asked", "id: poll")}))
    page = learner.get(PAGE)
    assert "answer all of them to pass" in text_of(page.select_one(".check-rule"))
    assert WHY not in text_of(page)
    too_long = press(learner, "check:asked", {"answer-asked": "é" * 10_001})
    assert too_long.status_code == 422
    assert soup(too_long).select_one("textarea").get_text().strip() == "é" * 10_001
    press(learner, "save:asked", {"answer-asked": "Since\n</textarea><i>so"})
    assert learner.get(PAGE).select_one("textarea").get_text() == "\nSince\n</textarea><i>so"
    press(learner, "check:asked")
    assert "Noted, thank you" in card(learner)
    assert WHY in card(learner)
    assert "1 of 2 answered" in text_of(learner.get(PAGE).select_one(".check-foot"))

    press(learner, "check-anyway")  # the poll is left blank, so it is asked again
    assert "1 of 2 answered" in text_of(learner.get(PAGE).select_one(".result.missed"))
    press(learner, "again")
    kept = text_of(learner.get(PAGE).select_one("details#q-asked"))
    assert "answered in an earlier round" in kept
    assert "Since" in kept
    press(learner, "check:poll", {"answer-poll": "very"})
    page = learner.get(PAGE)
    assert "2 of 2 answered. Thank you." in text_of(page.select_one(".result.passed"))
    assert "Good for you." in text_of(page.select_one("#q-poll"))
    assert "right" not in text_of(page.select_one("#q-poll")).lower()
    assert list(Round.objects.order_by("number").values_list("passed", flat=True)) == [False, True]


def test_what_is_not_graded_stands_beside_the_points(learner: Hand) -> None:
    publish(source("Oaks", {"Leaves": POLL + question("other") + question("third")}))
    assert "3 questions · 2 right to pass" in text_of(learner.get(PAGE).select_one(".check-rule"))
    press(learner, "check:asked", {"answer-asked": "very"})
    assert "0 of 2 right" in text_of(learner.get(PAGE).select_one(".check-foot"))
    learner.press(learner.get(PAGE), "check-all", {"other": ["The right one"], "third": ["The right one"]})
    assert "2 of 2 right. Passed with 100 %." in text_of(learner.get(PAGE).select_one(".result"))


def test_what_was_left_blank_strands_nobody_when_it_is_withdrawn(learner: Hand) -> None:
    publish(source("Oaks", {"Leaves": OPEN + POLL.replace("id: asked", "id: poll")}))
    press(learner, "check-anyway", {"answer-asked": "Since."})
    assert learner.get(PAGE).select_one(".result.missed")
    publish(source("Oaks", {"Leaves": OPEN}))
    assert learner.get(PAGE).select_one(".result.passed")


@pytest.mark.trust("QZ-13")
@pytest.mark.parametrize("asked", ["text"], indirect=True)
def test_what_is_typed_is_shown_as_text(asked: Asked, learner: Hand) -> None:
    hostile = '"><script>alert(1)</script>{{ 7|add:7 }}\0'
    press(learner, "save:asked", {"answer-asked": hostile})
    page = learner.get(PAGE)
    assert page.select_one('[name="answer-asked"]')["value"] == hostile.rstrip("\0")
    press(learner, "check:asked")
    assert hostile.rstrip("\0") in card(learner)
    assert not learner.get(PAGE).select("#q-asked script")


@pytest.mark.trust("QZ-14")
@pytest.mark.parametrize("asked", ["number"], indirect=True)
@pytest.mark.parametrize("act", ["check:asked", "check-all", "check-anyway"])
def test_a_number_that_nobody_can_read_is_no_try(asked: Asked, learner: Hand, act: str) -> None:
    response = press(learner, act, {"answer-asked": "seven"})
    assert response.status_code == 422
    assert "a number such as 2.5" in text_of(soup(response).select_one("#error-asked"))
    assert learner.get(PAGE).select_one('[name="answer-asked"]')["value"] == "seven"
    assert not Response.objects.filter(checked_at__isnull=False).exists()
    press(learner, "check:asked", {"answer-asked": "7"})
    assert Response.objects.get(question__key="asked").share == 0


@pytest.mark.parametrize("asked", ["order"], indirect=True)
def test_a_place_given_twice_is_no_try(asked: Asked, learner: Hand) -> None:
    first, second, _third = asked.right
    response = press(learner, "check:asked", {**asked.right, second: asked.right[first]})
    assert response.status_code == 422
    assert "Give each place once" in text_of(soup(response).select_one("#error-asked"))
    assert not Response.objects.filter(checked_at__isnull=False).exists()


@pytest.mark.trust("QZ-01")
@pytest.mark.parametrize("asked", ["match", "categorize", "blanks"], indirect=True)
def test_what_is_partly_right_does_not_say_which_part_was(asked: Asked, learner: Hand) -> None:
    name = [*asked.right][1]
    press(learner, "check:asked", {**asked.wrong, name: asked.right[name]})
    page = learner.get(PAGE)
    assert f"1 of {len(asked.right)} is right" in card(learner)
    assert {" ".join(row["class"]) for row in page.select("#q-asked .choice")} == {"choice chosen"}
    assert Response.objects.get(question__key="asked").share == Fraction(1, len(asked.right))
