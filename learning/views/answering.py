"""Answering a check, and marking a section as done. Every answer goes through its section's gate."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import signed_in
from accounts.http import SeeOther, SignedInRequest
from courses import access
from courses.models import SectionVersion
from learning import checks, pages, progress
from learning.deadlines import hand_in_overdue
from learning.outline import Outline
from learning.record import outline_of, record_of
from learning.views import reading
from quizzes import rounds
from quizzes.models import QuizVersion
from quizzes.sent import Changed, Late, NotAsked, Outcome, Sent
from quizzes.standing import Standing, standing_of

LARGEST_SEQ = 2**53


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: SignedInRequest, uuid: UUID, quiz_key: str) -> HttpResponse:
    """Save, check, ask again or show, as the pressed button says.

    Without scripts an answer with a question in it is a page at this address; whoever asks for
    the address later is led to the section.
    """
    section = access.section_by_uuid(request.user, uuid)
    if request.method != "POST":
        return HttpResponseRedirect(f"{pages.section_url(section)}#check-{quiz_key}")
    since = _refuse_locked(request, section).since
    quiz = _quiz(section, quiz_key)
    act, _colon, question = request.POST.get("act", "save").partition(":")
    try:
        sent = read_form(request.POST, act=act, question=question)
    except ValueError:
        return HttpResponseBadRequest(_("This form is damaged. Reload the page and try again."))
    try:
        return _act(request, section, quiz, sent, act, question, since)
    except NotAsked:
        return HttpResponseBadRequest(_("This question is not part of your round. Reload the page."))
    except Changed as changed:
        hand_in_overdue([request.user])
        return _changed(request, section, quiz, late=isinstance(changed, Late))


def read_form(post: QueryDict, *, act: str, question: str) -> Sent:
    """What the form sends. Raises ValueError when it is not a form of ours.

    A question that is named (saved or checked by itself) and has no choice was left
    blank. So was a question of several ticks that sends none, unless only another one is
    checked: then a page that stands open elsewhere must not take its ticks away.
    """
    seq = int(post.get("seq") or 0)
    if not 0 <= seq < LARGEST_SEQ:
        raise ValueError(seq)
    answers = _answers(post)
    # A "Save" without scripts names the question it stands at, and saves them all.
    named = post.get("question", "") if act == "save" else question
    if named:
        chosen = answers.get(named, [])
        others = {} if act == "save" else {key: sent for key, sent in answers.items() if sent}
        answers = {**others, named: chosen}
    return Sent(
        token=post.get("round", ""),
        sender=UUID(post.get("key", "")),
        seq=seq,
        answers=answers,
        language=get_language() or "",
    )


def _answers(post: QueryDict) -> dict[str, list[str]]:
    """What was given, by question. A field `answer-question.place` is its entry "place:given"."""
    answers: dict[str, list[str]] = {}
    for name in post:
        if name.startswith("answer-"):
            question, dot, place = name.removeprefix("answer-").partition(".")
            given = [f"{place}:{each}" if dot else each for each in post.getlist(name) if each]
            answers.setdefault(question, []).extend(given)
    return answers


def _act(
    request: SignedInRequest,
    section: SectionVersion,
    quiz: QuizVersion,
    sent: Sent,
    act: str,
    question: str,
    since: datetime | None,
) -> HttpResponse:
    user = request.user
    if act == "save":
        saved = progress.save_answers(user=user, section=section, quiz=quiz, sent=sent)
        return _saved(request, section, saved, question)
    if act in ("start", "again"):
        standing = progress.begin_round(user=user, section=section, quiz=quiz, sent=sent)
        return _fragment(request, section, standing, focus=f"check-{standing.live.quiz.key}")
    if act == "ask":
        standing = progress.ask_for_try(user=user, section=section, quiz=quiz)
        return _fragment(request, section, standing, focus=f"result-{standing.live.quiz.key}")
    if act == "show":
        standing = rounds.show(user=user, quiz=quiz, sent=sent, question=question, since=since)
        return _fragment(request, section, standing, focus=f"verdict-{question}", question=question)
    if act not in ("check", "check-all", "check-anyway"):
        raise NotAsked(act)
    outcome = progress.check_answers(
        user=user,
        section=section,
        quiz=quiz,
        sent=sent,
        only=question if act == "check" else None,
        blanks_too=act == "check-anyway",
    )
    return _checked(request, section, outcome, question)


def _saved(
    request: SignedInRequest, section: SectionVersion, outcome: Outcome, question: str
) -> HttpResponse:
    key = outcome.standing.live.quiz.key
    if outcome.already:
        return _fragment(request, section, outcome.standing, focus=f"notice-{key}", notice=_already())
    if outcome.refused:
        return _refused(request, section, outcome, words_only=bool(request.htmx))
    if request.htmx:
        return HttpResponse(_("Saved"))
    return SeeOther(f"{pages.section_url(section)}#" + (f"q-{question}" if question else f"check-{key}"))


def _already() -> str:
    return _("Already checked in another tab or on another device: that answer counts.")


def _checked(
    request: SignedInRequest, section: SectionVersion, outcome: Outcome, question: str
) -> HttpResponse:
    if outcome.refused:
        return _refused(request, section, outcome)
    if outcome.blanks:
        return _blank(request, section, outcome, only=bool(question))
    notice = _already() if outcome.already else ""
    key = outcome.standing.live.quiz.key
    focus = f"verdict-{question}" if question else f"result-{key}"
    return _fragment(request, section, outcome.standing, focus=focus, notice=notice, question=question)


def _fragment(
    request: SignedInRequest,
    section: SectionVersion,
    standing: Standing,
    *,
    focus: str,
    notice: str = "",
    question: str = "",
) -> HttpResponse:
    """The check as it is now, with the outline beside it; without htmx, back to the question."""
    if not request.htmx and not notice:
        return SeeOther(f"{pages.section_url(section)}#{focus}")
    view, outline = _drawn(request, section, standing)
    view.notice, view.focus = notice, focus
    view.announce = _announcement(view, question)
    return _answer(request, section, view, outline, status=200 if not notice else 409)


def _blank(
    request: SignedInRequest, section: SectionVersion, outcome: Outcome, *, only: bool
) -> HttpResponse:
    view, outline = _drawn(request, section, outcome.standing)
    view.explain_blanks(outcome.blanks, only=only)
    return _answer(request, section, view, outline, status=422)


def _refused(
    request: SignedInRequest, section: SectionVersion, outcome: Outcome, *, words_only: bool = False
) -> HttpResponse:
    """The check with what was sent still in it, kept or not; a save of htmx has room for the words alone."""
    view, outline = _drawn(request, section, outcome.standing)
    view.explain_refused(outcome.refused)
    if words_only:
        return HttpResponse(view.announce, status=422)
    return _answer(request, section, view, outline, status=422)


def _changed(
    request: SignedInRequest, section: SectionVersion, quiz: QuizVersion, *, late: bool
) -> HttpResponse:
    outline = _outline(request, section)
    standing = standing_of(request.user, quiz, outline.since)
    view = _view(section, standing, outline)
    view.notice = _(
        "This check has moved on since you opened this page, perhaps in another tab. "
        "This is how it stands now."
    )
    if late:
        view.notice = _(
            "The time was up when this answer came. What was saved by then was handed in; "
            "this answer does not count."
        )
    view.focus = f"notice-{view.key}"
    return _answer(request, section, view, outline, status=409)


def _answer(
    request: SignedInRequest,
    section: SectionVersion,
    view: checks.CheckView,
    outline: Outline,
    *,
    status: int,
) -> HttpResponse:
    if request.htmx:
        html = render_to_string("learning/_check.html", {"check": view}, request)
        toc = pages.toc(section.version, outline, section.section_id)
        html += render_to_string(
            "learning/_outline.html", {"outline": toc, "module": toc, "oob": True}, request
        )
        return HttpResponse(html, status=status)
    if section.slug:
        context = reading.section_context(request, section, outline)
        template = "learning/section.html"
    else:
        record = record_of(request.user, section.version.module_id)
        version = access.module_for(request.user, section.version.module.slug)
        context = reading.module_context(request, version, record, outline)
        context |= reading.checks_context(request, section, outline)
        template = "learning/module.html"
    context["checks"] = [view if view.key == other.key else other for other in context["checks"]]
    return render(request, template, context, status=status)


def _drawn(
    request: SignedInRequest, section: SectionVersion, standing: Standing
) -> tuple[checks.CheckView, Outline]:
    outline = _outline(request, section)
    return _view(section, standing, outline), outline


def _view(section: SectionVersion, standing: Standing, outline: Outline) -> checks.CheckView:
    view = checks.view_of(standing, page=section.section.uuid, headings=section.body.headings)
    reading.lead_on(view, section, outline)
    return view


def _outline(request: SignedInRequest, section: SectionVersion) -> Outline:
    return outline_of(request.user, section.version, record_of(request.user, section.version.module_id))


def _announcement(view: checks.CheckView, question: str) -> str:
    card = view.question(question)
    if view.state in ("missed", "passed") and view.result_line:
        return f"{card.verdict}. {view.result_line}" if card and card.verdict else view.result_line
    so_far = view.so_far
    if card is not None and card.shown:
        return _("The right answer is shown.")
    if not question and view.round_line:
        return f"{view.round_line}." if view.exam else f"{view.round_line}. {so_far}."
    return f"{card.verdict}. {so_far}." if card and card.verdict else so_far


def _quiz(section: SectionVersion, key: str) -> QuizVersion:
    for row in section.section_checks.select_related("quiz_version__quiz"):
        if row.quiz_version.quiz.key == key:
            return row.quiz_version
    raise Http404


def _refuse_locked(request: SignedInRequest, section: SectionVersion) -> Outline:
    """An answer is refused while its section is locked; returns the outline, in which it is not."""
    outline = _outline(request, section)
    item = outline.find(section.section_id)
    if item is None or item.state == "locked":
        raise Http404
    return outline


@signed_in
@require_POST
def mark_done(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """The learner says that they are done with a section that has no check to pass."""
    section = access.section_by_uuid(request.user, uuid)
    _refuse_locked(request, section)
    if not progress.mark_done(user=request.user, section=section):
        return HttpResponseBadRequest(_("This section is done when its check is passed."))
    outline = _outline(request, section)
    if outline.complete:
        return SeeOther(pages.completed_url(section.version))
    return SeeOther(
        pages.item_url(section.version, outline.next) if outline.next else pages.module_url(section.version)
    )
