"""The only look-ups of what is taught: getting the object is the access check.

One lookup for each kind of object, taking the user. Not visible is `Http404`, the
same as "does not exist". `visible` says the rule in SQL, `courses.documents.admits`
in Python; a property test holds them together.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.permissions import may_sign_in
from courses.documents import admits
from courses.models import Module, ModuleVersion, PageMedia, SearchEntry, SectionVersion

Gated = TypeVar("Gated", ModuleVersion, SectionVersion)
Row = TypeVar("Row")

# What a reader's page has no use for.
_UNREAD = ("version__package", "version__problems", "version__description", "body__source", "body__text")


def visible(pages: QuerySet[Gated], audiences: Collection[str]) -> QuerySet[Gated]:
    """Those of `pages` (of one kind, with `restricted` and `audiences`) that open to these audiences."""
    through: Any = pages.model.audiences.through
    page: dict[str, Any] = {str(pages.model._meta.model_name): OuterRef("pk")}
    admitted = through.objects.filter(audience__in=audiences, **page)
    return pages.filter(Q(restricted=False) | Exists(admitted))


def held_by(user: User) -> frozenset[str]:
    """The audiences that open pages to the user now: none while they, or their company, are suspended."""
    return user.audiences if may_sign_in(user) else frozenset()


def modules_for(user: User) -> QuerySet[ModuleVersion]:
    """The live versions of the modules that the user may take, by title."""
    live = ModuleVersion.objects.filter(live_for__isnull=False).select_related("module")
    live = live.defer("package", "problems")  # large, and for authors alone
    return visible(live, held_by(user)).order_by("title", "pk")


def module_for(user: User, slug: str) -> ModuleVersion:
    """The live version at this address, with its module and its page."""
    return _one(modules_for(user).select_related("module", "body").filter(module__slug=slug))


def section_for(user: User, module: str, section: str) -> SectionVersion:
    """The live section at this address, with its page, its version and its module."""
    return _section(user, version__live_for__slug=module, slug=section)


def section_by_uuid(user: User, page: UUID) -> SectionVersion:
    """The live section that is this page, wherever it stands today."""
    return _section(user, section__uuid=page, version__live_for__isnull=False)


def page_for(user: User, page: UUID) -> ModuleVersion | SectionVersion:
    """The live page with this uuid: a module's index page, or a section."""
    index = modules_for(user).filter(module__uuid=page).first()
    return index or section_by_uuid(user, page)


def media_for(user: User, page: UUID, digest: str, name: str) -> PageMedia:
    """A file that the live page with this uuid shows: the page's gate is the file's gate."""
    found = page_for(user, page)
    files = PageMedia.objects.select_related("media").filter(media__digest=digest, name=name)
    if isinstance(found, ModuleVersion):
        return _one(files.filter(version=found, section_version__isnull=True))
    return _one(files.filter(section_version=found))


def searchable_for(user: User) -> QuerySet[SearchEntry]:
    """The live pages that the user may find: those that they may see, locked or not."""
    held = held_by(user)
    modules = visible(ModuleVersion.objects.filter(live_for__isnull=False), held)
    sections = visible(SectionVersion.objects.filter(version__live_for__isnull=False), held)
    index = Q(section_version__isnull=True, version__in=modules.values("pk"))
    return SearchEntry.objects.filter(index | Q(section_version__in=sections.values("pk")))


def module_named(slug: str) -> Module:
    """A module by its address, for those whose rights come from elsewhere (team, authoring)."""
    return _one(Module.objects.select_related("published_version").filter(slug=slug))


def _section(user: User, **which: str | UUID | bool) -> SectionVersion:
    """One section; `which` names a live one. Its version's toc says whom the page admits."""
    found = remembered(_one(SectionVersion.objects.filter(**which).values_list("pk", flat=True)))
    if not admits(found.version.entry(found.section_id).audiences, held_by(user)):
        raise Http404
    return found


@lru_cache(maxsize=500)
def remembered(section_version: int) -> SectionVersion:
    """A section of one version, with its page, its version and its module, by row id.

    Versions are written once and never changed, so the process may remember what every
    reader gets: which of them is live is asked each time, and so is who may read it.
    """
    sections = SectionVersion.objects.select_related("section", "version__module", "body")
    return sections.defer(*_UNREAD).get(pk=section_version)


def _one(rows: QuerySet[Any, Row]) -> Row:
    found = rows.first() if rows.ordered else rows.order_by("pk").first()
    if found is None:
        raise Http404
    return found
