"""Publishing what is ticked of an upload: all of it, or nothing."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring import uploads
from authoring.batches import Batch, Row
from authoring.models import State, Upload
from authoring.release import Overtaken, Refused, release_all
from courses.circles import Circle
from courses.models import ModuleVersion, PathVersion
from courses.publishing import Conflict


@author
@require_POST
def publish(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Release what is ticked over what the author saw as live; 409 when that is another one by now."""
    found = uploads.named(uuid)
    if found.state != State.ACCEPTED:
        raise Http404
    batch = Batch(found, request.POST)
    context = {"upload": found, "batch": batch, "corrected": uploads.is_corrected(found)}
    if meanwhile := batch.live_meanwhile():
        return _published_meanwhile(request, found, meanwhile)
    if not batch.is_valid():
        return render(request, "authoring/batch.html", context, status=422)
    try:
        receipt = release_all(
            batch.chosen(),
            by=request.user,
            why=batch.form.cleaned_data["why"],
            over=batch.seen(ModuleVersion),
            paths=batch.paths(),
            paths_over=batch.seen(PathVersion),
        )
    except Refused as refused:
        batch.line_of(refused.version).form.add_error(refused.field, refused.here)
        return render(request, "authoring/batch.html", context, status=422)
    except (Overtaken, Conflict) as reason:
        return _not_now(request, found, reason)
    return SeeOther(reverse("authoring_receipt", args=[receipt.id]))


def _published_meanwhile(request: SignedInRequest, upload: Upload, live: list[Row]) -> HttpResponse:
    """Pressed twice, it is done; else somebody else was faster, which is told."""
    others = [version for version in live if version.published_by != request.user]
    if not others:
        return SeeOther(reverse("authoring_uploaded", args=[upload.uuid]))
    return _not_now(request, upload, Overtaken(others[0]))


def _not_now(request: SignedInRequest, upload: Upload, reason: Overtaken | Conflict) -> HttpResponse:
    context = {
        "upload": upload,
        "reason": reason,
        "overtaken": isinstance(reason, Overtaken),
        "circle": isinstance(reason, Circle),
        "why": request.POST.get("why", ""),
    }
    return render(request, "authoring/batch_not_now.html", context, status=409)
