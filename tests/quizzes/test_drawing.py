"""Drawing questions: how many, from where, what comes again, and that chance alone decides."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.drawing import asks, draw, points
from quizzes.spec import Check, Question, Rule
from tests.quizzes.test_spec import QUESTION


def questions(*pools: str, bank: str = "") -> list[Question]:
    """A question for each of these pools, with the keys q0, q1, …"""
    return [replace(QUESTION, key=f"q{n}", pool=pool, bank=bank) for n, pool in enumerate(pools)]


def keys(found: list[Question]) -> list[str]:
    return [question.key for question in found]


@given(
    st.lists(st.sampled_from(["", "fit", "process"]), min_size=3, max_size=12),
    st.binary(max_size=8),
    st.dictionaries(st.sampled_from([f"q{n}" for n in range(12)]), st.integers(0, 3)),
)
def test_a_draw_has_as_many_as_it_says_and_what_it_passes_over(
    pools: list[str], key: bytes, shown: dict[str, int]
) -> None:
    pools = ["fit", *pools]
    asked = questions(*pools)
    rule = Rule(draw=(("fit", 1),))
    found = draw(asked, rule, key=key, shown=shown)
    assert Counter(q.pool == "fit" for q in found)[True] == 1
    assert {q.key for q in found} >= {q.key for q in asked if q.pool != "fit"}
    assert keys(found) == sorted(keys(found), key=keys(asked).index)
    assert len(found) == asks(Check("c", "", "", rule, tuple(asked)))
    assert (
        draw(asked[::-1], rule, key=key, shown=shown) == found[::-1]
    )  # the order in the file decides nothing


@given(st.binary(max_size=8), st.integers(1, 8))
def test_what_was_shown_less_often_comes_first(key: bytes, count: int) -> None:
    asked = questions(*[""] * 8)
    shown = Counter[str]()
    for _round in range(6):
        found = keys(draw(asked, Rule(draw=(("", count),)), key=key, shown=shown))
        assert len(set(found)) == count
        shown.update(found)
        times = [shown[question.key] for question in asked]
        assert max(times) - min(times) <= 1


def test_without_a_draw_all_are_asked() -> None:
    assert draw(questions("fit", ""), Rule(), key=b"", shown={}) == questions("fit", "")


@pytest.mark.parametrize(
    ("rule", "least"),
    [((("", 1),), {"q0"}), ((("fit", 1),), {"q0"})],
)
def test_of_a_bank_only_what_is_drawn_is_asked(rule: tuple[tuple[str, int], ...], least: set[str]) -> None:
    own = questions("")
    bank = [replace(q, key=f"b-{q.key}") for q in questions("fit", "fit", "process", bank="some")]
    found = {q.key for q in draw([*own, *bank], Rule(draw=rule), key=b"", shown={})}
    assert least < found
    assert len(found) == 2


@pytest.mark.trust("QZ-15")
def test_every_question_is_drawn_about_equally_often() -> None:
    """1,000 draws of 3 of 10: χ² with nine degrees of freedom stays below 21.7 (p = 0.01). The keys are fixed."""
    asked, rule = questions(*[""] * 10), Rule(draw=(("", 3),))
    seen = Counter(
        key for n in range(1000) for key in keys(draw(asked, rule, key=b"person %d" % n, shown={}))
    )
    expected = 1000 * 3 / 10
    # A draw takes no question twice, so that counts vary less than independent ones, by (10 - 3) / (10 - 1).
    chi_square = sum((seen[question.key] - expected) ** 2 / expected for question in asked) * 9 / 7
    assert chi_square < 21.7


def test_the_points_of_a_draw_are_what_it_has_on_average() -> None:
    asked = [
        replace(q, points=Fraction(n)) for n, q in enumerate(questions("fit", "fit", "fit", ""), start=1)
    ]
    assert points(Check("c", "", "", Rule(draw=(("fit", 2),)), tuple(asked))) == 2 * 2 + 4
    assert points(Check("c", "", "", Rule(), tuple(asked))) == 10
