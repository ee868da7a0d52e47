"""A uuid is one page, and one module keeps it: what would break that is told before it is written (E604).

What was never published keeps nothing: whichever draft goes live first has the page,
and a page that was uploaded alone by mistake is not in the way of its module.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.db.models import F

from courses import files
from courses.documents import ModuleDocument, Tree, Unchanged
from courses.models import Module, ModuleVersion, Path, PathVersion, SectionVersion
from markup import contents

_Row = type[ModuleVersion] | type[PathVersion]


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


@dataclass(slots=True)
class _Places:
    """Where versions say a uuid. Packages are large: one is asked for only where something clashes with its
    version, and then once.
    """

    packages: dict[tuple[_Row, int], dict[str, Any]] = field(default_factory=dict)

    def of(self, uuid: UUID, model: _Row, pk: int) -> str:
        """File, line and column; "" where only the path says it."""
        if (model, pk) not in self.packages:
            self.packages[model, pk] = model._default_manager.values_list("package", flat=True).get(pk=pk)
        package = self.packages[model, pk]
        path = package.get("pages", {}).get(str(uuid))
        page = contents.says(path, files.read(package["files"][path])) if path else None
        if page is None or page.uuid != uuid:
            return ""
        line, column = page.uuid_place
        return f" ({path}:{line}:{column})"


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
    places = _Places()
    clashes = {
        **_live_sections(claims, places),
        **_shown_sections(claims, places),
        **_identities(claims, places),
        **_twice(claims),
    }
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


def _identities(claims: Collection[Claim], places: _Places) -> dict[Claim, Clash]:
    """Pages that were ever published as a module or as a path stay that."""
    clashes = {}
    kinds: tuple[tuple[type[Module] | type[Path], _Row, str], ...] = (
        (Module, ModuleVersion, "module"),
        (Path, PathVersion, "path"),
    )
    for model, version, word in kinds:
        others = {claim.uuid: claim for claim in claims if claim.kind != word}
        ever = model._default_manager.filter(uuid__in=others, versions__published_at__isnull=False)
        last = {
            uuid: (slug, pk)
            for uuid, slug, pk in ever.order_by("versions__number").values_list("uuid", "slug", "versions")
        }
        for uuid, (slug, pk) in last.items():
            told = f"this uuid is that of the {word} “{slug}”{places.of(uuid, version, pk)}"
            clashes[others[uuid]] = Clash(others[uuid].where, told)
    return clashes


def _shown_sections(claims: Collection[Claim], places: _Places) -> dict[Claim, Clash]:
    """A page that was ever published as another module's section becomes no module and no path."""
    units = {claim.uuid: claim for claim in claims if claim.kind != "section"}
    shown = SectionVersion.objects.filter(section__uuid__in=units, version__published_at__isnull=False)
    found = shown.exclude(version__module__uuid=F("section__uuid"))
    clashes = {}
    rows = found.order_by("version__number").values_list("section__uuid", "version__module__slug", "version")
    last = {uuid: (slug, pk) for uuid, slug, pk in rows}
    for uuid, (slug, pk) in last.items():
        told = f"this uuid is that of a section of “{slug}”{places.of(uuid, ModuleVersion, pk)}"
        clashes[units[uuid]] = Clash(units[uuid].where, told)
    return clashes


def _live_sections(claims: Collection[Claim], places: _Places) -> dict[Claim, Clash]:
    """A section that another module shows, and will show, stays there."""
    next_of = _sections_by_unit(claims)
    wanted = {claim.uuid: claim for claim in claims if claim.kind == "section"}
    live = SectionVersion.objects.filter(section__uuid__in=wanted, version__live_for__isnull=False)
    clashes = {}
    for uuid, module, title, whole, pk in live.values_list(
        "section__uuid", "version__module__uuid", "title", "version__title", "version"
    ):
        claim = wanted[uuid]
        leaves = module in next_of and uuid not in next_of[module]
        if module != claim.unit and not leaves:
            place = places.of(uuid, ModuleVersion, pk)
            told = f"this uuid is that of “{title}” in the module “{whole}”{place}"
            clashes[claim] = Clash(claim.where, told)
    return clashes


def _sections_by_unit(claims: Iterable[Claim]) -> Mapping[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for claim in claims:
        found.setdefault(claim.unit, set()).add(claim.uuid)
    return found
