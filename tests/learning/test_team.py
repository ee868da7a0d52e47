"""The manager's pages: nobody else's people, by screen, by file and by address."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, Group, Organisation, Oversight, User
from courses.models import ModuleVersion
from learning.models import Certificate, Completion, SectionProgress
from learning.team_csv import COLUMNS
from tests import factories
from tests.browsing import soup, text_of
from tests.learning.factories_team import complete, open_section, take
from tests.modules import a_module, question
from tests.personas import PERSONAS, client_of, persona

pytestmark = pytest.mark.django_db

TWO_SECTIONS = {"Growing": question("q-1") + question("q-2"), "Eating": question("q-3")}
EMPLOYEES = "visibility:\n- Employee"
CANARY = "cAnArY"
STATES = {"done": "Done", "under_way": "Under way", "not_started": "Not started"}


def member(name: str, company: str = "Acme", **fields) -> User:
    return factories.person(name=name, organisation=factories.organisation(company), **fields)


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def on_screen(client: Client, url: str, versions: list[ModuleVersion]) -> set[tuple[str, str]]:
    """(address or name, module title) of every state that /team/ shows."""
    page = soup(client.get(url))
    heads = [text_of(th) for th in page.select(".team-table thead th")]
    shown = set()
    for line in page.select(".team-table tbody tr"):
        for head, cell in zip(heads[1:], line.select("td"), strict=True):
            if cell.select_one(".state") and head in {v.title for v in versions}:
                shown.add((text_of(line.select_one(".who")).removesuffix(" you"), head))
    return shown


@pytest.fixture
def team() -> tuple[Client, list[ModuleVersion]]:
    """Acme: Dora is done with Apples, Una is under way, Nils has not begun; and so has Globex its own."""
    apples, pears = a_module("Apples", TWO_SECTIONS), a_module("Pears", TWO_SECTIONS)
    a_module("Secret plans", TWO_SECTIONS, front=EMPLOYEES)
    complete(member("Dora"), apples)
    take(member("Una"), apples, "Growing", wrong=["q-1"])
    member("Nils")
    globex = factories.organisation(f"Globex {CANARY}")
    person = factories.person(
        f"{CANARY.lower()}@globex.test",
        name=f"Gerd {CANARY}",
        organisation=globex,
        group=factories.group(globex, f"North {CANARY}"),
    )
    complete(person, pears)
    Certificate.objects.filter(completion__user=person).update(serial=f"{CANARY}-SERIAL")
    return client_of("manager"), [apples, pears]


# -- Nobody else's people --------------------------------------------------------------

ADDRESSES = [
    "/team/",
    "/team/?state=done",
    "/team/?state=not_started",
    "/team/apples/",
    "/team/pears/",
    "/team/pears/?state=done",
    "/team/export.csv",
    "/team/export.csv?state=done",
    "/team/export.csv?module=pears",
]
FUZZ = [
    "organisation={globex}", "organisation=1&organisation={globex}", "org__name__startswith=G",
    "group={group}", "state=done' OR 1=1", "state=*", "state=", "state=done&state=nonsense", "state[]=done",
    "state=%00", "state=" + "x" * 9000, "user={person}", "page=-1", "order_by=-password", "q=" + CANARY,
]  # fmt: skip


@pytest.mark.trust("AC-03", "AC-04", "EX-07")
def test_no_word_of_the_other_company(team):
    client, _versions = team
    for url in ADDRESSES:
        response = client.get(url)
        assert response.status_code == 200, url
        everything = (response.content.decode() + str(response.headers)).lower()
        for word in (CANARY.lower(), "globex", "secret"):
            assert word not in everything, url
        assert "mia manager" in everything or "state=done" in url, url


@pytest.mark.trust("AC-03")
def test_one_line_for_each_of_their_own(team):
    client, _versions = team
    page = soup(client.get("/team/"))
    assert [text_of(who) for who in page.select(".who")] == ["Dora", "Mia Manager you", "Nils", "Una"]


@pytest.mark.trust("AC-05")
def test_no_parameter_widens(team):
    client, _versions = team
    foreign = {
        "globex": Organisation.objects.get(name__startswith="Globex").pk,
        "group": Group.objects.get().pk,
        "person": User.objects.get(name__startswith="Gerd").pk,
    }
    for url in ("/team/", "/team/pears/", "/team/export.csv"):
        for query in FUZZ:
            response = client.get(f"{url}?{query.format(**foreign)}")
            assert response.status_code == 200, (url, query)
            assert f"Gerd {CANARY}" not in response.content.decode(), (url, query)
            assert f"{CANARY.lower()}@globex.test" not in response.content.decode(), (url, query)


@pytest.mark.trust("AC-05")
def test_an_unknown_parameter_is_ignored(team):
    client, _versions = team
    plain = client.get("/team/export.csv").content
    assert client.get("/team/export.csv?organisation=1&state=late&user=2").content == plain


@pytest.mark.trust("AC-02", "LK-01")
@pytest.mark.parametrize(
    "slug",
    [
        "secret-plans",
        "nothing-of-that-name",
        "APPLES",
        "1",
        "-1",
        str(2**63),
        "%00",
        "..",
        "apples'",
        "ÄPFEL",
    ],
)
def test_a_module_that_is_not_for_the_team_does_not_exist(team, slug):
    client, _versions = team
    response = client.get(f"/team/{slug}/")
    assert response.status_code == 404
    assert "Secret plans" not in response.content.decode()
    if "/" not in slug and "%" not in slug:
        assert client.get("/team/export.csv", {"module": slug}).status_code == 404


@pytest.mark.trust("AC-12")
@pytest.mark.parametrize("url", ["/team/", "/team/apples/", "/team/export.csv"])
def test_other_methods_get_no_other_answer(team, url):
    client, _versions = team
    manager = {method: getattr(client, method)(url).status_code for method in ("get", "head")}
    assert set(manager.values()) == {200}
    assert client.head(url).content == b""
    for method in ("post", "put", "patch", "delete", "options", "trace"):
        assert getattr(client, method)(url).status_code == 405
        assert getattr(client_of("partner"), method)(url).status_code == 404
        assert getattr(Client(), method)(url).status_code == 302
    for sent in ({"X-HTTP-Method-Override": "GET"}, {"X-Method-Override": "GET"}):
        assert client_of("partner").get(url, headers=sent).status_code == 404
        assert client.post(url, {"_method": "GET"}, headers=sent).status_code == 405


@pytest.mark.parametrize("url", ["/team/", "/team/apples/", "/team/export.csv"])
def test_those_who_oversee_nobody_find_nothing(team, url):
    for name in set(PERSONAS) - {"manager", "globex_manager", "suspended"}:
        assert client_of(name).get(url).status_code == 404, name
    assert client_of("suspended").get(url).status_code == 302
    assert Client().get(url).status_code == 302


@pytest.mark.trust("AC-10")
def test_what_is_taken_from_a_manager_is_gone_with_the_next_request(team):
    client, _versions = team
    assert "Dora" in client.get("/team/").content.decode()
    User.objects.filter(name="Dora").update(organisation=factories.organisation("Initech"))
    for url in ("/team/", "/team/apples/", "/team/export.csv"):
        assert "Dora" not in client.get(url).content.decode()
    Oversight.objects.filter(manager=persona("manager")).delete()
    assert client.get("/team/").status_code == 404
    factories.oversight(persona("manager"), factories.organisation("Acme"))
    User.objects.filter(pk=persona("manager").pk).update(is_active=False)
    assert client.get("/team/").status_code == 302


@pytest.mark.trust("AC-07")
def test_without_a_company_one_is_nobodys(team):
    client, _versions = team
    factories.person(name=f"Stray {CANARY}")
    User.objects.filter(pk=persona("manager").pk).update(organisation=None)
    page = client.get("/team/").content.decode()
    assert CANARY not in page
    assert "Dora" in page
    assert not soup(client.get("/team/")).find("span", string="you")


# -- The screen ------------------------------------------------------------------------


def test_tiles_count_and_filter(team):
    client, _versions = team
    page = soup(client.get("/team/"))
    assert [text_of(tile) for tile in page.select(".tile")] == [
        "All 8", "Done 1 of 8", "Under way 1 of 8", "Not started 6 of 8",
    ]  # fmt: skip
    page = soup(client.get("/team/apples/"))
    assert [text_of(tile) for tile in page.select(".tile")] == [
        "All 4", "Done 1 of 4", "Under way 1 of 4", "Not started 2 of 4",
    ]  # fmt: skip
    for tile in page.select(".tile"):
        filtered = soup(client.get(f"{tile['href']}"))
        count = int(text_of(tile.select_one("strong")))
        assert len(filtered.select(".team-table tbody tr")) == count
        assert text_of(filtered.select_one(".tile[aria-current]")) == text_of(tile)


def test_a_line_says_state_date_and_scores(team):
    client, _versions = team
    take(User.objects.get(name="Una"), _versions[0], "Growing")
    lines = {
        text_of(tr.select_one(".who")): tr for tr in soup(client.get("/team/apples/")).select("tbody tr")
    }
    una = [text_of(td) for td in lines["Una"].select("td")]
    assert una == [
        "Under way · 50 % Best 66 %",
        "today",
        "Done today First 50 % · Best 100 % · 2 rounds",
        "Not started",
    ]
    dora = [text_of(td) for td in lines["Dora"].select("td")]
    assert dora[0] == "Done today · version 1 First 100 % · Best 100 %"
    assert [text_of(td) for td in lines["Nils"].select("td")] == [
        "Not started",
        "not yet",
        "Not started",
        "Not started",
    ]
    apples = soup(client.get("/team/")).select("tbody tr")[0].select("td")[0]
    assert text_of(apples) == "Done today First 100 % · Best 100 %"


def test_dates_are_exact_on_hover_and_the_time_zone_is_named(team, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    client, _versions = team
    at = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
    Completion.objects.filter(user__name="Dora").update(completed_at=at)
    page = soup(client.get("/team/apples/?state=done"))
    told = page.select_one("tbody td time")
    assert (text_of(told), told["title"]) == ("2 Mar 2026", "2 March 2026, 05:30 JST")
    assert told["datetime"] == "2026-03-02T05:30:00+09:00"
    assert "time zone Asia/Tokyo" in text_of(page.main)
    assert read_csv(client.get("/team/export.csv?state=done").content)[0]["completed on"] == "2026-03-02"


def test_a_section_that_is_not_for_somebody_stays_blank():
    factories.oversight(persona("manager"), factories.organisation("Coursemark", ["Employee"]))
    a_module("Apples", TWO_SECTIONS, section_front={"Eating": EMPLOYEES})
    persona("employee")
    client = client_of("manager")
    lines = {
        text_of(tr.select_one(".who")): tr for tr in soup(client.get("/team/apples/")).select("tbody tr")
    }
    assert text_of(lines["Emma Employee"].select("td")[-1]) == "Not started"
    assert text_of(lines["Mia Manager you"].select("td")[-1]) == "– Not for them"
    Oversight.objects.filter(organisation__name="Coursemark").delete()
    assert "Eating" not in client.get("/team/apples/").content.decode()


def test_empty_screens_say_what_to_do():
    manager = persona("manager")
    client = client_of("manager")
    assert "There is no module for your team yet" in text_of(soup(client.get("/team/")).main)
    a_module("Apples", TWO_SECTIONS)
    page = soup(client.get("/team/?state=done"))
    assert "Nobody is done yet" in text_of(page.main)
    assert page.select_one(".empty a")["href"] == "/team/"
    page = soup(client.get("/team/apples/?state=under_way"))
    assert "Nobody is under way just now" in text_of(page.main)
    assert page.select_one(".empty a")["href"] == "/team/apples/"
    manager.organisation = None
    manager.save()
    assert "There is nobody in your team yet" in text_of(soup(client.get("/team/")).main)
    assert "ask training@example.org" in text_of(soup(client.get("/team/")).main)


def test_names_are_shown_as_text():
    a_module("Apples", TWO_SECTIONS)
    member("<script>alert(1)</script>")
    member("محمد " + "Longname" * 24)
    page = client_of("manager").get("/team/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("url", ["/team/", "/team/apples/", "/team/export.csv"])
def test_the_number_of_queries_does_not_depend_on_the_team(url):
    apples, pears = a_module("Apples", TWO_SECTIONS), a_module("Pears", TWO_SECTIONS)
    client = client_of("manager")
    client.get(url)
    counts = []
    for number in (1, 3, 30):
        while User.objects.overseen_by(persona("manager")).count() < number:
            person = member("", group=factories.group(factories.organisation("Acme")))
            take(person, apples, "Growing")
            complete(person, pears)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        counts.append(len(asked))
    assert counts == [counts[0]] * 3


# -- The file --------------------------------------------------------------------------


@pytest.mark.trust("AC-04")
@pytest.mark.parametrize("state", ["", *STATES])
def test_the_file_holds_the_rows_of_the_screen(team, state):
    client, versions = team
    query = f"?state={state}" if state else ""
    rows = read_csv(client.get(f"/team/export.csv{query}").content)
    screen = on_screen(client, f"/team/{query}", versions)
    assert {(row["name"], row["module"]) for row in rows} == screen
    assert len(rows) == len(screen)
    for version in versions:
        page = soup(client.get(f"/team/{version.module.slug}/{query}"))
        link = page.select_one("a[download]")
        people = {text_of(who).removesuffix(" you") for who in page.select(".who")}
        assert people == {row["name"] for row in rows if row["module"] == version.title}
        if link is not None:
            of_module = read_csv(client.get(str(link["href"])).content)
            assert {row["name"] for row in of_module} == people
            assert {row["module"] for row in of_module} == {version.title}


@pytest.mark.trust("EX-04", "EX-07")
def test_what_a_row_says(team):
    client, _versions = team
    dora = User.objects.get(name="Dora")
    dora.group = factories.group(dora.organisation, "North")
    dora.save()
    response = client.get("/team/export.csv?module=apples")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith("\ufeff".encode())
    lines = response.content.decode("utf-8-sig").split("\r\n")
    assert lines[0] == ",".join(f'"{column}"' for column in COLUMNS)
    assert COLUMNS == (
        "name", "e-mail", "organisation", "group", "module", "state", "percent", "completed on", "version",
        "first-round score", "best score", "last active", "certificate number",
        "asked again by",
    )  # fmt: skip
    rows = {row["name"]: list(row.values()) for row in read_csv(response.content)}
    today = timezone.localdate().isoformat()
    serial = Certificate.objects.get(completion__user=dora).serial
    assert rows["Dora"] == [
        "Dora", dora.email, "Acme", "North", "Apples", "done", "100", today, "1", "100", "100", today, serial, "",
    ]  # fmt: skip
    una = User.objects.get(name="Una").email
    assert rows["Una"] == [
        "Una",
        una,
        "Acme",
        "",
        "Apples",
        "under way",
        "0",
        "",
        "",
        "",
        "33",
        today,
        "",
        "",
    ]
    nils = User.objects.get(name="Nils").email
    assert rows["Nils"] == [
        "Nils",
        nils,
        "Acme",
        "",
        "Apples",
        "not started",
        "0",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    ]


@pytest.mark.trust("EX-04")
def test_quotes_lines_and_letters_survive():
    a_module("Apples", TWO_SECTIONS)
    names = ['Anna "Ann" Meier', "Two\r\nlines", "Comma, and; more", "Ünïcødé 漢字 🙂", "tab\there"]
    for name in names:
        member(name)
    rows = read_csv(client_of("manager").get("/team/export.csv").content)
    assert {row["name"] for row in rows} == {*names, "Mia Manager"}


@pytest.mark.trust("EX-01")
def test_no_cell_is_a_formula():
    formula = "=cmd|' /C calc'!A0"
    a_module("Apples", TWO_SECTIONS)
    company = factories.organisation("@SUM(1)")
    factories.oversight(persona("manager"), company)
    factories.person(
        "+1@team.test", name=formula, organisation=company, group=factories.group(company, "\t-2")
    )
    row = next(
        r for r in read_csv(client_of("manager").get("/team/export.csv").content) if "cmd" in r["name"]
    )
    assert row["name"] == f"'{formula}"
    assert row["e-mail"] == "'+1@team.test"
    assert row["organisation"] == "'@SUM(1)"
    assert row["group"].startswith("'")


@pytest.mark.trust("EX-05", "EX-08")
def test_the_file_has_a_safe_name_and_is_not_kept(team):
    client, _versions = team
    response = client.get("/team/export.csv?module=apples&state=done")
    today = timezone.localdate().isoformat()
    assert response.headers["Content-Disposition"] == f'attachment; filename="team-apples-done-{today}.csv"'
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_a_module_with_a_name_in_other_letters():
    version = a_module("Äpfel und Birnen", TWO_SECTIONS)
    client = client_of("manager")
    page = soup(client.get(f"/team/{version.module.slug}/"))
    assert text_of(page.h1) == "Äpfel und Birnen"
    link = str(page.select_one("a[download]")["href"])
    assert parse_qs(urlsplit(link).query) == {"module": [version.module.slug]}
    response = client.get(link)
    assert response.status_code == 200
    response.headers["Content-Disposition"].encode("ascii")


@pytest.mark.trust("EX-09")
def test_each_export_is_in_the_trail(team):
    client, _versions = team
    before = AuditEvent.objects.count()
    client.get("/team/")
    client.head("/team/export.csv")
    assert AuditEvent.objects.count() == before
    client.get("/team/export.csv?module=apples&state=under_way")
    event = AuditEvent.objects.latest("pk")
    assert (event.by, event.what, event.whom) == (persona("manager"), "team exported", "Apples")
    assert event.detail == {"module": "apples", "state": "under_way", "rows": 1}


@pytest.mark.trust("RQ-01")
def test_looking_writes_nothing_in_the_record(team):
    client, versions = team
    open_section(User.objects.get(name="Nils"), versions[1], "Growing")

    def record():
        return list(SectionProgress.objects.values()), list(Completion.objects.values())

    before = record()
    for url in ADDRESSES:
        client.get(url)
    assert record() == before
