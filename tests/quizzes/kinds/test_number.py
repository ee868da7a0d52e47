"""`number`: what authors accept, what people type in which language, and what is no number at all."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import numbers
from quizzes.grading import grade
from quizzes.kinds.table import KINDS
from quizzes.spec import Question
from tests.quizzes.kinds.lines import asked, assert_problems
from tests.quizzes.reading import read

SHARE = """
What share of RFPs is won blind?

- [x] 12.5 +- 2
- [ ] 125
  > A point too far.
- [ ] 5..20 {50%}
- [ ] ...
  > Far from it.

So.
"""


def question(body: str = SHARE, *options: str) -> Question:
    return read(asked(body, ":type: number", *options)).question


@pytest.mark.parametrize(
    ("written", "lowest", "highest"),
    [
        ("42", 42, 42),
        ("-4.5", "-9/2", "-9/2"),
        ("1e3", 1000, 1000),
        ("42 +- 2", 40, 44),
        ("42±2", 40, 44),
        ("42 +/- 0.5", "83/2", "85/2"),
        ("-40 +- 5%", -42, -38),
        ("40..45", 40, 45),
        ("-5 .. -1.5", -5, "-3/2"),
    ],
)
def test_what_authors_write(written: str, lowest: int | str, highest: int | str) -> None:
    assert numbers.interval(written) == (Fraction(lowest), Fraction(highest))


@pytest.mark.parametrize(
    "written", ["", "x", "1,5", "1_000", "0x10", "nan", "inf", "½", "1/2", "5%", "1e9999"]
)
def test_what_authors_cannot_write(written: str) -> None:
    assert numbers.interval(written) is None


TYPED = [
    # typed, in English, in German
    ("42", 42, 42),
    (" +42 ", 42, 42),
    ("−4", -4, -4),  # a true minus sign
    ("1,000", 1000, 1),
    ("1.000", 1, 1000),
    ("1.000,5", "2001/2", "2001/2"),
    ("1,000.5", "2001/2", "2001/2"),
    ("1.000.000", 1000000, 1000000),
    ("1,000,000", 1000000, 1000000),
    ("1 000", 1000, 1000),
    ("1\u202f000,5", "2001/2", "2001/2"),
    ("1'000.5", "2001/2", "2001/2"),
    ("1,5", "3/2", "3/2"),
    ("1.5", "3/2", "3/2"),
    ("0,125", "1/8", "1/8"),
    (".5", "1/2", "1/2"),
    ("5.", 5, 5),
    ("1e3", 1000, 1000),
    ("2.5E-1", "1/4", "1/4"),
    ("１２", 12, 12),
    ("٣٫٥", "7/2", "7/2"),
    ("12 %", 12, 12),
    ("12.5%", "25/2", "25/2"),
]
UNREADABLE = [
    *("", " ", "twelve", "nan", "inf", "-inf", "Infinity", "1_000", "0x10", "½", "1/2", "1e999", "1e9999"),
    *("1,00,0", "1..5", "--1", "5 apples", "1 2", "9" * 101, "9" * 1_000_000, "1,2,3.4.5", ",", "-", "e5"),
]


@pytest.mark.trust("QZ-14")
@pytest.mark.parametrize(("typed", "english", "german"), TYPED)
def test_what_people_type(typed: str, english: int | str, german: int | str) -> None:
    assert numbers.read(typed, language="en") == Fraction(english)
    assert numbers.read(typed, language="de-at") == Fraction(german)


@pytest.mark.trust("QZ-14")
@pytest.mark.parametrize("typed", UNREADABLE)
@pytest.mark.parametrize("language", ["en", "de", ""])
def test_what_is_no_number(typed: str, language: str) -> None:
    assert numbers.read(typed, language=language) is None


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [("€5", "€", 5), ("5 EUR", "eur", 5), ("5 eur %", "EUR", None), ("5 km", "m", None), ("5 m²", "m²", 5)],
)
def test_the_unit_may_be_typed_too(typed: str, unit: str, value: int | None) -> None:
    assert numbers.read(typed, unit=unit) == value


@pytest.mark.parametrize(
    ("typed", "share", "state", "feedback"),
    [
        ("12.5", 1, "right", ""),
        ("14,5", 1, "right", ""),
        ("14.500000001", 1, "right", ""),
        ("14.6", "1/2", "partly", ""),
        ("125", 0, "wrong", "A point too far"),
        ("99", 0, "wrong", "Far from it"),
    ],
)
def test_answers(typed: str, share: int | str, state: str, feedback: str) -> None:
    asks = question()
    found = grade(asks, [typed])
    assert (found.share, found.state) == (Fraction(share), state)
    assert feedback in KINDS["number"].parts(asks, [typed])[0].feedback_html


def test_a_tenth_and_two_tenths_are_three() -> None:
    asks = question("So?\n\n- [x] 0.3\n\nSo.")
    assert grade(asks, [str(0.1 + 0.2)]).share == 1
    assert grade(asks, ["0.30001"]).share == 0


def test_what_nobody_can_read_is_no_try() -> None:
    assert grade(question(), ["twelve"]).state == "unreadable"
    assert grade(question(), []).state == "blank"


@pytest.mark.parametrize(
    ("typed", "language", "kept"),
    [
        ("1.000", "de", "1000"),
        ("1,000", "de", "1.000"),
        ("1,000", "en", "1,000"),
        ("1,5", "de", "1,5"),
        ("x", "de", "x"),
    ],
)
def test_what_is_kept_is_the_same_number_in_every_language(typed: str, language: str, kept: str) -> None:
    asks = question()
    assert KINDS["number"].put(asks, [typed], language) == [kept]
    assert KINDS["number"].put(asks, [kept]) == [kept]
    assert numbers.read(kept) == numbers.read(typed, language=language)


@given(st.text("0123456789.,' -+e%", max_size=12), st.sampled_from(["en", "de", "fr", ""]))
def test_keeping_never_changes_the_number(typed: str, language: str) -> None:
    asks = question()
    kept = KINDS["number"].put(asks, [typed], language)
    assert numbers.read("".join(kept)) == numbers.read(typed, language=language)
    assert 0 <= grade(asks, kept).share <= 1


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_a_number_is_read_as_python_writes_it(digits: int, places: int) -> None:
    value = Fraction(digits, 10**places)
    written = f"{digits / 10**places:,.{places}f}"
    assert numbers.read(written, language="en") == Fraction(written.replace(",", ""))
    assert abs(Fraction(written.replace(",", "")) - value) <= 1
    german = written.translate(str.maketrans(",.", ".,"))
    assert numbers.read(german, language="de") == numbers.read(written, language="en")


PAGES = {
    "a good one": asked(SHARE, ":type: number", ":unit: %"),
    "E223 no numbers": asked(
        "So?\n\n- [x] twelve ⟵ E223\n- [ ] 1,5 ⟵ E223\n- [ ] 42 +- x ⟵ E223\n\nSo.", ":type: number"
    ),
    "E224 the wrong way round": asked(
        "So?\n\n- [x] 45..40 ⟵ E224\n- [ ] 3 +- -1 ⟵ E224\n\nSo.", ":type: number"
    ),
    "E215 the same number": asked("So?\n\n- [x] 42\n- [ ] 42.0 ⟵ E215\n\nSo.", ":type: number"),
    "E210 none is right": asked("So?\n\n- [ ] 42 ⟵ E210\n\nSo.", ":type: number"),
    "E107 of text": asked(SHARE, ":type: number", ":typos: 1 ⟵ E107"),
}


@pytest.mark.parametrize("name", PAGES)
def test_problems(name: str) -> None:
    assert_problems(PAGES[name])


def test_ranges_are_told_as_readers_write_them() -> None:
    assert [choice.html for choice in question().choices] == ["12.5 ± 2", "125", "5–20", "..."]
