"""The record, to read in the admin. Nobody edits facts there."""

from __future__ import annotations

from django.contrib import admin

from learning.models import Certificate, Completion, ModuleProgress, SectionProgress
from quizzes.admin import ReadOnlyAdmin


@admin.register(ModuleProgress)
class ModuleProgressAdmin(ReadOnlyAdmin):
    """Who has begun which module, and when they were last there."""

    list_display = ["user", "module", "started_at", "last_active_at"]
    list_filter = ["module"]
    list_select_related = ["user", "module"]
    search_fields = ["user__name", "user__email", "module__slug"]
    fields = ["user", "module", "started_at", "last_active_at", "last_section"]


@admin.register(SectionProgress)
class SectionProgressAdmin(ReadOnlyAdmin):
    """Who has opened and done which section."""

    list_display = ["user", "section", "module", "opened_at", "done_at", "cause"]
    list_filter = ["section__module", "cause"]
    list_select_related = ["user", "section__module"]
    search_fields = ["user__name", "user__email", "section__module__slug"]
    fields = ["user", "section", "opened_at", "done_at", "done_version", "cause"]

    @admin.display(ordering="section__module")
    def module(self, obj: SectionProgress) -> str:
        """The module that the section belongs to now."""
        return str(obj.section.module)


@admin.register(Completion)
class CompletionAdmin(ReadOnlyAdmin):
    """Who completed which version of which module, and by what."""

    list_display = ["user", "version", "completed_at", "cause"]
    list_filter = ["module", "cause"]
    list_select_related = ["user", "version"]
    search_fields = ["user__name", "user__email", "version__title"]
    date_hierarchy = "completed_at"
    fields = ["user", "module", "version", "completed_at", "cause", "required"]


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    """What was certified, as it was printed."""

    list_display = ["serial", "name", "organisation", "title", "issued_at"]
    search_fields = ["serial", "name", "organisation", "title"]
    date_hierarchy = "issued_at"
    fields = ["serial", "name", "organisation", "title", "issued_at", "completion"]
