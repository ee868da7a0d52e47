"""What completing a module gives: a page that says so, and a certificate."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.gates import signed_in
from accounts.http import SignedInRequest, moved
from courses import access
from learning import catalogue, pages
from learning.record import certificates_of, completions_of, is_asked, outline_of, record_of


@signed_in
@require_safe
def completed(request: SignedInRequest, slug: str) -> HttpResponse:
    """The module is completed: score, certificate, and what to take next. Before that, the module's page."""
    try:
        version = access.module_for(request.user, slug)
    except Http404:
        return moved(request, pages.completed_url(access.moved_module(request.user, slug)))
    completions = completions_of(request.user, version.module_id)
    if not completions:
        return HttpResponseRedirect(pages.module_url(version))
    completion = completions[0]
    outline = outline_of(request.user, version, record_of(request.user, version.module_id))
    open_ = ("asked", "under_way", "not_started")
    own = str(version.module.uuid)
    others = [c for c in catalogue.cards_for(request.user) if c.state in open_ and c.uuid != own]
    context = {
        "module": version,
        "module_url": pages.module_url(version),
        "completion": completion,
        "score": None if completion.score is None else int(completion.score * 100),
        "certificate_url": pages.certificate_url(completion.certificate),
        "earlier": [(found, pages.certificate_url(found.certificate)) for found in completions[1:]],
        "asked": pages.asked_line(outline, completion),
        "step": pages.next_step(version, outline),
        "outline": pages.toc(version, outline),
        "suggestion": others[0] if others else None,
    }
    return render(request, "learning/completed.html", context)


@signed_in
@require_safe
def certificate(request: SignedInRequest, serial: str) -> HttpResponse:
    """One's own certificate, to print. Other people's are a 404 until outsiders can check them."""
    found = get_object_or_404(certificates_of(request.user), serial=serial)
    completion = found.completion
    context = {
        "certificate": found,
        "score": None if completion.score is None else int(completion.score * 100),
        "opens": access.modules_for(request.user).filter(module=completion.module_id).exists(),
        "asked": is_asked(request.user, completion.module_id),
    }
    return render(request, "learning/certificate.html", context)
