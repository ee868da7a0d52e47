"""What a learner is told of keys that were corrected after they had answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.cards import QuestionView
from learning.team_scores import whole_percent
from quizzes.models import Counting, Response, Round
from quizzes.standing import Standing


def tell(questions: Sequence[QuestionView], standing: Standing) -> str:
    """Say at each card what its answer counts for now; returns what became of the result, "" where nothing
    did.

    The key that the answer was judged by is shown no more: it was not right.
    """
    views = {str(view.key): view for view in questions}
    shown = {r.pk: r for r in (a.response for a in (*standing.asked(), *standing.kept())) if r is not None}
    for response in shown.values():
        view = views.get(response.question_version.spec.key)
        if (
            view is not None
            and view.verdict
            and response.score is not None
            and response.counts != response.share
        ):
            _tell_at(view, response)
    return _result(standing, {view.key: view.number for view in questions})


def _tell_at(view: QuestionView, response: Response) -> None:
    score, counts = response.score, response.counts
    assert score is not None
    view.choices = [choice for choice in view.choices if view.shape == "choices" or choice.selected]
    for choice in view.choices:
        choice.mark, choice.feedback_html = "", ""
    view.explanation_html, view.can_show = "", False
    if view.state != "kept":
        view.state = "right" if counts == 1 else "partly" if counts else "wrong"
    if score.correction.counting == Counting.ACCEPTED:
        view.verdict = _("Counts as right: your answer was accepted on %(day)s") % {
            "day": _day(score.correction.at)
        }
        return
    told = {
        "right": _("Counts as right: the answer key was corrected on %(day)s"),
        "partly": _("Counts as partly right: the answer key was corrected on %(day)s"),
        "wrong": _("Counts as not right: the answer key was corrected on %(day)s"),
    }
    state = "right" if counts == 1 else "partly" if counts else "wrong"
    view.verdict = told[state] % {"day": _day(score.correction.at)}


def _result(standing: Standing, numbers: Mapping[str, int]) -> str:
    """“The answer key of question 2 was corrected on 3 November: your result went from 60 % to 80 %.”"""
    judged = [round_ for round_ in standing.rounds if round_.earned_num is not None]
    if not judged or not (moved := _moved(judged[-1])):
        return ""
    days: dict[int, datetime] = {}
    for response in (*standing.elsewhere, *standing.responses):
        number = numbers.get(response.question_version.spec.key)
        if number and response.score is not None and response.counts != response.share:
            days[number] = response.score.correction.at
    if not days:
        return ""
    told = {"was": f"{moved[0]} %", "now": f"{moved[1]} %"}
    if len(days) == 1:
        ((number, at),) = days.items()
        said = _(
            "The answer key of question %(n)d was corrected on %(day)s: "
            "your result went from %(was)s to %(now)s."
        ) % {**told, "n": number, "day": _day(at)}
    else:
        each = [_("question %(n)d on %(day)s") % {"n": n, "day": _day(days[n])} for n in sorted(days)]
        said = _("Answer keys were corrected (%(each)s): your result went from %(was)s to %(now)s.") % {
            **told,
            "each": ", ".join(each),
        }
    stays = standing.passed and moved[1] < moved[0]
    return f"{said} {_('That you passed stays.')}" if stays else said


def _moved(round_: Round) -> tuple[int, int] | None:
    """From and to how many percent the result of a round went; None where it did not."""
    counted, full = round_.counted
    own, all_ = round_.earned or Fraction(0), round_.full or Fraction(0)
    if not full or not all_ or counted / full == own / all_:
        return None
    was, now = whole_percent(own / all_), whole_percent(counted / full)
    assert was is not None
    assert now is not None
    return was, now


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y")
