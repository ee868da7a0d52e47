"""`manage.py run_upload UUID`: reads one upload. The site starts it; nobody types it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from authoring import reading, uploads


class Command(BaseCommand):
    """Reads an upload whose lock it was started with."""

    help = "Read one upload, under limits of time and memory. The site starts this by itself."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What the command line takes."""
        parser.add_argument("uuid", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        """Watch over the reader until there is a result, then tidy up."""
        upload = uploads.named(options["uuid"])
        reading.watch(upload, reading.Limits.of_the_site())
        uploads.drop_bytes_beyond_quota(upload.by)
        uploads.forget_old()
