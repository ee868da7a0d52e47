"""The questions of a check as they are drawn: those of one case below its text, which stands there once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from quizzes.spec import Case


class Card(Protocol):
    """A question as it is drawn, in its place in the check."""

    @property
    def key(self) -> str:
        """What names it on its page."""

    @property
    def number(self) -> int:
        """Its place in the check, from 1 on."""

    @property
    def case(self) -> Case | None:
        """The scenario that it shares with others."""

    @property
    def folded(self) -> bool:
        """Whether it is not asked now."""


Drawn = TypeVar("Drawn", bound=Card)


@dataclass(frozen=True, slots=True)
class Group(Generic[Drawn]):
    """Questions of one case, which reads as the first of them that is not folded knows it; or one of none."""

    case: Case | None
    questions: list[Drawn]

    @property
    def folded(self) -> bool:
        """Whether nothing of it is asked now."""
        return all(card.folded for card in self.questions)

    @property
    def label(self) -> str:
        """What stands above the title of the case."""
        first, last = self.questions[0].number, self.questions[-1].number
        if first == last:
            return _("Scenario for question %(n)d") % {"n": first}
        return _("Scenario for questions %(first)d–%(last)d") % {"first": first, "last": last}


def grouped(cards: Iterable[Drawn]) -> list[Group[Drawn]]:
    """The questions in their order, in which those of one case already stand together."""
    groups = [list(group) for _name, group in groupby(cards, key=_group)]
    return [Group(next((card for card in g if not card.folded), g[0]).case, g) for g in groups]


def _group(card: Card) -> tuple[str, str]:
    return ("case", card.case.key) if card.case else ("question", card.key)
