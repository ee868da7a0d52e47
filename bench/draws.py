"""`python -m bench.draws`: whether chance alone decides what is drawn, and in which order it comes.

10,000 people, each with the key that the site would make of them, draw 4 of 12 questions, twice, and get
the options of a question shuffled. Each χ² says by its p whether what came differs from what an even
chance would give: below 0.002 it does, and chance alone gives one of the five in a hundred runs. The secret
is new with each run, and can be given to have a run again.
"""

from __future__ import annotations

import argparse
import hmac
import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from math import comb, erfc, sqrt
from typing import Any

from quizzes import grading
from quizzes.drawing import draw
from quizzes.spec import Choice, Question, Rule

QUESTIONS, DRAWN, OPTIONS = 12, 4, 4
LEAST = 0.002  # the p below which chance is not believed

_PLAIN = Question("q", "", "single", "", (), "")
ASKED = [replace(_PLAIN, key=f"question-{number}") for number in range(QUESTIONS)]
SHUFFLED = replace(_PLAIN, choices=tuple(Choice(f"option-{n}", "", n == 0) for n in range(OPTIONS)))
RULE = Rule(draw=(("", DRAWN),))


def key_of(secret: bytes, person: int, what: str) -> bytes:
    """A key as `quizzes.standing` makes it."""
    return hmac.digest(secret, f"{person}:1:{what}".encode(), "sha256")


def drawn(secret: bytes, person: int, sitting: int) -> frozenset[str]:
    """What a person draws who was shown nothing, or everything equally often, before."""
    found = draw(ASKED, RULE, key=key_of(secret, person, f"draw:0:{sitting}"), shown={})
    return frozenset(question.key for question in found)


def chi_square(counts: Mapping[Any, int], expected: Mapping[Any, float]) -> float:
    """The sum of squared differences, each by what was expected."""
    return sum((counts.get(each, 0) - mean) ** 2 / mean for each, mean in expected.items())


def p_of(statistic: float, degrees: int) -> float:
    """How often chance gives as much or more (Wilson and Hilferty, 1931)."""
    spread = 2 / (9 * degrees)
    return erfc((((statistic / degrees) ** (1 / 3)) - (1 - spread)) / sqrt(spread) / sqrt(2)) / 2


def findings(secret: bytes, people: int) -> Iterable[tuple[str, float, int]]:
    """(what was looked at, χ², degrees of freedom)."""
    first = [drawn(secret, person, 0) for person in range(people)]
    second = [drawn(secret, person, 1) for person in range(people)]

    each = people * DRAWN / QUESTIONS
    counts = Counter(key for found in first for key in found)
    # No question is drawn twice, so that counts vary less than independent ones, by (n - k) / (n - 1).
    steadier = (QUESTIONS - 1) / (QUESTIONS - DRAWN)
    told = chi_square(counts, {question.key: each for question in ASKED}) * steadier
    yield f"how often each of {QUESTIONS} questions is drawn", told, QUESTIONS - 1

    common = Counter(len(a & b) for a, b in zip(first, second, strict=True))
    ways = comb(QUESTIONS, DRAWN)
    likely = {
        n: people * comb(DRAWN, n) * comb(QUESTIONS - DRAWN, DRAWN - n) / ways for n in range(DRAWN + 1)
    }
    yield "how much of one draw comes again in the next", chi_square(common, likely), DRAWN

    neighbours = Counter(len(a & b) for a, b in pairwise(first))
    yield "how much of a draw the next person has", chi_square(neighbours, likely), DRAWN

    orders = [grading.choice_order(SHUFFLED, Rule(), key_of(secret, person, "1")) for person in range(people)]
    places = Counter(order.index("option-0") for order in orders)
    even = dict.fromkeys(range(OPTIONS), people / OPTIONS)
    yield "where the right option stands", chi_square(places, even), OPTIONS - 1

    seen = Counter(
        (order.index("option-0"), "question-0" in found) for order, found in zip(orders, first, strict=True)
    )
    shares = {True: DRAWN / QUESTIONS, False: 1 - DRAWN / QUESTIONS}
    both = {
        (place, is_in): people / OPTIONS * share
        for place in range(OPTIONS)
        for is_in, share in shares.items()
    }
    yield "whether a draw tells the order of options", chi_square(seen, both), 2 * OPTIONS - 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.draws")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--secret", default=secrets.token_hex(16))
    options = parser.parse_args()
    print(f"{options.people} people, secret {options.secret}\n")
    worst = 1.0
    for what, statistic, degrees in findings(options.secret.encode(), options.people):
        chance = p_of(statistic, degrees)
        worst = min(worst, chance)
        print(f"{what:48}  χ²({degrees}) = {statistic:6.2f}  p = {chance:.3f}")
    print(f"\n{'Chance explains it.' if worst > LEAST else 'Something other than chance is at work.'}")
    return 0 if worst > LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
