"""“Something is wrong with this question”: a note to its authors, and their answers."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts import pace
from accounts.gates import signed_in
from accounts.http import SeeOther, SignedInRequest
from courses import access
from courses.models import SectionVersion
from learning import pages, question_reports
from learning.record import outline_of, record_of
from quizzes import gaps
from quizzes.models import QuestionVersion
from quizzes.text import plain

A_MINUTE = 6  # reports of one person


class ReportForm(forms.Form):
    """What is wrong, in the learner's words."""

    note = forms.CharField(
        label=gettext_lazy("What is wrong with it?"),
        max_length=question_reports.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write what is wrong, so that the authors can mend it.")},
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, uuid: UUID, quiz_key: str, question_key: str) -> HttpResponse:
    """What I reported of this question, what was answered, and the form; 429 for who is too fast."""
    section = access.section_by_uuid(request.user, uuid)
    wording = _wording(request, section, quiz_key, question_key)
    mine = question_reports.own(request.user, wording.question_id)
    waits = any(each.closed_at is None and each.question_version_id == wording.pk for each in mine)
    form = None if waits else ReportForm(request.POST if request.method == "POST" else None)
    back = f"{pages.section_url(section)}#q-{question_key}"
    status = 200
    if request.method == "POST" and form is not None and form.is_valid():
        if pace.keeps(request.user, "report", a_minute=A_MINUTE):
            note = form.cleaned_data["note"]
            question_reports.report(user=request.user, section=section, wording=wording, note=note)
            messages.success(
                request, _("Thank you. Its authors read your note; their answer comes to this page.")
            )
            return SeeOther(back)
        form.add_error(None, _("That was a lot at once. Please wait a minute, then send it again."))
        status = 429
    elif form is not None and form.errors:
        status = 422
    context = {"section": section, "asked": _text(wording), "mine": mine, "form": form, "back": back}
    answer = render(request, "learning/report.html", context, status=status)
    return pace.slowed(answer) if status == 429 else answer


def _wording(request: SignedInRequest, section: SectionVersion, quiz: str, question: str) -> QuestionVersion:
    """The wording that this learner is asked on the section; 404 where there is none, or it is locked."""
    record = record_of(request.user, section.version.module_id)
    outline = outline_of(request.user, section.version, record)
    item = outline.find(section.section_id)
    if item is None or item.state == "locked":
        raise Http404
    for standing in pages.checks_of(request.user, item, since=outline.since):
        for asked in (*standing.asked(), *standing.kept()):
            if standing.live.quiz.key == quiz and asked.spec.key == question:
                return asked.version
    raise Http404


def _text(wording: QuestionVersion) -> str:
    """What the question asks, as text with lines for its gaps."""
    spec = wording.spec
    return plain(gaps.fill(spec.stem_html, {slot.key: "____" for slot in spec.slots}))
