"""The questions of a module with what first answers say of them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import author
from accounts.http import SignedInRequest
from authoring.questions import overview
from courses import access
from quizzes.figures import FEWEST, SURE


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
    """One question: its wordings side by side, and the options of each."""
    module = access.module_named(slug)
    found = overview(module)
    asked = found.find(pk)
    if asked is None:
        raise Http404
    context = {
        "module": module,
        "asked": asked,
        "together": found.reliability,
        "fewest": FEWEST,
        "sure": SURE,
    }
    return render(request, "authoring/question.html", context)
