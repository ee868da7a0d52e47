"""Collecting the problems of one block, so that its reader knows whether it may go on."""

from collections.abc import Iterable
from typing import get_args

from markup.blocks import Block
from markup.problems import Problems, did_you_mean
from quizzes.spec import QuestionType

TYPES: tuple[str, ...] = get_args(QuestionType)


class Report:
    """Adds problems of one file; `failed` once one of them was an error."""

    def __init__(self, problems: Problems, file: str) -> None:
        self._problems = problems
        self._file = file
        self.failed = False

    def __call__(
        self, code: str, message: str, line: int, column: int = 1, *, remedy: str | None = None
    ) -> None:
        """Add a problem of this file; the severity is the code's first letter."""
        self.failed = self.failed or code.startswith("E")
        self._problems.add(code, message, file=self._file, line=line, column=column, remedy=remedy)

    def fresh(self) -> "Report":
        """A report into the same file that has not failed yet."""
        return Report(self._problems, self._file)

    def of(self, file: str) -> "Report":
        """A report of the same problems about another file."""
        return Report(self._problems, file)

    def repeated_ids(self, blocks: Iterable[Block]) -> None:
        """E202 for each of these blocks whose id stands on one before it."""
        lines: dict[str, int] = {}
        for block in blocks:
            option = next((option for option in block.options if option.key == "id" and option.value), None)
            if option and (other := lines.setdefault(option.value, option.line)) != option.line:
                message = f"The id “{option.value}” is already used at line {other}."
                self("E202", message, option.line, option.column)

    def unknown_type(self, name: str, line: int, column: int) -> None:
        """E204 for a type that nobody knows."""
        message = f"There is no question type “{name}”{did_you_mean(name, TYPES)}."
        self("E204", f"{message} There are {', '.join(TYPES)}.", line, column, remedy="Use one of these.")
