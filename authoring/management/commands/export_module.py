"""`manage.py export_module SLUG`: a module or path as a .zip that imports to the same content."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courses import exporting
from courses.models import Module, ModuleVersion, PathVersion
from courses.models import Path as CoursePath


class Command(BaseCommand):
    """Writes a module or a path back as a .zip."""

    help = "Write a module, or a path with everything below it, as a .zip: the bytes that were imported."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """`--version` is that of the module here, not Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """What the command line takes."""
        parser.add_argument("slug", help="as in /modules/SLUG/; paths/SLUG for a path of the same name")
        parser.add_argument("--version", type=int, metavar="N", help="left out: the live one or the newest")
        parser.add_argument("--out", metavar="FILE", help="left out: SLUG.zip here; - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file and say where."""
        version = _version(options["slug"], options["version"])
        data = exporting.zip_of(version)
        out = options["out"] or f"{version.identity.slug}.zip"
        if out == "-":
            sys.stdout.buffer.write(data)
            return
        try:
            Path(out).write_bytes(data)
        except OSError as error:
            raise CommandError(_("Cannot write %(file)s: %(why)s") % {"file": out, "why": error}) from error
        self.stdout.write(f"{version}: {out}")


def _version(slug: str, number: int | None) -> ModuleVersion | PathVersion:
    found = None
    if not slug.startswith("paths/"):
        found = Module.objects.filter(slug=slug.removeprefix("modules/")).first()
    identity = found or CoursePath.objects.filter(slug=slug.removeprefix("paths/")).first()
    if identity is None:
        raise CommandError(_("There is no module and no path “%s”.") % slug)
    if number is None:
        newest: ModuleVersion | PathVersion | None = identity.published_version
        version = newest or identity.versions.order_by("-number").first()
    else:
        version = identity.versions.filter(number=number).first()
    if version is None:
        raise CommandError(_("“%(slug)s” has no version %(n)s.") % {"slug": slug, "n": number})
    return version
