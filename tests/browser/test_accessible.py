"""axe finds nothing on any page, whoever looks at it. (The learner's way is in test_keyboard.)"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import scene
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.looks import assert_accessible


@pytest.mark.parametrize("who", ["anonymous", "partner", "manager", "author"])
def test_every_page(open_page: OpenPage, complaints: Complaints, who: str):
    complaints.expect(scene.MISSING)
    scene.set_up()
    page = open_page(who)
    for address in scene.places(who):
        scene.visit(page, address)
        assert_accessible(page)


def test_an_upload_with_errors_then_one_without(open_page: OpenPage):
    scene.set_up()
    page = open_page("author")
    page.goto("/authoring/")
    upload = {"name": "broken.md", "mimeType": "text/markdown", "buffer": scene.BROKEN_PAGE}
    page.set_input_files("input[type=file]", upload)  # type: ignore[arg-type]
    page.locator("#upload button").click()
    expect(page.locator(".problem.error").first).to_be_visible()
    assert_accessible(page)


def test_publishing_shows_what_it_did(open_page: OpenPage):
    scene.set_up()
    page = open_page("author")
    page.goto(scene.places("author")[2])
    page.locator("textarea[name=why], input[name=why]").fill("There is more to say")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/authoring/receipts/*/")
    assert_accessible(page)
