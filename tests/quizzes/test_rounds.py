"""Rounds through the verbs: what is frozen, what is kept, what two tabs can do to each other."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from courses.models import ModuleVersion, SectionVersion
from quizzes import opening, rounds
from quizzes.models import QuizVersion, Response, Round
from quizzes.sent import Changed, NotAsked, Outcome, Sent
from quizzes.standing import Standing, standings
from tests.modules import a_module, multiple, question
from tests.personas import persona

pytestmark = pytest.mark.django_db


def quiz_of(version: ModuleVersion) -> QuizVersion:
    section = SectionVersion.objects.filter(version=version).order_by("position")[0]
    return section.section_checks.get().quiz_version


def standing(user: User, quiz: QuizVersion) -> Standing:
    return standings(user, {quiz.quiz_id: quiz.pk})[quiz.quiz_id]


def key_of(quiz: QuizVersion, name: str, text: str) -> str:
    """The key of the choice that reads so."""
    for item in quiz.items.select_related("question_version"):
        if item.question_version.spec.key == name:
            return next(c.key for c in item.question_version.spec.choices if text in c.html)
    raise AssertionError(name)


class Taking:
    """One person at one check; each call is a page drawn anew unless a `sender` is given."""

    def __init__(self, quiz: QuizVersion, user: User | None = None) -> None:
        self.quiz, self.user = quiz, user or persona("partner")

    def sent(self, answers: dict[str, str | list[str]] | None = None, **fields) -> Sent:
        keys = {
            name: [key_of(self.quiz, name, text) for text in ([texts] if isinstance(texts, str) else texts)]
            for name, texts in (answers or {}).items()
        }
        now = {"token": standing(self.user, self.quiz).token, "sender": uuid4(), **fields}
        return Sent(answers=keys, **now)

    def save(self, answers, **fields) -> Outcome:
        return rounds.save(user=self.user, quiz=self.quiz, sent=self.sent(answers, **fields))

    def check(self, answers, *, only=None, blanks_too=False, **fields) -> Outcome:
        sent = self.sent(answers, **fields)
        return rounds.check(user=self.user, quiz=self.quiz, sent=sent, only=only, blanks_too=blanks_too)

    def again(self) -> Standing:
        return opening.begin(user=self.user, quiz=self.quiz, sent=self.sent())

    def standing(self) -> Standing:
        return standing(self.user, self.quiz)


@pytest.fixture
def taking() -> Taking:
    return Taking(
        quiz_of(a_module("Apples", {"Growing": question("que1") + multiple("que2") + question("que3")}))
    )


RIGHT: dict[str, str | list[str]] = {
    "que1": "The right one",
    "que2": ["First right", "Second right"],
    "que3": "The right one",
}


def test_the_first_save_opens_the_round_and_freezes_all_it_asks(taking: Taking):
    assert not Round.objects.exists()
    taking.save({"que1": "The wrong one"})
    assert Round.objects.get().number == 1
    assert Response.objects.count() == 3
    assert Response.objects.filter(saved_at__isnull=False).count() == 1


def test_a_round_is_finished_and_judged_when_its_last_question_is_checked(taking: Taking):
    assert not taking.check(RIGHT, only="que1").finished
    assert not taking.check(RIGHT, only="que2").finished
    outcome = taking.check(RIGHT, only="que3")
    assert outcome.finished
    assert Round.objects.get().passed
    assert Round.objects.get().earned == Round.objects.get().full == 3


def test_what_was_right_stays_right_and_only_what_was_missed_is_asked_again(taking: Taking):
    taking.check({**RIGHT, "que2": ["First right", "First wrong"]}, blanks_too=True)
    assert not Round.objects.get().passed
    taking.again()
    assert [a.spec.key for a in taking.standing().asked()] == ["que2"]
    assert {a.spec.key for a in taking.standing().kept()} == {"que1", "que3"}
    taking.check({"que2": RIGHT["que2"]})
    last = Round.objects.get(number=2)
    assert last.passed
    assert last.earned == 3


def test_the_first_answer_is_kept_apart_for_ever(taking: Taking):
    taking.check({**RIGHT, "que1": "The wrong one"})
    taking.again()
    taking.check({"que1": "The right one"})
    first = Response.objects.get(question__key="que1", is_first=True)
    assert (first.round.number, first.share) == (1, 0)


def test_again_while_a_round_is_open_gives_that_round(taking: Taking):
    taking.check({**RIGHT, "que1": "The wrong one"})
    assert taking.again().number == 2
    assert taking.again().number == 2
    assert Round.objects.count() == 2


@pytest.mark.trust("QZ-04")
def test_the_same_request_twenty_times_is_one_answer(taking: Taking):
    sent = taking.sent({"que1": "The wrong one"})
    for _retry in range(20):
        outcome = rounds.check(user=taking.user, quiz=taking.quiz, sent=sent, only="que1")
        assert outcome.already == ()
    assert Response.objects.filter(checked_at__isnull=False).count() == 1


@pytest.mark.trust("QZ-04")
def test_the_request_that_finished_the_round_can_be_repeated(taking: Taking):
    sent = taking.sent(RIGHT)
    first = rounds.check(user=taking.user, quiz=taking.quiz, sent=sent)
    again = rounds.check(user=taking.user, quiz=taking.quiz, sent=sent)
    assert first.finished
    assert not again.finished
    assert Round.objects.count() == 1


@pytest.mark.trust("QZ-04")
def test_two_tabs_with_different_answers_one_grade_and_the_second_is_told(taking: Taking):
    one = taking.sent({"que1": "The wrong one"})
    two = taking.sent({"que1": "The right one"})
    rounds.check(user=taking.user, quiz=taking.quiz, sent=one, only="que1")
    outcome = rounds.check(user=taking.user, quiz=taking.quiz, sent=two, only="que1")
    assert outcome.already == ("que1",)
    assert Response.objects.get(question__key="que1").share == 0


@pytest.mark.trust("QZ-04")
def test_a_save_after_the_check_is_told_and_changes_nothing(taking: Taking):
    late = taking.sent({"que1": "The right one"})
    taking.check({"que1": "The wrong one"}, only="que1")
    assert rounds.save(user=taking.user, quiz=taking.quiz, sent=late).already == ("que1",)
    assert Response.objects.get(question__key="que1").share == 0


@pytest.mark.trust("QZ-04")
def test_a_form_of_a_finished_round_is_recognised(taking: Taking):
    late = taking.sent({"que1": "The right one"})
    taking.check({**RIGHT, "que1": "The wrong one"})
    with pytest.raises(Changed):
        rounds.check(user=taking.user, quiz=taking.quiz, sent=late, only="que1")
    with pytest.raises(Changed):
        rounds.save(user=taking.user, quiz=taking.quiz, sent=late)


@pytest.mark.trust("HX-06")
def test_a_late_save_never_undoes_a_newer_one_of_the_same_page(taking: Taking):
    sender = uuid4()
    taking.save({"que1": "The right one"}, sender=sender, seq=2)
    taking.save({"que1": "The wrong one"}, sender=sender, seq=1)
    saved = Response.objects.get(question__key="que1")
    assert saved.chosen == [key_of(taking.quiz, "que1", "The right one")]
    taking.save({"que1": "Another wrong one"}, seq=0)  # a page drawn later
    saved.refresh_from_db()
    assert saved.chosen == [key_of(taking.quiz, "que1", "Another wrong one")]


@pytest.mark.trust("QZ-05")
@pytest.mark.parametrize("answers", [{"nope": ["x"]}, {"que1": ["not-a-choice"]}, {"que1": ["BOTH"]}])
def test_what_the_round_does_not_ask_is_refused_and_nothing_is_written(taking: Taking, answers):
    if answers == {"que1": ["BOTH"]}:
        answers = {"que1": [key_of(taking.quiz, "que1", t) for t in ("The right one", "The wrong one")]}
    sent = Sent(token=taking.standing().token, sender=uuid4(), answers=answers)
    with pytest.raises(NotAsked):
        rounds.save(user=taking.user, quiz=taking.quiz, sent=sent)
    assert not Round.objects.exists()


@pytest.mark.trust("QZ-05")
def test_show_me_before_the_second_miss_is_refused(taking: Taking):
    taking.check({"que1": "The wrong one"}, only="que1")
    with pytest.raises(NotAsked):
        rounds.show(user=taking.user, quiz=taking.quiz, sent=taking.sent(), question="que1")


def test_an_open_round_keeps_its_wording_and_the_next_round_asks_the_live_one(taking: Taking):
    taking.check({"que1": "The wrong one"}, only="que1")
    reworded = question("que1").replace("Which one is right?", "Which one is right today?")
    quiz = quiz_of(a_module("Apples", {"Growing": reworded + multiple("que2") + question("que3")}))
    open_ = standing(taking.user, quiz)
    assert "today" not in open_.asked()[0].spec.stem_html
    taking.check({"que2": RIGHT["que2"], "que3": RIGHT["que3"]})
    later = Taking(quiz)
    later.again()
    assert [a.spec.key for a in later.standing().asked()] == ["que1"]
    assert "today" in later.standing().asked()[0].spec.stem_html


def test_a_missed_question_that_was_withdrawn_leaves_both_sides(taking: Taking):
    taking.check({**RIGHT, "que1": "The wrong one", "que3": "The wrong one"})
    quiz = quiz_of(a_module("Apples", {"Growing": multiple("que2") + question("que3")}))
    later = Taking(quiz)
    later.again()
    later.check({"que3": "The right one"})
    last = Round.objects.get(number=2)
    assert (last.passed, last.earned, last.full) == (True, 2, 2)


def test_a_round_left_for_14_days_goes_on_with_the_live_version(taking: Taking):
    taking.check({"que1": "The right one"}, only="que1")
    quiz = quiz_of(a_module("Apples", {"Growing": question("que1") + multiple("que2") + question("que4")}))
    assert standing(taking.user, quiz).number == 1
    long_ago = timezone.now() - timedelta(days=15)
    Round.objects.update(opened_at=long_ago)
    Response.objects.filter(saved_at__isnull=False).update(saved_at=long_ago)
    later = Taking(quiz)
    assert [a.spec.key for a in later.standing().asked()] == ["que2", "que4"]
    later.check({"que2": RIGHT["que2"], "que4": "The right one"})
    assert [(r.number, r.passed) for r in Round.objects.order_by("number")] == [(1, False), (2, True)]


def test_the_order_of_the_choices_is_the_same_for_one_person_and_round(taking: Taking):
    assert taking.standing().order_key == taking.standing().order_key
    assert taking.standing().order_key != Taking(taking.quiz, persona("employee")).standing().order_key


@pytest.mark.parametrize(
    "fields",
    [
        {"share_num": 2, "share_den": 1, "checked_at": timezone.now()},
        {"share_num": -1, "share_den": 1, "checked_at": timezone.now()},
        {"share_num": 1, "share_den": 1, "checked_at": None},
        {"share_num": None, "share_den": None, "checked_at": timezone.now()},
    ],
)
def test_the_database_refuses_a_share_that_cannot_be(taking: Taking, fields):
    taking.save({"que1": "The wrong one"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(question__key="que1").update(**fields)


def test_the_database_refuses_a_second_open_round(taking: Taking):
    taking.save({"que1": "The wrong one"})
    first = Round.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(user=first.user, quiz=first.quiz, quiz_version=first.quiz_version, number=2)
