"""Each gate admits whom it says, whatever the method, and says the same 404 to the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts import gates
from accounts.models import User
from accounts.permissions import may_admin, may_author, may_team
from tests.personas import everybody

pytestmark = pytest.mark.django_db

GATES = {
    "signed_in": gates.signed_in,
    "manager": gates.manager,
    "author": gates.author,
    "admin": gates.admin,
}
ADMITS = {
    "signed_in": {
        "employee",
        "partner",
        "globex_partner",
        "manager",
        "globex_manager",
        "author",
        "admin",
        "superuser",
        "suspended",
        "stranger",
    },
    "manager": {"manager", "globex_manager"},
    "author": {"author"},
    "admin": {"admin", "superuser"},
}


def answer(request: HttpRequest) -> HttpResponse:
    """A view."""
    return HttpResponse("in")


def admits(gate: Callable[..., Callable[..., HttpResponse]], user: User | AnonymousUser, method: str) -> bool:
    request = RequestFactory().generic(method, "/")
    request.user = user
    try:
        return gate(answer)(request).content == b"in"
    except Http404:
        return False


@pytest.mark.trust("AC-12")
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_gate_admits_whom_it_says_by_every_method(method: str) -> None:
    people = everybody()
    for name, gate in GATES.items():
        assert {who for who, user in people.items() if admits(gate, user, method)} == ADMITS[name]
        assert not admits(gate, AnonymousUser(), method)


def test_a_gate_leaves_its_word_and_the_name_of_the_view() -> None:
    for name, gate in GATES.items():
        gated = gate(answer)
        assert (gated.policy, gated.__name__, gated.__doc__) == (name, "answer", "A view.")
    assert not hasattr(answer, "policy")


def test_public_needs_no_sign_in() -> None:
    @gates.public
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("in")

    assert view.policy == "public"
    assert view.login_required is False


@pytest.mark.trust("AC-10")
def test_a_suspended_manager_author_or_admin_has_no_power() -> None:
    for user in everybody().values():
        user.is_active = False
        assert not any(held_by(user) for held_by in (may_team, may_author, may_admin))
