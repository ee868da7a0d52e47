"""Every kind of answer carries the same contract: who may frame it, keep it, run something in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from learning import shelves
from tests.config.test_middleware import CSP
from tests.factories import PASSWORD
from tests.trust.world import FOR_EMPLOYEES, World, place, session_of

SANDBOX = "sandbox; default-src 'none'"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PRIVATE = "private, no-cache"


def a_check(world: World, who: str, **form: str) -> Any:
    """A form sent to a check, as its page would; damaged unless `form` mends it."""
    version = world.modules["apples"].sections.get(slug="growing").checks.get()
    sent = {"key": str(uuid4()), "round": f"1-{version.pk}", "seq": "1", "act": "save", **form}
    headers = {"HX-Request": "true"} if "htmx" in form else {}
    return world.client(who).post(f"/pages/{place('open')}/checks/check/", sent, headers=headers)


# {kind: (how to get one, its status, what a cache may do with it)}
ANSWERS: dict[str, tuple[Callable[[World], Any], int, str]] = {
    "a page": (lambda w: w.client("partner").get("/"), 200, PRIVATE),
    "a section": (lambda w: w.client("partner").get("/modules/apples/growing/"), 200, PRIVATE),
    "a certificate": (
        lambda w: w.client("partner").get(f"/certificates/{w.certificates['partner']}/"),
        200,
        PRIVATE,
    ),
    "sign-in": (lambda w: w.client("anonymous").get("/accounts/login/"), 200, "no-store"),
    "a fragment": (lambda w: a_check(w, "manager", act="check:que1", htmx="on"), 422, PRIVATE),
    "saved": (lambda w: a_check(w, "manager", htmx="on"), 200, PRIVATE),
    "see there": (lambda w: w.client("partner").get(f"/pages/{place('open')}/"), 302, PRIVATE),
    "after a form": (lambda w: a_check(w, "manager"), 303, PRIVATE),
    "sign in first": (lambda w: w.client("anonymous").get("/modules/apples/"), 302, PRIVATE),
    "sign in, fragment": (
        lambda w: w.client("anonymous").get("/team/", headers={"HX-Request": "true"}),
        401,
        PRIVATE,
    ),
    "damaged": (lambda w: a_check(w, "partner", key="x"), 400, PRIVATE),
    "refused": (lambda w: w.client("admin").get("/admin/autocomplete/"), 403, PRIVATE),
    "not found": (lambda w: w.client("partner").get("/modules/no-such/"), 404, PRIVATE),
    "not found by anybody": (lambda w: w.client("anonymous").get("/no-such/"), 404, PRIVATE),
    "no such method": (lambda w: w.client("partner").put("/"), 405, PRIVATE),
    "overtaken": (lambda w: a_check(w, "partner", round="9-9", act="check:que2"), 409, PRIVATE),
    "a form again": (lambda w: w.client("author").post("/authoring/uploads/"), 422, PRIVATE),
    "a picture": (lambda w: w.client("partner").get(w.media_url("apples", "tree")), 200, PRIVATE),
    "a part of one": (
        lambda w: w.client("partner").get(w.media_url("apples", "tree"), headers={"Range": "bytes=0-3"}),
        206,
        PRIVATE,
    ),
    "a list to take away": (lambda w: w.client("manager").get("/team/export.csv"), 200, "private, no-store"),
    "a style sheet": (lambda w: w.client("anonymous").get("/static/css/base.css"), 200, "public"),
    "no style sheet": (lambda w: w.client("anonymous").get("/static/css/no-such.css"), 404, PRIVATE),
    "alive": (lambda w: w.client("anonymous").get("/healthz"), 200, PRIVATE),
    "broken": (lambda w: broken(w), 500, PRIVATE),
}


def broken(world: World) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelves, "cards_for", lambda user: 1 / 0)
        return world.client("partner").get("/")


@pytest.mark.trust("HX-02", "RQ-09", "CF-02", "CH-06")
@pytest.mark.parametrize("kind", ANSWERS)
def test_the_contract_of_every_kind_of_answer(world, kind):
    get, status, keep = ANSWERS[kind]
    response = get(world)
    if response.streaming:
        assert response.getvalue()
    assert response.status_code == status
    told = response.headers
    assert {name: told.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "camera=()" in told["Permissions-Policy"]
    media = kind in ("a picture", "a part of one")
    given = {part.strip() for part in told["Content-Security-Policy"].split(";")}
    assert given == set((SANDBOX if media else CSP).split("; "))
    for leaky in ("Server", "X-Powered-By", "X-Generator"):
        assert leaky not in told
    assert "Access-Control-Allow-Origin" not in told
    assert keep in told["Cache-Control"], told["Cache-Control"]
    if told.get("Content-Type", "").startswith("text/html") and not media:
        assert {"Cookie", "HX-Request"} <= {name.strip() for name in told["Vary"].split(",")}
    if "public" in told["Cache-Control"]:
        assert not response.cookies
    assert "Clear-Site-Data" not in told


@pytest.mark.trust("HX-02")
def test_signing_out_clears_what_the_browser_keeps_and_nothing_else_does(world):
    for address in ("/accounts/logout/", "/admin/logout/"):
        kept = session_of(world.people["admin"])
        client = Client()
        client.cookies["sessionid"] = kept
        assert client.get("/admin/").status_code == 200
        response = client.post(address)
        assert response.headers.get("Clear-Site-Data") == '"cache", "storage"', address
        assert "Clear-Site-Data" not in client.get("/accounts/login/").headers
        client.cookies["sessionid"] = kept
        assert client.get("/").status_code == 302  # the old cookie opens nothing


@pytest.mark.trust("IM-01", "IM-02")
def test_a_picture_is_a_picture_whatever_is_asked(world):
    address = world.media_url("apples", FOR_EMPLOYEES)
    for headers in ({}, {"Accept": "text/html"}, {"Range": "bytes=0-"}, {"HX-Request": "true"}):
        response = world.client("employee").get(address, headers=headers)
        assert response.getvalue().startswith(b"\x89PNG")
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["Content-Disposition"].startswith("inline")
        assert response.headers["Content-Security-Policy"] == SANDBOX


@pytest.mark.trust("AU-03", "CH-06")
def test_cookies_are_for_the_server_alone(world):
    client = world.client("anonymous")
    client.get("/accounts/login/")
    assert client.cookies["csrftoken"]["httponly"]
    assert client.cookies["csrftoken"]["samesite"] == "Lax"
    client.post("/accounts/login/", {"login": world.people["partner"].email, "password": PASSWORD})
    session = client.cookies["sessionid"]
    assert (session["httponly"], session["samesite"], session["path"], session["domain"]) == (
        True,
        "Lax",
        "/",
        "",
    )
