"""What publishing a version would change: its pages beside those of the live one, and whom that touches.

Asks the database a fixed number of times, whatever the number of versions and pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from authoring.comparing import Page, PageChange, QuestionChange, compare
from authoring.textdiff import Row
from authoring.textdiff import compare as compare_texts
from authoring.unsent import unsent
from courses.bases import Body
from courses.models import Module, ModuleVersion, PageMedia, SectionVersion
from learning.models import SectionProgress
from quizzes.models import QuizItem, Response
from quizzes.spec import Question

ROWS = 2_000  # lines of text that one page of the site shows

Versions = Sequence[ModuleVersion]


@dataclass(frozen=True, slots=True)
class Difference:
    """A version against another one (`live`; None: there is none), and whom publishing it touches.

    `people` counts, by the page's uuid, those who opened it; `answered`, by page and question,
    those who were graded there (of a question in a bank, by the bank); `origins` names the module that a
    new page leaves. `unsent` are the pages that are gone and still listed, by uuid.
    """

    version: ModuleVersion
    live: ModuleVersion | None
    changes: list[PageChange]
    people: Mapping[str, int] = field(default_factory=dict)
    answered: Mapping[tuple[str, str], int] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    begun: int = 0
    completed: int = 0
    touched: int = 0  # people who opened a page that is changed or gone
    unsent: Set[str] = frozenset()

    @property
    def changed(self) -> list[PageChange]:
        """The pages that are not the same."""
        return [change for change in self.changes if change.kind != "same"]

    @property
    def by_page(self) -> dict[str, PageChange]:
        """The pages of the version by uuid."""
        return {change.now.uuid: change for change in self.changes if change.now}

    @property
    def removed(self) -> list[PageChange]:
        """The pages that are not in the version any more."""
        return [change for change in self.changes if change.kind == "removed"]

    @property
    def counts(self) -> dict[str, int]:
        """How many pages are added, changed and removed."""
        kinds = [change.kind for change in self.changes]
        return {kind: kinds.count(kind) for kind in ("added", "changed", "removed")}

    @property
    def soon(self) -> list[tuple[PageChange, int]]:
        """The pages that would be "coming soon", each with how many people opened it."""
        gone = [change for change in self.removed if change.page.uuid in self.unsent]
        return [(change, self.people.get(change.page.uuid, 0)) for change in gone]

    @property
    def judged(self) -> int:
        """How many questions are judged differently: ticks, weights, options, points."""
        return sum(question.kind == "key" for change in self.changes for question in change.questions)

    @property
    def questions(self) -> int:
        """How many questions are added, changed or removed on pages of both versions."""
        return sum(len(change.questions) for change in self.changes)


def differences(pairs: Sequence[tuple[ModuleVersion, ModuleVersion | None]]) -> list[Difference]:
    """What each version changes against the other one of its pair, in their order."""
    for new, live in pairs:
        if live is not None:
            live.module = new.module  # known: nobody need ask for it
    pages = _Pages([version for pair in pairs for version in pair if version is not None])
    found = [(new, live, compare(pages.of(live), pages.of(new))) for new, live in pairs]
    soon = unsent(found)
    people = _People([(new, change) for new, live, changes in found if live for change in changes])
    return [
        Difference(new, live, changes, people.opened, people.answered, people.origins, *people.of(new), soon)
        for new, live, changes in found
    ]


def difference(version: ModuleVersion, live: ModuleVersion | None) -> Difference:
    """What one version changes."""
    return differences([(version, live)])[0]


@dataclass(frozen=True, slots=True)
class Shown:
    """A page that changed as it is drawn: the rows of its text, as many as fit (`more` do not)."""

    change: PageChange
    people: int
    origin: str
    is_soon: bool
    questions: list[tuple[QuestionChange, int]]  # with how many people were graded there
    rows: list[Row]
    more: int


def shown(found: Difference, *, only: str = "") -> list[Shown]:
    """The pages that changed with their texts, together at most `ROWS` rows; `only` one page, by its uuid."""
    left, drawn = ROWS, []
    for change in found.changed:
        uuid = change.page.uuid
        if only and uuid != only:
            continue
        rows = _text(change)
        drawn.append(
            Shown(
                change=change,
                people=found.people.get(uuid, 0),
                origin=found.origins.get(uuid, ""),
                is_soon=uuid in found.unsent,
                questions=[(q, found.answered.get((q.bank or uuid, q.key), 0)) for q in change.questions],
                rows=rows[:left],
                more=max(0, len(rows) - left),
            )
        )
        left = max(0, left - len(rows))
    return drawn


def _text(change: PageChange) -> list[Row]:
    """The text of a page that changed; of one that is new or gone, its title says enough."""
    return compare_texts(change.was.source, change.now.source) if change.was and change.now else []


class _Pages:
    """The pages of versions, read at once. Texts and questions that two of them share are left out."""

    def __init__(self, versions: Versions) -> None:
        self.rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
        sections = SectionVersion.objects.filter(version__in=versions)
        names = ("pk", "version_id", "section__uuid", "slug", "title", "body_id")
        for row in sections.order_by("position").values(*names):
            self.rows[row["version_id"]].append(row)
        self.media: dict[tuple[int, int | None], dict[str, str]] = defaultdict(dict)
        media = PageMedia.objects.filter(version__in=versions)
        for version, section, name, digest in media.values_list(
            "version_id", "section_version_id", "name", "media__digest"
        ):
            self.media[version, section][name] = digest
        self.audiences = _audiences(versions)
        self.sources = _not_shared_sources(versions, self.rows)
        self.questions = _not_shared_questions(versions)

    def of(self, version: ModuleVersion | None) -> list[Page]:
        """The index page and the sections, in reading order."""
        if version is None:
            return []
        rows = {str(row["section__uuid"]): row for row in self.rows[version.pk]}
        index = str(version.module.uuid)
        first = [] if index in rows else [self._index(version)]
        parents: list[tuple[int, str]] = []
        pages = []
        for entry in version.toc:
            while parents and parents[-1][0] >= entry.depth:
                parents.pop()
            if entry.uuid is None:
                continue
            parent = parents[-1][1] if parents else ""
            parents.append((entry.depth, entry.uuid))
            row = rows[entry.uuid]
            pages.append(
                Page(
                    uuid=entry.uuid,
                    title=row["title"],
                    source=self.sources.get(row["body_id"], ""),
                    parent=parent,
                    audiences=None if entry.audiences is None else frozenset(entry.audiences),
                    required=entry.required,
                    questions=tuple(q for c in entry.checks for q in self.questions.get(c.version, ())),
                    media=self.media[version.pk, None if entry.uuid == index else row["pk"]],
                    is_index=entry.uuid == index,
                )
            )
        return first + pages

    def _index(self, version: ModuleVersion) -> Page:
        return Page(
            uuid=str(version.module.uuid),
            title=version.title,
            source=self.sources.get(version.body_id, ""),
            audiences=frozenset(self.audiences[version.pk]) if version.restricted else None,
            media=self.media[version.pk, None],
            is_index=True,
        )


def _audiences(versions: Versions) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {version.pk: set() for version in versions}
    through = ModuleVersion.audiences.through.objects.filter(moduleversion__in=versions)
    for version, name in through.values_list("moduleversion_id", "audience_id"):
        found[version].add(name)
    return found


def _not_shared_sources(versions: Versions, rows: Mapping[int, list[dict[str, Any]]]) -> dict[int, str]:
    """The texts of the bodies that only one of the versions of its module has."""
    seen: dict[tuple[int, int], int] = defaultdict(int)
    for version in versions:
        for body in {version.body_id, *(row["body_id"] for row in rows[version.pk])}:
            seen[version.module_id, body] += 1
    wanted = {body for (_module, body), times in seen.items() if times == 1}
    return dict(Body.objects.filter(pk__in=wanted).values_list("pk", "source"))


def _not_shared_questions(versions: Versions) -> dict[int, list[Question]]:
    """The questions, by check, of the checks that only one of the versions of its module has."""
    seen: dict[tuple[int, int], int] = defaultdict(int)
    for version in versions:
        for check in {check.version for entry in version.toc for check in entry.checks}:
            seen[version.module_id, check] += 1
    wanted = {check for (_module, check), times in seen.items() if times == 1}
    found: dict[int, list[Question]] = defaultdict(list)
    items = QuizItem.objects.filter(quiz_version__in=wanted).select_related("question_version")
    for item in items.order_by("quiz_version", "position"):
        found[item.quiz_version_id].append(item.question_version.spec)
    return found


class _People:
    """Whom changes touch, counted at once: by page, by question, by module."""

    def __init__(self, changes: Iterable[tuple[ModuleVersion, PageChange]]) -> None:
        listed = list(changes)
        touching = {c.page.uuid for _version, c in listed if c.kind in ("changed", "removed")}
        opened = SectionProgress.objects.filter(section__uuid__in=touching)
        counted = opened.values("section__uuid").annotate(n=Count("user", distinct=True))
        self.opened = {str(row["section__uuid"]): row["n"] for row in counted}
        by_module = opened.values("section__module").annotate(n=Count("user", distinct=True))
        self.touched = {row["section__module"]: row["n"] for row in by_module}
        self.answered = _answered(listed)
        added = [c.page.uuid for _version, c in listed if c.kind == "added"]
        self.origins = _origins(added)
        modules = Module.objects.filter(pk__in={version.module_id for version, _change in listed})
        begun = modules.annotate(
            begun=Count("progress", distinct=True), completed=Count("completions__user", distinct=True)
        )
        self.begun = {pk: (n, done) for pk, n, done in begun.values_list("pk", "begun", "completed")}

    def of(self, version: ModuleVersion) -> tuple[int, int, int]:
        """(begun, completed, touched) in the module of a version."""
        return *self.begun.get(version.module_id, (0, 0)), self.touched.get(version.module_id, 0)


def _answered(changes: Sequence[tuple[ModuleVersion, PageChange]]) -> dict[tuple[str, str], int]:
    wanted = {q.bank or c.page.uuid for _version, c in changes for q in c.questions}
    if not wanted:
        return {}
    keys = {q.key for _version, c in changes for q in c.questions}
    graded = Response.objects.filter(
        question__page__in=wanted, question__key__in=keys, checked_at__isnull=False
    )
    rows = graded.values("question__page", "question__key").annotate(n=Count("user", distinct=True))
    return {(str(row["question__page"]), row["question__key"]): row["n"] for row in rows}


def _origins(added: Sequence[str]) -> dict[str, str]:
    """The title of the other module in which a new page is live."""
    live = SectionVersion.objects.filter(section__uuid__in=added, version__live_for__isnull=False)
    return {str(uuid): title for uuid, title in live.values_list("section__uuid", "version__title")}
