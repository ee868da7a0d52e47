"""Makes live again what an act replaced: one of its modules, or all of it with its paths. All or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from authoring.receipts import Moved, Receipt
from authoring.release import Chosen, Overtaken, Refused, Row, go_live, live_of
from courses import publishing
from courses.models import ModuleVersion, Path
from learning import publications
from learning.models import Policy, Publication

WHAT = "module rolled back"  # the name of the act in the audit trail


@transaction.atomic
def roll_back(
    undone: Sequence[Publication], *, by: User | None, why: str, paths: Sequence[Moved] = ()
) -> Receipt:
    """Make live again what these publications, of different modules, replaced, and what `paths` replaced.

    One act, as publishing is. What they asked of people is asked no more, and what people did
    meanwhile stays. Raises `Overtaken` when one of them is not its module's last any more or a
    path moved on, `Refused` when it was the first or would leave a page behind that moved with
    another one, and `courses.publishing.Conflict` as a release does.
    """
    versions = [publication.version for publication in undone]
    publishing.lock([*versions, *(move.version for move in paths)])
    for _row, stop in stops(undone, paths):
        raise stop
    _refuse_half(undone)
    chosen = [Chosen(each.replaced, Policy.MINOR) for each in undone if each.replaced]
    before = [move.replaced for move in paths if move.replaced]
    undoes = {publication.module_id: publication for publication in undone}
    return go_live(chosen, live_of(versions), by=by, why=why, what=WHAT, paths=before, undoes=undoes)


def stops(undone: Sequence[Publication], paths: Sequence[Moved]) -> list[tuple[Row, Overtaken | Refused]]:
    """Those that cannot go back now, each with the reason. Three queries."""
    last = publications.last_of([publication.module_id for publication in undone])
    live = live_of([publication.version for publication in undone])
    rows = Path.objects.select_related("published_version").in_bulk([m.version.path_id for m in paths])
    stopped: list[tuple[Row, Overtaken | Refused]] = []
    for publication in undone:
        if last.get(publication.module_id) != publication.pk:
            stopped.append((publication.version, Overtaken(live[publication.module_id])))
        elif publication.replaced is None:
            told = _("It is the first version that was live. Withdraw the module instead.")
            stopped.append((publication.version, Refused(publication.version, "why", told)))
    for move in paths:
        now = rows[move.version.path_id].published_version
        if now != move.version:
            stopped.append((move.version, Overtaken(now)))
        elif move.replaced is None:
            told = _("“%(title)s” is the first version of its path that was live: nothing was there before.")
            refused = Refused(move.version, NON_FIELD_ERRORS, told % {"title": move.version.title})
            stopped.append((move.version, refused))
    return stopped


def _refuse_half(undone: Sequence[Publication]) -> None:
    """A page that moved between the modules of an act goes back with both of them, or not at all."""
    acts = {publication.event_id for publication in undone}
    beside = Publication.objects.filter(event__in=acts).exclude(pk__in=[each.pk for each in undone])
    others = list(beside.exclude(replaced=None).select_related("version", "replaced"))
    for publication in undone:
        came, left = _moves(publication)
        for other in (each for each in others if each.event_id == publication.event_id):
            theirs_came, theirs_left = _moves(other)
            for uuid in (came.keys() & theirs_left.keys()) | (left.keys() & theirs_came.keys()):
                told = _(
                    "“%(page)s” moved between “%(one)s” and “%(other)s” in the same release, so neither"
                    " goes back alone: roll back both together."
                ) % {
                    "page": {**came, **left}[uuid],
                    "one": publication.version.title,
                    "other": other.version.title,
                }
                raise Refused(publication.version, NON_FIELD_ERRORS, told)


def _moves(publication: Publication) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The titles of the pages that came with a publication, and of those that left, by uuid."""
    now, before = _pages(publication.version), _pages(publication.replaced)
    came = {uuid: title for uuid, title in now.items() if uuid not in before}
    return came, {uuid: title for uuid, title in before.items() if uuid not in now}


def _pages(version: ModuleVersion | None) -> dict[str, str]:
    return {entry.uuid: entry.title for entry in version.written if entry.uuid} if version else {}
