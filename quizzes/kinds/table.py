"""Which kind of question each type is."""

from collections.abc import Mapping

from quizzes.kinds import blanks, categorize, choices, free, match, number, order, poll, text
from quizzes.kinds.kind import Kind
from quizzes.spec import QuestionType

KINDS: Mapping[QuestionType, Kind] = {
    "single": choices,
    "multiple": choices,
    "truefalse": choices,
    "text": text,
    "number": number,
    "match": match,
    "categorize": categorize,
    "order": order,
    "blanks": blanks,
    "open": free,
    "poll": poll,
}
