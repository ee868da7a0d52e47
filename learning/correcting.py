"""Answer keys are corrected: what that would do to people's results in a module, and doing it.

Nothing that anybody earned, passed or completed is taken away; who passes by it has all that a pass gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from courses.models import Module, ModuleVersion
from learning import progress
from learning.models import Cause
from quizzes import corrections
from quizzes.content import content_of
from quizzes.corrections import Plan, Wanted
from quizzes.models import QuizVersion

if TYPE_CHECKING:
    from accounts.models import User


def dry_run(version: ModuleVersion, wanted: Sequence[Wanted]) -> Plan:
    """What these decisions would do, were this version live. Writes nothing."""
    since = {person: at for person, (_asking, at) in progress.askings_in(version.module_id).items()}
    return corrections.plan(wanted, checks=_checks(version, wanted), since=since)


def correct(module: Module, wanted: Sequence[Wanted], *, by: User | None, why: str) -> Plan:
    """Decide it for the live version and settle what follows: checks passed, sections done, completions.

    Called in the transaction of the act that corrects the keys, with the module locked.
    """
    version = module.published_version
    if version is None or not wanted:
        return Plan()
    since = {person: at for person, (_asking, at) in progress.askings_in(module.pk).items()}
    done = corrections.correct(wanted, checks=_checks(version, wanted), since=since, by=by, why=why)
    progress.settle(module=module, cause=Cause.CORRECTED)
    return done


def _checks(version: ModuleVersion, wanted: Sequence[Wanted]) -> list[QuizVersion]:
    """The checks of a version that ask one of these questions, in one wording or another."""
    contents = [content_of(check.version) for entry in version.toc for check in entry.checks]
    questions = {each.now.question_id for each in wanted}
    return [
        content.version
        for content in contents
        if questions & {question.question_id for question in content.questions}
    ]
