"""What the first answers to a question say about the question: the formulas, on plain numbers.

Everything is counted, not listed: a `Mapping` from a value, or from a pair of values, to how many people
have it. So the order of people cannot matter, and a million answers are a few thousand counts. x is a
person's share of one question, y the same person's share of the other questions of the module.

The definitions are those of Moodle's quiz statistics ("Quiz statistics calculations", docs.moodle.org/dev);
where a formula is older, its own source is named with it.
"""

import statistics
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from math import fsum, sqrt
from typing import TypeVar

Label = TypeVar("Label", bound=Hashable)

Counted = Mapping[float, int]  # value: how many people have it
Pairs = Mapping[tuple[float, float], int]  # (x, y): how many people have both
Interval = tuple[float, float]

EXTREME = 0.27  # of the people; Kelley (1939), J. Educ. Psychol. 30:17: where two ends differ most surely
_NORMAL = 1.959963984540054  # 97.5 % of the normal distribution lie below
_NONE = 1e-12  # a variance below this is the rounding of equal values


def total(counted: Mapping[Label, int]) -> int:
    """How many people there are."""
    return sum(counted.values())


def mean(counted: Counted) -> float:
    """The mean; of shares, the facility: mean(x) / max. Raises ZeroDivisionError where nobody is."""
    return fsum(value * n for value, n in counted.items()) / total(counted)


def variance(counted: Counted) -> float:
    """Σ(x − x̄)² / (n − 1); 0 of a single value."""
    people, centre = total(counted), mean(counted)
    if people < 2:
        return 0.0
    return fsum(n * (value - centre) ** 2 for value, n in counted.items()) / (people - 1)


def deviation(counted: Counted) -> float:
    """The standard deviation √(Σ(x − x̄)² / (n − 1))."""
    return sqrt(variance(counted))


def interval(counted: Counted) -> Interval:
    """Where the facility of all people lies with 95 %, judged by these; within 0 and 1.

    Of shares that are all 0 or 1 the score interval, which holds for few people and at the ends: Wilson
    (1927), J. Am. Stat. Assoc. 22:209. Of others the mean ± t · SD / √n: Student (1908), Biometrika 6:1. All
    equal, they would give no width, and are taken as right and wrong ones with that mean.
    """
    people, centre, spread = total(counted), mean(counted), variance(counted)
    if counted.keys() <= {0.0, 1.0} or spread < _NONE:
        return _wilson(centre, people)
    half = _student(people - 1) * sqrt(spread / people)
    return max(0.0, centre - half), min(1.0, centre + half)


def _wilson(share: float, people: int) -> Interval:
    squared = _NORMAL**2
    middle = (share + squared / (2 * people)) / (1 + squared / people)
    half = _NORMAL * sqrt(share * (1 - share) / people + squared / (4 * people**2)) / (1 + squared / people)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def _student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t, to 0.001 from 5 degrees of freedom on.

    By the expansion of Abramowitz and Stegun (1964), 26.7.5.
    """
    z, f = _NORMAL, freedom
    return (
        z
        + (z**3 + z) / (4 * f)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * f**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * f**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * f**4)
    )


def side(pairs: Pairs, place: int) -> Counted:
    """The values of one side of the pairs: 0 the x, 1 the y."""
    found: Counter[float] = Counter()
    for pair, n in pairs.items():
        found[pair[place]] += n
    return found


def covariance(pairs: Pairs) -> float:
    """Σ(x − x̄)(y − ȳ) / (n − 1); 0 of a single pair."""
    people = sum(pairs.values())
    if people < 2:
        return 0.0
    centre_x, centre_y = mean(side(pairs, 0)), mean(side(pairs, 1))
    return fsum(n * (x - centre_x) * (y - centre_y) for (x, y), n in pairs.items()) / (people - 1)


def discrimination(pairs: Pairs) -> float | None:
    """The discrimination index cov(x, y) / √(var x · var y), −1 to 1; None where x or y never differs.

    As y leaves the question out, it is the corrected item-rest correlation: Henrysson (1963),
    Psychometrika 28:211.
    """
    spread = variance(side(pairs, 0)), variance(side(pairs, 1))
    if min(spread) < _NONE:
        return None
    return _within(covariance(pairs) / sqrt(spread[0] * spread[1]))


def efficiency(pairs: Pairs) -> float | None:
    """The discriminative efficiency cov(x, y) / cov_max, −1 to 1; None where x or y never differs.

    cov_max is what the covariance would be had the best of the rest the best shares: of both lists sorted. So
    a question that is very easy or hard is held to what it can reach (Moodle, "Discriminative efficiency").
    """
    most = covariance(_sorted(side(pairs, 0), side(pairs, 1)))
    return None if most < _NONE else _within(covariance(pairs) / most)


def _sorted(xs: Counted, ys: Counted) -> Pairs:
    """The pairs of two lists of the same length that are both sorted."""
    pairs: Counter[tuple[float, float]] = Counter()
    left = [list(run) for run in sorted(xs.items(), reverse=True)]
    right = [list(run) for run in sorted(ys.items(), reverse=True)]
    while left and right:
        n = min(left[-1][1], right[-1][1])
        pairs[left[-1][0], right[-1][0]] += int(n)
        for runs in (left, right):
            runs[-1][1] -= n
            if not runs[-1][1]:
                runs.pop()
    return pairs


def extreme(pairs: Mapping[tuple[Label, float], int], *, best: bool) -> dict[Label, float]:
    """How many of the 27 % with the best (or worst) y have each label, such as an x or the option they chose.

    Who is tied where the group ends counts in part, all of them alike: people have no order.
    """
    by_y: dict[float, list[tuple[Label, int]]] = {}
    for (label, y), n in pairs.items():
        by_y.setdefault(y, []).append((label, n))
    room = EXTREME * sum(pairs.values())
    found: dict[Label, float] = {}
    for y in sorted(by_y, reverse=best):
        tied = sum(n for _label, n in by_y[y])
        part = min(1.0, room / tied)
        for label, n in by_y[y]:
            found[label] = found.get(label, 0.0) + part * n
        room -= part * tied
        if room <= 0:
            break
    return found


def d27(pairs: Pairs) -> float:
    """Facility of the best 27 % less that of the worst 27 %, −1 to 1: Kelley (1939), as `EXTREME`."""
    ends = (extreme(pairs, best=best) for best in (True, False))
    top, bottom = (fsum(x * n for x, n in end.items()) / fsum(end.values()) for end in ends)
    return _within(top - bottom)


def effective_weights(covariances: Sequence[float]) -> list[float | None]:
    """How much each question moves the total: √cov(x, total) / Σ, of covariances in points; 0 to 1.

    None for a question whose covariance with the total is negative: it has no root, and is left out of the
    sum (Moodle, "Effective question weight").
    """
    roots = [sqrt(each) if each >= 0 else None for each in covariances]
    whole = fsum(root for root in roots if root is not None)
    return [root if root is None or not whole else root / whole for root in roots]


def alpha(variances: Sequence[float], total_variance: float) -> float | None:
    """How well the questions measure one thing: k / (k − 1) · (1 − Σ var x / var total), at most 1.

    Cronbach (1951), Psychometrika 16:297. None of fewer than two questions, or where totals never differ.
    """
    k = len(variances)
    if k < 2 or total_variance < _NONE:
        return None
    return min(1.0, k / (k - 1) * (1 - fsum(variances) / total_variance))


def standard_error(total_deviation: float, reliability: float) -> float:
    """SEM, how far a total is from what the person would get on average: SD · √(1 − α), in points.

    Harvill (1991), Educ. Meas. Issues Pract. 10(2):33.
    """
    return total_deviation * sqrt(max(0.0, 1 - reliability))


def median(numbers: Counted) -> float | None:
    """The value in the middle; None where nobody is."""
    return statistics.median(Counter(numbers).elements()) if total(numbers) else None


def _within(value: float) -> float:
    return max(-1.0, min(1.0, value))
