"""The life of an upload up to its result: taken in, kept, read, finished, and forgotten in the end.

The bytes stand in a folder of their own, with a lock beside them that whoever reads them holds. The
system frees a lock when its holder ends, in whatever way; so a lock that nobody holds means that
nobody is at it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files import File
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from authoring import listing
from authoring.imports import Imported
from authoring.models import FINAL, State, Upload, UploadDraft, UploadToken
from courses import locks
from courses.exporting import packed
from courses.models import ModuleVersion, PathVersion
from markup.package import Package
from markup.problems import Problem

AT_ONCE = 2  # uploads of one author that are read at the same time
STARTING = timedelta(seconds=5)  # until a reader has begun
AN_HOUR = 60  # uploads of one author
KEPT_BYTES = 500 * 1024 * 1024  # of one author's finished uploads
KEPT_DAYS = 30
LISTED = 20  # uploads without a result
_LOCK = "lock"


class TooMany(Exception):
    """The author has to wait: `at_once` for an upload that is being read, else for an hour to pass."""

    def __init__(self, *, at_once: bool) -> None:
        super().__init__("at once" if at_once else "an hour")
        self.at_once = at_once


def named(uuid: UUID, *, by: User | None = None) -> Upload:
    """An upload by its uuid, with who sent it; 404 where there is none, or `by` did not send it."""
    found = Upload.objects.select_related("by").filter(uuid=uuid).first()
    if found is None or by not in (None, found.by):
        raise Http404
    return found


def holds(uuid: UUID, version: ModuleVersion) -> bool:
    """Whether there is an upload with this uuid that holds the version."""
    return UploadDraft.objects.filter(upload__uuid=uuid, version=version).exists()


def receive(
    sent: Sequence[File[bytes]], *, by: User, key: UUID | None = None, token: UploadToken | None = None
) -> tuple[Upload, bool]:
    """Keep what an author sent, perhaps by a token, and return its row, and whether it is new.

    `key` is the form's own: the same bytes with the same key are the same upload, pressed twice.
    Raises `TooMany`.
    """
    part = Path(tempfile.mkdtemp(prefix="part-", dir=_root()))
    try:
        files = [_copy(file, part / str(number)) for number, file in enumerate(sent)]
        if twin := _twin(by, key, files):
            return twin, False
        upload = Upload(uuid=key or uuid4(), by=by, token=token, name=_name(files), files=files)
        try:
            _insert(upload, part)
        except IntegrityError:  # the key is taken: by its twin at this very moment, or by other bytes
            if twin := _twin(by, key, files):
                return twin, False
            upload.uuid = uuid4()
            _insert(upload, part)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return upload, True


def folder(upload: Upload) -> Path:
    """Where the bytes of an upload stand, the first file as "0"; not there once they are forgotten."""
    return _root() / str(upload.uuid)


def are_kept(upload: Upload) -> bool:
    """Whether the bytes are still there, so that it can be read once more."""
    return folder(upload).is_dir()


def opened(upload: Upload) -> list[tuple[str, BinaryIO]]:
    """The kept files with their names, open for reading; the caller closes them."""
    return [(file["name"], (folder(upload) / str(n)).open("rb")) for n, file in enumerate(upload.files)]


def keep_corrected(upload: Upload, package: Package) -> None:
    """Keep what was sent once more, with what it lacks, as a .zip."""
    _corrected(upload).write_bytes(packed(package.files))


def corrected(upload: Upload) -> BinaryIO | None:
    """That .zip, open for reading; None where nothing lacked, or it is forgotten."""
    return _corrected(upload).open("rb") if _corrected(upload).exists() else None


def is_corrected(upload: Upload) -> bool:
    """Whether there is such a .zip."""
    return _corrected(upload).exists()


def lock(upload: Upload, *, shared: bool = False) -> int | None:
    """Take an upload's lock; its file descriptor, or None where somebody else holds it.

    It is held until the descriptor, and each that a child process has of it, is closed.
    """
    if not are_kept(upload):
        return None
    return locks.take(folder(upload) / _LOCK, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def is_read(upload: Upload) -> bool:
    """Whether a process is at it right now."""
    if upload.is_final or not are_kept(upload):
        return False
    free = lock(upload, shared=True)
    if free is not None:
        os.close(free)
    return free is None


def unfinished() -> list[tuple[Upload, bool]]:
    """Everybody's newest uploads that have no result, and whether a process is at them. One query."""
    rows = Upload.objects.exclude(state__in=FINAL).select_related("by").order_by("-created_at", "-pk")
    return [(upload, is_read(upload)) for upload in rows[:LISTED]]


def begin(upload: Upload) -> bool:
    """Note that the reading begins, from the start; False when it has a result already. Hold the lock."""
    changes = {
        "state": State.READING, "started_at": timezone.now(), "finished_at": None, "problems": [],
        "phase": "", "page": "", "done": 0, "total": 0, "reference": "",
    }  # fmt: skip
    rows = Upload.objects.filter(pk=upload.pk).exclude(state__in=(State.ACCEPTED, State.REFUSED))
    return rows.update(**changes) == 1


def note(upload: Upload, **where: Any) -> None:
    """Write down where the reading is: `phase`, `page`, `done`, `total`."""
    Upload.objects.filter(pk=upload.pk, state=State.READING).update(**where)


def finish(upload: Upload, done: Imported) -> None:
    """Write down what came of it: the drafts, or everything that is wrong."""
    text = listing.text_in(done.package)
    with transaction.atomic():
        _end(upload, State.ACCEPTED if done.drafts else State.REFUSED, told(done.problems, text))
        Upload.objects.filter(pk=upload.pk).update(replaced=list(done.replaced))
        UploadDraft.objects.bulk_create(
            UploadDraft(
                upload=upload,
                version=draft.version if isinstance(draft.version, ModuleVersion) else None,
                path_version=draft.version if isinstance(draft.version, PathVersion) else None,
                created=draft.created,
                position=position,
            )
            for position, draft in enumerate(done.drafts)
        )


def refuse(upload: Upload, problem: Problem) -> None:
    """The reading was ended from outside: `problem` says at which page and why."""
    _end(upload, State.REFUSED, [{**problem.as_dict(), "excerpt": ""}])


def give_up(upload: Upload, reference: str) -> None:
    """The reading met a fault of the site, which the log has under `reference`."""
    _end(upload, State.BROKEN, [], reference=reference)


def told(problems: Iterable[Problem], text: listing.Source) -> list[dict[str, Any]]:
    """The problems as they are kept: errors first, each with its line."""
    rows = listing.told((problem.as_dict() for problem in problems), text)
    return [{**row.problem, "excerpt": row.excerpt} for row in rows]


def forget_old() -> int:
    """Delete uploads of more than a month ago and folders that no row names; returns how many uploads.

    Drafts stay. What is being read stays, too.
    """
    old = Upload.objects.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    gone = [upload for upload in old if not is_read(upload)]
    for upload in gone:
        _drop_bytes(upload)
    Upload.objects.filter(pk__in=[upload.pk for upload in gone]).delete()
    known = {str(uuid) for uuid in Upload.objects.values_list("uuid", flat=True)}
    an_hour_ago = (timezone.now() - timedelta(hours=1)).timestamp()
    for place in _root().iterdir():
        if place.name not in known and place.stat().st_mtime < an_hour_ago:
            shutil.rmtree(place, ignore_errors=True)
    return len(gone)


def drop_bytes_beyond_quota(by: User) -> None:
    """Keep the bytes of an author's newest finished uploads alone; the rows and the drafts stay."""
    total = 0
    for upload in Upload.objects.filter(by=by, state__in=FINAL):
        total += sum(file["size"] for file in upload.files)
        if total > KEPT_BYTES:
            _drop_bytes(upload)


def _twin(by: User, key: UUID | None, files: list[dict[str, Any]]) -> Upload | None:
    """The upload that the same form with the same bytes has made already."""
    found = Upload.objects.filter(uuid=key, by=by).first() if key else None
    return found if found is not None and found.files == files else None


def _insert(upload: Upload, part: Path) -> None:
    """Write the row and put the bytes in their place, both or neither; one upload of an author at a time."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=upload.by_id)
        _refuse_too_many(upload.by)
        upload.save(force_insert=True)
        part.rename(folder(upload))


def _end(upload: Upload, state: State, problems: list[dict[str, Any]], reference: str = "") -> None:
    rows = Upload.objects.filter(pk=upload.pk, state=State.READING)
    rows.update(state=state, finished_at=timezone.now(), problems=problems, reference=reference)


def _refuse_too_many(by: User) -> None:
    mine, now = Upload.objects.filter(by=by), timezone.now()
    if mine.filter(created_at__gt=now - timedelta(hours=1)).count() >= AN_HOUR:
        raise TooMany(at_once=False)
    # The reader of what was just handed in may not have begun.
    begun = (
        upload.created_at > now - STARTING or is_read(upload) for upload in mine.exclude(state__in=FINAL)
    )
    if sum(begun) >= AT_ONCE:
        raise TooMany(at_once=True)


def _copy(file: File[bytes], place: Path) -> dict[str, Any]:
    digest, size = sha256(), 0
    with place.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        kept.flush()
        os.fsync(kept.fileno())
    return {"name": (file.name or "")[:300], "sha256": digest.hexdigest(), "size": size}


def _name(files: Sequence[dict[str, Any]]) -> str:
    names = [file["name"] for file in files]
    return names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"


def _corrected(upload: Upload) -> Path:
    return folder(upload) / "with-ids.zip"


def _drop_bytes(upload: Upload) -> None:
    shutil.rmtree(folder(upload), ignore_errors=True)


def _root() -> Path:
    root = Path(settings.UPLOADS_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return root
