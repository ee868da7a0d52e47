"""`manage.py check_module PATH`: everything that is wrong with a module, without a database.

The list goes to standard output, one line with its totals to standard error.
Exit status 0 without errors, 1 with errors (`--strict`: or warnings), 2 when it could not run.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses import module
from markup.contents import asides
from markup.package import open_package
from markup.problems import Problem, Severity


class Command(BaseCommand):
    """Checks a module without a database."""

    help = "Check a module (a folder, a .zip or a page) with the rules of the import; needs no database."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What the command line takes."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--strict", action="store_true", help="exit with 1 on warnings too")
        parser.add_argument(
            "--root", help="the index page, where several could be it: its path in the package"
        )
        parser.add_argument(
            "--audience",
            action="append",
            metavar="NAME",
            help=f"an audience of the site, repeatable (default: {', '.join(module.DEFAULT_AUDIENCES)})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list, and nothing else, to stdout, and how much it is to stderr."""
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"There is nothing at {path}.", returncode=2)
        problems, pages = check(
            path, root=options["root"], audiences=options["audience"] or module.DEFAULT_AUDIENCES
        )
        if options["format"] == "json":
            listed = [problem.as_dict() for problem in problems]
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=2))
        else:
            for problem in problems:
                self.stdout.write(f"{problem.text()}\n    {problem.remedy}")
        self.stderr.write(totals(problems, pages), str)  # as it is: red would say that something failed
        blocking = ("error", "warning") if options["strict"] else ("error",)
        if any(problem.severity in blocking for problem in problems):
            sys.exit(1)


def check(path: Path, *, root: str | None, audiences: Collection[str]) -> tuple[list[Problem], int]:
    """All problems of the package at `path`, in the order of its toc, and how many pages it has."""
    package, problems = open_package(path, name=path.name, root=root)
    if package is None:
        return problems, 0
    pages = set(package.pages()) - asides(package.files)
    return [*problems, *module.read(package, audiences=audiences)[1]], len(pages)


def totals(problems: Collection[Problem], pages: int) -> str:
    """How many problems of each severity there are, and in how many pages, in one line."""
    found = Counter(problem.severity for problem in problems)
    counts = [_counted(found[severity], severity) for severity in get_args(Severity) if found[severity]]
    return f"{', '.join(counts) or 'No problems'}{' in ' + _counted(pages, 'page') if pages else ''}."


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
