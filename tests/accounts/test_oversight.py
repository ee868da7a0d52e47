"""Who oversees whom: never more than was granted."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Group, Organisation, Oversight, User
from courses.access import held_by
from tests import factories
from tests.personas import everybody, persona

pytestmark = pytest.mark.django_db


def a_world(seed: int) -> list[User]:
    """Companies, teams, people in and outside of them, and grants of every shape."""
    random = Random(seed)
    companies = [factories.organisation() for _ in range(3)]
    teams: list[Group] = [factories.group(company) for company in companies for _ in range(2)]
    people = []
    for company in [*companies, *companies, None]:
        mine = [team for team in teams if company is not None and team.organisation_id == company.pk]
        people.append(factories.person(organisation=company, group=random.choice([*mine, None])))
    for _ in range(4):
        manager, company = random.choice(people), random.choice(companies)
        mine = [team for team in teams if team.organisation_id == company.pk]
        team = random.choice([*mine, None])
        Oversight.objects.get_or_create(manager=manager, organisation=company, group=team)
    return people


def is_overseen(person: User, by: User) -> bool:
    """The rule, said a second time and row by row."""
    return person.organisation_id is not None and any(
        grant.group_id == person.group_id
        if grant.group_id
        else grant.organisation_id == person.organisation_id
        for grant in by.oversees.all()
    )


@pytest.mark.trust("AC-03", "AC-07")
@pytest.mark.parametrize("seed", range(12))
def test_overseen_are_exactly_those_who_were_granted(seed: int) -> None:
    people = a_world(seed)
    for manager in people:
        expected = {person.pk for person in people if is_overseen(person, manager)}
        assert set(User.objects.overseen_by(manager).values_list("pk", flat=True)) == expected
        assert manager.oversees_anybody is manager.oversees.exists()


@pytest.mark.trust("AC-03")
def test_a_manager_sees_their_company_and_nobody_else() -> None:
    people = everybody()
    mine = {"partner", "manager", "suspended"}
    overseen = set(User.objects.overseen_by(people["manager"]))
    assert overseen == {people[name] for name in mine}
    for name in set(people) - {"manager", "globex_manager"}:
        assert not User.objects.overseen_by(people[name]).exists()


@pytest.mark.trust("AC-07")
def test_people_without_an_organisation_are_overseen_by_nobody() -> None:
    manager, stranger = persona("manager"), persona("stranger")
    User.objects.filter(pk=manager.pk).update(organisation=None)
    assert stranger not in User.objects.overseen_by(manager)
    assert manager not in User.objects.overseen_by(manager)
    factories.oversight(stranger, factories.organisation("Acme"))
    assert stranger not in User.objects.overseen_by(stranger)


@pytest.mark.trust("AC-07")
def test_a_group_that_lost_its_organisation_shows_nobody() -> None:
    company = factories.organisation("Acme")
    team = factories.group(company, "North")
    lost = factories.person(group=team)  # a row that no form lets through
    manager = factories.person(organisation=company)
    factories.oversight(manager, company, team)
    assert lost not in User.objects.overseen_by(manager)


def test_nobody_and_the_suspended_oversee_nobody() -> None:
    everybody()
    assert not User.objects.overseen_by(AnonymousUser()).exists()
    manager = persona("manager")
    manager.is_active = False
    assert not User.objects.overseen_by(manager).exists()


def test_a_grant_is_given_once() -> None:
    manager, company = persona("manager"), factories.organisation("Acme")
    team = factories.group(company, "North")
    factories.oversight(manager, company, team)
    for group in (None, team):
        with pytest.raises(IntegrityError), transaction.atomic():
            Oversight.objects.create(manager=manager, organisation=company, group=group)


def test_a_group_of_another_company_is_refused() -> None:
    acme, globex = factories.organisation("Acme"), factories.organisation("Globex")
    team = factories.group(globex)
    with pytest.raises(ValidationError, match="another organisation"):
        Oversight(manager=persona("manager"), organisation=acme, group=team).clean()
    with pytest.raises(ValidationError, match="another organisation"):
        User(email="a@acme.test", organisation=acme, group=team).clean()


@pytest.mark.trust("AC-11")
def test_the_audience_is_the_organisations_and_nobody_elses() -> None:
    audiences = {name: user.audiences for name, user in everybody().items()}
    assert audiences["employee"] == {"Employee"}
    assert audiences["partner"] == audiences["manager"] == {"Partner"}
    assert audiences["stranger"] == frozenset()
    company = Organisation(name="Closed", audiences=["Partner"], is_active=False)
    closed = User(organisation=company)
    assert closed.audiences == {"Partner"}  # what is asked of them stays; no page opens to them
    assert held_by(closed) == frozenset()


def test_an_organisation_names_only_audiences_that_exist() -> None:
    for wrong in (["Nobody"], "Partner", [1]):
        with pytest.raises(ValidationError):
            Organisation(name="X", audiences=wrong).clean()
    Organisation(name="X", audiences=["Partner"]).clean()


@pytest.mark.parametrize(
    ("first", "second"), list(product(["Ada@Acme.test"], ["ada@acme.test", "ADA@ACME.TEST "]))
)
def test_addresses_differ_by_more_than_case(first: str, second: str) -> None:
    User.objects.create_user(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(second)
    assert User.objects.get_by_natural_key(second.strip()).email == "ada@acme.test"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(email="ada@acme.test").update(email="Ada@acme.test")
