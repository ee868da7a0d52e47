"""What is wrong with a piece of content: where, how bad, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

from markup.remedies import REMEDIES

Severity = Literal["error", "warning", "info"]
_SEVERITIES: dict[str, Severity] = {name[0].upper(): name for name in get_args(Severity)}


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in content. Lines and columns count from 1, in characters, in the file as it stands."""

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    remedy: str

    def text(self) -> str:
        """`file:line:column: severity CODE message`, on one line."""
        return f"{self.file}:{self.line}:{self.column}: {self.severity} {self.code} {self.message}"

    def as_dict(self) -> dict[str, str | int]:
        """The JSON shape: file, line, column, severity, code, message, remedy, in this order."""
        return asdict(self)


@dataclass(slots=True)
class Problems:
    """Collects problems in the order in which they are found, each once."""

    _found: dict[Problem, None] = field(default_factory=dict)  # a set that keeps its order

    def add(
        self, code: str, message: str, *, file: str, line: int = 1, column: int = 1, remedy: str | None = None
    ) -> None:
        """Note a problem. Its severity follows from the first letter of its code (E, W, I)."""
        one_line = " ".join(message.split())
        severity = _SEVERITIES[code[0]]
        self._found[Problem(file, line, column, severity, code, one_line, remedy or REMEDIES[code])] = None

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems that were found elsewhere."""
        self._found.update(dict.fromkeys(problems))

    @property
    def errors(self) -> bool:
        """True when one of them blocks an import."""
        return any(problem.severity == "error" for problem in self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def suggest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that somebody who wrote `word` probably meant, or None."""
    by_key = {choice.casefold(): choice for choice in choices}
    close = difflib.get_close_matches(word[:100].casefold(), list(by_key), n=1, cutoff=0.6)
    return by_key[close[0]] if close else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """` (did you mean “x”?)` for the end of a message, or nothing."""
    choice = suggest(word, choices)
    return f" (did you mean “{choice}”?)" if choice else ""
