"""What is taken away is gone at the next request, and what was answered is kept until it is given back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import Oversight, User
from learning.models import SectionProgress
from quizzes.models import Response, Round
from tests import factories
from tests.browsing import Hand, soup, text_of
from tests.factories import PASSWORD
from tests.modules import a_module, multiple, publish, question, source
from tests.packages import png
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

GROWING = "/modules/apples/growing/"
SECTIONS = {
    "Growing": "![A tree](../tree.png)\n" + question("que1") + multiple("que2"),
    "Eating": question("que3"),
}


def change(**fields: object) -> None:
    User.objects.filter(pk=persona("partner").pk).update(**fields)


def suspend_the_person() -> Callable[[], None]:
    change(is_active=False)
    return lambda: change(is_active=True)


def suspend_the_company() -> Callable[[], None]:
    company = persona("partner").organisation
    assert company is not None
    company.is_active = False
    company.save()

    def back() -> None:
        company.is_active = True
        company.save()

    return back


def move_to_another_audience() -> Callable[[], None]:
    company = persona("partner").organisation
    change(organisation=factories.organisation("Initech", ["Supplier"]))
    return lambda: change(organisation=company)


def take_out_of_every_company() -> Callable[[], None]:
    company = persona("partner").organisation
    change(organisation=None)
    return lambda: change(organisation=company)


def change_what_the_company_may_see() -> Callable[[], None]:
    company = persona("partner").organisation
    assert company is not None
    company.audiences = []
    company.save()

    def back() -> None:
        company.audiences = ["Partner"]
        company.save()

    return back


def narrow_the_module() -> Callable[[], None]:
    publish_apples("visibility:\n- Employee")
    return publish_apples


def publish_apples(front: str = "visibility:\n- Employee\n- Partner") -> None:
    publish(source("Apples", SECTIONS, front=front) | {"tree.png": png()})


LOSSES = [
    suspend_the_person,
    suspend_the_company,
    move_to_another_audience,
    take_out_of_every_company,
    change_what_the_company_may_see,
    narrow_the_module,
]
OUT = (suspend_the_person, suspend_the_company)


@pytest.mark.trust("AC-10")
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.__name__)
def test_a_half_finished_check_closes_at_once_and_waits_to_be_given_back(loss, htmx):
    publish_apples()
    learner = Hand(client_of("partner"), htmx=htmx)
    page = learner.get(GROWING)
    picture = str(page.select_one(".prose img")["src"])
    learner.press(page, "check:que1", {"que1": ["The wrong one"]})
    learner.press(page, "save", {"que2": ["First right"]}, question="que2", seq="2")
    kept = list(Response.objects.order_by("pk").values())

    back = loss()
    denied = (302, 401) if loss in OUT else (404,)
    for response in (
        learner.press(page, "save", {"que2": ["First wrong"]}, question="que2", seq="3"),
        learner.press(page, "check:que2", {"que2": ["First right", "Second right"]}),
        learner.press(page, "check-anyway"),
        learner.press(page, "again"),
        learner.client.get(GROWING),
        learner.client.get(picture),
        learner.client.get("/modules/apples/"),
        learner.client.post(str(page.select_one("form.check-form")["action"])),
    ):
        assert response.status_code in denied
        assert b"que1" not in response.content
    assert list(Response.objects.order_by("pk").values()) == kept
    assert not SectionProgress.objects.filter(done_at__isnull=False).exists()

    back()
    page = learner.get(GROWING)
    assert "Not this one" in text_of(page.select_one("#q-que1"))
    chosen = page.select('input[name="answer-que2"][checked]')
    assert [text_of(field.find_parent("label")) for field in chosen] == ["First right of que2"]
    learner.press(page, "check:que2", {"que2": ["First right", "Second right"]})
    assert Round.objects.get().finished_at is not None
    assert Response.objects.get(question__key="que2").share == 1


@pytest.mark.trust("AC-10")
@pytest.mark.parametrize(
    ("who", "taken", "addresses"),
    [
        ("author", {"is_author": False}, ["/authoring/", "/authoring/modules/apples/"]),
        ("admin", {"is_staff": False}, ["/admin/", "/admin/accounts/user/"]),
        ("manager", None, ["/team/", "/team/apples/", "/team/export.csv"]),
    ],
)
def test_a_power_that_is_taken_is_gone_with_the_next_request(who, taken, addresses):
    a_module("Apples", SECTIONS | {"Growing": question("que1")})
    client = client_of(who)
    for address in addresses:
        assert client.get(address).status_code == 200, address
    if taken is None:
        Oversight.objects.filter(manager=persona(who)).delete()
    else:
        User.objects.filter(pk=persona(who).pk).update(**taken)
    for address in addresses:
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address
    links = [str(a["href"]) for a in soup(client.get("/")).select("header nav a")]
    assert links == ["/"]


@pytest.mark.trust("AC-10", "AC-03")
def test_a_person_who_moves_leaves_the_old_managers_table_and_enters_the_new_one():
    a_module("Apples", {"Growing": question("que1")})
    persona("partner")
    old, new = client_of("manager"), client_of("globex_manager")
    assert "Paul Partner" in old.get("/team/").content.decode()
    assert "Paul Partner" not in new.get("/team/").content.decode()
    change(organisation=factories.organisation("Globex"))
    for address in ("/team/", "/team/apples/", "/team/export.csv"):
        assert "Paul Partner" not in old.get(address).content.decode()
        assert "Paul Partner" in new.get(address).content.decode()


@pytest.mark.trust("HX-05")
def test_a_session_that_ends_in_the_middle_loses_no_answer_and_draws_no_sign_in_into_the_page():
    a_module("Apples", {"Growing": question("que1") + multiple("que2")})
    learner = Hand(client_of("partner"), htmx=True)
    page = learner.get(GROWING)
    learner.press(page, "save", {"que1": ["The right one"]}, question="que1")
    form = page.select_one("form.check-form")
    learner.client.session.flush()
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{GROWING}#q-que2"}
    late = learner.client.post(str(form["action"]), {"act": "check:que2"}, headers=headers)
    assert (late.status_code, late.content) == (401, b"")
    to = urlsplit(late.headers["HX-Redirect"])
    assert (to.netloc, to.path) == ("", "/accounts/login/")
    back = parse_qs(to.query)["next"][0]
    assert back.startswith(GROWING)

    answer = learner.client.post(
        late.headers["HX-Redirect"], {"login": persona("partner").email, "password": PASSWORD, "next": back}
    )
    assert answer.headers["Location"] == back
    page = learner.get(GROWING)
    assert "The right one" in text_of(page.select_one("input[checked]").find_parent("label"))


@pytest.mark.trust("HX-05", "AC-10")
def test_without_htmx_too_one_signs_in_and_comes_back_to_the_section():
    a_module("Apples", {"Growing": question("que1")})
    for client in (Client(), client_of("suspended")):
        response = client.get(f"{GROWING}?from=mail")
        assert response.headers["Location"] == f"/accounts/login/?next={GROWING}%3Ffrom%3Dmail"
