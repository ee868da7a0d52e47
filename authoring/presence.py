"""Who has a page open for writing. A hint, never a lock: it fades after two minutes without a key."""

from __future__ import annotations

from hashlib import sha256

from django.core.cache import cache

from accounts.models import User
from courses.models import Module

FADES = 120  # seconds


def seen(user: User, *, module: Module, path: str) -> None:
    """Note that this person is writing on this page."""
    cache.set(_key(module, path), (user.pk, str(user)), FADES)


def somebody_else(user: User, *, module: Module, path: str) -> str:
    """The name of another person who wrote on the page just now, or ""."""
    who = cache.get(_key(module, path))
    return who[1] if who and who[0] != user.pk else ""


def _key(module: Module, path: str) -> str:
    return f"writing:{module.pk}:{sha256(path.encode()).hexdigest()}"
