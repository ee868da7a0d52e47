"""What a request says about the person behind it, for views and for every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseRedirect
from django_htmx.middleware import HtmxDetails

from accounts import demo
from accounts.models import User
from accounts.permissions import Visitor, may_admin, may_author, may_team

THEMES = ("light", "dark")


class SeeOther(HttpResponseRedirect):
    """What a form answers once it has done its work: go and look (303), with a GET."""

    status_code = 303


def moved(request: HttpRequest, url: str) -> HttpResponseRedirect:
    """To where a page stands today, with the rest of the address that was asked for.

    302: a page may stand at the old address again tomorrow, and whom it opens to is asked each time.
    """
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{url}?{query}" if query else url)


class SignedInRequest(HttpRequest):
    """A request behind a gate: its user is a person, never anonymous."""

    user: User
    htmx: HtmxDetails


def site(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `site_name`, `contact`, `theme`, the powers as bools, and whom the demo has.

    Costs no query of its own: the sign-in backend loads the powers with the person.
    """
    user: Visitor = getattr(request, "user", AnonymousUser())
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.COURSEMARK_NAME,
        "contact": settings.COURSEMARK_CONTACT,
        "theme": theme if theme in THEMES else "",
        "may_team": may_team(user),
        "may_author": may_author(user),
        "may_admin": may_admin(user),
        "demo_people": demo.PEOPLE if settings.DEMO else (),
        "demo_password": demo.PASSWORD if settings.DEMO else "",
    }
