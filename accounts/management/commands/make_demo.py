from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.demo import PASSWORD, PEOPLE, NotInDemoModeError, make_demo


class Command(BaseCommand):
    """The demo's people, and who they are."""

    help = "Adds the people and organisations of the demo (demo mode only). What is there stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print who can sign in and what each of them sees."""
        try:
            make_demo()
        except NotInDemoModeError:
            raise CommandError(
                "This site is not in demo mode, and the people of the demo have a password that "
                "everybody knows. Set COURSEMARK_DEMO=1 only for a demo."
            ) from None
        wide = max(len(person.email) for person in PEOPLE)
        self.stdout.write(f"You can sign in as one of these; the password is {PASSWORD}\n\n")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:<{wide}}  sees {person.sees}")
