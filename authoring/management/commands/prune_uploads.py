"""`manage.py prune_uploads`: forgets uploads of more than a month ago, and what no row names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from authoring import sweeping, uploads


class Command(BaseCommand):
    """Tidies up after uploads; drafts and versions stay."""

    help = "Forget uploads of more than a month ago, and uploaded files that nothing names; drafts stay."

    def handle(self, *args: Any, **options: Any) -> None:
        """Tidy up and say what is gone."""
        gone = uploads.forget_old()
        self.stdout.write(_("Uploads forgotten: %d.") % gone)
        self.stdout.write(_("Files deleted that nothing names any more: %d.") % sweeping.sweep())
