"""`text`: what counts as the same words, in which order answers are tried, how long they may be."""

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grading import grade
from quizzes.kinds.table import KINDS
from quizzes.spec import Question
from quizzes.text import exact, loose
from quizzes.typos import distance, is_slip
from tests.quizzes.kinds.lines import asked, assert_problems
from tests.quizzes.reading import read

ICP = """
What does **ICP** stand for?

- [x] Ideal Customer Profile
- [x] Ideal Client Profile
  > Client is fine, too.
- [ ] Internal Customer Plan
  > It is no plan.
- [ ] Ideal Customer {50%}
- [ ] ...
  > Three words.

Used to qualify.
"""


def question(body: str = ICP, *options: str) -> Question:
    return read(asked(body, ":type: text", *options)).question


SAME = [
    ("ICP", "ＩＣＰ"),
    ("Straße", "STRASSE"),
    ("don’t", "don't"),
    ("co‑sell", "co-sell"),
    ("naïve", unicodedata.normalize("NFD", "naïve")),
    ("ﬁt", "fit"),
    ("  two \u00a0 words\t", "Two words"),
    ("soft\u00adhyphen", "softhyphen"),
    ("„so“", '"so"'),
    ("Yes!", "yes"),
    ("wait…", "wait"),
]
OTHER = [
    ("C++", "C"),
    ("10%", "10"),
    ("А", "A"),
    ("İstanbul", "istanbul"),
    ("resume", "résumé"),
    ("a b", "ab"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_what_reads_the_same_is_the_same(left: str, right: str) -> None:
    assert loose(left) == loose(right)


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_what_means_something_else_is_another_answer(left: str, right: str) -> None:
    assert loose(left) != loose(right)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("a  b ", "a b", True),
        ("é", "e\u0301", True),
        ("A", "a", False),
        ("a.", "a", False),
        ("ﬁ", "fi", False),
    ],
)
def test_exact_overlooks_space_alone(left: str, right: str, same: bool) -> None:
    assert (exact(left) == exact(right)) is same


ANSWERS = [
    # typed, options, share, state, feedback
    ("ideal customer profile.", (), 1, "right", ""),
    ("IDEAL CLIENT PROFILE", (), 1, "right", "Client is fine"),
    ("internal customer plan", (), 0, "wrong", "It is no plan"),
    ("ideal customer", (), "1/2", "partly", ""),
    ("Ideal Custmer Profile", (), 0, "wrong", "Three words"),
    ("Ideal Custmer Profile", (":typos: 1",), 1, "right", ""),
    ("Ideal Cusotmer Profile", (":typos: 1",), 1, "right", ""),  # neighbours swapped
    ("Idael Custmer Profile", (":typos: 1",), 0, "wrong", "Three words"),
    ("Ideal Csutmer Profile", (":typos: 2",), 1, "right", ""),
    ("ideal customer profile", (":match: exact",), 0, "wrong", "Three words"),
    ("Ideal  Customer Profile", (":match: exact",), 1, "right", ""),
]


@pytest.mark.parametrize(("typed", "options", "share", "state", "feedback"), ANSWERS)
def test_answers(typed: str, options: tuple[str, ...], share: int | str, state: str, feedback: str) -> None:
    asks = question(ICP, *options)
    found = grade(asks, [typed])
    assert (found.share, found.state) == (Fraction(share), state)
    assert feedback in KINDS["text"].parts(asks, [typed])[0].feedback_html


def test_a_foreseen_wrong_answer_is_no_slip_of_a_right_one() -> None:
    asks = question("Which?\n\n- [x] affect\n- [ ] effect\n  > The other one.\n\nSo.", ":typos: 1")
    assert grade(asks, ["effect"]).state == "wrong"
    assert grade(asks, ["affekt"]).state == "right"


@pytest.mark.parametrize(
    ("typed", "meant", "most", "slip"),
    [
        ("ct", "cat", 1, False),  # short words allow none
        ("bord", "word", 1, True),
        ("wrod", "word", 1, True),
        ("wodr", "word", 2, True),
        ("wxyd", "word", 2, False),  # two slips need eight letters
        ("costomers", "customer", 2, True),
        ("iso9001", "iso9002", 2, False),  # never for digits
        ("two word", "twoword", 2, False),
        ("word", "word", 1, False),
    ],
)
def test_slips(typed: str, meant: str, most: int, slip: bool) -> None:
    assert is_slip(typed, meant, most=most) is slip


words = st.text("abc", max_size=6)


@given(words, words)
def test_the_distance_is_one_of_strings(left: str, right: str) -> None:
    assert distance(left, right) == distance(right, left)
    assert (distance(left, right) == 0) == (left == right)
    assert abs(len(left) - len(right)) <= distance(left, right) <= max(len(left), len(right))


@given(st.text(max_size=30))
def test_every_text_has_a_grade_and_keeping_it_twice_changes_nothing(typed: str) -> None:
    asks = question()
    kept = KINDS["text"].put(asks, [typed])
    assert KINDS["text"].put(asks, kept) == kept
    found = grade(asks, kept)
    assert 0 <= found.share <= 1
    assert (found.state == "blank") == (not kept)
    assert not any("\0" in each for each in kept)


def test_a_hundred_thousand_characters_are_graded() -> None:
    asks = question(ICP, ":typos: 2")
    for typed in ("a" * 100_000, "Ideal Customer Profile " * 5000, "ﬁ\u00ad" * 50_000):
        assert grade(asks, [typed]).state == "wrong"


def test_several_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="takes one answer"):
        grade(question(), ["a", "b"])


def test_answers_are_literal() -> None:
    asks = question("Which?\n\n- [x] *a* <b> \\{50%}\n- [ ] `c`\n\nSo.")
    assert [choice.text for choice in asks.choices] == ["*a* <b> {50%}", "`c`"]
    assert asks.choices[0].html == "*a* &lt;b&gt; {50%}"


PAGES = {
    "a good one": asked(ICP, ":type: text", ":typos: 1", ":match: loose"),
    "one answer is enough": asked("Which?\n\n- [x] One\n\nSo.", ":type: text"),
    "capitals differ where they count": asked(
        "Which?\n\n- [x] A\n- [ ] a\n\nSo.", ":type: text", ":match: exact"
    ),
    "E205 none": asked("Which?", ":type: text").replace("{question}", "{question} ⟵ E205"),
    "E210 none is right": asked("Which?\n\n- [ ] One ⟵ E210\n- [ ] ...\n\nSo.", ":type: text"),
    "E213 all the rest is right": asked("Which?\n\n- [x] One\n- [x] ... ⟵ E213\n\nSo.", ":type: text"),
    "E215 the same": asked("Which?\n\n- [x] One\n- [ ] one. ⟵ E215\n\nSo.", ":type: text"),
    "E202 one key": asked("Which?\n\n- [x] One {#abc}\n- [ ] Two {#abc} ⟵ E202\n\nSo.", ":type: text"),
    "E220 none is worth it": asked("Which?\n\n- [x] One {50%} ⟵ E220\n- [ ] Two\n\nSo.", ":type: text"),
    "E222 no mark": asked("Which?\n\n- [x] One {one} ⟵ E222\n\nSo.", ":type: text"),
    "E301 values": asked(ICP, ":type: text", ":typos: 3 ⟵ E301", ":match: some ⟵ E301"),
    "E107 of numbers": asked(ICP, ":type: text", ":unit: % ⟵ E107"),
    "W509 no explanation": asked("Which?\n\n- [x] One", ":type: text").replace("tion}", "tion} ⟵ W509"),
}


@pytest.mark.parametrize("name", PAGES)
def test_problems(name: str) -> None:
    assert_problems(PAGES[name])
