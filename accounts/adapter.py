"""Where allauth asks the site: who may come in, and what its mail says."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import may_sign_in


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    """Sign-up is closed; suspended people get neither in nor mail; mail speaks in the site's name."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your current password."),
        "invalid_password_reset": _("This link does not work any more."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are imported or added by an admin."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether to lead there after signing in or out: this site, and no other host that it may know."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """allauth looks at the person alone; here the organisation may be suspended too."""
        if isinstance(user, User) and not may_sign_in(user):
            return redirect("account_inactive")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Nothing for the suspended; the page says the same to everybody."""
        if isinstance(user, User) and may_sign_in(user):
            super().send_password_reset_mail(user, email, context)

    def send_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        *,
        over: BaseEmailBackend | None = None,
    ) -> None:
        """One mail as text, and as HTML where there is a template for it; `*_subject.txt` is its subject.

        `over` is an open connection to the mail server; None makes one.
        """
        common = {
            "email": email,
            "site_name": settings.COURSEMARK_NAME,
            "site_url": settings.COURSEMARK_URL,
            "contact": settings.COURSEMARK_CONTACT,
        }
        message = self.render_mail(template_prefix, email, {**common, **context})
        message.connection = over
        message.send()
