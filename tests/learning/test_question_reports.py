"""“Something is wrong with this question”: from a learner's note to its author's answer, and back."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from learning import question_reports
from learning.models import QuestionReport
from learning.views import reporting
from quizzes.models import Question
from tests.authoring.test_questions import people
from tests.browsing import Hand
from tests.modules import a_module, publish, question, source, uuid_of
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

SECTION = "/modules/apples/growing/"
FORM = f"/pages/{uuid_of('Apples/Growing')}/checks/check/questions/que1/report/"
NOTE = "The second option is right, too."


def report(client: Client, note: str = NOTE):
    return client.post(FORM, {"note": note})


def figures() -> str:
    return f"/authoring/modules/apples/questions/{Question.objects.get(key='que1').pk}/"


def answer(client: Client, told: str = "You are right, mended in version 2.", pk: int | None = None):
    found = QuestionReport.objects.latest("pk").pk if pk is None else pk
    return client.post(f"{figures()}answer/", {"report": found, "answer": told})


@pytest.fixture(autouse=True)
def _a_module():
    cache.clear()
    a_module("Apples")


def test_every_card_leads_to_the_form():
    told = client_of("partner").get(SECTION).content.decode()
    assert f'href="{FORM}"' in told
    shown = client_of("partner").get(FORM).content.decode()
    assert "Which one is right?" in shown
    assert "right one of que1" not in shown, "what can be chosen is on the card"


def test_from_a_note_to_its_answer_and_back():
    learner, author = client_of("partner"), client_of("author")
    learner.get(SECTION)
    sent = report(learner)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{SECTION}#q-que1")
    assert "Not answered yet" in learner.get(FORM).content.decode()

    overview = author.get("/authoring/").content.decode()
    assert "One report of a question" in overview
    assert (
        "One report waits for your answer"
        in author.get("/authoring/modules/apples/questions/").content.decode()
    )
    shown = author.get(figures()).content.decode()
    assert NOTE in shown

    assert answer(author).headers["Location"] == f"{figures()}#reports"
    assert "One report of a question" not in author.get("/authoring/").content.decode()
    for address in (SECTION, FORM):
        told = learner.get(address).content.decode()
        assert NOTE in told
        assert "You are right, mended in version 2." in told


def test_authors_read_no_name_and_learners_none_of_an_author():
    learner, author = client_of("partner"), client_of("author")
    report(learner)
    told = author.get(figures()).content.decode()
    assert "Paul" not in told
    assert "paul@" not in told
    answer(author)
    assert "Arthur" not in learner.get(FORM).content.decode()


def test_nobody_sees_the_reports_of_others():
    report(client_of("partner"))
    answer(client_of("author"))
    other = client_of("globex_partner")
    for address in (SECTION, FORM):
        assert NOTE not in other.get(address).content.decode()


def test_both_stand_in_the_trail():
    report(client_of("partner"))
    answer(client_of("author"))
    reported, answered = AuditEvent.objects.filter(what__contains="report").order_by("pk")
    assert (reported.what, reported.by) == ("question reported", persona("partner"))
    assert (answered.what, answered.by) == ("report of a question answered", persona("author"))
    assert NOTE not in str(reported.detail)


def test_one_is_open_at_a_time():
    learner = client_of("partner")
    report(learner)
    report(learner, "Again.")
    assert QuestionReport.objects.count() == 1
    assert "<textarea" not in learner.get(FORM).content.decode()
    answer(client_of("author"))
    report(learner, "Still.")
    assert QuestionReport.objects.count() == 2


def test_the_database_holds_that_one_is_open_and_an_answer_has_an_author():
    report(client_of("partner"))
    row = QuestionReport.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionReport.objects.create(
            user=row.user,
            module=row.module,
            section=row.section,
            question_version=row.question_version,
            note="x",
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionReport.objects.update(closed_at=timezone.now())


def test_another_wording_can_be_reported_while_one_is_open():
    learner = client_of("partner")
    report(learner)
    changed = question("que1").replace("Which one is right?", "Which one is it now?")
    publish(source("Apples", {"Growing": changed, "Eating": question("que2")}))
    report(learner, "And now?")
    assert QuestionReport.objects.filter(closed_at=None).count() == 2
    told = client_of("author").get(figures()).content.decode()
    assert "wording 1" in told
    assert "wording 2" in told


@pytest.mark.parametrize("note", ["", "   ", "x" * 1001])
def test_what_cannot_be_sent_comes_back(note: str):
    sent = report(client_of("partner"), note)
    assert sent.status_code == 422
    assert note.strip() in sent.content.decode()
    assert not QuestionReport.objects.exists()


def test_a_note_does_no_harm():
    report(client_of("partner"), "<script>alert(1)</script>")
    told = client_of("author").get(figures()).content.decode()
    assert "&lt;script&gt;alert(1)" in told
    assert "<script>alert" not in told


def test_nobody_reports_faster_than_one_writes():
    learner = client_of("partner")
    for _ in range(reporting.A_MINUTE):
        report(learner)
        QuestionReport.objects.all().delete()
    slowed = report(learner)
    assert slowed.status_code == 429
    assert slowed.headers["Retry-After"]
    assert NOTE in slowed.content.decode()


def test_what_is_locked_or_not_asked_cannot_be_reported():
    a_module(
        "Ladder",
        {"First": question("one"), "Second": question("two")},
        front="visibility:\n- Partner\nsequence: linear",
    )
    learner = client_of("partner")
    locked = f"/pages/{uuid_of('Ladder/Second')}/checks/check/questions/two/report/"
    assert learner.get(locked).status_code == 404
    assert learner.post(locked, {"note": NOTE}).status_code == 404
    for wrong in (FORM.replace("que1", "que2"), FORM.replace("/check/", "/other/")):
        assert learner.post(wrong, {"note": NOTE}).status_code == 404
    assert not QuestionReport.objects.exists()


def test_who_answers_second_is_told():
    report(client_of("partner"))
    author = client_of("author")
    answer(author)
    told = author.post(
        f"{figures()}answer/", {"report": QuestionReport.objects.get().pk, "answer": "Another."}, follow=True
    )
    assert "Another author has answered this report already" in told.content.decode()
    assert QuestionReport.objects.get().answer == "You are right, mended in version 2."


def test_an_empty_answer_comes_back_and_a_foreign_report_is_not_found():
    report(client_of("partner"))
    author = client_of("author")
    assert answer(author, " ").status_code == 422
    assert answer(author, pk=999).status_code == 404
    assert answer(author, pk=2**63).status_code == 422
    assert QuestionReport.objects.get().closed_at is None


def test_an_answer_leaves_the_section_after_a_month():
    learner = client_of("partner")
    report(learner)
    answer(client_of("author"))
    QuestionReport.objects.update(closed_at=timezone.now() - question_reports.TOLD_FOR)
    assert "You are right" not in learner.get(SECTION).content.decode()
    assert "You are right" in learner.get(FORM).content.decode()


@pytest.mark.parametrize("who", ["partner", "employee", "manager", "admin"])
def test_only_authors_answer(who: str):
    report(client_of("partner"))
    assert answer(client_of(who)).status_code == 404
    assert QuestionReport.objects.get().closed_at is None


def test_the_section_costs_no_more_while_nothing_is_answered():
    learner = Hand(client_of("partner"))
    learner.press(learner.get(SECTION), "check:que1", {"que1": ["The wrong one"]})

    def cost() -> int:
        learner.get(SECTION)
        with CaptureQueriesContext(connection) as caught:
            learner.get(SECTION)
        return len(caught)

    before = cost()
    report(learner.client)
    learner.get(SECTION)  # the message is told
    assert cost() == before
    answer(client_of("author"))
    assert cost() == before + 1


OPEN = """
:::{question}
:id: thoughts

What do you take with you?

[[...]]

A model answer.

:::
"""


def test_open_answers_are_read_without_names_once_there_are_ten():
    publish(source("Pears", {"Ripe": OPEN}))
    author = client_of("author")
    address = f"/authoring/modules/pears/questions/{Question.objects.get(key='thoughts').pk}/answers/"
    for number, person in enumerate(people(10)):
        assert "Nothing to read yet" in author.get(address).content.decode()
        client = Client()
        client.force_login(person, backend="accounts.backend.PeopleBackend")
        hand = Hand(client)
        shown = hand.get("/modules/pears/ripe/")
        hand.press(shown, "check:thoughts", **{"answer-thoughts": f"Thought number {number}."})
    told = author.get(address).content.decode()
    assert all(f"Thought number {number}." in told for number in range(10))
    assert "Person" not in told
    assert client_of("partner").get(address).status_code == 404


def test_what_is_written_to_authors_says_so():
    publish(source("Pears", {"Ripe": OPEN}))
    assert (
        "The authors read what you write, without your name."
        in client_of("partner").get("/modules/pears/ripe/").content.decode()
    )
