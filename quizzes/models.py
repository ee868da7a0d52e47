"""What is asked (`quizzes.content_models`), and what people answered, as stored."""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quizzes.content_models import Question, QuestionVersion, Quiz, QuizItem, QuizVersion

__all__ = ["Question", "QuestionVersion", "Quiz", "QuizItem", "QuizVersion"]


class Round(models.Model):
    """One go at a check. What it asks is frozen in its responses; its rule in `quiz_version`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="rounds")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="rounds")
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    deadline = models.DateTimeField(null=True, blank=True)  # when it is handed in as it was saved
    finished_at = models.DateTimeField(null=True, blank=True)
    passed = models.BooleanField(default=False)
    best_counts = models.BooleanField(default=False)  # a sitting: not the last of them counts, but the best
    # The standing of the whole check when the round was finished, exact (quizzes.grading);
    # empty while it is open, and for a round that was abandoned for a newer version.
    earned_num = models.BigIntegerField(null=True, blank=True)
    earned_den = models.BigIntegerField(null=True, blank=True)
    full_num = models.BigIntegerField(null=True, blank=True)
    full_den = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "quiz", "number"], name="round_once"),
            models.UniqueConstraint(
                fields=["user", "quiz"], condition=Q(finished_at__isnull=True), name="round_open_once"
            ),
            models.CheckConstraint(
                condition=Q(passed=False) | Q(finished_at__isnull=False), name="round_passed_is_finished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} #{self.number}"

    @property
    def earned(self) -> Fraction | None:
        """Points earned over the whole check at the end of the round; None where it was not judged."""
        return None if self.earned_num is None else Fraction(self.earned_num, self.earned_den or 1)

    @property
    def full(self) -> Fraction | None:
        """Full points of the whole check at the end of the round; None where it was not judged."""
        return None if self.full_num is None else Fraction(self.full_num, self.full_den or 1)

    def or_better(self, other: Round | None) -> Round:
        """The one of two finished rounds whose figures count: this, the later one, unless the best counts."""
        if other is None or not self.best_counts:
            return self
        return max(self, other, key=lambda round_: round_.share)

    @property
    def share(self) -> Fraction:
        """The share of the points, from 0 to 1, as it counts now; 1 where there are none."""
        earned, full = self.counted
        return earned / full if full else Fraction(1)

    @property
    def counted(self) -> tuple[Fraction, Fraction]:
        """Points earned and full points as they count now: judged anew, else as at the end of the round."""
        judged: Rejudgement | Round = getattr(self, "rejudgement", None) or self
        return judged.earned or Fraction(0), judged.full or Fraction(0)


class ExtraTry(models.Model):
    """A learner whose tries are used up asks for another one, and somebody may give it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="extra_tries")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="extra_tries")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    granted_at = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "quiz"], condition=Q(granted_at__isnull=True), name="extra_try_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(granted_at__isnull=True, granted_by__isnull=True, reason="")
                | (Q(granted_at__isnull=False, granted_by__isnull=False) & ~Q(reason="")),
                name="extra_try_says_who_and_why",
            ),
            models.CheckConstraint(condition=~Q(granted_by=F("user")), name="extra_try_by_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.quiz_id}"


class ExtraTime(models.Model):
    """How much longer a person has wherever time is limited. Who gave it and why is in the trail."""

    class Factor(models.TextChoices):
        AS_WRITTEN = "1", _("As written")
        QUARTER = "1.25", _("1.25 ×")
        HALF = "1.5", _("1.5 ×")
        DOUBLE = "2", _("2 ×")
        NO_LIMIT = "none", _("No limit")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="extra_time")
    factor = models.CharField(max_length=4, choices=Factor.choices, default=Factor.AS_WRITTEN)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.factor}"


class Rejudgement(models.Model):
    """A finished round as it counts now: what its learner had missed was withdrawn from the check, or a key
    was corrected (`Score` says how that came).

    The round's own figures stay as they were on its day.
    """

    round = models.OneToOneField(Round, models.PROTECT, related_name="rejudgement")
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    earned_num = models.BigIntegerField()
    earned_den = models.BigIntegerField()
    full_num = models.BigIntegerField()
    full_den = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.round_id} by {self.quiz_version_id}"

    @property
    def earned(self) -> Fraction:
        """Points earned over the check as it is in `quiz_version`."""
        return Fraction(self.earned_num, self.earned_den)

    @property
    def full(self) -> Fraction:
        """Full points of the check as it is in `quiz_version`."""
        return Fraction(self.full_num, self.full_den)


class Response(models.Model):
    """A question asked in a round, and what the learner answered.

    The row is written when the round opens (which freezes the question's wording
    and its place), filled by saves, and closed for ever by one check.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="responses")
    question = models.ForeignKey(Question, models.PROTECT, related_name="responses")
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="responses")
    position = models.PositiveSmallIntegerField()
    chosen = models.JSONField(default=list)  # keys of the choices, in the question's own order
    # The page that saved last and its counter: a late save of one page never undoes its newer one.
    sender = models.UUIDField(null=True, blank=True)
    seq = models.BigIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_key = models.UUIDField(
        null=True, blank=True
    )  # the request that checked it; a retry carries it again
    share_num = models.BigIntegerField(null=True, blank=True)
    share_den = models.BigIntegerField(null=True, blank=True)
    # From the learner's step before to this check, where that is known (quizzes.rounds).
    seconds = models.PositiveIntegerField(null=True, blank=True)
    is_first = models.BooleanField(default=False)  # the person's first checked answer to this wording
    shown_at = models.DateTimeField(null=True, blank=True)  # the learner asked to see the right answer
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="responses")
    # The newest of its scores, so that one row says what it counts for.
    score = models.OneToOneField("Score", models.PROTECT, null=True, blank=True, related_name="counts_for")

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["question_version"], condition=Q(checked_at=None), name="response_waiting")
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "question"], name="response_once"),
            models.UniqueConstraint(
                fields=["user", "question_version"], condition=Q(is_first=True), name="first_answer_once"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, share_num__isnull=True, share_den__isnull=True)
                | Q(
                    checked_at__isnull=False,
                    share_num__isnull=False,  # a comparison with NULL is not false, and would pass
                    share_den__isnull=False,
                    share_num__gte=0,
                    share_den__gt=0,
                    share_num__lte=F("share_den"),
                ),
                name="response_share_between_0_and_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.question_id}"

    @property
    def share(self) -> Fraction | None:
        """The part of the points earned, from 0 to 1; None until checked."""
        return None if self.share_num is None else Fraction(self.share_num, self.share_den or 1)

    @property
    def counts(self) -> Fraction | None:
        """The part of the points that it counts for now: by its newest score, else what it earned."""
        return self.score.share if self.score else self.share


class Counting(models.TextChoices):
    """What past answers count for, once their question is judged differently."""

    BETTER = "better", _("Old or new key, whichever is better")
    NEW = "new", _("Only the new key")
    EVERYONE = "everyone", _("Full credit for everyone")
    UNCHANGED = "unchanged", _("No change for the past")
    ACCEPTED = "accepted", _("An answer that nobody had foreseen counts as right")


class Correction(models.Model):
    """What was decided about the past answers to a question whose key was corrected: by whom, why and when.

    `now` is the wording that they were judged by. `accepted` is what was typed and counts as right from then
    on; of a question with gaps, in the gap `place`.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="corrections")
    now = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="corrections")
    counting = models.CharField(max_length=10, choices=Counting.choices)
    lowers = models.BooleanField(default=False)  # whoever decided it let results fall, too
    accepted = models.CharField(max_length=500, blank=True)
    place = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(counting="accepted") & ~Q(accepted="")
                | ~Q(counting="accepted") & Q(accepted="", place=""),
                name="correction_says_what_it_accepts",
            ),
            models.CheckConstraint(
                condition=Q(lowers=False) | Q(counting="new"), name="only_a_new_key_lowers"
            ),
            models.UniqueConstraint(
                fields=["question", "place", "accepted"],
                condition=Q(counting="accepted"),
                name="answer_accepted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.counting}"


class Score(models.Model):
    """What a checked answer counts for since a correction. The newest counts; what the answer earned stays
    as it was."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="scores")
    correction = models.ForeignKey(Correction, models.PROTECT, related_name="scores")
    share_num = models.BigIntegerField()
    share_den = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "correction"], name="score_once"),
            models.CheckConstraint(
                condition=Q(share_num__gte=0, share_den__gt=0, share_num__lte=F("share_den")),
                name="score_share_between_0_and_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.share}"

    @property
    def share(self) -> Fraction:
        """The part of the points, from 0 to 1."""
        return Fraction(self.share_num, self.share_den)
