"""Checks and questions as stored: what is asked.

`Quiz` and `Question` are identities: the page's uuid and the id the author typed.
Their `…Version` rows are immutable and known by digest, so that an unchanged
question is the same row in every version of its module. A page is known here by
its uuid alone: quizzes lie below the catalogue.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from quizzes import spec


class Quiz(models.Model):
    """The identity of a check: the page it stands on and its id there."""

    page = models.UUIDField()
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="quiz_once")]

    def __str__(self) -> str:
        return self.key


class Question(models.Model):
    """The identity of a question: the page it stands on and its id there."""

    page = models.UUIDField()
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="question_once")]

    def __str__(self) -> str:
        return self.key


class QuestionVersion(models.Model):
    """One wording of a question with its key. Never changed once written."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    digest = models.CharField(max_length=64)
    content = models.JSONField()  # quizzes.spec.Question.to_dict()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "digest"], name="question_version_once")]

    def __str__(self) -> str:
        return f"{self.question_id}@{self.digest[:8]}"

    @cached_property
    def spec(self) -> spec.Question:
        """The question as `quizzes.parsing` read it."""
        return spec.Question.from_dict(self.content)


class QuizVersion(models.Model):
    """One state of a check: its rule, its introduction and its questions in order."""

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="versions")
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=300, blank=True)
    intro_html = models.TextField(blank=True)
    rule = models.JSONField()  # quizzes.spec.Rule.to_dict()
    question_versions: models.ManyToManyField[QuestionVersion, QuizItem] = models.ManyToManyField(
        QuestionVersion, through="QuizItem", related_name="quiz_versions"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["quiz", "digest"], name="quiz_version_once")]

    def __str__(self) -> str:
        return self.title or self.quiz.key

    @cached_property
    def spec_rule(self) -> spec.Rule:
        """The rule as `quizzes.parsing` read it."""
        return spec.Rule.from_dict(self.rule)


class QuizItem(models.Model):
    """A question's place in one state of a check."""

    quiz_version = models.ForeignKey(QuizVersion, models.CASCADE, related_name="items")
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz_version", "position"], name="quiz_item_place_once"),
            models.UniqueConstraint(fields=["quiz_version", "question_version"], name="quiz_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_version_id}:{self.position}"
