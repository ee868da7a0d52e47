"""`manage.py publish_content FOLDER`: the site's own modules go live; a second run changes nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from authoring.content_folder import publish_folder


class Command(BaseCommand):
    """Publishes what is new or changed in a folder of modules."""

    help = "Publish the modules of a folder that are new or changed, never over what a person published."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the command line takes."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a module; exit status 1 when one of them could not be published."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(_("There is no folder %s.") % folder)
        failed = False
        for told in publish_folder(folder):
            self.stdout.write(told.line)
            for problem in told.problems:
                self.stdout.write(f"    {problem.text()}\n        {problem.remedy}")
            failed = failed or told.failed
        if failed:
            sys.exit(1)
