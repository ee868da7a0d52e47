"""A path's version as somebody of one audience would read it, with what it lists as it was imported last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString

from courses.documents import admits
from courses.models import Media, ModuleVersion, PageMedia, PathVersion
from learning.catalogue import Card
from learning.outline import Facts, draw
from learning.paths import paths_with

Kind = TypeVar("Kind", ModuleVersion, PathVersion)


def path_version_named(pk: int) -> PathVersion:
    """A version of a path with its page; 404 where there is none."""
    versions = PathVersion.objects.select_related(
        "path__published_version", "body", "created_by", "published_by"
    )
    found = versions.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _newest(versions: QuerySet[Kind], of: str) -> QuerySet[Kind]:
    """The newest version of each module or path (`of`), with whom it is for. Two queries."""
    later = versions.model._default_manager.filter(**{of: OuterRef(of), "number__gt": OuterRef("number")})
    newest = versions.filter(~Exists(later)).select_related(of)
    return newest.defer("package", "problems").prefetch_related("audiences")


@dataclass(frozen=True, slots=True)
class PathPreview:
    """A version of a path seen by a person who holds one audience and has done nothing yet."""

    version: PathVersion
    audience: str

    @property
    def url(self) -> str:
        """Where the path's page is previewed."""
        return self._url(self.version)

    def context(self) -> dict[str, Any]:
        """What templates/learning/path.html draws; 404 where this audience may not see the path."""
        self._let_in()
        newest = {version.path_id: version for version in _newest(PathVersion.objects.all(), "path")}
        newest[self.version.path_id] = self.version
        seen = [version for version in newest.values() if self._admits(version)]
        paths = paths_with(seen, self._cards(), url_of=self._url)
        own = f"/pages/{self.version.path.uuid}/media/"
        return {
            "preview": self,
            "path": paths[str(self.version.path.uuid)],
            "html": self.version.body.html.replace(f'="{own}', f'="{self.url}media/'),
            "draws_cards": self.version.cards,
            "parents": [],
        }

    def media(self, digest: str, name: str) -> Media:
        """A file of the path's page; 404 to whom the page is one."""
        self._let_in()
        rows = PageMedia.objects.select_related("media")
        found = rows.filter(path_version=self.version, media__digest=digest, name=name).first()
        if found is None:
            raise Http404
        return found.media

    def _cards(self) -> list[Card]:
        """The newest version of each module that this audience would see."""
        newest = _newest(ModuleVersion.objects.all(), "module")
        return [self._card(version) for version in newest if self._admits(version)]

    def _card(self, version: ModuleVersion) -> Card:
        held = frozenset([self.audience])
        outline = draw(version.toc, audiences=held, facts=Facts(), sequence=version.sequence)
        url = reverse("authoring_preview", args=[version.pk, self.audience])
        return Card(
            uuid=str(version.module.uuid),
            title=version.title,
            description=version.description,
            tags=tuple(version.tags),
            categories=tuple(version.categories),
            url=url,
            state=outline.stage,
            percent=outline.percent,
            minutes=sum(item.entry.minutes for item in outline.items),
            minutes_left=outline.minutes_left,
            done=0,
            total=outline.total,
            sections=outline.sections,
            step_label="",
            step_url=url,
            step_note="",
            said=SafeString(""),
            due=None,
            overdue=False,
            certificate_url="",
        )

    def _let_in(self) -> None:
        if not self._admits(self.version):
            raise Http404

    def _admits(self, version: ModuleVersion | PathVersion) -> bool:
        return admits(version.audience_names, frozenset([self.audience]))

    def _url(self, version: PathVersion) -> str:
        return reverse("authoring_path_preview", args=[version.pk, self.audience])
