"""Stores checks as read from text. An unchanged question is the same row in every version."""

from __future__ import annotations

from uuid import UUID

from quizzes import spec
from quizzes.models import Question, QuestionVersion, Quiz, QuizItem, QuizVersion

LONGEST_TITLE = 300  # characters


def store(check: spec.Check, *, page: UUID) -> QuizVersion:
    """The row of this check as it is written, made when it is new; `page` is its page's uuid."""
    quiz, _ = Quiz.objects.get_or_create(page=page, key=check.key)
    version, created = QuizVersion.objects.get_or_create(
        quiz=quiz,
        digest=check.digest(),
        defaults={
            "title": check.title[:LONGEST_TITLE],
            "intro_html": check.intro_html,
            "rule": check.rule.to_dict(),
        },
    )
    if created:
        QuizItem.objects.bulk_create(
            QuizItem(quiz_version=version, question_version=_question(question, page), position=position)
            for position, question in enumerate(check.questions)
        )
    return version


def _question(question: spec.Question, page: UUID) -> QuestionVersion:
    identity, _ = Question.objects.get_or_create(page=page, key=question.key)
    version, _ = QuestionVersion.objects.get_or_create(
        question=identity, digest=question.digest(), defaults={"content": question.to_dict()}
    )
    return version
