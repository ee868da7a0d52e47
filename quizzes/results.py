"""The result of a round as it counts now, once answers count for more or less than they earned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizzes import grading
from quizzes.content import content_of
from quizzes.models import QuizVersion, Response, Round
from quizzes.standing import Standing


@dataclass(frozen=True, slots=True)
class Result:
    """Points earned and full points; by which version of the check they are judged, where that is asked."""

    earned: Fraction
    full: Fraction
    version: QuizVersion | None = None

    @property
    def share(self) -> Fraction:
        """The part of the points, from 0 to 1."""
        return self.earned / self.full if self.full else Fraction(0)

    @property
    def by(self) -> QuizVersion:
        """The version that judges it."""
        assert self.version is not None
        return self.version

    @property
    def passes(self) -> bool:
        """Whether that is enough."""
        return bool(self.full) and grading.passes(self.earned, self.full, self.by.spec_rule)

    @property
    def columns(self) -> dict[str, int]:
        """As rows keep it."""
        return {
            "earned_num": self.earned.numerator,
            "earned_den": self.earned.denominator,
            "full_num": self.full.numerator,
            "full_den": self.full.denominator,
        }


def result_of(
    standing: Standing,
    round_: Round,
    shares: Mapping[int, Fraction],
    worths: Sequence[Mapping[int, Fraction]],
) -> Result:
    """The result of a round with other `shares` (by response); of several `worths` (points by question) the
    better counts.

    Judged by its own version of the check; by the live one where only that lets the learner pass.
    """
    best = _best(_counting(standing, round_), shares)
    asked = _asked(standing, round_)
    own = max(
        (_points(best, {q: worth[q] for q in asked if q in worth}, round_.quiz_version) for worth in worths),
        key=lambda result: result.share,
    )
    is_exam = "exam" in (round_.quiz_version.spec_rule.kind, standing.live.spec_rule.kind)
    if own.passes or standing.passed or is_exam:
        return own
    live = _points(
        best, {v.question_id: v.spec.points for v in standing.belonging(standing.live)}, standing.live
    )
    return live if live.passes else own


def _points(best: Mapping[int, Fraction], worth: Mapping[int, Fraction], by: QuizVersion) -> Result:
    earned = sum((points * best.get(question, 0) for question, points in worth.items()), Fraction(0))
    return Result(earned, sum(worth.values(), Fraction(0)), by)


def _counting(standing: Standing, round_: Round) -> list[Response]:
    """The answers that counted when the round ended: of a sitting its own."""
    if round_.quiz_version.spec_rule.kind == "exam":
        return [response for response in standing.responses if response.round_id == round_.pk]
    earlier = [response for response in standing.responses if response.round.number <= round_.number]
    return [*standing.elsewhere, *earlier]


def _asked(standing: Standing, round_: Round) -> list[int]:
    """The questions that the round is judged by, by id: of a sitting what it asked."""
    if round_.quiz_version.spec_rule.kind == "exam":
        return [response.question_id for response in _counting(standing, round_)]
    asked = [version.question_id for version in content_of(round_.quiz_version_id).questions]
    if not round_.quiz_version.spec_rule.draw:
        return asked
    drawn = {response.question_id for response in standing.responses}
    return [question for question in asked if question in drawn]


def _best(responses: Sequence[Response], shares: Mapping[int, Fraction]) -> dict[int, Fraction]:
    best: dict[int, Fraction] = {}
    for response in responses:
        share = shares.get(response.pk, response.counts)
        if share is not None:
            best[response.question_id] = max(share, best.get(response.question_id, Fraction(0)))
    return best
