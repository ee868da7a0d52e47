"""The error pages: what they say, and what they keep to themselves."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import NoReturn

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client
from django.urls import clear_url_caches, path, reverse
from pytest_django import Settings

from accounts.gates import public
from config import urls
from tests.personas import client_of, persona


@pytest.mark.django_db
@pytest.mark.trust("AC-03")
def test_404_says_who_you_are_where_to_go_and_whom_to_ask() -> None:
    user = persona("partner")
    page = BeautifulSoup(client_of("partner").get("/modules/none/").content, "html5lib")
    assert page.main is not None
    told = page.main.get_text(" ", strip=True)
    assert user.email in told
    assert settings.COURSEMARK_CONTACT in told
    assert page.main.find("a", href=reverse("catalogue"))
    assert page.main.find("form", action=lambda a: bool(a) and a.startswith(reverse("account_logout")))


@pytest.mark.django_db
def test_404_of_a_stranger_names_nobody(client: Client) -> None:
    response = client.get("/wp-login.php")
    assert response.status_code == 404
    assert b"@" not in response.content.replace(settings.COURSEMARK_CONTACT.encode(), b"")


@public
def broken(request: HttpRequest) -> NoReturn:
    raise RuntimeError("the innermost secret")


@public
def busy(request: HttpRequest) -> NoReturn:
    raise OperationalError("database is locked")


@pytest.fixture
def _planted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two views above, at addresses of their own."""
    module = ModuleType("planted_urls")
    planted = [path("broken/", broken), path("busy/", busy)]
    vars(module).update(vars(urls), urlpatterns=[*planted, *urls.urlpatterns])
    monkeypatch.setitem(sys.modules, "planted_urls", module)
    settings.ROOT_URLCONF = "planted_urls"
    clear_url_caches()


@pytest.mark.django_db
@pytest.mark.usefixtures("_planted")
def test_500_shows_a_reference_that_the_log_has_too(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    text = response.content.decode()
    assert "innermost secret" not in text
    assert "Traceback" not in text
    logged = re.search(r"reference ([0-9a-f]{8}): GET /broken/", caplog.text)
    assert logged is not None
    assert logged[1] in text
    assert response.headers["Content-Security-Policy"]


def test_400_needs_neither_a_session_nor_a_database(client: Client) -> None:
    response = client.get("/accounts/login/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("_planted")
def test_a_busy_database_is_told_with_the_way_to_try_again(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/busy/?page=2")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    page = BeautifulSoup(response.content, "html5lib")
    assert page.find("a", href="/busy/?page=2")
    assert "locked" not in page.get_text()
    logged = re.search(r"reference ([0-9a-f]{8}): GET /busy/: database is locked", caplog.text)
    assert logged is not None
    assert logged[1] in page.get_text()
    assert response.headers["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_planted")
@pytest.mark.parametrize(("method", "headers"), [("post", {}), ("get", {"HX-Request": "true"})])
def test_a_step_that_a_busy_database_did_not_keep_is_told_in_one_line(
    client: Client, method: str, headers: dict[str, str]
) -> None:
    response = getattr(client, method)("/busy/", headers=headers)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.content.decode() == "Not saved. Try again in a moment."


@pytest.mark.django_db
def test_a_database_that_is_busy_before_any_view_is_asked_is_told_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def locked(store: SessionStore) -> NoReturn:
        raise OperationalError("database is locked")

    client = client_of("employee")
    client.raise_request_exception = False
    cache.clear()  # sessions are kept there too
    monkeypatch.setattr(SessionStore, "_get_session_from_db", locked)
    assert client.get("/").status_code == 503
