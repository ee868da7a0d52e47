"""A path's version as one audience would read it, and versions of paths and modules to download."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.gates import author
from accounts.http import SignedInRequest
from accounts.models import Audience
from authoring import listing
from authoring.path_preview import PathPreview, path_version_named
from courses import exporting
from courses.models import ModuleVersion, PathVersion
from courses.views.media import refuse_inclusion, serve
from courses.views.players import render_with_players


@author
@require_safe
def preview(request: SignedInRequest, pk: int, audience: str) -> HttpResponse:
    """The path's page, with what it lists as it was imported last. Nothing is recorded."""
    others = {"audiences": list(Audience.objects.values_list("name", flat=True))}
    context = _preview(pk, audience).context() | others
    return render_with_players(request, "authoring/preview_path.html", context, html=context["html"])


@author
@require_safe
def media(request: SignedInRequest, pk: int, audience: str, digest: str, name: str) -> HttpResponseBase:
    """A file of the path's page, with the headers that it has for learners."""
    refuse_inclusion(request)
    return serve(request, _preview(pk, audience).media(digest, name), name=name)


@author
@require_safe
def module_package(request: SignedInRequest, pk: int) -> HttpResponse:
    """The files of a module's version as they were imported."""
    return _package(listing.version_named(pk))


@author
@require_safe
def path_package(request: SignedInRequest, pk: int) -> HttpResponse:
    """The files of a path's version and of everything below it."""
    return _package(path_version_named(pk))


def _package(version: ModuleVersion | PathVersion) -> HttpResponse:
    name = f"{version.identity.slug}-{version.number}.zip"
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {"Content-Disposition": disposition}
    return HttpResponse(exporting.zip_of(version), content_type="application/zip", headers=headers)


def _preview(pk: int, audience: str) -> PathPreview:
    if not Audience.objects.filter(pk=audience).exists():
        raise Http404
    return PathPreview(path_version_named(pk), audience)
