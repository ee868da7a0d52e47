"""What authors hand in or write in the browser, and what became of it.

An upload's bytes stand in a folder of their own (`authoring.uploads`, which alone writes its rows) until
the row goes. A working copy is a module's package with what was typed over it (`authoring.editing`);
saves are only ever added, so that what somebody typed stays readable beside what replaced it, until
the copy is built or discarded.
"""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Module, ModuleVersion, PathVersion


class State(models.TextChoices):
    """How far an upload has come. Whether a process still works on it, its lock says."""

    WAITING = "waiting", _("waiting")
    READING = "reading", _("being read")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
    BROKEN = "broken", _("stopped by a fault of the site")


FINAL = (State.ACCEPTED, State.REFUSED, State.BROKEN)


class UploadToken(models.Model):
    """Lets an author's program hand in packages in the author's name. Known by its digest alone."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="upload_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of what was shown once
    # Of the form that made it: sent again, as by a reload, it makes no other.
    key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("upload token")
        verbose_name_plural = _("upload tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A package as somebody sent it: who, what, how far it is read, and what was found."""

    State = State

    uuid = models.UUIDField(unique=True, default=uuid4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    token = models.ForeignKey(UploadToken, models.PROTECT, null=True, blank=True, related_name="uploads")
    name = models.CharField(max_length=300)
    files = models.JSONField()  # [{"name", "sha256", "size"}]: the kept bytes, in the order of the form
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # Where the reading is: what is done, to which page, the how manieth of how many (0: not known yet).
    phase = models.CharField(max_length=20, blank=True)
    page = models.CharField(max_length=300, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)  # Problem.as_dict() with the "excerpt" of its line
    replaced = models.JSONField(default=list)  # the places of pages that came without their index page
    reference = models.CharField(max_length=20, blank=True)  # of a fault of the site, as in the log
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="upload_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, finished_at__isnull=False)
                | Q(~Q(state__in=FINAL), finished_at__isnull=True),
                name="upload_finished_when_final",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_final(self) -> bool:
        """Whether nothing will happen to it by itself any more."""
        return self.state in FINAL


class UploadDraft(models.Model):
    """A version of a module or of a path that an upload holds. `created`: it was not there before."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="drafts")
    version = models.ForeignKey(ModuleVersion, models.CASCADE, null=True, blank=True, related_name="uploads")
    path_version = models.ForeignKey(
        PathVersion, models.CASCADE, null=True, blank=True, related_name="uploads"
    )
    created = models.BooleanField()
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "version"], name="upload_draft_once"),
            models.UniqueConstraint(fields=["upload", "path_version"], name="upload_path_draft_once"),
            models.UniqueConstraint(fields=["upload", "position"], name="upload_draft_place_once"),
            models.CheckConstraint(
                condition=Q(version__isnull=True) ^ Q(path_version__isnull=True), name="upload_draft_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.row}"

    @property
    def row(self) -> ModuleVersion | PathVersion:
        """The version, of whichever kind."""
        found = self.version or self.path_version
        assert found is not None
        return found


class WorkingCopy(models.Model):
    """The one set of open edits of a module. `files` are those that it stands on: {path: sha256}."""

    module = models.OneToOneField(Module, models.CASCADE, related_name="working_copy")
    base = models.ForeignKey(ModuleVersion, models.SET_NULL, null=True, related_name="+")
    root = models.CharField(max_length=1000)
    files = models.JSONField(default=dict)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")

    def __str__(self) -> str:
        return str(self.module)


class Edit(models.Model):
    """A page as somebody saved it. The highest revision of a path is what the page holds now.

    `based_on` is the digest of the file that the text was written against, empty for a new page. Once
    a draft was built of it, it stands at that `version` in place of the working copy.
    """

    copy = models.ForeignKey(WorkingCopy, models.CASCADE, null=True, related_name="edits")
    version = models.ForeignKey(ModuleVersion, models.CASCADE, null=True, related_name="saves")
    path = models.CharField(max_length=1000)
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    based_on = models.CharField(max_length=64, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["copy", "path", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["copy", "path", "revision"], name="edit_revision_once"),
            models.CheckConstraint(
                condition=Q(copy__isnull=True, version__isnull=False)
                | Q(copy__isnull=False, version__isnull=True),
                name="edit_is_open_or_built",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} r{self.revision}"


class AddedImage(models.Model):
    """A picture that was pasted or uploaded into a working copy; kept by `courses.files`."""

    copy = models.ForeignKey(WorkingCopy, models.CASCADE, related_name="images")
    path = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["copy", "path"], name="added_image_once")]

    def __str__(self) -> str:
        return self.path


class RenameAnswer(models.Model):
    """What an author said of a new page and of one without uuid that was gone: `same`, renamed, or two.

    `page` is the uuid that the new page says or gets by its path, `gone` the old one's. Each
    reading of a page that would be `page` takes it as `gone` where they are the same.
    """

    module = models.ForeignKey(Module, models.CASCADE, related_name="rename_answers")
    page = models.UUIDField()
    gone = models.UUIDField()
    same = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "gone"], name="rename_answer_once"),
            models.UniqueConstraint(fields=["page"], condition=Q(same=True), name="renamed_page_is_one_page"),
        ]

    def __str__(self) -> str:
        return f"{self.page} {'is' if self.same else 'is not'} {self.gone}"


class BrowserChange(models.Model):
    """A file of a version that was written in the browser; digests of before (empty: new) and after.

    An upload that comes later is asked whether it knows of it (`authoring.browser_changes`).
    """

    version = models.ForeignKey(ModuleVersion, models.CASCADE, related_name="browser_changes")
    path = models.CharField(max_length=1000)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "path"], name="browser_change_once")]

    def __str__(self) -> str:
        return self.path
