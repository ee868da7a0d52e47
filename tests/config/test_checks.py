"""A URL that does not say who may use it keeps the site from starting."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import clear_url_caches, include, path

from accounts.gates import public
from config import urls
from config.checks import ALLAUTH_POLICIES, POLICIES, addresses, every_address_has_a_policy, policy_of
from config.serving import refuse_unsafe

pytestmark = pytest.mark.trust("AC-01")


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@public
def decided(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def planted(monkeypatch: pytest.MonkeyPatch, *patterns: object) -> override_settings:
    module = ModuleType("planted_urls")
    vars(module)["urlpatterns"] = [*patterns, *urls.urlpatterns]
    monkeypatch.setitem(sys.modules, "planted_urls", module)
    clear_url_caches()
    return override_settings(ROOT_URLCONF="planted_urls")


def test_every_address_of_the_site_has_a_policy() -> None:
    assert every_address_has_a_policy() == []
    assert {policy_of(namespace, pattern) for _where, namespace, pattern in addresses()} <= POLICIES


def test_a_forgotten_address_keeps_the_site_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    deeper = include([path("there/", forgotten)])
    with planted(monkeypatch, path("here/", forgotten), path("deeper/", deeper), path("open/", decided)):
        with pytest.raises(SystemCheckError) as refused:
            call_command("check")
        assert [error.msg for error in every_address_has_a_policy()] == [
            "The address '/here/' does not say who may use it.",
            "The address '/deeper/there/' does not say who may use it.",
        ]
    assert "coursemark.E001" in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize("demo", [False, True])
def test_serving_is_refused_in_one_sentence_while_an_address_is_undecided(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], demo: bool
) -> None:
    with (
        planted(monkeypatch, path("here/", forgotten), path("there/", forgotten)),
        override_settings(DEMO=demo),
        pytest.raises(SystemExit),
    ):
        refuse_unsafe()
    lines = [line for line in capsys.readouterr().err.splitlines() if "who may use" in line]
    assert lines == [
        "Coursemark does not start: these addresses do not say who may use them: /here/, /there/."
    ]


def test_a_word_that_is_no_policy_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def misspelt(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    misspelt.policy = "pubic"
    with planted(monkeypatch, path("here/", misspelt)):
        assert len(every_address_has_a_policy()) == 1


def test_what_allauth_calls_public_is_what_it_opens() -> None:
    for where, namespace, pattern in addresses():
        if not namespace and pattern.name in ALLAUTH_POLICIES:
            opened = getattr(pattern.callback, "login_required", True) is False
            assert (ALLAUTH_POLICIES[pattern.name] == "public") == opened, where


def test_nothing_is_public_that_need_not_be() -> None:
    """The anonymous-reachable set: a new entry here is a decision, not a by-product."""
    opened = {
        pattern.name
        for _where, namespace, pattern in addresses()
        if policy_of(namespace, pattern) == "public"
    }
    allauth = {name for name, policy in ALLAUTH_POLICIES.items() if policy == "public"}
    assert opened == {"healthz"} | allauth
