from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from accounts.demo import end_demo


class Command(BaseCommand):
    """The end of the demo's people, not of their records."""

    help = "Closes the access of the demo's people and keeps their records."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print whose access was closed."""
        closed = end_demo()
        for user in closed:
            self.stdout.write(f"{user.email} can no longer sign in; the record stays.")
        if not closed:
            self.stdout.write("Nobody of the demo can sign in. Nothing to do.")
