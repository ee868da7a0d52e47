"""Questions that a version judges differently and that people have answered: what is asked about them, and
what each answer to that would do.

Comparing asks the database once, and once more for each check that is read for the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from django.db.models import Count
from django.utils.translation import ngettext

from accounts import audit
from authoring.comparing import questions
from courses.documents import Entry
from courses.models import ModuleVersion
from learning.correcting import correct, dry_run
from learning.models import Publication
from learning.publications import Corrected
from quizzes.content import content_of
from quizzes.corrections import Plan, Wanted
from quizzes.models import Counting, QuestionVersion, Response
from quizzes.text import plain

WHAT = "answer key corrected"  # the name of the act in the audit trail


class Falls(Exception):
    """Answers to a question would count for less for some people, and nobody ticked that they may."""

    def __init__(self, question: int, people: int) -> None:
        told = ngettext(
            "The result of one person would fall. Tick that it may, or choose something else.",
            "The results of %(n)d people would fall. Tick that they may, or choose something else.",
            people,
        )
        super().__init__(told % {"n": people})
        self.question = question


CHOICES = (Counting.BETTER, Counting.NEW, Counting.EVERYONE, Counting.UNCHANGED)


@dataclass(frozen=True)
class Judged:
    """A question that `version` judges differently; `told` says how, `people` were graded by it so far."""

    version: ModuleVersion
    now: QuestionVersion
    page: str
    stem: str
    told: tuple[str, ...]
    people: int

    @property
    def question(self) -> int:
        """The row id of the question."""
        return self.now.question_id

    @cached_property
    def plans(self) -> dict[Counting, Plan]:
        """What each choice would do by itself, the new key alone with all that falls by it."""
        return {
            counting: dry_run(self.version, [Wanted(self.now, counting, lowers=counting == Counting.NEW)])
            for counting in CHOICES
        }


def asked(live: ModuleVersion | None, version: ModuleVersion) -> list[Judged]:
    """The questions of both versions that are judged differently and were answered, in reading order."""
    before = {entry.uuid: entry for entry in live.toc} if live else {}
    found = [
        judged
        for entry in version.toc
        if entry.uuid and entry.uuid in before
        for judged in _on_page(version, before[entry.uuid], entry)
    ]
    people = _people(judged.question for judged in found)
    return [
        Judged(version, each.now, each.page, each.stem, each.told, people[each.question])
        for each in found
        if each.question in people
    ]


def apply(publication: Publication, chosen: Sequence[Wanted]) -> tuple[tuple[Corrected, ...], int]:
    """Let past answers count for what was chosen, and settle what follows; returns what became of each
    question, and how many checks are passed by it.

    In the transaction of the release. Raises `Falls` where results would fall that nobody let fall.
    """
    version, event = publication.version, publication.event
    wanted = decided(asked(publication.replaced, version), chosen)
    for each in wanted:
        if each.counting == Counting.NEW and not each.lowers:
            falls = dry_run(version, [replace(each, lowers=True)]).people(falls=True)
            if falls:
                raise Falls(each.now.question_id, falls)
    plan = correct(publication.module, wanted, by=event.by, why=event.why)
    found = [_corrected(each, plan) for each in wanted]
    for each, told in zip(wanted, found, strict=True):
        detail = {"question": each.now.question_id, "lowers": each.lowers, **asdict(told)}
        audit.record(by=event.by, what=WHAT, whom=str(version), why=event.why, detail=detail)
    return tuple(found), plan.passing


def _corrected(wanted: Wanted, plan: Plan) -> Corrected:
    question = wanted.now.question_id
    return Corrected(
        plain(wanted.now.spec.stem_html),
        wanted.counting.value,
        plan.people(falls=False, question=question),
        plan.people(falls=True, question=question),
    )


def decided(judged: Sequence[Judged], chosen: Sequence[Wanted]) -> list[Wanted]:
    """What counts for each of these questions: as it was chosen, else whichever key is better."""
    said = {each.now.question_id: each for each in chosen}
    return [said.get(each.question) or Wanted(each.now, Counting.BETTER) for each in judged]


def _on_page(version: ModuleVersion, was: Entry, now: Entry) -> list[Judged]:
    if {check.version for check in was.checks} == {check.version for check in now.checks}:
        return []
    old, new = _asked_in(was), _asked_in(now)
    changes = questions([each.spec for each in old.values()], [each.spec for each in new.values()])
    return [
        Judged(version, new[change.key], now.title, change.stem, change.told, 0)
        for change in changes
        if change.kind == "key"
    ]


def _asked_in(entry: Entry) -> Mapping[str, QuestionVersion]:
    contents = [content_of(check.version) for check in entry.checks]
    return {version.spec.key: version for content in contents for version in content.questions}


def _people(wanted: Iterable[int]) -> dict[int, int]:
    asked_about = set(wanted)
    if not asked_about:
        return {}
    rows = Response.objects.filter(question__in=asked_about, checked_at__isnull=False).values("question")
    counted = rows.annotate(n=Count("user", distinct=True)).values_list("question", "n")
    return dict(counted)
