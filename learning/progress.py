"""The only writer of the record.

Each verb is one transaction: what an answer earns (section, completion, certificate)
is written with the answer or not at all. Nothing here deletes or re-dates a fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Module, ModuleVersion, SectionVersion
from learning.models import Cause, Certificate, Completion, ModuleProgress, SectionProgress
from learning.outline import Facts, Outline, asked
from learning.record import Record, outline_of, record_of
from quizzes import rounds
from quizzes.models import QuizVersion, Round

# "Last active" is for people; it is not worth a write at every click.
ACTIVE_EVERY = timedelta(minutes=5)


def note_opened(*, user: User, section: SectionVersion, record: Record) -> None:
    """Note that the user has the section open now. Writes only what is not noted yet."""
    now = timezone.now()
    if section.section_id not in record.facts.opened:
        SectionProgress.objects.bulk_create(
            [SectionProgress(user=user, section_id=section.section_id)], ignore_conflicts=True
        )
    recent = record.last_active_at is not None and record.last_active_at > now - ACTIVE_EVERY
    if not recent or record.last_section != section.section_id:
        _note_active(user, section)


@transaction.atomic
def save_answers(
    *, user: User, section: SectionVersion, quiz: QuizVersion, sent: rounds.Sent
) -> rounds.Outcome:
    """Keep choices without grading them (`rounds.save`)."""
    outcome = rounds.save(user=user, quiz=quiz, sent=sent)
    _note_answered(user, section)
    return outcome


@transaction.atomic
def check_answers(
    *,
    user: User,
    section: SectionVersion,
    quiz: QuizVersion,
    sent: rounds.Sent,
    only: str | None = None,
    blanks_too: bool = False,
) -> rounds.Outcome:
    """Grade answers (`rounds.check`) and write all that follows: section done, module completed."""
    outcome = rounds.check(user=user, quiz=quiz, sent=sent, only=only, blanks_too=blanks_too)
    _note_answered(user, section)
    if outcome.finished and outcome.standing.passed and _all_checks_passed(user, section):
        _close(user, section, Cause.PASSED)
    return outcome


@transaction.atomic
def mark_done(*, user: User, section: SectionVersion) -> bool:
    """The user says that they are done with a section that has no gating check.

    Returns False, and writes nothing, where the section has one: only passing it counts.
    """
    if gating(section):
        return False
    _note_active(user, section)
    _close(user, section, Cause.MARKED)
    return True


def gating(section: SectionVersion) -> list[int]:
    """The quiz ids of the checks that must be passed before this section is done."""
    return [check.quiz for check in section.version.entry(section.section_id).checks if check.gating]


@transaction.atomic
def settle(*, module: Module, cause: Cause) -> int:
    """Complete the module for everybody for whom nothing is open any more; returns for how many.

    Called in the transaction of an act that is not a learner's own answer: publishing,
    moving a person. Sections whose checks were all passed are done first.
    """
    version = module.published_version
    if version is None:
        return 0
    _settle_sections(version, cause)
    begun = User.objects.filter(section_progress__section__module=module)
    open_ = begun.exclude(completions__module=module).select_related("organisation").distinct()
    done = _done_sections(module)
    completed = [user for user in open_ if _outline_by(version, user, done.get(user.pk, {})).complete]
    for user in completed:
        _complete(user, version, cause)
    return len(completed)


def _done_sections(module: Module) -> dict[int, dict[int, datetime]]:
    """Who has done which sections of a module: {user id: {section id: when}}. One query."""
    done: dict[int, dict[int, datetime]] = {}
    rows = SectionProgress.objects.filter(section__module=module, done_at__isnull=False)
    for user_id, section_id, done_at in rows.values_list("user", "section", "done_at"):
        assert done_at is not None
        done.setdefault(user_id, {})[section_id] = done_at
    return done


def _outline_by(version: ModuleVersion, user: User, done: dict[int, datetime]) -> Outline:
    return outline_of(user, version, Record(facts=Facts(done=done)))


def _settle_sections(version: ModuleVersion, cause: Cause) -> None:
    """A section whose checks, as they are now, a person has all passed is done for them."""
    checks = {check.version for entry in version.toc for check in entry.checks}
    for quiz in QuizVersion.objects.filter(pk__in=checks):
        rounds.rejudge(quiz=quiz)
    for entry in version.toc:
        quizzes = [check.quiz for check in entry.checks if check.gating]
        if not quizzes or entry.section is None:
            continue
        passed: dict[int, set[int]] = {}
        for user_id, quiz_id in Round.objects.filter(quiz__in=quizzes, passed=True).values_list(
            "user", "quiz"
        ):
            passed.setdefault(user_id, set()).add(quiz_id)
        everything = [user for user, found in passed.items() if found == set(quizzes)]
        SectionProgress.objects.filter(
            section=entry.section, user__in=everything, done_at__isnull=True
        ).update(done_at=timezone.now(), done_version=version, cause=cause)


def _note_active(user: User, section: SectionVersion) -> None:
    ModuleProgress.objects.update_or_create(
        user=user,
        module_id=section.version.module_id,
        defaults={"last_active_at": timezone.now(), "last_section_id": section.section_id},
    )


def _note_answered(user: User, section: SectionVersion) -> None:
    progress, _ = SectionProgress.objects.get_or_create(user=user, section_id=section.section_id)
    if progress.answered_at is None:
        progress.answered_at = timezone.now()
        progress.save(update_fields=["answered_at"])
    _note_active(user, section)


def _all_checks_passed(user: User, section: SectionVersion) -> bool:
    wanted = set(gating(section))
    passed = Round.objects.filter(user=user, quiz__in=wanted, passed=True).values_list("quiz", flat=True)
    return bool(wanted) and wanted <= set(passed)


def _close(user: User, section: SectionVersion, cause: Cause) -> None:
    """Mark the section as done, and the module as completed when that was the last one.

    The module's row is locked, as publishing locks it: what counts is the version that is live when
    this is written, and whoever comes second sees what the first one did.
    """
    module = Module.objects.select_for_update(no_key=True).get(pk=section.version.module_id)
    progress, _ = SectionProgress.objects.get_or_create(user=user, section_id=section.section_id)
    if progress.done_at is None:
        progress.done_at, progress.done_version, progress.cause = timezone.now(), section.version, cause
        progress.save(update_fields=["done_at", "done_version", "cause"])
    live = module.published_version
    if live is not None and _may_complete(user, live):
        _complete(user, live, cause)


def _may_complete(user: User, version: ModuleVersion) -> bool:
    record = record_of(user, version.module_id)
    return record.facts.completed is None and outline_of(user, version, record).complete


def _complete(user: User, version: ModuleVersion, cause: Cause) -> None:
    """Write the completion, about this version and by the rule of today, and its certificate."""
    outline = outline_of(user, version, Record())
    earned, full = score(user, quizzes_of(outline))
    completion = Completion.objects.create(
        user=user,
        module_id=version.module_id,
        version=version,
        cause=cause,
        required=[item.entry.uuid for item in outline.items if asked(item.entry, None)],
        earned_num=earned.numerator,
        earned_den=earned.denominator,
        full_num=full.numerator,
        full_den=full.denominator,
    )
    ModuleProgress.objects.update_or_create(
        user=user, module_id=version.module_id, defaults={"completion": completion}
    )
    organisation = user.organisation.name if user.organisation else ""
    Certificate.objects.create(
        completion=completion, name=str(user), organisation=organisation, title=version.title
    )


def quizzes_of(outline: Outline) -> list[int]:
    """The gating checks in the sections that count for this person, by quiz id."""
    items = [item for item in outline.items if asked(item.entry, None)]
    return [check.quiz for item in items for check in item.entry.checks if check.gating]


def score(user: User, quizzes: Iterable[int]) -> tuple[Fraction, Fraction]:
    """Points earned and full points over these checks, each as its last finished round left it."""
    last: dict[int, Round] = {}
    found = Round.objects.filter(user=user, quiz__in=list(quizzes), earned_num__isnull=False)
    for round_ in found.select_related("rejudgement").order_by("number"):
        last[round_.quiz_id] = round_
    points = [round_.counted for round_ in last.values()]
    return sum((e for e, _full in points), Fraction(0)), sum((f for _earned, f in points), Fraction(0))
