"""The people by whom every URL is tried, and a browser for each of them.

    user = persona("partner")           # made once a test, the same row afterwards
    client = client_of("manager")       # signed in; "anonymous" is nobody

Ask for them inside a test that has the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import User
from tests import factories

BACKEND = "accounts.backend.PeopleBackend"
ANONYMOUS = "anonymous"

AUDIENCES_OF = {"Coursemark": ["Employee"], "Acme": ["Partner"], "Globex": ["Partner"]}


@dataclass(frozen=True)
class Persona:
    """Who somebody is: address, name, company, flags, and the company that they oversee."""

    email: str
    name: str
    organisation: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    oversees: str | None = None


PERSONAS = {
    "employee": Persona("emma@coursemark.test", "Emma Employee", "Coursemark"),
    "partner": Persona("paul@acme.test", "Paul Partner", "Acme"),
    "globex_partner": Persona("grace@globex.test", "Grace Globex", "Globex"),
    "manager": Persona("mia@acme.test", "Mia Manager", "Acme", oversees="Acme"),
    "globex_manager": Persona("gus@globex.test", "Gus Globexboss", "Globex", oversees="Globex"),
    "author": Persona("arthur@coursemark.test", "Arthur Author", "Coursemark", {"is_author": True}),
    "admin": Persona("ada@coursemark.test", "Ada Admin", "Coursemark", {"is_staff": True}),
    "superuser": Persona(
        "sue@coursemark.test", "Sue Superuser", "Coursemark", {"is_staff": True, "is_superuser": True}
    ),
    "suspended": Persona("sam@acme.test", "Sam Suspended", "Acme", {"is_active": False}),
    "stranger": Persona("stan@nowhere.test", "Stan Stranger", None),
}


def persona(name: str) -> User:
    """The person of this name in `PERSONAS`, made when first asked for."""
    spec = PERSONAS[name]
    if user := User.objects.filter(email=spec.email).first():
        return user
    company = (
        factories.organisation(spec.organisation, AUDIENCES_OF[spec.organisation])
        if spec.organisation
        else None
    )
    user = factories.person(spec.email, name=spec.name, organisation=company, **spec.fields)
    if spec.oversees:
        factories.oversight(user, factories.organisation(spec.oversees, AUDIENCES_OF[spec.oversees]))
    return user


def everybody() -> dict[str, User]:
    """All personas by name."""
    return {name: persona(name) for name in PERSONAS}


def client_of(name: str, **options: Any) -> Client:
    """A browser in which this persona is signed in (the suspended one: was, before the suspension)."""
    client = Client(**options)
    if name != ANONYMOUS:
        client.force_login(persona(name), backend=BACKEND)
    return client
