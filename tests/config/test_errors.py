"""The error pages: what they say, and what they keep to themselves."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import NoReturn

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
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


@pytest.mark.django_db
def test_500_shows_a_reference_that_the_log_has_too(
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    module = ModuleType("broken_urls")
    vars(module).update(vars(urls), urlpatterns=[path("broken/", broken), *urls.urlpatterns])
    monkeypatch.setitem(sys.modules, "broken_urls", module)
    settings.ROOT_URLCONF = "broken_urls"
    clear_url_caches()
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
