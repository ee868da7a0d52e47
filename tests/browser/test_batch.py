"""One tick for all that an upload's page lists."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.authoring.test_batch import TITLES, sent, tree
from tests.browser.conftest import OpenPage
from tests.personas import client_of, persona


def test_one_tick_takes_all_and_none_and_says_when_it_is_some(open_page: OpenPage) -> None:
    persona("author")
    address, _page = sent(client_of("author"), tree())
    page = open_page("author")
    page.goto(address)
    every = page.get_by_label("All 4 modules and paths")
    expect(every).to_be_checked()
    every.focus()
    page.keyboard.press("Space")
    for title in ("Fruit", *TITLES):
        expect(page.get_by_role("checkbox", name=title, exact=True)).not_to_be_checked()
    page.get_by_role("checkbox", name="Plums", exact=True).check()
    expect(every).to_have_js_property("indeterminate", True)
    every.check()
    page.get_by_role("button", name="Publish what is ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Published: 3 modules, 1 path")
