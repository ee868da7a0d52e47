"""The questions of a module with what first answers say of them; reports of them, and answers to read."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring.questions import Asked, overview, texts
from courses import access
from courses.models import Module
from learning import question_reports
from learning.models import QuestionReport
from quizzes.figures import FEWEST, SURE

A_PAGE = 50  # answers


class AnswerForm(forms.Form):
    """What an author answers to a report; `report` says to which."""

    report = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=question_reports.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write an answer: the learner reads it.")},
    )


@author
@require_safe
def questions(request: SignedInRequest, slug: str) -> HttpResponse:
    """All questions of a module, what needs attention first."""
    module = access.module_named(slug)
    context = {"module": module, "overview": overview(module), "fewest": FEWEST, "sure": SURE}
    return render(request, "authoring/questions.html", context)


@author
@require_safe
def question(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """One question: its wordings side by side, the options of each, and what learners report of it."""
    return _question(request, access.module_named(slug), pk)


@author
@require_POST
def answer(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Answer a report of the question, which closes it."""
    module = access.module_named(slug)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _question(request, module, pk, form)
    asked = _asked(module, pk)
    told = (report for wording in asked.wordings for report in wording.reports)
    report = next((each for each in told if each.pk == form.cleaned_data["report"]), None)
    if report is None:
        raise Http404
    try:
        question_reports.answer(report=report, by=request.user, answer=form.cleaned_data["answer"])
    except question_reports.AlreadyAnswered:
        messages.warning(
            request, _("Another author has answered this report already. Your answer was not sent.")
        )
    else:
        messages.success(request, _("Answered. The learner reads it on the question's page."))
    return SeeOther(reverse("authoring_question", args=[slug, pk]) + "#reports")


@author
@require_safe
def answers(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """What people wrote to an open question, without names or dates; nothing of fewer than `FEWEST`."""
    module = access.module_named(slug)
    asked = _asked(module, pk)
    if asked.now.version.spec.type != "open":
        raise Http404
    written = texts(asked) if asked.answered >= FEWEST else texts(asked).none()
    shown = Paginator(written, A_PAGE).get_page(request.GET.get("page"))
    context = {"module": module, "asked": asked, "shown": shown, "fewest": FEWEST}
    return render(request, "authoring/answers.html", context)


def _asked(module: Module, pk: int) -> Asked:
    found = overview(module).find(pk)
    if found is None:
        raise Http404
    return found


def _question(
    request: SignedInRequest, module: Module, pk: int, form: AnswerForm | None = None
) -> HttpResponse:
    asked = _asked(module, pk)
    context = {"module": module, "asked": asked, "fewest": FEWEST, "reports": _reports(asked, form)}
    return render(request, "authoring/question.html", context, status=422 if form else 200)


def _reports(asked: Asked, sent: AnswerForm | None) -> list[tuple[QuestionReport, int, AnswerForm | None]]:
    """The reports of all wordings, open ones first, each with its wording and the form that answers it."""
    found = [(report, wording.number) for wording in asked.wordings for report in wording.reports]
    found.sort(key=lambda pair: pair[0].closed_at is not None)
    rows: list[tuple[QuestionReport, int, AnswerForm | None]] = []
    for report, number in found:
        form = None
        if report.closed_at is None:
            is_sent = sent is not None and sent["report"].value() == str(report.pk)
            form = sent if is_sent else AnswerForm(initial={"report": report.pk}, auto_id=f"%s-{report.pk}")
        rows.append((report, number, form))
    return rows
