"""Answers and progress through the front door: tampered, repeated, out of turn, or of another section."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from learning.models import Certificate, Completion, ModuleProgress, SectionProgress
from quizzes.models import QuizVersion, Response, Round
from tests.browsing import Hand, soup, text_of
from tests.modules import a_module, multiple, publish, question, source, store, uuid_of
from tests.personas import client_of

pytestmark = pytest.mark.django_db

GROWING = "/modules/apples/growing/"
CHECK = f"/pages/{uuid_of('Apples/Growing')}/checks/check/"


def version_of(title: str, section: str) -> QuizVersion:
    return QuizVersion.objects.filter(quiz__page=uuid_of(f"{title}/{section}")).latest("pk")


def key_of(title: str, section: str, question_key: str, words: str) -> str:
    """The key of the option that reads so."""
    spec = version_of(title, section).question_versions.get(question__key=question_key).spec
    return next(choice.key for choice in spec.choices if words in choice.html)


def a_form(**changed: str | list[str]) -> dict[str, Any]:
    """A right answer to the first question, as its page sends it; `None` values are left out."""
    form = {
        "act": "check:que1",
        "key": str(uuid4()),
        "round": f"1-{version_of('Apples', 'Growing').pk}",
        "seq": "1",
        "answer-que1": key_of("Apples", "Growing", "que1", "The right one"),
    }
    return {name: value for name, value in {**form, **changed}.items() if value is not None}


def record() -> list[Any]:
    """Everything that answering writes; when somebody was last here is not a fact about answers."""
    tables = (Round, Response, SectionProgress, Completion, Certificate)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


@pytest.fixture
def apples() -> None:
    a_module("Apples", {"Growing": question("que1") + multiple("que2"), "Eating": question("que3")})


@pytest.mark.trust("QZ-05")
def test_the_form_as_it_is_meant_is_taken(apples):
    client = client_of("partner")
    assert client.post(CHECK, a_form()).status_code == 303
    assert Response.objects.get(question__key="que1").share == 1


TAMPERED: dict[str, dict[str, Any]] = {
    "no key": {"key": None},
    "a key that is none": {"key": "1"},
    "no round": {"round": None},
    "a round to come": {"round": "2-{version}"},
    "round zero": {"round": "0-{version}"},
    "another version": {"round": "1-99999"},
    "the version of another check": {"round": "1-{other}"},
    "a round that is none": {"round": "1-{version}' OR 1=1"},
    "a negative counter": {"seq": "-1"},
    "a counter beyond counting": {"seq": str(2**53)},
    "a counter of five thousand digits": {"seq": "9" * 5000},
    "no number": {"seq": "NaN"},
    "an option that is none": {"answer-que1": "deadbeef"},
    "an option of another question": {"answer-que1": "{foreign}"},
    "two options where one is asked": {"answer-que1": ["{right}", "{wrong}"]},
    "a right option and one that is none": {"answer-que1": ["{right}", "deadbeef"]},
    "a question of another section": {"answer-que3": "{elsewhere}"},
    "a question that is none": {"answer-que9": "{right}"},
    "checking a question of another section": {"act": "check:que3"},
    "checking a question that is none": {"act": "check:que9"},
    "an act that is none": {"act": "grade"},
    "an act of everybody's": {"act": "check-all:que1:x"},
    "being shown what was not missed": {"act": "show:que1"},
    "another round before this one": {"act": "again", "round": "7-{version}"},
}


@pytest.mark.trust("QZ-05")
@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_form_is_refused_and_changes_nothing(apples, what):
    names = {
        "version": version_of("Apples", "Growing").pk,
        "other": version_of("Apples", "Eating").pk,
        "right": key_of("Apples", "Growing", "que1", "The right one"),
        "wrong": key_of("Apples", "Growing", "que1", "The wrong one"),
        "foreign": key_of("Apples", "Growing", "que2", "First right"),
        "elsewhere": key_of("Apples", "Eating", "que3", "The right one"),
    }

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(item) for item in value]
        return value.format(**names) if isinstance(value, str) else value

    client = client_of("partner")
    client.get(GROWING)
    before = record()
    form = a_form(**{name: filled(value) for name, value in TAMPERED[what].items()})
    for headers in ({}, {"HX-Request": "true"}):
        response = client.post(CHECK, form, headers=headers)
        # Asking again for the round that is open gives just that one.
        assert response.status_code in ({200, 303} if form["act"] == "again" else {400, 409})
        assert record() == before


@pytest.mark.trust("QZ-05")
@pytest.mark.parametrize(
    "address",
    [
        f"/pages/{uuid_of('Apples/Eating')}/checks/check/",
        f"/pages/{uuid_of('Apples/Growing')}/checks/check-2/",
        f"/pages/{uuid_of('Apples/Growing')}/checks/growing/",
        f"/pages/{uuid_of('Apples')}/checks/check/",
        "/pages/5f0d3c1e-8a44-4a0e-9a58-2f1f6f5b8f10/checks/check/",
    ],
)
def test_an_answer_sent_to_another_check_is_refused(apples, address):
    client = client_of("partner")
    client.get(GROWING)
    before = record()
    assert client.post(address, a_form()).status_code in (400, 404, 409)
    assert record() == before


@pytest.mark.trust("QZ-04")
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_twenty_times_the_same_request_is_one_answer(apples, htmx):
    client, form = client_of("partner"), a_form()
    headers = {"HX-Request": "true"} if htmx else {}
    client.get(GROWING)
    first = client.post(CHECK, form, headers=headers)
    after = record()
    again = [client.post(CHECK, form, headers=headers) for _ in range(19)]
    assert {response.status_code for response in again} == {first.status_code}
    assert record() == after
    assert Response.objects.filter(checked_at__isnull=False).count() == 1


@pytest.mark.trust("QZ-04")
def test_the_request_that_finished_the_module_can_come_again(apples):
    learner = Hand(client_of("partner"))
    learner.press(learner.get(GROWING), "check:que1", {"que1": ["The right one"]})
    learner.press(learner.get(GROWING), "check:que2", {"que2": ["First right", "Second right"]})
    page = learner.get("/modules/apples/eating/")
    last = [learner.press(page, "check:que3", {"que3": ["The right one"]}) for _ in range(20)]
    assert {response.status_code for response in last} == {303}
    assert (Completion.objects.count(), Certificate.objects.count()) == (1, 1)
    done = record()
    late = learner.press(page, "check:que3", {"que3": ["The wrong one"]}, key=str(uuid4()))
    assert late.status_code == 409
    assert record() == done


@pytest.mark.trust("QZ-04")
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_the_second_tab_is_told_that_the_first_one_counts(apples, htmx):
    learner = Hand(client_of("partner"), htmx=htmx)
    here, there = learner.get(GROWING), learner.get(GROWING)
    learner.press(here, "check:que1", {"que1": ["The wrong one"]})
    before = record()
    response = learner.press(there, "check:que1", {"que1": ["The right one"]})
    assert response.status_code == 409
    assert "Already checked in another tab" in text_of(soup(response).select_one(".notice"))
    assert "que1 explanation" not in response.content.decode()
    assert record() == before
    saved = learner.press(there, "save", {"que1": ["The right one"]}, question="que1")
    assert saved.status_code == 409
    assert record() == before
    assert Response.objects.get(question__key="que1").share == 0


@pytest.mark.trust("QZ-04")
def test_a_save_after_the_check_changes_no_answer(apples):
    learner = Hand(client_of("partner"))
    page = learner.get(GROWING)
    learner.press(page, "check:que1", {"que1": ["The wrong one"]})
    checked = Response.objects.get(question__key="que1")
    learner.press(page, "save", {"que1": ["The right one"]}, question="que1", key=str(uuid4()), seq="99")
    kept = Response.objects.get(question__key="que1")
    assert (kept.chosen, kept.share, kept.checked_at) == (checked.chosen, checked.share, checked.checked_at)


# -- Progress that was not earned --------------------------------------------------------------


def done_at(title: str, section: str) -> str:
    return f"/pages/{uuid_of(f'{title}/{section}')}/done/"


def nobody_is_done() -> bool:
    return not (SectionProgress.objects.filter(done_at__isnull=False).exists() or Completion.objects.exists())


@pytest.fixture
def site() -> Client:
    """Modules whose sections cannot be marked as done by this person, each for a reason of its own."""
    front = "visibility:\n- Employee\n- Partner\nsequence: linear"
    hidden = {"Staff": "visibility:\n- Employee"}
    publish(source("Gated", {"First": question("que1")}))
    publish(source("Locked", {"First": question("que1"), "Second": "Read."}, front=front))
    publish(source("Mixed", {"First": question("que1"), "Staff": "Read."}, section_front=hidden))
    publish(source("Theirs", {"First": "Read."}, front="visibility:\n- Employee"))
    store(source("Draft", {"First": "Read."}))
    gone = publish(source("Gone", {"First": "Read.", "Second": "Read."}))
    publish(source("Gone", {"First": "Read."}))
    assert gone.sections.count() == 2
    return client_of("partner")


@pytest.mark.trust("QZ-07")
def test_a_section_is_not_done_by_saying_so_where_it_cannot_be(site):
    for address, status in [
        (done_at("Gated", "First"), 400),
        (done_at("Locked", "Second"), 404),
        (done_at("Locked", "First"), 400),
        (done_at("Mixed", "Staff"), 404),
        (done_at("Theirs", "First"), 404),
        (done_at("Draft", "First"), 404),
        (done_at("Gone", "Second"), 404),
        (f"/pages/{uuid_of('Gated')}/done/", 404),
        ("/pages/5f0d3c1e-8a44-4a0e-9a58-2f1f6f5b8f10/done/", 404),
    ]:
        for form in ({}, {"act": "check-anyway", "done": "on", "done_at": "2001-01-01", "cause": "passed"}):
            for headers in ({}, {"HX-Request": "true"}):
                assert site.post(address, form, headers=headers).status_code == status, address
        for method in (site.get, site.put, site.patch, site.delete):
            assert method(address).status_code == 405, address
        assert nobody_is_done()
        assert not ModuleProgress.objects.exists()


@pytest.mark.trust("QZ-07")
def test_an_answer_behind_a_lock_is_refused(site):
    publish(
        source(
            "Ladder",
            {"First": question("que1"), "Second": question("que2")},
            front="visibility:\n- Employee\n- Partner\nsequence: linear",
        )
    )
    version = version_of("Ladder", "Second")
    form = {
        "act": "check:que2",
        "key": str(uuid4()),
        "round": f"1-{version.pk}",
        "answer-que2": key_of("Ladder", "Second", "que2", "The right one"),
    }
    assert site.post(f"/pages/{uuid_of('Ladder/Second')}/checks/check/", form).status_code == 404
    assert site.get("/modules/ladder/second/").headers["Location"] == "/modules/ladder/first/"
    assert not Round.objects.exists()
    assert nobody_is_done()


@pytest.mark.trust("QZ-07")
def test_a_check_is_not_passed_without_answers(apples):
    learner = Hand(client_of("partner"))
    asked = learner.press(learner.get(GROWING), "check-all")
    assert asked.status_code == 422
    learner.press(soup(asked), "check-anyway")
    page = learner.get(GROWING)
    assert "0 of 2 right so far: 0 %" in text_of(page.select_one(".result"))
    for _ in range(5):
        learner.press(page, "again")
        page = learner.get(GROWING)
        learner.press(page, "check-anyway")
    assert not Round.objects.filter(passed=True).exists()
    assert nobody_is_done()
    assert learner.client.get("/completed/apples/").headers["Location"] == "/modules/apples/"


@pytest.mark.trust("QZ-07")
def test_looking_at_pages_completes_nothing(apples):
    client = client_of("partner")
    for _ in range(2):
        for address in ("/", "/modules/apples/", GROWING, "/modules/apples/eating/", "/completed/apples/"):
            client.get(address)
            client.head(address)
    assert nobody_is_done()
