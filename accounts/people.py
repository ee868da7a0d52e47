"""The verbs on people: add one, import a list, let one in again or keep them out.

A person is added once and never changed by an import: a second run of the same
file changes nothing, and a line that differs from what is there is only told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.invitations import send_password_link
from accounts.models import Group, Organisation, Oversight, User
from accounts.permissions import may_admin


class Role(StrEnum):
    """What a person is to the site, as the import's column says it."""

    LEARNER = "learner"
    MANAGER = "manager"
    AUTHOR = "author"
    ADMIN = "admin"


GRANTED_BY_ADMINS = {Role.AUTHOR, Role.ADMIN}


@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    organisation: Organisation | None,
    group: Group | None = None,
    role: Role = Role.LEARNER,
    password: str | None = None,
    is_demo: bool = False,
    by: User | None,
) -> User:
    """A new person, with the one line in the trail; `by` None is the command line.

    The address counts as verified: without a password nobody gets in but who reads
    its mail and follows the link there. A manager oversees the group, or else the
    whole organisation. Sends no mail. Raises IntegrityError when the address is taken.
    """
    user = User.objects.create_user(
        email,
        password,
        name=name,
        organisation=organisation,
        group=group,
        is_author=role is Role.AUTHOR,
        is_staff=role is Role.ADMIN,
        is_demo=is_demo,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role is Role.MANAGER and organisation is not None:
        Oversight.objects.create(manager=user, organisation=organisation, group=group)
    detail = {"organisation": str(organisation or ""), "group": group.name if group else "", "role": role.value}
    audit.record(by=by, what="person added", whom=user.email, detail=detail)
    return user
