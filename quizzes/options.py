"""The `:name: value` lines of {quiz} and {question}: which there are, and how a value is read."""

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from markup.blocks import Block, Option
from markup.problems import did_you_mean
from quizzes.report import Report
from quizzes.spec import Rule

T = TypeVar("T")

_COUNT = re.compile(r"[1-9][0-9]{0,2}")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,62}[a-z0-9]")
QUESTION_OPTIONS = (
    *("id", "type", "points", "scoring", "shuffle", "hint", "hint2", "hint3", "see", "tags", "difficulty"),
    *("pool", "case", "match", "typos", "unit"),
)


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value in words:
            return value
        raise ValueError(f"It is one of {', '.join(words)}{did_you_mean(value, words)}.")

    return read


def _share(value: str) -> Fraction:
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%", value)
    if not found or Fraction(found[1]) > 100:
        raise ValueError("It is a share from 0 % to 100 %, such as 80%.")
    return Fraction(found[1]) / 100


def _attempts(value: str) -> int | None:
    if value == "unlimited":
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,2}", value):
        raise ValueError("It is a number from 1 to 999, or unlimited.")
    return int(value)


def _minutes(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}m", value):
        raise ValueError("It is a number of minutes, such as 20m.")
    return int(value[:-1])


def _bank(value: str) -> str:
    if not value.lower().endswith(".md"):
        raise ValueError("It is the path of a question bank, such as ./banks/icp.md.")
    return value


def _draw(value: str) -> tuple[tuple[str, int], ...]:
    """How many of which pool; the pool "" is that of a number alone."""
    parts = [part.strip().rpartition(" ") for part in value.split(",")]
    pools = {pool.strip() for pool, _space, _count in parts}
    readable = all(_COUNT.fullmatch(count) for _pool, _space, count in parts)
    if not readable or len(pools) < len(parts) or ("" in pools and len(pools) > 1):
        raise ValueError("It is a number, such as 5, or numbers by pool, such as fit 2, process 1.")
    return tuple((pool.strip(), int(count)) for pool, _space, count in parts)


def points(value: str) -> Fraction:
    """Points of a question, 0 or more. Raises ValueError, whose message is for the author."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", value):
        raise ValueError("They are a number of 0 or more, such as 2 or 2.5.")
    return Fraction(value)


def yes_no(value: str) -> bool:
    """Raises ValueError, whose message is for the author."""
    return _one_of("yes", "no")(value) == "yes"


def typos(value: str) -> int:
    """How many slips of the fingers are borne. Raises ValueError, whose message is for the author."""
    return int(_one_of("0", "1", "2")(value))


scoring = _one_of("all", "partial", "ripkey")
match = _one_of("loose", "exact")
difficulty = _one_of("easy", "medium", "hard")

# How a quiz option is read, and the field of Rule that holds it.
_RULE: dict[str, tuple[str, Callable[[str], Any]]] = {
    "pass": ("pass_share", _share),
    "attempts": ("attempts", _attempts),
    "grade": ("grade", _one_of("best", "last")),
    "shuffle": ("shuffle", _one_of("none", "questions", "options", "all")),
    "feedback": ("feedback", _one_of("each", "end", "score")),
    "kind": ("kind", _one_of("practice", "graded", "exam")),
    "exhausted": ("exhausted", _one_of("wait", "complete", "stay")),
    "time": ("time", _minutes),
    "draw": ("draw", _draw),
}
_CHECKED: dict[str, Callable[[str], Any]] = {"bank": _bank}
# What an exam is where nothing else is said.
_EXAM = {"attempts": "1", "feedback": "score"}
QUIZ_OPTIONS = ("id", *_RULE, *_CHECKED)


def fault(key: str, value: str) -> str | None:
    """What is wrong with the value of a quiz option, in a sentence for the author; None if it can be used.

    For {quiz} blocks and for the `quiz` map of front matter alike. The key must be one of QUIZ_OPTIONS.
    """
    try:
        _reader(key)(value)
    except ValueError as error:
        return f"`{key}: {value}` cannot be read. {error}"
    return None


def read_rule(options: Mapping[str, Option], defaults: Mapping[str, str], report: Report) -> Rule:
    """The rule of a check: the quiz's own options over the `defaults` of the page over those of the format.

    A default that cannot be used is left out here; `default_fault` speaks of it where it is written.
    """
    written = {key: value for key, value in defaults.items() if key in _RULE and not fault(key, value)}
    for option in options.values():
        if option.key not in QUIZ_OPTIONS:
            unknown_option(option, QUIZ_OPTIONS, report)
        elif option.key == "id":
            continue
        elif wrong := fault(option.key, option.value):
            code = "E303" if option.key == "draw" else "E301"
            report(code, wrong, option.line, option.column)
        elif option.key in _RULE:
            written[option.key] = option.value
    if written.get("kind") == "exam":
        written = {**_EXAM, **written}
    fields = {_RULE[key][0]: _RULE[key][1](value) for key, value in written.items()}
    return Rule(**fields)


def default_fault(key: str, value: str) -> str | None:
    """What is wrong with one entry of a front matter's `quiz` map, for the author; None if it can be used."""
    if key not in QUIZ_OPTIONS or key == "id":
        return f"`quiz` in the front matter has no option “{key}”{did_you_mean(key, QUIZ_OPTIONS[1:])}."
    if key == "bank":
        return "`bank` belongs into a `{quiz}`: a path says where it leads on one page only."
    wrong = fault(key, value)
    return wrong and f"In `quiz` of the front matter: {wrong}"


def by_key(block: Block, report: Report) -> dict[str, Option]:
    """The options of a block by name; of one that is given twice (E106) the first."""
    named: dict[str, Option] = {}
    for option in block.options:
        if (first := named.setdefault(option.key, option)) is not option:
            message = f"“{option.key}” is already given at line {first.line}."
            report("E106", message, option.line, option.column)
    return named


def read_id(options: Mapping[str, Option], report: Report) -> str:
    """The `:id:` of a block, or "" where it has none that can be used."""
    option = options.get("id")
    if option and not SLUG.fullmatch(option.value):
        report("E201", f"“{option.value}” cannot be an id.", option.line, option.column)
        return ""
    return option.value if option else ""


def read_value(
    options: Mapping[str, Option], key: str, read: Callable[[str], T], otherwise: T, code: str, report: Report
) -> T:
    """The value of an option; `otherwise` where it is absent, or unreadable and reported with `code`."""
    option = options.get(key)
    if not option:
        return otherwise
    try:
        return read(option.value)
    except ValueError as error:
        report(code, f"`{key}: {option.value}` cannot be read. {error}", option.line, option.column)
        return otherwise


def unknown_option(option: Option, known: Iterable[str], report: Report) -> None:
    """E107, with the option that was probably meant."""
    hint = did_you_mean(option.key, known)
    report("E107", f"There is no option “{option.key}” in this block{hint}.", option.line, option.column)


def _reader(key: str) -> Callable[[str], Any]:
    return _RULE[key][1] if key in _RULE else _CHECKED[key]
