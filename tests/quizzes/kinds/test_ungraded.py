"""`open` and `poll`: answered is all that they can be."""

import pytest

from quizzes.grading import choice_order, grade
from quizzes.kinds.table import KINDS
from quizzes.spec import Question, Rule
from tests.quizzes.kinds.lines import asked, assert_problems
from tests.quizzes.reading import read

OPEN = "Why?\n\n[[...]]\n\nBecause it is so."
POLL = "How sure are you?\n\n- [ ] Not at all\n- [ ] A little\n  > Read on.\n- [ ] Very"


def question(body: str, *options: str) -> Question:
    return read(asked(body, *options)).question


def test_an_answer_is_noted_and_has_no_points() -> None:
    for asks, answer in ((question(OPEN), "Since…"), (question(POLL, ":type: poll"), "")):
        given = [answer] if answer else [asks.choices[1].key]
        found = grade(asks, given)
        assert (found.share, found.state) == (1, "noted")
        assert (grade(asks, []).share, grade(asks, []).state) == (0, "blank")
        assert asks.points == 0
        assert not asks.is_graded
        assert grade(asks, KINDS[asks.type].solution(asks)).state == "noted"


def test_the_lines_of_a_text_are_kept() -> None:
    asks = question(OPEN)
    assert KINDS["open"].put(asks, [" a\r\n\r\n<b>\0 "]) == ["a\n\n<b>"]
    assert KINDS["open"].parts(asks, ["a\n<b>"])[0].html == "a<br>&lt;b&gt;"
    assert grade(asks, ["é" * 100_000]).state == "noted"


def test_a_poll_takes_one_of_its_own_options() -> None:
    asks = question(POLL, ":type: poll")
    for sent in (["deadbeef"], [choice.key for choice in asks.choices]):
        with pytest.raises(ValueError):
            KINDS["poll"].put(asks, sent)


def test_a_scale_keeps_its_order_unless_it_is_none() -> None:
    plain, mixed = question(POLL, ":type: poll"), question(POLL, ":type: poll", ":shuffle: yes")
    assert len({tuple(choice_order(plain, Rule(shuffle="all"), b"%d" % n)) for n in range(30)}) == 1
    assert len({tuple(choice_order(mixed, Rule(shuffle="none"), b"%d" % n)) for n in range(30)}) > 1


PAGES = {
    "a good open question": asked(OPEN),
    "a good poll": asked(POLL, ":type: poll"),
    "points of 0 are none": asked(POLL, ":type: poll", ":points: 0"),
    "E214 no line": asked("Why?\n\nSo.", ":type: open").replace("tion}", "tion} ⟵ E214"),
    "E219 points": asked(OPEN, ":points: 2 ⟵ E219"),
    "E206 two lines": asked("Why?\n\n[[...]]\n\nAnd?\n\n[[...]]").replace("tion}", "tion} ⟵ E206"),
    "E207 no question": asked("[[...]]\n\nSo.").replace("tion}", "tion} ⟵ E207"),
    "E211 a tick": asked("So?\n\n- [ ] a\n- [x] b ⟵ E211", ":type: poll"),
    "E212 one option": asked("So?\n\n- [ ] a ⟵ E212", ":type: poll"),
    "E215 the same": asked("So?\n\n- [ ] a\n- [ ] A. ⟵ E215", ":type: poll"),
    "W509 nothing to compare with": asked("Why?\n\n[[...]]").replace("tion}", "tion} ⟵ W509"),
}


@pytest.mark.parametrize("name", PAGES)
def test_problems(name: str) -> None:
    assert_problems(PAGES[name])
