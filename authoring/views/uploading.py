"""Taking in a package: first whether it is too large, then it is kept; reading it is another process's work.

The answer is the address of the upload, which says how far that is and in the end what came of it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import author, author_or_token, bearer
from accounts.http import SeeOther, SignedInRequest
from authoring import listing, reading, tokens, uploads
from authoring.batches import Batch
from authoring.forms import UploadForm
from authoring.models import State, Upload
from authoring.views.handing_in import as_json, take_in, unauthorised
from authoring.views.modules import overview_context
from markup.package import Limits

# A form is a little more than the file in it: its other fields and the lines between them.
LARGEST_BODY = Limits().zip + 64 * 1024


@csrf_exempt  # the form's token is in the body, which is not read before its size and its sender are known
@author_or_token
@require_POST
def upload(request: SignedInRequest) -> HttpResponse:
    """An author's upload, or a program's. The size that it states is all of it that is ever read."""
    text = bearer(request)
    token = tokens.known(text) if text is not None else None
    if text is not None and token is None:
        return unauthorised()
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return render(request, "authoring/too_large.html", status=413)
    return _upload(request) if token is None else take_in(request, token)


@csrf_protect
def _upload(request: SignedInRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "authoring/overview.html", overview_context(form), status=422)
    sent = form.cleaned_data
    try:
        found, is_new = uploads.receive(sent["package"], by=request.user, key=sent["key"])
    except uploads.TooMany as too_many:
        return render(request, "authoring/too_many.html", {"at_once": too_many.at_once}, status=429)
    if is_new:
        reading.start(found)
    return SeeOther(_address(found))


@author_or_token
@require_safe
def progress(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """How far an upload is, and in the end what came of it. htmx asks again until there is a result.

    A program gets the same as JSON, of what was handed in in its author's name.
    """
    if (text := bearer(request)) is not None:
        token = tokens.known(text)
        if token is None:
            return unauthorised()
        return JsonResponse(as_json(request, uploads.named(uuid, by=token.by)))
    found = uploads.named(uuid)
    running = uploads.is_read(found)
    if request.htmx.target == "progress" and not running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = _TEMPLATES[found.state if found.is_final else running]
    return render(request, template, _context(found, request.GET))


@author
@require_POST
def again(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Read an upload once more that was interrupted; pressed twice, it is read once."""
    found = uploads.named(uuid)
    reading.start(found)
    return SeeOther(_address(found))


@author
@require_safe
def with_ids(request: SignedInRequest, uuid: UUID) -> FileResponse:
    """What was sent, with the uuids and question ids that it lacks."""
    found = uploads.named(uuid)
    archive = uploads.corrected(found)
    if archive is None:
        raise Http404
    name = f"{found.name.rpartition('.')[0] or found.name}-with-ids.zip"
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")


_TEMPLATES: dict[str | bool, str] = {
    True: "authoring/upload_running.html",
    False: "authoring/upload_stopped.html",
    State.BROKEN: "authoring/upload_stopped.html",
    State.REFUSED: "authoring/refused.html",
    State.ACCEPTED: "authoring/batch.html",
}


def _context(found: Upload, asked: QueryDict) -> dict[str, Any]:
    context: dict[str, Any] = {"upload": found, "name": found.name, "corrected": uploads.is_corrected(found)}
    if found.state == State.REFUSED:
        errors = sum(1 for problem in found.problems if problem["severity"] == "error")
        problems = [listing.Told(problem, problem["excerpt"]) for problem in found.problems]
        return context | {
            "errors": errors, "others": len(problems) - errors, "problems": problems, "form": UploadForm()
        }  # fmt: skip
    if found.state == State.ACCEPTED:
        none_ticked, why = asked.get("tick") == "none", asked.get("why", "")
        return context | {"batch": Batch(found, none_ticked=none_ticked, why=why)}
    return context | {"is_kept": uploads.are_kept(found)}


def _address(found: Upload) -> str:
    return reverse("authoring_uploaded", args=[found.uuid])
