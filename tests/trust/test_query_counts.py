"""Pages cost a fixed number of queries, however much there is on them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.browsing import Hand
from tests.modules import a_module, multiple, question
from tests.personas import client_of, persona
from tests.trust.world import complete

pytestmark = pytest.mark.django_db

SECTION_PAGE_AT_MOST = 5


def queries(client: Client, address: str) -> int:
    """Those of a page that was opened before, with the session in the cache."""
    for _ in range(2):
        assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    assert not [q["sql"] for q in caught if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    return len(caught)


def sections(count: int) -> dict[str, str]:
    return {f"Part {n}": question(f"que{n}") + multiple(f"more{n}") for n in range(count)}


@pytest.mark.parametrize("begun", [False, True])
def test_the_catalogue_at_one_and_at_three_modules(begun: bool):
    learner = Hand(client_of("partner"))
    counts = []
    for number in range(3):
        a_module(f"Module {number}", sections(2))
        if begun:
            page = learner.get(f"/modules/module-{number}/part-0/")
            learner.press(page, "check:que0", {"que0": ["The wrong one"]})
        counts.append(queries(learner.client, "/"))
    assert counts[0] == counts[1] == counts[2] <= 8, counts


@pytest.mark.parametrize("address", ["/modules/module-{}/", "/modules/module-{}/part-0/"])
def test_a_module_and_its_section_at_one_and_at_three_sections(address: str):
    client = client_of("partner")
    counts = []
    for number in (1, 3):
        a_module(f"Module {number}", sections(number))
        counts.append(queries(client, address.format(number)))
    assert counts[0] == counts[1], counts


@pytest.mark.parametrize("questions", [1, 3])
@pytest.mark.parametrize("answered", [False, True])
def test_a_section_page_costs_five_queries_at_most(questions: int, answered: bool):
    body = "".join(question(f"que{n}") for n in range(questions))
    a_module("Apples", {"Growing": body, "Eating": "Read."})
    learner = Hand(client_of("partner"))
    if answered:
        learner.press(learner.get("/modules/apples/growing/"), "check:que0", {"que0": ["The wrong one"]})
    assert queries(learner.client, "/modules/apples/growing/") <= SECTION_PAGE_AT_MOST
    assert queries(learner.client, "/modules/apples/eating/") <= SECTION_PAGE_AT_MOST


def test_the_completed_page_and_the_certificate_do_not_grow():
    client = client_of("partner")
    counts = []
    for number in (1, 3):
        version = a_module(f"Module {number}", {f"Part {n}": "Read." for n in range(number)})
        serial = complete(persona("partner"), version)
        counts.append(
            [
                queries(client, address)
                for address in (
                    f"/completed/module-{number}/",
                    f"/certificates/{serial}/",
                    f"/modules/module-{number}/",
                )
            ]
        )
    assert counts[0] == counts[1], counts
