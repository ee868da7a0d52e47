"""The page of search, as a reader meets it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import pace
from learning.views.searching import A_MINUTE, A_PAGE
from tests import modules
from tests.browsing import Hand, soup, text_of
from tests.modules import question
from tests.personas import client_of

pytestmark = pytest.mark.django_db

LADDER = {
    "First": "Climb slowly.\n\n### On steps\n\nA rung <b>gives</b> way.",
    "Second": question("two") + "Rung by rung.",
}


def ladder() -> None:
    modules.publish(
        modules.source("Ladder", LADDER, front="visibility:\n- Employee\n- Partner\nsequence: linear")
    )


def search(typed: str, who: str = "partner", **more: str) -> Any:
    response = client_of(who).get("/search/", {"q": typed, **more})
    assert response.status_code == 200
    return soup(response)


def hits(typed: str, who: str = "partner") -> list[tuple[str, str]]:
    return [(text_of(link), str(link["href"])) for link in search(typed, who).select(".found h2 a")]


def test_every_page_has_the_way_to_search():
    ladder()
    for address in ("/", "/modules/ladder/", "/modules/ladder/first/"):
        page = soup(client_of("partner").get(address))
        form = page.select_one("header form[role=search]")
        assert form is not None
        assert (form["method"], form["action"]) == ("get", "/search/")
        assert form.select_one("input[name=q]")
        assert page.select_one("header a[href='/search/']")
    assert not soup(client_of("anonymous").get("/accounts/login/")).select("[role=search]")


def test_a_page_that_is_found_says_where_it_stands_and_what_was_asked_for():
    ladder()
    page = search("rung")
    first, second = page.select(".found > li")
    assert text_of(first.h2) == "First"
    assert first.h2.a["href"] == "/modules/ladder/first/#u-on-steps"
    assert "Ladder" in text_of(first.select_one(".meta"))
    assert [mark.get_text() for mark in first.select("mark")] == ["rung"]
    assert "Locked" in text_of(second.select_one(".meta"))
    assert text_of(page.select_one("[role=status]")) == "2 pages"
    assert page.title is not None
    assert page.title.get_text().startswith("rung · Search")


def test_a_path_says_that_it_is_one():
    modules.a_path("Orchard course", modules.source("Apples", {"Growing": "Plant."}))
    found = search("orchard", "employee").select_one(".found > li")
    assert found is not None
    assert found.h2.a["href"] == "/paths/orchard-course/"
    assert "Path" in text_of(found.select_one(".meta"))


def test_what_is_done_says_so():
    ladder()
    learner = Hand(client_of("partner"))
    form = learner.get("/modules/ladder/first/").select_one('form[action$="/done/"]')
    assert form is not None
    assert learner.client.post(str(form["action"])).status_code == 303
    found = learner.get("/search/?q=climb")
    assert "Done" in text_of(found.select_one(".found .meta"))
    assert "Under way" in text_of(learner.get("/search/?q=ladder").select_one(".found .meta"))


@pytest.mark.trust("MD-01")
def test_content_and_words_stay_text():
    modules.publish(
        modules.source("Apples", {"Sign": "Write `<script>alert(1)</script>` and 5 < 6 & so on."})
    )
    page = search("script")
    assert "<script>alert(1)</script>" in text_of(page.select_one(".passage")).replace("< ", "<").replace(
        " >", ">"
    ).replace(" (", "(").replace("</ ", "</")
    assert not page.select(".found script")
    page = search('"><script>alert(2)</script>')
    assert page.select_one("#search-words")["value"] == '"><script>alert(2)</script>'
    assert "alert(2)" not in [str(script) for script in page.select("script")]


@pytest.mark.parametrize("typed", ["", " ", "\0", '"', "( * )", "😀", "!" * 10_000])
def test_without_words_there_is_the_field_and_a_hint(typed: str):
    page = search(typed)
    assert page.select_one("form #search-words[name=q]")
    assert "quotes" in text_of(page.select_one("#search-hint"))
    assert not page.select(".found, .empty")


@pytest.mark.trust("DO-03", "RQ-07")
@pytest.mark.parametrize(
    "query", ["", "q", "q=a&q=b", "q[]=a", "q=%ff", "q=x&page=%00", "q=%F0%9F&page[]=2", f"q={'a' * 9000}"]
)
def test_any_query_gets_an_answer(query: str):
    assert client_of("partner").get(f"/search/?{query}").status_code == 200


def test_nothing_found_says_what_to_try():
    ladder()
    page = search("zebra")
    assert "zebra" in text_of(page.select_one("[role=status]"))
    assert len(page.select(".empty li")) == 3
    assert page.select_one(".empty a[href='/']")


@pytest.mark.trust("AC-06", "DO-03")
def test_results_come_in_parts():
    many = {f"Step {number:02}": "A rung." for number in range(A_PAGE + 3)}
    modules.a_module("Stairs", many)
    modules.a_module(
        "Cellar", {f"Dark {number}": "A rung." for number in range(5)}, front="visibility: [Employee]"
    )
    first, second = search("rung"), search("rung", page="2")
    assert (len(first.select(".found > li")), len(second.select(".found > li"))) == (A_PAGE, 3)
    assert text_of(first.select_one("[role=status]")) == f"{A_PAGE + 3} pages, part 1 of 2"
    following = first.select_one("a[rel=next]")
    assert following is not None
    assert following["href"] == "?q=rung&page=2"
    assert second.select_one("ol.found")["start"] == str(A_PAGE + 1)
    titles = [text_of(link) for page in (first, second) for link in page.select(".found h2")]
    assert titles == list(many)
    for page in ("0", "-1", "x", "9", "1e9", "9" * 400):
        assert search("rung", page=page).select(".found > li"), page


def test_queries_do_not_grow():
    counts = []
    for number in (1, 2, 3):
        modules.a_module(f"Module {number}", {f"Part {n}": "A rung." for n in range(number)})
        client = client_of("partner")
        client.get("/search/?q=rung")
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/search/?q=rung").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] == counts[2] <= 6, counts


@pytest.mark.trust("QZ-01")
def test_nothing_of_a_check_is_found():
    modules.a_module("Apples", {"Growing": question("que1")})
    for typed in ("which one is right", "wrong", "que1", "feedback", "explanation", "because"):
        assert hits(typed) == [], typed


@pytest.mark.trust("HX-07", "CH-07")
def test_while_typing_the_same_page_comes():
    ladder()
    client = client_of("partner")
    whole = client.get("/search/?q=rung")
    live = client.get("/search/?q=rung", headers={"HX-Request": "true"})
    assert [str(li) for li in soup(live).select(".found > li")] == [
        str(li) for li in soup(whole).select(".found > li")
    ]
    assert "HX-Request" in live["Vary"]


@pytest.mark.trust("F-25")
def test_who_asks_faster_than_anybody_types_waits_a_minute_and_keeps_the_words(
    monkeypatch: pytest.MonkeyPatch,
):
    ladder()
    monkeypatch.setattr(pace, "time", lambda: 0.0)
    reader = client_of("partner")
    for _ in range(A_MINUTE):
        assert reader.get("/search/", {"q": "rung"}).status_code == 200
    answer = reader.get("/search/", {"q": "rung steps"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    page = soup(answer)
    assert "Wait a minute" in text_of(page.select_one("#results-status"))
    assert page.select_one("main input[name=q]")["value"] == "rung steps"
    assert not page.select(".found")
    assert reader.get("/search/").status_code == 200
    assert client_of("employee").get("/search/", {"q": "rung"}).status_code == 200
    monkeypatch.setattr(pace, "time", lambda: 60.0)
    assert reader.get("/search/", {"q": "rung"}).status_code == 200
