"""A path: what it is about, what it leads through, and how far one is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import signed_in
from accounts.http import SignedInRequest
from courses import access


@signed_in
@require_safe
def path(request: SignedInRequest, slug: str) -> HttpResponse:
    """A path's page; 404 to whom it, or everything above it, does not open."""
    found = access.path_for(request.user, slug)
    return render(request, "learning/path.html", {"path": found, "html": found.body.html})
