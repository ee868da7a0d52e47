"""Makes a version live: the pointer and what it means for people's records, in one transaction.

This is the only caller of `courses.publishing.publish`. A roll-back is the release of
an older version; nothing that anybody did is lost by either.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from types import EllipsisType
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from courses import publishing
from courses.models import Module, ModuleVersion
from learning import progress
from learning.models import Cause, Completion, SectionProgress

WHAT = "module published"  # the name of a release in the audit trail


class Overtaken(Exception):
    """Another version went live since the author looked; `live` is it."""

    def __init__(self, live: ModuleVersion | None) -> None:
        super().__init__(str(live))
        self.live = live


@dataclass(frozen=True, slots=True)
class Figures:
    """How many records a module has: sections done and completions, over all people."""

    sections_done: int
    completions: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a release did. `before` and `after` count the records of the module's people."""

    id: int  # of the line in the audit trail that keeps this receipt
    version: ModuleVersion
    replaced: ModuleVersion | None
    before: Figures
    after: Figures

    @property
    def sections_closed(self) -> int:
        """Sections that became done by the release: what was still asked there is gone."""
        return self.after.sections_done - self.before.sections_done

    @property
    def completed(self) -> int:
        """People who completed the module by the release: nothing is open for them any more."""
        return self.after.completions - self.before.completions


@transaction.atomic
def release(
    version: ModuleVersion, *, by: User | None, why: str = "", over: int | EllipsisType | None = ...
) -> Receipt:
    """Publish a version, settle the records that it touches and write the trail.

    `over` is the id of the version that the author saw as the live one (None: none was);
    when another one is live by now nothing changes and `Overtaken` says which. Left out,
    nobody asks. Raises `courses.publishing.Conflict` when another module shows one of the
    version's pages by now.
    """
    module = Module.objects.select_for_update().get(pk=version.module_id)
    if over is not ... and over != module.published_version_id:
        raise Overtaken(module.published_version)
    before = _figures(version)
    replaced = publishing.publish(version, by=by, why=why)
    module.refresh_from_db()
    progress.settle(module=module, cause=Cause.PUBLISHED)
    after = _figures(version)
    detail: dict[str, Any] = {
        "version": version.pk,
        "replaced": replaced.pk if replaced else None,
        "before": asdict(before),
        "after": asdict(after),
    }
    event = audit.record(by=by, what=WHAT, whom=str(version), why=why, detail=detail)
    return Receipt(event.pk, version, replaced, before, after)


def _figures(version: ModuleVersion) -> Figures:
    done = SectionProgress.objects.filter(section__versions__version=version, done_at__isnull=False)
    completions = Completion.objects.filter(module=version.module_id)
    return Figures(sections_done=done.count(), completions=completions.count())
