"""Whatever is published, answered, softened and rolled back, in any order: no fact is lost or re-dated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from authoring.release import Overtaken, Refused, release
from authoring.rolling_back import roll_back
from authoring.softening import soften, softened_to
from courses.models import Module, ModuleVersion
from learning.models import Asking, Completion, ModuleProgress, Policy, Publication, SectionProgress
from learning.outline import Stage
from learning.policies import offered, whom_to_ask
from learning.record import outline_of, record_of
from quizzes.models import Response
from tests import modules
from tests.examples import undone
from tests.learning.factories_team import take
from tests.modules import question
from tests.personas import persona

pytestmark = pytest.mark.django_db

BODIES = [
    {"Growing": question("que1"), "Eating": "Read this."},
    {"Growing": question("que1"), "Eating": "Read that."},
    {"Growing": question("que1"), "Eating": "Read that.", "Storing": "Read."},
    {"Eating": "Read that.", "Storing": "Read."},
]
DUE = timezone.localdate() + timedelta(days=30)
POLICIES = st.sampled_from(Policy)
PEOPLE = ("partner", "employee")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(0, 3), POLICIES),
        st.tuples(st.just("take"), st.integers(0, 2), st.sampled_from(PEOPLE)),
        st.tuples(st.just("soften"), st.integers(0, 5), POLICIES),
        st.tuples(st.just("back"), st.just(0), POLICIES),
    ),
    max_size=12,
)


def live() -> ModuleVersion:
    version = Module.objects.get().published_version
    assert version is not None
    return version


def publish(number: int, policy: Policy) -> None:
    version = modules.store(modules.source("Apples", BODIES[number]))
    now = live()
    if version.pk == now.pk or offered(now, version)[policy]:
        return
    asked: dict[str, Any] = {}
    if policy == Policy.RETRAIN:
        asked = {"due": DUE, "confirmed": len(whom_to_ask(version))}
    release(version, by=None, policy=policy, **asked)


def take_one(number: int, who: str) -> None:
    outline = outline_of(persona(who), live(), record_of(persona(who), live().module_id))
    item = outline.items[number % len(outline.items)]
    if item.state != "done":
        take(persona(who), live(), item.entry.title)


def soften_one(number: int, policy: Policy) -> None:
    found = list(Publication.objects.order_by("pk"))
    publication = found[number % len(found)]
    if softened_to(publication).get(policy) == "":
        soften(publication, policy=policy, by=None, why="property")


def go_back(_number: int, _policy: Policy) -> None:
    last = Publication.objects.filter(withdrawn_at=None, undoes=None).latest("pk")
    try:
        roll_back([last], by=None, why="property")
    except (Refused, Overtaken):
        assert last.replaced is None or live().pk != last.version_id


ACTS: dict[str, Callable[..., None]] = {
    "publish": publish,
    "take": take_one,
    "soften": soften_one,
    "back": go_back,
}


def facts() -> dict[str, set[tuple[Any, ...]]]:
    done = SectionProgress.objects.filter(done_at__isnull=False)
    return {
        "completions": set(Completion.objects.values_list("pk", "version", "completed_at", "cause")),
        "done": set(done.values_list("pk", "section", "done_at", "done_version", "cause")),
        "opened": set(SectionProgress.objects.values_list("pk", "opened_at")),
        "first answers": set(Response.objects.filter(is_first=True).values_list("pk", "share_num")),
    }


def stage(user: User) -> Stage:
    return outline_of(user, live(), record_of(user, live().module_id)).stage


def open_asking(user: User) -> int | None:
    """What is asked of a person, found from the facts alone."""
    for asking in Asking.objects.filter(user=user, withdrawn_at=None).order_by("-asked_at", "-pk"):
        if not Completion.objects.filter(user=user, completed_at__gt=asking.asked_at).exists():
            return asking.pk
        return None
    return None


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
@pytest.mark.trust("CE-09")
def test_no_order_of_acts_loses_or_re_dates_a_fact(steps: list[tuple[str, int, Any]]):
    with undone():
        modules.publish(modules.source("Apples", BODIES[0]))
        people = [persona(who) for who in PEOPLE]
        for name, number, more in steps:
            before = facts()
            ACTS[name](number, more)
            after = facts()
            assert all(before[kind] <= after[kind] for kind in before), (name, number, more)
            for user in people:
                row = ModuleProgress.objects.filter(user=user).first()
                assert (row.asking_id if row else None) == open_asking(user)
                completed = Completion.objects.filter(user=user)
                if completed.exists():
                    assert stage(user) in ("done", "asked")
                    assert (stage(user) == "asked") <= (open_asking(user) is not None)
                else:
                    assert stage(user) in ("not_started", "under_way")


@settings(max_examples=12, deadline=None)
@given(taken=st.lists(st.integers(0, 1), max_size=3), number=st.integers(1, 3))
def test_softened_is_as_if_it_had_been_published_like_that(taken: list[int], number: int):
    stages = []
    for at_once in (True, False):
        with undone():
            modules.publish(modules.source("Apples", BODIES[0]))
            for section in taken:
                take_one(section, "partner")
            if at_once:
                publish(number, Policy.APPEND)
            else:
                publish(number, Policy.RETRAIN)
                soften(Publication.objects.latest("pk"), policy=Policy.APPEND, by=None, why="property")
            outline = outline_of(persona("partner"), live(), record_of(persona("partner"), live().module_id))
            states = [(item.state, item.is_new) for item in outline.items]
            stages.append((outline.stage, outline.percent, outline.added, states))
    assert stages[0] == stages[1]
