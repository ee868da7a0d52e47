"""The site, and beside it two views for a signed-in person: one returns stored bytes, one keeps a number."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

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


@signed_in
@require_POST
def upsert(request: SignedInRequest) -> HttpResponse:
    """The least that keeping an answer can be: same middleware and person; one statement, committed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_answer (person, question, answer) VALUES (%s, %s, %s)"
            " ON CONFLICT (person, question) DO UPDATE SET answer = excluded.answer",
            [request.user.pk, request.POST["question"], request.POST["answer"]],
        )
    return HttpResponse("Saved")


urlpatterns = [
    path("bench/minimal/", minimal),
    path("bench/upsert/", upsert),
    *urls.urlpatterns,
]
