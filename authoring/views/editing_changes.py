"""What was written in the browser, afterwards: the earlier saves of a page, and patches to take into git."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.gates import author
from accounts.http import SignedInRequest
from authoring import browser_changes, listing
from authoring import saves as saved
from authoring.textdiff import compare
from authoring.views.editing import desk_of, form_for
from courses.models import ModuleVersion


@author
@require_safe
def saves(request: SignedInRequest, slug: str, path: str) -> HttpResponse:
    """Saves of a page, newest first, with what each changed; an earlier one can be put back.

    The open ones, or those that went into the draft whose number the address says (`in`).
    """
    desk = desk_of(request, slug, path)
    asked = request.GET.get("in", "")
    built = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    rows = saved.saves_of(desk, path, built=built)
    texts = [*(edit.text for edit in rows), saved.file_text(rows[-1].based_on) if rows else ""]
    told = [{"edit": edit, "rows": compare(texts[n + 1], edit.text)} for n, edit in enumerate(rows)]
    context = {
        "module": desk.module,
        "path": path,
        "title": desk.title(path),
        "saves": told,
        "built": built,
        "drafts": saved.drafts_with(desk, path),
        "form": form_for(desk, path, "", auto_id=False),
    }
    return render(request, "authoring/edit_saves.html", context)


@author
@require_safe
def lacking_patch(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a draft lacks of the changes made in the browser; 404 where it lacks nothing."""
    version = listing.version_named(pk)
    return _patch(browser_changes.missing_patch(version), version, "missing")


@author
@require_safe
def written_patch(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was written in the browser into a version; 404 where nothing was."""
    version = listing.version_named(pk)
    return _patch(browser_changes.written_patch(version), version, "written")


def _patch(data: bytes, version: ModuleVersion, word: str) -> HttpResponse:
    if not data:
        raise Http404
    response = HttpResponse(data, content_type="text/x-patch; charset=utf-8")
    name = f"{version.module.slug}-v{version.number}-{word}.patch"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
