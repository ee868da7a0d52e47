from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.people import import_people
from accounts.people_file import COLUMNS, MAX_BYTES, Answer, Outcome, read_people

MARKS = {Outcome.ADD: "+", Outcome.THERE: "=", Outcome.PROBLEM: "!"}


class Command(BaseCommand):
    """People from a CSV file, with an answer for each line; all of them or, with a problem, none."""

    help = (
        "Adds the people of a CSV file and mails each a link to set a password. Columns: "
        + ", ".join(COLUMNS)
        + ". With a problem in any line nothing is written. Running it twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether it is only a rehearsal."""
        parser.add_argument("file", help="the CSV file, or - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print an answer for each line; exit with 1 when a line has a problem."""
        answers = import_people(read_people(_content(options["file"])), by=None, dry_run=options["dry_run"])
        for answer in answers:
            self.stdout.write(_line(options["file"], answer))
        problems = sum(answer.outcome is Outcome.PROBLEM for answer in answers)
        if problems:
            raise CommandError(f"Nothing was written: {problems} of {len(answers)} lines have a problem.")
        new = sum(answer.outcome is Outcome.ADD for answer in answers)
        verb = "would be added" if options["dry_run"] else "added"
        self.stdout.write(f"{new} {verb}, {len(answers) - new} already there.")


def _content(path: str) -> bytes:
    """At most one byte more than is allowed, so that too much is told and not loaded."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _line(path: str, answer: Answer) -> str:
    who = f"{answer.email}: " if answer.email else ""
    return f"{MARKS[answer.outcome]} {path}:{answer.line}: {who}{answer.text} {answer.remedy}".rstrip()
