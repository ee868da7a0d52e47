"""Fifty requests of one person at the same moment: as many tries as there are, and no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from quizzes.models import Response, Round
from tests.browsing import Hand, choice, hidden
from tests.modules import a_module, question
from tests.personas import client_of, persona

PAGE = "/modules/apples/growing/"
MANY = 50


def at_once(form: dict[str, object], url: str, clients: list[Client]) -> list[int]:
    """The statuses of the same request, sent by all of them at the same moment."""
    gate = Barrier(len(clients))

    def send(client: Client) -> int:
        try:
            gate.wait(timeout=60)
            return client.post(url, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(send, clients))


@pytest.mark.trust("QZ-03")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", [1, 3])
def test_limits_hold_under_fifty_parallel_starts_and_submits(limit: int):
    quiz = f":::{{quiz}} The check\n:id: check\n:attempts: {limit}\n\n:::\n"
    a_module("Apples", {"Growing": quiz + question("que1") + question("que2")})
    hand = Hand(client_of("partner"))
    clients = [client_of("partner") for _each in range(MANY)]
    for number in range(1, limit + 1):
        page = hand.get(PAGE)
        button = page.select_one('button[value="start"], button[value="again"]')
        form = page.select_one("form.check-form")
        assert button is not None
        assert form is not None
        begun = at_once({"act": button["value"], **hidden(form)}, str(form["action"]), clients)
        assert set(begun) == {303}
        assert Round.objects.count() == number
        form = hand.get(PAGE).select_one("form.check-form")
        assert form is not None
        wrong = {
            f"answer-{key}": choice(form, key, "The wrong one")
            for key in ("que1", "que2")
            if form.select(f'input[name="answer-{key}"]')
        }
        sent = at_once({"act": "check-all", **hidden(form), **wrong}, str(form["action"]), clients)
        assert set(sent) == {303}  # one key: the same request again, told the state as it is
        assert Response.objects.filter(round__number=number, checked_at__isnull=True).count() == 0
    form = hand.get(PAGE).select_one("form.check-form")
    assert form is not None
    refused = at_once({"act": "again", **hidden(form)}, str(form["action"]), clients)
    assert set(refused) == {409}
    assert Round.objects.filter(user=persona("partner")).count() == limit
