"""Reports of questions: a learner says that something is wrong with one, an author answers.

Authors read a note without a name. Who wrote it stands in the row and in the trail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts import audit
from accounts.models import User
from courses.models import Module, Section, SectionVersion
from learning.models import QuestionReport
from quizzes.models import QuestionVersion

LONGEST = 1000  # characters of a note and of its answer
TOLD_FOR = timedelta(days=30)  # an answer stands on the learner's page for so long


class AlreadyAnswered(Exception):
    """Another author answered the report first."""


@transaction.atomic
def report(*, user: User, section: SectionVersion, wording: QuestionVersion, note: str) -> QuestionReport:
    """Tell the authors what the user says of a question on this section; it stands in the trail.

    While their last report of this wording is open, that one is given back and nothing is written.
    """
    found, made = QuestionReport.objects.get_or_create(
        user=user,
        question_version=wording,
        closed_at=None,
        defaults={"note": note, "module_id": section.version.module_id, "section_id": section.section_id},
    )
    if made:
        detail = {"report": found.pk, "module": section.version.module_id, "wording": wording.pk}
        audit.record(by=user, what="question reported", whom=wording.spec.key, detail=detail)
    return found


@transaction.atomic
def answer(*, report: QuestionReport, by: User, answer: str) -> None:
    """Close a report with what its author answers; it stands in the trail.

    The learner reads the answer on the question's page. Raises `AlreadyAnswered`.
    """
    closed = QuestionReport.objects.filter(pk=report.pk, closed_at=None).update(
        answer=answer, closed_by=by, closed_at=timezone.now()
    )
    if not closed:
        raise AlreadyAnswered
    detail = {"report": report.pk, "module": report.module_id, "wording": report.question_version_id}
    audit.record(
        by=by, what="report of a question answered", whom=report.question_version.spec.key, detail=detail
    )


def own(user: User, question: int) -> list[QuestionReport]:
    """The user's reports of a question, by its row id, of all wordings, the newest first."""
    return list(QuestionReport.objects.filter(user=user, question_version__question=question))


def answered(user: User, section: Section) -> list[QuestionReport]:
    """The user's reports of questions on a section that were answered lately, the newest first."""
    since = timezone.now() - TOLD_FOR
    mine = QuestionReport.objects.filter(user=user, section=section, closed_at__gte=since)
    return list(mine.select_related("question_version").order_by("-closed_at"))


def reports_in(module: Module, wordings: Iterable[int]) -> dict[int, list[QuestionReport]]:
    """What learners reported of these wordings, by row id: open ones first, then the newest. One query."""
    found: dict[int, list[QuestionReport]] = {}
    rows = QuestionReport.objects.filter(module=module, question_version__in=list(wordings))
    for row in sorted(rows.select_related("closed_by"), key=lambda row: row.closed_at is not None):
        found.setdefault(row.question_version_id, []).append(row)
    return found


def open_by_module() -> dict[int, int]:
    """How many reports wait for an answer, by module id. One query."""
    waiting = QuestionReport.objects.filter(closed_at=None).order_by()
    return dict(waiting.values_list("module").annotate(Count("pk")))
