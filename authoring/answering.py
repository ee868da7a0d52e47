"""Answers whether pages of a draft are renamed ones, and reads the draft again with the answers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import User
from authoring import imports, limited, replacing
from authoring.models import BrowserChange, RenameAnswer, UploadDraft
from authoring.renames import Renamed
from courses.models import ModuleVersion
from courses.publishing import Draft

WHAT = "renamed page answered"  # the name of the act in the audit trail


def answer(
    version: ModuleVersion, answers: Sequence[tuple[Renamed, bool]], *, by: User
) -> ModuleVersion | None:
    """Remember which pages are renamed ones; returns the draft to go on with.

    That is the same one where all pages are new, else one that is read from its files with
    the answers and takes its place in its uploads. None where these files cannot be read
    by themselves any more: the answers are kept, and the next upload is read with them.
    """
    _remember(version, answers, by=by)
    if not any(same for _renamed, same in answers):
        return version
    done = imports.keep(
        replacing.package_of(version), found=[], by=by, origin=version.origin, who=version.module.uuid,
        made_from=version.made_from, read=limited.patiently,
    )  # fmt: skip
    for draft in done.drafts:
        if isinstance(draft.version, ModuleVersion) and draft.version.module_id == version.module_id:
            _take_the_place_of(version, draft.version, draft)
            return draft.version
    return None


@transaction.atomic
def _remember(version: ModuleVersion, answers: Sequence[tuple[Renamed, bool]], *, by: User) -> None:
    """Write the answers down, each with a line in the trail; the same answer again is none."""
    for renamed, same in answers:
        page, gone = UUID(renamed.pair.new.uuid), UUID(renamed.pair.gone.uuid)
        if renamed.answer is not None and renamed.answer.same == same:
            continue
        rows = RenameAnswer.objects.filter(page=page, same=True).exclude(gone=gone)
        if same:
            rows.update(same=False, by=by, at=timezone.now())
        said = {"module": version.module, "same": same, "by": by, "at": timezone.now()}
        RenameAnswer.objects.update_or_create(page=page, gone=gone, defaults=said)
        detail = {
            "version": version.pk, "page": str(page), "path": renamed.pair.new.path,
            "gone": str(gone), "gone path": renamed.pair.gone.path, "same": same,
        }  # fmt: skip
        audit.record(by=by, what=WHAT, whom=str(version), detail=detail)


@transaction.atomic
def _take_the_place_of(version: ModuleVersion, now: ModuleVersion, draft: Draft) -> None:
    """Let uploads hold the new draft instead, and let it know what of it was written in the browser."""
    if now == version:
        return
    rows = UploadDraft.objects.filter(version=version).exclude(upload__drafts__version=now)
    UploadDraft.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
        version=now, created=draft.created
    )
    BrowserChange.objects.bulk_create(
        (
            BrowserChange(
                version=now, path=row.path, before=row.before, after=row.after, by=row.by, at=row.at
            )
            for row in version.browser_changes.select_related("by")
        ),
        ignore_conflicts=True,
    )
