"""What a version of a check asks, remembered by the process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from quizzes.models import QuestionVersion, QuizItem, QuizVersion


@dataclass(frozen=True, slots=True)
class Content:
    """What one version of a check asks, in order."""

    version: QuizVersion
    questions: tuple[QuestionVersion, ...]

    def question(self, version: int) -> QuestionVersion:
        """The question with this row id."""
        return next(question for question in self.questions if question.pk == version)


@lru_cache(maxsize=1000)
def content_of(version: int) -> Content:
    """The content of one version of a check, by row id.

    These rows are written once and never changed, so the process may remember them:
    no query, and no reading of JSON, for what every learner is asked.
    """
    items = QuizItem.objects.filter(quiz_version=version).order_by("position")
    rows = list(items.select_related("quiz_version__quiz", "question_version"))
    return Content(rows[0].quiz_version, tuple(row.question_version for row in rows))
