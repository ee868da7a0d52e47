"""How much work something is, on any machine the same: the calls that it makes, not the time that it takes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


def steps(work: Callable[[], object]) -> int:
    """How many functions some work calls. What one call of the interpreter's own does is not seen."""
    count = 0

    def see(frame: FrameType, event: str, of: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grows_evenly(work: Callable[[int], object], size: int) -> bool:
    """Whether four times the size is about four times the work, and not sixteen times."""
    work(size)  # what is built once and kept
    return steps(lambda: work(4 * size)) < 6 * steps(lambda: work(size))
