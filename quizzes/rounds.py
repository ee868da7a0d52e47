"""Saving and checking answers. Rounds are opened by `quizzes.opening` and judged by `quizzes.judging`.

Whatever one learner does is serialised by a lock on their own row, so that two tabs
cannot check one question twice. Whether the learner may answer at all, and since when
their rounds count (`since`), was decided by whoever found the check for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from quizzes import grading
from quizzes.corrections import credit
from quizzes.judging import finish_if_all_checked, grade
from quizzes.kinds.table import KINDS
from quizzes.models import QuizVersion, Response
from quizzes.opening import locked, open_if_pending
from quizzes.sent import Changed, Late, NotAsked, Outcome, Refusal, Sent
from quizzes.standing import Standing

if TYPE_CHECKING:
    from accounts.models import User


AWAY = 60 * 60  # seconds: whoever needs longer for one question was somewhere else


@transaction.atomic
def save(*, user: User, quiz: QuizVersion, sent: Sent, since: datetime | None = None) -> Outcome:
    """Keep the choices of a form without grading them; opens the round when it is the first save.

    What was checked meanwhile stays as it was, and the outcome says so. Raises `Changed` or
    `NotAsked`, and then nothing was written.
    """
    standing = locked(user, quiz, since)
    _refuse_late(standing, sent)
    if not _is_current(standing, sent):
        raise Changed
    open_if_pending(standing, user)
    already, long = _fill(standing, sent)
    return Outcome(standing, already=already, refused=dict.fromkeys(long, "long"))


@transaction.atomic
def check(
    *,
    user: User,
    quiz: QuizVersion,
    sent: Sent,
    only: str | None = None,
    blanks_too: bool = False,
    since: datetime | None = None,
) -> Outcome:
    """Grade one question (`only`, its key) or all that are unchecked, saving what was sent first.

    What nobody can read is no try: it stops the check, and the outcome names it. Blanks stop it, once: with
    `blanks_too` they count as not right. A repeated request changes nothing and gets the state as it is. The
    round is finished, and judged by its frozen rule, when its last question is checked. Raises `Changed` or
    `NotAsked`, and then nothing was written.
    """
    standing = locked(user, quiz, since)
    _refuse_late(standing, sent)
    if not _is_current(standing, sent) and not _is_repeat(standing, sent):
        raise Changed
    open_if_pending(standing, user)
    already, long = _fill(standing, sent)
    asked = {r.question_version.spec.key: r for r in standing.of_last()}
    by_question = standing.version.spec_rule.by_question
    if only is not None and (only not in asked or not by_question):
        raise NotAsked(only)
    waiting = {key: r for key, r in asked.items() if r.checked_at is None and only in (None, key)}
    refused: dict[str, Refusal] = {key: "unreadable" for key, r in waiting.items() if _is_unreadable(r)}
    refused |= dict.fromkeys(long, "long")
    blanks = tuple(key for key, r in waiting.items() if not r.chosen)
    if refused.keys() & waiting or (blanks and (only is not None or not blanks_too)):
        return Outcome(standing, blanks=blanks, already=already, refused=refused)
    seconds = _seconds(standing, len(waiting))
    for response in waiting.values():
        response.seconds = seconds
        grade(response, sender=sent.sender, at=timezone.now())
    credit(waiting.values(), standing.live_questions)
    finished = finish_if_all_checked(standing)
    return Outcome(standing, already=already, finished=finished, refused=refused)


@transaction.atomic
def show(
    *, user: User, quiz: QuizVersion, sent: Sent, question: str, since: datetime | None = None
) -> Standing:
    """Note that the learner asked to see a right answer: offered once it was missed twice.

    Raises `NotAsked` where that is not offered.
    """
    standing = locked(user, quiz, since)
    response = next((r for r in standing.of_last() if r.question_version.spec.key == question), None)
    misses = standing.misses()
    told = standing.version.spec_rule.feedback != "score" and not standing.version.spec_rule.is_exam
    if response is None or response.checked_at is None or misses.get(response.question_id, 0) < 2 or not told:
        raise NotAsked(question)
    if response.shown_at is None:
        response.shown_at = timezone.now()
        response.save(update_fields=["shown_at"])
    return standing


def _refuse_late(standing: Standing, sent: Sent) -> None:
    """By this server's clock alone. Raises `Late` where the time of the round that was answered is up."""
    last = standing.last
    if last is None or last.deadline is None or sent.token != standing.token:
        return
    if standing.is_overdue or (last.finished_at == last.deadline and not _is_repeat(standing, sent)):
        raise Late


def _is_current(standing: Standing, sent: Sent) -> bool:
    return standing.is_open and sent.token == standing.token


def _is_repeat(standing: Standing, sent: Sent) -> bool:
    """The request that finished the round, sent again."""
    return sent.token == standing.token and any(r.check_key == sent.sender for r in standing.of_last())


def _fill(standing: Standing, sent: Sent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the answers sent; returns the keys of checked questions that were sent with another answer, and
    of those whose answer is too long to be kept."""
    responses = {r.question_version.spec.key: r for r in standing.of_last()}
    differ, long = [], []
    for key, answer in sent.answers.items():
        response = responses.get(key)
        if response is None:
            raise NotAsked(key)
        answer = _kept(response, answer, sent.language)
        if response.checked_at is not None:
            if response.chosen != answer and response.check_key != sent.sender:
                differ.append(key)
        elif response.sender != sent.sender or sent.seq >= response.seq:
            response.chosen, response.sender, response.seq = answer, sent.sender, sent.seq
            response.saved_at = timezone.now()
            if max(map(len, answer), default=0) > KINDS[response.question_version.spec.type].LONGEST:
                long.append(key)
            else:
                response.save(update_fields=["chosen", "sender", "seq", "saved_at"])
    return tuple(differ), tuple(long)


def _kept(response: Response, sent: Sequence[str], language: str) -> list[str]:
    question = response.question_version.spec
    try:
        return KINDS[question.type].put(question, sent, language)
    except ValueError as error:
        raise NotAsked(question.key) from error


def _is_unreadable(response: Response) -> bool:
    return grading.grade(response.question_version.spec, response.chosen).state == "unreadable"


def _seconds(standing: Standing, waiting: int) -> int | None:
    """From the check before, in this round; None of the first, of several at once, and of who was away."""
    before = [response.checked_at for response in standing.of_last() if response.checked_at is not None]
    if waiting != 1 or not before:
        return None
    seconds = round((timezone.now() - max(before)).total_seconds())
    return seconds if 0 <= seconds <= AWAY else None
