"""The link by which a new person sets their first password."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from accounts.models import User
from accounts.permissions import may_sign_in

SECONDS_IN_A_DAY = 24 * 3600


def password_link(user: User) -> str:
    """The address where `user` sets a password: works once, for PASSWORD_RESET_TIMEOUT seconds.

    It is allauth's own reset link, so an older one dies with a new password or address.
    """
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.COURSEMARK_URL}{path}"


def send_password_links(people: Sequence[User]) -> list[User]:
    """Mail each of them the link, over one connection; returns those whose mail did not go out.

    After a mail that failed the next one gets a new connection. Where none is to be had
    nobody else is tried: each of them would wait in vain. Raises ValueError, before any
    mail, when one of them is suspended.
    """
    if suspended := [user.email for user in people if not may_sign_in(user)]:
        raise ValueError(f"{suspended[0]} is suspended.")
    connection, failed = get_connection(), list[User]()
    for place, user in enumerate(people):
        try:
            connection.open()
        except OSError:
            return [*failed, *people[place:]]
        try:
            _send(user, over=connection)
        except OSError:
            failed.append(user)
            _close(connection)
    _close(connection)
    return failed


def _send(user: User, *, over: BaseEmailBackend) -> None:
    context = {
        "user": user,
        "password_url": password_link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_IN_A_DAY,
        "reset_url": f"{settings.COURSEMARK_URL}{reverse('account_reset_password')}",
    }
    get_adapter().send_mail("account/email/invitation", user.email, context, over=over)


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):  # the server may have gone before
        connection.close()
