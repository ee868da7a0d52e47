"""An author uploads, reads the draft as somebody else, publishes, and goes back."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Audience, AuditEvent
from authoring import listing, reading, uploads
from authoring.release import WHAT
from courses.models import Module, ModuleVersion
from learning.models import ModuleProgress, SectionProgress
from quizzes.models import Response, Round
from tests import modules
from tests.browsing import hidden, soup, text_of
from tests.packages import png, upload, zipped
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

SECTIONS = {
    "Growing": "![A square](./1.png)\n\n[Inner](./inner.md#more-on-inner)\n\n" + modules.question("que1"),
    "Inner": "",
}


def source(sections: dict[str, str] | None = None) -> dict[str, bytes]:
    given = modules.source("Apples", sections or SECTIONS, section_front={"Inner": "visibility: [Employee]"})
    return given | {"apples/1.png": png()}


@pytest.fixture(params=[{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def author(request: pytest.FixtureRequest) -> Client:
    """The pages are whole pages for everybody: htmx is not used here, and changes nothing."""
    return client_of("author", headers=request.param)


def page(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return soup(response)


def publish(client: Client, version: BeautifulSoup, why: str = "", **fields: str) -> Any:
    """Press the button on a version's page, as it was drawn."""
    form = version.select_one("form.card")
    assert form is not None
    data: dict[str, Any] = {**hidden(form), "why": why, **fields}
    return client.post(str(form["action"]), data)


def draft_of(client: Client, files: Mapping[str, bytes]) -> str:
    """Upload a module; the address of the draft that comes of it."""
    response = client.post("/authoring/uploads/", {"package": upload(zipped(files), "apples.zip")})
    link = page(client, response["Location"]).select_one(
        'a.button[href^="/authoring/versions/"]:not([href$="/compare/"])'
    )
    assert link is not None
    return str(link["href"])


def test_from_upload_to_live_and_back(author: Client):
    draft = draft_of(author, source())
    assert client_of("employee").get("/modules/apples/").status_code == 404

    version = page(author, draft)
    assert "Draft" in text_of(version.select_one(".page-head"))
    assert "1 question" in text_of(version.select_one(".page-head"))
    response = publish(author, version)
    receipt = page(author, response["Location"])
    assert "Apples: version 1 is published" in text_of(receipt.h1)
    assert "Everybody keeps what they have done." in text_of(receipt.main)
    assert receipt.select(".facts") == []
    assert client_of("employee").get("/modules/apples/").status_code == 200

    changed = source({"Growing": SECTIONS["Growing"] + "More.", "Storing": ""})
    second = draft_of(author, changed)
    version = page(author, second)
    table = text_of(version.select_one(".table"))
    assert re.search(r"Growing Changed", table)
    assert re.search(r"Storing New", table)
    assert "Inner" in text_of(version.select_one(".changes"))
    assert text_of(version.select_one("form.card button")) == "Publish version 2 in place of version 1"
    refused = publish(author, version)
    assert refused.status_code == 422
    assert "Say why" in text_of(soup(refused).select_one(".errorlist"))
    assert "Nothing was published" in text_of(soup(refused).select_one("main > .notice.error"))
    receipt = page(author, publish(author, version, why="A better ending")["Location"])
    assert "A better ending" in text_of(receipt.main)
    assert "in the place of version 1" in text_of(receipt.main)

    back = page(author, draft)
    assert "Go back to version 1" in text_of(back.select_one("form.card button"))
    publish(author, back, why="Too early")
    assert Module.objects.get().published_version_id == ModuleVersion.objects.get(number=1).pk
    trail = list(AuditEvent.objects.filter(what=WHAT).order_by("pk").values_list("by__name", "why", "whom"))
    assert trail == [
        ("Arthur Author", "", "Apples v1"),
        ("Arthur Author", "A better ending", "Apples v2"),
        ("Arthur Author", "Too early", "Apples v1"),
    ]
    versions = text_of(page(author, "/authoring/modules/apples/").main)
    assert "Was live" in versions
    assert "Live" in text_of(page(author, "/authoring/").main)


def test_an_older_draft_that_was_never_live_is_nothing_to_go_back_to(author: Client):
    draft = modules.store(source())
    modules.publish(source({"Growing": "More."}))
    card = page(author, f"/authoring/versions/{draft.pk}/").select_one("form.card")
    assert "Publish version 1 in place of version 2" in text_of(card)
    assert "Go back" not in text_of(card)


@pytest.mark.parametrize(
    ("front", "told"),
    [
        ("visibility:\n- Employee\n- Partner", "Whoever is Employee or Partner finds it in the catalogue."),
        ("visibility:\n- Partner", "Whoever is Partner finds it in the catalogue."),
        ("", "Everybody who signs in will see this module."),
    ],
)
def test_the_card_says_whom_a_release_opens_the_module_to(author: Client, front: str, told: str):
    version = modules.store(modules.source("Apples", {"Growing": ""}, front=front))
    card = page(author, f"/authoring/versions/{version.pk}/").select_one("form.card")
    assert card is not None
    assert told in text_of(card)
    assert bool(card.select(".notice.warning")) is (front == "")


def test_a_receipt_counts_whom_a_release_completed_and_links_to_the_module():
    live = modules.publish(modules.source("Apples", {"Growing": "", "Eating": ""}))
    section = live.sections.get(title="Growing")
    client = client_of("author")
    client.get("/modules/apples/growing/")
    client.post(f"/pages/{section.section.uuid}/done/")
    draft = modules.store(modules.source("Apples", {"Growing": ""}))
    response = publish(client, page(client, f"/authoring/versions/{draft.pk}/"), why="shorter")
    receipt = page(client, response["Location"])
    assert "People who have nothing left to do by this are now complete: 1." in text_of(receipt.main)
    link = receipt.find("a", string="Open it in the catalogue")
    assert link is not None
    assert client.get(str(link["href"])).status_code == 200


def test_a_draft_is_discarded_once_that_is_confirmed(author: Client):
    draft = modules.store(source())
    url = f"/authoring/versions/{draft.pk}/discard/"
    form = page(author, f"/authoring/versions/{draft.pk}/").select_one(f"form[action='{url}']")
    assert form is not None
    unsure = author.post(url, hidden(form))
    assert unsure.status_code == 422
    assert "Tick this first" in text_of(soup(unsure).select_one(".errorlist"))
    assert ModuleVersion.objects.exists()
    done = author.post(url, {**hidden(form), "sure": "on"}, follow=True)
    assert "Apples v1 is discarded." in text_of(soup(done).select_one(".notices"))
    assert not Module.objects.exists()
    assert author.post(url, {"sure": "on"}).status_code == 404


def test_what_was_live_offers_no_discarding_and_stays(author: Client):
    live = modules.publish(source())
    url = f"/authoring/versions/{live.pk}/discard/"
    assert page(author, f"/authoring/versions/{live.pk}/").select_one(f"form[action='{url}']") is None
    refused = author.post(url, {"sure": "on"}, follow=True)
    assert "it stays" in text_of(soup(refused).select_one(".notices"))
    assert ModuleVersion.objects.get() == live


def test_the_second_of_two_authors_is_told(author: Client):
    modules.publish(source())
    second = modules.store(source({"Growing": "Two.", "Inner": ""}))
    third = modules.store(source({"Growing": "Three.", "Inner": ""}))
    seen = {version.pk: page(author, f"/authoring/versions/{version.pk}/") for version in (second, third)}
    assert publish(author, seen[second.pk], why="first").status_code == 303
    late = publish(author, seen[third.pk], why="second", policy="append")
    assert late.status_code == 409
    text = text_of(soup(late).main)
    assert "Version 2 went live while this page was open: Arthur Author published it" in text
    kept = page(author, str(soup(late).select_one("a.button.primary")["href"]))
    assert text_of(kept.select_one("textarea[name=why]")) == "second"
    assert kept.select_one("input[name=policy][checked]")["value"] == "append"
    assert Module.objects.get().published_version_id == second.pk
    again = publish(author, page(author, f"/authoring/versions/{third.pk}/"), why="second, knowing")
    assert again.status_code == 303
    assert Module.objects.get().published_version_id == third.pk


def test_pressing_twice_publishes_once(author: Client):
    draft = modules.store(source())
    drawn = page(author, f"/authoring/versions/{draft.pk}/")
    publish(author, drawn)
    again = publish(author, drawn, why="again")
    assert again["Location"] == f"/authoring/versions/{draft.pk}/"
    assert AuditEvent.objects.filter(what=WHAT).count() == 1


def test_a_page_that_is_live_elsewhere_by_now_is_told(author: Client):
    old = modules.publish(source())
    modules.publish(source({"Inner": ""}))
    moved = modules.source("Pears", {"Growing": ""})
    mine, theirs = (
        str(modules.uuid_of("Pears/Growing")).encode(),
        str(modules.uuid_of("Apples/Growing")).encode(),
    )
    modules.publish({path: data.replace(mine, theirs) for path, data in moved.items()})
    late = publish(author, page(author, f"/authoring/versions/{old.pk}/"), why="back")
    assert late.status_code == 409
    assert "live in one module at a time" in text_of(soup(late).main)


@pytest.mark.parametrize("published", [False, True])
def test_a_preview_is_the_page_that_this_audience_would_get(author: Client, published: bool):
    version = (modules.publish if published else modules.store)(source())
    base = f"/authoring/versions/{version.pk}/as"
    growing, inner = (modules.uuid_of(f"Apples/{title}") for title in ("Growing", "Inner"))

    module = page(author, f"{base}/Employee/")
    links = [str(a["href"]) for a in module.select("#outline a")]
    assert f"{base}/Employee/pages/{growing}/" in links
    assert f"{base}/Employee/pages/{inner}/" in links
    assert str(inner) not in str(page(author, f"{base}/Partner/").select_one("#outline"))

    section = page(author, f"{base}/Employee/pages/{growing}/")
    picture = section.select_one(".prose img")
    assert picture is not None
    response = author.get(str(picture["src"]))
    assert (response.status_code, b"".join(response)) == (200, png())
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    link = section.select_one(".prose a[href*=inner]") or section.find("a", string="Inner")
    assert link is not None
    assert link["href"] == f"{base}/Employee/pages/{inner}/#u-more-on-inner"
    assert "/pages/" not in str(section).replace(f"{base}/Employee/pages/", "")
    assert text_of(section.select_one(".pager-next")) == "Next Inner"

    assert page(author, f"{base}/Employee/pages/{inner}/")
    assert author.get(f"{base}/Partner/pages/{inner}/").status_code == 404
    assert "Inner" not in text_of(
        page(author, f"{base}/Partner/pages/{growing}/").select_one(".pager") or section.new_tag("p")
    )
    assert author.get(f"{base}/Nobody/").status_code == 404


EVERYWHERE = """
::::{quiz} Check
:id: here

{intro}

:::{question} que1
:id: que1
:hint: Think. {hint}

Which one? {stem}

- [x] Right {choice}
  > Yes. {feedback}
- [ ] Wrong

Because. {explanation}

:::

::::
"""


def test_a_preview_leads_to_itself_from_every_text_of_a_check_too(author: Client):
    places = ("intro", "stem", "choice", "feedback", "hint", "explanation")
    text = EVERYWHERE
    for place in places:
        text = text.replace(f"{{{place}}}", f"[Link of the {place}](./inner.md)")
    version = modules.store(source({"Growing": text, "Inner": ""}))
    base = f"/authoring/versions/{version.pk}/as/Employee/pages"
    section = page(author, f"{base}/{modules.uuid_of('Apples/Growing')}/")
    inner = f"{base}/{modules.uuid_of('Apples/Inner')}/"
    for place in places:
        links = section.find_all("a", string=f"Link of the {place}")
        assert links, place
        assert {link["href"] for link in links} == {inner}, place


def test_a_preview_asks_nothing_and_records_nothing(author: Client):
    version = modules.store(source())
    section = page(
        author, f"/authoring/versions/{version.pk}/as/Partner/pages/{modules.uuid_of('Apples/Growing')}/"
    )
    assert not section.select(".check form, .check button")
    answers = section.select_one(".check details")
    assert answers is not None
    assert "The right one of que1 Right" in text_of(answers)
    assert "que1 explanation" in text_of(answers)
    question = section.select_one(".question")
    assert question is not None
    answers.extract()
    assert "explanation" not in str(question)
    assert not any(
        model._default_manager.exists() for model in (Round, Response, ModuleProgress, SectionProgress)
    )


def test_a_module_of_one_page_and_an_index_with_questions_are_previewed(author: Client):
    version = modules.store({"pears.md": modules.page("Pears", modules.question("que1")).encode()})
    module = page(author, f"/authoring/versions/{version.pk}/as/Partner/")
    assert module.select_one(".check .question") is not None
    assert (
        page(author, f"/authoring/versions/{version.pk}/as/Partner/pages/{version.module.uuid}/").h1
        == module.h1
    )


def test_a_preview_of_an_ordered_module_opens_every_page(author: Client):
    given = modules.source("Apples", {"One": "", "Two": ""}, front="sequence: linear")
    version = modules.store(given)
    assert page(author, f"/authoring/versions/{version.pk}/as/Partner/pages/{modules.uuid_of('Apples/Two')}/")


@pytest.mark.trust("LK-03", "AC-11")
@pytest.mark.parametrize("name", ["employee", "partner", "manager", "admin", "stranger"])
def test_only_authors_see_drafts_and_receipts(name: str):
    version = modules.publish(source())
    event = AuditEvent.objects.get(what=WHAT)
    base = f"/authoring/versions/{version.pk}"
    growing = modules.uuid_of("Apples/Growing")
    media = version.sections.get(title="Growing").page_media.get()
    urls = [
        "/authoring/",
        "/authoring/modules/apples/",
        f"{base}/",
        f"{base}/as/Employee/",
        f"{base}/as/Employee/pages/{growing}/",
        f"{base}/as/Employee/pages/{growing}/media/{media.media.digest}/{media.name}",
        f"/authoring/receipts/{event.pk}/",
    ]
    client = client_of(name)
    assert [client.get(url).status_code for url in urls] == [404] * len(urls)
    assert client.post(f"{base}/publish/", {"why": "x"}).status_code == 404


@pytest.mark.trust("AC-02")
@pytest.mark.parametrize("key", ["0", "999999", str(2**63), str(2**70), "-1", "x"])
def test_what_is_not_there_is_404(key: str):
    persona("author")
    client = client_of("author")
    for url in (f"versions/{key}/", f"versions/{key}/as/Employee/", f"receipts/{key}/", f"modules/{key}/"):
        assert client.get(f"/authoring/{url}").status_code == 404
    assert client.post(f"/authoring/versions/{key}/publish/", {}).status_code == 404
    other = AuditEvent.objects.create(what="something else")
    assert client.get(f"/authoring/receipts/{other.pk}/").status_code == 404


def test_an_audience_may_have_a_slash_in_its_name(author: Client):
    Audience.objects.create(name="Sales/EMEA")
    version = modules.store(
        source({"Growing": ""})
        | {"apples.md": modules.source("Apples", {"Growing": ""}, front="")["apples.md"]}
    )
    page(author, f"/authoring/versions/{version.pk}/")
    section = page(
        author, f"/authoring/versions/{version.pk}/as/Sales/EMEA/pages/{modules.uuid_of('Apples/Growing')}/"
    )
    assert "as Sales/EMEA" in text_of(section.select_one(".preview-bar"))


@pytest.mark.parametrize("url", ["/authoring/", "/authoring/modules/apples/", "version"])
def test_as_many_queries_for_three_modules_as_for_one(url: str):
    client = client_of("author")

    def counted() -> int:
        version = ModuleVersion.objects.order_by("pk").first()
        assert version is not None
        where = f"/authoring/versions/{version.pk}/" if url == "version" else url
        with CaptureQueriesContext(connection) as found:
            assert client.get(where).status_code == 200
        return len(found)

    modules.a_module("Apples", {"One": modules.question("que1")})
    modules.publish(modules.source("Apples", {"One": modules.question("que2")}))
    client.get("/authoring/")
    before = counted()
    modules.publish(modules.source("Apples", {"One": "", "Two": modules.question("que1"), "Three": ""}))
    modules.store(modules.source("Apples", {"One": "More."}))
    for title in ("Pears", "Plums"):
        modules.a_module(title)
        modules.store(modules.source(title, {"Other": ""}))
    assert counted() <= before


def test_the_list_of_modules_loads_no_content():
    modules.a_module("Apples", {"One": ""})
    [row] = listing.modules()
    assert row.live is not None
    assert {"entries", "package"} <= row.live.get_deferred_fields()


def test_an_upload_without_a_result_is_found_again_on_the_overview():
    found, _new = uploads.receive([upload(b"", "fruit.zip")], by=persona("author"))
    shown = soup(client_of("author").get("/authoring/"))
    link = shown.select_one(f'a[href="/authoring/uploads/{found.uuid}/"]')
    assert link is not None
    assert "Interrupted fruit.zip Arthur Author" in text_of(link.find_parent("li"))
    taken = uploads.lock(found)
    assert taken is not None
    assert "Being read" in text_of(soup(client_of("author").get("/authoring/")).main)
    os.close(taken)
    reading.start(found)
    assert "fruit.zip" not in text_of(soup(client_of("author").get("/authoring/")).main)


def test_each_version_but_the_live_one_is_compared_with_it():
    live = modules.publish(modules.source())
    draft = modules.store(modules.source(sections={"Other": ""}))
    links = soup(client_of("author").get("/authoring/modules/apples/")).select('a[href$="/compare/"]')
    assert [link["href"] for link in links] == [f"/authoring/versions/{draft.pk}/compare/"]
    assert live.number == 1
