"""The only writer of the record.

Each verb is one transaction: what an answer earns (section, completion, certificate)
is written with the answer or not at all. Nothing here deletes or re-dates a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from courses.documents import CheckEntry
from courses.models import Module, ModuleVersion, SectionVersion
from learning.models import Asking, Cause, Certificate, Completion, ModuleProgress, SectionProgress
from learning.outline import Asked, Facts, Outline, is_required
from learning.record import Record, facts_in, outline_of, quizzes_of, record_of, scores_of
from quizzes import extras, judging, opening, rounds
from quizzes.models import QuizVersion, Round
from quizzes.sent import Outcome, Sent
from quizzes.standing import Standing, standings
from quizzes.turns import USED_UP, turn_of

# "Last active" is for people; it is not worth a write at every click.
ACTIVE_EVERY = timedelta(minutes=5)


def note_opened(*, user: User, section: SectionVersion, record: Record) -> None:
    """Note that the user has the section open now. Writes only what is not noted yet."""
    now = timezone.now()
    asked = record.facts.asked
    if section.section_id not in (record.facts.opened if asked is None else asked.opened):
        row = SectionProgress(
            user=user, section_id=section.section_id, asking_id=asked.row if asked else None
        )
        SectionProgress.objects.bulk_create([row], ignore_conflicts=True)
    recent = record.last_active_at is not None and record.last_active_at > now - ACTIVE_EVERY
    if not recent or record.last_section != section.section_id:
        _note_active(user, section)


@transaction.atomic
def save_answers(*, user: User, section: SectionVersion, quiz: QuizVersion, sent: Sent) -> Outcome:
    """Keep choices without grading them (`rounds.save`)."""
    asked = _asked(user, section)
    outcome = rounds.save(user=user, quiz=quiz, sent=sent, since=asked.at if asked else None)
    _note_answered(user, section, asked)
    return outcome


@transaction.atomic
def begin_round(*, user: User, section: SectionVersion, quiz: QuizVersion, sent: Sent) -> Standing:
    """Open a round (`opening.begin`)."""
    asked = _asked(user, section)
    standing = opening.begin(user=user, quiz=quiz, sent=sent, since=asked.at if asked else None)
    if standing.rounds:
        _note_answered(user, section, asked)
    return standing


@transaction.atomic
def ask_for_try(*, user: User, section: SectionVersion, quiz: QuizVersion) -> Standing:
    """Ask for another try (`quizzes.extras.ask_for_try`)."""
    asked = _asked(user, section)
    return extras.ask_for_try(user=user, quiz=quiz, since=asked.at if asked else None)


@transaction.atomic
def hand_in(*, user: User, section: SectionVersion, quiz: QuizVersion) -> None:
    """Hand in a round whose time is up (`judging.hand_in`) and write all that follows."""
    _hold(section)
    asked = _asked(user, section)
    standing = judging.hand_in(user=user, quiz=quiz, since=asked.at if asked else None)
    if not standing.is_open:
        follow_up(user=user, section=section)


@transaction.atomic
def check_answers(
    *,
    user: User,
    section: SectionVersion,
    quiz: QuizVersion,
    sent: Sent,
    only: str | None = None,
    blanks_too: bool = False,
) -> Outcome:
    """Grade answers (`rounds.check`) and write all that follows: section done, module completed."""
    _hold(section)
    asked = _asked(user, section)
    since = asked.at if asked else None
    outcome = rounds.check(user=user, quiz=quiz, sent=sent, only=only, blanks_too=blanks_too, since=since)
    _note_answered(user, section, asked)
    if outcome.finished:
        follow_up(user=user, section=section)
    return outcome


def follow_up(*, user: User, section: SectionVersion) -> None:
    """Write what a finished round changes for its section: done, or no more tries. Inside its transaction."""
    _hold(section)
    asked = _asked(user, section)
    live = {check.quiz: check.version for check in _gating(section)}
    anew = {} if asked is None else dict.fromkeys(live, asked.at)
    turns = {turn_of(standing) for standing in standings(user, live, since=anew).values()}
    if turns and turns <= {"passed", *USED_UP}:
        if turns != {"passed"}:
            _note_used_up(user, section, asked)
        if turns <= {"passed", "closed"}:
            _close(user, section, Cause.PASSED if turns == {"passed"} else Cause.USED_UP)


@transaction.atomic
def mark_done(*, user: User, section: SectionVersion) -> bool:
    """The user says that they are done with a section that has no gating check.

    Returns False, and writes nothing, where the section has one: only passing it counts.
    """
    if gating(section):
        return False
    _hold(section)
    _note_active(user, section)
    _close(user, section, Cause.MARKED)
    return True


def _hold(section: SectionVersion) -> Module:
    """The module, locked before any row of a person, as publishing does: or each could wait for the other."""
    return Module.objects.select_for_update(no_key=True).get(pk=section.version.module_id)


def gating(section: SectionVersion) -> list[int]:
    """The quiz ids of the checks that must be passed before this section is done."""
    return [check.quiz for check in _gating(section)]


def _gating(section: SectionVersion) -> list[CheckEntry]:
    return [check for check in section.version.entry(section.section_id).checks if check.gating]


@transaction.atomic
def settle(*, module: Module, cause: Cause) -> int:
    """Complete the module for everybody for whom nothing is open any more; returns for how many.

    Called in the transaction of an act that is not a learner's own answer: publishing,
    withdrawing, moving a person. Sections whose checks were all passed are done first.
    """
    version = module.published_version
    if version is None:
        return 0
    _settle_sections(version, cause)
    waiting = {
        person: facts
        for person, facts in facts_in(module.pk).items()
        if facts.completed is None or facts.asked is not None
    }
    outlines = {
        user: outline_of(user, version, Record(waiting[user.pk]))
        for user in User.objects.filter(pk__in=waiting).select_related("organisation")
    }
    done = {user: o.asked for user, o in outlines.items() if _is_to_complete(o, waiting[user.pk])}
    _complete(done, version, cause)
    return len(done)


def point_at_askings(*, module: Module) -> None:
    """Note in each person's row what is asked of them anew: the newest asking that is neither
    withdrawn nor answered by a completion after it."""
    later = Completion.objects.filter(
        user=OuterRef("user"), module=OuterRef("module"), completed_at__gt=OuterRef("asked_at")
    )
    newest = Asking.objects.filter(~Exists(later), user=OuterRef("user"), module=module, withdrawn_at=None)
    ModuleProgress.objects.filter(module=module).update(
        asking=Subquery(newest.order_by("-asked_at", "-pk").values("pk")[:1])
    )


def _settle_sections(version: ModuleVersion, cause: Cause) -> None:
    """A section whose checks, as they are now, a person has all passed is done for them.

    Of whom a new completion is asked, the rounds since then count.
    """
    asked = askings_in(version.module_id)
    since = {person: at for person, (_asking, at) in asked.items()}
    checks = {check.version for entry in version.toc for check in entry.checks}
    for quiz in QuizVersion.objects.filter(pk__in=checks):
        judging.rejudge(quiz=quiz, since=since)
    for entry in version.toc:
        quizzes = {check.quiz: check.version for check in entry.checks if check.gating}
        if not quizzes or entry.section is None:
            continue
        rows = SectionProgress.objects.filter(section=entry.section)
        done = rows.filter(user=OuterRef("user"), done_at__isnull=False)
        current = ~Q(user__in=since) & ~Exists(done) | Q(asking__in=[row for row, _at in asked.values()])
        rows = rows.filter(current, user__in=_settled_all(quizzes, since), done_at=None)
        rows.update(done_at=timezone.now(), done_version=version, cause=cause)


def askings_in(module: int) -> dict[int, tuple[int, datetime]]:
    """Of whom a new completion of the module is asked now: the asking (its id), and since when."""
    rows = ModuleProgress.objects.filter(module=module, asking__asked_at__isnull=False)
    found = rows.values_list("user", "asking", "asking__asked_at")
    return {person: (asking, at) for person, asking, at in found if asking is not None and at is not None}


def _settled_all(checks: Mapping[int, int], since: Mapping[int, datetime]) -> list[int]:
    """The people who passed all of these checks, each in a round that counts for them; or used up its tries,
    where that counts as done."""
    settled: dict[int, set[int]] = {}
    found = Round.objects.filter(quiz__in=checks, passed=True).values_list("user", "quiz", "opened_at")
    for person, quiz, opened_at in found:
        if person not in since or opened_at >= since[person]:
            settled.setdefault(person, set()).add(quiz)
    for check in QuizVersion.objects.filter(pk__in=checks.values()):
        if check.spec_rule.attempts is not None and check.spec_rule.exhausted == "complete":
            for person in judging.closed_to(quiz=check, since=since):
                settled.setdefault(person, set()).add(check.quiz_id)
    return [person for person, found in settled.items() if found == checks.keys()]


def _note_active(user: User, section: SectionVersion) -> None:
    rows = ModuleProgress.objects.filter(user=user, module=section.version.module_id)
    now = {"last_active_at": timezone.now(), "last_section_id": section.section_id}
    if not rows.update(**now):  # one statement for everybody who has been here before
        rows.update_or_create(user=user, module_id=section.version.module_id, defaults=now)


def _note_answered(user: User, section: SectionVersion, asked: Asked | None) -> None:
    progress = _row(user, section, asked)
    if progress.answered_at is None:
        progress.answered_at = timezone.now()
        progress.save(update_fields=["answered_at"])
    _note_active(user, section)


def _note_used_up(user: User, section: SectionVersion, asked: Asked | None) -> None:
    row = _row(user, section, asked)
    if row.used_up_at is None:
        row.used_up_at = timezone.now()
        row.save(update_fields=["used_up_at"])


def _row(user: User, section: SectionVersion, asked: Asked | None) -> SectionProgress:
    """The row in which the user's progress in a section is written now."""
    place: dict[str, Any] = {"section_id": section.section_id, "asking_id": asked.row if asked else None}
    row, _made = SectionProgress.objects.get_or_create(user=user, **place)
    return row


def _asked(user: User, section: SectionVersion) -> Asked | None:
    """What is asked of the user anew in the section's module. One query, while nothing is."""
    module = section.version.module_id
    if not ModuleProgress.objects.filter(user=user, module=module, asking__isnull=False).exists():
        return None
    return outline_of(user, section.version, record_of(user, module)).asked


def _close(user: User, section: SectionVersion, cause: Cause) -> None:
    """Mark the section as done, and the module as completed when that was the last one.

    The module's row is locked, as publishing locks it: what counts is the version that is live when
    this is written and what it asks, and whoever comes second sees what the first one did.
    """
    module = _hold(section)
    asked = _asked(user, section)
    row = _row(user, section, asked)
    if row.done_at is None:
        row.done_at, row.done_version, row.cause = timezone.now(), section.version, cause
        row.save(update_fields=["done_at", "done_version", "cause"])
    live = module.published_version
    if live is not None:
        record = record_of(user, module.pk)
        outline = outline_of(user, live, record)
        if _is_to_complete(outline, record.facts):
            _complete({user: outline.asked}, live, cause)


def _is_to_complete(outline: Outline, facts: Facts) -> bool:
    """Whether nothing is left of what was asked, and that is not written yet."""
    return outline.complete and (facts.completed is None or outline.asked is not None)


def _complete(people: Mapping[User, Asked | None], version: ModuleVersion, cause: Cause) -> None:
    """Write everybody's completion, about this version and by the rule of today, and its certificate; with
    what was asked of each anew. As many queries for many as for one."""
    outlines = {user: outline_of(user, version, Record()) for user in people}
    scores = scores_of({user.pk: quizzes_of(outline) for user, outline in outlines.items()})
    completions = Completion.objects.bulk_create(
        Completion(
            user=user,
            module_id=version.module_id,
            version=version,
            asking_id=asked.row if asked else None,
            cause=cause,
            required=[item.entry.uuid for item in outlines[user].items if is_required(item.entry, None)],
            **dict(zip(("earned_num", "earned_den", "full_num", "full_den"), scores[user.pk], strict=True)),
        )
        for user, asked in people.items()
    )
    _point_at(completions, version.module_id)
    Certificate.objects.bulk_create(
        Certificate(
            completion=completion,
            name=str(completion.user),
            organisation=completion.user.organisation.name if completion.user.organisation else "",
            title=version.title,
        )
        for completion in completions
    )


def _point_at(completions: Iterable[Completion], module: int) -> None:
    """Let each person's row say that this is their newest completion, and that nothing is asked any more."""
    newest = {completion.user_id: completion for completion in completions}
    rows = list(ModuleProgress.objects.filter(module=module, user__in=newest))
    for row in rows:
        row.completion, row.asking = newest[row.user_id], None
    ModuleProgress.objects.bulk_update(rows, ["completion", "asking"], batch_size=200)
    without = newest.keys() - {row.user_id for row in rows}
    ModuleProgress.objects.bulk_create(
        ModuleProgress(user_id=user, module_id=module, completion=newest[user]) for user in without
    )
