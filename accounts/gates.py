"""The policy of every URL, said in one word above its view.

Each gate leaves its word on the view as `view.policy`, which the start-up check
reads: a URL that states none keeps the site from starting. Anonymous visitors are
sent to sign in by Django's LoginRequiredMiddleware before a gate is asked; a
signed-in person who has nothing behind a gate gets the 404 of a page that does
not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from accounts.http import SignedInRequest
from accounts.permissions import Visitor, may_admin, may_author, may_team

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HttpRequest, P], R]
SignedInView = Callable[Concatenate[SignedInRequest, P], R]


def public(view: View[P, R]) -> View[P, R]:
    """Anybody, signed in or not. The view itself decides what an anonymous visitor may learn."""
    return login_not_required(_stating("public", view))


def signed_in(view: SignedInView[P, R]) -> View[P, R]:
    """Every signed-in person. Which objects they reach is decided by getting the object."""
    return _behind("signed_in", _anybody_signed_in, view)


def manager(view: SignedInView[P, R]) -> View[P, R]:
    """People who oversee an organisation or a group."""
    return _behind("manager", may_team, view)


def author(view: SignedInView[P, R]) -> View[P, R]:
    """Authors."""
    return _behind("author", may_author, view)


def author_or_token(view: SignedInView[P, R]) -> View[P, R]:
    """Authors, and programs that carry an author's upload token, whom the view itself knows or refuses.

    A request that carries one is asked for no session, and none that it has counts.
    """
    gated = _behind("author_or_token", may_author, view)

    @wraps(gated)
    def either(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
        if bearer(request) is None:
            return gated(request, *args, **kwargs)
        request.user = AnonymousUser()
        return view(cast(SignedInRequest, request), *args, **kwargs)

    either.takes_tokens = True  # type: ignore[attr-defined]  # `config.middleware.SignInFirst` asks
    return cast(View[P, R], either)


def bearer(request: HttpRequest) -> str | None:
    """The token that a request carries in its `Authorization`; None where it carries none."""
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else None


def admin(view: SignedInView[P, R]) -> View[P, R]:
    """Admins."""
    return _behind("admin", may_admin, view)


def _anybody_signed_in(user: Visitor) -> bool:
    return user.is_authenticated


def _behind(policy: str, admits: Callable[[Visitor], bool], view: SignedInView[P, R]) -> View[P, R]:
    @wraps(view)
    def gated(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
        if not admits(request.user):
            raise Http404
        return view(cast(SignedInRequest, request), *args, **kwargs)

    return _stating(policy, cast(View[P, R], gated))


def _stating(policy: str, view: View[P, R]) -> View[P, R]:
    view.policy = policy  # type: ignore[attr-defined]
    return view
