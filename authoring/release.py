"""Makes versions live: the pointers and what it means for people, in one transaction.

This is the only caller of `courses.publishing.publish`. Nothing that anybody did is lost
by a release, by going back, or by asking less afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import EllipsisType

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.models import User
from authoring import corrections, moving, receipts, renames
from authoring.reaching import Plan, whom
from authoring.receipts import Moved, Receipt, Reopened
from courses import publishing
from courses.models import Module, ModuleVersion, PathVersion
from learning import mailing, progress, publications
from learning.models import Cause, Policy, Publication
from learning.policies import offered
from learning.publications import Corrected, Line
from quizzes.corrections import Wanted

# The names of these acts in the audit trail.
WHAT = "module published"
PATHS = "path published"  # of paths alone

# What the author saw as live, by module: version ids, None where nothing was; `...`: nobody asks.
Seen = Mapping[int, int | None] | EllipsisType
Row = ModuleVersion | PathVersion


class Overtaken(Exception):
    """Another version of the module or path went live since the author looked; `live` is it."""

    def __init__(self, live: Row | None) -> None:
        super().__init__(str(live))
        self.live = live


class Refused(Exception):
    """The version cannot be published like that; the text says why, `field` names what to mend.

    `here` says it on the page of the version or of its upload, where what to mend stands, too.
    """

    def __init__(self, version: Row, field: str, text: str, here: str = "") -> None:
        super().__init__(f"{version}: {text}")
        self.version, self.field, self.text, self.here = version, field, text, here or text


class Unconfirmed(Refused):
    """The number of people to ask was not confirmed, or is another one by now: `asks`."""

    def __init__(self, version: ModuleVersion, asks: int, confirmed: int | None) -> None:
        told = ngettext(
            "It asks one person now, not %(confirmed)d. Type %(asks)d to confirm.",
            "It asks %(asks)d people now, not %(confirmed)d. Type %(asks)d to confirm.",
            asks,
        )
        if confirmed is None:
            told = _("Type %(asks)d, the number of people whom it asks, to confirm.")
        super().__init__(version, "confirmed", told % {"asks": asks, "confirmed": confirmed})
        self.asks = asks


@dataclass(frozen=True, slots=True)
class Chosen:
    """A version to publish: by which policy, until when a retrain asks, and how many people the author
    confirmed that it asks; `...`: the caller counts them.

    `corrections` say what past answers to questions that it judges differently count for; those to others
    count by the key that is better for who gave them.
    """

    version: ModuleVersion
    policy: Policy = Policy.APPEND
    due: date | None = None
    confirmed: int | EllipsisType | None = None
    corrections: tuple[Wanted, ...] = ()


def release(
    version: ModuleVersion,
    *,
    by: User | None,
    why: str = "",
    over: int | EllipsisType | None = ...,
    policy: Policy = Policy.APPEND,
    due: date | None = None,
    confirmed: int | None = None,
    corrections: tuple[Wanted, ...] = (),
) -> Receipt:
    """Publish one version (`release_all`); `over` is the id of the version that the author saw as live."""
    chosen = Chosen(version, policy, due, confirmed, corrections)
    seen: Seen = ... if isinstance(over, EllipsisType) else {version.module_id: over}
    return release_all([chosen], by=by, why=why, over=seen)


@transaction.atomic
def release_all(
    chosen: Sequence[Chosen],
    *,
    by: User | None,
    why: str = "",
    over: Seen = ...,
    paths: Sequence[PathVersion] = (),
    paths_over: Seen = ...,
) -> Receipt:
    """Publish versions of different modules and paths, settle the records that they touch and write the
    trail: all of it or nothing.

    A page may move between the modules, in either order. `paths_over` says of paths, by their
    ids, what `over` says of modules. What a path opens or closes are the modules below it:
    they are settled, too. Raises `Overtaken` when another version of one of them is live by
    now than the author saw, `Refused` when a policy is not offered or not confirmed, a
    renamed page is not answered or a page moves to a module that is not among them, and
    `courses.publishing.Conflict` when a module outside shows one of the pages.
    """
    publishing.lock([*(each.version for each in chosen), *paths])
    chosen, paths = _as_they_are(chosen, paths)
    versions = [each.version for each in chosen]
    live = {version.module_id: version.module.published_version for version in versions}
    for each in chosen:
        _check(each, live[each.version.module_id], over)
    _refuse_unanswered(versions, live)
    for half in moving.halves({version: live[version.module_id] for version in versions}):
        raise Refused(half.version, NON_FIELD_ERRORS, half.told)
    for path in paths:
        _refuse_overtaken(path, path.path.published_version, paths_over)
    return go_live(chosen, live, by=by, why=why, what=WHAT if versions else PATHS, paths=paths)


def go_live(
    chosen: Sequence[Chosen],
    replaced: Mapping[int, ModuleVersion | None],
    *,
    by: User | None,
    why: str,
    what: str,
    paths: Sequence[PathVersion] = (),
    undoes: Mapping[int, Publication] | None = None,
) -> Receipt:
    """Move the pointers and note what that asks, in the transaction of a caller who holds all of it and has
    checked that it may. What is `replaced` is by module, and so is `undoes`.
    """
    versions = [each.version for each in chosen]
    before = {v.module_id: publications.figures(v, replaced[v.module_id]) for v in versions}
    plan = Plan([*versions, *paths])
    losses = plan.losses
    done = publishing.publish([*versions, *paths], by=by, why=why)
    moved = [_moved(path, done.replaced[path.path_id], plan) for path in paths]
    reopened = _settle_reopened(module for module in done.reopened if module.pk not in before)
    told = ", ".join(map(str, [*versions, *paths]))
    detail = {"versions": [version.pk for version in versions], **receipts.noted(moved, reopened, losses)}
    event = audit.record(by=by, what=what, whom=told, why=why, detail=detail)
    noted = [
        publications.note(
            each.version,
            replaced=replaced[each.version.module_id],
            event=event,
            policy=each.policy,
            due=each.due,
            undoes=(undoes or {}).get(each.version.module_id),
        )
        for each in chosen
    ]
    _settle(noted, before, {each.version.module_id: each for each in chosen})
    return Receipt(event, tuple(noted), tuple(moved), tuple(reopened), losses)


def _moved(path: PathVersion, replaced: PathVersion | None, plan: Plan) -> Moved:
    return Moved(path, replaced, whom(plan.now(replaced)) if replaced else "", whom(plan.after(path)))


def _settle_reopened(modules: Iterable[Module]) -> list[Reopened]:
    """Complete what is complete in the modules that a path opens or closes, as far as they are live."""
    found = []
    for module in modules:
        if (version := module.published_version) is not None:
            before = publications.figures(version, None)
            progress.settle(module=module, cause=Cause.PUBLISHED)
            found.append(Reopened(version, Line(before, publications.figures(version, None))))
    return found


@transaction.atomic
def release_tree(
    versions: Sequence[Row],
    *,
    by: User | None,
    why: str = "",
    policy: Policy = Policy.APPEND,
    due: date | None = None,
    confirmed: int | None = None,
) -> Receipt:
    """Publish modules and paths as they come from one import, those that replace something by one policy:
    unless another is said, the one that asks no more than what is new.

    `confirmed` is how many people a retrain asks, over all modules: who is asked in two counts twice.
    """
    modules = [version for version in versions if isinstance(version, ModuleVersion)]
    chosen = [
        Chosen(version, policy, due, ...) if version.module.published_version_id else Chosen(version)
        for version in modules
    ]
    paths = [version for version in versions if isinstance(version, PathVersion)]
    receipt = release_all(chosen, by=by, why=why, paths=paths)
    if policy == Policy.RETRAIN and modules and (confirmed or 0) != receipt.asks:
        raise Unconfirmed(modules[0], receipt.asks, confirmed)
    return receipt


def _refuse_unanswered(versions: Sequence[ModuleVersion], live: Mapping[int, ModuleVersion | None]) -> None:
    asked = renames.asked((version, live[version.module_id]) for version in versions)
    for renamed in (each for found in asked.values() for each in found if each.stops):
        raise Refused(renamed.version, NON_FIELD_ERRORS, renamed.told, renamed.told_here)


def _settle(
    noted: Sequence[Publication],
    before: Mapping[int, publications.Figures],
    chosen: Mapping[int, Chosen],
) -> None:
    """Ask what is asked, complete what is complete by it, and keep what it did; `before` and `chosen` are by
    module.

    Whom a retrain asks is known once all pointers have moved: a path in the same act may open its
    module to others. Raises `Unconfirmed` when the author said another number.
    """
    asked = {p.pk: publications.ask(p) if p.policy == Policy.RETRAIN else [] for p in noted}
    for publication in noted:
        said, asks = chosen[publication.module_id].confirmed, len(asked[publication.pk])
        if isinstance(said, EllipsisType) or publication.policy != Policy.RETRAIN:
            continue
        if (said or 0) != asks:
            raise Unconfirmed(publication.version, asks, said)
    unasked = {p.pk: publications.withdraw(p.undoes) if p.undoes else 0 for p in noted}
    for publication in noted:
        publication.module.refresh_from_db()
        progress.settle(module=publication.module, cause=Cause.PUBLISHED)
    for publication in noted:
        corrected, passing = _correct(publication, chosen[publication.module_id])
        line = Line(
            before=before[publication.module_id],
            after=publications.figures(publication.version, publication.replaced),
            asked=publications.by_organisation(asked[publication.pk]),
            given=publications.given(publication),
            unasked=unasked[publication.pk],
            corrected=corrected,
            passing=passing,
        )
        publications.keep_receipt(publication, line)
    if mailing.owe(asked):
        transaction.on_commit(mailing.start, robust=True)  # a mail that fails breaks nothing


def _correct(publication: Publication, chosen: Chosen) -> tuple[tuple[Corrected, ...], int]:
    try:
        return corrections.apply(publication, chosen.corrections)
    except corrections.Falls as falls:
        raise Refused(publication.version, f"lowers-{falls.question}", str(falls)) from falls


def live_of(versions: Sequence[ModuleVersion]) -> dict[int, ModuleVersion | None]:
    """What is live of the modules of these versions, by module."""
    modules = Module.objects.select_related("published_version").in_bulk([v.module_id for v in versions])
    return {pk: module.published_version for pk, module in modules.items()}


def _as_they_are(
    chosen: Sequence[Chosen], paths: Sequence[PathVersion]
) -> tuple[list[Chosen], list[PathVersion]]:
    """The versions as they are now that all is held; raises `Refused` where one is gone."""
    modules = ModuleVersion.objects.select_related("module__published_version")
    rows = modules.in_bulk([each.version.pk for each in chosen])
    path_rows = PathVersion.objects.select_related("path__published_version").in_bulk([p.pk for p in paths])
    given: list[Row] = [*(each.version for each in chosen), *paths]
    for version in given:
        if version.pk not in (rows if isinstance(version, ModuleVersion) else path_rows):
            told = _("“%(version)s” was discarded meanwhile: nothing was published.")
            raise Refused(version, NON_FIELD_ERRORS, told % {"version": version})
    fresh = [replace(each, version=rows[each.version.pk]) for each in chosen]
    return fresh, [path_rows[path.pk] for path in paths]


def _refuse_overtaken(version: Row, live: Row | None, over: Seen) -> None:
    if not isinstance(over, EllipsisType) and over.get(version.identity.pk) != (live.pk if live else None):
        raise Overtaken(live)


def _check(chosen: Chosen, live: ModuleVersion | None, over: Seen) -> None:
    """Refuse what the author did not see, or may not ask."""
    version = chosen.version
    _refuse_overtaken(version, live, over)
    if reason := offered(live, version)[chosen.policy]:
        raise Refused(version, "policy", reason)
    if chosen.policy != Policy.RETRAIN:
        if chosen.due is not None:
            raise Refused(version, "due", _("Only a new completion is asked by a date."))
        return
    if chosen.due is None or chosen.due <= timezone.localdate():
        raise Refused(version, "due", _("Choose a day after today."))
