"""Limited tries, sittings and results at the end, through the verbs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quizzes import opening
from quizzes.models import Response, Round
from quizzes.sent import Changed, NotAsked
from quizzes.turns import opens_at, turn_of
from tests.modules import a_module, question
from tests.quizzes.test_rounds import Taking, quiz_of

pytestmark = pytest.mark.django_db

RIGHT = {"que1": "The right one", "que2": "The right one"}
ONE_WRONG = {"que1": "The right one", "que2": "The wrong one"}


def taking(*options: str, title: str = "Apples") -> Taking:
    """Somebody before a check of two questions with these settings."""
    quiz = ":::{quiz} The check\n:id: check\n" + "\n".join(options) + "\n\n:::\n"
    return Taking(quiz_of(a_module(title, {"Growing": quiz + question("que1") + question("que2")})))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


class Clock:
    """The server's clock, which goes on when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.utils import timezone

        self.at = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def goes_on(self, **by: float) -> None:
        self.at += timedelta(**by)


def test_a_check_with_a_limit_begins_when_somebody_says_so():
    somebody = taking(":attempts: 2")
    assert turn_of(somebody.standing()) == "start"
    assert somebody.standing().asked() == []
    with pytest.raises(Changed):
        somebody.save({"que1": "The right one"})
    assert not Round.objects.exists()
    somebody.again()
    assert turn_of(somebody.standing()) == "open"
    assert len(somebody.standing().asked()) == 2


def test_a_round_in_which_nothing_was_checked_is_no_try():
    somebody = taking(":attempts: 1")
    somebody.again()
    somebody.save({"que1": "The wrong one"})
    assert somebody.standing().tries_left == 1
    somebody.check({"que1": "The wrong one"}, only="que1")
    assert somebody.standing().tries_left == 0


@pytest.mark.parametrize(("exhausted", "turn"), [("wait", "wait"), ("complete", "closed")])
def test_when_the_tries_are_used_up_none_begins(exhausted: str, turn: str):
    somebody = taking(":attempts: 2", f":exhausted: {exhausted}")
    somebody.again()
    somebody.check(ONE_WRONG)
    somebody.again()
    somebody.check({"que2": "The wrong one"})
    assert turn_of(somebody.standing()) == turn
    with pytest.raises(Changed):
        somebody.again()
    assert Round.objects.count() == 2


def test_one_more_round_opens_24_hours_after_the_last_each_time(clock: Clock):
    somebody = taking(":attempts: 1")
    somebody.again()
    somebody.check(ONE_WRONG)
    for number in (2, 3):
        assert opens_at(somebody.standing()) == clock.at + timedelta(hours=24)
        clock.goes_on(hours=23, minutes=59)
        with pytest.raises(Changed):
            somebody.again()
        clock.goes_on(minutes=1)
        assert somebody.again().number == number
        somebody.check({"que2": "The wrong one"})


def test_who_passes_needs_no_try_that_is_left():
    somebody = taking(":attempts: 1")
    somebody.again()
    somebody.check(RIGHT)
    assert turn_of(somebody.standing()) == "passed"


def test_a_sitting_asks_everything_again_and_counts_by_itself():
    somebody = taking(":kind: exam", ":attempts: 3")
    somebody.again()
    somebody.check(ONE_WRONG)
    somebody.again()
    assert {asked.spec.key for asked in somebody.standing().asked()} == {"que1", "que2"}
    somebody.check({"que1": "The wrong one", "que2": "The right one"})
    last = Round.objects.get(number=2)
    assert (last.passed, last.earned, last.full) == (False, 1, 2)
    somebody.again()
    somebody.check(RIGHT)
    assert Round.objects.get(number=3).passed


def test_an_exam_is_taken_once_and_tells_its_score_unless_it_says_otherwise():
    rule = taking(":kind: exam").quiz.spec_rule
    assert (rule.attempts, rule.feedback) == (1, "score")
    rule = taking(":kind: exam", ":attempts: unlimited", ":feedback: end", title="Pears").quiz.spec_rule
    assert (rule.attempts, rule.feedback) == (None, "end")


@pytest.mark.parametrize("options", [(":kind: exam",), (":feedback: end",), (":feedback: score",)])
def test_what_is_told_at_the_end_is_not_checked_by_the_question(options: tuple[str, ...]):
    somebody = taking(":attempts: 2", *options)
    somebody.again()
    with pytest.raises(NotAsked):
        somebody.check({"que1": "The right one"}, only="que1")
    assert not Response.objects.filter(checked_at__isnull=False).exists()


@pytest.mark.parametrize(("grade", "counts"), [("best", 1), ("last", 0)])
def test_the_sitting_that_counts(grade: str, counts: int):
    somebody = taking(":kind: exam", ":attempts: 2", f":grade: {grade}")
    somebody.again()
    somebody.check(ONE_WRONG)
    somebody.again()
    somebody.check({"que1": "The wrong one", "que2": "The wrong one"})
    first, second = Round.objects.order_by("number")
    assert second.or_better(first).earned == counts


@pytest.mark.trust("QZ-10")
def test_publishing_changes_nothing_in_a_sitting_however_long_it_is_open(clock: Clock):
    somebody = taking(":kind: exam", ":attempts: 2")
    somebody.again()
    later = taking(":pass: 100%")  # no exam any more, and the rule is another one
    clock.goes_on(days=30)
    standing = later.standing()
    assert standing.version.spec_rule.is_exam
    assert standing.version.spec_rule.attempts == 2
    later.check(ONE_WRONG)
    assert Round.objects.get().full == 2


@pytest.mark.trust("QZ-10")
def test_a_finished_sitting_is_not_judged_by_a_later_version():
    somebody = taking(":kind: exam")
    somebody.again()
    somebody.check(ONE_WRONG)
    quiz = ":::{quiz} The check\n:id: check\n:kind: exam\n\n:::\n"
    a_module("Apples", {"Growing": quiz + question("que1")})
    assert not Round.objects.get().passed


def test_a_round_that_was_left_is_not_lost_when_it_is_the_last_try(clock: Clock):
    somebody = taking(":attempts: 1")
    somebody.again()
    somebody.check({"que1": "The right one"}, only="que1")
    later = taking(":attempts: 1", ":pass: 60%")
    clock.goes_on(days=15)
    assert turn_of(later.standing()) == "open"
    later.check({"que2": "The right one"})
    assert Round.objects.get().passed


def test_begin_twice_is_one_round():
    somebody = taking(":attempts: 1")
    sent = somebody.sent()
    one = opening.begin(user=somebody.user, quiz=somebody.quiz, sent=sent)
    two = opening.begin(user=somebody.user, quiz=somebody.quiz, sent=sent)
    assert one.last == two.last
    assert Round.objects.count() == 1
