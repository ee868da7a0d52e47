"""A drawn check in the browser: begun, taken and taken again by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.keys import Keyboard
from tests.browser.looks import assert_accessible
from tests.journeys.test_draws import files_with_bank
from tests.modules import publish, question


@pytest.mark.parametrize("width", [390, 1280])
def test_by_keyboard_alone(open_page: OpenPage, width: int):
    publish(files_with_bank(":draw: 2", own=question("own")))
    page = open_page(viewport={"width": width, "height": 800})
    page.goto("/modules/oaks/leaves/")
    keyboard = Keyboard(page)
    assert_accessible(page)
    keyboard.tab_to("button[value=start]")
    keyboard.press("Enter")
    expect(page.locator(".question")).to_have_count(3)
    keys = page.locator("fieldset.answers").evaluate_all("all => all.map(each => each.dataset.question)")
    page.reload()
    again = page.locator("fieldset.answers").evaluate_all("all => all.map(each => each.dataset.question)")
    assert again == keys
    for key in keys:
        text = "The wrong one" if key == "own" else "The right one"
        page.locator(f"#q-{key} label", has_text=text).locator("input").check()
        expect(page.locator(f"#saved-{key}")).to_have_text("Saved")
    keyboard.tab_to("button[value=check-all]")
    keyboard.press("Enter")
    expect(page.locator(".result")).to_be_focused()
    assert_accessible(page)
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)
    keyboard.tab_to("button[value=again]")
    keyboard.press("Enter")
    expect(page.locator("fieldset.answers input")).to_have_count(3)
    expect(page.locator("#q-own fieldset")).to_be_visible()
