"""The pages for what went wrong. They say what to do next and give nothing away."""

from __future__ import annotations

import errno
import logging
import secrets
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

logger = logging.getLogger("coursemark.errors")

RETRY = {"Retry-After": "2"}  # seconds
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, without the context of a page: the request may be too broken to ask who sent it."""
    return HttpResponseBadRequest(loader.render_to_string("400.html"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the sentence that the refusal gave, if it gave one."""
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that is older than the sign-in; behind a fragment, the browser loads its page anew."""
    told = _("This page is older than your sign-in. Load it again, then send the form once more.")
    response = render(request, "403.html", {"reason": told}, status=403)
    if request.headers.get("HX-Request"):
        response.headers["HX-Refresh"] = "true"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page for what does not exist and for what this person may not see."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, a page that needs nothing that may have failed, with a reference that the log has too.

    The log's line right before it, by Django, holds the traceback. A busy database and a full disk
    get here when no view was asked yet, as while the session or a form is read.
    """
    if (error := sys.exception()) is not None and (answer := passing(request, error)) is not None:
        return answer
    reference = secrets.token_hex(4)
    logger.error("reference %s: %s %s", reference, request.method, request.path)
    return HttpResponseServerError(loader.render_to_string("500.html", {"reference": reference}))


def passing(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """What is answered to a failure that is nobody's fault and goes by; None for any other."""
    if isinstance(error, OperationalError):
        return database_busy(request, error)
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return no_room(request, error)
    return None


def no_room(request: HttpRequest, error: OSError) -> HttpResponse:
    """507 where the disk has no room for what was sent, and nothing of it was kept."""
    reference = secrets.token_hex(4)
    logger.error("reference %s: %s %s: %s", reference, request.method, request.path, error)
    return HttpResponse(loader.render_to_string("507.html", {"reference": reference}), status=507)


def database_busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """503 where the database did not answer in time: a line for a form or a fragment, else a small page."""
    reference = secrets.token_hex(4)
    logger.error("reference %s: %s %s: %s", reference, request.method, request.path, error)
    if request.headers.get("HX-Request") or request.method not in ("GET", "HEAD"):
        text = _("Not saved. Try again in a moment.")
        return HttpResponse(text, content_type="text/plain", status=503, headers=RETRY)
    page = {"reference": reference, "again": request.get_full_path()}
    return HttpResponse(loader.render_to_string("503.html", page), status=503, headers=RETRY)
