"""What a person may do beyond taking modules: three powers.

A learner needs none of them. Every gate, every link in the page's head and the
admin ask these predicates and nothing else.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.models import User

Visitor = User | AnonymousUser


def may_sign_in(user: User) -> bool:
    """Neither the person nor their organisation is suspended."""
    return user.is_active and (user.organisation is None or user.organisation.is_active)


def may_team(user: Visitor) -> bool:
    """Whether the person is a manager: oversees an organisation or a group."""
    return isinstance(user, User) and user.is_active and user.oversees_anybody


def may_author(user: Visitor) -> bool:
    """Whether the person is an author."""
    return isinstance(user, User) and user.is_active and user.is_author


def may_admin(user: Visitor) -> bool:
    """Whether the person is an admin; there are no lesser ones."""
    return isinstance(user, User) and user.is_active and user.is_staff
