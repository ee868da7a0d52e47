"""Is an answer right, what is it worth, and in what order are things asked? Exact arithmetic, no database."""

import hmac
from collections.abc import Callable, Sequence
from fractions import Fraction

from quizzes.kinds.kind import Grade
from quizzes.kinds.table import KINDS
from quizzes.spec import Question, Rule, by_case

# People look for true before false, and for categories where they stood in the question before.
_NEVER_SHUFFLED = ("truefalse", "categorize")


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """Grade an answer (quizzes.kinds.kind) to a question. Raises ValueError where it has no such answer."""
    kind = KINDS[question.type]
    return kind.grade(question, kind.put(question, answer))


def passes(earned: Fraction, full: Fraction, rule: Rule) -> bool:
    """Whether `earned` of `full` points reach the rule's share, exactly: eight of ten is 80 %.

    Where nothing can be earned (`full` is 0) this is true; there the caller asks for an answer to every one.
    """
    return earned >= rule.pass_share * full


def choice_order(question: Question, rule: Rule, key: bytes) -> list[str]:
    """The keys of a question's options in the author's order, or shuffled by `key` around the fixed ones."""
    keys = [choice.key for choice in question.choices]
    wanted = rule.shuffle in ("options", "all") if question.shuffle is None else question.shuffle
    if question.type == "poll":
        wanted = bool(question.shuffle)  # its options are a scale, more often than not
    if not wanted or question.type in _NEVER_SHUFFLED:
        return keys
    fixed = {choice.key for choice in question.choices if choice.fixed}
    # A key of its own for each question: questions with the same options must not all come in the same order.
    return shuffled(keys, key=_hash(key, question.key), fixed=fixed.__contains__)


def part_order(question: Question, rule: Rule, key: bytes) -> list[str]:
    """The keys of a question's parts as they are drawn.

    Items and steps are always shuffled: as the author wrote them, they would tell the answer.
    """
    if KINDS[question.type].SHAPE == "choices":
        return choice_order(question, rule, key)
    keys = [each.key for each in question.slots or question.choices]
    if question.type not in ("categorize", "order"):
        return keys
    return shuffled(keys, key=_hash(key, question.key))


def option_order(question: Question, place: str, keys: Sequence[str], rule: Rule, key: bytes) -> list[str]:
    """What can be put into one place: the choices of the question, or the `keys` of a gap's own."""
    if question.choices:
        return choice_order(question, rule, key)
    wanted = rule.shuffle in ("options", "all") if question.shuffle is None else question.shuffle
    return shuffled(keys, key=_hash(key, f"{question.key}.{place}")) if wanted else list(keys)


def question_order(questions: Sequence[Question], rule: Rule, key: bytes) -> list[str]:
    """The keys of a check's questions in the author's order, or shuffled by `key`.

    Those of one case stay together, and in the author's order: one may lead to the next.
    """
    if rule.shuffle not in ("questions", "all"):
        return [question.key for question in questions]
    groups = {_name(group[0]): group for group in by_case(questions)}
    return [question.key for name in shuffled(list(groups), key=key) for question in groups[name]]


def _name(question: Question) -> str:
    return f"case:{question.case.key}" if question.case else question.key


def shuffled(
    items: Sequence[str], *, key: bytes, fixed: Callable[[str], bool] = lambda item: False
) -> list[str]:
    """The items in the order of their keyed hash (HMAC-SHA256); those that are `fixed` keep their places.

    One key always gives one order, which depends on the items alone and tells nothing of any other key's.
    """
    loose = iter(sorted((item for item in items if not fixed(item)), key=lambda item: _hash(key, item)))
    return [item if fixed(item) else next(loose) for item in items]


def _hash(key: bytes, item: str) -> bytes:
    return hmac.digest(key, item.encode(), "sha256")
