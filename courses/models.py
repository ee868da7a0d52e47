"""What is taught and who may see it.

`Module`, `Section` and `Path` are identities (the page's uuid) and are never deleted once they were live;
`ModuleVersion`, `SectionVersion` and `PathVersion` are immutable, made where an import found something new.
`courses.storing` alone writes drafts, `courses.publishing` alone moves `published_version`.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Audience
from courses.bases import Body, Identity, Version
from courses.documents import Child, Entry
from quizzes.models import QuizVersion


class Module(Identity):
    """The identity of a module: the uuid of its index page."""

    published_version = models.ForeignKey(
        "ModuleVersion", models.PROTECT, null=True, blank=True, related_name="live_for"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # since when learners do not find it
    # Its sections that are withdrawn, by row id: what a page needs to know stands in the row that it reads.
    withdrawn = models.JSONField(default=list, blank=True)

    class Meta(Identity.Meta):
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class Path(Identity):
    """The identity of a path: the uuid of its page."""

    published_version = models.ForeignKey(
        "PathVersion", models.PROTECT, null=True, blank=True, related_name="live_for"
    )

    class Meta(Identity.Meta):
        verbose_name = _("path")
        verbose_name_plural = _("paths")


class Section(models.Model):
    """The identity of a section: its page's uuid. `module` is where it was published last."""

    uuid = models.UUIDField(unique=True)
    module = models.ForeignKey(Module, models.PROTECT, related_name="sections")
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # since when learners do not find it

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return str(self.uuid)


class ModuleVersion(Version):
    """One frozen import of a module."""

    module = models.ForeignKey(Module, models.PROTECT, related_name="versions")
    # The version whose pages its author had before them: the live one then, unless they said another.
    made_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    sequence = models.CharField(max_length=10, default="free")
    minutes = models.PositiveIntegerField(default=0)
    # The toc as `courses.documents.Entry` rows, in reading order: one row says all that the outline needs.
    entries = models.JSONField(default=list)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["module", "-number"]
        constraints = [models.UniqueConstraint(fields=["module", "number"], name="version_number_once")]

    @property
    def identity(self) -> Module:
        """What this is a version of."""
        return self.module

    @property
    def ground(self) -> ModuleVersion | None:
        """What was live last of all that it knows: itself once it was, else what it was made from."""
        return self if self.published_at is not None else self.made_from

    @cached_property
    def gate(self) -> frozenset[str] | None:
        """The audiences that the paths above the module let in; None: everybody."""
        return None if self.module.gate is None else frozenset(self.module.gate)

    @cached_property
    def withdrawn(self) -> frozenset[int]:
        """The module's sections that are withdrawn, by row id."""
        return frozenset(self.module.withdrawn)

    @cached_property
    def written(self) -> list[Entry]:
        """The sections in reading order, as they were imported."""
        return [Entry.from_dict(entry) for entry in self.entries]

    @property
    def toc(self) -> list[Entry]:
        """The sections in reading order, as the outline is drawn from them: without those withdrawn."""
        if not self.withdrawn:
            return self.written
        return [entry for entry in self.written if entry.section not in self.withdrawn]

    def entry(self, section: int) -> Entry:
        """The line of one section, by row id; KeyError where this version does not have it."""
        for entry in self.toc:
            if entry.section == section:
                return entry
        raise KeyError(section)


class PathVersion(Version):
    """One frozen import of a path: its page and what it lists."""

    path = models.ForeignKey(Path, models.PROTECT, related_name="versions")
    entries = models.JSONField(default=list)  # `courses.documents.Child` rows, in order
    cards = models.BooleanField(default=True)  # whether its page draws a card for each child
    quiz = models.JSONField(default=dict, blank=True)  # defaults for the checks below it

    class Meta:
        verbose_name = _("version of a path")
        verbose_name_plural = _("versions of paths")
        ordering = ["path", "-number"]
        constraints = [models.UniqueConstraint(fields=["path", "number"], name="path_version_number_once")]

    @property
    def identity(self) -> Path:
        """What this is a version of."""
        return self.path

    @cached_property
    def children(self) -> list[Child]:
        """What it lists, in order."""
        return [Child(**entry) for entry in self.entries]


class SectionVersion(models.Model):
    """One section's page in one version of its module."""

    version = models.ForeignKey(ModuleVersion, models.CASCADE, related_name="sections")
    section = models.ForeignKey(Section, models.PROTECT, related_name="versions")
    slug = models.SlugField(max_length=200, allow_unicode=True, blank=True)  # empty: the index page itself
    title = models.CharField(max_length=300)
    position = models.PositiveIntegerField()
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    restricted = models.BooleanField(default=False)
    audiences: models.ManyToManyField[Audience, Any] = models.ManyToManyField(
        Audience, related_name="+", blank=True
    )
    checks: models.ManyToManyField[QuizVersion, SectionCheck] = models.ManyToManyField(
        QuizVersion, through="SectionCheck", related_name="section_versions"
    )

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "section"], name="section_version_once"),
            models.UniqueConstraint(fields=["version", "slug"], name="section_slug_once"),
            models.UniqueConstraint(fields=["version", "position"], name="section_place_once"),
        ]

    def __str__(self) -> str:
        return self.title


class SectionCheck(models.Model):
    """A check's place at the end of a section."""

    section_version = models.ForeignKey(SectionVersion, models.CASCADE, related_name="section_checks")
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["section_version", "position"], name="section_check_place_once"),
            models.UniqueConstraint(fields=["section_version", "quiz_version"], name="section_check_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section_version_id}:{self.position}"


class Media(models.Model):
    """A file as stored, once by digest, outside the web root."""

    digest = models.CharField(max_length=64, unique=True)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "media"

    def __str__(self) -> str:
        return self.digest[:12]


class PageMedia(models.Model):
    """A file that one page of one version shows: the page's gate is the file's gate.

    `section_version` is empty for the index page. A path's page has `path_version` alone.
    """

    version = models.ForeignKey(
        ModuleVersion, models.CASCADE, null=True, blank=True, related_name="page_media"
    )
    path_version = models.ForeignKey(
        PathVersion, models.CASCADE, null=True, blank=True, related_name="page_media"
    )
    section_version = models.ForeignKey(
        SectionVersion, models.CASCADE, null=True, blank=True, related_name="page_media"
    )
    media = models.ForeignKey(Media, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section_version", "media", "name"],
                condition=models.Q(section_version__isnull=False),
                name="section_media_once",
            ),
            models.UniqueConstraint(
                fields=["version", "media", "name"],
                condition=models.Q(section_version__isnull=True),
                name="index_media_once",
            ),
            models.UniqueConstraint(
                fields=["path_version", "media", "name"],
                condition=models.Q(path_version__isnull=False),
                name="path_media_once",
            ),
            models.CheckConstraint(
                condition=models.Q(version__isnull=False, path_version__isnull=True)
                | models.Q(version__isnull=True, section_version__isnull=True, path_version__isnull=False),
                name="media_of_one_page",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormerAddress(models.Model):
    """Where a module or a path stood before; `courses.addresses` alone writes here."""

    slug = models.SlugField(max_length=200, allow_unicode=True)
    module = models.ForeignKey(Module, models.CASCADE, null=True, blank=True, related_name="former_addresses")
    path = models.ForeignKey(Path, models.CASCADE, null=True, blank=True, related_name="former_addresses")

    class Meta:
        verbose_name_plural = "former addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(module__isnull=False), name="former_module_once"
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(path__isnull=False), name="former_path_once"
            ),
            models.CheckConstraint(
                condition=models.Q(module__isnull=False, path__isnull=True)
                | models.Q(module__isnull=True, path__isnull=False),
                name="former_address_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class SearchEntry(models.Model):
    """A live page in the index of search; `courses.search` alone writes here.

    Its words stand where the database searches them (`courses.search_engines`). Without a
    `section_version` it is the page of the module, or of the path.
    """

    version = models.ForeignKey(
        ModuleVersion, models.CASCADE, null=True, blank=True, related_name="search_entries"
    )
    section_version = models.ForeignKey(
        SectionVersion, models.CASCADE, null=True, blank=True, related_name="search_entries"
    )
    path_version = models.ForeignKey(
        PathVersion, models.CASCADE, null=True, blank=True, related_name="search_entries"
    )
    position = models.PositiveIntegerField(default=0)  # in the reading order of its module

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="search_entry_place_once"),
            models.UniqueConstraint(fields=["path_version"], name="search_entry_path_once"),
            models.CheckConstraint(
                condition=models.Q(version__isnull=False, path_version__isnull=True)
                | models.Q(version__isnull=True, section_version__isnull=True, path_version__isnull=False),
                name="search_entry_of_one_page",
            ),
        ]

    def __str__(self) -> str:
        return self.page.title

    @property
    def page(self) -> ModuleVersion | SectionVersion | PathVersion:
        """The page that it stands for."""
        found = self.section_version or self.version or self.path_version
        assert found is not None, "the database holds it to one of them"
        return found

    @property
    def module_title(self) -> str:
        """The name of the module that it is of; "" for a path's page."""
        return self.version.title if self.version is not None else ""

    @property
    def text(self) -> str:
        """What is searched below the title: the page's text, and a description that says more."""
        page = self.page
        text = page.body.text
        description = "" if isinstance(page, SectionVersion) else page.description.rstrip("…")
        return text if description in text else f"{description}\n{text}"
