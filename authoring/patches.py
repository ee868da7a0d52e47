"""Changes of files as a patch that `git apply` takes: texts by their lines, all else as it is. Pure."""

from __future__ import annotations

import zlib
from base64 import b85encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from hashlib import sha1

_AT_ONCE = 52  # bytes that one line of a binary patch holds


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after. `before` is None for a new one."""

    path: str
    before: bytes | None
    after: bytes


def patch(changes: Iterable[FileChange]) -> bytes:
    """One patch of all the changes, with `a/` and `b/` before the paths, as git writes it."""
    return b"".join(part for change in changes if change.before != change.after for part in _file(change))


def _file(change: FileChange) -> Iterator[bytes]:
    path, before = change.path, change.before or b""
    yield f"diff --git a/{path} b/{path}\n".encode()
    if change.before is None:
        yield b"new file mode 100644\n"
    try:
        old, new = _lines(before), _lines(change.after)
    except UnicodeDecodeError:
        yield from _binary(change)
        return
    tab = "\t" if " " in path else ""  # where the name ends, for programs that read it to the next space
    yield f"--- {'/dev/null' if change.before is None else f'a/{path}{tab}'}\n+++ b/{path}{tab}\n".encode()
    for line in list(unified_diff(old, new))[2:]:
        yield line.encode() if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n".encode()


def _lines(data: bytes) -> list[str]:
    """The lines with what ends them: a line feed alone, as git counts; a carriage return is text."""
    lines = data.decode().split("\n")
    whole = [f"{line}\n" for line in lines[:-1]]
    return whole + lines[-1:] if lines[-1] else whole


def _binary(change: FileChange) -> Iterator[bytes]:
    before = "0" * 40 if change.before is None else _name(change.before)
    mode = "" if change.before is None else " 100644"
    yield f"index {before}..{_name(change.after)}{mode}\nGIT binary patch\n".encode()
    for data in (change.after, change.before or b""):
        yield f"literal {len(data)}\n".encode()
        packed = zlib.compress(data)
        for at in range(0, len(packed), _AT_ONCE):
            piece = packed[at : at + _AT_ONCE]
            length = bytes([ord("A") + len(piece) - 1 if len(piece) <= 26 else ord("a") + len(piece) - 27])
            yield length + b85encode(piece, pad=True) + b"\n"
        yield b"\n"


def _name(data: bytes) -> str:
    """What git calls a file with this content."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
