"""What every page is told about its reader, and what no page contains."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

ACCOUNT = ["password/change/", "email/", "logout/", "reauthenticate/", "password/reset/", "confirm-email/"]
ADMIN = [
    "",
    "accounts/",
    "accounts/user/",
    "accounts/user/add/",
    "accounts/user/import/",
    "accounts/oversight/add/",
]


@pytest.mark.parametrize("url", [f"/accounts/{at}" for at in ACCOUNT] + [f"/admin/{at}" for at in ADMIN])
def test_a_page_holds_no_script_and_no_style_of_its_own(url: str) -> None:
    response = client_of("admin").get(url)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert not page.select("style, [style]")
    assert all(script.get("src") or "json" in str(script.get("type")) for script in page.select("script"))
    assert not [tag.name for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)]
    assert page.html is not None
    assert page.html["lang"] == "en"


@pytest.mark.parametrize(
    ("name", "links"),
    [
        ("anonymous", set()),
        ("partner", {"Catalogue"}),
        ("manager", {"Catalogue", "Team"}),
        ("author", {"Catalogue", "Authoring"}),
        ("admin", {"Catalogue", "Admin"}),
    ],
)
def test_the_head_links_only_to_what_one_has(name: str, links: set[str]) -> None:
    page = BeautifulSoup(client_of(name).get("/accounts/password/reset/").content, "html.parser")
    assert {link.get_text() for link in page.select("header nav a")} == links


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('x" onload="y', None), ("", None)]
)
def test_the_theme_comes_from_the_cookie_when_it_names_one(
    client: Client, cookie: str, theme: str | None
) -> None:
    client.cookies["theme"] = cookie
    page = BeautifulSoup(client.get("/accounts/login/").content, "html.parser")
    assert page.html is not None
    assert page.html.get("data-theme") == theme


@pytest.mark.parametrize("text", ["account/email/invitation", "account/email/password_reset_key"])
def test_mail_carries_the_sites_name_and_whom_to_ask(text: str) -> None:
    from allauth.account.adapter import get_adapter
    from django.core import mail

    context = {
        "user": persona("partner"),
        "password_url": "https://x/",
        "password_reset_url": "https://x/",
        "days": 3,
    }
    get_adapter().send_mail(text, "paul@acme.test", context)
    body = str(mail.outbox[0].body)
    assert mail.outbox[0].subject.startswith(f"{settings.COURSEMARK_NAME}: ")
    assert "https://x/" in body
    assert "training@example.org" in body
    assert not re.search(r"[{}]|None|\n\n\n", body)
