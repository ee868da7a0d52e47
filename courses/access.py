"""The only look-ups of what is taught: getting the object is the access check.

One lookup for each kind of object, taking the user. Not visible is `Http404`, the
same as "does not exist". `visible` says the rule in SQL, `courses.documents.admits`
in Python; a property test holds them together. Both ask the page and the gate that the
paths above it in the catalogue make (`courses.placing`).
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.permissions import may_sign_in
from courses.documents import admits
from courses.models import Module, ModuleVersion, PageMedia, Path, PathVersion, SearchEntry, SectionVersion

Gated = TypeVar("Gated", ModuleVersion, PathVersion, SectionVersion)
Row = TypeVar("Row")

# From each kind of page to the row that knows what is above it, and that row's name in its own tables.
_IDENTITIES = {
    "moduleversion": ("module", "module"),
    "sectionversion": ("version__module", "module"),
    "pathversion": ("path", "path"),
}

# What a reader's page has no use for.
_UNREAD = ("version__package", "version__problems", "version__description", "body__source", "body__text")


def visible(pages: QuerySet[Gated], audiences: Collection[str]) -> QuerySet[Gated]:
    """Those of `pages` (of one kind) that open to somebody who holds these audiences: one of them must open
    the page itself and all that is above it.
    """
    model = pages.model
    identity, field = _IDENTITIES[model._meta.model_name or ""]
    through: Any = model.audiences.through
    own = through.objects.filter(audience__in=audiences, **{str(model._meta.model_name): OuterRef("pk")})
    kind = Path if field == "path" else Module
    above: Any = kind.admits.through.objects.filter(audience__in=audiences)
    let_in = above.filter(**{field: OuterRef(f"{identity}_id")})
    both = above.filter(**{field: OuterRef(OuterRef(f"{identity}_id"))}).values("audience")
    open_above, gated = Q(**{f"{identity}__gate__isnull": True}), Q(**{f"{identity}__gate__isnull": False})
    return pages.filter(
        Q(restricted=False) & (open_above | (gated & Exists(let_in)))
        | Q(restricted=True) & (open_above & Exists(own) | gated & Exists(own.filter(audience__in=both)))
    )


def held_by(user: User) -> frozenset[str]:
    """The audiences that open pages to the user now: none while they, or their company, are suspended."""
    return user.audiences if may_sign_in(user) else frozenset()


def live_modules() -> QuerySet[ModuleVersion]:
    """The live versions of the modules that are not withdrawn, whomever they open to."""
    return ModuleVersion.objects.filter(live_for__isnull=False, live_for__withdrawn_at__isnull=True)


def _live_sections() -> QuerySet[SectionVersion]:
    """The live sections that are not withdrawn, nor their modules, whomever they open to."""
    live = {"version__live_for__isnull": False, "version__live_for__withdrawn_at__isnull": True}
    return SectionVersion.objects.filter(**live, section__withdrawn_at__isnull=True)


def modules_for(user: User) -> QuerySet[ModuleVersion]:
    """The live versions of the modules that the user may take, by title."""
    live = live_modules().select_related("module")
    live = live.defer("package", "problems")  # large, and for authors alone
    return visible(live, held_by(user)).order_by("title", "pk")


def module_for(user: User, slug: str) -> ModuleVersion:
    """The live version at this address, with its module and its page."""
    return _one(modules_for(user).select_related("module", "body").filter(module__slug=slug))


def section_for(user: User, module: str, section: str) -> SectionVersion:
    """The live section at this address, with its page, its version and its module."""
    return _section(user, version__module__slug=module, slug=section)


def section_by_uuid(user: User, page: UUID) -> SectionVersion:
    """The live section that is this page, wherever it stands today."""
    return _section(user, section__uuid=page)


def live_section(page: UUID) -> SectionVersion | None:
    """The live section that is this page, whomever it opens to; None where it is live no more."""
    pk = _live_sections().filter(section__uuid=page).values_list("pk", flat=True).first()
    return remembered(pk) if pk is not None else None


def titles_of(pages: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """The titles of live pages, whomever they open to: of the module, and of the section. One query."""
    rows = _live_sections().filter(section__uuid__in=pages)
    found = rows.values_list("section__uuid", "version__title", "title")
    return {uuid: (module, section) for uuid, module, section in found}


def paths_for(user: User) -> QuerySet[PathVersion]:
    """The live versions of the paths that the user may see, by title."""
    live = PathVersion.objects.filter(live_for__isnull=False).select_related("path")
    return visible(live.defer("package", "problems"), held_by(user)).order_by("title", "pk")


def path_for(user: User, slug: str) -> PathVersion:
    """The live version of the path at this address, with its path and its page."""
    return _one(paths_for(user).select_related("path", "body").filter(path__slug=slug))


def parents_of(user: User, version: ModuleVersion | PathVersion) -> QuerySet[PathVersion]:
    """The live paths that list this module or path, as far as the user may see them."""
    above = {"path__modules" if isinstance(version, ModuleVersion) else "path__paths": version.identity}
    return paths_for(user).filter(**above)


def above(user: User, version: ModuleVersion | PathVersion) -> list[list[PathVersion]]:
    """The live paths above this module or path, as far as the user may see them, the uppermost first.

    Where several paths list a page they stand side by side, and nothing above them: there
    is no one way up. Two queries at most, however deep it stands.
    """
    levels = [list(parents_of(user, version))]
    if not levels[0]:
        return []
    seen = {found.path_id: found for found in paths_for(user)} if len(levels[0]) == 1 else {}
    listing: dict[int, list[int]] = {}
    for path, parent in Path.parents.through._default_manager.values_list("from_path", "to_path"):
        listing.setdefault(path, []).append(parent)
    met: set[int] = set()
    while len(levels[0]) == 1 and (at := levels[0][0].path_id) not in met:
        met.add(at)
        if not (higher := [seen[pk] for pk in listing.get(at, []) if pk in seen and pk not in met]):
            break
        levels.insert(0, higher)
    return levels


def page_for(user: User, page: UUID) -> ModuleVersion | SectionVersion | PathVersion:
    """The live page with this uuid: a module's index page, a section, or a path's page."""
    index = modules_for(user).filter(module__uuid=page).first()
    return index or paths_for(user).filter(path__uuid=page).first() or section_by_uuid(user, page)


def media_for(user: User, page: UUID, digest: str, name: str) -> PageMedia:
    """A file that the live page with this uuid shows: the page's gate is the file's gate."""
    found = page_for(user, page)
    files = PageMedia.objects.select_related("media").filter(media__digest=digest, name=name)
    if isinstance(found, ModuleVersion):
        return _one(files.filter(version=found, section_version__isnull=True))
    if isinstance(found, PathVersion):
        return _one(files.filter(path_version=found))
    return _one(files.filter(section_version=found))


def module_named(slug: str) -> Module:
    """A module by its address, for those whose rights come from elsewhere (team, authoring)."""
    return _one(Module.objects.select_related("published_version").filter(slug=slug))


def searchable_for(user: User) -> QuerySet[SearchEntry]:
    """The live pages that the user may find: those that they may see, locked or not."""
    return _searchable(held_by(user))


def _searchable(held: frozenset[str]) -> QuerySet[SearchEntry]:
    modules = visible(live_modules(), held).values("pk")
    sections = visible(_live_sections(), held).values("pk")
    paths = visible(PathVersion.objects.filter(live_for__isnull=False), held).values("pk")
    index = Q(section_version__isnull=True, version__in=modules)
    return SearchEntry.objects.filter(index | Q(section_version__in=sections) | Q(path_version__in=paths))


def search_gate(user: User) -> tuple[str, tuple[Any, ...]]:
    """The ids of `searchable_for` as SQL and its parameters, for a statement around it.

    Put together once for each set of audiences: that takes longer than the database does to answer it.
    """
    return _search_gate(held_by(user), connection.vendor)


@lru_cache(maxsize=100)
def _search_gate(held: frozenset[str], vendor: str) -> tuple[str, tuple[Any, ...]]:
    return _searchable(held).order_by().values("pk").query.sql_with_params()


def moved_module(user: User, slug: str) -> ModuleVersion:
    """The live module that stood at this address before."""
    return _one(modules_for(user).filter(module__former_addresses__slug=slug))


def moved_path(user: User, slug: str) -> PathVersion:
    """The live version of the path that stood at this address before."""
    return _one(paths_for(user).filter(path__former_addresses__slug=slug))


def moved_section(user: User, module: str, section: str) -> SectionVersion:
    """The live section that stood at this address in a version before, in whichever module it is now.

    Of several that did, the one that was published there last, of those that the user may see.
    """
    modules = Module.objects.filter(Q(slug=module) | Q(former_addresses__slug=module))
    stood = _live_sections().filter(
        section__versions__slug=section,
        section__versions__version__module__in=modules.values("pk"),
        section__versions__version__published_at__isnull=False,
    )
    rows = (
        visible(stood, held_by(user)).select_related("version__module").only("slug", "version__module__slug")
    )
    return _one(rows.order_by("-section__versions__version__published_at", "pk"))


# What of a module may change under what is remembered of its versions.
_NOW = ("version__module__gate", "version__module__slug", "version__module__withdrawn")


def _section(user: User, **which: str | UUID) -> SectionVersion:
    """One live section. Its version's toc says whom the page admits."""
    pk, names, slug, withdrawn = _one(_live_sections().filter(**which).values_list("pk", *_NOW))
    found = remembered(pk)
    gate = None if names is None else frozenset(names)
    now = _as_now(found, gate, slug, frozenset(withdrawn))
    if not admits(now.version.entry(found.section_id).audiences, held_by(user), gate):
        raise Http404
    return now


def _as_now(
    found: SectionVersion, gate: frozenset[str] | None, slug: str, withdrawn: frozenset[int]
) -> SectionVersion:
    """What is remembered, with the gate, the address and what is withdrawn as they are at this moment."""
    version = found.version
    if (version.gate, version.module.slug, version.withdrawn) == (gate, slug, withdrawn):
        return found
    section = copy(found)
    section.version = copy(version)
    section.version.gate, section.version.withdrawn = gate, withdrawn
    section.version.module = copy(version.module)
    section.version.module.slug = slug
    return section


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
