"""What is withdrawn is gone for learners at their next request, and nothing of the record with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from courses.models import Module, ModuleVersion, PageMedia
from learning.models import Certificate, Completion
from tests import modules
from tests.browsing import Hand, soup, text_of
from tests.learning.factories_team import complete, open_section, take
from tests.modules import question
from tests.packages import png
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

SECTIONS = {
    "Growing": "![A tree](../tree.png)\n" + question("que1"),
    "Eating": "Read this.",
    "Storing": "Read.",
}
URL = "/authoring/modules/apples/withdraw/"


@pytest.fixture(params=[{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def author(request: pytest.FixtureRequest) -> Client:
    return client_of("author", headers=request.param)


def apples() -> ModuleVersion:
    return modules.publish(modules.source("Apples", SECTIONS) | {"tree.png": png("green")})


def send(client: Client, what: str, why: str = "it is wrong") -> Any:
    named = "module" if what == "module" else str(modules.uuid_of(f"Apples/{what}"))
    radios = soup(client.get(URL)).select("[name=what]")
    (value,) = (radio["value"] for radio in radios if radio["value"].endswith(f":{named}"))
    return client.post(URL, {"what": value, "why": why})


def status(learner: Hand, address: str) -> int:
    response = learner.client.get(address, follow=True)
    if response.streaming:
        b"".join(response)  # a picture is a file, and closed at its end
    return response.status_code


def link_from_module(author: Client) -> str:
    """What the link to the page says where a module's versions are listed."""
    return text_of(soup(author.get("/authoring/modules/apples/")).select_one(f'a[href="{URL}"]'))


@pytest.mark.trust("AC-10", "AC-11")
def test_a_withdrawn_section_is_gone_everywhere_at_the_next_request(author: Client):
    version = apples()
    learner = Hand(client_of("partner"))
    row = PageMedia.objects.select_related("media", "section_version__section").get()
    assert row.section_version is not None
    picture = f"/pages/{row.section_version.section.uuid}/media/{row.media.digest}/{row.name}"
    page = f"/pages/{row.section_version.section.uuid}/"
    addresses = ["/modules/apples/growing/", page, picture]
    for address in addresses:
        assert status(learner, address) == 200
    assert send(author, "Growing").status_code == 303
    for address in addresses:
        assert status(learner, address) == 404
    eating = learner.get("/modules/apples/eating/")
    assert "Growing" not in text_of(eating.body)
    assert "0 of 2 done" in text_of(eating.body)
    assert "Growing" not in text_of(learner.get("/search/?q=growing").main).replace("growing", "")
    check = f"/pages/{row.section_version.section.uuid}/checks/check/"
    assert learner.client.post(check, {"act": "save"}).status_code == 404
    assert send(author, "Growing", "mended").status_code == 303
    for address in addresses:
        assert status(learner, address) == 200
    trail = list(AuditEvent.objects.order_by("-pk").values_list("what", "why", "whom")[:2])
    assert trail == [
        ("section restored", "mended", "apples: Growing"),
        ("section withdrawn", "it is wrong", "apples: Growing"),
    ]
    assert version.pk == Module.objects.get().published_version_id


@pytest.mark.trust("QZ-07")
def test_whoever_has_nothing_left_completes_by_the_withdrawal_with_its_cause(author: Client):
    version = apples()
    take(persona("partner"), version, "Growing")
    take(persona("partner"), version, "Eating")
    complete(persona("employee"), version)
    before = Completion.objects.get()
    shown = soup(author.get(send(author, "Storing")["Location"]))
    assert "One person has nothing left to do" in text_of(shown.body)
    assert Completion.objects.get(user=persona("partner")).cause == "withdrawn"
    assert Certificate.objects.count() == 2
    send(author, "Storing", "mended")
    assert Completion.objects.count() == 2
    assert Completion.objects.filter(pk=before.pk, completed_at=before.completed_at).exists()
    assert "1 new section since" in text_of(Hand(client_of("partner")).get("/").main)


def test_it_stays_withdrawn_when_another_version_goes_live(author: Client):
    apples()
    send(author, "Growing")
    modules.publish(
        modules.source("Apples", {**SECTIONS, "Growing": question("que1"), "Eating": "Read that."})
    )
    assert client_of("partner").get("/modules/apples/growing/").status_code == 404


def test_a_withdrawn_module_leaves_the_certificates_in_reach(author: Client):
    version = apples()
    complete(persona("partner"), version)
    open_section(persona("employee"), version, "Growing")
    certificate = Certificate.objects.get()
    assert send(author, "module").status_code == 303
    learner = Hand(client_of("partner"))
    for address in ("/modules/apples/", "/modules/apples/eating/", "/completed/apples/"):
        assert learner.client.get(address).status_code == 404
    home = learner.get("/")
    assert home.select(".module-card") == []
    link = home.find("a", string="Apples")
    assert link is not None
    sheet = learner.get(str(link["href"]))
    assert certificate.serial in text_of(sheet.main)
    assert "Back to the catalogue" in text_of(sheet.main)
    assert "Employee" not in text_of(Hand(client_of("employee")).get("/").main)
    team = Hand(client_of("manager")).get("/team/")
    assert "Paul Partner" in text_of(team.main)
    send(author, "module", "mended")
    assert learner.client.get("/modules/apples/").status_code == 200


def test_a_form_that_is_sent_twice_does_not_do_the_opposite(author: Client):
    apples()
    form = {"what": "withdraw:module", "why": "it is wrong"}
    assert author.post(URL, form).status_code == 303
    again = author.post(URL, form)
    assert again.status_code == 422
    assert "That is done already" in text_of(soup(again).select_one(".errorlist"))
    assert client_of("partner").get("/modules/apples/").status_code == 404
    assert AuditEvent.objects.filter(what="module withdrawn").count() == 1
    assert author.post(URL, {"what": "restore:module", "why": "mended"}).status_code == 303
    assert client_of("partner").get("/modules/apples/").status_code == 200


def test_a_reason_and_a_choice_are_asked(author: Client):
    apples()
    assert send(author, "Growing", why="").status_code == 422
    assert author.post(URL, {"what": "something", "why": "x"}).status_code == 422
    assert not Module.objects.exclude(withdrawn_at=None).exists()
    assert "Growing" in text_of(soup(author.get(URL)).main)


def test_each_button_says_what_it_does_and_the_page_says_whom_it_touches(author: Client):
    version = apples()
    complete(persona("partner"), version)
    open_section(persona("employee"), version, "Growing")
    page = soup(author.get(URL))
    assert "One person is taking the module, one completed it." in text_of(page.main)
    assert [text_of(button) for button in page.main.select("form button.button")] == ["Withdraw"]
    assert text_of(page.h1) == "Withdraw"
    assert link_from_module(author) == "Withdraw"
    labels = [text_of(label) for label in page.main.select(".check label")]
    assert labels == [
        "The whole module", "Growing opened by 2 people, done by 1",
        "Eating opened by one person, done by 1", "Storing opened by one person, done by 1",
    ]  # fmt: skip
    send(author, "Growing")
    page = soup(author.get(URL))
    assert [text_of(button) for button in page.main.select("form button.button")] == ["Withdraw", "Restore"]
    assert text_of(page.h1) == link_from_module(author) == "Withdraw or restore"
    late = author.post(
        URL, {"act": "withdraw", "what": f"withdraw:{modules.uuid_of('Apples/Growing')}", "why": "x"}
    )
    assert late.status_code == 422
    assert "That is done already" in text_of(soup(late).main)
    assert author.post(URL, {"act": "restore", "why": "x"}).status_code == 422


def test_a_withdrawn_module_is_marked_where_authors_look(author: Client):
    version = apples()
    pages = ["/authoring/", f"/authoring/versions/{version.pk}/"]
    assert all(soup(author.get(page)).select(".state.late") == [] for page in pages)
    send(author, "module")
    for page in pages:
        (mark,) = soup(author.get(page)).select(".state.late")
        assert text_of(mark).startswith("Withdrawn on")
        assert mark.select_one("svg use")


def test_the_page_asks_no_more_of_the_database_for_more_sections(author: Client):
    counts = []
    for many in (1, 3):
        version = modules.publish(modules.source("Apples", dict(list(SECTIONS.items())[:many])))
        open_section(persona("employee"), version, "Growing")
        with CaptureQueriesContext(connection) as queries:
            assert author.get(URL).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
