"""Drawing: which of a check's questions one round asks. Pure, and the same each time for the same key."""

import hmac
from collections.abc import Mapping, Sequence
from fractions import Fraction

from quizzes.spec import Check, Question, Rule


def among(questions: Sequence[Question], pool: str) -> list[Question]:
    """The questions that are drawn from when a draw names this pool.

    "" is what has no name: the questions of the bank where the check has one, else all of them.
    """
    if pool:
        return [question for question in questions if question.pool == pool]
    return [question for question in questions if question.bank] or list(questions)


def undrawn(questions: Sequence[Question], rule: Rule) -> list[Question]:
    """The questions that the draw passes over: of a page they are always asked, of a bank never."""
    drawn_from = {question.key for pool, _count in rule.draw for question in among(questions, pool)}
    return [question for question in questions if question.key not in drawn_from]


def asks(check: Check) -> int:
    """How many questions of a check its first round asks."""
    return sum(count for _pool, count in check.rule.draw) + len(undrawn(check.questions, check.rule))


def points(check: Check) -> Fraction:
    """Full points of a check's first round; where it draws from questions of different worth, on average."""
    full = sum((question.points for question in undrawn(check.questions, check.rule)), Fraction(0))
    for pool, count in check.rule.draw:
        worth = [question.points for question in among(check.questions, pool)]
        full += count * sum(worth, Fraction(0)) / max(1, len(worth))
    return full


def draw(
    questions: Sequence[Question], rule: Rule, *, key: bytes, shown: Mapping[str, int]
) -> list[Question]:
    """The questions that a round asks, in their order; all of them where the rule draws none.

    Without replacement; what was `shown` less often before (by question key) comes first, and among equals
    the order of the keyed hash (HMAC-SHA256) decides, which tells nothing of any other round's.
    """
    if not rule.draw:
        return list(questions)
    chosen = {question.key for question in undrawn(questions, rule) if not question.bank}
    for pool, count in rule.draw:
        lots = sorted(among(questions, pool), key=lambda q: (shown.get(q.key, 0), _lot(key, q.key)))
        chosen |= {question.key for question in lots[:count]}
    return [question for question in questions if question.key in chosen]


def _lot(key: bytes, question: str) -> bytes:
    return hmac.digest(key, f"draw:{question}".encode(), "sha256")
