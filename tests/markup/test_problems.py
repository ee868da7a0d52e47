from __future__ import annotations

import json

import pytest

from markup.problems import Problem, Problems, did_you_mean, suggest
from markup.remedies import REMEDIES

CONTENT = """E601 W601 W602 E603 E604 E605 E606 E607 E608 E609 W610 E611 W612 W613 E621 W622 E623 E624 W625
W626 W641 W642
W643 E644 W646 W647 W651 E652 E653 W654 W661 E662 E663 W664 W665 E681 E682 E683 E684 E685 E686 E687 E688 E689
I690"""
QUIZ = """E101 E102 E103 E104 E105 E106 E107 E108 E201 E202 E203 E204 E205 E206 E207 E208 E209 E210 E211
E212 E213 E214
E215 E216 E217 E218 E219 E220 E221 E222 E223 E224 E225 E226 E301 E302 E303 E401 E402 E403 W501 W502 W503
W504 W505 W506
W507 W508 W509 W510 W511 I521"""


@pytest.mark.parametrize("code", (CONTENT + " " + QUIZ).split())
def test_every_code_of_the_formats_says_how_to_mend_it(code: str) -> None:
    problems = Problems()
    problems.add(code, "something", file="a.md")
    (problem,) = problems
    assert problem.severity == {"E": "error", "W": "warning", "I": "info"}[code[0]]
    assert problem.remedy == REMEDIES[code]
    assert problem.remedy.endswith(".")


def test_there_is_no_remedy_for_an_unknown_code() -> None:
    assert set(REMEDIES) == set((CONTENT + " " + QUIZ).split())


def test_text_and_json_shapes() -> None:
    problem = Problem("a/b.md", 3, 7, "error", "E603", "not a uuid", "write one.")
    assert problem.text() == "a/b.md:3:7: error E603 not a uuid"
    keys = ["file", "line", "column", "severity", "code", "message", "remedy"]
    assert list(problem.as_dict()) == keys
    assert json.loads(json.dumps(problem.as_dict()))["line"] == 3


def test_each_problem_is_kept_once_in_order_on_one_line() -> None:
    problems = Problems()
    problems.add("W641", "b\nc", file="a.md")
    problems.add("E603", "a", file="a.md", line=2, column=3, remedy="Do this.")
    problems.add("W641", "b\nc", file="a.md")
    assert [(p.code, p.message) for p in problems] == [("W641", "b c"), ("E603", "a")]
    assert problems.errors
    other = Problems()
    other.extend([next(iter(problems))])
    assert not other.errors
    assert len(other) == 1


@pytest.mark.parametrize(
    ("word", "meant"),
    [("Employe", "Employee"), ("partner", "Partner"), ("PARTNERS", "Partner"), ("xyz", None), ("", None)],
)
def test_suggestions(word: str, meant: str | None) -> None:
    assert suggest(word, ["Employee", "Partner"]) == meant
    assert did_you_mean(word, ["Employee", "Partner"]) == (f" (did you mean “{meant}”?)" if meant else "")
