"""Checks as plain data: the JSON round trip, digests, what it takes to pass."""

import json
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest

from quizzes.spec import Case, Check, Choice, Question, Rule, Slot

QUESTION = Question(
    key="cost-of-second",
    name="Cost of finishing second",
    type="multiple",
    stem_html="<p>What does it cost?</p>",
    choices=(
        Choice("aaaaaaaa", "Nothing", False, "<p>The team was paid.</p>", weight=Fraction(-1, 4)),
        Choice("bbbbbbbb", "As much as winning", True, "<p>Right.</p>"),
        Choice("cccccccc", "None of the above", False, fixed=True),
    ),
    explanation_html="<p>It is expensive either way.</p>",
    points=Fraction(5, 2),
    scoring="partial",
    shuffle=False,
    hints=("Think of the hours.",),
    see="walking-away",
    tags=("cost", "bid"),
    difficulty="hard",
    line=12,
    file="icp.md",
)
RULE = Rule(
    Fraction(2, 3), attempts=3, shuffle="all", feedback="end", kind="exam", exhausted="stay", grade="last"
)
CHECK = Check("icp", "Check", "<p>Five questions.</p>", RULE, (QUESTION,), line=9)


def through_json(data: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(data))
    return read


# With a value for each field that is left out of the dictionary where it says nothing.
FULL = replace(
    QUESTION,
    match="exact",
    typos=2,
    unit="%",
    slots=(Slot("left", "Left", "aaaaaaaa", "<p>So.</p>", QUESTION.choices, number=True),),
    choices=(replace(QUESTION.choices[0], text="Nothing"),),
    case=Case("contoso", "Contoso", "<p>A bank asks.</p>"),
    pool="fit",
    bank="5d0a4a60-5a4e-4a3e-8a80-6d2a1d1f0c40",
)
DRAWN = replace(RULE, draw=(("fit", 2), ("", 3)))


@pytest.mark.parametrize(
    "thing", [QUESTION, RULE, DRAWN, *QUESTION.choices, Rule(), FULL, *FULL.slots, CHECK]
)
def test_everything_survives_json_unchanged(thing: Question | Rule | Choice | Slot | Check) -> None:
    assert type(thing).from_dict(through_json(thing.to_dict())) == thing


@pytest.mark.parametrize("thing", [FULL, replace(DRAWN, time=20), FULL.choices[0], FULL.slots[0]])
def test_no_field_is_forgotten_in_the_dictionary(thing: Question | Rule | Choice | Slot) -> None:
    assert set(thing.to_dict()) == {field.name for field in fields(thing)}


def test_fractions_are_stored_exactly() -> None:
    assert RULE.to_dict()["pass_share"] == "2/3"
    assert QUESTION.to_dict()["points"] == "5/2"


def test_the_digest_does_not_depend_on_the_place_in_the_source() -> None:
    assert replace(QUESTION, line=99, file="moved.md").digest() == QUESTION.digest()
    assert Question.from_dict(through_json(QUESTION.to_dict())).digest() == QUESTION.digest()


def test_what_is_stored_today_is_known_again() -> None:
    """Another digest for the same question would ask everybody anew."""
    assert QUESTION.digest() == "4fd13d17dadc1cabc946e570688263a7e4af4494f1ee5ad63496af4edc820267"
    assert CHECK.digest() == "498f06f5edfcb59253006c837addfd02825deeb7945ef48ab54fb4fdf9497920"


@pytest.mark.parametrize(
    "change",
    [
        {"key": "other"},
        {"stem_html": "<p>What?</p>"},
        {"explanation_html": ""},
        {"points": Fraction(1)},
        {"scoring": "all"},
        {"shuffle": None},
        {"hints": ()},
        {"see": ""},
        {"choices": QUESTION.choices[:2]},
        {"choices": QUESTION.choices[::-1]},
        {"choices": (replace(QUESTION.choices[0], right=True), *QUESTION.choices[1:])},
        {"choices": (replace(QUESTION.choices[0], weight=None), *QUESTION.choices[1:])},
        {"choices": (replace(QUESTION.choices[0], feedback_html=""), *QUESTION.choices[1:])},
    ],
)
def test_the_digest_changes_with_the_content(change: dict[str, Any]) -> None:
    assert replace(QUESTION, **change).digest() != QUESTION.digest()


def test_another_text_of_its_case_is_another_wording_of_a_question() -> None:
    reworded = replace(FULL, case=Case("contoso", "Contoso", "<p>A bank asks again.</p>"))
    assert reworded.digest() != FULL.digest()
    assert "case" not in QUESTION.to_dict()


def test_the_digest_of_a_check_covers_rule_and_order() -> None:
    two = replace(CHECK, questions=(QUESTION, replace(QUESTION, key="other")))
    assert replace(CHECK, line=1).digest() == CHECK.digest()
    digests = {
        CHECK.digest(),
        two.digest(),
        replace(two, questions=two.questions[::-1]).digest(),
        replace(CHECK, title="Other").digest(),
        replace(CHECK, intro_html="").digest(),
        replace(CHECK, rule=Rule()).digest(),
    }
    assert len(digests) == 6


def of_points(*points: int | str) -> tuple[Question, ...]:
    return tuple(
        replace(QUESTION, key=f"q-{index}", points=Fraction(worth)) for index, worth in enumerate(points)
    )


@pytest.mark.parametrize(
    ("points", "share", "needed"),
    [
        ((1, 1, 1, 1, 1), "4/5", 4),
        ((2, 2, 2), "4/5", 3),
        ((1, 1, 1), "2/3", 2),
        ((1,) * 10, "7/10", 7),
        ((1, 1), "0", 0),
        ((1, 2), "4/5", None),
        ((0, 0), "4/5", None),
        ((), "4/5", None),
    ],
)
def test_how_many_questions_must_be_right(points: tuple[int, ...], share: str, needed: int | None) -> None:
    check = replace(CHECK, rule=Rule(Fraction(share)), questions=of_points(*points))
    assert check.needed == needed


def test_the_points_of_a_check_are_exact() -> None:
    assert replace(CHECK, questions=of_points("1/10", "2/10")).points == Fraction(3, 10)
