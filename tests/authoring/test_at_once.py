"""What several people do at the same moment: one wins, nobody waits for ever, and nothing is half written."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Audience
from authoring import release, rolling_back, softening, withdrawing
from authoring.discarding import discard
from courses.models import Module, Path, Section
from learning import mailing, progress
from learning.models import Asking, Completion, Mail, Policy, Publication
from tests import modules
from tests.learning.factories_team import complete
from tests.personas import persona

pytestmark = pytest.mark.django_db(transaction=True)

Act = Callable[[], Any]


@pytest.fixture(autouse=True)
def audiences() -> None:
    """A test whose transactions are real ends with an empty database, without those of the migrations."""
    for name in ("Employee", "Partner"):
        Audience.objects.get_or_create(name=name)


def at_once(*acts: Act) -> list[Any]:
    """What each of these acts returns or raises, all begun at the same moment, each in a connection of its own."""
    ready = threading.Barrier(len(acts))

    def done(act: Act) -> Any:
        try:
            ready.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(done, acts))


@pytest.mark.trust("UP-08")
def test_of_two_authors_who_publish_over_the_same_version_one_wins_and_the_other_is_told():
    live = modules.a_module("Apples", {"One": "Read."})
    drafts = [modules.store(modules.source("Apples", {"One": text})) for text in ("Mine.", "Mine, too.")]
    for over in (live.pk, None):  # the second time both saw something that was never live
        acts = [partial(release.release, draft, by=None, over=over) for draft in drafts]
        told = at_once(*acts)
        receipts = [done for done in told if isinstance(done, release.Receipt)]
        lost = [error for error in told if isinstance(error, release.Overtaken)]
        assert (len(receipts), len(lost)) == ((1, 1) if over else (0, 2)), told
        for error in lost:
            assert error.live == Module.objects.get().published_version
    assert Publication.objects.count() == 2


def test_of_two_authors_who_roll_back_the_same_publication_one_wins_and_it_goes_back_once():
    modules.a_module("Apples", {"One": "Read."})
    modules.a_module("Apples", {"One": "Read more."})
    modules.a_module("Apples", {"One": "Read most."})
    last = Publication.objects.latest("pk")
    told = at_once(*[partial(rolling_back.roll_back, [last], by=None, why="x") for _author in range(2)])
    assert sorted(type(done).__name__ for done in told) == ["Overtaken", "Receipt"], told
    live = Module.objects.get().published_version
    assert live is not None
    assert live.number == 2


def test_a_draft_that_is_discarded_while_it_is_published_is_either_live_or_gone():
    modules.a_module("Apples", {"One": "Read."})
    for text in ("Mine.", "Mine, too.", "Mine, again."):
        draft = modules.store(modules.source("Apples", {"One": text}))
        published, gone = at_once(partial(release.release, draft, by=None), partial(discard, draft, by=None))
        assert isinstance(published, release.Refused) if gone is True else gone is False, (published, gone)
        assert (Module.objects.get().published_version_id == draft.pk) == (gone is False)


def test_who_finishes_while_the_module_is_published_completes_it_once():
    one = modules.a_module("Apples", {"One": "Read.", "Two": "Read on."})
    user = persona("partner")
    first, second = one.sections.order_by("position").exclude(slug="")
    progress.mark_done(user=user, section=first)
    shorter = modules.store(modules.source("Apples", {"One": "Read."}))
    done, receipt = at_once(
        partial(progress.mark_done, user=user, section=second), partial(release.release, shorter, by=None)
    )
    assert done is True
    assert isinstance(receipt, release.Receipt), receipt
    assert Completion.objects.filter(user=user).count() == 1


def orchard(text: str = "Read.") -> dict[str, bytes]:
    """A path of two modules, which says whom it is for."""
    path = modules.page(
        "Fruit", front="kind: path\ntoc:\n- ./pears.md\n- ./apples.md\nvisibility:\n- Employee"
    )
    parts = [modules.source(title, {"One": text}, front="") for title in ("Pears", "Apples")]
    return {"fruit.md": path.encode(), **parts[0], **parts[1]}


def narrower(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, "fruit.md": files["fruit.md"].replace(b"- Employee", b"- Partner")}


def acts() -> dict[str, Act]:
    """Everything that locks, each ready to be done."""
    rows = modules.publish_tree(orchard())
    modules.publish_tree(orchard("Read more."))
    user = persona("employee")
    section = Section.objects.get(uuid=modules.uuid_of("Apples/One"))
    last = Publication.objects.filter(module__slug="apples").latest("pk")
    live = Module.objects.get(slug="apples").published_version
    assert live is not None
    page = live.sections.select_related("version__module").get(section=section)
    draft = modules.store(modules.source("Apples", {"One": "Draft."}, front=""))
    paths = [row for row in modules.store_tree(narrower(orchard())) if row not in rows]
    retrained = Publication.objects.filter(module__slug="pears").latest("pk")
    return {
        "answer": partial(progress.mark_done, user=user, section=page),
        "import": partial(modules.store_tree, orchard("Read most.")),
        "withdraw a section": partial(withdrawing.withdraw, section, by=None, why="x"),
        "restore it": partial(withdrawing.restore, section, by=None, why="x"),
        "soften": partial(softening.soften, retrained, policy=Policy.MINOR, by=None, why="x"),
        "roll back": partial(rolling_back.roll_back, [last], by=None, why="x"),
        "publish a path": partial(release.release_tree, paths, by=None),
        "discard": partial(discard, draft, by=None),
    }


@pytest.mark.skipif(
    not connection.features.has_select_for_update, reason="one writer at a time needs no order"
)
def test_paths_are_locked_before_modules_and_both_before_anything_of_a_person():
    order = {"courses_path": 0, "courses_module": 1}
    for name, act in acts().items():
        with CaptureQueriesContext(connection) as caught:
            act()
        locked = [
            re.search(r'FROM "(\w+)"', query["sql"]).group(1)
            for query in caught
            if "FOR UPDATE" in query["sql"] or "FOR NO KEY UPDATE" in query["sql"]
        ]
        ranks = [order.get(table, 2) for table in locked]
        firsts = [ranks.index(rank) for rank in sorted(set(ranks))]
        assert ranks, name
        assert firsts == sorted(firsts), (name, locked)


def test_a_path_is_published_while_its_modules_are_imported_and_sections_of_both_withdrawn():
    everything = acts()
    told = at_once(
        *(everything[name] for name in ("publish a path", "import", "withdraw a section", "answer"))
    )
    assert not [error for error in told if isinstance(error, Exception)], told
    assert Path.objects.get().gate is None
    assert [module.gate for module in Module.objects.all()] == [["Partner"], ["Partner"]]


def test_a_mail_that_somebody_takes_at_this_moment_is_not_sent_by_another_one(mailoutbox):
    live = modules.a_module("Apples", {"One": "Read."})
    complete(persona("partner"), live)
    draft = modules.store(modules.source("Apples", {"One": "Read it again."}))
    due = timezone.localdate() + timedelta(days=30)
    release.release(draft, by=None, why="law", policy=Policy.RETRAIN, due=due, confirmed=1)
    mailoutbox.clear()
    Asking.objects.update(mail=Mail.OWED)

    def send() -> int:
        try:
            return mailing.send_owed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Asking.objects.update(mail=Mail.TAKEN)
            sent = pool.submit(send)
            time.sleep(0.5)  # it has seen what is owed, and waits for the row
        assert sent.result() == 0
    assert mailoutbox == []
