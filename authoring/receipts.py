"""The receipt of an act that published something: who was behind it, and what it did to people's records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils.translation import ngettext

from accounts.models import AuditEvent
from authoring.reaching import Losses
from courses.models import ModuleVersion, PathVersion
from learning.models import Publication
from learning.publications import Line


@dataclass(frozen=True, slots=True)
class Moved:
    """A path's version that went live, and the one in whose place."""

    version: PathVersion
    replaced: PathVersion | None
    was_for: str = ""  # whom it opened to, in words, where it was live
    opens_to: str = ""


@dataclass(frozen=True, slots=True)
class Reopened:
    """The live version of a module that a path opened to others, and what was settled for it."""

    version: ModuleVersion
    line: Line


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one act did, module by module, and its paths. The event says who did it, when and why."""

    event: AuditEvent
    publications: tuple[Publication, ...]
    paths: tuple[Moved, ...] = ()
    reopened: tuple[Reopened, ...] = ()
    losses: Losses = field(default_factory=Losses)

    @property
    def id(self) -> int:
        """That of the line in the audit trail."""
        return self.event.pk

    @property
    def went_back(self) -> bool:
        """Whether the act undid another one."""
        return any(publication.undoes_id is not None for publication in self.publications)

    @property
    def is_of_several(self) -> bool:
        """Whether it made more than one thing live."""
        return len(self.publications) + len(self.paths) > 1

    @property
    def told(self) -> str:
        """How many modules and paths it made live."""
        modules, paths = len(self.publications), len(self.paths)
        told = [
            ngettext("%(n)d module", "%(n)d modules", modules) % {"n": modules} if modules else "",
            ngettext("%(n)d path", "%(n)d paths", paths) % {"n": paths} if paths else "",
        ]
        return ", ".join(filter(None, told))

    @property
    def lines(self) -> list[tuple[Publication, Line]]:
        """What it did to each module's records."""
        return [(found, Line.from_dict(found.receipt)) for found in self.publications]

    @property
    def sections_closed(self) -> int:
        """Sections that became done by it: what was still asked there is gone."""
        return sum(line.sections_closed for line in self._settled)

    @property
    def completed(self) -> int:
        """People who completed a module by it: nothing is open for them any more."""
        return sum(line.completed for line in self._settled)

    @property
    def asks(self) -> int:
        """Of how many people it asks a new completion."""
        return sum(line.asks for _found, line in self.lines)

    @property
    def _settled(self) -> list[Line]:
        return [line for _found, line in self.lines] + [each.line for each in self.reopened]


def noted(paths: Iterable[Moved], reopened: Iterable[Reopened], losses: Losses) -> dict[str, Any]:
    """What the act's line in the trail keeps of them; `receipt_named` reads it."""
    return {
        "moved": [
            {
                "version": move.version.pk,
                "replaced": move.replaced and move.replaced.pk,
                "was_for": move.was_for,
                "opens_to": move.opens_to,
            }
            for move in paths
        ],
        "losses": losses.to_dict(),
        "reopened": [{"version": each.version.pk, "line": each.line.to_dict()} for each in reopened],
    }


def receipt_named(pk: int) -> Receipt:
    """The receipt with this id; 404 where there is none."""
    event = AuditEvent.objects.select_related("by").filter(pk=pk).first() if pk < 2**63 else None
    if event is None:
        raise Http404
    found = Publication.objects.filter(event=event).select_related("version__module", "replaced")
    receipt = Receipt(event, tuple(found.order_by("pk")), _paths(event), _reopened(event), _losses(event))
    if not receipt.publications and not receipt.paths:
        raise Http404
    return receipt


def _paths(event: AuditEvent) -> tuple[Moved, ...]:
    kept = event.detail.get("moved", [])
    pks = {pk for move in kept for pk in (move["version"], move["replaced"]) if pk}
    rows = PathVersion.objects.select_related("path").in_bulk(pks)
    return tuple(
        Moved(
            rows[move["version"]],
            rows.get(move["replaced"]),
            move.get("was_for", ""),
            move.get("opens_to", ""),
        )
        for move in kept
    )


def _losses(event: AuditEvent) -> Losses:
    kept = event.detail.get("losses")
    return Losses.from_dict(kept) if kept else Losses()


def _reopened(event: AuditEvent) -> tuple[Reopened, ...]:
    kept = event.detail.get("reopened", [])
    rows = ModuleVersion.objects.select_related("module").in_bulk(each["version"] for each in kept)
    return tuple(Reopened(rows[each["version"]], Line.from_dict(each["line"])) for each in kept)
