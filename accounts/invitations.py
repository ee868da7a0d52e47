"""The link by which a new person sets their first password."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
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


def send_password_link(user: User) -> None:
    """Mail `user` the link. Raises ValueError for the suspended, OSError when the mail does not go out."""
    if not may_sign_in(user):
        raise ValueError(f"{user.email} is suspended.")
    context = {
        "user": user,
        "password_url": password_link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_IN_A_DAY,
        "reset_url": f"{settings.COURSEMARK_URL}{reverse('account_reset_password')}",
    }
    get_adapter().send_mail("account/email/invitation", user.email, context)
