"""Reworded questions and answers are known again by what is live; a question without an id is asked about."""

from __future__ import annotations

import pytest

from authoring.imports import Imported, keep
from authoring.release import release
from courses.models import ModuleVersion
from markup.package import Package
from quizzes.models import Question, QuestionVersion
from quizzes.spec import Question as Spec
from tests.modules import question, source

pytestmark = pytest.mark.django_db

MATCH = """
:::{question}
:id: needs

Match each need with its dimension.

- A customer portal => Solution needs
- Forty countries => Complexity

Because.

:::
"""


def imported(body: str, *, live: bool = True) -> Imported:
    files = source("Oaks", {"Leaves": body})
    done = keep(Package(files, "oaks.md", "oaks"), found=[], by=None, origin="test")
    assert isinstance(done.version, ModuleVersion), done.problems
    if live and done.created:
        release(done.version, by=None)
    return done


def spec(key: str) -> Spec:
    """The question as it was stored last."""
    return QuestionVersion.objects.filter(question__key=key).latest("pk").spec


def keys(key: str) -> list[str]:
    return [choice.key for choice in spec(key).choices]


def test_a_reworded_answer_keeps_its_key_in_its_place():
    imported(question("que1"))
    before = keys("que1")
    imported(question("que1").replace("Another wrong one", "Another wrong answer"))
    assert keys("que1") == before
    imported(question("que1").replace("Another wrong one of que1", "Something else entirely"))
    assert keys("que1")[:2] == before[:2]
    assert keys("que1")[2] != before[2]


def test_an_answer_that_moved_keeps_its_own_key_and_takes_nobody_elses():
    imported(question("que1"))
    wrong, right, other = keys("que1")
    swapped = question("que1").replace("- [ ] Another wrong one of que1\n", "").replace(
        "- [ ] The wrong one of que1", "- [ ] Another wrong one of que1\n- [ ] The wrong one of que1"
    )  # fmt: skip
    imported(swapped)
    assert keys("que1") == [other, wrong, right]


def test_a_key_that_its_author_wrote_stays():
    imported(question("que1"))
    imported(question("que1").replace("Another wrong one of que1", "Another wrong one of que1. {#mine}"))
    assert keys("que1")[2] == "mine"


def test_pairs_keep_their_keys_on_both_sides():
    imported(MATCH)
    was = spec("needs")
    imported(
        MATCH.replace("Forty countries", "Forty-one countries").replace("Solution needs", "Solution need")
    )
    now = spec("needs")
    assert [(slot.key, slot.right) for slot in now.slots] == [(slot.key, slot.right) for slot in was.slots]
    assert now.slots[1].html != was.slots[1].html


def test_the_same_text_again_is_the_version_that_holds_it():
    imported(question("que1"))
    reworded = question("que1").replace("Another wrong one", "Another wrong answer")
    first = imported(reworded)
    assert first.created
    assert not imported(reworded).created
    assert not imported(question("que1")).created  # the first version still holds it


def test_a_question_that_lost_its_id_is_known_by_its_text():
    imported(question("que1").replace(":id: que1\n", ":id: que1\n:see: more-on-leaves\n"))
    imported(
        question("que1").replace(":id: que1\n", ":see: more-on-leaves\n").replace("explanation", "reason")
    )
    assert list(Question.objects.values_list("key", flat=True)) == ["que1"]
    version = ModuleVersion.objects.latest("pk")
    assert 'href="#q-que1"' in version.sections.get().body.html


def test_a_question_that_is_like_another_is_asked_about():
    imported(question("que1"))
    bare = (
        question("que1").replace(":id: que1\n", "").replace("Which one is right?", "Which of these is right?")
    )
    done = imported(bare, live=False)
    (told,) = (problem for problem in done.problems if problem.code == "W503")
    assert "it looks like “que1” (" in told.message
    assert "`:id: que1`" in told.remedy
    text = source("Oaks", {"Leaves": bare})["oaks/leaves.md"].decode()
    assert text.split("\n")[told.line - 1].startswith(":::{question}")
    assert done.version is not None
    assert told.as_dict() in done.version.problems


def test_a_question_that_is_like_none_is_not():
    imported(question("que1"))
    other = (
        question("que1")
        .replace(":id: que1\n", "")
        .replace("Which one is right?", "How many trees are there?")
    )
    (told,) = (problem for problem in imported(other).problems if problem.code == "W503")
    assert "looks like" not in told.message


def test_what_is_still_there_is_not_taken_for_another():
    imported(question("que1"))
    twice = question("que1") + question("que1").replace(":id: que1\n", "")
    imported(twice)
    assert Question.objects.count() == 2
