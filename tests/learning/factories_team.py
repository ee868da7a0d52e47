"""People who take modules, in one line each, through the verbs that the pages use."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

from accounts.models import User
from courses.models import ModuleVersion, SectionVersion
from learning import progress
from learning.record import outline_of, record_of
from quizzes import opening
from quizzes.models import QuizVersion
from quizzes.sent import Sent
from quizzes.spec import Question
from quizzes.standing import Standing, standings


def open_section(user: User, version: ModuleVersion, title: str) -> SectionVersion:
    """The user opens a section."""
    section: SectionVersion = version.sections.get(title=title)
    progress.note_opened(user=user, section=section, record=record_of(user, version.module_id))
    return section


def take(user: User, version: ModuleVersion, title: str, *, wrong: Collection[str] = ()) -> None:
    """One whole round in each check of a section, everything right but the questions in `wrong`.

    Without a check that gates, the section is marked as done.
    """
    section = open_section(user, version, title)
    progress.mark_done(user=user, section=section)
    for check in section.section_checks.all():
        standing = _standing(user, check.quiz_version, section)
        answers = {a.spec.key: _choices(a.spec, a.spec.key not in wrong) for a in standing.asked()}
        sent = Sent(standing.token, uuid4(), answers=answers)
        progress.check_answers(user=user, section=section, quiz=check.quiz_version, sent=sent)


def answer(user: User, version: ModuleVersion, title: str, question: str, *, right: bool = True) -> None:
    """One question of a section's check; its round stays open while another one is unanswered."""
    section = open_section(user, version, title)
    for check in section.section_checks.all():
        standing = _standing(user, check.quiz_version, section)
        spec = next(a.spec for a in standing.asked() if a.spec.key == question)
        sent = Sent(standing.token, uuid4(), answers={question: _choices(spec, right)})
        progress.check_answers(user=user, section=section, quiz=check.quiz_version, sent=sent, only=question)


def complete(user: User, version: ModuleVersion) -> None:
    """Everything right at once, in every section."""
    for section in version.sections.all():
        take(user, version, section.title)


def _standing(user: User, quiz: QuizVersion, section: SectionVersion) -> Standing:
    record = record_of(user, section.version.module_id)
    since = outline_of(user, section.version, record).since
    anew = {} if since is None else {quiz.quiz_id: since}
    standing = standings(user, {quiz.quiz_id: quiz.pk}, since=anew)[quiz.quiz_id]
    if standing.is_open:
        return standing
    return opening.begin(user=user, quiz=quiz, sent=Sent(standing.token, uuid4()), since=since)


def _choices(question: Question, right: bool) -> list[str]:
    return [choice.key for choice in question.choices if choice.right is right][: None if right else 1]
