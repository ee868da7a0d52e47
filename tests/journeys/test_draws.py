"""Questions drawn from pools and banks: who gets which, what the next round asks, and what nobody may ask for."""

from __future__ import annotations

from collections import Counter

import pytest

from quizzes.models import Question, Response, Round
from tests.browsing import Hand, soup, text_of
from tests.modules import publish, question, source, store, uuid_of
from tests.personas import PERSONAS, client_of

pytestmark = pytest.mark.django_db

PAGE = "/modules/oaks/leaves/"
NAMES = [f"que{number}" for number in range(1, 7)]
BANK = f"---\nkind: question-bank\nuuid: {uuid_of('bank')}\n---\n\n# Bank\n\n"


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def learner(request: pytest.FixtureRequest) -> Hand:
    return Hand(client_of("partner"), htmx=request.param)


def quiz(*options: str) -> str:
    return "\n".join([":::{quiz} All of it", ":id: check", *options, "", ":::", ""])


def with_draw(*options: str) -> None:
    publish(source("Oaks", {"Leaves": quiz(*options) + "".join(map(question, NAMES))}))


def files_with_bank(*options: str, own: str = "", bank: list[str] | None = None) -> dict[str, bytes]:
    files = source("Oaks", {"Leaves": quiz(":bank: ../banks/trees.md", *options) + own})
    return {**files, "banks/trees.md": (BANK + "".join(map(question, bank or NAMES))).encode()}


def asked(learner: Hand) -> list[str]:
    """The questions that the page asks now."""
    fields = learner.get(PAGE).select("fieldset.answers:has(input)")
    return [str(field["data-question"]) for field in fields]


def begun(learner: Hand) -> list[str]:
    learner.press(learner.get(PAGE), "start")
    return asked(learner)


def answer(learner: Hand, right: list[str], wrong: list[str]) -> None:
    texts = {key: ["The right one"] for key in right} | {key: ["The wrong one"] for key in wrong}
    assert learner.press(learner.get(PAGE), "check-all", texts).status_code in (200, 303)


def test_a_draw_begins_with_start_and_stays_as_it_was_drawn(learner: Hand) -> None:
    with_draw(":draw: 3")
    page = learner.get(PAGE)
    assert "3 questions · 3 right to pass" in text_of(page.select_one(".check-rule"))
    assert not any(name in str(page) for name in NAMES)
    drawn = begun(learner)
    assert len(set(drawn)) == 3
    assert asked(learner) == drawn
    with_draw(":draw: 4")  # another version changes nothing in an open round
    assert asked(learner) == drawn


def test_the_next_round_asks_what_was_missed_of_the_draw(learner: Hand) -> None:
    with_draw(":draw: 3")
    first, second, third = begun(learner)
    answer(learner, [first, second], [third])
    assert "2 of 3 right so far: 66 %." in text_of(learner.get(PAGE).select_one(".result"))
    learner.press(learner.get(PAGE), "again")
    assert asked(learner) == [third]
    answer(learner, [third], [])
    assert "3 of 3 right. Passed with 100 %." in text_of(learner.get(PAGE).select_one(".result"))
    assert Round.objects.get(number=2).full == 3


def test_what_was_drawn_and_withdrawn_leaves_both_sides(learner: Hand) -> None:
    with_draw(":draw: 2")
    first, second = begun(learner)
    answer(learner, [first], [second])
    rest = [name for name in NAMES if name != second]
    publish(source("Oaks", {"Leaves": quiz(":draw: 2") + "".join(map(question, rest))}))
    assert learner.get(PAGE).select_one(".result.passed")


def test_an_exam_draws_anew_and_prefers_what_was_not_asked_yet(learner: Hand) -> None:
    with_draw(":draw: 3", ":kind: exam", ":attempts: 3")
    seen = Counter[str]()
    for sitting in range(3):
        learner.press(learner.get(PAGE), "again" if sitting else "start")
        drawn = asked(learner)
        seen.update(drawn)
        answer(learner, [], drawn)
    assert sorted(seen.values()) == [1, 1, 1, 2, 2, 2]


@pytest.mark.trust("QZ-15")
def test_people_get_draws_of_their_own() -> None:
    with_draw(":draw: 3")
    people = [name for name, who in PERSONAS.items() if who.email and name not in ("anonymous", "suspended")]
    draws = {frozenset(begun(Hand(client_of(name)))) for name in people[:6]}
    assert len(draws) > 1


@pytest.mark.trust("QZ-05")
def test_what_was_not_drawn_cannot_be_answered(learner: Hand) -> None:
    with_draw(":draw: 3")
    drawn = begun(learner)
    other = next(name for name in NAMES if name not in drawn)
    page = learner.get(PAGE)
    assert learner.press(page, f"check:{other}", {}, **{f"answer-{other}": "x"}).status_code == 400
    assert not Response.objects.filter(question__key=other).exists()


def test_pools_are_drawn_from_apart_and_the_rest_is_always_asked(learner: Hand) -> None:
    pools = {name: "fit" if name in NAMES[:3] else "process" for name in NAMES[:5]}
    body = "".join(
        question(name).replace(
            f":id: {name}", f":id: {name}\n:pool: {pools[name]}" if name in pools else f":id: {name}"
        )
        for name in NAMES
    )
    publish(source("Oaks", {"Leaves": quiz(":draw: fit 2, process 1") + body}))
    drawn = begun(learner)
    assert Counter(pools.get(name, "") for name in drawn) == {"fit": 2, "process": 1, "": 1}


def test_questions_of_a_bank_are_asked_beside_the_own(learner: Hand) -> None:
    publish(files_with_bank(":draw: 2", own=question("own")))
    drawn = begun(learner)
    assert "own" in drawn
    assert len(drawn) == 3
    of_bank = Question.objects.filter(page=uuid_of("bank"))
    assert sorted(of_bank.values_list("key", flat=True)) == NAMES
    assert Question.objects.get(key="own").page == uuid_of("Oaks/Leaves")


def test_its_author_sees_all_that_may_be_drawn() -> None:
    draft = store(files_with_bank(":draw: 2"))
    address = f"/authoring/versions/{draft.pk}/as/Partner/pages/{uuid_of('Oaks/Leaves')}/"
    page = Hand(client_of("author")).get(address)
    assert "Drawn for each person: 2. These are all 6 questions." in text_of(page.select_one(".check-head"))
    assert len(page.select(".question")) == 6
    assert "I521 single 6 · 2 points · about 1 minute" in text_of(page.select_one(".check-head"))


@pytest.mark.trust("QZ-01")
def test_nobody_can_open_or_find_a_bank(learner: Hand) -> None:
    publish(files_with_bank(":draw: 2"))
    for address in (f"/pages/{uuid_of('bank')}/", "/modules/oaks/trees/", "/modules/oaks/banks/trees/"):
        assert learner.client.get(address).status_code == 404
    found = soup(learner.client.get("/search/?q=Which+one+is+right"))
    assert "que1" not in str(found)
    assert not learner.get("/search/?q=bank").select("main a[href*='bank']")
