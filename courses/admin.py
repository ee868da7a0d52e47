"""What is taught, to read in the admin. It is written by importing and publishing alone."""

from __future__ import annotations

from django.contrib import admin

from courses.models import Module, ModuleVersion
from quizzes.admin import ReadOnlyAdmin


@admin.register(Module)
class ModuleAdmin(ReadOnlyAdmin):
    """Modules and the version of each that is live."""

    list_display = ["slug", "published_version", "created_at"]
    list_select_related = ["published_version"]
    search_fields = ["slug", "published_version__title"]
    fields = ["slug", "uuid", "published_version", "created_at"]


@admin.register(ModuleVersion)
class ModuleVersionAdmin(ReadOnlyAdmin):
    """Every import of every module, with who published it when and why."""

    list_display = ["title", "number", "created_at", "created_by", "published_at", "published_by"]
    list_select_related = ["created_by", "published_by"]
    search_fields = ["title", "module__slug"]
    date_hierarchy = "created_at"
    fields = [
        "title", "module", "number", "description", "origin", "created_at", "created_by",
        "published_at", "published_by", "why", "minutes", "sequence", "audiences", "digest",
    ]  # fmt: skip
