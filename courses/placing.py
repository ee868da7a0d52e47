"""The place of modules and paths below the live paths: who lists them, and whom these let in.

A page opens to the intersection of what it says itself and what is said above it in the
catalogue. What is said above is worked out here whenever a version goes live, so that a
request finds it in the row of the module or path that it asks for anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from accounts.models import Audience
from courses.models import Module, ModuleVersion, Path, PathVersion

Names = frozenset[str] | None  # audiences; None: everybody


def reach_of(own: Mapping[UUID, Names], lists: Mapping[UUID, frozenset[UUID]]) -> dict[UUID, Names]:
    """Whom the paths above let in, for everything that a path lists.

    `own` is what each live path says of itself, `lists` what it lists. Who is let in by
    one parent is let in; a path that would be above itself lets nobody in.
    """
    parents: dict[UUID, list[UUID]] = {}
    for path, children in lists.items():
        for child in children:
            parents.setdefault(child, []).append(path)

    def gate(page: UUID, below: frozenset[UUID]) -> Names:
        if page not in parents:
            return None
        gates = [through(parent, below | {page}) for parent in parents[page]]
        return _any(gates)

    def through(path: UUID, below: frozenset[UUID]) -> Names:
        return frozenset() if path in below else both(own[path], gate(path, below))

    return {page: gate(page, frozenset()) for page in parents}


def below(path: UUID, lists: Mapping[UUID, frozenset[UUID]]) -> set[UUID]:
    """Everything that stands below a path, through whatever it lists; in a circle, itself too."""
    seen: set[UUID] = set()
    waiting = list(lists.get(path, ()))
    while waiting:
        page = waiting.pop()
        if page not in seen:
            seen.add(page)
            waiting += lists.get(page, ())
    return seen


def live_paths() -> dict[UUID, PathVersion]:
    """The live version of each path, by the path's uuid, with its audiences. Two queries."""
    live = PathVersion.objects.filter(live_for__isnull=False).select_related("path")
    live = live.defer("package", "problems", "description").prefetch_related("audiences")
    return {version.path.uuid: version for version in live}


def lists_of(paths: Mapping[UUID, PathVersion]) -> dict[UUID, frozenset[UUID]]:
    """What each path lists."""
    return {
        uuid: frozenset(UUID(child.uuid) for child in version.children if child.uuid)
        for uuid, version in paths.items()
    }


def gates_of(paths: Mapping[UUID, PathVersion]) -> dict[UUID, Names]:
    """Whom these paths let in, by the uuid of each page that they list."""
    return reach_of({uuid: names(version) for uuid, version in paths.items()}, lists_of(paths))


def gate_of(row: Module | Path, gates: Mapping[UUID, Names], *, says_nothing: bool) -> Names:
    """Whom the paths above let in. A page that has lost its last path and says nothing itself keeps whom that
    let in: it must not open to everybody by being left out.
    """
    left = frozenset(row.gate) if row.gate is not None and says_nothing else None
    return gates.get(row.uuid, left)


def reach(version: ModuleVersion | PathVersion, gates: Mapping[UUID, Names]) -> Names:
    """Whom a version opens to where it is live below these gates: one audience must open the whole way."""
    return both(names(version), gate_of(version.identity, gates, says_nothing=not version.restricted))


def place() -> list[Module]:
    """Write down everybody's place; returns the modules that open to others than before.

    Called in the transaction in which a pointer moved. Writes only what changed.
    """
    live = live_paths()
    gates = gates_of(live)
    parents: dict[UUID, set[int]] = {}
    for uuid, children in lists_of(live).items():
        for child in children:
            parents.setdefault(child, set()).add(live[uuid].path_id)
    moved: list[Module] = []
    for model in (Module, Path):
        silent = model._default_manager.filter(published_version__restricted=False)
        says_nothing = set(silent.values_list("pk", flat=True))
        for row in model._default_manager.prefetch_related("parents").order_by("pk"):
            gate = gate_of(row, gates, says_nothing=row.pk in says_nothing)
            changed = _write(row, gate, parents.get(row.uuid, set()))
            if changed and isinstance(row, Module):
                moved.append(row)
    return moved


def _write(row: Module | Path, gate: Names, parents: set[int]) -> bool:
    """Whether the row opens to others now."""
    if {parent.pk for parent in row.parents.all()} != parents:
        row.parents.set(parents)
    before = None if row.gate is None else frozenset(row.gate)
    if before == gate:
        return False
    row.gate = None if gate is None else sorted(gate)
    row.save(update_fields=["gate"])
    row.admits.set(Audience.objects.filter(name__in=gate or ()))
    return True


def names(version: ModuleVersion | PathVersion) -> Names:
    """Whom a version says that it is for."""
    said = version.audience_names
    return None if said is None else frozenset(said)


def both(one: Names, other: Names) -> Names:
    """Whom two pages above each other open to."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _any(gates: list[Names]) -> Names:
    known = [gate for gate in gates if gate is not None]
    return None if len(known) < len(gates) else frozenset().union(*known)
