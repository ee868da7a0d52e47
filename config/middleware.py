"""What every answer of the site has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.gates import bearer
from config.errors import passing

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Bytes; the largest form is the upload of a list of people.
LARGEST_FORM = 2 * 1024 * 1024

# Nothing on the site asks for any of these, so nothing that slips into a page may either.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip

TAKES_FILES = ("authoring_upload", "authoring_edit_image")
SIGN_OUT = ("account_logout", "admin:logout")


def security_headers(get_response: GetResponse) -> GetResponse:
    """On every answer, static files and errors included: nobody embeds it, and it asks for no device."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


def private_unless_said(get_response: GetResponse) -> GetResponse:
    """Nobody else's cache keeps a page, and one's own asks again before it shows it.

    "no-cache" rather than "no-store": a tab that a phone discarded comes back. A view
    that says more (`no-store` on exports) is left alone. Signing out also empties what
    the browser kept.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache"
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie", "HX-Request"])
        match = request.resolver_match
        if request.method == "POST" and match is not None and match.view_name in SIGN_OUT:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return middleware


def bodies_within_bounds(get_response: GetResponse) -> GetResponse:
    """Refuse a body that no form of the site sends, before anything reads it.

    The CSRF check would read a form of any size, files and all, before anybody is asked who
    they are. Where a module or a picture is uploaded the view itself looks at the size first. A request
    that states no length is read as an empty one.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        stated = request.META.get("CONTENT_LENGTH") or "0"
        too_large = not stated.isdigit() or int(stated) > LARGEST_FORM
        if too_large and not _takes_files(request.path_info):
            return HttpResponse(
                _("This is more than the site accepts."), status=413, content_type="text/plain"
            )
        return get_response(request)

    return middleware


def _takes_files(path: str) -> bool:
    """Whether the view at this address looks at the size of what it is sent before it reads it."""
    try:
        return resolve(path).view_name in TAKES_FILES
    except Resolver404:
        return False


class PassingFailures:
    """Answers 503 where the database kept a view waiting for too long, and 507 where the disk is full."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do while all is well."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Its transaction was taken back by now: nothing of it was written."""
        return passing(request, exception)


class SignInFirst(LoginRequiredMiddleware):
    """Every page asks for sign-in unless its view is public.

    A fragment is never answered with the sign-in page, which htmx would put in the middle of
    the reader's own: the browser is sent to sign in and from there back to the page it shows.
    The status is 401, so that nobody takes the answer for "saved".
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], *args: Any
    ) -> HttpResponseBase | None:
        """Asks nobody who they are where it does not matter: a public page loads no session."""
        if not getattr(view_func, "login_required", True):
            return None
        if getattr(view_func, "takes_tokens", False) and bearer(request) is not None:
            return None  # the view knows the token, or refuses it
        refused = super().process_view(request, view_func, *args)
        if refused is None and "\0" in request.path_info:
            raise Http404  # it names nothing, and PostgreSQL refuses to be asked for it
        return refused

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """The way to sign in and back: a redirect, or for a fragment a word to htmx."""
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        sign_in = f"{resolve_url('account_login')}?{urlencode({'next': _page_of(request, htmx)}, safe='/')}"
        if not htmx:
            return HttpResponseRedirect(sign_in)
        return HttpResponse(status=401, headers={"HX-Redirect": sign_in})


def _page_of(request: HttpRequest, htmx: HtmxDetails) -> str:
    """The page that the visitor had before them: what a form posts to cannot be looked at.

    Whose form was lost is told so on that page (`unsaved`), after signing in again.
    """
    safe = request.method in ("GET", "HEAD")
    if htmx:
        page = urlsplit(htmx.current_url_abs_path or "/")
    elif safe:
        return request.get_full_path()
    else:
        referer = urlsplit(request.headers.get("Referer", ""))
        page = urlsplit(referer.path if referer.netloc == request.get_host() and referer.path else "/")
    return page.geturl() if safe else page._replace(query="unsaved").geturl()
