"""What the trust tests share: one world a file, taken back to its beginning after each test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

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


@pytest.fixture(scope="module")
def the_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[World]]:
    """Holds the file's transaction open; the first test that asks for the world fills the list.

    A file of tests that asks for the world asks for no other database: pytest-django
    closes the connection after a test of its own.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield []
        transaction.set_rollback(True)


@pytest.fixture
def world(the_world: list[World]) -> Iterator[World]:
    """The site of `tests.trust.world`, as new."""
    if not the_world:
        the_world.append(build())
    with transaction.atomic():
        yield the_world[0]
        transaction.set_rollback(True)
