"""What publishing asks of people: nothing more, what was added, or all of it anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from authoring.release import Chosen, Overtaken, Refused, Unconfirmed, release, release_all
from courses.models import ModuleVersion
from courses.publishing import Conflict
from learning.models import Asking, Certificate, Completion, Policy, Publication, SectionProgress
from learning.outline import Outline
from learning.policies import offered, proposed
from learning.record import outline_of, record_of
from quizzes.models import Response, Round
from tests import factories, modules
from tests.learning.factories_team import answer, complete, take
from tests.modules import question
from tests.personas import persona

pytestmark = pytest.mark.django_db

ONE = {"Growing": question("que1"), "Eating": "Read this."}
TWO = {**ONE, "Storing": question("que3")}
DUE = timezone.localdate() + timedelta(days=30)


def draft(sections: dict[str, str], *, front: str = "visibility:\n- Employee\n- Partner") -> ModuleVersion:
    return modules.store(modules.source("Apples", sections, front=front))


def seen(version: ModuleVersion, who: str = "partner") -> Outline:
    user = persona(who)
    return outline_of(user, version, record_of(user, version.module_id))


def retrain(version: ModuleVersion, asks: int) -> Publication:
    receipt = release(
        version, by=persona("author"), why="new law", policy=Policy.RETRAIN, due=DUE, confirmed=asks
    )
    return receipt.publications[0]


def test_minor_is_offered_where_nothing_more_is_asked_and_the_reason_is_told_where_it_is():
    live = modules.publish(modules.source("Apples", ONE))
    same, more = draft({**ONE, "Eating": "Read that."}), draft(TWO)
    assert not any(offered(live, same).values())
    assert proposed(live, same) == Policy.MINOR
    assert "Storing" in offered(live, more)[Policy.MINOR]
    assert not offered(live, more)[Policy.APPEND]
    assert proposed(live, more) == Policy.APPEND
    with pytest.raises(Refused, match="Storing"):
        release(more, by=None, policy=Policy.MINOR)
    live.module.refresh_from_db()
    assert live.module.published_version_id == live.pk
    assert Publication.objects.count() == 1


def test_by_addition_who_is_done_stays_done_and_the_others_get_the_new_sections():
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    take(persona("employee"), live, "Growing")
    receipt = release(draft(TWO), by=None, policy=Policy.APPEND)
    version = receipt.publications[0].version
    assert (seen(version).percent, seen(version).stage, seen(version).added) == (100, "done", 1)
    midway = seen(version, "employee")
    assert (midway.done, midway.total, midway.stage) == (1, 3, "under_way")
    assert [line.given for _publication, line in receipt.lines] == [1]
    assert not Asking.objects.exists()


def test_a_retrain_asks_everybody_who_is_done_anew_and_the_old_completion_stays():
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    take(persona("employee"), live, "Growing")
    first, section = Completion.objects.get(), SectionProgress.objects.filter(done_at__isnull=False)
    before = list(section.order_by("pk").values())
    publication = retrain(draft({**ONE, "Eating": "Read that."}), 1)
    version = publication.version
    asked = seen(version)
    assert (asked.stage, asked.percent, asked.done, asked.total) == ("asked", 0, 0, 2)
    assert asked.asked is not None
    assert asked.asked.due == DUE
    assert seen(version, "employee").stage == "under_way"  # takes the new version; what they did counts
    assert seen(version, "employee").done == 1
    assert list(section.order_by("pk").values()) == before
    take(persona("partner"), version, "Growing")
    assert (seen(version).stage, seen(version).percent) == ("asked", 50)
    take(persona("partner"), version, "Eating")
    assert (seen(version).stage, seen(version).percent) == ("done", 100)
    again = Completion.objects.latest("pk")
    assert (again.version, again.asking) == (version, Asking.objects.get())
    assert Completion.objects.filter(pk=first.pk, completed_at=first.completed_at).exists()
    assert Certificate.objects.count() == 2


def test_checks_are_taken_anew_and_first_answers_stay():
    live = modules.publish(modules.source("Apples", ONE))
    take(persona("partner"), live, "Growing", wrong=["que1"])
    take(persona("partner"), live, "Growing")
    take(persona("partner"), live, "Eating")
    version = retrain(draft({**ONE, "Eating": "Read that."}), 1).version
    answer(persona("partner"), version, "Growing", "que1", right=False)
    assert seen(version).done == 0
    assert [(r.number, r.passed) for r in Round.objects.order_by("number")] == [
        (1, False),
        (2, True),
        (3, False),
    ]
    take(persona("partner"), version, "Growing")
    assert seen(version).done == 1
    assert Response.objects.filter(is_first=True).count() == 1


def test_a_retrain_wants_a_day_to_come_and_the_number_of_people():
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    new = draft({**ONE, "Eating": "Read that."})
    for due in (None, timezone.localdate(), timezone.localdate() - timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            release(new, by=None, policy=Policy.RETRAIN, due=due, confirmed=1)
        assert refused.value.field == "due"
    for confirmed in (None, 0, 2):
        with pytest.raises(Unconfirmed) as unconfirmed:
            release(new, by=None, policy=Policy.RETRAIN, due=DUE, confirmed=confirmed)
        assert unconfirmed.value.asks == 1
    with pytest.raises(Refused, match="by a date"):
        release(new, by=None, policy=Policy.APPEND, due=DUE)
    assert Publication.objects.count() == 1


def test_nobody_is_asked_for_whom_the_version_has_nothing_to_take():
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    complete(persona("employee"), live)
    suspended = factories.person(organisation=persona("partner").organisation)
    complete(suspended, live)
    suspended.is_active = False
    suspended.save()
    narrow = draft({**ONE, "Eating": "Read that."}, front="visibility:\n- Partner")
    publication = retrain(narrow, 2)
    assert set(Asking.objects.values_list("user", flat=True)) == {persona("partner").pk, suspended.pk}
    publication.refresh_from_db()
    assert publication.receipt["asked"] == [["Acme", 2]]


def test_a_second_retrain_takes_the_place_of_the_first():
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    second = retrain(draft({**ONE, "Eating": "Read that."}), 1).version
    take(persona("partner"), second, "Growing")
    third = retrain(draft({**ONE, "Eating": "Read it all."}), 1).version
    assert seen(third).done == 0
    complete(persona("partner"), third)
    assert seen(third).stage == "done"
    assert Completion.objects.count() == 2


def moving() -> tuple[ModuleVersion, ModuleVersion]:
    """Drafts of two live modules between which a page moves: of the one that it leaves, and of the other."""
    pears = modules.publish(modules.source("Pears", {"Picking": question("que2")}))
    gets = modules.source("Pears", {"Picking": question("que2"), "Growing": question("que1")})
    there, here = (str(modules.uuid_of(f"{title}/Growing")).encode() for title in ("Pears", "Apples"))
    # Imported while nothing has the page, as one upload of a whole tree reads it.
    joins = modules.store({path: data.replace(there, here) for path, data in gets.items()})
    modules.publish(modules.source("Apples", ONE))
    assert joins.module == pears.module
    return draft({"Eating": "Read this."}), joins


@pytest.mark.parametrize("order", [1, -1])
def test_a_batch_is_one_act_and_pages_may_move_between_its_modules_in_either_order(order: int):
    leaves, joins = moving()
    assert leaves.module.published_version is not None
    take(persona("partner"), leaves.module.published_version, "Growing")
    over = {version.module_id: version.module.published_version_id for version in (leaves, joins)}
    with pytest.raises(Conflict):
        release(joins, by=None)
    receipt = release_all(
        [Chosen(leaves), Chosen(joins)][::order], by=persona("author"), why="tidied", over=over
    )
    assert {p.event_id for p in receipt.publications} == {receipt.id}
    assert [(line.sections_closed, line.completed) for _p, line in receipt.lines] == [(0, 0), (0, 0)]
    assert seen(joins).done == 1
    assert seen(leaves).total == 1


def test_a_batch_is_all_or_nothing():
    leaves, joins = moving()
    with pytest.raises(Overtaken):
        release_all([Chosen(leaves), Chosen(joins)], by=None, over={leaves.module_id: None})
    with pytest.raises(Unconfirmed):
        release_all([Chosen(leaves), Chosen(joins, Policy.RETRAIN, DUE, 3)], by=None)
    for version in (leaves, joins):
        version.module.refresh_from_db()
        assert version.module.published_version_id != version.pk
    assert Publication.objects.count() == 2


def test_two_modules_of_a_batch_may_not_both_show_a_page():
    leaves, joins = moving()
    stays = draft({**ONE, "Eating": "Read that."})
    for order in (1, -1):
        with pytest.raises(Conflict):
            release_all([Chosen(stays), Chosen(joins)][::order], by=None)
    assert leaves.module.publications.count() == 1
