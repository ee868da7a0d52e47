"""The receipt of an act that published something: who was behind it, and what it did to people's records."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from accounts.models import AuditEvent
from learning.models import Publication
from learning.publications import Line


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one act did, module by module. The event says who did it, when and why."""

    event: AuditEvent
    publications: tuple[Publication, ...]

    @property
    def id(self) -> int:
        """That of the line in the audit trail."""
        return self.event.pk

    @property
    def went_back(self) -> bool:
        """Whether the act undid another one."""
        return any(publication.undoes_id is not None for publication in self.publications)

    @property
    def lines(self) -> list[tuple[Publication, Line]]:
        """What it did to each module's records."""
        return [(found, Line.from_dict(found.receipt)) for found in self.publications]

    @property
    def sections_closed(self) -> int:
        """Sections that became done by it: what was still asked there is gone."""
        return sum(line.sections_closed for _found, line in self.lines)

    @property
    def completed(self) -> int:
        """People who completed a module by it: nothing is open for them any more."""
        return sum(line.completed for _found, line in self.lines)

    @property
    def asks(self) -> int:
        """Of how many people it asks a new completion."""
        return sum(line.asks for _found, line in self.lines)


def receipt_named(pk: int) -> Receipt:
    """The receipt with this id; 404 where there is none."""
    event = AuditEvent.objects.select_related("by").filter(pk=pk).first() if pk < 2**63 else None
    found = Publication.objects.filter(event=event).select_related("version__module", "replaced")
    if event is None or not found:
        raise Http404
    return Receipt(event, tuple(found.order_by("pk")))
