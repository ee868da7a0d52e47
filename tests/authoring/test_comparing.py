"""What is said to differ between two versions: pages, who sees them, questions and their keys."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from authoring.comparing import Page, PageChange, compare, questions
from quizzes.spec import Choice, Question, Slot

A, B, C, D = (Page(name, name.upper()) for name in "abcd")
EMPLOYEES, BOTH = frozenset({"Employee"}), frozenset({"Employee", "Partner"})


def told(changes: list[PageChange]) -> dict[str, str]:
    """What is said of each page that is not the same."""
    words = {}
    for change in changes:
        facts = {
            "text": change.text, "moved": change.moved, "renamed": change.renamed, "wider": change.wider,
            "narrower": change.narrower, "required": change.required, "settings": change.settings,
            "questions": tuple(f"{q.kind} {q.key}" for q in change.questions), "media": change.media,
        }  # fmt: skip
        said = [
            name if value is True else f"{name} {value}"
            for name, value in facts.items()
            if value not in ((), False, None) or (value is False and name == "required")
        ]
        if change.kind != "same":
            words[change.page.uuid] = " ".join([change.kind, *said])
    return words


PAGES = [
    ("nothing", [A, B], [A, B], {}),
    ("added", [A], [A, B], {"b": "added"}),
    ("removed", [A, B], [A], {"b": "removed"}),
    ("one moves up, the others stay", [A, B, C, D], [A, D, B, C], {"d": "changed moved"}),
    ("an added page moves nobody", [A, B], [C, A, B], {"c": "added"}),
    ("below another page", [A, B], [A, replace(B, parent="a")], {"b": "changed moved"}),
    ("text", [A], [replace(A, source="x")], {"a": "changed text"}),
    ("title", [A], [replace(A, title="Else")], {"a": "changed renamed"}),
    ("wider", [replace(A, audiences=EMPLOYEES)], [replace(A, audiences=BOTH)], {"a": "changed wider ('Partner',)"}),
    ("narrower", [replace(A, audiences=BOTH)], [replace(A, audiences=EMPLOYEES)], {"a": "changed narrower ('Partner',)"}),
    ("to everybody", [replace(A, audiences=BOTH)], [A], {"a": "changed wider ('',)"}),
    ("no more to everybody", [A], [replace(A, audiences=BOTH)], {"a": "changed narrower ('',)"}),
    ("for others", [replace(A, audiences=EMPLOYEES)], [replace(A, audiences=frozenset({"Partner"}))],
     {"a": "changed wider ('Partner',) narrower ('Employee',)"}),
    ("optional", [A], [replace(A, required=False)], {"a": "changed required False"}),
    ("required", [replace(A, required=False)], [A], {"a": "changed required"}),
    ("media", [replace(A, media={"1.png": "x", "2.png": "y"})], [replace(A, media={"1.png": "z", "2.png": "y"})],
     {"a": "changed media ('1.png',)"}),
    ("front matter", [replace(A, source="---\nduration: 5\n---\n")], [replace(A, source="---\nduration: 7\ntags:\n- x\n---\n")],
     {"a": "changed text settings ('duration: 5 → 7', 'tags: – → x')"}),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "expected"), [case[1:] for case in PAGES], ids=[c[0] for c in PAGES])
def test_what_became_of_the_pages(was: list[Page], now: list[Page], expected: dict[str, str]):
    assert told(compare(was, now)) == expected


def test_every_page_is_told_once_in_the_new_order_and_what_is_gone_last():
    changes = compare([A, B, C], [C, D, A])
    assert [change.page.uuid for change in changes] == ["c", "d", "a", "b"]


def choice(key: str, right: bool = False, **more: object) -> Choice:
    return Choice(key, f"<p>{more.pop('text', key)}</p>", right, **more)  # type: ignore[arg-type]


Q = Question("q", "", "single", "<p>Which?</p>", (choice("a", True), choice("b")), "<p>So.</p>")


def typed(text: str) -> Choice:
    return Choice(text, text, True, text=text)


T = Question("q", "", "text", "<p>What?</p>", (typed("yep"),), "<p>So.</p>")
O = replace(Q, type="order", choices=(choice("a"), choice("b")))  # noqa: E741
M = replace(O, type="match", slots=(Slot("l", "left", "a"),))

QUESTIONS = [
    ("the same", Q, Q, []),
    ("another line of the file", Q, replace(Q, line=40, file="x.md"), []),
    ("reworded", Q, replace(Q, stem_html="<p>Which one?</p>"), ["text"]),
    ("another explanation", Q, replace(Q, explanation_html=""), ["text"]),
    ("feedback", Q, replace(Q, choices=(choice("a", True), choice("b", feedback_html="No."))), ["text"]),
    ("options in another order", Q, replace(Q, choices=Q.choices[::-1]), ["text"]),
    ("an option reworded", Q, replace(Q, choices=(choice("a", True), choice("c"))), ["text"]),
    ("the tick", Q, replace(Q, choices=(choice("a"), choice("b", True))), ["key", "wrong now: “a”", "right now: “b”"]),
    ("a new option", Q, replace(Q, choices=(*Q.choices, choice("c"))), ["key", "new and wrong: “c”"]),
    ("an option gone", replace(Q, choices=(*Q.choices, choice("c", True))), Q, ["key", "gone, was right: “c”"]),
    ("what a typed answer is held against", T, replace(T, choices=(typed("yes"),)), ["key", "new and right: “yes”", "gone, was right: “yep”"]),
    ("typos", T, replace(T, typos=1), ["key", "typos: 0 → 1"]),
    ("the order", O, replace(O, choices=O.choices[::-1]), ["key", "the order now: b, a"]),
    ("a pair", M, replace(M, slots=(Slot("l", "left", "b"),)), ["key", "“left” → “b” now"]),
    ("a new pair", replace(M, slots=()), M, ["key", "new: “left” → “a”"]),
    ("a pair gone", M, replace(M, slots=()), ["key", "gone: “left”"]),
    ("a distractor", M, replace(M, choices=M.choices[:1]), ["text"]),
    ("a weight", Q, replace(Q, choices=(choice("a", True), choice("b", weight=Fraction(1, 2)))), ["key", "“b”: no weight → 50 %"]),
    ("points", Q, replace(Q, points=Fraction(5, 2)), ["key", "points: 1 → 2.5"]),
    ("scoring", Q, replace(Q, scoring="all"), ["key", "scoring: partial → all"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("was", "now", "expected"), [case[1:] for case in QUESTIONS], ids=[c[0] for c in QUESTIONS]
)
def test_what_became_of_a_question(was: Question, now: Question, expected: list[str]):
    found = questions([was], [now])
    assert [word for change in found for word in (change.kind, *change.told)] == expected


def test_questions_come_and_go_by_their_ids():
    other = replace(Q, key="r", stem_html="<p>A &amp; <b>B</b>?</p>")
    assert [(c.kind, c.key, c.stem) for c in questions([Q], [other])] == [
        ("added", "r", "A & B ?"),
        ("removed", "q", "Which?"),
    ]
