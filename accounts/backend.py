"""Who a session or a password belongs to, asked anew at every request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.permissions import may_admin, may_sign_in


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth brings no types
    """allauth's sign-in by e-mail address and password, over our people.

    A suspended person, or one of a suspended organisation, is nobody from the next
    request on. Permissions have one source: an admin holds all of them.
    """

    def get_user(self, user_id: int) -> User | None:
        """The person of a session with organisation and powers, in one query; None when suspended."""
        user = User.objects.with_powers().filter(pk=user_id).first()
        return user if user is not None and may_sign_in(user) else None

    def user_can_authenticate(self, user: AbstractBaseUser | AnonymousUser | None) -> bool:
        """Whether the right password lets this person in."""
        return isinstance(user, User) and may_sign_in(user)

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Any = None) -> bool:
        """Admins have every permission, other people none."""
        return may_admin(user_obj)

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        """Admins see every app of the admin."""
        return may_admin(user_obj)
