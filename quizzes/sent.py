"""What a form sends, what became of it, and why it may be refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from quizzes.standing import Standing

Refusal = Literal["unreadable", "long"]


class Changed(Exception):
    """The form was made for another round or version than the one that is open now."""


class Late(Changed):
    """The time of the round was up when the answer came: what was saved by then was handed in."""


class NotAsked(Exception):
    """An answer to a question, or with a choice, that this round does not ask."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sends: answers by question key (choice keys), and who sends it.

    `sender` is new with every page drawn, and is carried again by a retry; `seq`
    counts up on that page, so that a late request never undoes a newer one.
    `token` names the round that the page showed (`Standing.token`); `language` is the one it was written in.
    """

    token: str
    sender: UUID
    seq: int = 0
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check did. `blanks` are the keys left blank, when that stopped it; `already` the keys of
    questions that had been checked before with another answer than the one sent.

    `refused` are answers that cannot be taken as they are, by key. What is `long` was not kept either, and
    stands in the standing's response all the same, so that a page can give it back.
    """

    standing: Standing
    blanks: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    finished: bool = False
    refused: Mapping[str, Refusal] = field(default_factory=dict)
