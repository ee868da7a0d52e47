"""Scores are exact until they are shown, and what is shown never rounds up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.documents import CheckEntry
from learning.team_scores import Points, Tries, best_score, first_score, whole_percent


def check(quiz: int, full: str = "3") -> CheckEntry:
    return CheckEntry(quiz, quiz, f"check-{quiz}", 3, full, gating=True)


def points(earned: str, full: str = "3") -> Points:
    return Points(Fraction(earned), Fraction(full))


@pytest.mark.parametrize(
    ("tries", "first", "best"),
    [
        ({}, None, None),
        ({1: Tries(points("1"), points("1"))}, None, Fraction(1, 6)),
        ({1: Tries(points("1"), points("3"))}, None, Fraction(1, 2)),
        (
            {1: Tries(points("1"), points("3")), 2: Tries(points("2"), points("2"))},
            Fraction(1, 2),
            Fraction(5, 6),
        ),
        # Points, not checks, are what is shared: a check of 9 weighs three times one of 3.
        (
            {1: Tries(points("3"), points("3")), 2: Tries(points("0", "9"), points("0", "9"))},
            Fraction(1, 4),
            Fraction(1, 4),
        ),
        # A first round that is not the one that finished first is none.
        ({1: Tries(None, points("3")), 2: Tries(points("2"), points("2"))}, None, Fraction(5, 6)),
        # A check of another module has no say.
        ({7: Tries(points("3"), points("3"))}, None, None),
    ],
)
def test_first_and_best(tries, first, best):
    checks = [check(1), check(2)]
    assert first_score(checks, tries) == first
    assert best_score(checks, tries) == best


def test_without_checks_or_without_points_there_is_no_score():
    assert first_score([], {}) is None
    assert best_score([], {}) is None
    nothing = {1: Tries(points("0", "0"), points("0", "0"))}
    assert first_score([check(1, "0")], nothing) is None
    assert best_score([check(1, "0")], nothing) is None


def test_what_was_certified_is_never_shown_lower():
    tries = {1: Tries(points("1"), points("1"))}
    assert best_score([check(1)], tries, at_least=Fraction(9, 10)) == Fraction(9, 10)
    assert best_score([check(1)], {1: Tries(None, points("3"))}, at_least=Fraction(9, 10)) == 1
    assert best_score([check(1)], {}, at_least=Fraction(9, 10)) == Fraction(9, 10)


def test_whole_percent_of_nothing_is_nothing():
    assert whole_percent(None) is None
    assert whole_percent(Fraction(2, 3)) == 66


@given(full=st.integers(1, 10**6), data=st.data())
def test_100_percent_is_all_of_it(full, data):
    earned = data.draw(st.integers(0, full))
    shown = whole_percent(Fraction(earned, full))
    assert 0 <= shown <= 100
    assert (shown == 100) is (earned == full)
