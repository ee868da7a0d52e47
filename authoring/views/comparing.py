"""What a version would change for those who read the live one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import author
from accounts.http import SignedInRequest
from authoring import listing
from authoring.differences import difference, shown

UNFOLDED = 200  # lines of text that are shown without a click


@author
@require_safe
def compare(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every page that differs from the live version's, with its text; `?page=` shows one alone."""
    version = listing.version_named(pk)
    live = version.module.published_version
    found = difference(version, live)
    pages = shown(found, only=request.GET.get("page", ""))
    context = {
        "version": version,
        "live": live,
        "difference": found,
        "pages": pages,
        "unfolded": len(pages) == 1 or sum(len(page.rows) for page in pages) <= UNFOLDED,
    }
    return render(request, "authoring/compare.html", context)
