"""A key is corrected: what past answers count for, who passes by it, and what is told."""

from __future__ import annotations

from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import AuditEvent, User
from authoring.corrections import asked
from authoring.receipts import receipt_named
from authoring.release import Refused, release
from authoring.rolling_back import roll_back
from courses.models import ModuleVersion
from learning.correcting import dry_run
from learning.models import Cause, Certificate, Completion, SectionProgress
from quizzes import opening
from quizzes.corrections import Wanted
from quizzes.models import Correction, Counting, Response, Round, Score
from quizzes.sent import Sent
from quizzes.standing import standing_of
from tests import factories, modules
from tests.learning.factories_team import answer, complete, take
from tests.modules import question
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

OTHER_KEY = (
    question("que1")
    .replace("- [x] The right", "- [ ] The right")
    .replace("- [ ] The wrong", "- [x] The wrong")
)
BOTH_KEYS = question("que1").replace("- [ ] The wrong", "- [x] The wrong")
PAGE = {"Growing": question("que1") + question("que2")}


def draft(first: str = OTHER_KEY) -> ModuleVersion:
    return modules.store(modules.source("Apples", {"Growing": first + question("que2")}))


def live() -> ModuleVersion:
    return modules.publish(modules.source("Apples", PAGE))


def publish(version: ModuleVersion, counting: Counting = Counting.BETTER, *, lowers: bool = False):
    wanted = tuple(
        Wanted(judged.now, counting, lowers=lowers)
        for judged in asked(version.module.published_version, version)
    )
    return release(version, by=persona("author"), why="B is right", corrections=wanted)


def last(user: User) -> Round:
    return Round.objects.select_related("rejudgement").filter(user=user).order_by("-number")[0]


def counted(user: User) -> Fraction:
    earned, full = last(user).counted
    return earned / full


def shares(user: User) -> list[tuple[Fraction | None, Fraction | None]]:
    return [(r.share, r.counts) for r in Response.objects.filter(user=user).order_by("round", "position")]


def test_only_what_is_judged_differently_and_was_answered_is_asked_about():
    version = live()
    assert asked(version, draft()) == []
    take(persona("partner"), version, "Growing")
    (judged,) = asked(version, draft())
    assert (judged.people, judged.page) == (1, "Growing")
    assert len(judged.told) == 2
    assert asked(version, draft(question("que1").replace("feedback", "told"))) == []
    assert asked(None, draft()) == []


def test_by_default_old_or_new_counts_and_who_passes_by_it_passes_now():
    version = live()
    right, wrong = persona("partner"), persona("employee")
    take(right, version, "Growing")
    take(wrong, version, "Growing", wrong=["que1"])
    assert not last(wrong).passed
    receipt = release(draft(), by=persona("author"), why="B is right")
    assert shares(right) == [(1, 1), (1, 1)]
    assert shares(wrong) == [(0, 1), (1, 1)]
    assert last(wrong).passed
    assert last(wrong).earned == 1  # the round's own figures stay
    assert counted(wrong) == 1
    done = SectionProgress.objects.get(user=wrong)
    completion = Completion.objects.get(user=wrong)
    assert (done.cause, completion.cause) == (Cause.CORRECTED, Cause.CORRECTED)
    assert Certificate.objects.filter(completion=completion).exists()
    ((_publication, line),) = receipt_named(receipt.id).lines
    assert [(c.counting, c.raised, c.lowered) for c in line.corrected] == [("better", 1, 0)]
    assert (line.passing, line.completed) == (1, 1)
    assert AuditEvent.objects.get(what="answer key corrected").detail["raised"] == 1
    correction = Correction.objects.get()
    assert (correction.by, correction.why) == (persona("author"), "B is right")


@pytest.mark.trust("QZ-11")
def test_only_the_new_key_lets_results_fall_where_that_is_ticked_and_no_pass_is_taken():
    version = live()
    user = persona("partner")
    complete(user, version)
    with pytest.raises(Refused, match="would fall"):
        publish(draft(), Counting.NEW)
    version.module.refresh_from_db()
    assert version.module.published_version == version
    assert not Score.objects.exists()
    publish(draft(), Counting.NEW, lowers=True)
    assert shares(user) == [(1, 0), (1, 1)]
    assert counted(user) == Fraction(1, 2)
    assert last(user).passed
    assert Completion.objects.filter(user=user).count() == Certificate.objects.count() == 1
    assert Completion.objects.get(user=user).score == 1


def test_everybody_gets_full_credit_or_nothing_changes():
    version = live()
    user = persona("partner")
    take(user, version, "Growing", wrong=["que1"])
    publish(draft(BOTH_KEYS), Counting.UNCHANGED)
    assert not Score.objects.exists()
    assert not last(user).passed
    assert Correction.objects.get().counting == Counting.UNCHANGED
    publish(draft(OTHER_KEY), Counting.EVERYONE)
    assert shares(user) == [(0, 1), (1, 1)]
    assert last(user).passed


def test_going_back_lowers_nobody_and_gives_back_what_the_new_key_took():
    version = live()
    up, down = persona("employee"), persona("partner")
    take(up, version, "Growing", wrong=["que1"])
    take(down, version, "Growing")
    receipt = publish(draft(), Counting.NEW, lowers=True)
    assert (counted(up), counted(down)) == (1, Fraction(1, 2))
    roll_back(receipt.publications, by=persona("author"), why="A was right")
    assert (counted(up), counted(down)) == (1, 1)
    assert Score.objects.count() == 3  # nothing was deleted
    assert last(up).passed


def test_who_is_in_a_later_round_passes_out_of_it_and_who_was_not_judged_yet_goes_on():
    version, now = live(), draft()
    later, first = persona("partner"), persona("employee")
    take(later, version, "Growing", wrong=["que1"])
    open_next(later, version)
    answer(first, version, "Growing", "que1", right=False)
    release(now, by=None)
    assert last(later).passed
    assert last(later).finished_at is not None
    assert last(first).finished_at is None
    page = client_of("partner").get("/modules/apples/growing/").content.decode()
    assert "Passed" in page
    assert 'value="check:que1"' not in page
    answer(first, now, "Growing", "que2")
    assert last(first).passed
    assert counted(first) == 1


def open_next(user: User, version: ModuleVersion) -> None:
    """The round after a missed one, before anything is answered in it."""
    quiz = version.sections.get(title="Growing").section_checks.get().quiz_version
    opening.begin(user=user, quiz=quiz, sent=Sent(standing_of(user, quiz).token, uuid4()))


def test_an_older_wording_answered_after_the_correction_counts_by_it_too():
    version, now = live(), draft()
    user = persona("partner")
    take(persona("employee"), version, "Growing")
    answer(user, version, "Growing", "que2")
    release(now, by=None)
    answer(user, now, "Growing", "que1", right=False)
    assert (Fraction(0), Fraction(1)) in shares(user)
    assert last(user).passed


def test_a_dry_run_writes_nothing_and_says_what_publishing_does():
    version = live()
    take(persona("partner"), version, "Growing", wrong=["que1"])
    take(persona("employee"), version, "Growing")
    now = draft()
    (judged,) = asked(version, now)
    plan = dry_run(now, [Wanted(judged.now, Counting.NEW, lowers=True)])
    assert (plan.people(falls=False), plan.people(falls=True), plan.passing) == (1, 1, 1)
    effects = {effect.user: (effect.before.share, effect.after.share) for effect in plan.effects}
    assert effects == {
        persona("partner").pk: (Fraction(1, 2), 1),
        persona("employee").pk: (1, Fraction(1, 2)),
    }
    assert not Score.objects.exists()
    assert not Correction.objects.exists()


@pytest.mark.parametrize("people", [1, 3])
def test_queries_do_not_grow_with_the_people(people):
    version = live()
    for _n in range(people):
        user = factories.person(organisation=factories.organisation("Acme"))
        take(user, version, "Growing", wrong=["que1"])
    now = draft()
    with CaptureQueriesContext(
        connection,
    ) as found:
        release(now, by=None)
    assert Round.objects.filter(passed=True).count() == people
    COUNTED.setdefault("queries", len(found))
    assert len(found) == COUNTED["queries"]


COUNTED: dict[str, int] = {}


def test_the_database_holds_scores_between_0_and_1_and_one_for_each_decision():
    version = live()
    take(persona("partner"), version, "Growing", wrong=["que1"])
    release(draft(), by=None)
    score = Score.objects.get()
    for wrong in ({"share_num": 2}, {"share_num": -1}, {}):
        fields = {"share_num": 1, "share_den": 1, **wrong}
        with pytest.raises(IntegrityError), transaction.atomic():
            Score.objects.create(response=score.response, correction=score.correction, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(counting=Counting.ACCEPTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(lowers=True)


# What the pages say.


def test_the_drafts_page_asks_and_publishing_does_what_was_chosen():
    version = live()
    take(persona("partner"), version, "Growing")
    now = draft()
    client = client_of("author")
    page = client.get(f"/authoring/versions/{now.pk}/").content.decode()
    (judged,) = asked(version, now)
    assert "One answered question is judged differently" in page
    assert "for less for one person" in page
    sent = {"over": version.pk, "why": "B", "policy": "minor", f"counting-{judged.question}": "new"}
    refused = client.post(f"/authoring/versions/{now.pk}/publish/", sent)
    assert refused.status_code == 422
    assert "The result of one person would fall." in refused.content.decode()
    sent[f"lowers-{judged.question}"] = "on"
    response = client.post(f"/authoring/versions/{now.pk}/publish/", sent, follow=True)
    assert "counts for less for 1 person; passes stay" in response.content.decode()
    assert counted(persona("partner")) == Fraction(1, 2)


@pytest.mark.trust("AC-03")
def test_the_dry_run_is_in_numbers_and_names_only_those_whom_the_author_oversees():
    version = live()
    for name in ("partner", "globex_partner"):
        take(persona(name), version, "Growing", wrong=["que1"])
    now = draft()
    url = f"/authoring/versions/{now.pk}/corrections/"
    page = client_of("author").get(url).content.decode()
    assert "2 people would have another result" in page
    assert "Paul Partner" not in page
    author = persona("author")
    factories.oversight(author, factories.organisation("Acme"))
    page = client_of("author").get(url).content.decode()
    assert "Paul Partner" in page
    assert "Grace Globex" not in page
    (judged,) = asked(version, now)
    page = client_of("author").get(url, {f"counting-{judged.question}": "unchanged"}).content.decode()
    assert "0 people would have another result" in page
    assert client_of("manager").get(url).status_code == 404


def test_the_people_affected_are_told_on_their_page():
    version = live()
    up, down, same = persona("employee"), persona("partner"), persona("globex_partner")
    take(up, version, "Growing", wrong=["que1"])
    take(down, version, "Growing")
    take(same, version, "Growing", wrong=["que1", "que2"])
    Response.objects.filter(user=same, question__key="que1").update(chosen=[])
    publish(draft(), Counting.NEW, lowers=True)
    day = date_format(timezone.localdate(), "j F Y")
    told = f"The answer key of question 1 was corrected on {day}: your result went from"
    page = client_of("employee").get("/modules/apples/growing/").content.decode()
    assert f"{told} 50 % to 100 %." in page
    assert f"Counts as right: the answer key was corrected on {day}" in page
    page = client_of("partner").get("/modules/apples/growing/").content.decode()
    assert f"{told} 100 % to 50 %. That you passed stays." in page
    assert f"Counts as not right: the answer key was corrected on {day}" in page
    assert "corrected on" not in client_of("globex_partner").get("/modules/apples/growing/").content.decode()


def test_of_a_credited_answer_the_page_does_not_repeat_the_key_that_was_wrong():
    version = live()
    take(persona("partner"), version, "Growing", wrong=["que1", "que2"])
    publish(draft(), Counting.EVERYONE)
    page = client_of("partner").get("/modules/apples/growing/").content.decode()
    assert "Counts as right" in page
    assert "Because of que1 explanation" not in page
    assert "Not that: que1 feedback" not in page
    assert "Try the missed question again" in page
