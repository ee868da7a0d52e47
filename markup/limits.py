"""How much a package may hold. Sizes are in bytes."""

from __future__ import annotations

from dataclasses import dataclass

_KB = 1024
_MB = 1024 * _KB


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of the content format; `ratio` is unpacked to packed, `depth` counts the parts of a path."""

    zip: int = 50 * _MB
    unpacked: int = 200 * _MB
    ratio: int = 100
    files: int = 5_000
    depth: int = 12
    page: int = 512 * _KB
    image: int = 5 * _MB
    video: int = 50 * _MB
    pixels: int = 40_000_000
