"""Throws away kept files that nothing names any more: of discarded drafts, edits and imports that failed.

What any row names stays, however old: what versions were read from, what pages show, what was typed over,
and both sides of what was written in the browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from django.utils import timezone

from authoring.models import AddedImage, BrowserChange, Edit, WorkingCopy
from courses import files
from courses.models import Media, ModuleVersion, PathVersion

UNNAMED_FOR = timedelta(days=1)  # no import, and nobody who has a page open to write on, takes as long


def sweep() -> int:
    """Delete the files that no row names and nobody kept within a day; returns how many."""
    before = timezone.now() - UNNAMED_FOR
    files.mend(before=before)
    old = set(files.kept_before(before))
    return sum(files.drop(digest, before=before) for digest in old.difference(_named()))


def _named() -> Iterator[str]:
    """The digest of every file that a row names, some of them more than once."""
    yield from Media.objects.values_list("digest", flat=True).iterator()
    yield from AddedImage.objects.values_list("digest", flat=True).iterator()
    yield from Edit.objects.values_list("based_on", flat=True).iterator()
    yield from chain.from_iterable(BrowserChange.objects.values_list("before", "after").iterator())
    for model in (ModuleVersion, PathVersion):
        for kept in model._default_manager.values_list("package__files", flat=True).iterator():
            yield from (kept or {}).values()
    for kept in WorkingCopy.objects.values_list("files", flat=True).iterator():
        yield from kept.values()
