"""Which names an entry of a package may have. The rules hold on every system, whatever this one would
allow.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from markup.limits import Limits
from markup.problems import Problems

# Characters that Windows refuses or reads as a path, controls, and marks that turn the reading direction.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_IGNORED = {".DS_Store", "Thumbs.db"}


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def is_ignored(name: str) -> bool:
    """True for what operating systems leave behind (I690)."""
    parts = name.rstrip("/").split("/")
    return "__MACOSX" in parts[:-1] or name.rstrip("/") == "__MACOSX" or parts[-1] in _IGNORED


def why_unsafe(name: str) -> str | None:
    """Why a path must not be accepted, or None. Directories may end in `/`."""
    if _UNSAFE.search(name):
        return "has a character that no path may have"
    if name.startswith("/"):
        return "is an absolute path"
    if len(name.encode()) > 1000:
        return "is too long"
    return next((why for part in name.removesuffix("/").split("/") if (why := _why_unsafe_part(part))), None)


@lru_cache(maxsize=1024)  # a folder is judged once, not for each file in it
def _why_unsafe_part(part: str) -> str | None:
    if part in ("", ".", ".."):
        return "has an empty, `.` or `..` part"
    if part.startswith("."):
        return "has a hidden part, which begins with a dot"
    if part.strip() != part or part.endswith("."):
        return "has a part that begins with a space or ends in a dot or a space"
    if _RESERVED.fullmatch(part) or len(part.encode()) > 255:
        return "has a part that is reserved or too long"
    return None


class Register:
    """Takes the names of a package one by one and reports those that cannot be accepted."""

    def __init__(self, limits: Limits, problems: Problems) -> None:
        self.limits, self.problems = limits, problems
        self._seen: dict[str, tuple[str, bool]] = {}
        self._ways: set[str] = set()  # folders, as they are spelled, in which something was accepted

    def accept(self, name: str, *, folder: bool = False) -> str | None:
        """The path (in Unicode's form NFC) under which the entry is kept; None: ignored or refused."""
        shown = name.encode("utf-8", "replace").decode()[:200]
        if is_ignored(name):
            self.problems.add("I690", "left out", file=shown)
            return None
        if why := why_unsafe(name):
            self.problems.add("E682", f"the name “{shown}” {why}", file=shown)
            return None
        path = _composed(name.removesuffix("/"))
        if path.count("/") >= self.limits.depth:
            self.problems.add("E688", f"more than {self.limits.depth} folders deep", file=shown)
            return None
        return path if self._is_new(path, name.removesuffix("/"), folder) else None

    def _is_new(self, path: str, name: str, folder: bool) -> bool:
        """Compare every part of the way with what was seen: two spellings of one folder are a clash too."""
        parts, spelled, way = path.split("/"), name.split("/"), name.rpartition("/")[0]
        for length in range(len(parts) if way in self._ways else 1, len(parts) + 1):
            is_folder = folder or length < len(parts)
            key = "/".join(parts[:length]).casefold()
            here = "/".join(spelled[:length])
            known, known_folder = self._seen.setdefault(key, (here, is_folder))
            again = (known, known_folder) != (here, is_folder)
            if again or (not is_folder and self._taken(key)):
                message = f"“{here}” and “{known}” are the same name on many computers"
                if here != known and _composed(here) == _composed(known):
                    message = f"“{here}” is there twice, with its accents written in two ways"
                self.problems.add("E687", message, file=here)
                return False
        self._ways.add(way)
        return True

    def _taken(self, key: str) -> bool:
        """True from the second time on that a file of this name comes."""
        marker = f"{key}\0file"
        taken = marker in self._seen
        self._seen[marker] = ("", False)
        return taken
