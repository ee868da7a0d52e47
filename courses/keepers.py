"""A uuid is one page, and one module keeps it: what would break that is told before it is written (E604).

What was never published keeps nothing: whichever draft goes live first has the page,
and a page that was uploaded alone by mistake is not in the way of its module.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db.models import F

from courses import files
from courses.documents import ModuleDocument, Tree, Unchanged
from courses.models import Module, ModuleVersion, Path, PathVersion, SectionVersion
from markup import contents

_Stored = dict[str, Any]  # the package of a `Version`


@dataclass(frozen=True, slots=True)
class Claim:
    """A page that is about to be a module, a path, or a section of the module `unit`; `where` names it."""

    uuid: UUID
    kind: Literal["module", "path", "section"]
    unit: UUID
    where: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A claim that cannot be met: `path` names the page, `message` whose uuid it is."""

    path: str
    message: str


class Conflict(Exception):
    """Uuids that others keep, all of them; `path` and `message` are those of the first."""

    def __init__(self, clashes: Collection[Clash]) -> None:
        self.clashes = tuple(clashes)
        self.path, self.message = self.clashes[0].path, self.clashes[0].message
        super().__init__("; ".join(f"{clash.path}: {clash.message}" for clash in self.clashes))


def claims_of_tree(tree: Tree) -> list[Claim]:
    """The pages of a tree, in its order."""
    claims = []
    for document in tree.documents:
        unit = document.page.uuid
        is_module = isinstance(document, ModuleDocument) or (
            isinstance(document, Unchanged) and document.kind == "module"
        )
        claims.append(Claim(unit, "module" if is_module else "path", unit, document.page.path))
        pages = (page for page in document.pages if page.uuid != unit)
        claims += [Claim(page.uuid, "section", unit, page.path) for page in pages]
    return claims


def claims_of_versions(versions: Iterable[ModuleVersion | PathVersion]) -> list[Claim]:
    """The pages of stored versions. One query."""
    found = list(versions)
    modules = {version.pk: version for version in found if isinstance(version, ModuleVersion)}
    sections: dict[int, list[Claim]] = {}
    rows = SectionVersion.objects.filter(version__in=modules).exclude(
        section__uuid=F("version__module__uuid")
    )
    for pk, unit, uuid, title in rows.order_by("position").values_list(
        "version", "version__module__uuid", "section__uuid", "title"
    ):
        sections.setdefault(pk, []).append(Claim(uuid, "section", unit, title))
    claims = []
    for version in found:
        unit, is_module = version.identity.uuid, isinstance(version, ModuleVersion)
        claims.append(Claim(unit, "module" if is_module else "path", unit, version.title))
        claims += sections.get(version.pk, []) if is_module else []
    return claims


def refuse(claims: Collection[Claim]) -> None:
    """Raise `Conflict` where somebody else keeps a page, or two of the claims are of one.

    A section that a module shows now is free for another one when, in the same act, the
    module comes without it: then it moves.
    """
    clashes = {**_live_sections(claims), **_shown_sections(claims), **_identities(claims), **_twice(claims)}
    if clashes:
        raise Conflict([clashes[claim] for claim in claims if claim in clashes])


def _twice(claims: Collection[Claim]) -> dict[Claim, Clash]:
    """A page that something before in the same act claims."""
    first: dict[UUID, Claim] = {}
    clashes = {}
    for claim in claims:
        other = first.setdefault(claim.uuid, claim)
        if other is not claim:
            told = f"this uuid is that of “{other.where}”, which goes live in the same act"
            clashes[claim] = Clash(claim.where, told)
    return clashes


def _identities(claims: Collection[Claim]) -> dict[Claim, Clash]:
    """Pages that were ever published as a module or as a path stay that."""
    clashes = {}
    uuids = {claim.uuid for claim in claims}
    for model, kind, word in ((Module, "module", "module"), (Path, "path", "path")):
        ever = model._default_manager.filter(uuid__in=uuids, versions__published_at__isnull=False)
        last: dict[UUID, tuple[str, _Stored]] = {
            uuid: (slug, package)
            for uuid, slug, package in ever.order_by("versions__number").values_list(
                "uuid", "slug", "versions__package"
            )
        }
        for claim in claims:
            if claim.kind != kind and claim.uuid in last:
                slug, package = last[claim.uuid]
                told = f"this uuid is that of the {word} “{slug}”{_place(claim.uuid, package)}"
                clashes[claim] = Clash(claim.where, told)
    return clashes


def _shown_sections(claims: Collection[Claim]) -> dict[Claim, Clash]:
    """A page that was ever published as another module's section becomes no module and no path."""
    units = {claim.uuid: claim for claim in claims if claim.kind != "section"}
    shown = SectionVersion.objects.filter(section__uuid__in=units, version__published_at__isnull=False)
    found = shown.exclude(version__module__uuid=F("section__uuid"))
    clashes = {}
    for uuid, slug, package in found.order_by("version__number").values_list(
        "section__uuid", "version__module__slug", "version__package"
    ):
        told = f"this uuid is that of a section of “{slug}”{_place(uuid, package)}"
        clashes[units[uuid]] = Clash(units[uuid].where, told)
    return clashes


def _live_sections(claims: Collection[Claim]) -> dict[Claim, Clash]:
    """A section that another module shows, and will show, stays there."""
    next_of = _sections_by_unit(claims)
    wanted = {claim.uuid: claim for claim in claims if claim.kind == "section"}
    live = SectionVersion.objects.filter(section__uuid__in=wanted, version__live_for__isnull=False)
    clashes = {}
    for uuid, module, title, whole, package in live.values_list(
        "section__uuid", "version__module__uuid", "title", "version__title", "version__package"
    ):
        claim = wanted[uuid]
        leaves = module in next_of and uuid not in next_of[module]
        if module != claim.unit and not leaves:
            told = f"this uuid is that of “{title}” in the module “{whole}”{_place(uuid, package)}"
            clashes[claim] = Clash(claim.where, told)
    return clashes


def _place(uuid: UUID, package: _Stored) -> str:
    """Where the files of a version say this uuid: file, line and column; "" where only the path says it."""
    for path in contents.markdown(package["files"]):
        page = contents.says(path, files.read(package["files"][path]))
        if page.uuid == uuid:
            line, column = page.uuid_place
            return f" ({path}:{line}:{column})"
    return ""


def _sections_by_unit(claims: Iterable[Claim]) -> Mapping[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for claim in claims:
        found.setdefault(claim.unit, set()).add(claim.uuid)
    return found
