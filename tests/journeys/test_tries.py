"""A learner whose tries are limited, and one who sits an exam; with htmx and without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from learning.models import Completion, SectionProgress
from quizzes.models import Response, Round
from tests.browsing import Hand, soup, text_of
from tests.modules import a_module, multiple, question
from tests.personas import client_of

pytestmark = pytest.mark.django_db

PAGE = "/modules/apples/growing/"


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def learner(request: pytest.FixtureRequest) -> Hand:
    return Hand(client_of("partner"), htmx=request.param)


def with_check(*options: str, body: str = "", front: str = "") -> None:
    """Two sections, the first of which ends with a check that has these settings."""
    quiz = ":::{quiz} The check\n:id: check\n" + "\n".join(options) + "\n\n:::\n"
    body = body or question("que1") + question("que2")
    a_module(
        "Apples",
        {"Growing": quiz + body, "Eating": question("que3")},
        front=f"visibility:\n- Employee\n- Partner\n{front}",
    )


def start(learner: Hand) -> BeautifulSoup:
    learner.press(learner.get(PAGE), "start")
    return learner.get(PAGE)


def answer(learner: Hand, act: str, **right: bool) -> BeautifulSoup:
    """Answer these questions, and press; the page afterwards."""
    texts = {key: [f"The {'right' if is_right else 'wrong'} one of {key}"] for key, is_right in right.items()}
    assert learner.press(learner.get(PAGE), act, texts).status_code in (200, 303)
    return learner.get(PAGE)


def test_the_rule_stands_in_one_line_and_start_shows_the_questions(learner: Hand):
    with_check(":attempts: 3")
    page = learner.get(PAGE)
    line = "2 questions · 2 right to pass · 3 rounds · your manager sees state, tries and scores"
    assert line in text_of(page.select_one(".check"))
    assert "Which one is right?" not in text_of(page.main)
    page = start(learner)
    assert "Round 1 of 3" in text_of(page.select_one(".check-head"))
    assert page.select('input[name="answer-que1"]')


@pytest.mark.trust("QZ-01")
def test_before_the_start_a_page_tells_nothing_of_the_questions(learner: Hand):
    with_check(":attempts: 3")
    html = str(learner.get(PAGE))
    assert "que1" not in html


def test_used_up_tries_wait_and_say_when(learner: Hand):
    with_check(":attempts: 1")
    start(learner)
    page = answer(learner, "check-all", que1=True, que2=False)
    result = page.select_one(".result")
    assert "Your tries are used up. One more round opens" in text_of(result)
    finished_at = Round.objects.get().finished_at
    assert finished_at is not None
    at = timezone.localtime(finished_at + timedelta(hours=24))
    assert result.select_one("time")["datetime"] == at.isoformat()
    assert f"at {at:%H:%M}" in text_of(result.select_one("time"))
    assert result.select_one("time")["title"]
    # Everything is explained now, the right answer of what was missed as well.
    assert "The right answer" in text_of(page.select_one("#q-que2"))
    assert "que2 explanation" in text_of(page.select_one("#q-que2"))
    assert not result.select('button[value="again"]')


@pytest.mark.trust("QZ-03")
def test_a_form_from_before_begins_no_more_rounds_than_there_are(learner: Hand):
    with_check(":attempts: 1")
    before = learner.get(PAGE)
    start(learner)
    answer(learner, "check-all", que1=True, que2=False)
    refused = learner.press(before, "start")
    assert refused.status_code == 409
    assert "moved on" in text_of(soup(refused).select_one(".notice"))
    assert learner.press(learner.get(PAGE), "again").status_code == 409
    assert Round.objects.count() == 1


def test_used_up_and_complete_counts_as_done_and_says_so(learner: Hand):
    with_check(":attempts: 1", ":exhausted: complete")
    start(learner)
    page = answer(learner, "check-all", que1=True, que2=False)
    assert "Tries used up: counts as done" in text_of(page.select_one(".check-head"))
    assert "Done: tries used up" in text_of(page.select_one("#outline"))
    assert SectionProgress.objects.get(done_at__isnull=False).cause == "used_up"
    learner.press(learner.get("/modules/apples/eating/"), "check:que3", {"que3": ["The right one of que3"]})
    assert Completion.objects.get().score is not None
    boss = Hand(client_of("manager"))
    table = boss.get("/team/apples/").select_one("table")
    assert "tries used up" in text_of(table)


def test_in_a_linear_module_a_used_up_check_locks_nothing_behind_it(learner: Hand):
    with_check(":attempts: 1", front="sequence: linear")
    assert "Locked" in text_of(learner.get(PAGE).select_one("#outline"))
    start(learner)
    page = answer(learner, "check-all", que1=True, que2=False)
    assert "Locked" not in text_of(page.select_one("#outline"))
    assert "Continue to Eating" in text_of(page.select_one(".result"))
    assert learner.get("/modules/apples/eating/").select_one('[name="answer-que3"]')


def test_an_exam_tells_its_score_at_its_end_and_nothing_before(learner: Hand):
    with_check(":kind: exam", ":attempts: 2", body=question("que1") + multiple("que2"))
    page = start(learner)
    assert "Sitting 1 of 2" in text_of(page.select_one(".check-head"))
    assert not page.select('button[value^="check:"]')
    one = learner.press(page, "save", {"que1": ["The right one of que1"]}, question="que1")
    assert one.status_code in (200, 303)
    page = learner.get(PAGE)
    assert page.select_one('input[name="answer-que1"][checked]')
    asked = learner.press(page, "check-all")
    assert asked.status_code == 422
    assert "Go to question 2" in text_of(soup(asked).select_one(".ask"))
    learner.press(learner.get(PAGE), "check-all", {"que2": ["First right of que2"]})
    page = learner.get(PAGE)
    assert "1 of 2 right: 75 %. You pass with 80 %." in text_of(page.select_one(".result"))
    assert "partly" not in text_of(page.select_one(".check"))
    assert not page.select(".question")
    assert "Take it again: all 2 questions" in text_of(page.select_one(".result"))


def test_after_the_last_sitting_everything_is_explained_without_counts(learner: Hand):
    with_check(":kind: exam", body=question("que1") + multiple("que2"))
    start(learner)
    answers = {"que1": ["The wrong one of que1"], "que2": ["First right of que2"]}
    learner.press(learner.get(PAGE), "check-all", answers)
    page = learner.get(PAGE)
    assert "que1 explanation" in text_of(page.select_one("#q-que1"))
    assert "Partly right" in text_of(page.select_one("#q-que2 .verdict-line"))
    assert "ticks" not in text_of(page.select_one("#q-que2"))
    assert "One more sitting opens" in text_of(page.select_one(".result"))


@pytest.mark.parametrize("feedback", ["end", "score"])
def test_feedback_at_the_end(learner: Hand, feedback: str):
    with_check(f":feedback: {feedback}")
    page = learner.get(PAGE)  # no limit: shown at once
    assert not page.select('button[value^="check:"]')
    assert learner.press(page, "check:que1", {"que1": ["The right one of que1"]}).status_code == 400
    page = answer(learner, "check-all", que1=True, que2=False)
    assert "1 of 2 right so far: 50 %" in text_of(page.select_one(".result"))
    assert bool(page.select("#q-que2 .verdict")) is (feedback == "end")
    assert "que2 explanation" not in str(page)
    learner.press(page, "again")
    page = answer(learner, "check-all", que2=True)
    assert "que1 explanation" in str(page)
    assert "que2 explanation" in str(page)


def test_unanswered_questions_of_an_exam_are_named_once(learner: Hand):
    with_check(":kind: exam")
    page = start(learner)
    asked = soup(learner.press(page, "check-all"))
    assert "2 questions have no answer yet." in text_of(asked.select_one(".ask"))
    assert learner.press(asked, "check-anyway").status_code in (200, 303)
    assert Response.objects.filter(share_num=0).count() == 2


def test_hints_open_one_after_another(learner: Hand):
    hints = ":hint: First of all\n:hint2: And then\n:hint3: At last\n"
    with_check(body=question("que1").replace(":id: que1\n", f":id: que1\n{hints}"))
    outer = learner.get(PAGE).select_one("details.hint")
    assert "First of all" in text_of(outer.select_one(":scope > .prose"))
    inner = outer.select_one(":scope > details.hint > details.hint")
    assert "At last" in text_of(inner)
