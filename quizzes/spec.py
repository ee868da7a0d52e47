"""What a check is made of, as plain data: no database, no Markdown, nothing about who answers.

Everything here is frozen. Checks, questions and rules survive a JSON round trip (`to_dict`, `from_dict`), so
a round keeps the very rule and questions it was opened with. Shares and points are exact fractions, written
as "n/d".
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from math import ceil
from typing import Any, Literal, Self

QuestionType = Literal[
    "single",
    "multiple",
    "truefalse",
    "text",
    "number",
    "match",
    "categorize",
    "order",
    "blanks",
    "open",
    "poll",
]
Scoring = Literal["all", "partial", "ripkey"]
Match = Literal["loose", "exact"]
Shuffle = Literal["none", "questions", "options", "all"]
Feedback = Literal["each", "end", "score"]
Kind = Literal["practice", "graded", "exam"]
Exhausted = Literal["wait", "complete", "stay"]
GradeBy = Literal["best", "last"]

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question. `weight` is the author's {n%}, as a share of the question's points.

    `text` is what a typed answer is held against, where answers are typed.
    """

    key: str
    html: str
    right: bool
    feedback_html: str = ""
    fixed: bool = False
    weight: Fraction | None = None
    text: str = ""

    def to_dict(self) -> Data:
        """The option with its tick and feedback: for storage, never for a page."""
        data = {
            "key": self.key,
            "html": self.html,
            "right": self.right,
            "feedback_html": self.feedback_html,
            "fixed": self.fixed,
            "weight": None if self.weight is None else _written(self.weight),
            "text": self.text,
        }
        return _said(data, text="")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` made this of."""
        weight = data["weight"]
        return cls(**{**data, "weight": None if weight is None else Fraction(weight)})


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a question that takes one of its choices: the left side of a pair, an item to sort.

    `right` is the key of the choice that belongs there; `html` is what stands beside it. A gap has `choices`
    of its own; where none of them is the `right` one, they are what may be typed, words or a `number`.
    """

    key: str
    html: str
    right: str
    feedback_html: str = ""
    choices: tuple[Choice, ...] = ()
    number: bool = False

    def to_dict(self) -> Data:
        """The place with what belongs there: for storage, never for a page."""
        data = {
            "key": self.key,
            "html": self.html,
            "right": self.right,
            "feedback_html": self.feedback_html,
            "choices": [choice.to_dict() for choice in self.choices],
            "number": self.number,
        }
        return _said(data, choices=[], number=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` made this of."""
        choices = tuple(Choice.from_dict(choice) for choice in data.get("choices", ()))
        return cls(**{**data, "choices": choices})


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario that several questions of a page share, and each of them holds."""

    key: str
    title: str
    html: str

    def to_dict(self) -> Data:
        """The scenario as plain JSON."""
        return {"key": self.key, "title": self.title, "html": self.html}


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers. `name` is for reports, `see` points at the passage it is about."""

    key: str
    name: str
    type: QuestionType
    stem_html: str
    choices: tuple[Choice, ...]
    explanation_html: str
    points: Fraction = Fraction(1)
    scoring: Scoring = "partial"
    shuffle: bool | None = None
    hints: tuple[str, ...] = ()
    see: str = ""
    tags: tuple[str, ...] = ()
    difficulty: str = ""
    line: int = 1
    file: str = ""
    match: Match = "loose"
    typos: int = 0
    unit: str = ""
    slots: tuple[Slot, ...] = ()
    case: Case | None = None
    pool: str = ""
    bank: str = ""  # the uuid of the page of the bank that it was taken from

    @property
    def is_graded(self) -> bool:
        """Whether an answer can be right or wrong."""
        return self.type not in ("open", "poll")

    def digest(self) -> str:
        """SHA-256 of everything but the place in the source: questions with one digest are one stored row.

        It covers the ticks, so it must never reach a learner's page: with few options it could be tried out.
        """
        return _sha256({**self.to_dict(), "line": 1, "file": ""})

    def to_dict(self) -> Data:
        """The whole question, ticks and feedback included: for storage, never for a page."""
        data = {
            "key": self.key,
            "name": self.name,
            "type": self.type,
            "stem_html": self.stem_html,
            "choices": [choice.to_dict() for choice in self.choices],
            "explanation_html": self.explanation_html,
            "points": _written(self.points),
            "scoring": self.scoring,
            "shuffle": self.shuffle,
            "hints": list(self.hints),
            "see": self.see,
            "tags": list(self.tags),
            "difficulty": self.difficulty,
            "line": self.line,
            "file": self.file,
            "match": self.match,
            "typos": self.typos,
            "unit": self.unit,
            "slots": [slot.to_dict() for slot in self.slots],
            "case": self.case and self.case.to_dict(),
            "pool": self.pool,
            "bank": self.bank,
        }
        return _said(data, match="loose", typos=0, unit="", slots=[], case=None, pool="", bank="")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` made this of."""
        read = {
            "choices": tuple(Choice.from_dict(choice) for choice in data["choices"]),
            "points": Fraction(data["points"]),
            "slots": tuple(Slot.from_dict(slot) for slot in data.get("slots", ())),
            "case": Case(**data["case"]) if "case" in data else None,
            "hints": tuple(data["hints"]),
            "tags": tuple(data["tags"]),
        }
        return cls(**{**data, **read})


@dataclass(frozen=True, slots=True)
class Rule:
    """How a check is taken and passed: by `pass_share` (0 to 1) of its points.

    `attempts` None: unlimited. `time` in minutes for one round, None: as long as it takes. `draw` says how
    many questions of which pools one round asks (quizzes.drawing); empty: all there are.
    """

    pass_share: Fraction = Fraction(4, 5)
    attempts: int | None = None
    shuffle: Shuffle = "options"
    feedback: Feedback = "each"
    kind: Kind = "graded"
    exhausted: Exhausted = "wait"
    grade: GradeBy = "best"
    time: int | None = None
    draw: tuple[tuple[str, int], ...] = ()

    @property
    def is_exam(self) -> bool:
        """Whether it is taken in sittings, each of which asks everything."""
        return self.kind == "exam"

    @property
    def by_question(self) -> bool:
        """Whether each question is checked by itself; else all of a round at its end."""
        return self.feedback == "each" and not self.is_exam

    @property
    def begins_by_start(self) -> bool:
        """Whether somebody says when it begins; else its questions are shown at once."""
        return self.attempts is not None or self.time is not None or bool(self.draw)

    def to_dict(self) -> Data:
        """The rule as plain JSON."""
        data = {
            "pass_share": _written(self.pass_share),
            "attempts": self.attempts,
            "shuffle": self.shuffle,
            "feedback": self.feedback,
            "kind": self.kind,
            "exhausted": self.exhausted,
            "grade": self.grade,
            "time": self.time,
            "draw": [list(part) for part in self.draw],
        }
        return _said(data, time=None, draw=[])

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` made this of."""
        draw = tuple((pool, count) for pool, count in data.get("draw", ()))
        return cls(**{**data, "pass_share": Fraction(data["pass_share"]), "draw": draw})


@dataclass(frozen=True, slots=True)
class Check:
    """A quiz with the questions it owns, in the author's order."""

    key: str
    title: str
    intro_html: str
    rule: Rule
    questions: tuple[Question, ...]
    line: int = 1

    @property
    def points(self) -> Fraction:
        """Full points of the whole check."""
        return sum((question.points for question in self.questions), Fraction(0))

    @property
    def needed(self) -> int | None:
        """How many questions must be right to pass; None where they weigh differently, or not at all."""
        worth = {question.points for question in self.questions}
        if len(worth) != 1 or worth == {Fraction(0)}:
            return None
        return ceil(self.rule.pass_share * len(self.questions))

    def to_dict(self) -> Data:
        """The whole check, ticks and feedback included: for storage, never for a page."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        questions = [question.to_dict() for question in self.questions]
        return {**plain, "rule": self.rule.to_dict(), "questions": questions}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` made this of."""
        questions = tuple(Question.from_dict(question) for question in data["questions"])
        return cls(**{**data, "rule": Rule.from_dict(data["rule"]), "questions": questions})

    def digest(self) -> str:
        """SHA-256 of key, title, introduction, rule and questions in their order; for no page either."""
        questions = [question.digest() for question in self.questions]
        return _sha256([self.key, self.title, self.intro_html, self.rule.to_dict(), questions])


def by_case(questions: Iterable[Question]) -> list[list[Question]]:
    """The questions in their order, those of one case together where its first one stands; others alone."""
    groups: dict[tuple[str, str], list[Question]] = {}
    for question in questions:
        name = (question.bank, question.case.key) if question.case else ("question", question.key)
        groups.setdefault(name, []).append(question)
    return list(groups.values())


def _written(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _said(data: Data, **unsaid: object) -> Data:
    """The data without what only repeats what is `unsaid`: so a question that does not use what came later
    keeps the digest that it is stored under."""
    return {key: value for key, value in data.items() if key not in unsaid or value != unsaid[key]}


def _sha256(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
