"""What publishing does to people who are in the middle of something: nobody is stranded, nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from courses import access
from learning import progress
from learning.catalogue import cards_for
from learning.models import Certificate, Completion, SectionProgress
from learning.record import outline_of, record_of
from learning.reports import team_report
from quizzes.models import Rejudgement, Response, Round
from quizzes.sent import Sent
from quizzes.standing import standings
from tests import factories, modules
from tests.browsing import Hand, text_of
from tests.modules import a_module, multiple, question
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

GROWING = "/modules/apples/growing/"
THREE = {"que1": ["The wrong one"], "que2": ["The right one"], "que3": ["The right one"]}


@pytest.fixture
def learner() -> Hand:
    return Hand(client_of("partner"))


def test_a_missed_question_that_is_withdrawn_was_all_that_stood_in_the_way(learner: Hand):
    a_module("Apples", {"Growing": question("que1") + question("que2") + question("que3")})
    learner.press(learner.get(GROWING), "check-all", THREE)
    assert not Round.objects.get().passed
    a_module("Apples", {"Growing": question("que2") + question("que3")})
    round_ = Round.objects.get()
    assert round_.passed
    assert (round_.earned, round_.full) == (2, 3)  # as they were on the day
    assert round_.counted == (2, 2)
    assert Completion.objects.get().cause == "published"
    assert Completion.objects.get().score == 1
    page = learner.get(GROWING)
    assert "Passed" in text_of(page.select_one(".check"))
    assert "again" not in str(page.select("button[name=act]"))


def test_a_withdrawal_that_lifts_the_share_over_the_pass_mark_passes_with_a_miss_left(learner: Hand):
    five = "".join(question(f"que{n}") for n in range(1, 6))
    a_module("Apples", {"Growing": "\n:::{quiz} Check\n:id: check-it\n:pass: 75%\n\n:::\n" + five})
    wrong = {"que1": ["The wrong one"], "que2": ["The wrong one"]}
    right = {f"que{n}": ["The right one"] for n in (3, 4, 5)}
    learner.press(learner.get(GROWING), "check-all", {**wrong, **right})
    four = five.replace(question("que1"), "")
    a_module("Apples", {"Growing": "\n:::{quiz} Check\n:id: check-it\n:pass: 75%\n\n:::\n" + four})
    assert Rejudgement.objects.count() == 1
    assert Completion.objects.count() == 1


def test_nobody_passes_because_a_question_was_added_or_reworded(learner: Hand):
    a_module("Apples", {"Growing": question("que1") + question("que2")})
    learner.press(learner.get(GROWING), "check-all", {"que1": ["The wrong one"], "que2": ["The right one"]})
    reworded = question("que1").replace("Which one", "Now, which one")
    a_module("Apples", {"Growing": reworded + question("que2") + question("que3")})
    assert not Round.objects.filter(passed=True).exists()
    page = learner.get(GROWING)
    assert "Try the 2 missed questions again" in text_of(page.select_one(".result"))


def test_who_is_in_a_round_finishes_it_and_is_then_judged_by_what_is_left(learner: Hand):
    a_module("Apples", {"Growing": question("que1") + question("que2")})
    learner.press(learner.get(GROWING), "check:que1", {"que1": ["The wrong one"]})
    a_module("Apples", {"Growing": question("que2")})
    page = learner.get(GROWING)
    assert "2 questions · 2 right to pass" in text_of(page.select_one(".check-rule"))
    learner.press(page, "check:que2", {"que2": ["The right one"]})
    assert Round.objects.get().passed
    assert Completion.objects.count() == 1


def test_the_rule_that_is_told_is_that_of_the_round(learner: Hand):
    body = "".join(question(f"que{n}") for n in range(1, 6))
    a_module("Apples", {"Growing": body})
    answers = {f"que{n}": ["The right one" if n > 2 else "The wrong one"] for n in range(1, 6)}
    learner.press(learner.get(GROWING), "check-all", answers)
    learner.press(learner.get(GROWING), "again")
    a_module("Apples", {"Growing": question("que1") + question("que2")})
    page = learner.get(GROWING)
    assert "5 questions · 4 right to pass" in text_of(page.select_one(".check-rule"))
    assert "3 of 5 right" in text_of(page.select_one(".tally"))


def test_a_round_left_for_long_stays_open_when_the_live_version_has_nothing_more_to_ask(learner: Hand):
    a_module("Apples", {"Growing": question("que1") + question("que2")})
    learner.press(learner.get(GROWING), "check:que1", {"que1": ["The right one"]})
    a_module("Apples", {"Growing": question("que1")})
    long_ago = timezone.now() - timedelta(days=15)
    Round.objects.update(opened_at=long_ago)
    Response.objects.filter(saved_at__isnull=False).update(saved_at=long_ago)
    page = learner.get(GROWING)
    learner.press(page, "check:que2", {"que2": ["The wrong one"]})
    assert Completion.objects.count() == 1


def test_giving_a_check_an_id_keeps_what_was_right(learner: Hand):
    both = question("que1") + question("que2")
    a_module("Apples", {"Growing": both})
    learner.press(learner.get(GROWING), "check-all", {"que1": ["The right one"], "que2": ["The wrong one"]})
    a_module("Apples", {"Growing": "\n:::{quiz} Check\n:id: growing-check\n\n:::\n" + both})
    page = learner.get(GROWING)
    assert "1 of 2 right" in text_of(page.select_one(".tally"))
    assert not page.select('input[name="answer-que1"]')
    learner.press(page, "check:que2", {"que2": ["The right one"]})
    assert Completion.objects.count() == 1


def test_a_release_between_looking_up_and_answering_loses_no_completion():
    a_module("Apples", {"Growing": question("que1"), "Eating": question("que2")})
    user = persona("partner")
    section = access.section_for(user, "apples", "growing")
    quiz = section.section_checks.get().quiz_version
    standing = standings(user, {quiz.quiz_id: quiz.pk})[quiz.quiz_id]
    right = [choice.key for choice in standing.asked()[0].spec.choices if choice.right]
    sent = Sent(token=standing.token, sender=uuid4(), answers={"que1": right})
    live = a_module("Apples", {"Growing": question("que1")})
    progress.check_answers(user=user, section=section, quiz=quiz, sent=sent)
    assert outline_of(user, live, record_of(user, live.module_id)).complete
    assert Completion.objects.get().version == live
    assert Certificate.objects.count() == 1


def test_people_of_a_suspended_company_are_not_certified_for_less():
    company = factories.organisation("Initech", ["Partner"])
    person = factories.person(organisation=company)
    narrow = {"Narrow": "visibility:\n- Partner"}
    sections = {"Open": "Read this.", "Narrow": question("que1")}
    modules.publish(modules.source("Apples", sections, front="", section_front=narrow))
    progress.mark_done(user=person, section=access.section_for(person, "apples", "open"))
    company.is_active = False
    company.save()
    changed = {**sections, "Narrow": question("que1") + "\nOne more word.\n"}
    modules.publish(modules.source("Apples", changed, front="", section_front=narrow))
    assert SectionProgress.objects.filter(user=person, done_at__isnull=False).count() == 1
    assert not Completion.objects.exists()


@pytest.mark.parametrize("act", ["save", "check-anyway"])
def test_unticking_everything_without_scripts_is_an_empty_answer(learner: Hand, act: str):
    a_module("Apples", {"Growing": multiple("que1") + question("que2")})
    learner.press(learner.get(GROWING), "save", {"que1": ["First right", "Second right"]})
    page = learner.get(GROWING)
    for field in page.select('input[name="answer-que1"]'):
        del field["checked"]
    learner.press(page, act)
    assert Response.objects.get(question__key="que1").chosen == []


def test_a_page_that_stands_open_elsewhere_takes_no_ticks_away(learner: Hand):
    a_module("Apples", {"Growing": multiple("que1") + question("que2")})
    stale = learner.get(GROWING)
    learner.press(learner.get(GROWING), "save", {"que1": ["First right"]}, question="que1")
    learner.press(stale, "check:que2", {"que2": ["The right one"]})
    assert len(Response.objects.get(question__key="que1").chosen) == 1


def test_a_section_that_moves_to_another_module_is_begun_there_for_learner_and_manager(learner: Hand):
    learner_, manager = persona("partner"), persona("manager")
    apples = modules.source("Apples", {"Growing": question("que1"), "Eating": question("que2")})
    modules.publish(apples)
    learner.press(learner.get(GROWING), "check:que1", {"que1": ["The right one"]})
    path = next(path for path in apples if path.endswith("growing.md"))
    modules.publish(modules.source("Apples", {"Eating": question("que2")}))
    pears = modules.source("Pears", {"Picking": question("que3")})
    index = next(iter(pears))
    pears[index] = pears[index].replace(b"toc:\n", b"toc:\n- ./pears/growing.md\n")
    pears["pears/growing.md"] = apples[path]
    modules.publish(pears)
    cards = {card.title: card.state for card in cards_for(learner_)}
    assert cards == {"Apples": "not_started", "Pears": "under_way"}
    rows = [row for row in team_report(manager).rows if row.person == learner_]
    assert {row.version.title: row.state for row in rows} == cards
