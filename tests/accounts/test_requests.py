"""What the account pages do not do for a forged or crafted request."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.http import urlencode

from accounts.models import User
from tests.factories import PASSWORD
from tests.personas import BACKEND, client_of, persona

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "//\\evil.example",
    "https://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http://evil.example\\@testserver",
    "//evil.example\\@testserver/",
    "http://testserver@evil.example",
    "http://testserver:80@evil.example",
    "//testserver.evil.example",
    "http://testserver%2f@evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    "\x00//evil.example",
    " //evil.example",
    "\u00a0//evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "//evil%E3%80%82example",
    "//evil。example",
    "/．/evil.example",
    "https://testserver:pw@evil.example",
    "ftp://testserver/",
    "//[::1]",
    "//evil.example:443",
    "http://[evil.example",
    "x:y",
    "?next=//evil.example",
    "/ok\r\nSet-Cookie: a=b",
    "//0",
    "//2130706433",
    "/..//evil.example",
    "/.//evil.example",
    "./\\evil.example",
]


def host_as_a_browser_sees_it(location: str) -> tuple[str, str]:
    """Scheme and host after what browsers do first: drop tabs and line ends, trim, turn backslashes."""
    cleaned = "".join(letter for letter in location if letter not in "\t\r\n")
    cleaned = cleaned.strip("".join(map(chr, range(33)))).replace("\\", "/")
    scheme, colon, rest = cleaned.partition(":")
    if colon and scheme.lower() in ("http", "https"):
        cleaned = f"{scheme}://{rest.lstrip('/')}"
    elif cleaned.startswith("//"):
        cleaned = f"http://{cleaned.lstrip('/')}"
    parts = urlsplit(cleaned)
    return parts.scheme or "http", (parts.hostname or "testserver")


@pytest.mark.trust("RQ-03")
@pytest.mark.parametrize("where", ELSEWHERE)
def test_next_leads_nowhere_else(where: str) -> None:
    email = persona("partner").email
    answers = [
        Client().post("/accounts/login/", {"login": email, "password": PASSWORD, "next": where}),
        Client().post(
            f"/accounts/login/?{urlencode({'next': where})}", {"login": email, "password": PASSWORD}
        ),
        client_of("partner").get(f"/accounts/login/?{urlencode({'next': where})}"),
        client_of("partner").post("/accounts/logout/", {"next": where}),
        client_of("partner").post("/accounts/reauthenticate/", {"password": PASSWORD, "next": where}),
        client_of("admin").get(f"/admin/login/?{urlencode({'next': where})}"),
    ]
    for response in answers:
        assert response.status_code == 302
        assert host_as_a_browser_sees_it(response.headers["Location"]) == ("http", "testserver"), where
        cache.clear()


def test_the_oracle_knows_an_escape_when_it_sees_one() -> None:
    for escape in (
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "https:/evil.example",
        " https:evil.example",
    ):
        assert host_as_a_browser_sees_it(escape)[1] == "evil.example"
    assert host_as_a_browser_sees_it("javascript:alert(1)")[0] == "javascript"
    assert host_as_a_browser_sees_it("/modules/x/?a=//b") == ("http", "testserver")


@pytest.mark.trust("RQ-02")
@pytest.mark.parametrize(
    "url",
    [
        "/accounts/login/",
        "/accounts/logout/",
        "/accounts/password/reset/",
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/reauthenticate/",
        "/admin/accounts/user/add/",
        "/admin/accounts/user/import/",
        "/admin/accounts/oversight/add/",
        "/admin/logout/",
    ],
)
def test_a_post_without_the_sites_own_token_is_refused(url: str) -> None:
    client = client_of("admin", enforce_csrf_checks=True)
    assert client.post(url, {"email": "x@example.com"}).status_code == 403
    assert client.post(url, {"csrfmiddlewaretoken": "a" * 64}).status_code == 403
    stranger = Client()
    stranger.get("/accounts/login/")
    other = stranger.cookies["csrftoken"].value
    assert client.post(url, {"csrfmiddlewaretoken": other}).status_code == 403
    client.cookies["csrftoken"] = other
    elsewhere = {"csrfmiddlewaretoken": other}
    for origin in ("null", "https://evil.example", "http://sub.testserver"):
        assert client.post(url, elsewhere, headers={"origin": origin}).status_code == 403
    assert client.post(url, "{}", content_type="text/plain").status_code == 403


GREEDY: dict[str, Any] = {
    "is_staff": "on",
    "is_superuser": "on",
    "is_author": "on",
    "is_active": "on",
    "is_demo": "on",
    "id": "1",
    "pk": "1",
    "organisation": "1",
    "organisation_id": "1",
    "group": "1",
    "name": "Somebody Else",
    "date_joined": "2001-01-01",
    "last_login": "2001-01-01",
    "user": "1",
    "verified": "on",
    "primary": "on",
    "groups": "1",
    "user_permissions": "1",
}


def protected_fields(user: User) -> dict[str, Any]:
    left_out = {"password", "last_login"}
    fields = [field.attname for field in User._meta.concrete_fields if field.attname not in left_out]
    return dict(User.objects.values(*fields).get(pk=user.pk))


@pytest.mark.trust("AC-08")
@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("/accounts/login/", {"login": "paul@acme.test", "password": PASSWORD}),
        ("/accounts/signup/", {"email": "new@acme.test", "password1": PASSWORD, "password2": PASSWORD}),
        ("/accounts/password/reset/", {"email": "paul@acme.test"}),
        (
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": "a-fine-one-77", "password2": "a-fine-one-77"},
        ),
        ("/accounts/email/", {"email": "new@acme.test", "action_add": ""}),
        ("/accounts/reauthenticate/", {"password": PASSWORD}),
        ("/accounts/logout/", {}),
    ],
)
def test_fields_that_a_form_does_not_have_change_nothing(url: str, form: dict[str, str]) -> None:
    user = persona("partner")
    before = protected_fields(user)
    for client in (client_of("partner"), Client()):
        client.post(url, {**GREEDY, **form})
    assert protected_fields(user) == before
    assert User.objects.count() == 1
    assert user.emailaddress_set.filter(verified=True).count() == 1


@pytest.mark.trust("RQ-01")
def test_reading_account_pages_changes_nothing() -> None:
    user = persona("partner")
    before = (protected_fields(user), list(user.emailaddress_set.values()))
    client = client_of("partner")
    for method in (client.get, client.head, client.options):
        for page in (
            "login",
            "logout",
            "email",
            "password/change",
            "password/set",
            "password/reset",
            "reauthenticate",
        ):
            method(f"/accounts/{page}/")
    assert (protected_fields(user), list(user.emailaddress_set.values())) == before
    assert client.get("/accounts/password/change/").status_code == 200


@pytest.mark.trust("AC-12")
def test_a_method_in_disguise_is_no_other_method() -> None:
    client = client_of("partner")
    for headers in ({"x-http-method-override": "POST"}, {"x-method-override": "DELETE"}):
        client.get("/accounts/logout/?_method=POST", headers=headers)
        assert client.get("/accounts/password/change/").status_code == 200


def test_the_sites_own_backend_is_the_only_one(settings: Any) -> None:
    assert settings.AUTHENTICATION_BACKENDS == [BACKEND]
