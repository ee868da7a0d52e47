"""Coming in and being kept out, as a browser sees it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
NEW_PASSWORD = "orchard-lantern-quiet-7"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def signed_in_as(client: Client) -> str | None:
    """The primary key of whoever the session belongs to."""
    return client.session.get("_auth_user_id")


def seen(response: Any) -> str:
    """A page without what differs at every load: the form's token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_a_person_is_sent_to_sign_in_and_back(client: Client) -> None:
    response = client.get("/team/?state=open")
    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/login/?next=/team/%3Fstate%3Dopen"
    page = client.get(response.headers["Location"])
    assert 'name="next" value="/team/?state=open"' in page.content.decode()
    response = sign_in(client, persona("manager").email, next="/team/?state=open")
    assert response.headers["Location"] == "/team/?state=open"


def test_the_address_may_be_typed_in_any_case(client: Client) -> None:
    sign_in(client, f"  {persona('partner').email.upper()} ")
    assert signed_in_as(client) == str(persona("partner").pk)


@pytest.mark.parametrize(("remember", "lasts"), [({}, False), ({"remember": "on"}, True)])
def test_the_session_outlives_the_browser_only_when_asked(
    client: Client, remember: dict[str, str], lasts: bool
) -> None:
    response = sign_in(client, persona("partner").email, **remember)
    assert bool(response.cookies["sessionid"]["max-age"]) is lasts


def test_signing_in_changes_the_session_key(client: Client) -> None:
    client.get(LOGIN)
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key or ""
    client.cookies["sessionid"] = before
    sign_in(client, persona("partner").email)
    assert client.cookies["sessionid"].value != before


def test_signing_out_takes_a_post(client: Client) -> None:
    sign_in(client, persona("partner").email)
    assert client.get("/accounts/logout/").status_code == 200
    assert signed_in_as(client)
    client.post("/accounts/logout/")
    assert signed_in_as(client) is None


def test_sign_up_is_closed(client: Client) -> None:
    page = client.get("/accounts/signup/")
    assert "<form" not in page.content.decode().partition("<main")[2]
    client.post(
        "/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.filter(email="new@example.com").exists()


def test_a_wrong_password_and_an_unknown_address_look_alike() -> None:
    known = persona("partner").email
    persona("suspended")
    pages = []
    for email in (known, "nobody@acme.test", persona("suspended").email):
        response = sign_in(Client(), email, "wrong-wrong-wrong")
        pages.append((response.status_code, seen(response).replace(email, "…")))
    assert pages[0] == pages[1] == pages[2]
    assert "do not belong together" in pages[0][1]


def test_asking_for_a_link_tells_nobody_who_is_known() -> None:
    answers = []
    for email in (persona("partner").email, "nobody@acme.test", persona("suspended").email):
        client = Client()
        response = client.post(RESET, {"email": email})
        answers.append(
            (
                response.status_code,
                response.headers["Location"],
                seen(client.get(response.headers["Location"])),
            )
        )
    assert answers[0] == answers[1] == answers[2]
    assert [message.to for message in mail.outbox] == [[persona("partner").email]]


def test_repeated_failures_stop_for_known_and_unknown_alike() -> None:
    for email in (persona("partner").email, "nobody@acme.test"):
        for _ in range(5):
            sign_in(Client(), email, "wrong-wrong-wrong")
        response = sign_in(Client(), email)
        assert "Too many tries" in response.content.decode()


@pytest.mark.trust("AC-10")
def test_a_suspended_person_is_out_at_the_next_request() -> None:
    client = client_of("partner")
    assert client.get("/accounts/password/change/").status_code == 200
    User.objects.filter(pk=persona("partner").pk).update(is_active=False)
    response = client.get("/accounts/password/change/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith(LOGIN)


@pytest.mark.trust("AC-10")
def test_a_suspended_organisation_takes_its_people_along() -> None:
    client = client_of("partner")
    company = persona("partner").organisation
    assert company is not None
    company.is_active = False
    company.save()
    assert client.get("/accounts/password/change/").status_code == 302
    other = client_of("globex_partner")
    assert other.get("/accounts/password/change/").status_code == 200
    response = sign_in(Client(), persona("partner").email)
    assert response.headers["Location"] == "/accounts/inactive/"
    Client().post(RESET, {"email": persona("partner").email})
    assert mail.outbox == []


@pytest.mark.trust("AC-10")
def test_a_suspended_person_with_the_right_password_learns_why(client: Client) -> None:
    response = sign_in(client, persona("suspended").email)
    assert response.headers["Location"] == "/accounts/inactive/"
    assert signed_in_as(client) is None
    assert "suspended" in client.get(response.headers["Location"]).content.decode()


@pytest.mark.trust("AC-10")
def test_a_link_that_was_on_its_way_does_not_let_a_suspended_person_in(client: Client) -> None:
    client.post(RESET, {"email": persona("partner").email})
    link = link_in(str(mail.outbox[0].body))
    User.objects.filter(pk=persona("partner").pk).update(is_active=False)
    set_password(client, link)
    sign_in(client, persona("partner").email, NEW_PASSWORD)
    assert signed_in_as(client) is None


def link_in(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", text)
    assert found, text
    return found.group(1)


def set_password(client: Client, link: str) -> Any:
    page = client.get(link, follow=True)
    where = page.redirect_chain[-1][0] if page.redirect_chain else link
    return client.post(where, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def test_a_link_sets_a_new_password_once(client: Client) -> None:
    client.post(RESET, {"email": persona("partner").email})
    link = link_in(str(mail.outbox[0].body))
    assert set_password(client, link).status_code == 302
    assert "does not work any more" in Client().get(link).content.decode()
    sign_in(client, persona("partner").email, NEW_PASSWORD)
    assert signed_in_as(client) == str(persona("partner").pk)


def test_changing_the_password_signs_out_everywhere() -> None:
    here, there = client_of("partner"), client_of("partner")
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = here.post("/accounts/password/change/", form)
    assert response.status_code == 302
    assert there.get("/accounts/password/change/").status_code == 302
    sign_in(here, persona("partner").email, NEW_PASSWORD)
    assert signed_in_as(here)


def test_a_weak_password_is_refused_beside_its_field() -> None:
    client = client_of("partner")
    form = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    page = client.post("/accounts/password/change/", form).content.decode()
    assert 'id="id_password1_error"' in page
    assert 'aria-describedby="id_password1_helptext id_password1_error"' in page


def ask_for_address(client: Client, email: str) -> Any:
    """Asks for another address, and gives the password again when the site wants it."""
    response = client.post("/accounts/email/", {"email": email, "action_add": ""})
    if not response.headers.get("Location", "").startswith("/accounts/reauthenticate/"):
        return response
    return client.post(response.headers["Location"], {"password": PASSWORD})


def test_an_address_changes_only_by_password_and_a_link_sent_to_it(client: Client) -> None:
    old = persona("partner").email
    sign_in(client, old)
    response = client.post("/accounts/email/", {"email": "New@Acme.test", "action_add": ""})
    refused = client.post(response.headers["Location"], {"password": "wrong-wrong-wrong"})
    assert "id_password_error" in refused.content.decode()
    assert mail.outbox == []
    client.post(response.headers["Location"], {"password": PASSWORD})
    assert User.objects.get(pk=persona("partner").pk).email == old
    message = next(message for message in mail.outbox if message.to == ["new@acme.test"])
    client.post(link_in(str(message.body)))
    user = User.objects.get(organisation__name="Acme")
    assert user.email == "new@acme.test"
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("new@acme.test", True, True)
    ]


def test_a_second_new_address_takes_the_place_of_the_first(client: Client) -> None:
    sign_in(client, persona("partner").email)
    for email in ("first@acme.test", "second@acme.test"):
        assert ask_for_address(client, email).status_code == 302
    waiting = persona("partner").emailaddress_set.filter(verified=False)
    assert list(waiting.values_list("email", flat=True)) == ["second@acme.test"]


def test_somebody_elses_address_cannot_be_taken_and_is_not_given_away() -> None:
    answers = []
    for email in ("free@acme.test", persona("globex_partner").email):
        client = client_of("partner")
        response = ask_for_address(client, email)
        answers.append((response.status_code, response.headers["Location"]))
    assert answers[0] == answers[1]
    told = [str(message.body) for message in mail.outbox if message.to == [persona("globex_partner").email]]
    assert len(told) == 1
    Client().post(link_in(told[0]))
    assert User.objects.get(email=persona("globex_partner").email).pk == persona("globex_partner").pk
    assert User.objects.get(pk=persona("partner").pk).email == persona("partner").email


def test_loading_a_person_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = client_of("manager")
    client.get("/accounts/logout/")
    with django_assert_num_queries(1):
        page = client.get("/accounts/logout/").content.decode()
    assert ">Team<" in page.replace("\n", "")
    assert "Acme" in page


def test_a_page_for_anybody_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get(LOGIN).status_code == 200


@pytest.mark.parametrize(
    "url", [LOGIN, RESET, "/accounts/signup/", "/accounts/inactive/", "/accounts/confirm-email/"]
)
def test_the_pages_have_a_language_a_title_and_one_heading(client: Client, url: str) -> None:
    page = client.get(url).content.decode()
    assert '<html lang="en"' in page
    assert re.search(r"<title>\s*\S", page)
    assert page.count("<h1") == 1
    assert page.count("<main") == 1


def test_the_demo_says_who_can_sign_in(client: Client, settings: Settings) -> None:
    assert "coursemark-demo" not in client.get(LOGIN).content.decode()
    settings.DEMO = True
    page = client.get(LOGIN).content.decode()
    assert "coursemark-demo" in page
    assert "manager@acme.example" in page


def test_an_unverified_address_gets_a_link_not_a_session(client: Client) -> None:
    user = factories.person("fresh@acme.test")
    user.emailaddress_set.update(verified=False)
    response = sign_in(client, user.email)
    assert response.headers["Location"] == "/accounts/confirm-email/"
    assert signed_in_as(client) is None
