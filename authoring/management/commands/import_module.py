"""`manage.py import_module PATH`: a folder, a .zip or a page becomes drafts, or live with --publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.models import User
from authoring.differences import Difference, differences
from authoring.imports import import_package
from authoring.receipts import Receipt
from authoring.release import Refused, Unconfirmed, release_tree
from courses.models import ModuleVersion, PathVersion
from courses.publishing import Conflict
from learning.models import Policy, Publication
from learning.publications import Line

NAMED = 5  # removed pages that are told by name


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
        parser.add_argument(
            "--policy", choices=[policy.value for policy in Policy], default=Policy.APPEND.value,
            help="what it asks of people where it replaces a version: nothing (minor), what is new "
            "(append), or to complete it again (retrain)",
        )  # fmt: skip
        parser.add_argument("--due", metavar="YYYY-MM-DD", help="until when a retrain asks")
        parser.add_argument(
            "--asks", type=int, metavar="N", help="how many people a retrain asks, to confirm"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, list what is wrong, publish when asked. Exit status 1 with errors."""
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(_("There is nothing at %s.") % path)
        by, asked = _person(options["by"]), _asked(options)
        done = import_package(path, name=path.name, root=options["root"], by=by, origin=str(path))
        for problem in done.problems:
            self.stderr.write(f"{problem.text()}\n    {problem.remedy}")
        if not done.drafts:
            raise CommandError(_("Nothing was written: mend the errors above, then import again."))
        for draft in done.drafts:
            told = _("%s: imported.") if draft.created else _("%s: there already, with the same content.")
            self.stdout.write(told % draft.version)
        if options["publish"]:
            self._publish([draft.version for draft in done.drafts], by, options["why"], asked)

    def _publish(
        self, versions: list[ModuleVersion | PathVersion], by: User | None, why: str, asked: Mapping[str, Any]
    ) -> None:
        """Make live, all in one transaction, what is not live yet, and say what that did."""
        waiting = [v for v in versions if v.identity.published_version_id != v.pk]
        receipt = None
        try:
            if waiting:
                receipt = release_tree(waiting, by=by, why=why, **asked)
        except Unconfirmed as refused:
            told = _(
                "Not published. People whom it asks to complete it again: %(n)d. Say --asks %(n)d to confirm."
            )
            raise CommandError(told % {"n": refused.asks}) from refused
        except Refused as refused:
            raise CommandError(_("Not published. %s") % refused) from refused
        except Conflict as conflict:
            raise CommandError(_("Not published. %s") % conflict) from conflict
        instead = _instead(receipt.publications) if receipt else {}
        for version in versions:
            told = _("%s: live now.") if version in waiting else _("%s: live already.")
            self.stdout.write(told % version)
            if isinstance(version, ModuleVersion) and version.pk in instead:
                self.stdout.write(f"    {instead[version.pk]}")
        if receipt:
            self._tell(receipt)

    def _tell(self, receipt: Receipt) -> None:
        """The receipt, as far as it is about people, and where it stands in full."""
        for publication, line in receipt.lines:
            if publication.replaced or line.after.sections_done or line.after.completions:
                self.stdout.write(f"{publication.version.title}: {_facts(line)}")
        if receipt.completed:
            self.stdout.write(_("People who completed a module by this: %d.") % receipt.completed)
        if receipt.asks:
            self.stdout.write(_("People who are asked to complete a module again: %d.") % receipt.asks)
        self.stdout.write(_("The receipt: /authoring/receipts/%d/") % receipt.id)


def _facts(line: Line) -> str:
    told = _(
        "sections done %(s0)d before, %(s1)d now; completions %(c0)d before, %(c1)d now; "
        "certificates %(d0)d before, %(d1)d now."
    )
    was, now = line.before, line.after
    return told % {
        "s0": was.sections_done, "s1": now.sections_done, "c0": was.completions, "c1": now.completions,
        "d0": was.certificates, "d1": now.certificates,
    }  # fmt: skip


def _asked(options: Mapping[str, Any]) -> dict[str, Any]:
    """What `release_tree` asks of people, as the command line says it."""
    policy, due = Policy(options["policy"]), None
    if not options["publish"] and (policy != Policy.APPEND or options["due"] or options["asks"] is not None):
        raise CommandError(_("--policy, --due and --asks are about publishing: say --publish, too."))
    if options["due"]:
        try:
            due = date.fromisoformat(options["due"])
        except ValueError as error:
            raise CommandError(_("--due: write a day as 2027-01-15.")) from error
    if policy == Policy.RETRAIN and due is None:
        raise CommandError(_("A retrain asks by a day: say --due 2027-01-15."))
    return {"policy": policy, "due": due, "confirmed": options["asks"]}


def _instead(publications: Sequence[Publication]) -> dict[int, str]:
    """What each version took the place of and by which policy, and what became of the pages; by its id."""
    replacing = [each for each in publications if each.replaced]
    found = differences([(each.version, each.replaced) for each in replacing])
    return {
        publication.version_id: _told(publication, difference)
        for publication, difference in zip(replacing, found, strict=True)
    }


def _told(publication: Publication, difference: Difference) -> str:
    was = publication.replaced
    assert was is not None
    taken = _("In the place of %(was)s (%(policy)s)")
    if publication.version.number < was.number:
        taken = _("In the place of the newer %(was)s (%(policy)s)")
    pages = _("%(added)d pages added, %(changed)d changed, %(removed)d removed") % difference.counts
    said = f"{taken % {'was': was, 'policy': publication.in_force.label}}: {pages}"
    removed = [f"“{change.page.title}”" for change in difference.removed]
    named = ", ".join([*removed[:NAMED], *(["…"] if len(removed) > NAMED else [])])
    return f"{said}: {named}." if named else f"{said}."


def _person(email: str | None) -> User | None:
    if email is None:
        return None
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError(_("There is nobody with the address %s.") % email)
    return user
