"""A version as somebody of one audience would read it, drawn from the learner's own templates.

Addresses that pages carry are permanent ones; a preview sends them to itself, so that
links and pictures of a draft work before anybody else can see it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.documents import admits, minutes_for
from courses.models import Media, ModuleVersion, PageMedia, SectionVersion
from learning import fields, pages, scenarios, terms
from learning.outline import Facts, Item, Outline, draw
from quizzes import drawing, gaps
from quizzes.kinds.kind import Part
from quizzes.kinds.table import KINDS
from quizzes.models import QuizItem
from quizzes.spec import Case, Check, Question, Rule, Slot

_ADDRESS = re.compile(r'( (?:href|src|poster)=")/pages/')


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question as its author sees it, with what learners answer it with."""

    key: str
    number: int
    shape: str
    field: SafeString
    rows: list[fields.RowView]
    solution: list[Part]
    spec: Question

    folded = False

    @property
    def unit(self) -> str:
        """What a number is given in."""
        return self.spec.unit

    @property
    def case(self) -> Case | None:
        """The scenario that it shares with others."""
        return self.spec.case


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check as its author sees it: the learner's text, and the answers to unfold."""

    key: str
    title: str
    intro_html: str
    rule_line: str
    questions: list[ShownQuestion]
    made_of: str
    draw_line: str

    @property
    def groups(self) -> list[scenarios.Group[ShownQuestion]]:
        """The questions, those of one case below it."""
        return scenarios.grouped(self.questions)


@dataclass(frozen=True, slots=True)
class Preview:
    """A version seen by a person who holds one audience and has done nothing yet."""

    version: ModuleVersion
    audience: str

    @property
    def url(self) -> str:
        """Where the module's own page is previewed."""
        return reverse("authoring_preview", args=[self.version.pk, self.audience])

    @property
    def outline(self) -> Outline:
        """The outline before anything was opened. 404 where this audience may not see the module."""
        names = frozenset([self.audience])
        gate = self.version.module.gate
        if not admits(self.version.audience_names, names, None if gate is None else frozenset(gate)):
            raise Http404
        return draw(self.version.toc, audiences=names, facts=Facts(), sequence=self.version.sequence)

    def page_url(self, page: UUID | str) -> str:
        """Where one page is previewed."""
        return reverse("authoring_preview_page", args=[self.version.pk, self.audience, page])

    def module_context(self) -> dict[str, Any]:
        """What templates/learning/module.html draws."""
        outline = self.outline
        own = self.version.sections.filter(slug="").select_related("section").first()
        return {
            "module": self.version,
            "html": self._here(self.version.body.html),
            "outline": self._toc(outline),
            "checks": shown_checks(own, here=self._here) if own else [],
            **self._furniture,
        }

    def section_context(self, page: UUID) -> dict[str, Any]:
        """What templates/learning/section.html draws; 404 where this audience may not see the page."""
        outline = self.outline
        found = self.version.sections.select_related("section", "body").filter(section__uuid=page).first()
        item = outline.find(found.section_id) if found else None
        if found is None or item is None:
            raise Http404
        toc = self._toc(outline, found.section_id)
        lines = dict(zip(outline.items, toc.items, strict=True))
        return {
            "module": {"title": self.version.title, "url": self.url},
            "section": {
                "title": found.title,
                "html": self._here(found.body.html),
                "headings": found.body.headings,
                "uuid": page,
            },
            "item": {"minutes": item.entry.minutes},
            "outline": toc,
            "previous": _line(lines, outline.before(item)),
            "next": _line(lines, outline.after(item)),
            "checks": shown_checks(found, here=self._here),
            **self._furniture,
        }

    def media(self, page: UUID, digest: str, name: str) -> Media:
        """A file of a page that this audience may see; 404 else."""
        outline = self.outline
        rows = PageMedia.objects.select_related("media").filter(
            version=self.version, media__digest=digest, name=name
        )
        if page == self.version.module.uuid:
            found = rows.filter(section_version=None).first()
        else:
            found = rows.filter(section_version__section__uuid=page).select_related("section_version").first()
        shown = found and (
            found.section_version is None or outline.find(found.section_version.section_id) is not None
        )
        if found is None or not shown:
            raise Http404
        return found.media

    @property
    def _furniture(self) -> dict[str, Any]:
        return {"preview": self, "mark_done_url": "", "completed": False, "done_at": None}

    def _here(self, html: str) -> str:
        """The page with its permanent addresses leading into this preview."""
        return _ADDRESS.sub(lambda found: f"{found[1]}{self.url}pages/", html)

    def _toc(self, outline: Outline, current: int | None = None) -> pages.Toc:
        toc = pages.toc(self.version, outline, current)
        lines = [
            replace(line, url=self._item_url(item) if line.url else "")
            for line, item in zip(toc.items, outline.items, strict=True)
        ]
        return replace(toc, items=lines, url=self.url)

    def _item_url(self, item: Item) -> str:
        if item.entry.url:
            return item.entry.url
        return self.page_url(item.entry.uuid) if item.entry.slug and item.entry.uuid else self.url


def _line(lines: dict[Item, pages.Line], item: Item | None) -> pages.Line | None:
    return lines[item] if item is not None else None


def shown_checks(section: SectionVersion, *, here: Callable[[str], str]) -> list[ShownCheck]:
    """The checks at a section's end, in order, with everything that their author wrote.

    `here` makes the addresses in a piece of HTML lead into the preview.
    """
    rows = section.section_checks.select_related("quiz_version__quiz")
    versions = [row.quiz_version for row in rows]
    asked: dict[int, list[Question]] = {}
    for item in QuizItem.objects.filter(quiz_version__in=versions).select_related("question_version"):
        asked.setdefault(item.quiz_version_id, []).append(item.question_version.spec)
    return [
        _shown(
            version.quiz.key,
            version.title,
            version.intro_html,
            version.spec_rule,
            asked.get(version.pk, []),
            here,
        )
        for version in versions
    ]


def shown(check: Check, *, here: Callable[[str], str]) -> ShownCheck:
    """A check that is not stored: as it was just read."""
    return _shown(check.key, check.title, check.intro_html, check.rule, list(check.questions), here)


def _shown(
    key: str, title: str, intro: str, rule: Rule, questions: list[Question], here: Callable[[str], str]
) -> ShownCheck:
    asked = [_asked(_led(question, here), number, rule) for number, question in enumerate(questions, start=1)]
    minutes = Fraction(rule.time) if rule.time is not None else None
    drawn = drawing.draw(questions, rule, key=b"", shown={})
    return ShownCheck(
        key,
        title,
        here(intro),
        terms.rule_line(rule, drawn, minutes),
        asked,
        _made_of(questions, drawn),
        _draw_line(rule, len(questions)),
    )


def _made_of(questions: list[Question], drawn: list[Question]) -> str:
    """What the site made of the questions: their types, the points of a round, how long it takes."""
    types = ", ".join(f"{type_} {n}" for type_, n in Counter(each.type for each in questions).items())
    worth = sum((each.points for each in drawn), Fraction(0))
    points = ngettext("%(n)s point", "%(n)s points", 1 if worth == 1 else 2) % {"n": f"{float(worth):g}"}
    long = minutes_for(0, len(drawn))
    return f"{types} · {points} · " + ngettext("about %(n)d minute", "about %(n)d minutes", long) % {
        "n": long
    }


def _draw_line(rule: Rule, questions: int) -> str:
    """What is drawn, of how many; empty where nothing is."""
    if not rule.draw:
        return ""
    drawn = ", ".join(f"{pool} {count}".strip() for pool, count in rule.draw)
    told = {"drawn": drawn, "n": questions}
    return _("Drawn for each person: %(drawn)s. These are all %(n)d questions.") % told


def _asked(question: Question, number: int, rule: Rule) -> ShownQuestion:
    kind = KINDS[question.type]
    asked = fields.parts_of(question, [], rule, b"")
    places = fields.gaps_of(question, asked, rule, b"") if kind.SHAPE == "gaps" else {}
    return ShownQuestion(
        key=question.key,
        number=number,
        shape=kind.SHAPE,
        field=fields.typed_field(question, []),
        rows=fields.rows_of(question, asked, rule, b"") if kind.SHAPE == "rows" else [],
        solution=_solution(question) if question.slots or question.type == "order" else [],
        spec=replace(question, stem_html=gaps.fill(question.stem_html, places)),
    )


def _solution(question: Question) -> list[Part]:
    """What belongs where, and what belongs nowhere."""
    if question.type == "blanks":
        return [Part(slot.key, f"{slot.key}: {_accepted(slot)}", "", "right", "") for slot in question.slots]
    kind = KINDS[question.type]
    solved = kind.parts(question, kind.solution(question))
    used = {part.given for part in solved if question.slots} or {choice.key for choice in question.choices}
    rest = [choice for choice in question.choices if choice.key not in used]
    return [*solved, *(Part(each.key, each.html, "", "wrong", each.feedback_html) for each in rest)]


def _accepted(slot: Slot) -> str:
    return ", ".join(choice.html for choice in slot.choices if choice.right)


def _led(question: Question, here: Callable[[str], str]) -> Question:
    choices = (
        replace(choice, html=here(choice.html), feedback_html=here(choice.feedback_html))
        for choice in question.choices
    )
    return replace(
        question,
        stem_html=here(question.stem_html),
        choices=tuple(choices),
        slots=tuple(
            replace(s, html=here(s.html), feedback_html=here(s.feedback_html)) for s in question.slots
        ),
        explanation_html=here(question.explanation_html),
        hints=tuple(map(here, question.hints)),
        case=question.case and replace(question.case, html=here(question.case.html)),
    )
