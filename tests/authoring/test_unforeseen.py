"""Answers that nobody foresaw: by frequency, accepted with a click, and told to whoever's files lack them."""

from __future__ import annotations

from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, User
from authoring.release import release
from authoring.unforeseen import lacking_accepted, typed_question, unforeseen_answers
from courses.models import ModuleVersion
from learning import progress
from learning.models import Cause, Completion
from quizzes.content import content_of
from quizzes.models import Correction, QuestionVersion, Response, Round, Score
from quizzes.sent import Sent
from quizzes.standing import standing_of
from tests import factories, modules
from tests.learning.factories_team import open_section
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

TEXT = """
:::{question} Short name
:id: short-name
:type: text

What does it stand for?

- [x] Ideal Customer Profile
- [ ] Internal Customer Plan

:::
"""
GAPS = """
:::{question}
:id: two-gaps

It is [[early|soon]] and [[bad|(good)]].

:::
"""


def source(question: str = TEXT) -> dict[str, bytes]:
    return modules.source("Apples", {"Growing": question})


def give(user: User, version: ModuleVersion, *answer: str) -> None:
    """The user checks this answer to the module's only question, in a round that is open or the next one."""
    section = open_section(user, version, "Growing")
    quiz = section.section_checks.get().quiz_version
    standing = standing_of(user, quiz)
    key = standing.live_questions[0].spec.key
    sent = Sent(standing.token, uuid4(), answers={key: list(answer)})
    progress.check_answers(user=user, section=section, quiz=quiz, sent=sent)


def url(version: ModuleVersion) -> str:
    """The page of the module's only question."""
    (check,) = (check for entry in version.toc for check in entry.checks)
    question = content_of(check.version).questions[0].question_id
    return f"/authoring/modules/apples/questions/{question}/unforeseen/"


def learner(answer: str, version: ModuleVersion) -> User:
    user = factories.person(organisation=factories.organisation("Acme"))
    give(user, version, answer)
    return user


def test_answers_are_counted_as_the_grader_takes_them_the_most_frequent_first():
    version = modules.publish(source())
    for given in ("Ideal client profile", "ideal client profile.", "something", "Internal customer plan"):
        learner(given, version)
    learner("Ideal Customer Profile", version)
    question = Response.objects.values_list("question", flat=True)[0]
    version.module.refresh_from_db()
    found = unforeseen_answers(typed_question(version.module, question))
    assert [(each.example, each.people) for each in found] == [("Ideal client profile", 2), ("something", 1)]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_click_accepts_an_answer_and_credits_everybody_who_gave_it(htmx):
    version = modules.publish(source())
    gave, other = learner("Ideal client profile", version), learner("something", version)
    client = client_of("author")
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.post(url(version), {"answer": "ideal client profile"}, headers=headers, follow=True)
    page = response.content.decode()
    assert ("<html" in page) is not htmx
    assert "“ideal client profile” counts as right now." in page
    assert "- [x] Ideal client profile" in page
    assert "Accept “something”" in page
    assert Round.objects.get(user=gave).passed
    assert not Round.objects.get(user=other).passed
    assert Completion.objects.get().cause == Cause.CORRECTED
    assert Response.objects.get(user=gave).share == 0
    correction = Correction.objects.get()
    assert (correction.by, correction.accepted) == (persona("author"), "Ideal client profile")
    assert AuditEvent.objects.get(what="answer accepted").detail["raised"] == 1
    page = client.post(url(version), {"answer": "Ideal client profile"}, headers=headers, follow=True)
    assert "Something is said of" in page.content.decode()
    assert Score.objects.count() == 1


def test_it_counts_for_whoever_gives_it_later_and_the_learner_reads_so():
    version = modules.publish(source())
    learner("Ideal client profile", version)
    client_of("author").post(url(version), {"answer": "Ideal client profile"})
    user = persona("partner")
    give(user, version, "IDEAL CLIENT PROFILE")
    assert Round.objects.get(user=user).passed
    page = client_of("partner").get("/modules/apples/growing/").content.decode()
    assert "Counts as right: your answer was accepted on" in page


def test_an_answer_in_a_gap_counts_for_that_gap():
    version = modules.publish(source(GAPS))
    good = next(c.key for c in QuestionVersion.objects.get().spec.slots[1].choices if c.text == "good")
    user = persona("partner")
    give(user, version, "1:shortly", f"2:{good}")
    assert Response.objects.get().share == Fraction(1, 2)
    page = client_of("author").post(url(version), {"answer": "shortly", "place": "1"}, follow=True)
    assert "[[early|soon|shortly]]" in page.content.decode()
    assert Response.objects.get().counts == 1
    assert Round.objects.get().passed


def test_a_draft_that_lacks_the_line_is_told_so_and_one_that_has_it_is_not():
    version = modules.publish(source())
    learner("Ideal client profile", version)
    client_of("author").post(url(version), {"answer": "Ideal client profile"})
    lacks = modules.store(source(TEXT.replace("stand for?", "really stand for?")))
    has = modules.store(source(TEXT.replace("- [ ] Int", "- [x] Ideal client profile\n- [ ] Int")))
    wrong = modules.store(source(TEXT.replace("- [ ] Int", "- [ ] Ideal client profile\n- [ ] Int")))
    client = client_of("author")
    told = {
        v: "Its source lacks an answer that was accepted" in page_of(client, v) for v in (lacks, has, wrong)
    }
    assert told == {lacks: True, has: False, wrong: False}
    release(lacks, by=None)  # it stands
    give(persona("partner"), lacks, "ideal client profile")
    assert Round.objects.get(user=persona("partner")).passed
    release(has, by=None)
    assert Response.objects.filter(score=None).count() == 0
    assert lacking_accepted([has]) == {has.pk: []}


def page_of(client, version: ModuleVersion) -> str:
    return client.get(f"/authoring/versions/{version.pk}/").content.decode()


@pytest.mark.trust("QZ-13")
def test_what_was_typed_runs_nowhere():
    version = modules.publish(source())
    learner("<script>alert(1)</script>", version)
    client = client_of("author")
    assert b"<script>alert" not in client.get(url(version)).content
    page = client.post(url(version), {"answer": "<script>alert(1)</script>"}, follow=True)
    assert b"<script>alert" not in page.content
    assert b"<script>alert" not in client.get(f"/authoring/versions/{version.pk}/").content


@pytest.mark.trust("QZ-05")
def test_nothing_is_accepted_that_nobody_gave_or_of_a_question_that_is_not_typed():
    version = modules.publish(source())
    client = client_of("author")
    client.post(url(version), {"answer": "anything"})
    assert not Correction.objects.exists()
    assert client.post(url(version), {}).status_code == 422
    other = modules.publish(modules.source("Pears", {"Growing": modules.question("que1")}))
    assert client.get(url(other).replace("apples", "pears")).status_code == 404
    assert client.get(url(version).replace("apples", "pears")).status_code == 404
    assert client_of("manager").get(url(version)).status_code == 404


def test_the_page_asks_no_more_for_many_answers():
    counted = []
    version = modules.publish(source())
    client = client_of("author")
    client.get(url(version))
    for people in (1, 3):
        for n in range(people):
            learner(f"answer {people} {n}", version)
        with CaptureQueriesContext(connection) as found:
            client.get(url(version))
        counted.append(len(found))
    assert counted[0] == counted[1]
