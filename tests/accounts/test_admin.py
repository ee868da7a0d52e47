"""The admin: for admins alone, every change on the trail, and the import by upload."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import audit
from accounts.models import Audience, AuditEvent, Group, Organisation, Oversight, User
from tests import factories
from tests.personas import PERSONAS, client_of, persona

pytestmark = pytest.mark.django_db

IMPORT = "/admin/accounts/user/import/"
PAGES = [
    "/admin/",
    "/admin/login/",
    "/admin/logout/",
    "/admin/password_change/",
    "/admin/jsi18n/",
    "/admin/autocomplete/",
    "/admin/accounts/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
    IMPORT,
    "/admin/accounts/organisation/",
    "/admin/accounts/auditevent/",
    "/admin/nothing/here/",
]


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def admin() -> Client:
    return client_of("admin")


@pytest.mark.trust("AC-01", "AC-12")
@pytest.mark.parametrize("url", PAGES)
def test_the_admin_is_not_there_for_others(url: str) -> None:
    for name in set(PERSONAS) - {"admin", "superuser", "suspended"}:
        client = client_of(name)
        for method in ("get", "head", "post", "options", "put", "delete"):
            response = getattr(client, method)(url)
            assert response.status_code == 404, (name, method)
    for name in ("anonymous", "suspended"):
        response = client_of(name).get(url)
        assert (response.status_code, response.headers["Location"][:15]) == (302, "/accounts/login")


@pytest.mark.trust("AC-01")
def test_the_404_is_that_of_a_page_that_does_not_exist() -> None:
    client = client_of("partner")
    there, nowhere = client.get("/admin/accounts/user/"), client.get("/admin/x/y/")
    assert soup(there).get_text() == soup(nowhere).get_text()


@pytest.mark.parametrize("model", ["user", "organisation", "group", "oversight", "audience", "auditevent"])
def test_lists_pages_and_searches_open(admin: Client, model: str) -> None:
    factories.oversight(
        persona("manager"),
        factories.organisation("Globex"),
        factories.group(factories.organisation("Globex")),
    )
    audit.record(by=persona("admin"), what="looked", whom="here")
    lists = f"/admin/accounts/{model}/"
    assert admin.get(lists).status_code == 200
    assert admin.get(lists, {"q": "acme"}).status_code == 200
    row = {
        "user": User, "organisation": Organisation, "group": Group, "oversight": Oversight,
        "audience": Audience, "auditevent": AuditEvent,
    }[model].objects.first()  # fmt: skip
    assert row is not None
    assert admin.get(reverse(f"admin:accounts_{model}_change", args=[row.pk])).status_code == 200


@pytest.mark.trust("AC-05")
@pytest.mark.parametrize(
    "query", ["organisation=x", "password__startswith=a", "organisation__id__exact=-1", "o=99.x", "p=-1"]
)
def test_crafted_filters_break_nothing(admin: Client, query: str) -> None:
    assert admin.get(f"/admin/accounts/user/?{query}").status_code in (200, 302, 400)


def test_the_index_is_in_the_order_of_use(admin: Client) -> None:
    names = [heading["id"] for heading in soup(admin.get("/admin/")).select("#content-main th[id]")]
    ours = [name for name in names if str(name).startswith("accounts-")]
    order = ["user", "organisation", "group", "oversight", "audience", "auditevent"]
    assert ours == names[: len(ours)] == [f"accounts-{name}" for name in order]


def person_form(**changed: Any) -> dict[str, Any]:
    return {"email": "New@Acme.test", "name": "New", "organisation": "", "is_active": "on", **changed}


def test_somebody_added_gets_a_link(
    admin: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    company = factories.organisation("Acme")
    with django_capture_on_commit_callbacks(execute=True):
        admin.post("/admin/accounts/user/add/", person_form(organisation=company.pk))
    user = User.objects.get(email="new@acme.test")
    assert not user.has_usable_password()
    assert list(user.emailaddress_set.values_list("email", "verified")) == [("new@acme.test", True)]
    assert [message.to for message in mail.outbox] == [["new@acme.test"]]
    event = AuditEvent.objects.get(what="person added")
    assert (event.by, event.whom) == (persona("admin"), "New")


def test_a_change_stands_on_the_trail_with_before_and_after(admin: Client) -> None:
    user = persona("partner")
    form = person_form(email="paul.new@acme.test", name="Paul New", is_author="on")
    response = admin.post(f"/admin/accounts/user/{user.pk}/change/", form)
    assert response.status_code == 302
    event = AuditEvent.objects.get(what="person changed")
    assert event.by == persona("admin")
    assert event.detail == {
        "email": [user.email, "paul.new@acme.test"],
        "name": [user.name, "Paul New"],
        "is_author": [False, True],
    }
    user.refresh_from_db()
    assert list(user.emailaddress_set.values_list("email", flat=True)) == ["paul.new@acme.test"]


def test_a_taken_address_is_refused_beside_its_field(admin: Client) -> None:
    persona("globex_partner").emailaddress_set.create(email="second@globex.test", verified=True)
    for taken in (persona("globex_partner").email.upper(), "second@globex.test"):
        page = admin.post("/admin/accounts/user/add/", person_form(email=taken))
        assert soup(page).select_one(".field-email .errorlist"), taken
    assert not AuditEvent.objects.exists()


@pytest.mark.trust("AC-08")
def test_what_the_form_does_not_offer_does_not_change(admin: Client) -> None:
    user = persona("partner")
    kept = ("organisation_id", "password", "is_superuser", "is_demo", "date_joined", "last_login", "id")
    before = User.objects.values(*kept).get(pk=user.pk)
    globex = factories.organisation("Globex")
    form = person_form(
        email=user.email,
        organisation=globex.pk,
        password="x",
        is_superuser="on",
        is_demo="on",
        date_joined_0="2001-01-01",
        date_joined_1="00:00",
        id="1",
    )
    assert admin.post(f"/admin/accounts/user/{user.pk}/change/", form).status_code == 302
    assert User.objects.values(*kept).get(pk=user.pk) == before


def test_a_group_of_another_company_is_not_offered(admin: Client) -> None:
    user = persona("partner")
    foreign = factories.group(factories.organisation("Globex"))
    own = factories.group(factories.organisation("Acme"))
    url = f"/admin/accounts/user/{user.pk}/change/"
    assert [option["value"] for option in soup(admin.get(url)).select("#id_group option")] == [
        "",
        str(own.pk),
    ]
    admin.post(url, person_form(email=user.email, group=foreign.pk))
    user.refresh_from_db()
    assert user.group is None


def test_the_trail_and_people_cannot_be_deleted_nor_the_trail_written(admin: Client) -> None:
    event = audit.record(by=None, what="looked")
    user = persona("partner")
    for url in (
        "/admin/accounts/auditevent/add/",
        f"/admin/accounts/auditevent/{event.pk}/delete/",
        f"/admin/accounts/user/{user.pk}/delete/",
        "/admin/accounts/audience/Partner/delete/",
    ):
        assert admin.post(url, {"post": "yes"}).status_code == 403, url
    assert admin.post(f"/admin/accounts/auditevent/{event.pk}/change/", {"what": "x"}).status_code == 403
    for model in ("auditevent", "user", "audience"):
        chosen = {"action": "delete_selected", "_selected_action": [user.pk, event.pk], "post": "yes"}
        admin.post(f"/admin/accounts/{model}/", chosen)
    assert User.objects.filter(pk=user.pk).exists()
    assert list(AuditEvent.objects.values_list("what", flat=True)) == ["looked"]


def test_a_line_of_the_trail_stays_as_it_was_written() -> None:
    event = audit.record(by=None, what="looked")
    for change in (event.save, event.delete):
        with pytest.raises(TypeError):
            change()


def test_taking_oversight_away_stands_on_the_trail(admin: Client) -> None:
    grant = persona("manager").oversees.get()
    chosen = {"action": "delete_selected", "_selected_action": [grant.pk], "post": "yes"}
    admin.post("/admin/accounts/oversight/", chosen)
    event = AuditEvent.objects.get(what="oversight deleted")
    assert event.whom == "Mia Manager → Acme"
    assert not Oversight.objects.exists()


def test_an_organisation_takes_audiences_that_exist_and_keeps_them_once_it_has_people(admin: Client) -> None:
    url = "/admin/accounts/organisation/add/"
    assert "errorlist" in admin.post(url, {"name": "Initech", "audiences": ["Nobody"]}).content.decode()
    admin.post(url, {"name": "Initech", "audiences": ["Partner"], "is_active": "on"})
    company = Organisation.objects.get(name="Initech")
    assert company.audiences == ["Partner"]
    change = f"/admin/accounts/organisation/{company.pk}/change/"
    admin.post(change, {"name": "Initech", "audiences": ["Employee"], "is_active": "on"})
    factories.person(organisation=company)
    admin.post(change, {"name": "Initech", "audiences": ["Partner"]})
    company.refresh_from_db()
    assert (company.audiences, company.is_active) == (["Employee"], False)


def test_links_are_sent_again_to_those_who_may_sign_in(admin: Client) -> None:
    people = [persona("partner"), persona("suspended")]
    chosen = {"action": "send_link", "_selected_action": [user.pk for user in people]}
    page = admin.post("/admin/accounts/user/", chosen, follow=True).content.decode()
    assert [message.to for message in mail.outbox] == [[people[0].email]]
    assert f"without a link: {people[1].email}" in page
    assert AuditEvent.objects.filter(what="person sent a link to set a password").count() == 1


def upload(client: Client, text: str) -> Any:
    file = SimpleUploadedFile("people.csv", text.encode())
    return client.post(IMPORT, {"file": file})


FILE = """e-mail,name,organisation,group,role
ada@acme.test,Ada,Acme,North,manager
bob@acme.test,Bob,Acme,,admin
"""


def test_importing_by_upload(admin: Client) -> None:
    factories.organisation("Acme")
    assert IMPORT in {link["href"] for link in soup(admin.get("/admin/accounts/user/")).select("a[href]")}
    page = soup(upload(admin, FILE))
    assert "Nothing is written yet" in page.get_text()
    assert [cell.get_text() for cell in page.select("tbody td:nth-of-type(2)")] == [
        "ada@acme.test",
        "bob@acme.test",
    ]
    assert User.objects.filter(email__endswith="@acme.test").count() == 0
    content = page.select_one("input[name=content]")
    assert content is not None
    done = soup(admin.post(IMPORT, {"content": content["value"]}))
    assert "2 people added" in done.get_text()
    assert User.objects.get(email="bob@acme.test").is_staff
    assert len(mail.outbox) == 2
    assert set(AuditEvent.objects.filter(what="person added").values_list("by", flat=True)) == {
        persona("admin").pk
    }
    again = soup(admin.post(IMPORT, {"content": content["value"]}))
    assert "2 were there already" in again.get_text()
    assert len(mail.outbox) == 2


def test_an_upload_with_a_problem_cannot_be_confirmed(admin: Client) -> None:
    factories.organisation("Acme")
    page = soup(upload(admin, FILE.replace(",Acme,,", ",Amce,,")))
    assert "Did you mean “Acme”?" in page.get_text()
    assert page.select_one("input[name=content]") is None
    assert not User.objects.filter(email="ada@acme.test").exists()


def test_a_file_full_of_markup_is_shown_as_text(admin: Client) -> None:
    page = upload(
        admin, "e-mail,name,organisation\n<script>alert(1)</script>,<b>x,<img src=x>\n"
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("form", [{}, {"content": "no base64!"}, {"file": "no file"}])
def test_no_file_is_no_import(admin: Client, form: dict[str, str]) -> None:
    response = admin.post(IMPORT, form)
    assert response.status_code == 422
    assert soup(response).select_one(".errorlist") is not None


def test_the_audiences_of_the_start_are_there() -> None:
    assert list(Audience.objects.values_list("name", flat=True)) == ["Employee", "Partner"]
