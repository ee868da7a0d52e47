"""Whatever is published, corrected, withdrawn and answered, in any order: there is a way to the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from authoring.corrections import asked
from authoring.release import release
from authoring.withdrawing import parts_of, restore, withdraw
from courses.models import Module, ModuleVersion, Section, SectionVersion
from learning import progress
from learning.models import Certificate
from learning.outline import Item, Outline
from learning.record import outline_of, record_of
from quizzes import opening
from quizzes.corrections import Wanted
from quizzes.models import Counting, QuizVersion, Round
from quizzes.sent import Sent
from quizzes.spec import Question
from quizzes.standing import Asked, Standing, standing_of
from quizzes.turns import turn_of
from tests import modules
from tests.examples import undone
from tests.learning.factories_team import open_section
from tests.modules import multiple, question
from tests.personas import persona

pytestmark = pytest.mark.django_db

TITLES = ("Growing", "Eating", "Storing")
CHOICES = (Counting.BETTER, Counting.NEW, Counting.EVERYONE, Counting.UNCHANGED)

QUESTIONS = st.lists(st.sampled_from(["one", "two", "other one", "several"]), max_size=3, unique=True)
RULES = st.fixed_dictionaries(
    {"pass": st.sampled_from(["0%", "50%", "100%"]), "kind": st.sampled_from(["graded", "practice", "exam"])},
    optional={"attempts": st.sampled_from(["1", "2"]), "exhausted": st.sampled_from(["wait", "complete"])},
)
SECTION = st.tuples(QUESTIONS, RULES)
MODULE = st.tuples(
    st.dictionaries(st.sampled_from(TITLES), SECTION, min_size=1), st.sampled_from(["linear", "free"])
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 2), st.lists(st.booleans(), min_size=3, max_size=3)),
        st.tuples(st.just("answer"), st.integers(0, 2), st.lists(st.none() | st.booleans(), min_size=3, max_size=3)),
        st.tuples(st.just("publish"), MODULE, st.sampled_from(CHOICES)),
        st.tuples(st.just("withdraw"), st.integers(0, 2), st.booleans()),
    ),
    max_size=8,
)  # fmt: skip


def written(title: str, section: tuple[list[str], dict[str, str]]) -> str:
    """A section's text: its check with these questions, and by which rule it is taken."""
    names, rule = section
    texts = {
        "one": question(f"{title.lower()}-one"),
        "two": question(f"{title.lower()}-two"),
        "several": multiple(f"{title.lower()}-several"),
    }
    # The same question as "one", by another key.
    texts["other one"] = (
        texts["one"].replace("- [x] The", "- [ ] The").replace("- [ ] Another", "- [x] Another")
    )
    names = [name for name in names if name != "other one" or "one" not in names]
    options = "".join(f":{key}: {value}\n" for key, value in rule.items())
    check = f":::{{quiz}} Check\n:id: check\n{options}\n:::\n" if names else ""
    return check + "".join(texts[name] for name in names) or "Read this."


def store(module: tuple[dict[str, Any], str]) -> ModuleVersion:
    sections, sequence = module
    front = f"visibility:\n- Employee\n- Partner\nsequence: {sequence}"
    return modules.store(
        modules.source("Apples", {t: written(t, body) for t, body in sections.items()}, front=front)
    )


def live() -> ModuleVersion:
    version = Module.objects.get().published_version
    assert version is not None
    return version


def seen(user: User) -> Outline:
    return outline_of(user, live(), record_of(user, live().module_id))


def publish(module: tuple[dict[str, Any], str], counting: Counting) -> None:
    version, now = store(module), live()
    if version.pk == now.pk:
        return
    lowers = counting == Counting.NEW
    wanted = tuple(Wanted(judged.now, counting, lowers=lowers) for judged in asked(now, version))
    release(version, by=None, corrections=wanted)


def withdraw_one(number: int, back: bool) -> None:
    sections = [
        part.what for part in parts_of(Module.objects.get()).values() if isinstance(part.what, Section)
    ]
    section = sections[number % len(sections)]
    (restore if back else withdraw)(section, by=None, why="property")


def answer_one(number: int, right: list[bool | None]) -> None:
    """Answer what is open in a section as `right` says of each question; with a None its round stays open."""
    user = persona("partner")
    items = [item for item in seen(user).items if item.state in ("open", "done") and item.entry.slug]
    if not items:
        return
    section = open_section(user, live(), items[number % len(items)].entry.title)
    for check in section.section_checks.all():
        standing = now_open(user, check.quiz_version)
        left = [each for each in standing.asked() if standing.is_open and not each.checked]
        said = list(zip(left, right, strict=False))
        answers = {each.spec.key: chosen(each.spec, right=r) for each, r in said if r is not None}
        by_question = standing.version.spec_rule.by_question
        if by_question:
            for key, given in answers.items():
                check_now(user, section, check.quiz_version, {key: given}, only=key)
        elif left and len(answers) == len(left):
            check_now(user, section, check.quiz_version, answers)


def check_now(
    user: User,
    section: SectionVersion,
    quiz: QuizVersion,
    answers: dict[str, list[str]],
    only: str | None = None,
) -> None:
    sent = Sent(standing_of(user, quiz).token, uuid4(), answers=answers)
    progress.check_answers(user=user, section=section, quiz=quiz, sent=sent, only=only)


def now_open(user: User, quiz: QuizVersion) -> Standing:
    """The user's standing, with the next round open where one can be."""
    standing = standing_of(user, quiz)
    if turn_of(standing) not in ("start", "again"):
        return standing
    return opening.begin(user=user, quiz=quiz, sent=Sent(standing.token, uuid4()))


def chosen(spec: Question, *, right: bool) -> list[str]:
    return [choice.key for choice in spec.choices if choice.right is right][: None if right else 1]


def take_next(user: User, item: Item) -> None:
    """Do what is open in a section as somebody who knows everything by now."""
    section = open_section(user, live(), item.entry.title)
    progress.mark_done(user=user, section=section)
    for check in section.section_checks.all():
        standing = now_open(user, check.quiz_version)
        if turn_of(standing) == "wait":
            a_day_goes_by(user)
            standing = now_open(user, check.quiz_version)
        left: list[Asked] = [each for each in standing.asked() if not each.checked]
        if standing.is_open and left:
            answers = {each.spec.key: chosen(each.spec, right=True) for each in left}
            check_now(user, section, check.quiz_version, answers)


def a_day_goes_by(user: User) -> None:
    """What the user finished was finished a day earlier."""
    rounds = Round.objects.filter(user=user, finished_at__isnull=False)
    rounds.update(finished_at=F("finished_at") - timedelta(hours=24))


def finds_the_end(user: User) -> bool:
    """Whether somebody who does what comes next completes the module, in as many steps as that can take."""
    with undone():
        for _step in range(3 * len(TITLES) + 1):
            outline = seen(user)
            if outline.complete or outline.next is None:
                break
            take_next(user, outline.next)
        outline = seen(user)
        nothing_to_take = outline.percent is None
        return nothing_to_take or (outline.complete and Certificate.objects.exists())


ACTS: dict[str, Any] = {"answer": answer_one, "publish": publish, "withdraw": withdraw_one}


@settings(max_examples=15, deadline=None)
@given(first=MODULE, steps=STEPS)
@pytest.mark.trust("QZ-07")
def test_from_every_state_there_is_a_way_to_completion(first: tuple[dict[str, Any], str], steps: list[Any]):
    with undone():
        release(store(first), by=None)
        user = persona("partner")
        for act, what, how in [("answer", 0, [None]), *steps]:
            ACTS[act](what, how)
            assert finds_the_end(user), (act, what, how)
