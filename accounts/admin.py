"""People and companies in Django's admin. Every change there stands in the audit trail."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import audit
from accounts.forms import OrganisationForm, PersonForm
from accounts.http import SignedInRequest
from accounts.invitations import send_password_links
from accounts.models import Audience, AuditEvent, Group, Organisation, Oversight, User
from accounts.people import register_address
from accounts.permissions import may_sign_in
from accounts.views.people_import import people_import


class AuditedAdmin(admin.ModelAdmin[Any]):
    """Writes a line of the trail for whatever it adds, changes or deletes, in the same transaction."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Saves, and records each changed field as [before, after]."""
        super().save_model(request, obj, form, change)
        changed = {
            name: [_told(form.initial.get(name)), _told(form.cleaned_data.get(name))]
            for name in form.changed_data
        }
        self._record(request, obj, "changed" if change else "added", changed)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Deletes, and records what it was."""
        self._record(request, obj, "deleted", {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Deletes the ticked ones, and records each."""
        for obj in queryset:
            self._record(request, obj, "deleted", {})
        super().delete_queryset(request, queryset)

    def _record(self, request: HttpRequest, obj: Model, verb: str, detail: dict[str, Any]) -> None:
        assert isinstance(request.user, User)
        what = f"{self.opts.verbose_name} {verb}"
        audit.record(by=request.user, what=what, whom=str(obj), detail=detail)


def _told(value: Any) -> Any:
    """A field's value as JSON can say it."""
    return value if isinstance(value, (bool, int, str, list)) or value is None else str(value)


@admin.register(User)
class PersonAdmin(AuditedAdmin):
    """People. They are suspended, never deleted: what they did stays on record."""

    form = PersonForm
    list_display = [
        "name",
        "email",
        "organisation",
        "group",
        "is_active",
        "is_author",
        "is_staff",
        "last_login",
    ]
    list_display_links = ["name", "email"]
    list_filter = ["is_active", "is_author", "is_staff", "organisation"]
    list_select_related = ["organisation", "group"]
    search_fields = ["name", "email", "organisation__name"]
    autocomplete_fields = ["organisation"]
    actions = ["send_link"]
    change_list_template = "admin/accounts/user/change_list.html"

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        """The group is asked once the organisation is known; the dates are told, not asked."""
        fields = list(PersonForm.Meta.fields)
        if obj is None:
            fields.remove("group")
            return fields
        return [*fields, "is_demo", "date_joined", "last_login"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Moving a person changes what their progress is measured against: no field for it here."""
        told = ["is_demo", "date_joined", "last_login"]
        return told if obj is None or obj.organisation_id is None else [*told, "organisation"]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        """Offers the groups of the person's own organisation."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if "group" in form.base_fields and obj is not None:
            form.base_fields["group"].queryset = Group.objects.filter(  # type: ignore[attr-defined]
                organisation=obj.organisation_id
            )
        return form

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: suspend instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> None:
        """Saves; somebody new gets a link to set a password, once all is written."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            register_address(obj)
        if not change and may_sign_in(obj):
            transaction.on_commit(lambda: self._send(request, [obj]))

    @admin.action(description=gettext_lazy("Send a link to set a password"))
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The link for each of the ticked people who may sign in."""
        people = list(queryset.select_related("organisation"))
        self._send(request, [user for user in people if may_sign_in(user)])
        if suspended := [user.email for user in people if not may_sign_in(user)]:
            told = _("Suspended, so without a link: %s.") % ", ".join(suspended)
            self.message_user(request, told, messages.WARNING)

    def _send(self, request: HttpRequest, people: list[User]) -> None:
        failed = send_password_links(people)
        reached = [user for user in people if user not in failed]
        for user in reached:
            self._record(request, user, "sent a link to set a password", {})
        if sent := len(reached):
            told = ngettext(
                "A link is on its way to %d person.", "Links are on their way to %d people.", sent
            )
            self.message_user(request, told % sent, messages.SUCCESS)
        if failed:
            missed = ", ".join(user.email for user in failed)
            told = _("The mail could not be sent to: %s. Try it again later.") % missed
            self.message_user(request, told, messages.ERROR)

    def get_urls(self) -> list[URLPattern]:
        """With the import before the addresses of single people."""
        page = self.admin_site.admin_view(self.import_view)
        return [path("import/", page, name="accounts_user_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """The import's pages, inside the admin's frame."""
        title = _("Import people")
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return people_import(cast(SignedInRequest, request), frame)


@admin.register(Organisation)
class OrganisationAdmin(AuditedAdmin):
    """Companies."""

    form = OrganisationForm
    list_display = ["name", "audience_names", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name"]

    @admin.display(description=gettext_lazy("audiences"))
    def audience_names(self, obj: Organisation) -> str:
        """In one cell."""
        return ", ".join(obj.audiences)

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> list[str]:
        """Other audiences change what progress is measured against: no field for it once people are in."""
        return ["audiences"] if obj is not None and obj.people.exists() else []


@admin.register(Group)
class GroupAdmin(AuditedAdmin):
    """Teams inside companies."""

    list_display = ["name", "organisation"]
    list_filter = ["organisation"]
    list_select_related = ["organisation"]
    search_fields = ["name", "organisation__name"]
    autocomplete_fields = ["organisation"]

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        """A team does not move to another company."""
        return [] if obj is None else ["organisation"]


@admin.register(Oversight)
class OversightAdmin(AuditedAdmin):
    """Who oversees whom."""

    list_display = ["manager", "organisation", "group"]
    list_filter = ["organisation"]
    list_select_related = ["manager", "organisation", "group"]
    search_fields = ["manager__name", "manager__email", "organisation__name", "group__name"]
    autocomplete_fields = ["manager", "organisation", "group"]


@admin.register(Audience)
class AudienceAdmin(AuditedAdmin):
    """Who pages can be for."""

    list_display = ["name", "description"]
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Audience | None = None) -> list[str]:
        """Authors type the name into their pages, so it stays."""
        return [] if obj is None else ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Audience | None = None) -> bool:
        """Never: pages may name it."""
        return False


@admin.register(AuditEvent)
class AuditAdmin(admin.ModelAdmin[AuditEvent]):
    """The trail, to read."""

    list_display = ["at", "by", "what", "whom", "why"]
    list_filter = ["what", "at"]
    list_select_related = ["by"]
    search_fields = ["what", "whom", "why", "by__name", "by__email"]
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: `audit.record` writes."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Never: a line stays as it was written."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Never."""
        return False
