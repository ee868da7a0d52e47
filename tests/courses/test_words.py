"""Words as search compares them; without a database."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import passages
from courses.words import LONGEST_WORD, MOST_PHRASES, Question, fold, words


def cut(text: str) -> list[str]:
    return [word.folded for word in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Target Industries, 2nd edition", ["target", "industry", "2nd", "edition"]),
        ("a-b c++ don’t e_mail", ["a", "b", "c", "don", "t", "e", "mail"]),
        (
            "CAFÉ Cafe\u0301 Straße ＡＢＣ İzmir ﬁt x²",
            ["cafe", "cafe", "strasse", "abc", "izmir", "fit", "x2"],
        ),
        (
            "classes boxes branches bus analysis companies partners",
            ["class", "box", "branch", "bus", "analysis", "company", "partner"],
        ),
        ("学習する path", ["学", "習", "す", "る", "path"]),
        ("שָׁלוֹם مُعَلِّم", ["שלום", "معلم"]),
        ("\0 * ( \" 😀 ' NEAR", ["near"]),
        ("w" * 100, ["w" * LONGEST_WORD]),
        ("", []),
    ],
)
def test_words_are_cut_and_folded(text: str, expected: list[str]):
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("typed", "phrases", "goes_on"),
    [
        ("target industries", (("target",), ("industry",)), True),
        ('"target industries"', (("target", "industry"),), False),
        ("“target industries” dxp", (("target", "industry"), ("dxp",)), True),
        ('dxp "target industries', (("dxp",), ("target", "industry")), False),
        ("a-b", (("a", "b"),), False),
        ("sign-in", (("sign", "in"),), True),
        ("c++", (("c",),), False),
        ("compani", (("compan",),), True),
        ('say"so"', (("say",), ("so",)), False),
        ("AND OR NOT NEAR(", (("and",), ("or",), ("not",), ("near",)), True),
        *[(nothing, (), False) for nothing in ("", " ", '"', '""', "*", "(", "\0", "😀", "!" * 10_000)],
    ],
)
def test_a_question_is_read(typed: str, phrases: tuple[tuple[str, ...], ...], goes_on: bool):
    assert Question.read(typed) == Question(phrases, goes_on)
    assert bool(Question.read(typed)) is bool(phrases)


@given(st.text())
def test_whatever_is_typed_becomes_letters_and_digits(typed: str):
    question = Question.read(typed)
    assert len(question.phrases) <= MOST_PHRASES
    assert all(word.isalnum() and 0 < len(word) <= LONGEST_WORD for word in question.together)


@given(st.text())
def test_words_come_back_to_where_they_stand(text: str):
    found = list(words(text))
    assert all(fold(text[word.start : word.end]) == word.folded for word in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(st.text(max_size=60), st.text(max_size=10))
def test_marking_changes_no_letter(text: str, typed: str):
    assert "".join(piece for piece, _asked in passages.marked(text, Question.read(typed))) == text


TEXT = "Where Liferay shines.\nSecurity\nStaff sign in.\nScale\nMany partners, and their customers, sign in every day."
HEADINGS = [{"text": "Security", "slug": "security"}, {"text": "Scale", "slug": "scale"}]


@pytest.mark.parametrize(
    ("typed", "marked", "slug"),
    [
        ("shine", ["shines"], ""),
        ("security", ["Security"], "security"),
        ("staff", ["Staff"], "security"),
        ("sign customer", ["customers", "sign"], "scale"),
        ('"sign in every"', ["sign in every"], "scale"),
        ("nowhere", [], ""),
    ],
)
def test_the_best_passage_and_its_heading(typed: str, marked: list[str], slug: str):
    passage = passages.best(TEXT, HEADINGS, Question.read(typed))
    assert [text for text, asked in passage.parts if asked][-len(marked) :] == marked or not marked
    assert passage.slug == slug


def test_a_passage_is_cut_between_words():
    text = " ".join(f"word{number}" for number in range(200))
    passage = "".join(part for part, _asked in passages.best(text, [], Question.read("word100")).parts)
    assert passage.startswith("… word")
    assert passage.endswith(" …")
    assert set(passage.removeprefix("… ").removesuffix(" …").split()) <= set(text.split())
    assert 150 < len(passage) <= passages.LENGTH + 4


def test_a_heading_and_what_stands_below_it_are_told_apart():
    parts = passages.best("Security\nStaff sign in.\nThey read.", [], Question.read("staff")).parts
    assert "".join(part for part, _asked in parts) == "Security · Staff sign in. They read."
