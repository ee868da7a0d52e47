"""A correction's dry run as it is drawn: how results would change, in numbers and by name.

Names are shown of people whom the author oversees, and of nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from accounts.models import User
from learning.team_scores import whole_percent
from quizzes.corrections import Effect, Plan
from quizzes.models import QuizVersion

Kind = Literal["passes", "rises", "falls"]


@dataclass(frozen=True, slots=True)
class Move:
    """A change of results that some people share: in which check, from and to how many percent."""

    check: str
    before: str
    after: str
    kind: Kind
    people: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Touched:
    """All changes of results, and how many people they are in all, each counted once."""

    moves: list[Move]
    people: int
    passing: int
    rising: int
    falling: int


def touched(plan: Plan, *, by: User) -> Touched:
    """The changes, those who pass first. Two queries."""
    titles = {e.round.quiz_version_id: _title(e.round.quiz_version) for e in plan.effects}
    alike = [(titles[e.round.quiz_version_id], *_shares(e), _kind(e)) for e in plan.effects]
    names = _names(plan.effects, by)
    counted = Counter(alike)
    told: dict[tuple[str, str, str, Kind], list[str]] = {key: [] for key in counted}
    for key, effect in zip(alike, plan.effects, strict=True):
        if effect.user in names:
            told[key].append(names[effect.user])
    order: tuple[Kind, ...] = ("passes", "falls", "rises")
    keys = sorted(counted, key=lambda key: (order.index(key[3]), key))
    moves = [Move(*key, people=counted[key], names=tuple(sorted(told[key]))) for key in keys]
    people = {kind: len({e.user for e in plan.effects if _kind(e) == kind}) for kind in order}
    everybody = len({e.user for e in plan.effects})
    return Touched(moves, everybody, people["passes"], people["rises"], people["falls"])


def _kind(effect: Effect) -> Kind:
    return "passes" if effect.passes else "falls" if effect.falls else "rises"


def _shares(effect: Effect) -> tuple[str, str]:
    return f"{whole_percent(effect.before.share)} %", f"{whole_percent(effect.after.share)} %"


def _title(version: QuizVersion) -> str:
    return version.title or _("Check your understanding")


def _names(effects: Sequence[Effect], by: User) -> dict[int, str]:
    people = User.objects.overseen_by(by).filter(pk__in={effect.user for effect in effects})
    return {user.pk: str(user) for user in people}
