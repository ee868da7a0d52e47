"""Discards a draft, unless somebody is writing in the module that would go with it."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from authoring.editing import would_lose
from courses import publishing
from courses.models import ModuleVersion, PathVersion


class BeingEdited(Exception):
    """The draft is its module's only version, and pages of it are being edited."""


@transaction.atomic
def discard(version: ModuleVersion | PathVersion, *, by: User | None) -> bool:
    """`courses.publishing.discard`, with what is typed meanwhile kept; raises `BeingEdited`."""
    publishing.lock([version])
    if isinstance(version, ModuleVersion) and would_lose(version):
        raise BeingEdited
    return publishing.discard(version, by=by)
