"""The {marks} at the end of an answer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from quizzes.options import SLUG
from quizzes.report import Report


@dataclass(slots=True)
class Marks:
    """{fixed}, a weight as a share of the question's points, and a key ("": none)."""

    fixed: bool = False
    weight: Fraction | None = None
    key: str = ""


def read_marks(written: Iterable[str], line: int, column: int, report: Report) -> Marks:
    """The marks of the answer at this place; E222 for what is none."""
    marks = Marks()
    for mark in written:
        if mark == "fixed":
            marks.fixed = True
        elif re.fullmatch(r"-?(100|[0-9]{1,2})%", mark):
            marks.weight = Fraction(int(mark[:-1]), 100)
        elif mark.startswith("#") and SLUG.fullmatch(mark[1:]):
            marks.key = mark[1:]
        else:
            report("E222", f"There is no mark “{{{mark}}}”.", line, column)
    return marks
