"""What was asked and answered, to read in the admin. Nobody edits facts there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from quizzes.models import Round


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Pages to read: nothing is added, changed or deleted here."""

    actions = None

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Round)
class RoundAdmin(ReadOnlyAdmin):
    """Who took which check when, and how it ended."""

    list_display = ["user", "quiz", "number", "opened_at", "finished_at", "passed"]
    list_filter = ["passed"]
    list_select_related = ["user", "quiz"]
    search_fields = ["user__name", "user__email", "quiz__key"]
    fields = ["user", "quiz", "number", "opened_at", "finished_at", "passed"]
    ordering = ["-opened_at"]
