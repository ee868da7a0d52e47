"""Makes live again what an act replaced: one of its modules, or all of it with its paths. All or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from authoring.moving import Move, moves_of
from authoring.receipts import Moved, Receipt
from authoring.release import Chosen, Overtaken, Refused, Row, go_live, live_of
from courses import publishing
from courses.models import Path
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
    acts = Publication.objects.filter(event__in={publication.event_id for publication in undone})
    beside = list(acts.select_related("version", "replaced"))
    for publication in undone:
        act = [each for each in beside if each.event_id == publication.event_id]
        for move in moves_of(publication, act):
            if not {*move.ends} <= {*undone}:
                raise Refused(publication.version, NON_FIELD_ERRORS, _why_not_half(move))


def _why_not_half(move: Move) -> str:
    told = _(
        "“%(page)s” moved from “%(left)s” to “%(came)s” in the same release, so neither goes back alone:"
        " roll back both together."
    )
    if move.came.replaced is None:
        told = _(
            "“%(page)s” moved from “%(left)s” to “%(came)s”, which had no version before. Upload both modules"
            " as you want them to be, and publish them together."
        )
    names = {"left": move.left.version.title, "came": move.came.version.title}
    return told % {"page": move.page, **names}
