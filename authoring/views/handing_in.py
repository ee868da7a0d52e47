"""What a program gets that hands in packages with an upload token: JSON, and nothing but its uploads."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from authoring import reading, uploads
from authoring.models import State, Upload, UploadToken
from courses.models import PathVersion

ZIP = "application/zip"
REFUSED = {"WWW-Authenticate": 'Bearer realm="uploads"'}


def unauthorised() -> JsonResponse:
    """401: the token is wrong, revoked, or its author's powers are gone."""
    told = {"error": _("This token is not known, or does not work any more.")}
    return JsonResponse(told, status=401, headers=REFUSED)


def take_in(request: HttpRequest, token: UploadToken) -> JsonResponse:
    """Keep what was sent, as the form does, and answer 202 with the address that says what becomes of it.

    The package is a field of a form, or the body itself (`application/zip`).
    """
    sent = [_body(request)] if request.content_type == ZIP else request.FILES.getlist("package")
    try:
        return _receive(request, token, sent)
    finally:
        for file in sent:  # the request closes those of a form alone
            file.close()


def _receive(request: HttpRequest, token: UploadToken, sent: Sequence[UploadedFile[Any]]) -> JsonResponse:
    if not any(file.size for file in sent):
        told = _("Send a .zip as the body (Content-Type: application/zip), or as the field “package”.")
        return JsonResponse({"error": told}, status=422)
    try:
        found, _is_new = uploads.receive(sent, by=token.by, token=token)
    except uploads.TooMany:
        told = _("Too many uploads at once, or in an hour. Try again later.")
        return JsonResponse({"error": told}, status=429, headers={"Retry-After": "60"})
    reading.start(found)
    found.refresh_from_db()
    return JsonResponse(as_json(request, found), status=202, headers={"Location": _address(request, found)})


def as_json(request: HttpRequest, found: Upload) -> dict[str, Any]:
    """How far an upload is, what is wrong with it, and what it holds."""
    stopped = not found.is_final and not uploads.is_read(found)
    if stopped:
        found.refresh_from_db()  # it may have ended between the two looks
    told: dict[str, Any] = {
        "upload": str(found.uuid),
        "url": _address(request, found),
        "name": found.name,
        "state": "interrupted" if stopped and not found.is_final else found.state,
        "problems": [{k: v for k, v in p.items() if k != "excerpt"} for p in found.problems],
    }
    if found.state == State.ACCEPTED:
        told["drafts"] = [_draft(request, draft.row, draft.created) for draft in _drafts(found)]
    elif not found.is_final:
        told["progress"] = {
            "phase": found.phase,
            "page": found.page,
            "done": found.done,
            "total": found.total,
        }
    return told


def _body(request: HttpRequest) -> UploadedFile[Any]:
    """The body as a file, read piece by piece."""
    file = TemporaryUploadedFile("upload", ZIP, 0, None)
    file.name = _name(request.GET.get("name", ""))
    try:
        while chunk := request.read(64 * 1024):
            file.write(chunk)
        file.size = file.tell()
        file.seek(0)
    except BaseException:  # a full disk, or nobody there any more: what came goes at once
        with suppress(OSError):
            file.close()
        raise
    return file


def _name(given: str) -> str:
    """What a program calls its package: the last part of it, as far as that is text."""
    last = given.replace("\\", "/").rpartition("/")[2]
    name = "".join(filter(str.isprintable, last))[:255]
    return name if name.strip(". ") else "upload.zip"


def _drafts(found: Upload) -> Any:
    return found.drafts.select_related("version__module", "path_version__path")


def _draft(request: HttpRequest, row: Any, created: bool) -> dict[str, Any]:
    kind = "path" if isinstance(row, PathVersion) else "module"
    told = {"kind": kind, "title": row.title, "version": row.number, "created": created}
    if kind == "module":
        told["url"] = request.build_absolute_uri(reverse("authoring_version", args=[row.pk]))
    return told


def _address(request: HttpRequest, found: Upload) -> str:
    return request.build_absolute_uri(reverse("authoring_uploaded", args=[found.uuid]))
