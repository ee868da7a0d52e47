"""Where the bytes of uploaded files are kept: by digest, each once, outside every web root.

Nothing here says who may read a file; `courses.access.media_for` does.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


def place_of(digest: str) -> str:
    """Where in the folder of files the one with this SHA-256 digest (hexadecimal) stands."""
    return f"{digest[:2]}/{digest}"


def path_of(digest: str) -> Path:
    """Where the file with this digest stands, or would stand."""
    return Path(settings.MEDIA_ROOT) / place_of(digest)


def keep(data: bytes) -> str:
    """Store bytes once and return their digest. They are on the disk when this returns.

    A row that names them is written after; so a row never names a file that is not
    there, and a transaction that is taken back leaves at most a file that nobody names.
    Bytes that are there already count as kept now, so that `drop` leaves them.
    """
    digest = sha256(data).hexdigest()
    path = path_of(digest)
    with suppress(FileNotFoundError):
        os.utime(path)
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        try:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return digest


def read(digest: str) -> bytes:
    """The bytes with this digest; FileNotFoundError where nobody kept them."""
    return path_of(digest).read_bytes()


def kept_before(moment: datetime) -> Iterator[str]:
    """The digests of the files that were kept before that moment and not again since."""
    for path in Path(settings.MEDIA_ROOT).glob("??/*"):
        if _DIGEST.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
            yield path.name


def drop(digest: str, *, before: datetime) -> bool:
    """Delete a file, unless it was kept again since that moment; whether it is gone.

    It is moved aside first: whoever keeps it in this instant either is seen to have done so, or finds
    that it is not there and writes it anew.
    """
    path = path_of(digest)
    aside = path.with_suffix(".dropped")
    try:
        if path.stat().st_mtime >= before.timestamp():
            return False
        path.replace(aside)
    except FileNotFoundError:  # somebody else drops it
        return False
    if aside.stat().st_mtime >= before.timestamp():
        aside.replace(path)
        return False
    aside.unlink()
    return True


def mend(*, before: datetime) -> None:
    """Put right what killed processes left before that moment: what was moved aside goes back, what was
    half written goes.
    """
    for ending in (".dropped", ".part"):
        for left in Path(settings.MEDIA_ROOT).glob(f"??/*{ending}"):
            with suppress(FileNotFoundError):  # it was no leftover, and whoever is at it is done
                if left.stat().st_ctime >= before.timestamp():
                    continue
                if ending == ".dropped":
                    left.replace(left.with_suffix(""))
                else:
                    left.unlink()
