"""Changes made in the browser, and the uploads that do not know of them.

Whoever edits the files on their own machine has what they had before a colleague wrote in the
browser. Their next upload would take that back without anybody meaning to; so it is asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from authoring.desk import text_of, title_of
from authoring.merging import merge
from authoring.models import BrowserChange
from authoring.patches import FileChange, patch
from courses import files
from courses.models import ModuleVersion
from markup import front_matter
from markup.problems import Problems


@dataclass(frozen=True, slots=True)
class Lacking:
    """A page whose change was made in the browser and is not in a version.

    `change` is the latest one; `before` the digest of the page before the first of those that follow
    each other, "" where it was new.
    """

    change: BrowserChange
    before: str
    title: str

    @property
    def path(self) -> str:
        """Where the page stands."""
        return self.change.path


def lacking(version: ModuleVersion) -> list[Lacking]:
    """The pages of a version that was never live which lack a change made in the browser, by path.

    Such a change counts while it is what learners read, or waits in a draft that was built in the browser
    before this version. A version that holds the change, alone or beside its own, lacks nothing. One
    query, and files only of pages that differ.
    """
    return each_lacks([version])[version.pk]


def each_lacks(versions: Collection[ModuleVersion]) -> dict[int, list[Lacking]]:
    """The same of several versions, by their ids. One query for all."""
    asked = [version.module_id for version in versions if version.published_at is None]
    rows = BrowserChange.objects.filter(version__module__in=asked).select_related("version", "by")
    written: dict[int, list[BrowserChange]] = {}
    for row in rows.order_by("-version__number", "-pk"):
        written.setdefault(row.version.module_id, []).append(row)
    return {
        version.pk: [] if version.published_at else _lacks(version, written.get(version.module_id, []))
        for version in versions
    }


def _lacks(version: ModuleVersion, rows: Iterable[BrowserChange]) -> list[Lacking]:
    """What a version lacks of its module's changes, which are given newest first."""
    chains: dict[str, list[BrowserChange]] = {}
    written_over: set[str] = set()  # what this version itself was written on in the browser
    for row in rows:
        if row.version_id == version.pk:
            written_over.add(row.before)
        else:
            chains.setdefault(row.path, []).append(row)
    found = []
    for path, chain in sorted(chains.items()):
        if path.lower().endswith(".md") and _counts(chain[0], version):
            before = _before(chain)
            after = chain[0].after
            has = holds(version.package["files"], path=path, before=before, after=after)
            if after not in written_over and not has:
                found.append(Lacking(chain[0], before, title_of(_text(chain[0].after), path)))
    return found


def missing_patch(version: ModuleVersion) -> bytes:
    """What a version lacks, as a patch for its files: the pages, and the pictures that came with them."""
    found = lacking(version)
    kept: dict[str, str] = version.package["files"]
    changes = [_file(item.path, item.before, item.change.after) for item in found]
    built = {item.change.version_id for item in found}
    rows = BrowserChange.objects.filter(version__in=built).exclude(path__in=kept).order_by("path")
    changes += [_file(row.path, "", row.after) for row in rows if not row.path.lower().endswith(".md")]
    return patch(changes)


def written_patch(version: ModuleVersion) -> bytes:
    """Everything that was written in the browser into a version, as a patch for the version before."""
    rows = version.browser_changes.order_by("path")
    return patch(_file(row.path, row.before, row.after) for row in rows)


def _counts(change: BrowserChange, version: ModuleVersion) -> bool:
    """Whether learners read what was written, or a draft of it that is older than `version` waits."""
    live = version.module.published_version
    if live is not None and change.after in live.package["files"].values():
        return True
    waits = change.version.published_at is None and change.version.number < version.number
    return waits and (live is None or live.number < change.version.number)


def _before(chain: list[BrowserChange]) -> str:
    """What the page was before all the changes that follow each other directly; `chain` is newest first."""
    before = chain[0].before
    for older in chain[1:]:
        if older.after != before:
            break
        before = older.before
    return before


def holds(kept: Mapping[str, str], *, path: str, before: str, after: str) -> bool:
    """Whether files hold what a change made of one: as it made it, or as part of a page that says more.

    All are named by their digests; "" is a file that is not there.
    """
    if not after:
        return path not in kept
    if after in kept.values():
        return True
    there = kept.get(path, "")
    if not path.lower().endswith(".md"):
        return False
    there = there or _moved(kept, after)
    if there in ("", before):
        return False
    mine = _text(there)
    return merge(_text(before), mine, _text(after), names=("", "")).text == mine


def _moved(kept: Mapping[str, str], after: str) -> str:
    """The digest of the page where it has another path by now, known by its uuid; "" where it is gone."""
    uuid = _uuid(after)
    pages = (digest for path, digest in kept.items() if path.lower().endswith(".md"))
    return next((digest for digest in pages if uuid and _uuid(digest) == uuid), "")


def _uuid(digest: str) -> UUID | None:
    return front_matter.read(_text(digest), file="", audiences=(), problems=Problems())[0].uuid


def _text(digest: str) -> str:
    return text_of(files.read(digest)) if digest else ""


def _file(path: str, before: str, after: str) -> FileChange:
    return FileChange(path, files.read(before) if before else None, files.read(after))
