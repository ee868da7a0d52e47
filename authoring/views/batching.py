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
from authoring.batches import Batch
from authoring.models import State
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
        batch.line_of(refused.version).form.add_error(refused.field, refused.text)
        return render(request, "authoring/batch.html", context, status=422)
    except (Overtaken, Conflict) as reason:
        told = {"upload": found, "reason": reason, "overtaken": isinstance(reason, Overtaken)}
        told |= {"circle": isinstance(reason, Circle)}
        return render(request, "authoring/batch_not_now.html", told, status=409)
    return SeeOther(reverse("authoring_receipt", args=[receipt.id]))
