"""The pages on which an author says what a version asks, asks less, and rolls back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from courses.models import ModuleVersion
from learning.models import Asking, Completion, Publication
from tests import modules
from tests.browsing import hidden, soup, text_of
from tests.learning.factories_team import complete
from tests.modules import question
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

ONE = {"Growing": question("que1"), "Eating": "Read this."}
OTHER = {**ONE, "Eating": "Read that."}
DUE = timezone.localdate() + timedelta(days=30)


@pytest.fixture(params=[{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def author(request: pytest.FixtureRequest) -> Client:
    return client_of("author", headers=request.param)


def done_by(*names: str) -> ModuleVersion:
    live = modules.publish(modules.source("Apples", ONE))
    for name in names:
        complete(persona(name), live)
    return live


def draft(sections: dict[str, str]) -> ModuleVersion:
    return modules.store(modules.source("Apples", sections))


def page(client: Client, url: str) -> BeautifulSoup:
    return soup(client.get(url))


def send(client: Client, version: ModuleVersion, **fields: Any) -> Any:
    form = page(client, f"/authoring/versions/{version.pk}/").select_one("form.card")
    assert form is not None
    return client.post(str(form["action"]), {**hidden(form), "why": "new law", **fields})


def test_the_policy_that_fits_is_proposed_and_what_is_not_offered_says_why(author: Client):
    done_by("partner")
    same, more = draft(OTHER), draft({**ONE, "Storing": "Read."})
    card = page(author, f"/authoring/versions/{same.pk}/").select_one("form.card .policies")
    assert card is not None
    assert [str(radio["value"]) for radio in card.select("[checked]")] == ["minor"]
    assert card.select("[disabled]") == []
    card = page(author, f"/authoring/versions/{more.pk}/").select_one("form.card .policies")
    assert card is not None
    assert [str(radio["value"]) for radio in card.select("[checked]")] == ["append"]
    assert [str(radio["value"]) for radio in card.select("[disabled]")] == ["minor"]
    assert "Not offered: “Storing” is asked of people" in text_of(card)
    refused = send(author, more, policy="minor")
    assert refused.status_code == 422
    assert "Storing" in text_of(soup(refused).select_one(".policies .errorlist"))
    assert Publication.objects.count() == 1


def test_the_first_version_asks_nothing_anew(author: Client):
    version = draft(ONE)
    card = page(author, f"/authoring/versions/{version.pk}/").select_one("form.card")
    assert card is not None
    assert card.select(".policies") == []
    assert send(author, version).status_code == 303


def test_a_retrain_is_confirmed_by_the_number_of_people_and_asked_again_when_it_changed(author: Client):
    live = done_by("partner")
    new = draft(OTHER)
    card = page(author, f"/authoring/versions/{new.pk}/").select_one(".retrain")
    assert "Type 1 to confirm." in text_of(card)
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"due": DUE, "confirmed": ""}, "Type 1, the number of people"),
        ({"due": "", "confirmed": "1"}, "Choose a day after today."),
        ({"due": "soon", "confirmed": "1"}, "Write a day as"),
    ]
    for fields, told in refusals:
        refused = send(author, new, policy="retrain", **fields)
        assert refused.status_code == 422
        assert told in text_of(soup(refused).select_one(".retrain .errorlist"))
    complete(persona("employee"), live)
    refused = send(author, new, policy="retrain", due=DUE, confirmed="1")
    assert "It asks 2 people now, not 1." in text_of(soup(refused).select_one(".retrain .errorlist"))
    assert not Asking.objects.exists()
    sent = send(author, new, policy="retrain", due=DUE, confirmed="2")
    assert sent.status_code == 303
    receipt = text_of(page(author, sent["Location"]).main)
    assert "2 people are asked to complete the module again" in receipt
    assert "1 Acme" in receipt
    assert "1 Coursemark" in receipt
    assert "Certificates 2 before, 2 now, difference 0" in receipt


def asked(author: Client) -> Publication:
    done_by("partner")
    send(author, draft(OTHER), policy="retrain", due=DUE, confirmed="1")
    return Publication.objects.latest("pk")


def test_it_asks_less_on_its_own_page_with_a_reason(author: Client):
    publication = asked(author)
    live = page(author, f"/authoring/versions/{publication.version_id}/")
    link = live.find("a", string="What it asks, and rolling back")
    assert link is not None
    url = str(link["href"])
    assert "People asked 1" in text_of(page(author, url).main)
    assert author.post(f"{url}soften/", {"policy": "append", "why": ""}).status_code == 422
    assert author.post(f"{url}soften/", {"policy": "retrain", "why": "x"}).status_code == 422
    assert author.post(f"{url}soften/", {"policy": "minor", "why": "too much"}).status_code == 303
    shown = page(author, url)
    assert "One person is no longer asked" in text_of(shown.body)
    assert "Softened to Small corrections" in text_of(shown.main)
    assert shown.select("form[action$='soften/']") == []
    card = text_of(soup(client_of("partner").get("/")).select_one(".module-card"))
    assert "small corrections since" in card


def test_rolling_back_is_one_step_with_a_reason_and_a_receipt(author: Client):
    publication = asked(author)
    url = f"/authoring/publications/{publication.pk}/"
    assert author.post(f"{url}roll-back/", {"why": ""}).status_code == 422
    sent = author.post(f"{url}roll-back/", {"why": "wrong law"})
    assert sent.status_code == 303
    receipt = text_of(page(author, sent["Location"]).main)
    assert "Apples: version 1 is live again" in receipt
    assert "One person is no longer asked" in receipt
    assert "Completions 1 before, 1 now, difference 0" in receipt
    assert Completion.objects.count() == 1
    twice = author.post(f"{url}roll-back/", {"why": "again"})
    assert twice.status_code == 422
    assert "Apples v1 is live by now: nothing was changed." in text_of(soup(twice).main)
    assert "Rolled back" in text_of(page(author, url).main)


@pytest.mark.parametrize("name", ["partner", "manager", "admin"])
def test_only_authors_ask_and_unask(name: str):
    publication = asked(client_of("author"))
    url = f"/authoring/publications/{publication.pk}/"
    client = client_of(name)
    assert client.get(url).status_code == 404
    for act in ("soften/", "roll-back/"):
        assert client.post(url + act, {"policy": "minor", "why": "x"}).status_code == 404
    assert Asking.objects.get().withdrawn_at is None
