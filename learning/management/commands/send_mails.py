"""`manage.py send_mails`: sends the mails that are owed to people of whom a new completion is asked."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from learning import mailing


class Command(BaseCommand):
    """Sends what is owed. The site starts it by itself; after a fault anybody may."""

    help = "Send the mails that are owed to people of whom a new completion is asked; none goes out twice."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What the command line takes."""
        parser.add_argument("--lock", type=int, metavar="FD", help="the lock's open file; the site says it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Wait until nobody else sends, send, and say how many went out."""
        lock = mailing.wait_for_turn(options["lock"])
        try:
            self.stdout.write(_("Mails sent: %d.") % mailing.send_owed())
        finally:
            os.close(lock)
