"""What the settings need to read the environment, apart from django-environ itself."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"  # readers and the writer do not wait for each other
    "PRAGMA synchronous=FULL;"  # what was acknowledged survives a power cut
    "PRAGMA foreign_keys=ON;"
    "PRAGMA cache_size=-8000;"
    "PRAGMA journal_size_limit=27103364;"
)


def with_safe_options(database: dict[str, Any]) -> dict[str, Any]:
    """The database of a `db_url` with the options that keep its promises.

    SQLite: transactions take the write lock when they begin (IMMEDIATE), since one that
    reads first and writes later is refused when another wrote in between; they wait up
    to 20 seconds for it. PostgreSQL: no statement, lock or idle transaction hangs for ever.
    """
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options: dict[str, Any] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_PRAGMAS,
        }
    else:
        limits = (
            "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
        )
        options = {"options": limits}
    return {
        **database,
        "OPTIONS": {**options, **database.get("OPTIONS", {})},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # verbs open their own short transactions
    }


def kept_secret(path: Path) -> str:
    """The demo's own secret key, made once and kept in `path`, so that a restart signs nobody out."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()
