"""What a check says of itself in a line: its rule, its result, how many rounds, how long, and when again."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes import spec
from quizzes.models import ExtraTry, Round
from quizzes.standing import Standing

if TYPE_CHECKING:
    from learning.checks import CheckView


def rule_line(rule: spec.Rule, questions: list[spec.Question], minutes: Fraction | None = None) -> str:
    """The rule in one line, told before the first question. `minutes` are this learner's, where time is
    limited."""
    parts = [ngettext("%(n)d question", "%(n)d questions", len(questions)) % {"n": len(questions)}]
    points = [question.points for question in questions if question.is_graded]
    count, worth = len(points), set(points) or {Fraction(0)}
    if worth == {Fraction(0)}:
        parts.append(_("answer all of them to pass"))
    elif len(worth) == 1:
        needed = ceil(rule.pass_share * count)
        parts.append(ngettext("%(n)d right to pass", "%(n)d right to pass", needed) % {"n": needed})
    else:
        parts.append(_("%(share)s of the points to pass") % {"share": percent(rule.pass_share)})
    parts.append(_rounds(rule))
    if minutes is not None:
        parts.append(minutes_words(minutes))
    parts.append(_("your manager sees state, tries and scores"))
    return " · ".join(parts)


def _rounds(rule: spec.Rule) -> str:
    if rule.attempts is None:
        return _("as many sittings as you like") if rule.is_exam else _("as many rounds as you like")
    if rule.is_exam:
        return ngettext("%(n)d sitting", "%(n)d sittings", rule.attempts) % {"n": rule.attempts}
    return ngettext("%(n)d round", "%(n)d rounds", rule.attempts) % {"n": rule.attempts}


def minutes_words(minutes: Fraction) -> str:
    """A length of time, such as "25 minutes" or "7 min 30 s"."""
    if minutes.denominator == 1:
        return ngettext("%(n)d minute", "%(n)d minutes", int(minutes)) % {"n": minutes}
    return _("%(n)d min %(s)d s") % {"n": int(minutes), "s": int(minutes % 1 * 60)}


def round_line(standing: Standing, number: int) -> str:
    """Which round this is, of how many; empty in the first of as many as they like."""
    exam, left = standing.version.spec_rule.is_exam, standing.tries_left
    if left is not None and standing.is_open:
        begun = any(response.checked_at for response in standing.of_last())
        told = {"n": standing.tries + (not begun), "all": standing.tries + max(left, not begun)}
        return _("Sitting %(n)d of %(all)d") % told if exam else _("Round %(n)d of %(all)d") % told
    if number == 1:
        return ""
    return _("Sitting %(n)d") % {"n": number} if exam else _("Round %(n)d") % {"n": number}


def start_line(minutes: Fraction | None) -> str:
    """What begins with the start, where time is limited."""
    if minutes is None:
        return ""
    return _(
        "You have %(minutes)s from the moment you start. Your answers are saved as you give them; when the "
        "time is up, they are handed in as they are. If you need more time, ask your manager before you "
        "start or while you are at it."
    ) % {"minutes": minutes_words(minutes)}


def granted_line(extra: ExtraTry) -> str:
    """Who gave another try, and why."""
    told = {"who": extra.granted_by, "why": extra.reason}
    return _("%(who)s gave you another try: “%(why)s”") % told


def when(at: datetime) -> str:
    """A moment to come, in words for people."""
    local, today = timezone.localtime(at), timezone.localdate()
    told = {"time": time_format(local, "H:i"), "day": date_format(local, "j F")}
    if local.date() == today:
        return _("today at %(time)s") % told
    if local.date() == today + timedelta(days=1):
        return _("tomorrow at %(time)s") % told
    return _("on %(day)s at %(time)s") % told


def minutes_left(unchecked: int) -> int:
    """Whole minutes for this many questions (two a minute)."""
    return max(1, ceil(unchecked / 2))


def tell_results(view: CheckView, standing: Standing) -> None:
    """Fill in how the last finished round went, and what counts beside it."""
    last = standing.last
    if last is not None and last.earned is not None:
        partly = 0 if view.exam else sum(1 for share in standing.best().values() if 0 < share < 1)
        parts = [view.so_far]
        parts += [_("%(n)d partly") % {"n": partly}] if partly else []
        told = {"parts": ", ".join(parts), "share": _share(*last.counted)}
        told["needed"] = percent(standing.version.spec_rule.pass_share)
        if not view.graded:
            view.result_line = _("%(parts)s. Thank you.") % told if standing.passed else view.so_far
        elif standing.passed:
            view.result_line = _("%(parts)s. Passed with %(share)s.") % told
        elif view.exam:
            view.result_line = _("%(parts)s: %(share)s. You pass with %(needed)s.") % told
        else:
            view.result_line = _("%(parts)s so far: %(share)s. You pass with %(needed)s.") % told
    judged = [round_ for round_ in standing.rounds if round_.earned is not None]
    first = judged[0] if len(standing.rounds) > 1 and judged[:1] == standing.rounds[:1] else None
    if view.graded and first is not None:
        told = {"share": _share(first.earned, first.full)}
        view.first_line = (_("First sitting: %(share)s") if view.exam else _("First round: %(share)s")) % told
        if view.exam and len(judged) > 1:
            view.first_line += " · " + _which_counts(judged)


def _which_counts(judged: list[Round]) -> str:
    counting = judged[0]
    for round_ in judged[1:]:
        counting = round_.or_better(counting)
    told = {"share": _share(*counting.counted)}
    if counting.best_counts:
        return _("your best sitting counts: %(share)s") % told
    return _("your last sitting counts: %(share)s") % told


def _share(earned: Fraction | None, full: Fraction | None) -> str:
    return percent(earned / full) if earned is not None and full else percent(Fraction(1))


def percent(share: Fraction) -> str:
    """Whole percent, rounded down: 100 % means all of it."""
    return f"{share.numerator * 100 // share.denominator} %"
