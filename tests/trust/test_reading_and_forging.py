"""Reading changes nothing, no form works without the site's own token, and no address leads elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from config.checks import addresses
from tests.accounts.test_requests import ELSEWHERE, host_as_a_browser_sees_it
from tests.factories import PASSWORD
from tests.trust.test_matrix import by_itself, targets
from tests.trust.world import World, session_of

# What opening a page may note; nothing in these rows says that anything was done.
NOTED = {"learning.SectionProgress", "learning.ModuleProgress"}


def everything() -> dict[str, list[Any]]:
    """All rows of all tables but the sessions."""
    models = [model for model in apps.get_models() if model._meta.app_label != "sessions"]
    return {m._meta.label: sorted(m._default_manager.values_list(), key=repr) for m in models}


def asked(world: World) -> list[str]:
    """Every address of the site, admin included."""
    known = targets(world)
    routes = [where for where, _namespace, _pattern in addresses()]
    return [address for route in routes for address in (known.get(route) or by_itself(route)).values()]


@pytest.mark.trust("RQ-01", "QZ-07")
@pytest.mark.parametrize("who", ["anonymous", "partner", "manager", "author", "admin", "suspended"])
def test_reading_every_page_leaves_the_database_as_it_was(world, who):
    before = everything()
    done = facts_of_progress()
    client = world.client(who)
    for address in asked(world):
        if address != "/team/export.csv":  # what leaves the site is told in the trail: see the matrix
            for method in ("GET", "HEAD"):
                response = client.generic(method, f"{address}?act=check-anyway&next=/&state=done&seq=9")
                if response.streaming:
                    response.getvalue()
    after = everything()
    assert {name for name in after if after[name] != before[name]} <= (
        NOTED if who not in ("anonymous", "suspended") else set()
    )
    assert facts_of_progress() == done


def facts_of_progress() -> list[Any]:
    progress = apps.get_model("learning.SectionProgress")._default_manager
    return sorted(progress.filter(done_at__isnull=False).values_list())


# -- Forged forms ------------------------------------------------------------------------------


def forms(world: World, who: str) -> Iterator[str]:
    """Every address that takes a form of this person: it answers a POST with something else than 404 or 405."""
    for address in asked(world):
        with transaction.atomic():  # one of them signs out
            response = world.client(who).post(address)
            transaction.set_rollback(True)
        cache.clear()
        if response.status_code not in (404, 405):
            yield address


def is_refused(response: Any, address: str) -> bool:
    """403; where the size and the sender are asked before the body is read, the way to sign in or 404."""
    early = (address == "/authoring/uploads/" or "/edit/image/" in address) and response.status_code in (
        302,
        401,
        404,
    )
    return early or response.status_code == 403


@pytest.mark.trust("RQ-02", "RQ-01")
@pytest.mark.parametrize("who", ["partner", "author", "admin", "anonymous"])
def test_every_form_needs_the_token_of_this_browser(world, who):
    known = list(forms(world, who))
    assert len(known) > 10
    assert ("/authoring/uploads/" in known) == (who in ("author", "anonymous"))
    before = everything()
    client = Client(enforce_csrf_checks=True)
    world.sign_in(client, who)
    stranger = Client()
    stranger.get("/accounts/login/")
    foreign = stranger.cookies["csrftoken"].value
    for address in known:
        for sent in ({}, {"csrfmiddlewaretoken": "a" * 64}, {"csrfmiddlewaretoken": foreign}):
            assert is_refused(client.post(address, sent), address), (address, sent)
        fragment = client.post(address, headers={"HX-Request": "true", "X-CSRFToken": foreign})
        assert is_refused(fragment, address)
        assert fragment.status_code != 403 or fragment.headers["HX-Refresh"] == "true", address
        assert is_refused(client.post(address, "{}", content_type="text/plain"), address)
        assert is_refused(client.post(address, "{}", content_type="application/json"), address)
    client.cookies["csrftoken"] = foreign
    for address in known:
        for origin in ("null", "http://testserver.evil.example"):
            response = client.post(address, {"csrfmiddlewaretoken": foreign}, headers={"Origin": origin})
            assert is_refused(response, address), (address, origin)
    assert everything() == before


@pytest.mark.trust("RQ-02")
def test_with_the_token_of_the_page_the_form_works(world):
    """The oracle of the test above: what is refused there is the token's lack, nothing else."""
    client = Client(enforce_csrf_checks=True)
    world.sign_in(client, "manager")
    client.get("/modules/pears/ripe/")
    token = client.cookies["csrftoken"].value
    page = world.modules["pears"].sections.get().section.uuid
    assert client.post(f"/pages/{page}/done/", {"csrfmiddlewaretoken": token}).status_code == 303


# -- Addresses that would lead elsewhere -------------------------------------------------------

MORE = [
    "//evil.example/%2f..", "///evil.example/%2f..", "////evil.example/%2e%2e", "/%2f%2fevil.example", "/%5c%5cevil.example",
    "https:evil.example", "https:\\\\evil.example", "http:\\\\evil.example", "http:/\\evil.example", "https://\tevil.example",
    "//evil%00.example", "https://evil.example?testserver", "https://evil.example#testserver", "https://evil.example/testserver",
    "https://testserver.evil.example", "https://evil.example\\.testserver", "//testserver@evil.example", "/;@evil.example",
    "/\x0b/evil.example", "/\x0c/evil.example", "\x01//evil.example", "\u2028//evil.example", "\u200b//evil.example",
    "\ufeff//evil.example", "blob:https://testserver/x", "file:///etc/passwd", "feed:https://evil.example", "view-source:x",
    "jar:x!/", "about:blank", "mailto:a@evil.example", "tel:1", "JAVASCRIPT://testserver/%0aalert(1)", "\\x09//evil.example",
    "//evil.example:80@testserver:80@evil.example", "http://[::ffff:7f00:1]/", "http://0x7f000001/", "//①.example", "Https://evil.example",
]  # fmt: skip


@pytest.mark.trust("RQ-03", "RQ-04")
def test_sixty_ways_to_say_elsewhere_lead_nowhere_else(world):
    vectors = [*ELSEWHERE, *MORE]
    assert len(set(vectors)) >= 60
    form = {"login": world.people["partner"].email, "password": PASSWORD}
    for where in vectors:
        query = urlencode({"next": where})
        answers = [
            world.client("partner").get(f"/accounts/login/?{query}"),
            world.client("partner").get(f"/accounts/password/set/?{query}"),
            world.client("partner").get(f"/?{query}&redirect={where}&return_to={where}"),
            world.client("partner").get(
                "/accounts/password/change/", headers={"Referer": where.encode("unicode_escape").decode()}
            ),
        ]
        if where in MORE:
            answers += [
                Client().post("/accounts/login/", {**form, "next": where}),
                Client().post(f"/accounts/login/?{query}", form),
            ]
            cache.clear()
        for response in answers:
            for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "Refresh"):
                if name in response.headers:
                    assert host_as_a_browser_sees_it(response.headers[name]) == ("http", "testserver"), where
            assert f'href="{where}"' not in response.content.decode(), where


@pytest.mark.trust("RQ-03", "RQ-04")
def test_signing_out_leads_nowhere_else(world):
    client = Client()
    for where in [*ELSEWHERE, *MORE]:
        for address in ("/accounts/logout/", "/admin/logout/"):
            client.cookies["sessionid"] = session_of(world.people["admin"])
            response = client.post(f"{address}?{urlencode({'next': where})}", {"next": where})
            assert response.status_code == 302
            assert host_as_a_browser_sees_it(response.headers["Location"]) == ("http", "testserver"), where


@pytest.mark.trust("RQ-03")
@pytest.mark.parametrize(
    "address", ["//evil.example", "//evil.example/modules/x", "/\\evil.example", "///modules/apples"]
)
def test_a_slash_that_the_site_appends_makes_no_host(world, address):
    for who in ("anonymous", "partner"):
        response = world.client(who).get("/", PATH_INFO=address)
        if "Location" in response.headers:
            assert host_as_a_browser_sees_it(response.headers["Location"]) == ("http", "testserver")
