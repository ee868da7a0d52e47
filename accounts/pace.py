"""How often in a minute one person may ask for what costs the site much: far more than anybody does by hand.

The counts stand in the cache, which several processes share.
"""

from __future__ import annotations

from time import time

from django.core.cache import cache
from django.http import HttpResponse

from accounts.models import User

MINUTE = 60  # seconds


def keeps(user: User, what: str, *, a_minute: int) -> bool:
    """Count one more request of this person; False where there were `a_minute` of them in this minute."""
    key = f"pace:{what}:{user.pk}:{int(time()) // MINUTE}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        return cache.incr(key) <= a_minute
    except ValueError:  # the cache had no room for it
        return True


def slowed(answer: HttpResponse) -> HttpResponse:
    """The 429 for who is too fast, with when to come back."""
    answer.headers["Retry-After"] = str(MINUTE)
    return answer
