"""What every test may use. Fixtures of one app live beside its tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from hypothesis import settings
from pytest_django import Settings

from courses.access import remembered
from quizzes.content import content_of

# Where a change is judged, properties are tried with the same values each time: what is found by
# chance is found at a desk, and becomes an example. How long one takes depends on the machine.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(autouse=True)
def nothing_cached() -> Iterator[None]:
    """No session, no count of failed sign-ins and no content is left over from another test."""
    cache.clear()
    content_of.cache_clear()  # a row id means something else after a rollback
    remembered.cache_clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def files_of_the_suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all files that tests upload: known by their digest, they do not disturb each other."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def files_apart(settings: Settings, files_of_the_suite: Path) -> None:
    """No test leaves a file beside the site's own."""
    settings.MEDIA_ROOT = files_of_the_suite
