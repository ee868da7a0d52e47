"""What publishing asks of people: nothing more, what was added, or all of it anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import ClassVar

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from authoring.receipts import Moved, Receipt, receipt_named
from authoring.release import Chosen, Overtaken, Refused, Unconfirmed, release, release_all, release_tree
from authoring.rolling_back import roll_back, stops
from authoring.softening import soften, softened_to
from courses.models import ModuleVersion, Path, PathVersion
from courses.publishing import Conflict
from learning.models import Asking, Cause, Certificate, Completion, Policy, Publication, SectionProgress
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


def test_softened_to_additions_a_retrain_asks_nothing_and_what_was_done_meanwhile_stays():
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    complete(persona("employee"), live)
    asked = retrain(draft(TWO), 2)
    complete(persona("employee"), asked.version)
    take(persona("partner"), asked.version, "Storing")
    assert softened_to(asked)[Policy.APPEND] == ""
    assert "Storing" in softened_to(asked)[Policy.MINOR]
    assert soften(asked, policy=Policy.APPEND, by=persona("author"), why="too much") == 1
    assert (seen(asked.version).stage, seen(asked.version).added) == ("done", 0)
    assert seen(asked.version, "employee").stage == "done"
    assert Completion.objects.filter(user=persona("employee")).count() == 2
    assert Completion.objects.filter(user=persona("partner")).count() == 1
    asked.refresh_from_db()
    assert (asked.policy, asked.in_force) == (Policy.RETRAIN, Policy.APPEND)
    event = AuditEvent.objects.latest("pk")
    assert (event.what, event.why, event.detail["no longer asked"]) == ("policy softened", "too much", 1)
    for policy in (Policy.RETRAIN, Policy.APPEND, Policy.MINOR):
        with pytest.raises(Refused):
            soften(asked, policy=policy, by=None, why="")


def test_an_older_asking_comes_back_when_the_newer_one_is_withdrawn_and_may_be_met_by_then():
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    retrain(draft({**ONE, "Eating": "Read that."}), 1)
    second = draft({**ONE, "Eating": "Read that."})
    take(persona("partner"), second, "Growing")
    third = retrain(draft({**ONE, "Eating": "Read it all."}), 1)
    take(persona("partner"), third.version, "Eating")
    assert seen(third.version).done == 1
    soften(third, policy=Policy.MINOR, by=None, why="")
    assert seen(third.version).stage == "done"  # both sections were done since the first asking
    completion = Completion.objects.latest("pk")
    assert (completion.cause, completion.version) == (Cause.SOFTENED, third.version)


def test_rolling_back_is_one_step_and_withdraws_what_was_asked():
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    before = list(Completion.objects.values())
    asked = retrain(draft(TWO), 1)
    take(persona("partner"), asked.version, "Storing")
    receipt = roll_back([asked], by=persona("author"), why="wrong law")
    [(publication, line)] = receipt.lines
    assert (publication.version, publication.undoes, line.unasked) == (live, asked, 1)
    assert line.before == line.after
    assert seen(live).stage == "done"
    assert list(Completion.objects.values()) == before
    assert SectionProgress.objects.filter(user=persona("partner"), done_at__isnull=False).count() == 3
    with pytest.raises(Refused, match="first version"):
        roll_back([publication_of_first(live)], by=None, why="again")
    with pytest.raises(Overtaken):
        roll_back([asked], by=None, why="twice")
    back = release(asked.version, by=None).publications[0]
    assert seen(back.version).added == 0  # what they did of it counts


def publication_of_first(version: ModuleVersion) -> Publication:
    return Publication.objects.filter(version=version, undoes=None).earliest("pk")


def test_a_roll_back_completes_whoever_has_nothing_left():
    live = modules.publish(modules.source("Apples", ONE))
    wider = release(draft(TWO), by=None).publications[0]
    take(persona("partner"), live, "Growing")
    take(persona("partner"), live, "Eating")
    assert not Completion.objects.exists()
    receipt = roll_back([wider], by=None, why="not ready")
    assert receipt.completed == 1
    assert Completion.objects.get().version == live


def test_a_batch_is_rolled_back_as_one():
    leaves, joins = moving()
    receipt = release_all([Chosen(leaves), Chosen(joins)], by=None)
    for half in receipt.publications:
        with pytest.raises(Refused, match=r"“Growing” moved from .* roll back both together"):
            roll_back([half], by=None, why="half")
    back = roll_back(receipt.publications, by=None, why="all")
    assert back.went_back
    assert [p.version.number for p in back.publications] == [1, 1]


def fruit(audience: str, sections: dict[str, str]) -> list[ModuleVersion | PathVersion]:
    """Drafts of a path for these people, and of the module below it, which says nothing of them itself."""
    path = modules.page("Fruit", front=f"kind: path\ntoc:\n- ./apples.md\nvisibility:\n{audience}").encode()
    return modules.store_tree({"fruit.md": path, **modules.source("Apples", sections, front="")})


def released(drafts: list[ModuleVersion | PathVersion]) -> Receipt:
    return release_tree(drafts, by=persona("author"), why="tree")


def gate(version: ModuleVersion) -> list[str] | None:
    version.module.refresh_from_db()
    return version.module.gate


def test_a_batch_is_rolled_back_with_its_paths_and_the_gate_that_they_make():
    _path, apples = first = fruit("- Employee\n- Partner", ONE)
    assert isinstance(apples, ModuleVersion)
    released(first)
    complete(persona("employee"), apples)
    records = list(Completion.objects.values())
    receipt = released(fruit("- Partner", TWO))
    assert gate(apples) == ["Partner"]
    kept = receipt_named(receipt.id)
    assert [(move.version.number, move.replaced and move.replaced.number) for move in kept.paths] == [(2, 1)]
    back = roll_back(kept.publications, by=persona("author"), why="too narrow", paths=kept.paths)
    assert gate(apples) == ["Employee", "Partner"]
    assert Path.objects.get().published_version == first[0]
    assert apples.module.published_version == apples
    assert seen(ModuleVersion.objects.get(pk=apples.pk), "employee").stage == "done"
    assert list(Completion.objects.values()) == records
    assert [(move.version.number, move.replaced and move.replaced.number) for move in back.paths] == [(1, 2)]
    assert receipt_named(back.id) == back


def test_a_path_that_moved_on_keeps_a_batch_from_going_back_and_so_does_a_first_one():
    first = released(fruit("- Employee\n- Partner", ONE))
    second = released(fruit("- Partner", TWO))
    alone = released([row for row in fruit("- Employee", TWO) if isinstance(row, PathVersion)])
    with pytest.raises(Overtaken) as overtaken:
        roll_back(second.publications, by=None, why="late", paths=second.paths)
    assert overtaken.value.live == alone.paths[0].version
    assert Publication.objects.filter(undoes=None, withdrawn_at=None).count() == 2
    with pytest.raises(Refused, match="“Fruit” is the first version"):
        roll_back([], by=None, why="first", paths=[Moved(alone.paths[0].version, None)])
    assert [str(row) for row, _stop in stops(first.publications, first.paths)] == ["Apples v1", "Fruit v1"]


def test_a_path_settles_the_modules_that_it_opens_and_the_receipt_keeps_what():
    first = fruit("- Employee\n- Partner", {"Growing": "Read this."})
    _path, apples = first
    assert isinstance(apples, ModuleVersion)
    released(first)
    receipt = released([row for row in fruit("- Partner", ONE) if isinstance(row, PathVersion)])
    [reopened] = receipt.reopened
    assert (reopened.version, reopened.line.completed) == (apples, 0)
    assert receipt_named(receipt.id) == receipt


def test_who_gets_what_was_added_is_counted_by_the_gate_that_the_act_makes():
    first = fruit("- Employee\n- Partner", ONE)
    released(first)
    take(persona("employee"), first[1], "Growing")
    receipt = released(fruit("- Partner", TWO))
    assert [line.given for _publication, line in receipt.lines] == [0]


def test_as_many_queries_for_three_people_who_complete_a_module_by_a_release_as_for_one():
    counts = []
    for title, people in (("Pears", 1), ("Plums", 3)):
        live = modules.publish(modules.source(title, TWO))
        for _number in range(people):
            user = factories.person(organisation=persona("partner").organisation)
            take(user, live, "Growing")
            take(user, live, "Eating")
        shorter = modules.store(modules.source(title, ONE))
        with CaptureQueriesContext(connection) as caught:
            assert release(shorter, by=None).completed == people
        counts.append(len(caught))
    assert counts[0] == counts[1], counts
    assert {(c.earned_num, c.full_num, c.certificate.title) for c in Completion.objects.all()} == {
        (1, 1, "Pears"),
        (1, 1, "Plums"),
    }


@pytest.mark.trust("AC-10")
def test_who_is_asked_is_told_by_mail_but_nobody_suspended(django_capture_on_commit_callbacks, mailoutbox):
    live = modules.publish(modules.source("Apples", ONE))
    suspended = factories.person(organisation=persona("partner").organisation)
    for user in (persona("partner"), suspended):
        complete(user, live)
    suspended.is_active = False
    suspended.save()
    with django_capture_on_commit_callbacks(execute=True):
        retrain(draft({**ONE, "Eating": "Read that."}), 2)
    [mail] = mailoutbox
    assert mail.to == [persona("partner").email]
    assert "Apples" in mail.subject
    assert "/modules/apples/" in mail.body


class Away(BaseEmailBackend):
    """A mail server that takes whatever goes to somebody with an x in front, and hangs up on the others."""

    tried: ClassVar[list[str]] = []

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            self.tried.extend(message.to)
            if not message.to[0].startswith("x"):
                raise SMTPServerDisconnected
        return len(messages)


@pytest.mark.parametrize(
    ("addresses", "tried"),
    [
        (["a", "b", "c", "d", "e"], ["a", "b", "c"]),
        (["a", "b", "x1", "c", "d", "x2"], ["a", "b", "x1", "c", "d", "x2"]),
    ],
)
def test_a_mail_server_that_hangs_up_is_not_tried_for_everybody(
    addresses, tried, django_capture_on_commit_callbacks, settings
):
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    Away.tried.clear()
    live = modules.publish(modules.source("Apples", ONE))
    for name in addresses:
        user = factories.person(f"{name}@example.org", organisation=persona("partner").organisation)
        complete(user, live)
    with django_capture_on_commit_callbacks(execute=True):
        retrain(draft({**ONE, "Eating": "Read that."}), len(addresses))
    assert Away.tried == [f"{name}@example.org" for name in tried]


def test_a_mail_server_that_is_away_breaks_nothing(django_capture_on_commit_callbacks, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    with django_capture_on_commit_callbacks(execute=True):
        asked = retrain(draft({**ONE, "Eating": "Read that."}), 1)
    assert seen(asked.version).stage == "asked"
    assert "No mail server" in caplog.text


def test_without_a_mail_server_nobody_is_written_to(django_capture_on_commit_callbacks, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    live = modules.publish(modules.source("Apples", ONE))
    complete(persona("partner"), live)
    with django_capture_on_commit_callbacks(execute=True):
        retrain(draft({**ONE, "Eating": "Read that."}), 1)
    assert capsys.readouterr().out == ""
