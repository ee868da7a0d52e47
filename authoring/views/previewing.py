"""Reading a version as one audience would, before or after it is live. Nothing is recorded."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.gates import author
from accounts.http import SignedInRequest
from accounts.models import Audience
from authoring import listing
from authoring.preview import Preview
from courses.views.media import refuse_inclusion, serve
from courses.views.players import render_with_players


@author
@require_safe
def module(request: SignedInRequest, pk: int, audience: str) -> HttpResponse:
    """The module's own page."""
    context = _preview(pk, audience).module_context() | _others()
    return render_with_players(request, "authoring/preview_module.html", context, html=context["html"])


@author
@require_safe
def page(request: SignedInRequest, pk: int, audience: str, page: UUID) -> HttpResponse:
    """A section; the index page is the module's own page here too."""
    preview = _preview(pk, audience)
    if page == preview.version.module.uuid:
        return module(request, pk, audience)
    context = preview.section_context(page) | _others()
    html = context["section"]["html"]
    return render_with_players(request, "authoring/preview_section.html", context, html=html)


@author
@require_safe
def media(
    request: SignedInRequest, pk: int, audience: str, page: UUID, digest: str, name: str
) -> HttpResponseBase:
    """A file of a page, with the headers that it has for learners."""
    refuse_inclusion(request)
    return serve(request, _preview(pk, audience).media(page, digest, name), name=name)


def _preview(pk: int, audience: str) -> Preview:
    if not Audience.objects.filter(pk=audience).exists():
        raise Http404
    return Preview(listing.version_named(pk), audience)


def _others() -> dict[str, list[str]]:
    return {"audiences": list(Audience.objects.values_list("name", flat=True))}
