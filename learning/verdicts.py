"""What is said of a checked answer, in a line. Nothing here tells which part of it was right."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.kinds.kind import Grade
from quizzes.kinds.table import KINDS
from quizzes.sent import Refusal
from quizzes.spec import Question, QuestionType


def refusal(why: Refusal, type_: QuestionType) -> str:
    """Why an answer cannot be taken as it is, and what to do."""
    if why == "long":
        told = {"most": f"{KINDS[type_].LONGEST:,}"}
        return (
            _("Not saved: an answer has at most %(most)s characters. Shorten it here, then check again.")
            % told
        )
    if type_ == "order":
        return _("Give each place once. This was not counted as a try.")
    return _("Please enter a number such as 2.5. This was not counted as a try.")


def verdict(question: Question, grade: Grade, *, parts: bool = True) -> str:
    """How the answer was, and of several `parts` how many were right."""
    if grade.state == "right":
        return _("Right")
    if grade.state == "blank":
        return _("Not answered")
    if grade.state == "noted":
        return _("Noted, thank you")
    if not parts:
        return _("Partly right") if grade.state == "partly" else _("Not this one")
    if question.type == "multiple":
        return _ticks(grade)
    told = {"right": grade.right_chosen, "n": grade.right_total}
    if question.type == "order":
        return _("Not this order: %(right)d of %(n)d neighbours are right") % told
    if question.slots:
        return ngettext("%(right)d of %(n)d is right", "%(right)d of %(n)d are right", told["right"]) % told
    return _("Partly right") if grade.state == "partly" else _("Not this one")


def _ticks(grade: Grade) -> str:
    """How many of several ticks are right, and what is missing or too many."""
    missing = grade.right_total - grade.right_chosen
    chosen = grade.right_chosen + grade.wrong_chosen
    if not grade.wrong_chosen:
        right = ngettext("Your tick is right", "Your %(n)d ticks are right", chosen) % {"n": chosen}
    elif not missing:
        right = _("All right answers are ticked")
    else:
        told = {"right": grade.right_chosen, "n": chosen}
        right = (
            ngettext(
                "%(right)d of your %(n)d ticks is right",
                "%(right)d of your %(n)d ticks are right",
                told["right"],
            )
            % told
        )
    if missing:
        rest = ngettext("%(n)d right answer is missing", "%(n)d right answers are missing", missing) % {
            "n": missing
        }
    else:
        rest = ngettext("%(n)d tick is too many", "%(n)d ticks are too many", grade.wrong_chosen) % {
            "n": grade.wrong_chosen
        }
    return f"{right}, {rest}"
