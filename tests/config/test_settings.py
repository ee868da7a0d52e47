"""The promises of the settings, asked of what they set up rather than of their text."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.db import connection
from django.test import override_settings

from config import settings as production
from config.env import kept_secret, with_safe_options


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="these are SQLite's own settings")
def test_sqlite_waits_keeps_what_it_acknowledged_and_checks_keys() -> None:
    def pragma(name: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {name}")
            return cursor.fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 20_000  # milliseconds
    assert connection.transaction_mode == "IMMEDIATE"


def test_postgres_lets_nothing_hang_for_ever() -> None:
    given = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"sslmode": "require"}}
    options = with_safe_options(given)["OPTIONS"]
    assert options["sslmode"] == "require"
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        assert f"-c {limit}=" in options["options"]


def test_passwords_are_kept_with_argon2() -> None:
    with override_settings(PASSWORD_HASHERS=production.PASSWORD_HASHERS):
        assert hashers.make_password("a long enough password").startswith("argon2$")


def test_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "key"
    assert kept_secret(path) == kept_secret(path)
    assert len(kept_secret(path)) >= 50
    assert kept_secret(tmp_path / "other") != kept_secret(path)


def test_no_forwarded_header_is_believed_without_a_proxy() -> None:
    assert settings.SECURE_PROXY_SSL_HEADER is None
    assert settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
    assert settings.USE_X_FORWARDED_HOST is False
