"""Typed answers that nobody foresaw: which those are, and the line that accepts one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import grading
from quizzes.accepting import compared, source_line, unforeseen, with_accepted
from quizzes.kinds.typed import put
from quizzes.spec import Question
from tests.quizzes.reading import read

TEXT = ":type: text\n\nWhat?\n\n- [x] one\n- [ ] two\n- [ ] ...\n  > No.\n"
NUMBER = ":type: number\n:unit: %\n\nHow many?\n\n- [x] 40..45\n- [ ] 420\n"
GAPS = "It is [[early|soon]], [[bad|(good)]] and [[#42 +- 1]].\n"


def one(body: str) -> Question:
    """The question with this body, without the fences around it."""
    return read(f":::{{question}}\n:id: it-is-one\n{body.strip()}\n\n:::\n").question


@pytest.mark.parametrize(
    ("body", "answer", "found"),
    [
        (TEXT, ["uno"], [("", "uno")]),
        (TEXT, ["Two."], []),
        (TEXT, ["..."], []),
        (TEXT, [], []),
        (NUMBER, ["50 %"], [("", "50 %")]),
        (NUMBER, ["420"], []),
        (NUMBER, ["many"], []),
        (GAPS, ["1:shortly", "3:7"], [("1", "shortly")]),
        (GAPS, ["1:(soon)"], []),
        (GAPS, ["1:Soon"], []),
        ("Which?\n\n- [x] one\n- [ ] two\n", ["one"], []),
    ],
)
def test_what_the_author_says_nothing_about(body, answer, found):
    assert unforeseen(one(body), answer) == found


def test_answers_are_the_same_where_the_grader_takes_them_for_one():
    assert compared(one(TEXT), "Uno.") == compared(one(TEXT), " ＵＮＯ")
    assert compared(one(NUMBER), "50 %") == compared(one(NUMBER), "50.0")


@pytest.mark.parametrize(
    ("body", "text", "place", "line"),
    [
        (TEXT, "uno  due", "", "- [x] uno due"),
        (TEXT, "uno {50%}", "", r"- [x] uno \{50%\}"),
        (NUMBER, "1000,5 %", "", "- [x] 1000.5"),
        (GAPS, "shortly", "1", "[[early|soon|shortly]]"),
    ],
)
def test_the_line_that_accepts_it(body, text, place, line):
    assert source_line(one(body), text, place) == line


@given(st.text(min_size=1, max_size=30))
def test_with_its_line_in_the_source_an_answer_is_right_as_it_is_when_it_is_accepted(text):
    question = one(":type: text\n\nWhat?\n\n- [x] one\n")
    answer = put(question, [text])
    if not unforeseen(question, answer):
        return
    line = source_line(question, answer[0])
    written = read(f":::{{question}}\n:id: it-is-one\n:type: text\n\nWhat?\n\n- [x] one\n{line}\n\n:::\n")
    assert grading.grade(with_accepted(question, answer[0]), answer).share == 1
    assert grading.grade(written.question, answer).share == 1
