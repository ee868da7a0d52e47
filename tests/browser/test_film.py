"""A film plays through the headers that keep it from being anything else, on a page and in a tab of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.modules import publish, source, uuid_of

FILM = Path(__file__).with_name("film.webm").read_bytes()  # two seconds of a test card
ADDRESS = f"/pages/{uuid_of('Apples/Open')}/media/{hashlib.sha256(FILM).hexdigest()}/film.webm"
PLAYER = """(address) => {
  const film = document.createElement("video");
  film.controls = true;
  film.src = address;
  document.querySelector("main").append(film);
}"""
SEEK = "(second) => { const film = document.querySelector('video'); film.muted = true; film.currentTime = second; }"
PLAYED = "() => { const film = document.querySelector('video'); return film.ended && [film.duration, film.videoWidth]; }"


def play(page: Page) -> list[float]:
    """Jump to its second half and press play, as a person would; returns its length and width at the end.

    Where no script may run, nothing can wait inside the page: it is asked again and again.
    """
    page.evaluate(SEEK, 1)
    page.locator("video").focus()
    page.keyboard.press("Space")
    for _tenth in range(100):
        if played := page.evaluate(PLAYED):
            return list(played)
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate("document.querySelector('video').outerHTML"))


@pytest.fixture
def reader(open_page: OpenPage) -> Page:
    publish(source("Apples", {"Open": "[The film](./film.webm)\n"}) | {"apples/film.webm": FILM})
    return open_page("partner")


@pytest.mark.trust("IM-02")
def test_on_a_page(reader: Page):
    reader.goto("/modules/apples/open/")
    reader.evaluate(PLAYER, ADDRESS)
    assert play(reader) == [2, 32]


@pytest.mark.trust("IM-02")
def test_in_a_tab_of_its_own(reader: Page):
    reader.goto("/modules/apples/open/")
    reader.get_by_role("link", name="The film").click()
    reader.wait_for_url("**/film.webm")
    assert play(reader) == [2, 32]
