"""A program hands in drafts with its author's token: the same zip, never more than a draft, dead when revoked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from authoring import tokens, uploads
from authoring.models import Upload, UploadToken
from courses.models import ModuleVersion
from tests import modules
from tests.browsing import hidden, soup, text_of
from tests.packages import upload, zipped
from tests.personas import client_of, persona

pytestmark = [pytest.mark.django_db, pytest.mark.trust("AC-10")]

URL = "/authoring/uploads/"


def token_of(name: str = "author") -> str:
    return tokens.make(by=persona(name), name="The build")[1]


def program(text: str) -> Client:
    """A program without any cookie, of which the site's own forms are asked for their tokens."""
    return Client(headers={"Authorization": f"Bearer {text}"}, enforce_csrf_checks=True)


def body(client: Client, data: bytes, query: str = "") -> Any:
    return client.post(f"{URL}{query}", data, content_type="application/zip")


def test_a_token_is_made_on_its_page_shown_once_and_kept_as_a_digest():
    client = client_of("author")
    made = client.post("/authoring/tokens/", {"name": "The build"})
    text = text_of(soup(made).select_one("code"))
    assert made["Cache-Control"] == "no-store"
    assert text not in client.get("/authoring/tokens/").content.decode()
    assert text not in str(list(UploadToken.objects.values()))
    assert AuditEvent.objects.filter(what="upload token made", whom="The build").exists()
    assert body(program(text), zipped(modules.source())).status_code == 202
    assert "Never" not in text_of(soup(client.get("/authoring/tokens/")).select_one("table"))


def test_a_token_without_a_name_is_not_made():
    response = client_of("author").post("/authoring/tokens/", {"name": " "})
    assert response.status_code == 422
    assert "Give it a name" in text_of(soup(response).main)
    assert not UploadToken.objects.exists()


@pytest.mark.parametrize("how", ["body", "form"])
def test_a_zip_becomes_a_draft_and_never_more(how: str):
    client, data = program(token_of()), zipped(modules.source())
    response = (
        body(client, data, "?name=apples.zip")
        if how == "body"
        else client.post(URL, {"package": upload(data, "apples.zip")})
    )
    assert response.status_code == 202
    told = client.get(response["Location"]).json()
    version = ModuleVersion.objects.get()
    assert (told["state"], told["name"]) == ("accepted", "apples.zip")
    assert told["drafts"] == [
        {
            "kind": "module", "title": "Apples", "version": 1, "created": True,
            "url": f"http://testserver/authoring/versions/{version.pk}/",
        }
    ]  # fmt: skip
    assert (version.created_by, version.published_at) == (persona("author"), None)
    assert Upload.objects.get().token is not None


def test_what_is_wrong_is_told_as_check_module_tells_it():
    client = program(token_of())
    broken = modules.source("Apples", {"Growing": "[x](javascript:x)"})
    told = client.get(body(client, zipped(broken))["Location"]).json()
    assert told["state"] == "refused"
    assert set(told["problems"][0]) == {"file", "line", "column", "severity", "code", "message", "remedy"}
    assert told["problems"][0]["code"] == "E644"


@pytest.mark.parametrize("sent", [b"", b"no zip"])
def test_nothing_is_told_and_nonsense_is_refused(sent: bytes):
    client = program(token_of())
    response = body(client, sent)
    if sent:
        assert client.get(response["Location"]).json()["problems"][0]["code"] == "E681"
    else:
        assert response.status_code == 422
        assert "Content-Type: application/zip" in response.json()["error"]


def dead(how: str) -> str:
    """A token that does not work, or not any more."""
    author = persona("author")
    text = token_of()
    if how == "revoked":
        tokens.revoke(by=author, pk=UploadToken.objects.get().pk)
    if how == "suspended":
        User.objects.filter(pk=author.pk).update(is_active=False)
    if how == "company suspended":
        author.organisation.is_active = False
        author.organisation.save()
    if how == "no author any more":
        User.objects.filter(pk=author.pk).update(is_author=False)
    return {"unknown": "cmup_" + "a" * 43, "empty": "", "odd": "é\t\0"}.get(how, text)


@pytest.mark.parametrize(
    "how", ["revoked", "suspended", "company suspended", "no author any more", "unknown", "empty", "odd"]
)
def test_a_dead_token_opens_nothing_and_sends_nobody_to_sign_in(how: str):
    text = dead(how)
    client = (
        Client(headers={"Authorization": f"Bearer {text}"})
        if how != "odd"
        else Client(HTTP_AUTHORIZATION=f"Bearer {text}")
    )
    response = body(client, zipped(modules.source()))
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="uploads"')
    assert not Upload.objects.exists()


def test_a_session_beside_a_dead_token_does_not_count():
    client = client_of("author", headers={"Authorization": "Bearer nonsense"})
    assert body(client, zipped(modules.source())).status_code == 401


@pytest.mark.trust("RQ-02")
def test_without_a_token_the_form_needs_its_own():
    client = client_of("author", enforce_csrf_checks=True)
    assert body(client, zipped(modules.source())).status_code == 403
    assert Client().post(URL, b"x", content_type="application/zip").status_code == 302


@pytest.mark.trust("AC-02")
def test_a_token_opens_its_authors_uploads_and_no_other_page():
    client = program(token_of())
    assert client_of("author").post(URL, {"package": upload(zipped(modules.source()))}).status_code == 303
    mine = Upload.objects.get()
    assert client.get(f"{URL}{mine.uuid}/").json()["state"] == "accepted"
    Upload.objects.update(by=persona("admin"))
    assert client.get(f"{URL}{mine.uuid}/").status_code == 404
    version = ModuleVersion.objects.get()
    for address in ("/authoring/", "/", "/authoring/tokens/", f"/authoring/versions/{version.pk}/"):
        assert client.get(address).status_code == 302, address
    assert client.post(f"{URL}{mine.uuid}/publish/", {"why": "x"}).status_code in (302, 403)
    assert client.post(f"/authoring/versions/{version.pk}/publish/", {"why": "x"}).status_code in (302, 403)


def test_one_revokes_ones_own_tokens_alone():
    token_of("author")
    other = persona("employee")
    User.objects.filter(pk=other.pk).update(is_author=True)
    pk = UploadToken.objects.get().pk
    assert client_of("employee").post(f"/authoring/tokens/{pk}/revoke/").status_code == 404
    response = client_of("author").post(f"/authoring/tokens/{pk}/revoke/", follow=True)
    assert "is revoked" in text_of(soup(response).main)
    assert AuditEvent.objects.filter(what="upload token revoked").count() == 1


@pytest.mark.trust("UP-10")
def test_sixty_an_hour_and_no_more():
    author = persona("author")
    files = [{"name": "x.zip", "sha256": "0", "size": 1}]
    Upload.objects.bulk_create(Upload(by=author, name="x", files=files) for _ in range(uploads.AN_HOUR))
    response = body(program(token_of()), zipped(modules.source()))
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    page = client_of("author").post(URL, {"package": upload(zipped(modules.source()))})
    assert page.status_code == 429
    assert "a lot of uploads" in text_of(soup(page).h1)
    assert Upload.objects.count() == uploads.AN_HOUR


@pytest.mark.trust("UP-01")
def test_too_much_is_refused_unread():
    client = program(token_of())
    response = client.generic("POST", URL, b"", "application/zip", CONTENT_LENGTH=str(10**10))
    assert response.status_code == 413


def test_the_same_form_again_makes_no_second_token():
    client = client_of("author")
    form = {**hidden(soup(client.get("/authoring/tokens/")).select_one("form.card")), "name": "The build"}
    assert client.post("/authoring/tokens/", form).status_code == 200
    again = client.post("/authoring/tokens/", form)
    assert again.status_code == 303
    assert "made already" in text_of(soup(client.get(again["Location"])))
    assert UploadToken.objects.count() == 1
    assert AuditEvent.objects.filter(what="upload token made").count() == 1


@pytest.mark.trust("UP-11")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a%00b.zip", "ab.zip"),
        ("a.%00", "a."),
        ("..%2f..%2fetc%2fpasswd", "passwd"),
        ("C:%5cx.zip", "x.zip"),
        ("x." + "a" * 400, "x." + "a" * 253),
        ("a%0d%0aX-Y: z.zip", "aX-Y: z.zip"),
        ("%e2%80%aegpj.zip", "gpj.zip"),
        ("..", "upload.zip"),
        ("%2f", "upload.zip"),
        ("", "upload.zip"),
    ],
)
def test_what_a_program_calls_it_is_only_ever_text(sent: str, kept: str):
    response = body(program(token_of()), zipped(modules.source()), f"?name={sent}")
    assert (response.status_code, response.json()["name"]) == (202, kept)


@pytest.mark.trust("RQ-02", "LK-03")
@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?token={}", {}),
        ("?access_token={}", {}),
        ("?Authorization=Bearer+{}", {}),
        ("", {"Authorization": "Basic {}"}),
        ("", {"Authorization": "Token {}"}),
        ("", {"X-Auth-Token": "{}"}),
        ("", {"Cookie": "token={}"}),
    ],
)
def test_a_token_counts_nowhere_but_in_its_header(query: str, headers: dict[str, str]):
    text = token_of()
    sent = {name: value.format(text) for name, value in headers.items()}
    response = body(Client(headers=sent), zipped(modules.source()), query.format(text))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert text not in response["Location"]
    assert not Upload.objects.exists()


def test_a_session_beside_a_token_does_not_show_either():
    headers = {"Authorization": f"Bearer {token_of()}"}
    client = client_of("author")
    response = client.generic(
        "POST", URL, b"", "application/zip", headers=headers, CONTENT_LENGTH=str(10**10)
    )
    assert response.status_code == 413
    assert persona("author").email not in response.content.decode()
