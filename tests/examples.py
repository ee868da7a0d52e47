"""What tests with many made-up examples share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from courses import access
from quizzes.content import content_of


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written in it is gone afterwards: each example begins with the same rows."""
    with transaction.atomic():
        for remembered in (content_of, access.remembered):  # row ids name something else by now
            remembered.cache_clear()
        yield
        transaction.set_rollback(True)
