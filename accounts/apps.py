from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People, the companies they belong to, and what they may do."""

    name = "accounts"
    verbose_name = _("People and companies")
    default_auto_field = "django.db.models.BigAutoField"


class AdminConfig(admin_apps.AdminConfig):
    """Django's admin behind the site's own door."""

    default = False
    default_site = "accounts.site.AdminSite"
