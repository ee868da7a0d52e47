"""A scenario that several questions share: read once above them, in every round, as it was when it began."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from quizzes.models import QuestionVersion, Response
from tests.browsing import Hand, text_of
from tests.modules import publish, question, source, store, uuid_of
from tests.personas import client_of

pytestmark = pytest.mark.django_db

PAGE = "/modules/oaks/leaves/"
CASE = """
:::{case} Contoso Bank
:id: contoso

Contoso has **40** branches.

:::
"""


def of_case(name: str) -> str:
    return question(name).replace(f":id: {name}", f":id: {name}\n:case: contoso")


BODY = CASE + of_case("que1") + question("que2") + of_case("que3")


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def learner(request: pytest.FixtureRequest) -> Hand:
    return Hand(client_of("partner"), htmx=request.param)


def drawn(page: BeautifulSoup) -> list[str]:
    """The names of cases and questions in the order of the page, those of a case with it before them."""
    found = page.select(".check-form > .question, .check-form > .case-group > *")
    return [str(node["id"]).removeprefix("case-check-").removeprefix("q-") for node in found]


def test_it_stands_above_its_questions_once_in_every_round(learner: Hand) -> None:
    publish(source("Oaks", {"Leaves": BODY}))
    page = learner.get(PAGE)
    assert drawn(page) == ["contoso", "que1", "que3", "que2"]
    case = text_of(page.select_one("section.case"))
    assert case == "Scenario for questions 1–2 Contoso Bank Contoso has 40 branches."
    assert str(page).count("branches") == 1

    rights = {"que2": ["The right one"], "que1": ["The right one"]}
    learner.press(page, "check-all", {**rights, "que3": ["The wrong one"]})
    learner.press(learner.get(PAGE), "again")
    page = learner.get(PAGE)
    assert drawn(page) == ["contoso", "que1", "que3", "que2"]
    assert page.select_one("details#q-que1")
    assert len(page.select("section.case")) == 1
    learner.press(page, "check:que3", {"que3": ["The right one"]})
    assert len(learner.get(PAGE).select(".case")) == 1  # it can be looked through again


def test_it_is_folded_where_none_of_its_questions_is_asked(learner: Hand) -> None:
    publish(source("Oaks", {"Leaves": BODY}))
    rights = {"que1": ["The right one"], "que3": ["The right one"]}
    learner.press(learner.get(PAGE), "check-all", {**rights, "que2": ["The wrong one"]})
    learner.press(learner.get(PAGE), "again")
    page = learner.get(PAGE)
    assert not page.select("section.case")
    assert "40 branches" in text_of(page.select_one("details.case"))


def test_its_new_text_is_a_new_wording_and_waits_for_the_next_round(learner: Hand) -> None:
    publish(source("Oaks", {"Leaves": BODY}))
    learner.press(learner.get(PAGE), "check:que1", {"que1": ["The wrong one"]})
    versions = set(QuestionVersion.objects.values_list("pk", flat=True))
    publish(source("Oaks", {"Leaves": BODY.replace("**40**", "**50**")}))
    new = QuestionVersion.objects.exclude(pk__in=versions)
    assert sorted(new.values_list("question__key", flat=True)) == ["que1", "que3"]

    page = learner.get(PAGE)
    assert "40 branches" in text_of(page.select_one("section.case"))
    learner.press(page, "check-all", {"que2": ["The right one"], "que3": ["The right one"]})
    learner.press(learner.get(PAGE), "again")
    page = learner.get(PAGE)
    assert "50 branches" in text_of(page.select_one("section.case"))
    learner.press(page, "check:que1", {"que1": ["The right one"]})
    assert (
        list(Response.objects.filter(question__key="que1").values_list("is_first", flat=True)) == [True] * 2
    )


def test_shuffled_questions_stay_below_it(learner: Hand) -> None:
    quiz = ":::{quiz} All of it\n:id: check\n:shuffle: questions\n\n:::\n"
    others = "".join(question(f"que{number}") for number in range(4, 9))
    publish(source("Oaks", {"Leaves": quiz + BODY + others}))
    seen = set()
    for name in ("partner", "employee", "author", "manager"):
        order = drawn(Hand(client_of(name)).get(PAGE))
        at = order.index("contoso")
        assert order[at : at + 3] == ["contoso", "que1", "que3"]
        seen.add(tuple(order))
    assert len(seen) > 1


def test_its_author_sees_it_with_its_questions(learner: Hand) -> None:
    draft = store(source("Oaks", {"Leaves": BODY}))
    address = f"/authoring/versions/{draft.pk}/as/Partner/pages/{uuid_of('Oaks/Leaves')}/"
    page = Hand(client_of("author")).get(address)
    assert drawn(page) == ["contoso", "que1", "que3", "que2"]
    assert "Question 3 of 3" in text_of(page.select_one("#q-que2"))
