"""Locks on files: each is held until its descriptor, and every one that a child has of it, is closed."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def take(path: Path, how: int | None) -> int | None:
    """The lock's file, opened, and locked as `flock` is told; not at all for None.

    Returns None where it is told not to wait, and somebody else has it. Its folder must be there.
    """
    taken = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        if how is not None:
            fcntl.flock(taken, how)
    except OSError:
        os.close(taken)
        return None
    return taken
