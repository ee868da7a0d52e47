"""What modules and paths have in common: a page that is known for ever, and frozen versions of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Audience

if TYPE_CHECKING:
    from courses.models import Path


class Body(models.Model):
    """A page as rendered, known by its digest: pages that did not change share one row."""

    digest = models.CharField(max_length=64, unique=True)
    source = models.TextField()
    html = models.TextField()
    headings = models.JSONField(default=list)  # [{"level", "text", "slug"}]
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.digest[:12]


class KeptReading(models.Model):
    """What the last reading of a module or path depended on (`courses.readings`), and what came of it.

    `drawn` is what came of each page but for its body; it may be of another reading than the rest. Only
    saves work: rows may be deleted at any time. `made_by` names the program that read it.
    """

    unit = models.UUIDField(unique=True)
    made_by = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    pages = models.JSONField()
    drawn = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.unit} {self.digest[:12]}"


class Identity(models.Model):
    """A module or a path as the catalogue knows it, and its place there.

    `parents` are the paths that list it in their live versions; `gate` names the
    audiences that these let in (null: everybody), and `admits` says the same for SQL.
    `courses.placing` keeps all three.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    slug = models.SlugField(max_length=200, unique=True, allow_unicode=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    parents: models.ManyToManyField[Path, Any] = models.ManyToManyField(
        "Path", symmetrical=False, related_name="%(class)ss", blank=True
    )
    gate = models.JSONField(null=True, blank=True, default=None)
    admits: models.ManyToManyField[Audience, Any] = models.ManyToManyField(
        Audience, related_name="+", blank=True
    )

    class Meta:
        abstract = True
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Version(models.Model):
    """One frozen import of a module or path: a draft until published, live while something points at it."""

    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    tags = models.JSONField(default=list, blank=True)  # what the catalogue filters by: texts
    categories = models.JSONField(default=list, blank=True)  # the same, from taxonomy-category-names
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    restricted = models.BooleanField(default=False)
    audiences: models.ManyToManyField[Audience, Any] = models.ManyToManyField(
        Audience, related_name="+", blank=True
    )
    problems = models.JSONField(default=list)  # warnings of the import, as Problem.as_dict()
    # The files that it was read from: {"root": path, "files": {path: sha256}, "pages": {uuid: path}},
    # kept by `courses.files`.
    package = models.JSONField(default=dict)
    origin = models.CharField(max_length=300, blank=True)  # the folder or the file it came from
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @property
    def audience_names(self) -> tuple[str, ...] | None:
        """Whom it is for by itself, by name; None: everybody. Asks the database unless prefetched."""
        return tuple(audience.name for audience in self.audiences.all()) if self.restricted else None
