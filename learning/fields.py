"""What an answer is given with, drawn here as a form's widgets are: a page has many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def as_ordered(parts: Sequence[Part]) -> list[Part]:
    """Steps as their learner numbered them, those without a number and the right order last."""
    return sorted(parts, key=lambda part: int(part.given or len(parts)))


def rows_of(question: Question, parts: Sequence[Part], rule: Rule, order_key: bytes) -> list[RowView]:
    """The places of a question, each with a list of what can be put there."""
    rows = [part for part in parts if part.options and part.mark != "missed"]
    return [
        RowView(
            id=f"field-{question.key}.{part.key}",
            html=mark_safe(part.label),  # noqa: S308 - sanitised at import
            field=_list(question, part, rule, order_key),
        )
        for part in rows
    ]


def gaps_of(question: Question, parts: Sequence[Part], rule: Rule, order_key: bytes) -> dict[str, str]:
    """The fields of the gaps of a question, by their keys."""
    gaps = [part for part in parts if part.mark != "missed"]
    return {gap.key: _gap(question, gap, rule, order_key) for gap in gaps}


def filled_gaps(parts: Sequence[Part]) -> dict[str, str]:
    """What was given in the gaps of a question, by their keys."""
    told = '<b class="gap">{}</b>'
    return {
        part.key: format_html(told, mark_safe(part.label) or "–")  # noqa: S308 - escaped by its kind
        for part in parts
        if part.mark != "missed"
    }


def _gap(question: Question, gap: Part, rule: Rule, order_key: bytes) -> SafeString:
    label = _("Gap %(n)s") % {"n": gap.key}
    if gap.options:
        return _list(question, gap, rule, order_key, label=label)
    return format_html(
        '<input class="typed gap" type="text" name="answer-{name}" id="field-{name}" value="{given}"'
        ' aria-label="{label}" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false">',
        name=f"{question.key}.{gap.key}",
        given=gap.given,
        label=label,
    )


def _list(question: Question, part: Part, rule: Rule, order_key: bytes, *, label: str = "") -> SafeString:
    texts = dict(part.options)
    keys = grading.option_order(question, part.key, list(texts), rule, order_key)
    chosen = mark_safe(" selected")
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, chosen if key == part.given else "", texts[key]) for key in sorted(texts, key=_place(keys))),
    )
    return format_html(
        '<select name="answer-{name}" id="field-{name}"{label}><option value="">{none}</option>{options}'
        "</select>",
        name=f"{question.key}.{part.key}",
        label=format_html(' class="gap" aria-label="{}"', label) if label else "",
        none=_("Choose…"),
        options=options,
    )


def _place(keys: Sequence[str]) -> Callable[[str], int]:
    places = {key: number for number, key in enumerate(keys)}
    return lambda key: places.get(key, 0)


def choice_of(question: Question, part: Part) -> ChoiceView:
    """An option with its box or button."""
    kind = "checkbox" if question.type == "multiple" else "radio"
    checked = " checked" if part.given else ""
    field = f'<input type="{kind}" name="answer-{question.key}" value="{part.key}"{checked}>'
    html = mark_safe(part.html)  # noqa: S308 - sanitised at import
    # Keys are slugs or digests: nothing in them to escape.
    return ChoiceView(part.key, html, bool(part.given), mark_safe(field))  # noqa: S308


def typed_field(question: Question, answer: Sequence[str]) -> SafeString:
    """A line to type into, or several, with what was typed so far."""
    if KINDS[question.type].SHAPE == "area":
        return format_html(
            '<textarea class="typed" name="answer-{key}" id="field-{key}" rows="5" autocomplete="off">\n'
            "{given}</textarea>",
            key=question.key,
            given=next(iter(answer), ""),
        )
    return format_html(
        '<input class="typed" type="text" name="answer-{key}" id="field-{key}" value="{given}"'
        ' autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false">',
        key=question.key,
        given=next(iter(answer), ""),
    )
