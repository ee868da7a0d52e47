"""What people typed that no author foresaw, by how many did; and letting one of these answers count.

An answer that is accepted counts from then on, whatever version is live, until its author's files say
something of it: the line that they want is told on every version that lacks it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from courses.models import Module, ModuleVersion
from learning.correcting import correct
from quizzes.accepting import TYPED, compared, source_line, unforeseen, with_accepted
from quizzes.content import content_of
from quizzes.corrections import Wanted
from quizzes.models import Correction, Counting, QuestionVersion, Response
from quizzes.spec import Question
from quizzes.text import plain

WHAT = "answer accepted"  # the name of the act in the audit trail


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed question of the live version, on the page with this title."""

    version: ModuleVersion
    now: QuestionVersion
    page: str

    @property
    def spec(self) -> Question:
        """The question as it was written."""
        return self.now.spec


@dataclass(frozen=True, slots=True)
class Unforeseen:
    """An answer that nothing is said about: one example, how many people gave one that is taken for the same,
    and in which gap, where there are gaps."""

    example: str
    place: str
    people: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that was accepted, and the line that its question's source lacks for it; "" where it does
    not."""

    correction: Correction
    line: str
    spec: Question

    @property
    def stem(self) -> str:
        """What is asked."""
        return plain(self.spec.stem_html)


def typed_question(module: Module, question: int) -> Typed:
    """A typed question that the live version of a module asks, by its row id; 404 where there is none."""
    version = module.published_version
    for entry in version.toc if version else ():
        for check in entry.checks:
            for now in content_of(check.version).questions:
                if now.question_id == question and now.spec.type in TYPED and version:
                    return Typed(version, now, entry.title)
    raise Http404


def unforeseen_answers(asked: Typed) -> list[Unforeseen]:
    """The answers of all rounds to all wordings that nothing is said about, the most frequent first."""
    spec = asked.spec
    for correction in _accepted([asked.now.question_id]):
        spec = with_accepted(spec, correction.accepted, correction.place)
    rows = Response.objects.filter(question=asked.now.question_id, checked_at__isnull=False).order_by("pk")
    rows = rows.filter(question_version__content__type=spec.type).exclude(chosen=[])
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    examples: dict[tuple[str, str], str] = {}
    for user, chosen in rows.values_list("user", "chosen").iterator(chunk_size=2000):
        for place, given in unforeseen(spec, chosen):
            key = (place, compared(spec, given))
            examples.setdefault(key, given)
            people[key].add(user)
    found = [Unforeseen(examples[key], key[0], len(who)) for key, who in people.items()]
    return sorted(found, key=lambda each: (-each.people, each.place, each.example))


def accepted_answers(asked: Typed) -> list[Accepted]:
    """The answers to a question that were accepted, in their order."""
    return [_lacking(each, asked.spec) for each in _accepted([asked.now.question_id])]


@transaction.atomic
def accept(asked: Typed, given: str, place: str = "", *, by: User) -> bool:
    """Let an answer that nobody foresaw count as right, for those who gave it and from now on.

    One transaction: the scores, the passes and completions that follow, the line in the trail. Returns
    False, and changes nothing, where the question says something of that answer by now.
    """
    module = Module.objects.select_for_update().get(pk=asked.version.module_id)
    now = typed_question(module, asked.now.question_id)
    same = compared(now.spec, given)
    rows = [each for each in unforeseen_answers(now) if each.place == place]
    found = next((each for each in rows if compared(now.spec, each.example) == same), None)
    if found is None:
        return False
    wanted = Wanted(now.now, Counting.ACCEPTED, accepted=found.example, place=place)
    why = _("“%(answer)s” counts as right") % {"answer": found.example}
    plan = correct(module, [wanted], by=by, why=why)
    detail = {
        "question": now.now.question_id,
        "answer": found.example,
        "gap": place,
        "raised": plan.people(falls=False),
        "passing": plan.passing,
    }
    audit.record(by=by, what=WHAT, whom=str(module), why=why, detail=detail)
    return True


def lacking_accepted(versions: Sequence[ModuleVersion]) -> dict[int, list[Accepted]]:
    """The accepted answers that the source of each version says nothing about, by the version's id.

    One query for all, besides the checks that are read for the first time.
    """
    specs = {version.pk: _typed_in(version) for version in versions}
    wanted = {question for found in specs.values() for question in found}
    rows = _accepted(list(wanted)) if wanted else []
    lacks: dict[int, list[Accepted]] = {}
    for pk, found in specs.items():
        told = [_lacking(row, found[row.question_id]) for row in rows if row.question_id in found]
        lacks[pk] = [each for each in told if each.line]
    return lacks


def _accepted(questions: Sequence[int]) -> list[Correction]:
    rows = Correction.objects.filter(question__in=questions, counting=Counting.ACCEPTED)
    return list(rows.select_related("by"))


def _lacking(correction: Correction, spec: Question) -> Accepted:
    place, given = correction.place, correction.accepted
    entry = [f"{place}:{given}" if place else given]
    lacks = spec.type in TYPED and bool(unforeseen(spec, entry))
    return Accepted(correction, source_line(spec, given, place) if lacks else "", spec)


def _typed_in(version: ModuleVersion) -> dict[int, Question]:
    contents = [content_of(check.version) for entry in version.toc for check in entry.checks]
    questions = (question for content in contents for question in content.questions)
    return {question.question_id: question.spec for question in questions if question.spec.type in TYPED}
