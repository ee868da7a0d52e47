"""People and companies for tests, one line each."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Audience, Group, Organisation, Oversight, User

PASSWORD = "plum-velvet-harbour-nine"

_numbers = count(1)


@cache
def password_hash() -> str:
    """Hashing is slow by intent; the tests pay it once."""
    return make_password(PASSWORD)


def organisation(name: str = "", audiences: list[str] | None = None, **fields: Any) -> Organisation:
    """A company, Partner unless said otherwise. Asked twice for a name, the same company."""
    names = ["Partner"] if audiences is None else audiences
    for audience in names:
        Audience.objects.get_or_create(name=audience)
    made, _ = Organisation.objects.get_or_create(
        name=name or f"Company {next(_numbers)}", defaults={"audiences": names, **fields}
    )
    return made


def group(organisation: Organisation, name: str = "") -> Group:
    """A team in a company."""
    made, _ = Group.objects.get_or_create(organisation=organisation, name=name or f"Team {next(_numbers)}")
    return made


def person(email: str = "", *, organisation: Organisation | None = None, **fields: Any) -> User:
    """Somebody with a verified address and the password `PASSWORD`."""
    number = next(_numbers)
    user = User(
        **{
            "email": email or f"person{number}@example.com",
            "name": f"Person {number}",
            "organisation": organisation,
            "password": password_hash(),
            **fields,
        }
    )
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def oversight(manager: User, organisation: Organisation, group: Group | None = None) -> Oversight:
    """From now on `manager` oversees the company, or only the group in it."""
    return Oversight.objects.create(manager=manager, organisation=organisation, group=group)
