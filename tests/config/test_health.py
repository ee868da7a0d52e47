from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client


def test_healthz_answers_without_a_session_and_without_a_query(client: Client) -> None:
    # No `db` fixture: a query would fail the test.
    client.cookies[settings.SESSION_COOKIE_NAME] = "whatever"
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("method", ["head", "options"])
def test_healthz_takes_other_reading_methods(client: Client, method: str) -> None:
    assert getattr(client, method)("/healthz").status_code == 200
