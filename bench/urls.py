"""The site, and beside it a view that does nothing but return stored bytes to a signed-in person."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from django.http import HttpResponse
from django.urls import path

from accounts.gates import signed_in
from accounts.http import SignedInRequest
from config import urls

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@cache
def stored() -> bytes:
    """The bytes of the page that it is measured beside: the same size on the wire."""
    return Path(os.environ["BENCH_STORED"]).read_bytes()


@signed_in
def minimal(request: SignedInRequest) -> HttpResponse:
    """Same middleware, session and person; then bytes."""
    assert request.user.is_active
    return HttpResponse(stored())


urlpatterns = [path("bench/minimal/", minimal), *urls.urlpatterns]
