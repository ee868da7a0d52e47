"""Which checks can leave a learner unable to finish by themselves: told before a version goes live."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import ModuleVersion
from quizzes.content import content_of
from quizzes.spec import Rule


@dataclass(frozen=True, slots=True)
class Stranding:
    """A check that must be passed, on the page with this title, and how it can leave somebody waiting."""

    page: str
    check: str
    told: str


def stranding(version: ModuleVersion) -> list[Stranding]:
    """The gating checks of required sections by which a learner may come to wait for somebody, in order.

    One query for each check that is read for the first time.
    """
    asked = [(entry.title, check) for entry in version.toc if entry.required for check in entry.checks]
    found = [(page, content_of(check.version).version) for page, check in asked if check.gating]
    told = [(page, quiz.title, strands(quiz.spec_rule)) for page, quiz in found]
    return [Stranding(page, check, words) for page, check, words in told if words]


def strands(rule: Rule) -> str:
    """How a check with this rule can leave somebody waiting, in words; "" where they can always go on."""
    if rule.attempts is None or rule.kind == "practice" or rule.exhausted == "complete":
        return ""
    minutes = ""
    if rule.time is not None:
        minutes = " " + ngettext("Each has one minute.", "Each has %(n)d minutes.", rule.time) % {
            "n": rule.time
        }
    if rule.exhausted == "wait":
        told = ngettext(
            "After one try, one more opens each day.",
            "After %(n)d tries, one more opens each day.",
            rule.attempts,
        ) % {"n": rule.attempts}
        return told + minutes
    stays = ngettext(
        "After one try nobody goes on until a manager or an author gives another one.",
        "After %(n)d tries nobody goes on until a manager or an author gives another one.",
        rule.attempts,
    ) % {"n": rule.attempts}
    hint = _("Write `exhausted: wait` or `exhausted: complete` if that is not what you want.")
    return f"{stays}{minutes} {hint}"
