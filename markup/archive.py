"""Reads a .zip into memory, within limits. Nothing is extracted, and nothing that the archive says is
believed.
"""

from __future__ import annotations

import io
import stat
import zipfile
from typing import BinaryIO

from markup.limits import Limits
from markup.names import Register
from markup.problems import Problems

_CHUNK = 64 * 1024
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END_SIZE = 22
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8 = 0x800
_SMALL = 1024 * 1024  # below this no ratio is a bomb: a page of equal lines may well shrink to a hundredth


class _RefusedError(Exception):
    """The archive as a whole is not read further."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def read_zip(stream: BinaryIO, *, name: str, limits: Limits, problems: Problems) -> dict[str, bytes]:
    """The files of an archive by path. Reports E681-E684, E687, E688 and I690; with an error, what is
    returned is partial.
    """
    try:
        size = _check_container(stream, limits)
        with zipfile.ZipFile(stream) as archive:
            return _read(archive, stream, size, limits, problems)
    except _RefusedError as refused:
        problems.add(refused.code, refused.message, file=name)
    except Exception as error:  # zipfile raises whatever a damaged archive leads it to
        problems.add("E681", f"the archive cannot be read ({type(error).__name__})", file=name)
    return {}


def _check_container(stream: BinaryIO, limits: Limits) -> int:
    """The size of the archive in bytes, once it is worth opening."""
    size = stream.seek(0, io.SEEK_END)
    if size > limits.zip:
        raise _RefusedError("E683", f"the archive has more than {limits.zip:,} bytes")
    stream.seek(0)
    if stream.read(4) not in (_LOCAL, _END):
        raise _RefusedError("E681", "this is not a zip archive, or something stands before it")
    # Opening takes memory for each entry; every entry has this mark, whatever number the archive states.
    if _count(stream, _CENTRAL) > 2 * limits.files:
        raise _RefusedError("E684", f"the archive has more than {limits.files:,} files")
    stream.seek(0)
    return size


def _count(stream: BinaryIO, mark: bytes) -> int:
    stream.seek(0)
    total, tail = 0, b""
    while chunk := stream.read(_CHUNK):
        total += (tail + chunk).count(mark)
        tail = chunk[-(len(mark) - 1) :]
    return total


def _read(
    archive: zipfile.ZipFile, stream: BinaryIO, size: int, limits: Limits, problems: Problems
) -> dict[str, bytes]:
    _check_whole(archive, stream, size, limits)
    entries = _entries(archive, limits, problems)
    if problems.errors:
        return {}
    _check_declared([entry for entry, _ in entries], size, limits)
    files: dict[str, bytes] = {}
    left = min(limits.unpacked, max(_SMALL, limits.ratio * size))
    for entry, path in entries:
        files[path] = _content(archive, entry, left)
        left -= len(files[path])
    return files


def _check_whole(archive: zipfile.ZipFile, stream: BinaryIO, size: int, limits: Limits) -> None:
    """No bytes before the first entry, none after the end: such a file would be two things at once."""
    entries = archive.infolist()
    stream.seek(max(0, size - _END_SIZE - len(archive.comment)))
    if stream.read(4) != _END or min((entry.header_offset for entry in entries), default=0) != 0:
        raise _RefusedError("E681", "something stands before or after the archive")
    if sum(not entry.is_dir() for entry in entries) > limits.files:
        raise _RefusedError("E684", f"the archive has more than {limits.files:,} files")


def _entries(
    archive: zipfile.ZipFile, limits: Limits, problems: Problems
) -> list[tuple[zipfile.ZipInfo, str]]:
    """The files that may be read, with the paths under which they are kept."""
    register = Register(limits, problems)
    accepted: list[tuple[zipfile.ZipInfo, str]] = []
    for entry in archive.infolist():
        name = _name(entry)
        path = register.accept(name, folder=name.endswith("/"))
        if path is None:
            continue
        if why := _why_unreadable(entry):
            problems.add(*why, file=name)
        elif not name.endswith("/"):
            accepted.append((entry, path))
    return accepted


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: many tools write UTF-8 without saying so."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8:
        try:
            return name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _why_unreadable(entry: zipfile.ZipInfo) -> tuple[str, str] | None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR and not entry.is_dir()):
        return "E682", "this is a link or a device, not a file"
    if entry.flag_bits & _ENCRYPTED:
        return "E681", "the entry is encrypted"
    if entry.compress_type not in _METHODS:
        return "E681", f"the entry is packed by a method that is not read here ({entry.compress_type})"
    if entry.volume:
        return "E681", "the archive is split into several files"
    return None


def _check_declared(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked:
        raise _RefusedError("E683", f"the archive says that it unpacks to {total:,} bytes")
    if total > max(_SMALL, limits.ratio * size):
        raise _RefusedError("E683", f"the archive unpacks to more than {limits.ratio} times its size")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """The bytes of an entry, counted while they come."""
    parts: list[bytes] = []
    count = 0
    with archive.open(entry) as source:
        while part := source.read(_CHUNK):
            count += len(part)
            if count > left:
                raise _RefusedError("E683", "the archive unpacks to more than it says or may")
            parts.append(part)
    if count != entry.file_size:
        raise _RefusedError(
            "E681", f"“{entry.filename[:100]}” has {count:,} bytes, the archive says {entry.file_size:,}"
        )
    return b"".join(parts)
