"""Who may meet which content, by whichever door, and that the site never mentions the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from courses.models import FormerAddress
from tests import modules
from tests.browsing import soup, text_of
from tests.modules import publish, question, source
from tests.personas import client_of
from tests.trust.test_matrix import targets
from tests.trust.world import (
    AUDIENCES,
    DRAFT,
    EMPLOYEES,
    EVERYBODY,
    FOR_EMPLOYEES,
    FOR_PARTNERS,
    World,
    place,
    words_for,
)

SIGNED_IN = [who for who in EVERYBODY if who not in ("anonymous", "suspended")]
OPENS_TO = {"employees": "Employee", "partners": "Partner"}
SLUGS = {"employees": f"staff-{FOR_EMPLOYEES}", "partners": f"deals-{FOR_PARTNERS}"}


def body(response: Any) -> bytes:
    """The whole body; a file is read to its end, which closes it."""
    return response.getvalue() if response.streaming else response.content


def everything(response: Any, *asked: str) -> str:
    """All that an answer says, in lower case, without repeating what was asked for."""
    told = (body(response).decode("utf-8", "replace") + str(response.headers.items())).lower()
    for words in asked:
        for echo in (words, quote(words), quote(words, safe="")):
            told = told.replace(echo.lower(), "")
    return told


def doors(world: World, name: str) -> Iterator[tuple[str, str, int]]:
    """(method, address, what a person who may gets) of every way to a section of the module for all."""
    word = {"employees": FOR_EMPLOYEES, "partners": FOR_PARTNERS}[name]
    page, picture = place(name), world.media_url("apples", word)
    yield "GET", f"/modules/apples/{SLUGS[name]}/", 200
    yield "GET", f"/pages/{page}/", 302
    yield "GET", picture, 200
    yield "GET", f"{picture}?download=1", 200
    yield "HEAD", picture, 200
    yield (
        "POST",
        f"/pages/{page}/checks/check/",
        400,
    )  # the form is damaged, which is said only behind the gate
    yield "POST", f"/pages/{page}/done/", 400  # its check must be passed


@pytest.mark.trust("AC-11", "IM-05", "LK-03", "AC-12")
@pytest.mark.parametrize("name", OPENS_TO)
def test_page_picture_check_and_progress_open_to_the_same_people(world, name):
    for who in SIGNED_IN:
        may = OPENS_TO[name] in AUDIENCES.get(who, ())
        client = world.client(who)
        for method, address, status in doors(world, name):
            for headers in (
                {},
                {"HX-Request": "true"},
                {"Range": "bytes=0-3"},
                {"X-HTTP-Method-Override": "GET"},
            ):
                response = client.generic(method, address, headers=headers)
                expected = {status, 206} if "Range" in headers and "media" in address else {status}
                assert response.status_code in (expected if may else {404}), (who, method, address, headers)
                body(response)


@pytest.mark.trust("IM-05", "CH-02")
def test_a_kept_copy_is_confirmed_only_to_those_who_may_see_it(world):
    address = world.media_url("apples", FOR_EMPLOYEES)
    shown = world.client("employee").get(address)
    assert body(shown).startswith(b"\x89PNG")
    etag = shown.headers["ETag"]
    assert world.client("employee").get(address, headers={"If-None-Match": etag}).status_code == 304
    for who in ("partner", "stranger"):
        for tag in (etag, "*"):
            assert world.client(who).get(address, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.trust("IM-05")
def test_a_picture_belongs_to_its_page_and_to_no_other(world):
    """The digest of a picture that one may not see is no key to it through a page that one may see."""
    hidden, mine = world.media_url("apples", FOR_EMPLOYEES), world.media_url("apples", "tree")
    digest, name = hidden.split("/")[-2:]
    assert body(world.client("partner").get(mine)).startswith(b"\x89PNG")
    for address in (
        f"/pages/{place('open')}/media/{digest}/{name}",
        f"/pages/{place('open')}/media/{digest}/tree.png",
        f"/pages/{world.modules['apples'].module.uuid}/media/{digest}/{name}",
        mine.replace("tree.png", name),
        mine.replace("tree.png", "tree.jpg"),
        f"/media/{digest[:2]}/{digest}",
        f"/static/{digest}",
    ):
        assert world.client("partner").get(address).status_code == 404, address


@pytest.mark.trust("LK-01", "LK-03", "AC-11")
@pytest.mark.parametrize("who", [who for who in EVERYBODY if who not in ("author", "admin", "superuser")])
def test_no_answer_of_the_site_mentions_what_is_not_for_this_person(world, who):
    client, words = world.client(who), list(words_for(who))
    addresses = [address for found in targets(world).values() for address in found.values()]
    addresses += ["/team/?state=done", "/team/export.csv?module=apples", f"/?q={DRAFT}"]
    for address in (a for a in addresses if not a.startswith("/admin/")):
        for method in ("GET", "POST"):
            told = everything(client.generic(method, address, headers={"HX-Request": "true"}), address)
            for word in words:
                assert word not in told, (who, method, address, word)


@pytest.mark.trust("LK-02", "AC-06", "AC-11")
@pytest.mark.parametrize("who", SIGNED_IN)
def test_a_hidden_word_is_found_no_more_than_one_that_stands_nowhere(world, who):
    client = world.client(who)

    def told(typed: str) -> str:
        token = re.compile('name="csrfmiddlewaretoken" value="[^"]*"')
        return token.sub("", everything(client.get("/search/", {"q": typed}), typed))

    for word in (FOR_EMPLOYEES, FOR_PARTNERS, DRAFT):
        assert (told(word) == told(word[::-1])) is (word in words_for(who)), word


@pytest.mark.trust("LK-01")
@pytest.mark.parametrize("who", ["employee", "partner"])
def test_the_search_for_words_would_find_them(world, who):
    """The oracle of the test above: what this person may see does say its word, in every place."""
    word, name = (FOR_EMPLOYEES, "employees") if who == "employee" else (FOR_PARTNERS, "partners")
    client = world.client(who)
    told = everything(client.get(f"/modules/apples/{SLUGS[name]}/"))
    for said in ("text", "alt", "heading", "stem"):
        assert word in told
        assert any(said in told[m.start() - 40 : m.end() + 40] for m in re.finditer(word, told)), said
    assert word in everything(client.get("/"))
    assert word in everything(client.get("/modules/apples/"))
    assert word in everything(client.get("/modules/apples/growing/"))


@pytest.mark.trust("LK-01")
def test_hidden_and_missing_are_one_and_the_same_page(world):
    def seen(address: str, method: str = "GET") -> tuple[int, str, list[str]]:
        response = world.client("partner").generic(method, address)
        body = re.sub(r'value="\w{64}"', "", response.content.decode())
        return response.status_code, body, sorted(response.headers)

    nothing = seen("/modules/no-such-module/")
    assert nothing[0] == 404
    picture = world.media_url("apples", FOR_EMPLOYEES)
    for address, method in [
        ("/modules/engine-kestrel/", "GET"),
        ("/modules/draft-wagtail/", "GET"),
        (f"/modules/apples/{SLUGS['employees']}/", "GET"),
        ("/modules/apples/nothing/", "GET"),
        (f"/pages/{place('employees')}/", "GET"),
        (f"/pages/{place('draft')}/", "GET"),
        (picture, "GET"),
        (f"/pages/{place('employees')}/checks/check/", "POST"),
        (f"/pages/{place('employees')}/done/", "POST"),
        ("/completed/engine-kestrel/", "GET"),
        (f"/certificates/{world.certificates['employee']}/", "GET"),
        ("/team/apples/", "GET"),
        ("/authoring/", "GET"),
        ("/admin/", "GET"),
    ]:
        assert seen(address, method) == nothing, address
    told = text_of(soup(world.client("partner").get(picture)).main)
    assert "paul@acme.test" in told
    assert "training@example.org" in told


@pytest.mark.trust("LK-01", "AC-11")
def test_figures_count_what_this_person_can_see_and_nothing_else(world):
    """A section for employees that takes ninety minutes changes no figure that a partner gets."""
    sections = {"Growing": "Read.", "Eating": "Read on."}
    for title, more in (("Cherry", {}), ("Quince", {"Staff": question("que3")})):
        narrower = {"Staff": f"{EMPLOYEES}\nduration: 90"}
        publish(source(title, {**sections, **more}, section_front=narrower))

    def seen(address: str) -> str:
        told = world.client("partner").get(address).content.decode()
        told = told.replace("Quince", "Cherry").replace("quince", "cherry")
        told = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", told)
        return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", told)

    for address in ("/modules/{}/", "/modules/{}/growing/", "/modules/{}/eating/"):
        assert seen(address.format("quince")) == seen(address.format("cherry")), address
    catalogue = soup(world.client("partner").get("/"))
    cards = {text_of(card.h2): text_of(card) for card in catalogue.select(".card")}
    assert cards["Quince"].replace("Quince", "Cherry") == cards["Cherry"]
    assert "92 min" in text_of(soup(world.client("employee").get("/modules/quince/")).main)


@pytest.mark.trust("AC-11", "LK-01")
@pytest.mark.parametrize(("audience", "hidden"), [("Partner", FOR_EMPLOYEES), ("Employee", FOR_PARTNERS)])
def test_a_preview_shows_what_that_audience_will_see(world, audience, hidden):
    client = world.client("author")
    start = f"/authoring/versions/{world.modules['apples draft'].pk}/as/{audience}/"
    for name in ("open", "employees", "partners", "draft section"):
        response = client.get(f"{start}pages/{place(name)}/")
        assert response.status_code == (404 if OPENS_TO.get(name) not in (None, audience) else 200), name
        assert hidden not in everything(response, str(response.request["PATH_INFO"])), name
    page = client.get(start)
    assert hidden not in everything(page)
    assert DRAFT in everything(page)
    assert client.get(f"/authoring/versions/{world.modules['engine'].pk}/as/Partner/").status_code == 404


@pytest.mark.trust("LK-03")
def test_an_old_address_leads_on_through_the_gate_and_a_draft_has_none(world):
    assert (
        world.client("partner").get(f"/pages/{place('open')}/").headers["Location"]
        == "/modules/apples/growing/"
    )
    for who in SIGNED_IN:
        client = world.client(who)
        for address in (
            "/modules/draft-wagtail/",
            f"/modules/draft-wagtail/room-{DRAFT}/",
            f"/modules/apples/chapter-{DRAFT}/",
            f"/pages/{place('draft')}/",
            f"/pages/{place('draft section')}/",
            world.media_url("draft", DRAFT),
            "/completed/draft-wagtail/",
            "/team/draft-wagtail/",
        ):
            assert client.get(address).status_code == 404, (who, address)


@pytest.mark.trust("AC-11")
@pytest.mark.django_db
def test_where_a_module_stood_before_tells_nobody_whom_it_is_not_for_that_it_is_there():
    live = modules.publish(modules.source("Cellar", front="visibility: [Employee]"))
    FormerAddress.objects.create(slug="vault", module=live.module)
    assert client_of("employee").get("/modules/vault/")["Location"] == "/modules/cellar/"
    stranger = client_of("partner")
    assert stranger.get("/modules/vault/").status_code == 404
    assert stranger.get("/modules/vault/growing/").status_code == 404
