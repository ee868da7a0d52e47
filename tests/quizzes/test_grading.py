"""The formulas of the quiz format (section G.1), the exact pass mark, and the orders of things."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading import choice_order, grade, passes, question_order, shuffled
from quizzes.spec import Case, Choice, Question, QuestionType, Rule, Scoring, Shuffle

KEY = b"a key of thirty-two bytes, or so"


def question(
    right: int = 3,
    wrong: int = 2,
    *,
    type_: QuestionType = "multiple",
    scoring: Scoring = "partial",
    weights: Mapping[str, int] = MappingProxyType({}),
) -> Question:
    """A question with the options r0, r1, … and w0, w1, …; weights by key, in percent."""
    keys = [f"r{number}" for number in range(right)] + [f"w{number}" for number in range(wrong)]
    shares = {key: Fraction(weight, 100) for key, weight in weights.items()}
    choices = tuple(Choice(key, key, key[0] == "r", weight=shares.get(key)) for key in keys)
    return Question("q", "", type_, "", choices, "", scoring=scoring)


SCHEMES: tuple[Scoring, ...] = get_args(Scoring)

TABLE = [
    # chosen, all, partial, ripkey; of three right and two wrong options
    ("", 0, 0, 0),
    ("r0 r1", 0, "2/3", "2/3"),
    ("r0 r1 w0", 0, "1/6", "2/3"),
    ("r0 r1 r2", 1, 1, 1),
    ("r0 r1 r2 w0", 0, "1/2", 0),
    ("r0 r1 r2 w0 w1", 0, 0, 0),
    ("w0", 0, 0, 0),
    ("r0 w0 w1", 0, 0, "1/3"),
]


@pytest.mark.parametrize(("chosen", "all_", "partial", "ripkey"), TABLE)
def test_multiple_response(chosen: str, all_: int | str, partial: int | str, ripkey: int | str) -> None:
    for scoring, share in zip(SCHEMES, (all_, partial, ripkey), strict=True):
        assert grade(question(scoring=scoring), chosen.split()).share == Fraction(share), scoring


def test_what_guessing_pays_on_average() -> None:
    for scoring, mean in zip(SCHEMES, ("1/32", "6/32", "11/32"), strict=True):
        asked = question(scoring=scoring)
        keys = [choice.key for choice in asked.choices]
        subsets = [
            [key for bit, key in enumerate(keys) if number >> bit & 1] for number in range(2 ** len(keys))
        ]
        shares = [grade(asked, subset).share for subset in subsets]
        assert sum(shares) / len(shares) == Fraction(mean), scoring


def test_ticking_everything_pays_half_with_one_wrong_option_and_all_without_any() -> None:
    assert grade(question(3, 1), ["r0", "r1", "r2", "w0"]).share == Fraction(1, 2)
    assert grade(question(3, 0), ["r0", "r1", "r2"]).share == 1


@pytest.mark.parametrize("type_", ["single", "truefalse"])
def test_one_of_several(type_: QuestionType) -> None:
    asked = question(1, 2, type_=type_)
    assert grade(asked, ["r0"]).state == "right"
    assert grade(asked, ["w1"]).state == "wrong"
    assert grade(asked, ["w1"]).share == 0
    with pytest.raises(ValueError, match="takes one option, not 2"):
        grade(asked, ["r0", "w0"])


@pytest.mark.parametrize(
    ("weights", "chosen", "share"),
    [
        ({"w0": 50}, "w0", "1/2"),
        ({"w0": -25}, "w0", 0),
        ({"w0": 100}, "w0", 1),
    ],
)
def test_weights_of_a_single_choice(weights: dict[str, int], chosen: str, share: int | str) -> None:
    assert grade(question(1, 2, type_="single", weights=weights), [chosen]).share == Fraction(share)


@pytest.mark.parametrize(
    ("weights", "chosen", "share"),
    [
        ({"w0": 0}, "r0 r1 r2 w0", 1),
        ({"w0": -100}, "r0 r1 r2 w0", 0),
        ({"w0": -25}, "r0 r1 r2 w0", "3/4"),
        ({"w0": -25}, "r0 r1 r2 w1", "1/2"),
        ({"r0": 50, "r1": 25, "r2": 25}, "r0 r1", "3/4"),
        ({"r0": 100, "r1": 100}, "r0 r1", 1),
    ],
)
def test_weights_override_what_an_option_adds_or_takes(
    weights: dict[str, int], chosen: str, share: int | str
) -> None:
    assert grade(question(weights=weights), chosen.split()).share == Fraction(share)


def test_nothing_chosen_is_blank_and_not_wrong() -> None:
    types: tuple[QuestionType, ...] = ("single", "multiple", "truefalse")
    for type_ in types:
        blank = grade(question(1, 2, type_=type_), [])
        assert blank.share == 0
        assert blank.state == "blank"


def test_a_part_is_a_state_of_its_own_and_says_what_is_missing() -> None:
    part = grade(question(), ["r0", "r1", "w0"])
    assert (part.state, part.right_chosen, part.wrong_chosen, part.right_total) == ("partly", 2, 1, 3)
    assert grade(question(scoring="all"), ["r0", "r1"]).state == "wrong"


def test_a_foreign_option_is_refused() -> None:
    with pytest.raises(ValueError, match="has no option x"):
        grade(question(), ["r0", "x"])


questions = st.builds(
    question,
    st.integers(1, 5),
    st.integers(0, 5),
    scoring=st.sampled_from(SCHEMES),
    weights=st.dictionaries(st.sampled_from(["r0", "r1", "w0", "w1"]), st.integers(-100, 100)),
)


@given(questions, st.data())
def test_a_share_is_never_below_nothing_or_above_all(asked: Question, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from([choice.key for choice in asked.choices]), unique=True))
    result = grade(asked, chosen)
    assert 0 <= result.share <= 1
    assert (result.state == "right") == (result.share == 1)
    assert (result.state == "blank") == (not chosen)
    assert result.right_chosen + result.wrong_chosen == len(chosen)


@given(questions, st.data())
def test_the_order_of_ticking_does_not_matter(asked: Question, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from([choice.key for choice in asked.choices]), unique=True))
    again = data.draw(st.permutations(chosen))
    assert grade(asked, chosen) == grade(asked, again) == grade(asked, [*again, *chosen])


@given(st.integers(1, 5), st.integers(0, 5), st.sampled_from(get_args(Scoring)))
def test_exactly_the_right_options_are_a_full_share_in_every_scheme(
    right: int, wrong: int, scoring: Scoring
) -> None:
    assert (
        grade(question(right, wrong, scoring=scoring), [f"r{number}" for number in range(right)]).share == 1
    )


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_one_more_wrong_tick_never_pays(right: int, wrong: int, data: st.DataObject) -> None:
    asked = question(right, wrong)
    chosen = data.draw(st.sets(st.sampled_from([choice.key for choice in asked.choices])))
    more = chosen | {data.draw(st.sampled_from([f"w{number}" for number in range(wrong)]))}
    assert grade(asked, sorted(more)).share <= grade(asked, sorted(chosen)).share


def test_the_pass_mark_is_exact() -> None:
    rule = Rule(Fraction(4, 5))
    seven_and_three_thirds = sum([Fraction(1)] * 7 + [Fraction(1, 3)] * 3, Fraction(0))
    assert passes(seven_and_three_thirds, Fraction(10), rule)
    assert not passes(seven_and_three_thirds - Fraction(1, 10**12), Fraction(10), rule)


def test_where_nothing_can_be_earned_the_mark_is_no_obstacle() -> None:
    assert passes(Fraction(0), Fraction(0), Rule())


@given(st.fractions(0, 1), st.fractions(0, 100), st.fractions("1/100", 100))
def test_passing_is_the_share_and_nothing_else(share: Fraction, earned: Fraction, full: Fraction) -> None:
    assert passes(earned, full, Rule(share)) == (earned / full >= share)


lists = st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=12)


@given(lists, st.binary(min_size=1, max_size=32), st.data())
def test_shuffling_moves_only_what_is_loose_and_loses_nothing(
    items: list[str], key: bytes, data: st.DataObject
) -> None:
    fixed = data.draw(st.sets(st.sampled_from(items))) if items else set()
    order = shuffled(items, key=key, fixed=fixed.__contains__)
    assert sorted(order) == sorted(items)
    assert all(order[place] == item for place, item in enumerate(items) if item in fixed)
    assert order == shuffled(items, key=key, fixed=fixed.__contains__)


@pytest.mark.trust("QZ-02")
def test_every_order_is_about_equally_likely() -> None:
    keys = [b"round %d" % number for number in range(6000)]
    seen = Counter(tuple(shuffled("abc", key=key)) for key in keys)
    assert len(seen) == 6
    expected = len(keys) / 6
    chi_square = sum((count - expected) ** 2 / expected for count in seen.values())
    assert chi_square < 15.1  # the 99 % quantile of five degrees of freedom


def test_shuffling_does_not_depend_on_the_order_in_the_source() -> None:
    assert shuffled("abcdef", key=KEY) == shuffled("fedcba", key=KEY)


KEYS = [f"r{number}" for number in range(8)]


@pytest.mark.parametrize("setting", get_args(Shuffle))
def test_the_rule_says_what_is_shuffled(setting: Shuffle) -> None:
    rule, asked = Rule(shuffle=setting), question(8, 0)
    assert (choice_order(asked, rule, KEY) != KEYS) == (setting in ("options", "all"))
    questions = [replace(asked, key=key) for key in KEYS]
    assert (question_order(questions, rule, KEY) != KEYS) == (setting in ("questions", "all"))


def test_questions_of_one_case_stay_together_in_their_order() -> None:
    case = Case("contoso", "Contoso", "<p>A bank.</p>")
    questions = [replace(question(1, 1), key=key, case=case if key in KEYS[3:6] else None) for key in KEYS]
    orders = [question_order(questions, Rule(shuffle="questions"), b"%d" % number) for number in range(200)]
    assert all(" ".join(KEYS[3:6]) in " ".join(order) for order in orders)
    assert {order.index(KEYS[3]) for order in orders} == set(range(6))
    assert {frozenset(order) for order in orders} == {frozenset(KEYS)}


def test_a_question_overrides_the_rule() -> None:
    asked = question(8, 0)
    assert choice_order(replace(asked, shuffle=False), Rule(shuffle="all"), KEY) == KEYS
    assert choice_order(replace(asked, shuffle=True), Rule(shuffle="none"), KEY) != KEYS


def test_true_and_false_stay_where_they_are() -> None:
    asked = replace(question(1, 1, type_="truefalse"), shuffle=True)
    orders = {tuple(choice_order(asked, Rule(shuffle="all"), b"%d" % number)) for number in range(50)}
    assert orders == {("r0", "w0")}


def test_a_fixed_option_stays_last() -> None:
    asked = question(3, 1)
    asked = replace(asked, choices=(*asked.choices[:3], replace(asked.choices[3], fixed=True)))
    orders = {tuple(choice_order(asked, Rule(), b"%d" % number)) for number in range(100)}
    assert {order[-1] for order in orders} == {"w0"}
    assert len(orders) == 6


def test_questions_with_the_same_options_come_in_orders_of_their_own() -> None:
    asked = question(8, 0)
    assert choice_order(asked, Rule(), KEY) != choice_order(replace(asked, key="other"), Rule(), KEY)
