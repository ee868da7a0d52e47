"""Every address of the site.

A view states who may use it (`accounts.gates`); `config.checks` refuses to start
while one states nothing.
"""

from __future__ import annotations

from typing import NoReturn

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path

from accounts.gates import public, signed_in

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Says that the process answers: no session, no query."""
    return HttpResponse("ok\n", content_type="text/plain")


@signed_in
def nothing_here(request: HttpRequest) -> NoReturn:
    """404 for the signed-in; everybody else signs in first, as for an address that exists."""
    raise Http404


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("authoring/", include("authoring.urls")),
    path("pages/", include("courses.urls")),
    path("", include("learning.urls")),
    # Below these, an address that does not exist must look like one that does.
    re_path(r"^(?:modules|paths|pages|completed|certificates|search|team|authoring)/(?:.*/)?$", nothing_here),
]
