"""Scores as a manager sees them: exact fractions over the checks that gate (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from courses.documents import CheckEntry


class Points(NamedTuple):
    """What a round left a whole check at: points earned, and full points."""

    earned: Fraction
    full: Fraction


@dataclass(slots=True)
class Tries:
    """One person's finished rounds in one check; `first` stays None while round 1 is open, `last` is
    the round that counts."""

    first: Points | None = None
    last: Points | None = None
    count: int = 0


def rounds_finished(checks: Iterable[CheckEntry], tries: Mapping[int, Tries]) -> int:
    """Finished rounds in the check that took the most of them."""
    return max((tries[check.quiz].count for check in checks if check.quiz in tries), default=0)


def first_score(checks: Iterable[CheckEntry], tries: Mapping[int, Tries]) -> Fraction | None:
    """Share (0 to 1) that the first rounds earned; None until each of these checks has one finished.

    `tries` is by quiz id, as it is in every function here.
    """
    firsts = [tries[check.quiz].first if check.quiz in tries else None for check in checks]
    known = [points for points in firsts if points is not None]
    return _share(known) if len(known) == len(firsts) else None


def best_score(
    checks: Iterable[CheckEntry], tries: Mapping[int, Tries], *, at_least: Fraction | None = None
) -> Fraction | None:
    """Share (0 to 1) of the full points that the last finished rounds earned.

    A check without a finished round counts with nothing earned; None while there is
    no finished round at all. `at_least` is what a completion has certified.
    """
    checks = list(checks)
    if not any(check.quiz in tries for check in checks):
        return at_least
    score = _share([_last(check, tries) for check in checks])
    return max((share for share in (score, at_least) if share is not None), default=None)


def whole_percent(share: Fraction | None) -> int | None:
    """Whole percent, rounded down: 100 means all of it."""
    return None if share is None else int(share * 100)


def _last(check: CheckEntry, tries: Mapping[int, Tries]) -> Points:
    last = tries[check.quiz].last if check.quiz in tries else None
    return last or Points(Fraction(0), Fraction(check.full))


def _share(points: Iterable[Points]) -> Fraction | None:
    points = list(points)
    full = sum((p.full for p in points), Fraction(0))
    return sum((p.earned for p in points), Fraction(0)) / full if full else None
