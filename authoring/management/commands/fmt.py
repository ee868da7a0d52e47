"""`manage.py fmt PATH --ids`: writes what is missing into the pages of a folder, and nothing else.

Needs no database and no settings. Exit status 0, 1 where the pages cannot be read, 2 when it could not run.
"""

from __future__ import annotations

import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import ids
from markup.package import open_package


class Command(BaseCommand):
    """Writes missing ids."""

    help = "Write missing uuids and question ids into the pages at PATH (a folder or a page), in place."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What the command line takes."""
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--ids", action="store_true", help="a uuid for each page, an id for each question"
        )
        parser.add_argument("--root", help="the page above all others, where several could be it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the names of the files that changed."""
        path: Path = options["path"]
        if not options["ids"]:
            raise CommandError("Say what to write: --ids.", returncode=2)
        if not path.is_dir() and not (path.is_file() and path.suffix.lower() == ".md"):
            raise CommandError(f"There is no folder or page at {path}.", returncode=2)
        package, problems = open_package(path, name=path.name, root=options["root"])
        if package is None or package.guessed:
            for problem in problems:
                self.stderr.write(f"{problem.text()}\n    {problem.remedy}")
            sys.exit(1)
        base = path if path.is_dir() else path.parent
        for name, data in ids.with_ids(package).files.items():
            if data != package.files[name]:
                _write(_on_disk(base, name), data)
                self.stdout.write(name)


def _on_disk(base: Path, name: str) -> Path:
    """The file of this name, which the disk may spell in another form of Unicode."""
    here = base
    for part in name.split("/"):
        exact = here / part
        here = exact if exact.exists() else next(p for p in here.iterdir() if _same(p.name, part))
    return here


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _write(path: Path, data: bytes) -> None:
    """All of it or nothing, with the rights that the file had."""
    target = path.resolve()
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
        try:
            part.write(data)
            part.flush()
            Path(part.name).chmod(target.stat().st_mode)
            Path(part.name).replace(target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
