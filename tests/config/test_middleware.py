"""What every answer has in common: sign-in first, headers, caching."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from config.middleware import private_unless_said
from tests.personas import client_of

CSP = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self'; media-src 'self'; object-src 'none'; script-src 'self'; style-src 'self'"
)


def headers_expected() -> dict[str, str]:
    return {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def directives(response: HttpResponseBase) -> dict[str, str]:
    given = response.headers["Content-Security-Policy"].split(";")
    return {name: " ".join(values) for name, *values in (d.split() for d in given if d.strip())}


@pytest.mark.django_db
@pytest.mark.trust("CF-02", "RQ-09")
@pytest.mark.parametrize(
    "address", ["/healthz", "/accounts/login/", "/modules/none/", "/no-such-page/", "/admin/"]
)
@pytest.mark.parametrize("who", ["anonymous", "employee"])
def test_every_answer_carries_the_same_headers(address: str, who: str) -> None:
    response = client_of(who).get(address)
    for name, value in headers_expected().items():
        assert response.headers.get(name) == value, name
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert directives(response) == dict(d.split(" ", 1) for d in CSP.split("; "))
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.django_db
@pytest.mark.trust("AC-01")
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/modules/the-ideal-customer-profile/",
        "/modules/nothing/",
        "/modules/a/b/c/d/",
        "/pages/x/",
        "/team/x/",
    ],
)
def test_strangers_sign_in_first_whether_or_not_there_is_a_page(client: Client, address: str) -> None:
    response = client.get(address + "?a=1")
    assert response.status_code == 302
    to = urlsplit(response.headers["Location"])
    assert to.path == reverse("account_login")
    assert parse_qs(to.query) == {"next": [address + "?a=1"]}


@pytest.mark.django_db
def test_strangers_get_404_where_nothing_could_be(client: Client) -> None:
    assert client.get("/wp-login.php").status_code == 404


@pytest.mark.django_db
@pytest.mark.trust("RQ-04")
@pytest.mark.parametrize(
    ("shown", "back"),
    [
        ("http://testserver/modules/icp/one/?from=2#check", "/modules/icp/one/?unsaved#check"),
        ("https://evil.example/modules/icp/", "/?unsaved"),
        ("javascript:alert(1)", "/?unsaved"),
        ("", "/?unsaved"),
    ],
)
def test_a_fragment_without_a_session_sends_the_browser_to_sign_in_and_back(
    client: Client, shown: str, back: str
) -> None:
    response = client.post("/modules/icp/", headers={"HX-Request": "true", "HX-Current-URL": shown})
    assert response.status_code == 401
    assert response.content == b""
    to = urlsplit(response.headers["HX-Redirect"])
    assert (to.scheme, to.netloc, to.path) == ("", "", reverse("account_login"))
    assert parse_qs(to.query) == {"next": [back]}


@pytest.mark.django_db
@pytest.mark.trust("HX-02")
def test_pages_are_private_and_asked_for_again() -> None:
    response = client_of("employee").get("/no/such/page/")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "HX-Request"} <= {name.strip() for name in response.headers["Vary"].split(",")}


@pytest.mark.trust("HX-02")
def test_a_view_that_says_more_is_left_alone() -> None:
    def export(request: HttpRequest) -> HttpResponse:
        return HttpResponse("a;b", content_type="text/csv", headers={"Cache-Control": "no-store"})

    response = private_unless_said(export)(RequestFactory().get("/"))
    assert response.headers["Cache-Control"] == "no-store"
    assert "Vary" not in response.headers


@pytest.mark.django_db
@pytest.mark.trust("HX-02")
def test_signing_out_empties_what_the_browser_kept() -> None:
    client = client_of("employee")
    assert "Clear-Site-Data" not in client.get(reverse("account_logout")).headers
    response = client.post(reverse("account_logout"))
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").status_code == 302


@pytest.mark.django_db
@pytest.mark.trust("AC-12")
@pytest.mark.parametrize("method", ["get", "head", "options", "post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("trick", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_no_method_and_no_override_passes_the_door(client: Client, method: str, trick: str) -> None:
    came_from = {"Referer": "http://testserver/modules/icp/"}
    response = getattr(client, method)("/modules/icp/", headers={trick: "GET", **came_from})
    lost = "" if method in ("get", "head") else "%3Funsaved"
    assert response.status_code == 302
    assert response.headers["Location"] == f"/accounts/login/?next=/modules/icp/{lost}"


@pytest.mark.django_db
@pytest.mark.trust("AC-13")
@pytest.mark.parametrize(
    "gated", ["modules/icp/", "pages/x/", "team/", "authoring/", "admin/", "certificates/1/"]
)
@pytest.mark.parametrize(
    "disguise",
    ["//{0}", "/./{0}", "/%2e/{0}", "/{0};x", "/{0}%00", "/{0}%0a", "/{0}..%2f", "/{0}%2e%2e/", "/{0}//"],
)
def test_no_disguise_of_an_address_passes_the_door(client: Client, gated: str, disguise: str) -> None:
    for name in (gated, gated.upper()):
        response = client.get(disguise.format(name))
        assert response.status_code in {301, 302, 400, 404}


@pytest.mark.django_db
@pytest.mark.trust("RQ-06")
@override_settings(ALLOWED_HOSTS=["courses.example.org"])
@pytest.mark.parametrize(
    "host", ["evil.example", "courses.example.org@evil.example", "courses.example.org.evil.example"]
)
def test_another_host_is_a_bad_request(client: Client, host: str) -> None:
    assert client.get("/accounts/login/", headers={"Host": host}).status_code == 400


@pytest.mark.django_db
@pytest.mark.trust("RQ-02")
def test_a_form_without_its_token_is_refused_and_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post(reverse("account_login"), {"login": "a@b.example"})
    assert page.status_code == 403
    assert b"Load it again" in page.content
    assert "HX-Refresh" not in page.headers
    fragment = client.post(reverse("account_login"), headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Refresh"]) == (403, "true")


@pytest.mark.trust("UP-01")
@pytest.mark.parametrize("url", ["/", "/accounts/login/", "/admin/accounts/user/import/", "/nowhere/"])
def test_a_body_that_no_form_sends_is_refused_before_it_is_read(client, url):
    class Unread:
        def read(self, *size):
            raise AssertionError("the body was read")

        readline = read

    answer = client.generic(
        "POST",
        url,
        content_type="multipart/form-data; boundary=x",
        **{
            "wsgi.input": Unread(),
            "CONTENT_LENGTH": str(100 * 1024 * 1024),
        },
    )
    assert answer.status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/modules/icp/", "/modules/icp/"),
        ("http://evil.example/modules/icp/", "/"),
        ("", "/"),
        ("nonsense", "/"),
    ],
)
def test_whose_form_finds_no_session_comes_back_to_the_page_and_not_to_what_it_posted_to(
    client: Client, referer: str, back: str
) -> None:
    response = client.post("/pages/9d2d6f0f-1f6f-4a52-8d63-4d9e0c2b9a11/done/", headers={"Referer": referer})
    assert response.headers["Location"] == "/accounts/login/?" + urlencode(
        {"next": f"{back}?unsaved"}, safe="/"
    )
