"""A scenario above its questions, in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.keys import Keyboard
from tests.browser.looks import assert_accessible
from tests.journeys.test_cases import BODY
from tests.modules import publish, source


@pytest.mark.parametrize("width", [390, 1280])
def test_by_keyboard_alone(open_page: OpenPage, width: int):
    publish(source("Oaks", {"Leaves": BODY}))
    page = open_page(viewport={"width": width, "height": 800})
    page.goto("/modules/oaks/leaves/")
    keyboard = Keyboard(page)
    expect(page.get_by_role("region", name="Scenario for questions 1–2 Contoso Bank")).to_be_visible()
    assert_accessible(page)
    for name, text in (("que1", "The right one"), ("que3", "The right one"), ("que2", "The wrong one")):
        page.locator(f"#q-{name} label", has_text=text).locator("input").check()
        expect(page.locator(f"#saved-{name}")).to_have_text("Saved")
    keyboard.tab_to("button[value=check-all]")
    keyboard.press("Enter")
    expect(page.locator(".result")).to_be_focused()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)
    keyboard.tab_to("button[value=again]")
    keyboard.press("Enter")
    expect(page.locator(".check h2")).to_be_focused()
    case = page.get_by_text("Contoso has")
    expect(case).to_be_hidden()
    keyboard.tab_to("details.case > summary")
    keyboard.press("Enter")
    expect(case).to_be_visible()
    assert_accessible(page)
