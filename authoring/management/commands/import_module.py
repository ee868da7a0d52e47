"""`manage.py import_module PATH`: a folder, a .zip or a page becomes drafts, or live with --publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from authoring.imports import import_package
from authoring.release import Refused, release_tree
from courses.models import ModuleVersion, PathVersion
from courses.publishing import Conflict


class Command(BaseCommand):
    """Imports a module, and publishes it when asked."""

    help = (
        "Import a module from a folder, a .zip or its index page; with errors, list them and write nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What the command line takes."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--publish", action="store_true", help="make the imported version the live one")
        parser.add_argument(
            "--root", help="the index page, where several could be it: its path in the package"
        )
        parser.add_argument(
            "--by", metavar="EMAIL", help="who imports and publishes; left out: the command line"
        )
        parser.add_argument("--why", default="", help="why it is published; stands in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, list what is wrong, publish when asked. Exit status 1 with errors."""
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(_("There is nothing at %s.") % path)
        by = _person(options["by"])
        done = import_package(path, name=path.name, root=options["root"], by=by, origin=str(path))
        for problem in done.problems:
            self.stderr.write(f"{problem.text()}\n    {problem.remedy}")
        if not done.drafts:
            raise CommandError(_("Nothing was written: mend the errors above, then import again."))
        for draft in done.drafts:
            told = _("%s: imported.") if draft.created else _("%s: there already, with the same content.")
            self.stdout.write(told % draft.version)
        if options["publish"]:
            self._publish([draft.version for draft in done.drafts], by, options["why"])

    def _publish(self, versions: list[ModuleVersion | PathVersion], by: User | None, why: str) -> None:
        """Make live, all in one transaction, what is not live yet."""
        waiting = [v for v in versions if v.identity.published_version_id != v.pk]
        completed = 0
        try:
            if waiting:
                completed = release_tree(waiting, by=by, why=why).completed
        except Refused as refused:
            raise CommandError(_("Not published. %s") % refused) from refused
        except Conflict as conflict:
            raise CommandError(_("Not published. %s") % conflict) from conflict
        for version in versions:
            told = _("%s: live now.") if version in waiting else _("%s: live already.")
            self.stdout.write(told % version)
        if completed:
            self.stdout.write(_("People who completed a module by this: %d.") % completed)


def _person(email: str | None) -> User | None:
    if email is None:
        return None
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError(_("There is nobody with the address %s.") % email)
    return user
