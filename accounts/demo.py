"""The people of the demo, whose password everybody knows, and their end."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import Audience, Organisation, User
from accounts.people import Role, add_person

PASSWORD = "coursemark-demo"  # noqa: S105  public on purpose: `config.serving` keeps it out of production

ORGANISATIONS = {"Coursemark": "Employee", "Acme": "Partner", "Globex": "Partner"}


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as, and what signing in shows."""

    email: str
    name: str
    organisation: str
    role: Role
    sees: str


PEOPLE = (
    DemoPerson(
        "employee@coursemark.example", "Emma Weber", "Coursemark", Role.LEARNER, "the modules for Employees"
    ),
    DemoPerson("partner@acme.example", "Pablo Reyes", "Acme", Role.LEARNER, "the modules for Partners"),
    DemoPerson(
        "manager@acme.example",
        "Maria Lindqvist",
        "Acme",
        Role.MANAGER,
        "the modules for Partners, and Team: how far Acme's people are",
    ),
    DemoPerson(
        "partner@globex.example",
        "Grace Okafor",
        "Globex",
        Role.LEARNER,
        "the modules for Partners; Acme's manager does not see her",
    ),
    DemoPerson(
        "author@coursemark.example",
        "Akira Sato",
        "Coursemark",
        Role.AUTHOR,
        "the modules for Employees, and Authoring: upload, preview, publish",
    ),
    DemoPerson(
        "admin@coursemark.example",
        "Anna Novak",
        "Coursemark",
        Role.ADMIN,
        "the modules for Employees, and Administration: people and organisations",
    ),
)


class NotInDemoModeError(Exception):
    """The site is not the demo, so it gets no people whose password everybody knows."""


@transaction.atomic
def make_demo() -> None:
    """Add what is missing of the demo's organisations and people; what is there stays as it is.

    People whose access `end_demo` had closed get it back. Raises NotInDemoModeError
    outside demo mode.
    """
    if not settings.DEMO:
        raise NotInDemoModeError
    organisations = {name: _organisation(name, audience) for name, audience in ORGANISATIONS.items()}
    for person in PEOPLE:
        found = User.objects.filter(email=person.email).first()
        if found is None:
            add_person(
                email=person.email,
                name=person.name,
                organisation=organisations[person.organisation],
                role=person.role,
                password=PASSWORD,
                is_demo=True,
                by=None,
            )
        elif found.is_demo and not found.has_usable_password():
            _reopen(found)


def can_sign_in() -> QuerySet[User]:
    """The people of the demo who can still sign in; outside demo mode there must be none."""
    people = User.objects.filter(is_demo=True, is_active=True)
    return people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


@transaction.atomic
def end_demo() -> list[User]:
    """Close the access of the demo's people: no password, suspended, signed out everywhere.

    Their records stay. Returns those whose access it closed, which is none the second time.
    """
    closed = list(can_sign_in())
    for user in closed:
        user.set_unusable_password()
        user.is_active = False
        user.save(update_fields=["password", "is_active"])
        audit.record(by=None, what="demo person closed", whom=user.email)
    _sign_out(closed)
    return closed


def _organisation(name: str, audience: str) -> Organisation:
    Audience.objects.get_or_create(name=audience)
    organisation, _made = Organisation.objects.get_or_create(name=name, defaults={"audiences": [audience]})
    return organisation


def _reopen(user: User) -> None:
    user.set_password(PASSWORD)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    audit.record(by=None, what="demo person opened again", whom=user.email)


def _sign_out(users: list[User]) -> None:
    """Sessions do not say in the database whose they are; each is opened and looked into."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    theirs = {str(user.pk) for user in users}
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) in theirs:
            store(session.session_key).delete()
