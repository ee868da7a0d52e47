"""What an answer is given with, drawn here as a form's widgets are: a page has many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quizzes import grading
from quizzes.kinds.kind import Part
from quizzes.kinds.table import KINDS
from quizzes.spec import Question, Rule


@dataclass(slots=True)
class ChoiceView:
    """An option, or what was typed. `mark` is "", "right", "wrong" or "missed" (right, not given)."""

    key: str
    html: SafeString
    selected: bool
    field: SafeString
    mark: str = ""
    feedback_html: str = ""


@dataclass(slots=True)
class RowView:
    """A place to fill, such as the left side of a pair. `id` is that of its field."""

    id: str
    html: SafeString
    field: SafeString


def parts_of(question: Question, answer: Sequence[str], rule: Rule, order_key: bytes) -> list[Part]:
    """The parts of a question in a learner's order, each right one below what stands in its place."""
    keys = grading.part_order(question, rule, order_key)
    place = {key: number for number, key in enumerate(keys)}
    parts = KINDS[question.type].parts(question, answer)
    return sorted(parts, key=lambda part: place.get(part.key, len(place)))


def rows_of(question: Question, parts: Sequence[Part], rule: Rule, order_key: bytes) -> list[RowView]:
    """The places of a question, each with a list of what can be put there."""
    keys = grading.choice_order(question, rule, order_key)
    place = {key: number for number, key in enumerate(keys)}
    rows = [part for part in parts if part.options and part.mark != "missed"]
    return [_row(question, part, sorted(part.options, key=lambda o: place.get(o[0], 0))) for part in rows]


def _row(question: Question, part: Part, offered: Sequence[tuple[str, str]]) -> RowView:
    chosen = mark_safe(" selected")
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, chosen if key == part.given else "", text) for key, text in offered),
    )
    name = f"{question.key}.{part.key}"
    field = format_html(
        '<select name="answer-{name}" id="field-{name}"><option value="">{none}</option>{options}</select>',
        name=name,
        none=_("Choose…"),
        options=options,
    )
    return RowView(f"field-{name}", mark_safe(part.label), field)  # noqa: S308 - sanitised at import


def choice_of(question: Question, part: Part) -> ChoiceView:
    """An option with its box or button."""
    kind = "checkbox" if question.type == "multiple" else "radio"
    checked = " checked" if part.given else ""
    field = f'<input type="{kind}" name="answer-{question.key}" value="{part.key}"{checked}>'
    html = mark_safe(part.html)  # noqa: S308 - sanitised at import
    # Keys are slugs or digests: nothing in them to escape.
    return ChoiceView(part.key, html, bool(part.given), mark_safe(field))  # noqa: S308


def typed_field(question: Question, answer: Sequence[str]) -> SafeString:
    """A line to type into, with what was typed so far."""
    return format_html(
        '<input class="typed" type="text" name="answer-{key}" id="field-{key}" value="{given}"'
        ' autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false">',
        key=question.key,
        given=next(iter(answer), ""),
    )
