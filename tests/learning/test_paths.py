"""Path pages and the catalogue's shelves: what a path leads through, how far one is, and the next step."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from authoring.release import release_tree
from courses import publishing
from courses.models import Module, PathVersion
from courses.module import read
from learning import paths
from learning.catalogue import Card
from markup.package import Package
from tests import modules
from tests.courses.test_tree import page
from tests.packages import png
from tests.personas import client_of, persona
from tests.trust.test_query_counts import queries
from tests.trust.world import complete


def soup(client: Client, address: str) -> BeautifulSoup:
    """A page that must be there."""
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def words(element: Any) -> str:
    """What a reader sees of an element, on one line."""
    return " ".join(element.get_text(" ").split())


COURSE = {
    "sell.md": page("Sell", "./l0.md", "./l1.md", "./later.md", '"[Outside](https://x.example/)"',
                    front="visibility: [Employee, Partner]\ntags: [sales]\n", body="How we sell.\n\n![A](./p.png)"),
    "l0.md": page("Level 0", "./icp.md", "./deals.md", front="taxonomy-category-names: [Basics]\n"),
    "icp.md": page("ICP", "./icp/where.md", "./icp/who.md", front="tags: [icp]\n"),
    "icp/where.md": page("Where"),
    "icp/who.md": page("Who"),
    "deals.md": page("Deals", front="visibility: [Employee]\n"),
    "l1.md": page("Level 1", "./talk.md", "./more.md", front="kind: path\nshowChildrenCards: false\n"),
    "talk.md": page("Talk", "./talk/a.md"),
    "talk/a.md": page("A"),
    "more.md": page("More", front="required: false\n"),
}  # fmt: skip
pytestmark = pytest.mark.django_db


def course() -> None:
    modules.publish_tree(COURSE | {"p.png": png()})


def live(title: str) -> Any:
    return Module.objects.get(uuid=modules.uuid_of(title)).published_version


def test_a_path_page_shows_its_text_and_a_card_for_each_child():
    course()
    found = soup(client_of("partner"), "/paths/sell/")
    assert words(found.h1) == "Sell"
    assert "How we sell." in found.get_text()
    lines = [words(line.find(["h2", "p"])) for line in found.select(".path-lines > li")]
    assert lines == ["Level 0", "Level 1", "Later", "Outside"]
    outside = found.select_one('.path-lines a[href="https://x.example/"]')
    assert outside is not None
    assert outside["rel"] == ["noopener", "noreferrer"]
    picture = found.select_one(".prose img")
    assert picture is not None
    shown = client_of("partner").get(str(picture["src"]))
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content) == png()
    assert client_of("stranger").get(str(picture["src"])).status_code == 404


def test_what_one_may_not_see_is_in_neither_side():
    course()
    partner, employee = (soup(client_of(name), "/paths/l0/") for name in ("partner", "employee"))
    assert "Deals" not in partner.get_text()
    assert "Deals" in employee.get_text()
    assert "1 module" in words(partner.select_one(".page-head"))
    assert "2 modules" in words(employee.select_one(".page-head"))


def test_progress_counts_completed_modules_and_reaches_a_hundred_by_completing_alone():
    course()
    client, user = client_of("partner"), persona("partner")
    head = words(soup(client, "/paths/sell/").select_one(".page-head"))
    assert "Not started" in head
    assert "Start: ICP" in soup(client, "/paths/sell/").get_text()
    client.get("/modules/icp/where/")
    step = soup(client, "/paths/sell/").select_one(".path-step")
    assert "Continue: Where" in words(step)
    complete(user, live("ICP"))
    head = words(soup(client, "/paths/sell/").select_one(".page-head"))
    assert "1 of 2 modules done · 50 %" in head
    assert "Continue: Talk" in words(soup(client, "/paths/sell/").select_one(".path-step"))
    complete(user, live("Talk"))
    found = soup(client, "/paths/sell/")
    assert "Completed" in words(found.select_one(".page-head"))
    assert "All modules done" in words(found.select_one(".page-head"))
    assert found.select_one(".path-step") is None, "an optional module is left, and nothing is asked"


def test_a_path_without_cards_draws_none():
    course()
    found = soup(client_of("partner"), "/paths/l1/")
    assert found.select(".path-lines") == []
    assert "Start: Talk" in found.get_text()


def test_crumbs_lead_up_as_far_as_one_may_see():
    course()
    told = words(soup(client_of("partner"), "/modules/icp/").select_one(".crumbs"))
    assert told == "Catalogue › Sell › Level 0"
    assert words(soup(client_of("partner"), "/paths/l0/").select_one(".crumbs")) == "Catalogue › Sell"
    modules.a_path("Staff", modules.source("Apples", {}, front=""), front="visibility: [Employee]")
    assert "Staff" in words(soup(client_of("employee"), "/modules/apples/").select_one(".crumbs"))


def test_the_permanent_address_of_a_path_leads_to_where_it_stands():
    course()
    response = client_of("partner").get(f"/pages/{modules.uuid_of('Sell')}/")
    assert (response.status_code, response["Location"]) == (302, "/paths/sell/")


def test_the_catalogue_shows_top_paths_and_the_modules_that_stand_in_none():
    course()
    modules.a_module("Pears")
    found = soup(client_of("partner"), "/")
    assert [words(title) for title in found.select(".cards h3")] == ["Sell", "Pears"]
    primary = found.select(".button.primary")
    assert [words(button) for button in primary] == ["Start: ICP , Sell"]


def test_filters_are_addresses_and_find_modules_inside_paths():
    course()
    client = client_of("partner")
    by_tag = soup(client, "/?tag=icp")
    assert [words(title) for title in by_tag.select(".cards h2, .cards h3")] == ["ICP"]
    by_category = soup(client, "/?category=Basics")
    assert [words(title) for title in by_category.select(".cards h2, .cards h3")] == ["Level 0"]
    assert by_category.select_one("option[selected]").get_text() == "Basics"
    unknown = soup(client, "/?tag=<script>")
    assert [words(title) for title in unknown.select(".cards h2, .cards h3")] == ["Sell"]


def test_a_module_that_is_not_live_is_not_in_the_path():
    persona("partner")
    tree, problems = read(Package(COURSE | {"p.png": png()}, "sell.md", "x"))
    assert tree is not None
    drafts = publishing.store(tree, by=None, origin="t", problems=problems)
    release_tree([d.version for d in drafts if isinstance(d.version, PathVersion)], by=None)
    found = soup(client_of("partner"), "/paths/l0/")
    assert found.select(".path-lines > li") == []
    assert "Nothing to take yet" in words(found.select_one(".page-head"))


@pytest.mark.parametrize("address", ["/", "/paths/sell-{}/", "/modules/m-{}-0/"])
def test_pages_of_paths_cost_a_fixed_number_of_queries(address: str):
    client, counts = client_of("partner"), []
    for count in (1, 3):
        listed = [modules.source(f"M {count} {n}", {"One": "", "Two": ""}, front="") for n in range(count)]
        inner = [page(f"In {count} {n}", f"./m-{count}-{n}.md", front="kind: path\n") for n in range(count)]
        files = {f"sell-{count}.md": page(f"Sell {count}", *(f"./in-{count}-{n}.md" for n in range(count)),
                                          front="visibility: [Partner, Employee]\n")}  # fmt: skip
        files |= {f"in-{count}-{n}.md": data for n, data in enumerate(inner)}
        modules.publish_tree(files | {path: data for given in listed for path, data in given.items()})
        counts.append(queries(client, address.format(count)))
    assert counts[0] == counts[1] <= 10, counts


# -- the arithmetic by itself ----------------------------------------------------------------


def card(uuid: str, state: Any, *, total: int = 1) -> Card:
    """A module's card in this state."""
    said = SafeString("")
    step = ("Start", f"/{uuid}/s/", "")
    return Card(
        uuid, uuid, "", (), (), f"/{uuid}/", state, None, 1, 1, 0, total, total, *step, said, None, False, ""
    )


states = st.sampled_from(["not_started", "under_way", "done", "asked", "empty"])


@given(st.lists(st.tuples(states, st.booleans()), max_size=6))
def test_percent_is_a_hundred_exactly_when_complete(given_: list[tuple[str, bool]]):
    lines = [
        paths.Line(str(n), card=card(str(n), state, total=0 if state == "empty" else 1), required=required)
        for n, (state, required) in enumerate(given_)
    ]
    members = paths._members(lines)
    asked = [m.card for m in members if m.required and m.card.total]
    done = sum(c.state == "done" for c in asked)
    complete = bool(asked) and done == len(asked)
    assert (paths._state(asked, complete=complete) == "done") is complete
    assert (paths.percent(done, len(asked), complete=complete) == 100) is complete
    assert (paths._step(asked) is None) is (complete or not asked)


# -- drafts, as an author reads them ---------------------------------------------------------


def test_an_author_reads_a_draft_of_a_path_as_each_audience_and_downloads_it():
    tree, problems = read(Package(COURSE | {"p.png": png()}, "sell.md", "x"))
    persona("partner"), persona("employee")
    assert tree is not None
    drafts = publishing.store(tree, by=None, origin="t", problems=problems)
    pk = drafts[0].version.pk
    author = client_of("author")
    links = [str(link["href"]) for link in soup(author, f"/authoring/path-versions/{pk}/").select("main a")]
    assert f"/authoring/path-versions/{pk}/as/Employee/" in links
    found = soup(author, f"/authoring/path-versions/{pk}/as/Partner/")
    assert "How we sell." in found.get_text()
    level = found.select_one('.path-lines a[href^="/authoring/path-versions/"]')
    assert level is not None
    inner = soup(author, str(level["href"]))
    assert [words(title) for title in inner.select(".path-lines h2")] == ["ICP"], "Deals are not for partners"
    picture = found.select_one(".prose img")
    assert picture is not None
    shown = author.get(str(picture["src"]))
    assert b"".join(shown.streaming_content) == png()
    package = author.get(f"/authoring/path-versions/{pk}/package.zip")
    assert package["Content-Disposition"] == 'attachment; filename="sell-1.zip"'
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == COURSE | {"p.png": png()}


@pytest.mark.trust("IM-09")
def test_another_sites_page_cannot_include_a_picture_of_a_path_that_is_previewed():
    [path, *_others] = modules.store_tree(COURSE | {"p.png": png()})
    persona("employee")
    found = soup(client_of("author"), f"/authoring/path-versions/{path.pk}/as/Employee/")
    picture = found.select_one(".prose img")
    assert picture is not None
    outside = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    assert client_of("author").get(str(picture["src"]), headers=outside).status_code == 404


def test_a_preview_costs_as_many_queries_among_three_restricted_paths_as_alone():
    persona("employee")
    author, counts = client_of("author"), []
    first = modules.a_path("Fruit", modules.source("Apples"))
    for title in ("", "Roots", "Nuts"):
        if title:
            modules.a_path(title, modules.source(f"Of {title}"))
        with CaptureQueriesContext(connection) as caught:
            assert author.get(f"/authoring/path-versions/{first.pk}/as/Employee/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[2]
