"""What an answer is given with, drawn here as a form's widgets are: a page has many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from quizzes.kinds.kind import Part
from quizzes.spec import Question


@dataclass(slots=True)
class ChoiceView:
    """An option, or what was typed. `mark` is "", "right", "wrong" or "missed" (right, not given)."""

    key: str
    html: SafeString
    selected: bool
    field: SafeString
    mark: str = ""
    feedback_html: str = ""


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
