"""Paths among the authoring pages: their versions, making one live, going back, discarding a draft."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from authoring.release import release_tree
from courses.models import ModuleVersion, Path, PathVersion
from learning.models import Completion
from tests import factories, modules
from tests.browsing import hidden, soup, text_of
from tests.learning.factories_team import take
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

BOTH = "- Employee\n- Partner"


def drafts(audiences: str = BOTH) -> tuple[PathVersion, ModuleVersion]:
    """A path for these people, and the module below it, which says nothing of them itself."""
    front = f"kind: path\ntoc:\n- ./apples.md\nvisibility:\n{audiences}"
    apples = modules.source("Apples", {"Growing": "Read this."}, front="")
    path, module = modules.store_tree({"fruit.md": modules.page("Fruit", front=front).encode(), **apples})
    assert isinstance(path, PathVersion)
    assert isinstance(module, ModuleVersion)
    return path, module


def live() -> tuple[PathVersion, ModuleVersion]:
    found = drafts()
    release_tree(found, by=persona("author"), why="first")
    return found


def page(client: Client, url: str) -> BeautifulSoup:
    return soup(client.get(url))


def publish(client: Client, version: PathVersion, *, why: str = "fewer people", **fields: Any) -> Any:
    """Press the button on the version's page, as it was drawn; `fields` are typed over it."""
    form = page(client, f"/authoring/path-versions/{version.pk}/").select_one("form[action$='publish/']")
    assert form is not None
    return client.post(str(form["action"]), {**hidden(form), "why": why, **fields})


def published() -> PathVersion | None:
    return Path.objects.get().published_version


def test_a_path_has_a_page_of_its_versions_which_the_overview_links():
    first, _apples = live()
    second, _apples = drafts("- Partner")
    client = client_of("author")
    row = page(client, "/authoring/").select_one("a[href='/authoring/paths/fruit/']")
    assert text_of(row) == "Fruit"
    shown = page(client, "/authoring/paths/fruit/")
    assert [text_of(line.th.a) for line in shown.select("tbody tr")] == ["Version 2", "Version 1"]
    assert [text_of(line.select_one(".state")) for line in shown.select("tbody tr")] == ["Draft", "Live"]
    opened = page(client, str(shown.select_one("tbody th a")["href"]))
    assert "closes to Employee" in text_of(opened.main)
    links = {str(link["href"]) for link in opened.select("main a")}
    assert f"/authoring/path-versions/{second.pk}/package.zip" in links
    assert f"/authoring/path-versions/{second.pk}/as/Partner/" in links
    assert "This is the live version" in text_of(page(client, f"/authoring/path-versions/{first.pk}/").main)


def test_a_version_goes_live_with_a_reason_and_back_and_its_receipt_names_what_opened():
    first, apples = live()
    second, _apples = drafts("- Partner")
    client = client_of("author")
    assert publish(client, second, why="").status_code == 422
    assert published() == first
    sent = publish(client, second)
    assert sent.status_code == 303
    receipt = page(client, sent["Location"])
    assert "Fruit: version 2 is published" in text_of(receipt.h1)
    told = text_of(receipt.main)
    assert "fewer people" in told
    assert "Modules that open to others by it" in told
    assert receipt.select("a[href='/authoring/modules/apples/']")
    apples.module.refresh_from_db()
    assert apples.module.gate == ["Partner"]
    back = publish(client, first, why="too few")
    assert back.status_code == 303
    assert published() == first
    assert "in the place of version 2" in text_of(page(client, back["Location"]).main)
    event = AuditEvent.objects.latest("pk")
    assert (event.what, event.why, event.by) == ("path published", "too few", persona("author"))


def test_whoever_has_nothing_left_by_a_path_is_counted_on_its_receipt():
    both = factories.person(organisation=factories.organisation(audiences=["Employee", "Partner"]))
    live()
    apples = modules.store(
        modules.source(
            "Apples",
            {"Growing": "Read this.", "Deals": "Read that."},
            front="",
            section_front={"Deals": "visibility:\n- Partner"},
        )
    )
    release_tree([apples], by=None)
    take(both, ModuleVersion.objects.get(pk=apples.pk), "Growing")
    assert not Completion.objects.exists()
    narrower, _apples = drafts("- Employee")
    sent = publish(client_of("author"), narrower)
    assert Completion.objects.get().user == both
    told = text_of(page(client_of("author"), sent["Location"]).main)
    assert "People who have nothing left to do by this are now complete: 1." in told
    assert "Completions 0 before, 1 now, difference 1" in told


def test_another_version_that_went_live_meanwhile_is_told_and_nothing_happens():
    _first, _apples = live()
    second, _apples = drafts("- Partner")
    client = client_of("author")
    sent = publish(client, second, over="")
    assert sent.status_code == 409
    assert "Somebody published in the meantime" in text_of(soup(sent).main)
    back = page(client, str(soup(sent).select_one("a.button.primary")["href"]))
    assert text_of(back.select_one("textarea[name=why]")) != ""
    assert published() != second
    assert publish(client, second).status_code == 303
    again = client.post(f"/authoring/path-versions/{second.pk}/publish/", {"why": "twice", "over": ""})
    assert again["Location"] == f"/authoring/path-versions/{second.pk}/"


def circle() -> list[PathVersion]:
    """Drafts of two paths of which the live ones are the other way round: A below B, and B listed by none."""
    modules.publish_tree(
        {
            "a.md": modules.page("A", front="kind: path\ntoc:\n- ./b.md").encode(),
            "b.md": modules.page("B", front="kind: path\ntoc:\n- ./c.md").encode(),
            "c.md": modules.page("C").encode(),
        }
    )
    drafts = modules.store_tree(
        {
            "b.md": modules.page("B", front="kind: path\ntoc:\n- ./a.md").encode(),
            "a.md": modules.page("A", front="kind: path\ntoc:\n- ./c.md").encode(),
            "c.md": modules.page("C").encode(),
        }
    )
    return [draft for draft in drafts if isinstance(draft, PathVersion)]


def test_a_path_that_would_stand_below_itself_is_refused_with_its_line_and_what_to_do():
    upper, lower = circle()
    client = client_of("author")
    sent = publish(client, upper)
    assert sent.status_code == 409
    told = text_of(soup(sent).main)
    line = 1 + modules.page("B", front="kind: path\ntoc:\n- ./a.md").splitlines().index("- ./a.md")
    assert f"b.md:{line}: it lists “A”, and so this path would stand below itself." in told
    assert "publish the paths that change together" in told
    upper.path.refresh_from_db()
    assert upper.path.published_version != upper
    release_tree([upper, lower], by=persona("author"))


def test_a_draft_of_a_path_is_discarded_once_that_is_ticked_and_what_was_live_stays():
    first, _apples = live()
    second, _apples = drafts("- Partner")
    client = client_of("author")
    url = f"/authoring/path-versions/{second.pk}/discard/"
    assert client.post(url).status_code == 422
    assert client.post(url, {"sure": "on"})["Location"] == "/authoring/"
    assert list(PathVersion.objects.all()) == [first]
    kept = client.post(f"/authoring/path-versions/{first.pk}/discard/", {"sure": "on"})
    assert kept["Location"] == f"/authoring/path-versions/{first.pk}/"
    assert published() == first


@pytest.mark.parametrize("titles", [["Fruit"], ["Fruit", "Roots", "Herbs"]])
def test_as_many_queries_for_three_paths_as_for_one(titles: list[str]):
    for title in titles:
        modules.a_path(title, modules.source(f"On {title}", {"One": ""}))
    client = client_of("author")
    client.get("/authoring/")
    with CaptureQueriesContext(connection) as queries:
        shown = page(client, "/authoring/")
    assert len(shown.select("a[href^='/authoring/paths/']")) == len(titles)
    assert len(queries) == 8


@pytest.mark.parametrize("name", ["partner", "manager", "admin"])
def test_nobody_but_an_author_sees_or_moves_a_path(name: str):
    first, _apples = live()
    second, _apples = drafts("- Partner")
    client = client_of(name)
    assert client.get("/authoring/paths/fruit/").status_code == 404
    for act in ("publish", "discard"):
        assert client.post(f"/authoring/path-versions/{second.pk}/{act}/", {"sure": "on"}).status_code == 404
    assert published() == first
    assert PathVersion.objects.filter(pk=second.pk).exists()


@pytest.mark.parametrize("kind", ["path", "module"])
def test_what_is_no_page_of_the_site_is_said_to_be_soon_or_elsewhere(kind: str):
    listed = '- ./apples.md\n- ./plums.md\n- "[The manual](https://example.org/)"'
    front = f"kind: {kind}\ntoc:\n{listed}\nvisibility:\n{BOTH}"
    files = {"fruit.md": modules.page("Fruit", front=front), "apples.md": modules.page("Apples")}
    found = modules.store_tree({path: text.encode() for path, text in files.items()})[0]
    address = "path-versions" if kind == "path" else "versions"
    shown = page(client_of("author"), f"/authoring/{address}/{found.pk}/")
    told = " | ".join(text_of(line) for line in shown.select("ol.changes li, tbody tr"))
    assert re.search(r"[Pp]lums [^|]*Coming soon", told)
    assert re.search(r"The manual [^|]*Another site", told)


def test_a_narrower_path_says_before_and_after_who_loses_which_module():
    live()
    take(persona("partner"), ModuleVersion.objects.get(), "Growing")
    take(persona("employee"), ModuleVersion.objects.get(), "Growing")
    narrower, _apples = drafts("- Employee")
    client = client_of("author")
    form = page(client, f"/authoring/path-versions/{narrower.pk}/").select_one("form[action$='publish/']")
    told = text_of(form)
    assert "Opens now to Employee, Partner Opens then to Employee" in told
    assert "One person who has begun one of these modules will not find it any more" in told
    assert "Apples, 1 person. For: Employee, Partner → Employee" in told
    receipt = text_of(page(client, publish(client, narrower)["Location"]).main)
    assert "It opened to: Employee, Partner. It opens now to: Employee." in receipt
    assert "One person who has begun one of these modules does not find it any more" in receipt


def test_a_path_that_opens_to_as_many_takes_nothing_away():
    live()
    same, _apples = drafts("- Employee\n- Partner\ntags:\n- fruit")
    assert not page(client_of("author"), f"/authoring/path-versions/{same.pk}/").select(".losing")


def test_a_modules_page_says_whom_the_paths_above_let_in_and_offers_no_other_preview():
    _path, apples = live()
    narrower, _apples = drafts("- Employee")
    release_tree([narrower], by=None, why="fewer")
    again = modules.store(modules.source("Apples", {"Growing": "Riper."}, front=""))
    for version in (apples, again):
        shown = page(client_of("author"), f"/authoring/versions/{version.pk}/")
        assert "Everybody" not in text_of(shown.main)
        assert [text_of(cell) for cell in shown.select("td[data-label='For']")] == ["Employee", "Employee"]
        links = [text_of(link) for link in shown.select("a[href*='/as/']")]
        assert links == ["Employee"]
        assert client_of("author").get(f"/authoring/versions/{version.pk}/as/Employee/").status_code == 200
    told = "Whoever is Employee finds it in the catalogue. The paths above it let in nobody else."
    assert told in text_of(shown.main)
