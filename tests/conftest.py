"""What every test may use. Fixtures of one app live beside its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def nothing_cached() -> Iterator[None]:
    """No session and no count of failed sign-ins is left over from another test."""
    cache.clear()
    yield
    cache.clear()
