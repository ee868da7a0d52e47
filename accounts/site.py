"""Django's admin behind the site's own door: same sign-in, same 404 for those who have nothing there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from accounts.permissions import may_admin

# Django's own groups do nothing here, and addresses are changed with their person.
LEFT_OUT = {"auth", "account"}


class AdminSite(admin.AdminSite):
    """The admin. Anonymous visitors sign in first; a signed-in person who is no admin gets 404."""

    site_title = _("Administration")
    index_title = _("Administration")
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Admins, nobody else."""
        return may_admin(request.user)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Django's, under the site's own name."""
        return {**super().each_context(request), "site_header": settings.COURSEMARK_NAME}

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Takes in every model but those of `LEFT_OUT`."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        ours = [model for model in models if model._meta.app_label not in LEFT_OUT]
        super().register(ours, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Apps and what they hold in the order in which they were registered, not by the alphabet."""
        return list(self._build_app_dict(request, app_label).values())

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's, but anonymous visitors go straight to the site's sign-in."""
        urls: list[URLPattern | URLResolver] = super().get_urls()
        for view in _views(urls):
            vars(view).pop("login_url", None)
        return urls

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """The gate around every page of the admin."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            response: HttpResponseBase = guarded(request, *args, **kwargs)
            return response

        return gated

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The admin has no sign-in of its own: whoever comes here signed in at the site's."""
        if not self.has_permission(request):
            raise Http404
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Signs out (POST only) and leads to the site's sign-in."""
        return LogoutView.as_view(next_page="account_login")(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The site's own page, which asks for the password again and limits the tries."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Back to the start; the site's own page has said that it is done."""
        return redirect("admin:index")


def _views(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[Callable[..., Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        else:
            yield pattern.callback
