"""The record: what a learner has done, and what publishing asked of them. Append or move forward, never lose.

Rows point at identities with PROTECT and carry the version they were made
against. `learning.progress` alone writes what people did, `learning.publications`
what was asked of them.
"""

from __future__ import annotations

import secrets
from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent
from courses.models import Module, ModuleVersion, Section
from quizzes.models import QuestionVersion


class Cause(models.TextChoices):
    """Why a section counts as done or a module as completed."""

    PASSED = "passed", _("check passed")
    USED_UP = "used_up", _("tries used up")
    MARKED = "marked", _("marked as done")
    PUBLISHED = "published", _("a new version was published")
    MOVED = "moved", _("the person's audience changed")
    WITHDRAWN = "withdrawn", _("a section was withdrawn")
    SOFTENED = "softened", _("less is asked than before")
    CORRECTED = "corrected", _("the answer key was corrected")


class Policy(models.TextChoices):
    """What publishing a version asks of people (docs/decisions/0015)."""

    MINOR = "minor", _("Small corrections")
    APPEND = "append", _("Additions")
    RETRAIN = "retrain", _("Take it again")


class Publication(models.Model):
    """A version went live: what it asks of people, and the receipt of what it did to their records.

    The audit event says who did it, when and why; those published by one act share it.
    A roll-back is a publication that `undoes` another.
    """

    module = models.ForeignKey(Module, models.PROTECT, related_name="publications")
    version = models.ForeignKey(ModuleVersion, models.PROTECT, related_name="publications")
    replaced = models.ForeignKey(ModuleVersion, models.PROTECT, null=True, blank=True, related_name="+")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    event = models.ForeignKey(AuditEvent, models.PROTECT, related_name="publications")
    at = models.DateTimeField(default=timezone.now, editable=False)
    policy = models.CharField(max_length=10, choices=Policy.choices)
    softened = models.CharField(max_length=10, choices=Policy.choices, blank=True)  # the policy since then
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # rolled back
    due = models.DateField(null=True, blank=True)
    added = models.JSONField(default=list)  # uuids of the pages that the replaced version did not have
    changed = models.JSONField(default=list)  # uuids of the pages that it had with another text
    receipt = models.JSONField(default=dict)  # `learning.publications.Line.to_dict`

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(policy="retrain", due__isnull=False)
                | (~Q(policy="retrain") & Q(due__isnull=True)),
                name="retrain_has_a_date",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.policy}"

    @property
    def in_force(self) -> Policy:
        """The policy as it counts now."""
        return Policy(self.softened or self.policy)


class Mail(models.TextChoices):
    """What became of the mail that tells somebody what is asked of them."""

    NONE = "", _("none")  # mail was not set up, or they may not sign in
    OWED = "owed", _("owed")
    TAKEN = "taken", _("being sent")  # or it may have been: who sent it was ended
    SENT = "sent", _("sent")
    LOST = "lost", _("not sent, or perhaps")


class Asking(models.Model):
    """A new completion is asked of a person who has one, by a date.

    It is open until it is withdrawn or the person completes the module after it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="askings")
    module = models.ForeignKey(Module, models.PROTECT, related_name="askings")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="askings")
    asked_at = models.DateTimeField()
    due = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.NONE, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "publication"], name="asked_once")]
        indexes = [models.Index(fields=["mail"], condition=Q(mail="owed"), name="mails_owed")]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.module_id} by {self.due}"


class QuestionReport(models.Model):
    """A learner told the authors that something is wrong with a question; and what they answered.

    Open until an author answers it. Each person has one open at a time on each wording.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="question_reports")
    module = models.ForeignKey(Module, models.PROTECT, related_name="question_reports")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="reports")
    note = models.TextField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("report of a question")
        verbose_name_plural = _("reports of questions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "question_version"], condition=Q(closed_at=None), name="report_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, answer="")
                | Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(answer=""),
                name="report_closed_with_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_version_id}: {self.note[:50]}"


class ModuleProgress(models.Model):
    """A person has begun a module: since when, where they were last, and when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="module_progress")
    module = models.ForeignKey(Module, models.PROTECT, related_name="progress")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    last_active_at = models.DateTimeField(default=timezone.now)
    last_section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+")
    # The person's newest completion of the module, so that one row says where they are.
    completion = models.ForeignKey("Completion", models.PROTECT, null=True, blank=True, related_name="+")
    # What is asked of them anew, while it is open.
    asking = models.ForeignKey(Asking, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = _("module progress")
        constraints = [models.UniqueConstraint(fields=["user", "module"], name="module_progress_once")]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.module_id}"


class SectionProgress(models.Model):
    """A person has opened a section, perhaps answered in it, perhaps done it. What is set never moves.

    One row for each time that the module is asked of them: without `asking` the first.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="section_progress")
    section = models.ForeignKey(Section, models.PROTECT, related_name="progress")
    asking = models.ForeignKey(Asking, models.PROTECT, null=True, blank=True, related_name="section_progress")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True)  # the first answer that was saved here
    used_up_at = models.DateTimeField(null=True, blank=True)  # since then it locks nothing behind it
    done_at = models.DateTimeField(null=True, blank=True)
    done_version = models.ForeignKey(ModuleVersion, models.PROTECT, null=True, blank=True, related_name="+")
    cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)

    class Meta:
        verbose_name_plural = _("section progress")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "section"], condition=Q(asking__isnull=True), name="section_progress_once"
            ),
            models.UniqueConstraint(
                fields=["section", "asking"],
                condition=Q(asking__isnull=False),
                name="section_progress_once_asked",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_version__isnull=True, cause="")
                | (Q(done_at__isnull=False, done_version__isnull=False) & ~Q(cause="")),
                name="done_has_version_and_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.section_id}"


class Completion(models.Model):
    """A fact: this person completed this version, on this day, by this rule."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="completions")
    module = models.ForeignKey(Module, models.PROTECT, related_name="completions")
    version = models.ForeignKey(ModuleVersion, models.PROTECT, related_name="completions")
    asking = models.ForeignKey(Asking, models.PROTECT, null=True, blank=True, related_name="completions")
    completed_at = models.DateTimeField(default=timezone.now, editable=False)
    cause = models.CharField(max_length=20, choices=Cause.choices)
    required = models.JSONField()  # uuids of the sections that were required of this person
    earned_num = models.BigIntegerField(default=0)
    earned_den = models.BigIntegerField(default=1)
    full_num = models.BigIntegerField(default=0)
    full_den = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "version"], condition=Q(asking__isnull=True), name="completion_once"
            ),
            models.UniqueConstraint(
                fields=["asking"], condition=Q(asking__isnull=False), name="completion_once_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.version_id}"

    @property
    def score(self) -> Fraction | None:
        """Points over full points as they were then; None when nothing carried points."""
        full = Fraction(self.full_num, self.full_den)
        return Fraction(self.earned_num, self.earned_den) / full if full else None


def new_serial() -> str:
    """128 random bits in 26 letters and digits without look-alikes (Crockford's alphabet)."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(secrets.choice(alphabet) for _ in range(26))


class Certificate(models.Model):
    """What was certified, as it was printed: later changes of name or title do not touch it."""

    completion = models.OneToOneField(Completion, models.PROTECT, related_name="certificate")
    serial = models.CharField(max_length=40, unique=True, default=new_serial)
    name = models.CharField(max_length=300)
    organisation = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.serial
