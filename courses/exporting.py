"""Gives modules and paths back as they came: a .zip whose import finds nothing new."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping

from courses import files
from courses.models import Module, ModuleVersion, Path, PathVersion
from markup import contents

Version = ModuleVersion | PathVersion
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes each time


def zip_of(version: Version) -> bytes:
    """A version's files with the bytes that they came with; of a path, everything below it.

    Below a path stand the live versions, or the newest ones of what is not live. Each is put
    where the path lists it today, and the folder that all of it lies in is left away.
    """
    found = _tree(version, version.package["root"], frozenset())
    return packed(_without_common_folder(found))


def packed(found: Mapping[str, bytes]) -> bytes:
    """These files as a .zip: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(found):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, found[path])
    return buffer.getvalue()


def _tree(version: Version, root: str, above: frozenset[str]) -> dict[str, bytes]:
    """The files of a version with its page at `root`, and of everything that it lists."""
    kept: dict[str, str] = version.package["files"]
    here = version.package["root"]
    found = {_moved(path, here, root): files.read(digest) for path, digest in kept.items()}
    if isinstance(version, PathVersion):
        above |= {str(version.path.uuid)}
        for uuid, place in _listed(version, root, found[root]):
            below = _newest(uuid) if uuid not in above else None
            if below is not None:
                found |= _tree(below, place or below.package["root"], above)
    return found


def _moved(path: str, here: str, there: str) -> str:
    """A file beside the page `here`, where that page is `there`."""
    if here == there or path == here:
        return there if path == here else path
    beside = posixpath.relpath(path, posixpath.dirname(here) or ".")
    return posixpath.normpath(posixpath.join(posixpath.dirname(there), beside))


def _listed(version: PathVersion, root: str, page: bytes) -> Iterator[tuple[str, str]]:
    """What a path lists, and the place that its toc gives each ("" where it has none)."""
    entries = contents.says(root, page).toc
    for number, child in enumerate(version.children):
        if child.uuid is not None:
            yield child.uuid, entries[number].path if number < len(entries) else ""


def _newest(uuid: str) -> Version | None:
    for model in (Module, Path):
        found = model._default_manager.select_related("published_version").filter(uuid=uuid).first()
        if found is not None:
            newest: Version | None = found.published_version or found.versions.order_by("-number").first()
            return newest
    return None


def _without_common_folder(found: Mapping[str, bytes]) -> dict[str, bytes]:
    folder = posixpath.commonpath([posixpath.dirname(path) or "." for path in found])
    if folder in ("", "."):
        return dict(found)
    return {posixpath.relpath(path, folder): data for path, data in found.items()}
