"""Typed answers that nobody foresaw, and accepting one of them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring.unforeseen import Typed, accept, accepted_answers, typed_question, unforeseen_answers
from courses import access
from courses.models import Module


class AcceptForm(forms.Form):
    """The answer that is to count as right, and in which gap."""

    answer = forms.CharField(max_length=500, strip=False)
    place = forms.CharField(max_length=64, required=False)


@author
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The answers by how many people gave them; POST accepts one, which is answered with the list as it is
    then."""
    module = access.module_named(slug)
    asked = typed_question(module, pk)
    if request.method != "POST":
        return render(request, "authoring/unforeseen.html", _context(module, asked))
    form = AcceptForm(request.POST)
    if not form.is_valid():
        told = _("Choose one of the answers below.")
        context = _context(module, asked) | {"error": told}
        return render(request, "authoring/unforeseen.html", context, status=422)
    sent = form.cleaned_data
    done = accept(asked, sent["answer"], sent["place"], by=request.user)
    told = _("“%(answer)s” counts as right now.") if done else _("Something is said of “%(answer)s” already.")
    told %= {"answer": sent["answer"]}
    if request.htmx:
        context = _context(module, asked) | {"told": told}
        return render(request, "authoring/_unforeseen.html", context)
    (messages.success if done else messages.info)(request, told)
    return SeeOther(reverse("authoring_unforeseen", args=[slug, pk]))


def _context(module: Module, asked: Typed) -> dict[str, object]:
    return {
        "module": module,
        "asked": asked,
        "rows": unforeseen_answers(asked),
        "accepted": accepted_answers(asked),
    }
