"""The demo's people exist in demo mode alone, and their access ends for good."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts import demo
from accounts.models import AuditEvent, Organisation, User
from tests.personas import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_mode(settings: Settings) -> None:
    settings.DEMO = True


def run(name: str) -> str:
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue()


def sign_in(email: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": "coursemark-demo"})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/password/change/").status_code == 200


def test_outside_demo_mode_there_is_no_demo() -> None:
    with pytest.raises(CommandError, match="not in demo mode"):
        run("make_demo")
    assert User.objects.count() == 0
    assert not demo.can_sign_in()


@pytest.mark.usefixtures("demo_mode")
def test_the_six_people_can_sign_in_and_the_command_says_what_each_sees() -> None:
    told = run("make_demo")
    emails = [
        "employee@coursemark.example",
        "partner@acme.example",
        "manager@acme.example",
        "partner@globex.example",
        "author@coursemark.example",
        "admin@coursemark.example",
    ]
    assert [person.email for person in demo.PEOPLE] == emails
    for email in emails:
        assert f"{email} " in told
        assert is_signed_in(sign_in(email))
    assert "coursemark-demo" in told
    assert demo.can_sign_in().count() == 6


@pytest.mark.usefixtures("demo_mode")
def test_each_has_the_powers_that_the_command_tells() -> None:
    run("make_demo")
    people = {person.email.partition(".")[0]: User.objects.get(email=person.email) for person in demo.PEOPLE}
    assert {name for name, user in people.items() if user.is_author} == {"author@coursemark"}
    assert {name for name, user in people.items() if user.is_staff} == {"admin@coursemark"}
    overseen = User.objects.overseen_by(people["manager@acme"])
    assert set(overseen) == {people["manager@acme"], people["partner@acme"]}
    audiences = {name: set(user.audiences) for name, user in people.items()}
    assert [name for name, held in audiences.items() if held == {"Partner"}] == [
        "partner@acme",
        "manager@acme",
        "partner@globex",
    ]
    assert audiences["employee@coursemark"] == audiences["author@coursemark"] == {"Employee"}


@pytest.mark.usefixtures("demo_mode")
def test_a_second_run_keeps_everything() -> None:
    run("make_demo")
    User.objects.filter(email="partner@acme.example").update(name="Renamed by a visitor")
    Organisation.objects.filter(name="Acme").update(audiences=["Employee", "Partner"])
    before = list(User.objects.order_by("pk").values()), list(Organisation.objects.values())
    run("make_demo")
    assert (list(User.objects.order_by("pk").values()), list(Organisation.objects.values())) == before


@pytest.mark.usefixtures("demo_mode")
def test_somebody_real_with_such_an_address_is_left_alone() -> None:
    User.objects.create_user("admin@coursemark.example")
    run("make_demo")
    user = User.objects.get(email="admin@coursemark.example")
    assert (user.is_demo, user.is_staff, user.has_usable_password()) == (False, False, False)


@pytest.mark.usefixtures("demo_mode")
def test_the_end_closes_access_and_keeps_the_records() -> None:
    run("make_demo")
    people = User.objects.count()
    client, real = sign_in("partner@acme.example"), client_of("employee")
    told = run("end_demo")
    assert told.count("can no longer sign in") == 6
    assert not demo.can_sign_in()
    assert not is_signed_in(client)
    assert client.session.session_key is None or not client.session.exists(client.session.session_key)
    assert not is_signed_in(sign_in("partner@acme.example"))
    assert is_signed_in(real)
    assert User.objects.count() == people + 1
    assert AuditEvent.objects.filter(what="demo person closed").count() == 6


@pytest.mark.usefixtures("demo_mode")
def test_ending_twice_says_that_there_is_nothing_to_do_and_a_new_demo_opens_again() -> None:
    run("make_demo")
    run("end_demo")
    assert "Nothing to do" in run("end_demo")
    run("make_demo")
    assert is_signed_in(sign_in("partner@acme.example"))
    assert User.objects.count() == 6
