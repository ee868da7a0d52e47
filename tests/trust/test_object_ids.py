"""Names and numbers in addresses: own, somebody else's, nobody's, and such as are none."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes
from uuid import uuid4

import pytest

from config.checks import addresses
from tests.packages import upload, zipped
from tests.trust.test_matrix import targets
from tests.trust.world import DRAFT, FOR_EMPLOYEES, World, place

OTHERS = ["Emma", "Grace", "Maud", "emma@", "grace@", "maud@"]
ABSURD = [
    "0", "-1", "1", str(2**31), str(2**63), str(2**63 + 1), "9" * 400, "1.5", "1e9", "0x10", "１２", "+1", "None",
    "null", "true", "NaN", "[]", "*", "%25", "_", "'", '"', "a' OR 1=1--", "<script>", "{{7*7}}", "%00", "a%00b",
    "%0a", "%0d%0aSet-Cookie:a=b", "%ff%fe", "%ed%a0%80", "é", "%F0%9F%98%80", "..", "..%2f..%2fetc%2fpasswd", "%2e%2e",
    "a" * 5000, str(uuid4()), str(uuid4()).upper(), "{" + str(uuid4()) + "}", uuid4().hex, "00000000-0000-0000-0000-000000000000",
    "g" * 8, "%E2%80%AEtxt", "CON", "apples;x=1", "apples,", "apples%20", "%20", "APPLES",
]  # fmt: skip
TAKES_FORMS = re.compile(
    "/checks/|/done/$|/publish/$|/renamed/$|/discard/$|/again/$|/revoke/$|/soften/$|/roll-back/$|/time/$|/tries/|/mails/$|/answer/$"
    "|/edit/(new|build|rebase|preview|image)/"
)
GET_THERE = {"manager": "/team/", "author": "/authoring/", "admin": "/admin/"}


def crafted(world: World) -> list[str]:
    """Each address with an object in it, with each absurd value in the place of each of its objects."""
    found = []
    for route, known in targets(world).items():
        if not re.search(r"<\w+:\w+>", route):
            continue
        good = re.split(r"/", next(iter(known.values())))
        for place_, part in enumerate(route.split("/")):
            if "<" in part and len(good) == len(route.split("/")):
                found += ["/".join([*good[:place_], value, *good[place_ + 1 :]]) for value in ABSURD]
    return found


@pytest.mark.trust("AC-02", "AC-13", "RQ-07")
def test_an_absurd_name_is_a_page_that_does_not_exist(world):
    knocks = crafted(world)
    assert len(knocks) > 900
    clients = {who: world.client(who) for who in ("partner", "manager", "author", "admin")}
    for address in knocks:
        who = next((who for who, start in GET_THERE.items() if address.startswith(start)), "partner")
        for method in ("POST",) if TAKES_FORMS.search(address) else ("GET",):
            response = clients[who].generic(method, address)
            # 303: a form that is sent when nothing is asked any more leads back to where it stood.
            assert response.status_code in (200, 301, 302, 303, 400, 404, 422), (who, method, address)
            if response.status_code in (302, 303) and not response.streaming:
                assert response.headers["Location"].startswith("/"), (address, response.headers["Location"])
            body = response.getvalue() if response.streaming else response.content
            if who == "partner":
                told = body.decode()
                assert DRAFT not in told, address
                assert FOR_EMPLOYEES not in told.replace(address.split("/")[-2], ""), address


def test_every_route_with_an_object_in_it_is_crafted(world):
    routes = {
        where
        for where, namespace, _pattern in addresses()
        if re.search(r"<\w+:\w+>", where) and not namespace
    }
    known = targets(world)
    assert {route for route in routes if route not in known} == set()
    for route in routes:
        good = next(iter(known[route].values()))
        assert len(good.split("/")) == len(route.split("/")), route


@pytest.mark.trust("AC-02")
def test_a_certificate_is_its_owners(world):
    for who, serial in world.certificates.items():
        own = world.client(who).get(f"/certificates/{serial}/")
        assert (own.status_code, serial in own.content.decode()) == (200, True)
        for other in set(world.people) - {who, "suspended"}:
            response = world.client(other).get(f"/certificates/{serial}/")
            assert response.status_code == 404, (other, who)
            told = response.content.decode()
            mine = world.people[other]
            for name in OTHERS:
                assert name.lower() in (mine.name + mine.email).lower() or name not in told, (other, name)
        for variant in (serial.lower(), serial[:-1], serial + "0", f"{serial}%00", serial[::-1]):
            assert world.client(who).get(f"/certificates/{variant}/").status_code == 404


@pytest.mark.trust("AC-02")
def test_what_one_did_is_seen_by_nobody_else_at_the_same_address(world):
    """One address, everybody's own page: the completion of one is not the completion of another."""
    for who in ("employee", "partner", "globex_partner"):
        told = world.client(who).get("/completed/pears/").content.decode()
        for other in {"employee", "partner", "globex_partner", "moved"} - {who}:
            assert world.certificates[other] not in told
            assert world.people[other].name not in told
        assert world.certificates[who] in told
    assert world.client("manager").get("/completed/pears/").headers["Location"] == "/modules/pears/"


@pytest.mark.trust("AC-02")
def test_a_uuid_is_written_in_one_way(world):
    uuid = place("open")
    client = world.client("partner")
    assert client.get(f"/pages/{uuid}/").status_code == 302
    for other in (
        str(uuid).upper(),
        uuid.hex,
        f"{{{uuid}}}",
        f"urn:uuid:{uuid}",
        f"{uuid} ",
        f" {uuid}",
        f"{uuid}%0a",
    ):
        assert client.get(f"/pages/{other}/").status_code == 404, other
        assert client.post(f"/pages/{other}/done/").status_code == 404, other


DISGUISES = [
    "/{0}", "//{0}", "/./{0}", "/%2e/{0}", "/x/../{0}", "/x/%2e%2e/{0}", "/x/..;/{0}", "/;/{0}", "/{0};x", "/{0}?", "/{0}#",
    "/{0}%00", "/{0}%0a", "/{0}%0d%0a", "/{0}%20", "/%20{0}", "/{0}.", "/{0}/", "/{0}//", "/{0}.json", "/{0}.html", "/{0}~",
    "/{0}%2f", "/%2f{0}", "/\\{0}", "/{0}\\", "/{0}..%2f", "/{0}index.html", "/static/../{0}", "/static/%2e%2e/{0}",
    "/healthz/../{0}", "/healthz/{0}", "/healthz;/{0}", "/accounts/login/../../{0}", "/accounts/login/..%2f..%2f{0}",
]  # fmt: skip


@pytest.mark.trust("AC-13")
def test_no_disguise_of_an_address_opens_it(world):
    hidden = [
        "modules/engine-kestrel/",
        f"modules/apples/staff-{FOR_EMPLOYEES}/",
        f"pages/{place('employees')}/",
        world.media_url("apples", FOR_EMPLOYEES).lstrip("/"),
        "completed/engine-kestrel/",
        "team/apples/",
        "team/export.csv",
        "authoring/",
        f"authoring/versions/{world.modules['draft'].pk}/",
        "admin/accounts/user/",
    ]
    for who in ("anonymous", "partner"):
        client = world.client(who)
        for address in hidden:
            for disguise in DISGUISES:
                for name in (address, address.upper()):
                    # As a server hands it on: the test client would take `//x/` for a host.
                    path = unquote_to_bytes(disguise.format(name)).decode("latin-1")
                    response = client.get("/", PATH_INFO=path)
                    assert response.status_code in (301, 302, 400, 404), (who, disguise, name)
                    if "Location" in response.headers:
                        assert re.match(r"/(?![/\\])", response.headers["Location"]), (disguise, name)


@pytest.mark.trust("RQ-07", "UP-12")
def test_a_nul_in_a_parameter_or_a_field_breaks_nothing(world):
    """PostgreSQL refuses to store it or to look for it; SQLite would take it."""
    words = [
        "state",
        "module",
        "q",
        "o",
        "p",
        "e",
        "next",
        "name",
        "email",
        "organisation__id__exact",
        "is_active__exact",
    ]
    words += [
        "why",
        "over",
        "login",
        "password",
        "act",
        "round",
        "key",
        "answer-que1",
        "at__year",
        "slug",
        "title",
    ]
    nul = dict.fromkeys(words, "a\0b")
    page, version = place("open"), world.modules["apples draft"].pk
    for who, address in [
        ("manager", "/team/"),
        ("manager", "/team/export.csv"),
        ("partner", "/modules/apples/"),
        ("partner", f"/pages/{page}/checks/check/"),
        ("author", "/authoring/"),
        ("author", f"/authoring/versions/{version}/publish/"),
        ("admin", "/admin/accounts/user/"),
        ("admin", "/admin/accounts/user/add/"),
        ("admin", "/admin/accounts/audience/add/"),
        ("admin", "/admin/accounts/organisation/add/"),
        ("admin", "/admin/accounts/auditevent/"),
        ("anonymous", "/accounts/login/"),
        ("anonymous", "/accounts/password/reset/"),
    ]:
        client = world.client(who)
        for response in (
            client.get(address, nul),
            client.post(address, nul),
            client.get(address, {**nul, "_facets": "1"}),
        ):
            assert response.status_code < 500, (who, address)
    package = upload(
        zipped({"x\0.md": b"---\nvisibility: [Partner]\n---\n\n# A\0B\n\nText \0.\n"}), "x\0.zip"
    )
    told = world.client("author").post("/authoring/uploads/", {"package": package}, follow=True)
    assert (told.status_code, b"was not imported" in told.content) == (200, True)
    single = upload(b"---\nvisibility: [Partner]\n---\n\n# A\0B\n\nText \0.\n", "x.md")
    told = world.client("author").post("/authoring/uploads/", {"package": single}, follow=True)
    assert (told.status_code, b"was not imported" in told.content) == (200, True)
    people = upload(b"e-mail,name,organisation,group,role\na\0b@acme.test,A\0B,Ac\0me,,\n", "people.csv")
    assert world.client("admin").post("/admin/accounts/user/import/", {"file": people}).status_code < 500
