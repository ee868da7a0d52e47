"""Whose results a draft would change by what it judges differently, before anybody decides it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import author
from accounts.http import SignedInRequest
from authoring import listing
from authoring.correction_forms import CorrectionForm
from authoring.corrections import asked, decided
from authoring.touching import touched
from learning.correcting import dry_run


@author
@require_safe
def corrections(request: SignedInRequest, pk: int) -> HttpResponse:
    """The choices for each question, and what they would do together: in numbers, then by name for those who
    oversee these people."""
    version = listing.version_named(pk)
    live = version.module.published_version
    form = CorrectionForm(request.GET or None, judged=asked(live, version))
    chosen = form.corrections if form.is_bound and form.is_valid() else ()
    plan = dry_run(version, decided(form.judged, chosen))
    context = {
        "version": version,
        "live": live,
        "form": form,
        "plan": plan,
        "touched": touched(plan, by=request.user),
    }
    return render(request, "authoring/corrections.html", context)
