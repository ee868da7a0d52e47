"""Pages that moved between the modules of one act: what binds these, when the act goes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from courses.models import ModuleVersion
from learning.models import Publication


@dataclass(frozen=True, slots=True)
class Move:
    """A page, by its title, that one module gave to another."""

    page: str
    left: Publication
    came: Publication

    @property
    def ends(self) -> tuple[Publication, Publication]:
        """Where it was, and where it is."""
        return self.left, self.came


def moves(act: Collection[Publication]) -> list[Move]:
    """The pages that moved between the modules of an act. No query where the versions are there."""
    homes = {
        uuid: each for each in act for uuid in _pages(each.version).keys() - _pages(each.replaced).keys()
    }
    return [
        Move(title, each, homes[uuid])
        for each in act
        for uuid, title in _pages(each.replaced).items()
        if uuid in homes and uuid not in _pages(each.version)
    ]


def moves_of(publication: Publication, act: Collection[Publication]) -> list[Move]:
    """The moves for which a publication goes back with others only: its own, and those of these others."""
    among, bound = moves(act), {publication}
    while more := {end for move in among if bound & {*move.ends} for end in move.ends} - bound:
        bound |= more
    return [move for move in among if move.left in bound]


def gone_after(undone: Collection[Publication]) -> list[str]:
    """The titles of the pages that none of these modules has when all of them go back."""
    back = {uuid for each in undone for uuid in _pages(each.replaced)}
    return [title for each in undone for uuid, title in _pages(each.version).items() if uuid not in back]


def _pages(version: ModuleVersion | None) -> Mapping[str, str]:
    return {entry.uuid: entry.title for entry in version.written if entry.uuid} if version else {}
