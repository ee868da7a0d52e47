"""`blanks`: where gaps may stand, what goes into them, and what each is worth."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import gaps
from quizzes.grading import grade, option_order
from quizzes.kinds.table import KINDS
from quizzes.spec import Question, Rule
from tests.quizzes.kinds.lines import asked, assert_problems
from tests.quizzes.reading import read

BODY = """
The [[early|soon]] bird catches **[[the worm]]**.

- It flies at [[#42 +- 1]] km/h, not at `[[7]]` or \\[[8]].
- A late one is [[bad|(good)|worse]], says [[a\\|b]].

So it is.
"""


def question(body: str = BODY, *options: str) -> Question:
    return read(asked(body, *options)).question


def test_the_gaps_of_a_text() -> None:
    asks = question()
    assert asks.type == "blanks"
    assert "The ⟦1⟧ bird catches <strong>⟦2⟧</strong>." in asks.stem_html
    assert "<code>[[7]]</code> or [[8]]" in asks.stem_html
    assert asks.explanation_html.strip() == "<p>So it is.</p>"
    texts = [[choice.text for choice in slot.choices] for slot in asks.slots]
    assert texts == [["early", "soon"], ["the worm"], ["42 +- 1"], ["bad", "good", "worse"], ["a|b"]]
    assert [slot.number for slot in asks.slots] == [False, False, True, False, False]
    assert [bool(slot.right) for slot in asks.slots] == [False, False, False, True, False]


def test_what_is_right_is_a_full_share() -> None:
    asks = question()
    right = KINDS["blanks"].solution(asks)
    assert KINDS["blanks"].put(asks, right[::-1]) == right
    assert grade(asks, right).state == "right"
    assert {part.mark for part in KINDS["blanks"].parts(asks, right)} == {"right"}
    assert grade(asks, []).state == "blank"


@pytest.mark.parametrize(
    ("answer", "share", "state"),
    [
        (["1:SOON!"], "1/5", "partly"),
        (["1:late", "2:The Worm"], "1/5", "partly"),
        (["1:late"], 0, "wrong"),
        (["3:42,9"], "1/5", "partly"),
        (["3:44"], 0, "wrong"),
        (["3:fast"], 0, "unreadable"),
        (["1:early", "3:fast"], "1/5", "unreadable"),
        (["2:the: worm"], 0, "wrong"),
    ],
)
def test_each_gap_is_worth_the_same(answer: list[str], share: int | str, state: str) -> None:
    found = grade(question(), answer)
    assert (found.share, found.state) == (Fraction(share), state)
    whole = grade(question(BODY, ":scoring: all"), answer)
    assert whole.share == 0


@pytest.mark.parametrize("sent", [["9:x"], ["x"], ["4:good"], ["1:a", "1:b"]])
def test_what_its_form_never_sends(sent: list[str]) -> None:
    with pytest.raises(ValueError):
        KINDS["blanks"].put(question(), sent)


@given(st.dictionaries(st.sampled_from("1235"), st.text(max_size=12)), st.sampled_from(["en", "de", ""]))
def test_every_answer_has_a_grade_and_is_kept_once(given_: dict[str, str], language: str) -> None:
    asks = question()
    kind = KINDS["blanks"]
    kept = kind.put(asks, [f"{gap}:{text}" for gap, text in given_.items()], language)
    assert kind.put(asks, kept) == kept
    found = grade(asks, kept)
    assert 0 <= found.share < 1
    assert (found.state == "blank") == (not kept)


def test_a_hundred_thousand_characters_are_graded() -> None:
    assert grade(question(), ["1:" + "e" * 100_000, "3:" + "9" * 100_000]).state == "unreadable"


def test_what_can_be_chosen_is_shuffled_for_each_gap() -> None:
    asks = question()
    keys = [choice.key for choice in asks.slots[3].choices]
    assert len({tuple(option_order(asks, "4", keys, Rule(), b"%d" % n)) for n in range(60)}) == 6
    assert option_order(asks, "4", keys, Rule(shuffle="none"), b"") == keys


def test_gaps_are_filled_with_what_stands_for_them_alone() -> None:
    assert gaps.fill("a ⟦1⟧ b ⟦2⟧ ⟦x⟧", {"1": "<i>"}) == "a <i> b ⟦2⟧ ⟦x⟧"


PAGES = {
    "a good one": asked(BODY),
    "E214 none": asked("So?\n\nSo.", ":type: blanks").replace("tion}", "tion} ⟵ E214"),
    "E214 not closed": asked("The [[early bird. ⟵ E214\n\nSo."),
    "E214 in the name of a picture": asked("A ![[[bird]]](./a.png) [[flies]]. ⟵ E214\n\nSo."),
    "E225 empty": asked("A [[bird|]] and [[ ]]. ⟵ E225 E225\n\nSo."),
    "E215 the same": asked("A [[bird|Bird.]]. ⟵ E215\n\nSo."),
    "E211 two right ones": asked("A [[(bird)|(fish)|dog]]. ⟵ E211\n\nSo."),
    "E223 no number": asked("A [[#x]]. ⟵ E223\n\nSo."),
    "E224 the wrong way round": asked("A [[#9..1]]. ⟵ E224\n\nSo."),
    "E220 ripkey": asked(BODY, ":scoring: ripkey ⟵ E220"),
    "E205 code only": asked("What is `[[x]]`?\n\nSo.").replace("tion}", "tion} ⟵ E205"),
    "W509 no explanation": asked("A [[bird]].").replace("tion}", "tion} ⟵ W509"),
}


@pytest.mark.parametrize("name", PAGES)
def test_problems(name: str) -> None:
    assert_problems(PAGES[name])


def test_a_problem_names_the_column_of_its_gap() -> None:
    assert read(asked("A [[bird]] and [[#x]].\n\nSo.")).one("E223").column == 16
