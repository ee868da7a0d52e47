"""What is right never leaves the server before it may, neither said nor hinted at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from learning import checks
from quizzes.models import QuizVersion
from quizzes.standing import Standing
from tests.browsing import Hand, soup, text_of
from tests.modules import publish, source, uuid_of
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

# Everything that only an answer may bring out carries one of these, with the question's number.
TOLD, WHY, WEIGHT = "f33dback", "expla1n", "37%"
PAGE = "/modules/oaks/leaves/"


def asked(number: int, *, several: bool = False) -> str:
    """A question of four options whose every secret is a canary; hints are shown to whoever unfolds them."""
    second = "x" if several else " "
    return f"""
:::{{question}} Name{number}
:id: question-{number}
:hint: A hint

Stem of {number}?

- [ ] Alder {number} {{-37%}}
  > {TOLD}-{number}-alder
- [x] Birch {number}
  > {TOLD}-{number}-birch
- [{second}] Cedar {number}
  > {TOLD}-{number}-cedar
- [ ] Dogwood {number}
  > {TOLD}-{number}-dogwood

{WHY}-{number}

:::
"""


def oaks() -> None:
    """A module of two pages, with three questions on the first and one on the second."""
    first = asked(1) + asked(2, several=True) + asked(3)
    publish(source("Oaks", {"Leaves": first, "Roots": asked(4)}))


def secrets(told: str) -> set[str]:
    """The canaries in an answer."""
    return set(re.findall(rf"(?:{TOLD}-\d-\w+|{WHY}-\d|{re.escape(WEIGHT)})", told.lower()))


def whole(response: Any) -> str:
    return response.content.decode() + str(response.headers.items()) + str(response.cookies)


def around() -> list[str]:
    """Every other page that this learner can open."""
    pages = [uuid_of("Oaks"), uuid_of("Oaks/Leaves"), uuid_of("Oaks/Roots")]
    addresses = ["/", "/modules/oaks/", PAGE, "/modules/oaks/roots/", "/completed/oaks/", "/no/such/"]
    return addresses + [f"/pages/{page}/" for page in pages] + [f"/pages/{pages[1]}/checks/check/"]


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def learner(request: pytest.FixtureRequest) -> Hand:
    oaks()
    return Hand(client_of("partner"), htmx=request.param)


def elsewhere(learner: Hand) -> set[str]:
    """The canaries on all pages but the one with the check."""
    found: set[str] = set()
    for address in around():
        for headers in (
            {},
            {"HX-Request": "true"},
            {"Accept": "application/json"},
            {"Range": "bytes=0-9999"},
        ):
            if address != PAGE:
                found |= secrets(whole(learner.client.get(address, headers=headers)))
    return found


@pytest.mark.trust("QZ-01")
def test_nothing_is_told_before_anything_was_checked(learner):
    page = learner.get(PAGE)
    answers = {"question-1": ["Birch 1"], "question-2": ["Alder 2"]}
    sent = [
        learner.press(page, "save", answers),
        learner.press(page, "save", {"question-1": ["Alder 1"]}, question="question-1"),
        learner.press(page, "check:question-3"),  # 422: nothing chosen
        learner.press(page, "check-all", answers),  # 422: one of them
        learner.press(page, "again"),
        learner.press(page, "show:question-1"),  # 400: not offered
        learner.press(page, "check:question-1", answers, round="9-9"),  # 409: another round
        learner.press(page, "check:question-1", {}, key="x"),  # 400
        learner.press(page, "check:question-4", {}),  # 400: not of this check
        learner.press(page, "nonsense", {}),  # 400
    ]
    assert {response.status_code for response in sent} >= {400, 409, 422}
    for response in [*sent, learner.client.get(PAGE), learner.client.head(PAGE)]:
        assert secrets(whole(response)) == set()
    assert elsewhere(learner) == set()


@pytest.mark.trust("QZ-01")
def test_a_miss_tells_about_itself_alone(learner):
    answered = learner.press(learner.get(PAGE), "check:question-1", {"question-1": ["Alder 1"]})
    told = {f"{TOLD}-1-alder"}
    assert secrets(whole(learner.client.get(PAGE))) == told
    assert secrets(whole(answered)) == (told if learner.htmx else set())
    assert elsewhere(learner) == set()


@pytest.mark.trust("QZ-01")
def test_partly_right_does_not_say_which_tick_was_right(learner):
    learner.press(learner.get(PAGE), "check:question-2", {"question-2": ["Alder 2", "Birch 2"]})
    page = learner.client.get(PAGE)
    card = soup(page).select_one("#q-question-2")
    assert "1 of your 2 ticks" in text_of(card)
    assert secrets(whole(page)) == {
        f"{TOLD}-2-alder",
        f"{TOLD}-2-birch",
    }  # what was chosen, not what was right
    shapes = {shape(option) for option in card.select(".choice.chosen")}
    assert len(shapes) == 1
    assert len({shape(option) for option in card.select(".choice:not(.chosen)")}) == 1


@pytest.mark.trust("QZ-01")
def test_a_right_answer_tells_its_question_and_no_other(learner):
    learner.press(learner.get(PAGE), "check:question-1", {"question-1": ["Birch 1"]})
    assert secrets(whole(learner.client.get(PAGE))) == {f"{TOLD}-1-birch", f"{WHY}-1"}
    assert elsewhere(learner) == set()


@pytest.mark.trust("QZ-01")
def test_another_round_takes_back_what_the_one_before_told(learner):
    page = learner.get(PAGE)
    answers = {"question-1": ["Alder 1"], "question-2": ["Alder 2"], "question-3": ["Birch 3"]}
    learner.press(page, "check-all", answers)
    again = learner.press(learner.get(PAGE), "again")
    kept = {f"{WHY}-3"}  # right before, and folded away
    assert secrets(whole(learner.client.get(PAGE))) <= kept | {f"{TOLD}-3-birch"}
    assert secrets(whole(again)) <= kept | {f"{TOLD}-3-birch"}
    assert elsewhere(learner) == set()


@pytest.mark.trust("QZ-01")
def test_what_one_person_was_told_is_told_to_nobody_else(learner):
    learner.press(learner.get(PAGE), "check:question-1", {"question-1": ["Birch 1"]})
    for who in ("globex_partner", "employee", "manager"):
        assert secrets(whole(client_of(who).get(PAGE))) == set()


def shape(option: Tag) -> str:
    """An option without its words and its key: everything that is left is the same for right and wrong."""
    bare = BeautifulSoup(str(option), "html.parser")
    for field in bare.select("input"):
        assert re.fullmatch(r"[0-9a-f]{8}", str(field.get("value"))), field
        field["value"] = ""
    for text in bare.find_all(string=True):
        text.replace_with(re.sub(r"(Alder|Birch|Cedar|Dogwood) \d|f33dback-\d-\w+", "", text))
    return str(bare)


@pytest.mark.trust("QZ-02")
def test_right_and_wrong_options_look_alike_to_the_letter(learner):
    page = learner.get(PAGE)
    for number in (1, 2, 3):
        options = page.select(f"#q-question-{number} label.choice")
        assert len(options) == 4
        assert len({shape(option) for option in options}) == 1
    learner.press(page, "check:question-1", {"question-1": ["Alder 1"]})
    missed = soup(learner.client.get(PAGE)).select("#q-question-1 .choice:not(.chosen)")
    assert len(missed) == 3
    assert len({shape(option) for option in missed}) == 1


@pytest.mark.trust("QZ-02")
def test_the_keys_of_options_follow_from_their_words_alone():
    """Turning the key of a question round turns no option's key."""
    oaks()
    turned = asked(1).replace("[x] Birch", "[ ] Birch").replace("[ ] Dogwood", "[x] Dogwood")
    publish(source("Elms", {"Leaves": turned}))
    found = [
        {
            choice.html: choice.key
            for choice in version.question_versions.get(question__key="question-1").spec.choices
        }
        for version in QuizVersion.objects.filter(question_versions__question__key="question-1").order_by(
            "pk"
        )
    ]
    assert len(found) == 2
    assert found[0] == found[1]


def places_of_the_right_one(people: int) -> Iterator[tuple[str, int]]:
    """(question, place of its right option) as each of so many people gets them, for questions of one right answer."""
    quiz = QuizVersion.objects.select_related("quiz").get(quiz__page=uuid_of("Oaks/Leaves"))
    questions = list(quiz.question_versions.all())
    right = {v.spec.key: next(c.key for c in v.spec.choices if c.right) for v in questions}
    for person in range(1, people + 1):
        view = checks.view_of(Standing(person, quiz), page=quiz.quiz.page)
        for question in view.questions:
            if question.type != "multiple":
                yield question.key, [choice.key for choice in question.choices].index(right[question.key])


@pytest.mark.trust("QZ-02")
def test_the_order_of_options_says_nothing():
    """Four places, 300 people: χ² with three degrees of freedom stays below 16.3 (p = 0.001). The key is fixed."""
    oaks()
    people = 300
    counts = Counter(places_of_the_right_one(people))
    for question in ("question-1", "question-3"):
        found = [counts[question, place] for place in range(4)]
        assert sum((n - people / 4) ** 2 / (people / 4) for n in found) < 16.3, found
    pairs = Counter(zip(*[iter(places_of_the_right_one(people))] * 2, strict=True))
    assert len(pairs) == 16  # where one stands does not tell where the other does


@pytest.mark.trust("QZ-02")
def test_a_round_is_drawn_in_one_order_and_the_next_in_its_own(learner):
    def order(page: BeautifulSoup) -> list[str]:
        return [str(field["value"]) for field in page.select('input[name="answer-question-1"]')]

    first = order(learner.get(PAGE))
    assert order(learner.get(PAGE)) == first
    assert sorted(order(soup(client_of("employee").get(PAGE)))) == sorted(first)
    assert persona("employee").pk != persona("partner").pk
