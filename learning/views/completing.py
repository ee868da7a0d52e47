"""What completing a module gives: a page that says so, and a certificate."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.gates import signed_in
from accounts.http import SignedInRequest
from courses import access
from learning import catalogue, pages
from learning.record import certificates_of, completion_of, outline_of, record_of


@signed_in
@require_safe
def completed(request: SignedInRequest, slug: str) -> HttpResponse:
    """The module is completed: score, certificate, and what to take next. Before that, the module's page."""
    version = access.module_for(request.user, slug)
    completion = completion_of(request.user, version.module_id)
    if completion is None:
        return HttpResponseRedirect(pages.module_url(version))
    outline = outline_of(request.user, version, record_of(request.user, version.module_id))
    others = [
        card for card in catalogue.cards_for(request.user) if card.state in ("under_way", "not_started")
    ]
    context = {
        "module": version,
        "module_url": pages.module_url(version),
        "completion": completion,
        "score": None if completion.score is None else int(completion.score * 100),
        "certificate_url": pages.certificate_url(completion.certificate),
        "outline": pages.toc(version, outline),
        "suggestion": others[0] if others else None,
    }
    return render(request, "learning/completed.html", context)


@signed_in
@require_safe
def certificate(request: SignedInRequest, serial: str) -> HttpResponse:
    """One's own certificate, to print. Other people's are a 404 until outsiders can check them."""
    found = get_object_or_404(certificates_of(request.user), serial=serial)
    score = found.completion.score
    context = {"certificate": found, "score": None if score is None else int(score * 100)}
    return render(request, "learning/certificate.html", context)
