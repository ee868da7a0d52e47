"""First answers counted: read from the responses in one pass, as `quizzes.figures` wants them.

A person's first answer to a wording of a question never changes: nothing here depends on rounds. Of who met
several wordings of a question, the answer to the oldest of them counts among "the other questions".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Case, CharField, Count, Exists, OuterRef, When
from django.db.models.functions import Cast, Substr

from quizzes.figures import Tally
from quizzes.kinds.table import KINDS
from quizzes.models import QuestionVersion, QuizItem, Response, Round

_SHORT = 2  # characters that tell a blank answer from one that was typed
_PLACES = 9  # decimals: what adds up to the same in another order is the same

Answer = tuple[str, float]  # as JSON, and its share
Own = tuple[float, float]  # points earned in one question, and its points


@dataclass(slots=True)
class _Column:
    """The first answers to one wording: who answered, and beside them the number of the answer."""

    wording: QuestionVersion
    people: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    seconds: Counter[float] = field(default_factory=Counter)

    def owns(self, answers: Sequence[Answer]) -> list[Own]:
        """The points of each answer, by its number."""
        points = float(self.wording.spec.points)
        return [(points * share, points) for _text, share in answers]


@dataclass(slots=True)
class _People:
    """What everybody earned. Many stand alike: `standing` is one's place in `standings`.

    A standing is what was earned in all questions, of how many points, and what was earned in the live
    wordings, None where not all of these were answered.
    """

    standing: dict[int, int]
    standings: list[tuple[float, float, float | None]]


def tallies(wordings: Collection[QuestionVersion], live: Collection[int]) -> dict[int, Tally]:
    """The first answers to these wordings, by row id; `live` are the ids of those asked now. Two queries.

    The wordings are all those of a module: an answer is compared with what the person answered to the others.
    """
    columns, answers = _read(sorted(wordings, key=lambda wording: (wording.question_id, wording.pk)))
    graded = [column for column in columns if column.wording.spec.is_graded]
    own = {
        question: _own(list(group), answers)
        for question, group in groupby(graded, key=lambda column: column.wording.question_id)
    }
    totals = _totals([column for column in graded if column.wording.pk in live], answers)
    people = _people(own.values(), totals)
    waiting = _waiting([column.wording.pk for column in columns])
    found = {}
    for column in columns:
        tally = _tally(column, answers, people, own.get(column.wording.question_id, {}))
        tally.waiting = waiting.get(column.wording.pk, 0)
        found[column.wording.pk] = tally
    return found


def _read(wordings: Sequence[QuestionVersion]) -> tuple[list[_Column], list[Answer]]:
    """A column for each wording, and the distinct answers by their number."""
    columns = {wording.pk: _Column(wording) for wording in wordings}
    typed = [w.pk for w in wordings if KINDS[w.spec.type].SHAPE in ("typed", "area")]
    text = Cast("chosen", CharField())
    given: Case | Cast = text
    if typed:
        given = Case(When(question_version__in=typed, then=Substr(text, 1, _SHORT)), default=text)
    # By the rounds of their checks: the answers to one wording lie scattered over the whole table.
    checks = QuizItem.objects.filter(question_version__in=columns).values("quiz_version__quiz")
    rows = Response.objects.filter(
        is_first=True, round__in=Round.objects.filter(quiz__in=checks).values("pk")
    )
    numbers: dict[tuple[str, int, int], int] = {}
    told = rows.order_by().values_list("question_version", "user", "share_num", "share_den", given, "seconds")
    for version, person, earned, full, answer, seconds in told.iterator(chunk_size=10_000):
        if column := columns.get(version):
            column.people.append(person)
            column.answers.append(numbers.setdefault((answer, earned, full), len(numbers)))
            if seconds is not None:
                column.seconds[seconds] += 1
    return list(columns.values()), [(answer, earned / full) for answer, earned, full in numbers]


def _own(columns: Sequence[_Column], answers: Sequence[Answer]) -> dict[int, Own]:
    """What each person earned in one question: by their answer to its oldest wording."""
    found: dict[int, Own] = {}
    for column in reversed(columns):
        owns = column.owns(answers)
        found.update(zip(column.people, map(owns.__getitem__, column.answers), strict=True))
    return found


def _people(questions: Collection[Mapping[int, Own]], totals: Mapping[int, float]) -> _People:
    earned: defaultdict[int, float] = defaultdict(float)
    points: defaultdict[int, float] = defaultdict(float)
    for own in questions:
        for person, (got, worth) in own.items():
            earned[person] += got
            points[person] += worth
    numbers: dict[tuple[float, float, float | None], int] = {}
    standing = {
        person: numbers.setdefault((earned[person], points[person], totals.get(person)), len(numbers))
        for person in earned
    }
    return _People(standing, list(numbers))


def _totals(columns: Sequence[_Column], answers: Sequence[Answer]) -> dict[int, float]:
    """Points over the live wordings, of those who answered all of them."""
    found: defaultdict[int, float] = defaultdict(float)
    often: Counter[int] = Counter()
    for column in columns:
        got = [earned for earned, _points in column.owns(answers)]
        often.update(column.people)
        for person, answer in zip(column.people, column.answers, strict=True):
            found[person] += got[answer]
    return {person: total for person, total in found.items() if often[person] == len(columns)}


def _tally(column: _Column, answers: Sequence[Answer], people: _People, own: Mapping[int, Own]) -> Tally:
    """The column counted. `own` is what each person earned in its question, empty where nothing can be."""
    tally = Tally(seconds=column.seconds)
    if not own:
        tally.answers.update((answers[answer][0], 0.0, None) for answer in column.answers)
        return tally
    standing = people.standing
    beside = zip(
        column.answers,
        map(own.__getitem__, column.people),
        map(standing.__getitem__, column.people),
        strict=True,
    )
    points = float(column.wording.spec.points)
    for (answer, (got, worth), place), n in Counter(beside).items():
        text, share = answers[answer]
        earned, full, total = people.standings[place]
        rest = round((earned - got) / (full - worth), _PLACES) if full > worth else None
        tally.answers[text, share, rest] += n
        if total is not None:
            tally.totals[points * share, total] += n
    return tally


def _waiting(wordings: Collection[int]) -> dict[int, int]:
    """How many people were asked each wording and have not answered it."""
    answered = Response.objects.filter(
        user=OuterRef("user"), question_version=OuterRef("question_version"), is_first=True
    )
    rows = Response.objects.filter(~Exists(answered), checked_at=None, question_version__in=wordings)
    found = rows.values_list("question_version").annotate(Count("user", distinct=True)).order_by()
    return dict(found)
