"""`manage.py rebuild_search`: makes the index of search anew; a second run changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from courses import search


class Command(BaseCommand):
    """Makes the index of search anew."""

    help = "Make the index of search anew from the modules that are live. Publishing keeps it up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how much there is to find."""
        modules, pages = search.rebuild()
        told = {"modules": modules, "pages": pages}
        self.stdout.write(_("Search finds pages: %(pages)d, in modules: %(modules)d.") % told)
