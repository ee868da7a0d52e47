"""The questions of a module with the figures of their wordings, for its authors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from courses.models import Module, ModuleVersion, SectionVersion
from learning.models import QuestionReport
from learning.question_reports import reports_in
from quizzes.figures import FAULTS, FEWEST, Figures, Reliability, Tally, figures, reliability
from quizzes.models import QuestionVersion, QuizItem, Response
from quizzes.tallies import tallies
from quizzes.text import plain

NAME = 120  # characters of a question's text that stand for it


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a question. `number` 1 is the oldest; `figures` is None of too few answers."""

    version: QuestionVersion
    number: int
    live: bool
    tally: Tally
    figures: Figures | None
    weight: float | None = None
    reports: Sequence[QuestionReport] = ()

    @property
    def shown(self) -> int:
        """How many people were asked it."""
        return self.tally.answered + self.tally.waiting

    @property
    def too_few(self) -> int:
        """How many more answers it takes to show anything."""
        return FEWEST - self.tally.answered

    @property
    def rank(self) -> tuple[int, float]:
        """What needs an author's attention more comes first."""
        if self.figures is None:
            return len(FAULTS) + 1, 0.0
        worst = min((FAULTS.index(flag.fault) for flag in self.figures.flags), default=len(FAULTS))
        graded = self.figures.graded
        apart = graded.discrimination if graded else None
        return worst, 1.0 if apart is None else apart


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a module: its wordings, the one that is asked now or was last first."""

    pk: int
    section: str
    wordings: tuple[Wording, ...]

    @property
    def now(self) -> Wording:
        """The wording that is asked, or was last."""
        return self.wordings[0]

    @property
    def answered(self) -> int:
        """How many first answers there are to all of its wordings."""
        return sum(wording.tally.answered for wording in self.wordings)

    @property
    def waiting(self) -> int:
        """How many reports of its wordings wait for an answer."""
        return sum(report.closed_at is None for wording in self.wordings for report in wording.reports)

    @property
    def title(self) -> str:
        """What its author calls it; else the beginning of what it asks."""
        spec = self.now.version.spec
        text = spec.name or plain(spec.stem_html)
        return text if len(text) <= NAME else text[: NAME - 1].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class Overview:
    """A module's questions, what needs attention first: those asked now, those that were; all together."""

    asked: list[Asked]
    gone: list[Asked]
    reliability: Reliability | None

    def find(self, question: int) -> Asked | None:
        """One of the questions, by row id."""
        return next((each for each in (*self.asked, *self.gone) if each.pk == question), None)


def overview(module: Module) -> Overview:
    """The questions that versions of this module ask, or asked while they were live. Five queries.

    Those with open reports come first, then what their figures say.
    """
    places = _places(module.published_version)
    wordings = _wordings(module)
    counted = tallies(wordings, places)
    graded = {w.pk: counted[w.pk] for w in wordings if w.pk in places and w.spec.is_graded}
    together = reliability(graded)
    weights = together.weights if together else {}
    reports = reports_in(module, counted)
    found = [
        _asked(list(own), places, counted, weights, reports)
        for _question, own in groupby(wordings, key=lambda wording: wording.question_id)
    ]
    order = {wording: place for place, wording in enumerate(places)}
    found.sort(key=lambda asked: (not asked.waiting, asked.now.rank, order.get(asked.now.version.pk, 0)))
    return Overview(
        asked=[asked for asked in found if asked.now.live],
        gone=[asked for asked in found if not asked.now.live and any(w.shown for w in asked.wordings)],
        reliability=together,
    )


def _places(live: ModuleVersion | None) -> dict[int, str]:
    """The live wordings in reading order, each with the title of its section."""
    if live is None:
        return {}
    rows = SectionVersion.objects.filter(version=live, section_checks__isnull=False).order_by(
        "position", "section_checks__position", "section_checks__quiz_version__items__position"
    )
    return dict(rows.values_list("section_checks__quiz_version__items__question_version", "title"))


def _wordings(module: Module) -> list[QuestionVersion]:
    """All wordings that were ever live in the module, by question, the oldest first."""
    published = SectionVersion.objects.filter(version__module=module, version__published_at__isnull=False)
    asked = QuizItem.objects.filter(quiz_version__section_versions__in=published)
    return list(
        QuestionVersion.objects.filter(pk__in=asked.values("question_version")).order_by("question", "pk")
    )


def _asked(
    versions: Sequence[QuestionVersion],
    places: Mapping[int, str],
    counted: Mapping[int, Tally],
    weights: Mapping[int, float | None],
    reports: Mapping[int, Sequence[QuestionReport]],
) -> Asked:
    """A question from its wordings, the oldest first."""
    wordings = [
        Wording(
            version=version,
            number=number,
            live=version.pk in places,
            tally=counted[version.pk],
            figures=figures(version.spec, counted[version.pk]),
            weight=weights.get(version.pk),
            reports=reports.get(version.pk, ()),
        )
        for number, version in enumerate(versions, start=1)
    ]
    wordings.sort(key=lambda wording: (not wording.live, -wording.number))
    first = wordings[0].version
    return Asked(first.question_id, places.get(first.pk, ""), tuple(wordings))


def texts(asked: Asked) -> QuerySet[Response, list[str]]:
    """What people first answered to an open question, each a list of one text; their order tells nothing."""
    wordings = [wording.version.pk for wording in asked.wordings]
    written = Response.objects.filter(is_first=True, question_version__in=wordings).exclude(chosen=[])
    return written.order_by("check_key").values_list("chosen", flat=True)
