"""Before a version goes live its page names the checks at which somebody may come to wait."""

from __future__ import annotations

import pytest

from authoring.stranding import strands
from quizzes.spec import Rule
from tests import modules
from tests.modules import question
from tests.personas import client_of


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Rule(), ""),
        (Rule(exhausted="stay"), ""),
        (Rule(attempts=3, exhausted="complete"), ""),
        (Rule(attempts=3, exhausted="stay", kind="practice"), ""),
        (Rule(attempts=3), "After 3 tries, one more opens each day."),
        (Rule(attempts=1, kind="exam"), "After one try, one more opens each day."),
        (Rule(attempts=1, time=20), "After one try, one more opens each day. Each has 20 minutes."),
        (Rule(attempts=2, exhausted="stay"), "After 2 tries nobody goes on until a manager or an author"),
    ],
)
def test_a_rule_says_whether_somebody_may_come_to_wait(rule: Rule, told: str):
    assert strands(rule).startswith(told)
    assert bool(strands(rule)) is bool(told)


@pytest.mark.django_db
def test_the_drafts_page_names_the_checks_that_must_be_passed():
    limited = ":::{quiz} The exam\n:id: exam\n:kind: exam\n\n:::\n" + question("que1")
    practice = ":::{quiz} To try\n:id: try\n:kind: practice\n:attempts: 1\n\n:::\n" + question("que2")
    version = modules.store(
        modules.source(
            "Apples",
            {"Growing": limited, "Eating": practice, "More": limited},
            section_front={"More": "required: false"},
        )
    )
    page = client_of("author").get(f"/authoring/versions/{version.pk}/").content.decode()
    assert "At one check a learner may come to wait before they can finish:" in page
    assert "<strong>Growing</strong>, The exam: After one try, one more opens each day." in page
    free = modules.store(modules.source("Pears", {"Growing": question("que1")}))
    page = client_of("author").get(f"/authoring/versions/{free.pk}/").content.decode()
    assert "may come to wait" not in page
