"""Start-up checks: every address says who may use it, and no other site is let in by a slip of the pen.

Our own views say it above the view (`accounts.gates`). What Django and allauth bring
stands in the two tables below, name by name, so that an update which brings a new
address keeps the site from starting until somebody has decided about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

POLICIES = frozenset({"public", "signed_in", "manager", "author", "author_or_token", "admin"})

# The admin is one gate: `AdminSite.admin_view` around all that it holds.
NAMESPACE_POLICIES = {"admin": "admin"}

ALLAUTH_POLICIES = {
    "account_login": "public",
    "account_confirm_login_code": "public",  # codes are not in use; it leads back to sign-in
    "account_logout": "public",
    "account_inactive": "public",
    "account_signup": "public",  # says that sign-up is closed
    "account_email_verification_sent": "public",
    "account_confirm_email": "public",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "account_reauthenticate": "signed_in",
    "account_email": "signed_in",
    "account_change_password": "signed_in",
    "account_set_password": "signed_in",
}

# A name alone goes into a Content-Security-Policy: no scheme, port, path or `*`, nothing that ends it.
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")

Address = tuple[str, str, URLPattern]  # where it stands, its namespace, the pattern


def addresses(
    patterns: Sequence[URLPattern | URLResolver] | None = None, prefix: str = "/", namespace: str = ""
) -> Iterator[Address]:
    """Every address of the site, in the order in which they are tried."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, where, namespace or pattern.namespace or "")
        else:
            yield where, namespace, pattern


def policy_of(namespace: str, pattern: URLPattern) -> str | None:
    """Who may use an address: a word of POLICIES, or None when nobody has decided."""
    stated: str | None = getattr(pattern.callback, "policy", None)
    if stated is not None:
        return stated if stated in POLICIES else None
    if namespace:
        return NAMESPACE_POLICIES.get(namespace)
    if pattern.callback.__module__.startswith("allauth."):
        return ALLAUTH_POLICIES.get(pattern.name or "")
    return None


@register(Tags.urls)
def every_address_has_a_policy(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each address whose view states no policy."""
    return [
        Error(
            f"The address {where!r} does not say who may use it.",
            hint="Put a gate of accounts.gates above its view, or list it in config/checks.py.",
            id="coursemark.E001",
        )
        for where, namespace, pattern in addresses()
        if policy_of(namespace, pattern) is None
    ]


def wrong_video_hosts(given: Sequence[str]) -> list[str]:
    """Those of COURSEMARK_VIDEO_HOSTS that are no name of a host."""
    return [host for host in given if not _HOST.match(host)]


@register(Tags.security)
def video_hosts_are_names(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for each entry of COURSEMARK_VIDEO_HOSTS that is no name of a host."""
    return [
        Error(
            f"COURSEMARK_VIDEO_HOSTS: {host!r} is not the name of a host.",
            hint="Write names alone, such as www.youtube-nocookie.com, with commas between.",
            id="coursemark.E002",
        )
        for host in wrong_video_hosts(settings.COURSEMARK_VIDEO_HOSTS)
    ]
