"""`manage.py rebuild_search`: makes the index of search anew; a second run changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from courses import search


class Command(BaseCommand):
    """Makes the index of search anew."""

    help = "Make the index of search anew from what is live. Publishing keeps it up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how much there is to find."""
        self.stdout.write(_("Pages that search finds: %(pages)d") % {"pages": search.rebuild()})
