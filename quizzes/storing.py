"""Stores checks as read from text. An unchanged question is the same row in every version."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from quizzes import spec
from quizzes.models import Question, QuestionVersion, Quiz, QuizItem, QuizVersion
from quizzes.once import made_once

LONGEST_TITLE = 300  # characters

Of = tuple[UUID, spec.Check]  # a check and the uuid of its page


def store(checks: Collection[Of]) -> list[QuizVersion]:
    """The rows of these checks as they are written, in their order, made where they are new.

    However many there are, the number of queries grows with their hundreds.
    """
    names = [(page, check.key) for page, check in checks]
    quizzes = made_once(Quiz, {name: Quiz(page=name[0], key=name[1]) for name in names}, "page", "key")
    keys = [(quizzes[name].pk, check.digest()) for name, (_page, check) in zip(names, checks, strict=True)]
    new = {key: _version(key, check) for key, (_page, check) in zip(keys, checks, strict=True)}
    versions = made_once(QuizVersion, new, "quiz_id", "digest")
    _fill({versions[key].pk: of for key, of in zip(keys, checks, strict=True)})
    return [versions[key] for key in keys]


def _version(key: tuple[int, str], check: spec.Check) -> QuizVersion:
    return QuizVersion(
        quiz_id=key[0],
        digest=key[1],
        title=check.title[:LONGEST_TITLE],
        intro_html=check.intro_html,
        rule=check.rule.to_dict(),
    )


def _fill(versions: dict[int, Of]) -> None:
    """Give the versions, by row id, their questions where they have none yet."""
    filled = set(QuizItem.objects.filter(quiz_version__in=versions).values_list("quiz_version", flat=True))
    bare = {version: of for version, of in versions.items() if version not in filled}
    asked = [(page, question) for page, check in bare.values() for question in check.questions]
    questions = iter(_questions(asked))
    QuizItem.objects.bulk_create(
        QuizItem(quiz_version_id=version, question_version=next(questions), position=position)
        for version, (_page, check) in bare.items()
        for position in range(len(check.questions))
    )


def _questions(asked: Collection[tuple[UUID, spec.Question]]) -> list[QuestionVersion]:
    # A question of a bank is the bank's, on whichever pages it is asked.
    names = [(UUID(question.bank) if question.bank else page, question.key) for page, question in asked]
    known = made_once(Question, {name: Question(page=name[0], key=name[1]) for name in names}, "page", "key")
    keys = [(known[name].pk, question.digest()) for name, (_page, question) in zip(names, asked, strict=True)]
    rows = {
        key: QuestionVersion(question_id=key[0], digest=key[1], content=question.to_dict())
        for key, (_page, question) in zip(keys, asked, strict=True)
    }
    versions = made_once(QuestionVersion, rows, "question_id", "digest")
    return [versions[key] for key in keys]
