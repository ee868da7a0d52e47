"""The figures of one wording of a question, and what they say: counted first answers in, numbers and flags
out.

Of fewer than `FEWEST` first answers nothing is told, so that nobody's own answer can be read from a figure;
of fewer than `SURE` it is told without emphasis.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Literal

from quizzes import statistics
from quizzes.kinds.table import KINDS
from quizzes.spec import Question

FEWEST, SURE = 10, 30

HARD, TRIVIAL = 0.30, 0.95  # facility below, above
WEAK = 0.2  # discrimination below
DEAD = 0.05  # of the people choose it

_TYPED = ("typed", "area")  # shapes whose answers are not counted one by one

# In the order in which an author should look at them.
Fault = Literal["key", "backwards", "guessed", "hard", "weak", "dead", "trivial"]
FAULTS: tuple[Fault, ...] = ("key", "backwards", "guessed", "hard", "weak", "dead", "trivial")


@dataclass(slots=True)
class Tally:
    """Counted first answers to one wording.

    `answers`: an answer as JSON (cut short where it was typed), its share, and the person's share of the
    other questions, None where they answered no other. `totals`: points and total points of those who
    answered all live questions. `seconds`: time to answer, where it is known. `waiting`: people who were
    shown the wording and have not answered it.
    """

    answers: Counter[tuple[str, float, float | None]] = field(default_factory=Counter)
    totals: Counter[tuple[float, float]] = field(default_factory=Counter)
    seconds: Counter[float] = field(default_factory=Counter)
    waiting: int = 0

    @property
    def answered(self) -> int:
        """How many people answered."""
        return sum(self.answers.values())


@dataclass(frozen=True, slots=True)
class Flag:
    """What is striking: the fault, and the letter of the option that it is about, "" where it is about none.

    `none`: nobody at all chose the option.
    """

    fault: Fault
    letter: str = ""
    none: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """An option, or a place that something is put into.

    `right`: whether it is right; None where that is not asked. A `share` of all people chose it, or filled it
    rightly, and `best` of the best 27 %, None where these are not known.
    """

    letter: str
    html: str
    right: bool | None
    share: float
    best: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What at least `FEWEST` first answers say; the graded part is None of polls and open questions."""

    answered: int
    blank: float
    options: tuple[Option, ...]
    seconds: float | None
    timed: int
    graded: "Graded | None"
    flags: tuple[Flag, ...]

    @property
    def sure(self) -> bool:
        """Whether there are enough answers to emphasise anything."""
        return self.answered >= SURE


@dataclass(frozen=True, slots=True)
class Graded:
    """Facility with its 95 % interval, and how the question tells people apart; None if not known."""

    facility: float
    interval: statistics.Interval
    right: float
    deviation: float
    guess: float
    discrimination: float | None
    efficiency: float | None
    d27: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of a module's live questions, by the people who answered all of them; `weights` by wording."""

    people: int
    alpha: float
    error: float
    weights: Mapping[int, float | None]


def figures(question: Question, tally: Tally) -> Figures | None:
    """What the first answers to this wording say; None of fewer than `FEWEST`."""
    people = tally.answered
    if people < FEWEST:
        return None
    chosen, placed = Counter[str](), Counter[tuple[str, float]]()
    for (answer, _share, rest), n in tally.answers.items():
        chosen[answer] += n
        if rest is not None:
            placed[answer, rest] += n
    best = statistics.extreme(placed, best=True) if sum(placed.values()) >= FEWEST else {}
    options = _options(question, chosen, best) if KINDS[question.type].SHAPE not in _TYPED else ()
    graded = _graded(question, tally) if question.is_graded else None
    return Figures(
        answered=people,
        blank=chosen["[]"] / people,
        options=options,
        seconds=statistics.median(tally.seconds),
        timed=statistics.total(tally.seconds),
        graded=graded,
        flags=tuple(_flags(question, graded, options)) if graded else (),
    )


def reliability(tallies: Mapping[int, Tally]) -> Reliability | None:
    """Of the live graded wordings, by row id; None where too few answered all of them, or all alike."""
    people = min((statistics.total(tally.totals) for tally in tallies.values()), default=0)
    if people < FEWEST:
        return None
    totals = statistics.side(next(iter(tallies.values())).totals, 1)
    variances = [statistics.variance(statistics.side(tally.totals, 0)) for tally in tallies.values()]
    found = statistics.alpha(variances, statistics.variance(totals))
    if found is None:
        return None
    weights = statistics.effective_weights(
        [statistics.covariance(tally.totals) for tally in tallies.values()]
    )
    error = statistics.standard_error(statistics.deviation(totals), found)
    return Reliability(people, found, error, dict(zip(tallies, weights, strict=True)))


def _graded(question: Question, tally: Tally) -> Graded:
    shares, pairs = Counter[float](), Counter[tuple[float, float]]()
    for (_answer, share, rest), n in tally.answers.items():
        shares[share] += n
        if rest is not None:
            pairs[share, rest] += n
    compared = statistics.total(pairs) >= FEWEST
    return Graded(
        facility=statistics.mean(shares),
        interval=statistics.interval(shares),
        right=shares[1.0] / tally.answered,
        deviation=statistics.deviation(shares),
        guess=float(KINDS[question.type].guess(question)),
        discrimination=statistics.discrimination(pairs) if compared else None,
        efficiency=statistics.efficiency(pairs) if compared else None,
        d27=statistics.d27(pairs) if compared else None,
    )


def _options(question: Question, chosen: Mapping[str, int], best: Mapping[str, float]) -> tuple[Option, ...]:
    """Of options, how many chose each; of places, how many filled each of them rightly."""
    by_all, by_best = defaultdict[str, float](float), defaultdict[str, float](float)
    for answer, n in chosen.items():
        for key in _hit(question, json.loads(answer)):
            by_all[key] += n
            by_best[key] += best.get(answer, 0)
    people, top = sum(chosen.values()), sum(best.values())
    chosen_from = KINDS[question.type].SHAPE == "choices"
    told = [(each.key, each.html) for each in (question.slots or question.choices)]
    ticks = (
        {choice.key: choice.right for choice in question.choices}
        if chosen_from and question.is_graded
        else {}
    )
    return tuple(
        Option(
            letter=_letter(number) if chosen_from else str(number + 1),
            html=html,
            right=ticks.get(key),
            share=by_all[key] / people,
            best=by_best[key] / top if top else None,
        )
        for number, (key, html) in enumerate(told)
    )


def _hit(question: Question, answer: list[str]) -> list[str]:
    """The keys of the options that an answer chose, or of the places that it filled rightly."""
    kind = KINDS[question.type]
    parts = kind.parts(question, answer)
    if kind.SHAPE == "choices":
        return [part.key for part in parts if part.given]
    return [part.key for part in parts if part.mark == "right"]


def _letter(number: int) -> str:
    return ascii_uppercase[number] if number < len(ascii_uppercase) else str(number + 1)


def _flags(question: Question, graded: Graded, options: Sequence[Option]) -> Iterator[Flag]:
    """What is striking, in the order of `Fault`."""
    wrong = [option for option in options if option.right is False]
    least = min((option.best or 0 for option in options if option.right), default=0)
    yield from (Flag("key", option.letter) for option in wrong if (option.best or 0) > least)
    told_apart = graded.discrimination
    if told_apart is not None and told_apart < 0:
        yield Flag("backwards")
    if graded.guess and graded.facility <= graded.guess:
        yield Flag("guessed")
    elif graded.facility < HARD:
        yield Flag("hard")
    if told_apart is not None and 0 <= told_apart < WEAK and graded.facility <= TRIVIAL:
        yield Flag("weak")
    if question.type in ("single", "multiple"):
        yield from (
            Flag("dead", option.letter, none=not option.share) for option in wrong if option.share < DEAD
        )
    if graded.facility > TRIVIAL:
        yield Flag("trivial")
