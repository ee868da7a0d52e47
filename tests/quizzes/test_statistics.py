"""The formulas of the quiz format (section G.6), on matrices that were worked by hand, and what always holds."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations, product
from math import inf, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import statistics
from quizzes.grading import grade
from quizzes.kinds.table import KINDS
from quizzes.spec import Question
from tests.quizzes.kinds.lines import asked
from tests.quizzes.reading import read

# Four people, three questions that get harder: totals 3, 2, 1 and 0.
LADDER = [(1, 1, 1), (1, 1, 0), (1, 0, 0), (0, 0, 0)]


def item(matrix: Sequence[tuple[int, ...]], number: int) -> Counter[tuple[float, float]]:
    """(x, y) of one question: its share, and the mean share of the others."""
    rest = [(sum(row) - row[number]) / (len(row) - 1) for row in matrix]
    return Counter(zip([float(row[number]) for row in matrix], rest, strict=True))


def with_total(matrix: Sequence[tuple[int, ...]], number: int) -> Counter[tuple[float, float]]:
    return Counter((float(row[number]), float(sum(row))) for row in matrix)


def test_facility_and_deviation() -> None:
    shares = Counter({1.0: 3, 0.5: 1, 0.0: 1})
    assert statistics.mean(shares) == pytest.approx(0.7)
    # Deviations .3 .3 .3 -.2 -.7: squares add up to .27 + .04 + .49 = .8, over 4.
    assert statistics.variance(shares) == pytest.approx(0.2)
    assert statistics.deviation(shares) == pytest.approx(sqrt(0.2))


def test_discrimination_of_a_question_that_the_better_half_gets_right() -> None:
    pairs = Counter({(1.0, 1.0): 1, (1.0, 0.75): 1, (1.0, 0.5): 1, (0.0, 0.25): 1, (0.0, 0.0): 1})
    # Σ dx·dy = .4·.5 + .4·.25 + .4·0 + .6·.25 + .6·.5 = .75; var x = .3, var y = .15625.
    assert statistics.covariance(pairs) == pytest.approx(0.1875)
    assert statistics.discrimination(pairs) == pytest.approx(sqrt(0.75))
    assert statistics.efficiency(pairs) == pytest.approx(1), "no other order of x would go better with y"


def test_discrimination_of_each_question_of_the_ladder() -> None:
    # Rests of the first: 1, .5, 0, 0, of the second: 1, .5, .5, 0, of the third: 1, 1, .5, 0.
    found = [statistics.discrimination(item(LADDER, number)) for number in range(3)]
    # Σ dx·dy .375, dx² .75, dy² .6875; .5 of 1 · .5; as the first.
    assert found == pytest.approx([0.375 / sqrt(0.75 * 0.6875), 0.5 / sqrt(0.5), 0.375 / sqrt(0.75 * 0.6875)])


def test_efficiency_holds_a_question_to_what_it_can_reach() -> None:
    # One of four is right, and not the best one: x sorted would give .75 of Σ dx·dy, there are .25.
    pairs = Counter({(0.0, 1.0): 1, (1.0, 0.75): 1, (0.0, 0.5): 1, (0.0, 0.0): 1})
    centre = (1 + 0.75 + 0.5 + 0) / 4
    assert statistics.efficiency(pairs) == pytest.approx((0.75 - centre) / (1 - centre))


def test_a_wrong_key_discriminates_backwards() -> None:
    pairs = Counter({(0.0, 1.0): 5, (1.0, 0.0): 5})
    assert statistics.discrimination(pairs) == pytest.approx(-1)
    assert statistics.d27(pairs) == pytest.approx(-1)


def test_the_best_and_the_worst_27_percent() -> None:
    pairs = Counter({(float(place > 7), place / 10): 1 for place in range(1, 11)})
    assert statistics.d27(pairs) == pytest.approx(1), "2.7 of ten at each end"
    # 2.7 people: both with .9, of the four with .8 the rest alike, half of whom are right.
    tied = Counter({(1.0, 0.9): 2, (1.0, 0.8): 2, (0.0, 0.8): 2, (0.0, 0.1): 4})
    assert statistics.extreme(tied, best=True) == pytest.approx({1.0: 2.35, 0.0: 0.35})
    assert statistics.d27(tied) == pytest.approx(2.35 / 2.7)


def test_alpha_and_error_of_the_ladder() -> None:
    variances = [statistics.variance(Counter(float(row[n]) for row in LADDER)) for n in range(3)]
    assert variances == pytest.approx([1 / 4, 1 / 3, 1 / 4])
    totals = Counter(float(sum(row)) for row in LADDER)
    assert statistics.variance(totals) == pytest.approx(5 / 3)
    reliability = statistics.alpha(variances, 5 / 3)
    assert reliability == pytest.approx(0.75)  # 3/2 · (1 − (5/6) / (5/3))
    assert statistics.standard_error(sqrt(5 / 3), 0.75) == pytest.approx(sqrt(5 / 3) / 2)


def test_effective_weights_of_the_ladder() -> None:
    covariances = [statistics.covariance(with_total(LADDER, number)) for number in range(3)]
    assert covariances == pytest.approx([1 / 2, 2 / 3, 1 / 2])
    whole = 2 * sqrt(1 / 2) + sqrt(2 / 3)
    assert statistics.effective_weights(covariances) == pytest.approx(
        [sqrt(1 / 2) / whole, sqrt(2 / 3) / whole, sqrt(1 / 2) / whole]
    )
    assert statistics.effective_weights([0.25, -0.1]) == [1, None]


@pytest.mark.parametrize(
    ("right", "people", "low", "high"),
    [(15, 20, 0.5313, 0.8881), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (5, 10, 0.2366, 0.7634)],
)
def test_the_interval_of_right_and_wrong(right: int, people: int, low: float, high: float) -> None:
    shares = Counter({1.0: right, 0.0: people - right})
    assert statistics.interval(shares) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("people", "quantile"), [(10, 2.2622), (30, 2.0452), (100, 1.9842)])
def test_the_interval_of_parts(people: int, quantile: float) -> None:
    half = people // 2
    low, high = statistics.interval(Counter({0.4: half, 0.6: half}))
    deviation = sqrt(people * 0.01 / (people - 1))
    assert high - low == pytest.approx(2 * quantile * deviation / sqrt(people), abs=1e-4)
    assert (low + high) / 2 == pytest.approx(0.5)


def test_parts_that_are_all_equal_are_not_sure() -> None:
    low, high = statistics.interval(Counter({0.5: 12}))
    assert low < 0.3
    assert high > 0.7


def test_the_middle() -> None:
    assert statistics.median(Counter({4.0: 1, 90.0: 1, 6.0: 1})) == 6
    assert statistics.median(Counter({4.0: 2, 90.0: 2})) == 47
    assert statistics.median(Counter()) is None


shares = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 2 / 3, 1.0])
people = st.lists(st.tuples(shares, st.floats(0, 1)), min_size=2, max_size=60)


@given(people)
def test_bounds(found: list[tuple[float, float]]) -> None:
    pairs = Counter(found)
    low, high = statistics.interval(Counter(x for x, _y in found))
    assert 0 <= low <= statistics.mean(Counter(x for x, _y in found)) + 1e-12
    assert statistics.mean(Counter(x for x, _y in found)) - 1e-12 <= high <= 1
    for value in (statistics.discrimination(pairs), statistics.efficiency(pairs), statistics.d27(pairs)):
        assert value is None or -1 <= value <= 1
    ends = [statistics.extreme(pairs, best=best) for best in (True, False)]
    assert [sum(end.values()) for end in ends] == pytest.approx([0.27 * len(found)] * 2)


@given(people, st.randoms())
def test_the_order_of_people_does_not_matter(found: list[tuple[float, float]], random: Random) -> None:
    other = sorted(found, key=lambda _pair: random.random())
    for formula in (
        statistics.covariance,
        statistics.discrimination,
        statistics.efficiency,
        statistics.d27,
    ):
        assert formula(Counter(other)) == pytest.approx(formula(Counter(found)), abs=1e-9)


@given(people)
def test_a_reversed_key_turns_discrimination_around(found: list[tuple[float, float]]) -> None:
    there = statistics.discrimination(Counter(found))
    back = statistics.discrimination(Counter((1 - x, y) for x, y in found))
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there == pytest.approx(-back, abs=1e-6)


@given(shares, st.integers(1, 40), st.floats(0, 1))
def test_what_never_differs_says_nothing(share: float, n: int, other: float) -> None:
    for pairs in (Counter({(share, other): n}), Counter({(share, other): n, (share, 1 - other): n})):
        assert statistics.discrimination(pairs) is None
        assert statistics.efficiency(pairs) is None
        assert statistics.d27(pairs) == pytest.approx(0)
    assert statistics.alpha([0.0, 0.0], 0.0) is None
    assert statistics.alpha([0.2], 0.2) is None


@given(st.lists(st.lists(shares, min_size=3, max_size=3), min_size=2, max_size=30))
def test_alpha_is_at_most_one(matrix: list[list[float]]) -> None:
    variances = [statistics.variance(Counter(row[n] for row in matrix)) for n in range(3)]
    reliability = statistics.alpha(variances, statistics.variance(Counter(sum(row) for row in matrix)))
    assert -inf < (reliability or 0) <= 1


# What chance pays: held against every answer that there is.

OFFERED = [
    ("Which?\n\n- [x] a\n- [ ] b\n- [ ] c", (), "1/3"),
    ("Which?\n\n- [x] a\n- [ ] b {50%}", (), "3/4"),
    ("True?\n\n- [x] True\n- [ ] False", (), "1/2"),
    ("Which?\n\n- [x] a\n- [x] b\n- [x] c\n- [ ] d\n- [ ] e", (), "6/32"),
    ("Which?\n\n- [x] a\n- [x] b\n- [x] c\n- [ ] d\n- [ ] e", (":scoring: all",), "1/32"),
    ("Which?\n\n- [x] a\n- [x] b\n- [x] c\n- [ ] d\n- [ ] e", (":scoring: ripkey",), "11/32"),
    ("Which?\n\n- [x] a {70%}\n- [x] b {30%}\n- [ ] c {-50%}", (), None),
    ("Match.\n\n- a => 1\n- b => 2\n- => 3", (), "1/3"),
    ("Match.\n\n- a => 1\n- b => 2\n- => 3", (":scoring: all",), "1/9"),
    ("Sort.\n\n- A\n  - one\n  - two\n- B\n  - three", (), "1/2"),
    ("Order.\n\n1. a\n2. b\n3. c\n4. d", (), "1/4"),
    ("Order.\n\n1. a\n2. b\n3. c\n4. d", (":scoring: all",), "1/24"),
    ("The [[bad|(good)|no]] and the [[early]] one.", (), "1/6"),
]


def every_answer(question: Question) -> list[list[str]]:
    """All that somebody could put who answers by chance; what is to be typed stays wrong."""
    keys = [choice.key for choice in question.choices]
    if question.type == "multiple":
        return [
            [key for key, ticked in zip(keys, ticks, strict=True) if ticked]
            for ticks in product((True, False), repeat=len(keys))
        ]
    if question.type == "order":
        return [[f"{key}:{n}" for n, key in enumerate(order, start=1)] for order in permutations(keys)]
    if not question.slots:
        return [[key] for key in keys]
    things = [
        keys or [choice.key for choice in slot.choices] if slot.right else ["x"] for slot in question.slots
    ]
    return [
        [f"{slot.key}:{thing}" for slot, thing in zip(question.slots, put, strict=True)]
        for put in product(*things)
    ]


@pytest.mark.parametrize(("body", "options", "worth"), OFFERED)
def test_what_chance_pays(body: str, options: tuple[str, ...], worth: str | None) -> None:
    question = read(asked(f"{body}\n\nBecause.", *options)).question
    shares = [grade(question, answer).share for answer in every_answer(question)]
    mean = sum(shares, Fraction(0)) / len(shares)
    assert KINDS[question.type].guess(question) == mean
    if worth:
        assert mean == Fraction(worth)


@pytest.mark.parametrize(
    ("body", "option"),
    [
        ("Which?\n\n- [x] word", ":type: text"),
        ("How many?\n\n- [x] 42", ":type: number"),
        ("What do you think?\n\n[[...]]", ":points: 0"),
        ("Which?\n\n- [ ] a\n- [ ] b", ":type: poll"),
    ],
)
def test_nobody_guesses_what_is_not_offered(body: str, option: str) -> None:
    question = read(asked(f"{body}\n\nBecause.", option)).question
    assert KINDS[question.type].guess(question) == 0
