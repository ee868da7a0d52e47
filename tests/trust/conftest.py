"""What the trust tests share: one world a file, taken back to its beginning after each test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from courses.access import remembered
from quizzes.content import content_of
from tests.trust.world import World, build


@pytest.fixture(autouse=True)
def refusals_are_not_logged() -> Iterator[None]:
    """These tests are refused thousands of times; only what breaks is worth a line."""
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def forget() -> None:
    """The world is built before the fixture that forgets what a test left behind."""
    cache.clear()
    content_of.cache_clear()
    remembered.cache_clear()


@pytest.fixture(scope="module")
def the_world(django_db_setup: None, django_db_blocker: Any, files_of_the_suite: Path) -> Iterator[World]:
    """The site of `tests.trust.world`, built once for a file of tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        forget()
        with override_settings(MEDIA_ROOT=files_of_the_suite):
            yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(the_world: World, db: None) -> World:
    """The same as it was built, whatever other tests did to it."""
    return the_world
