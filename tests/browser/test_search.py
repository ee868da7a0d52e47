"""Looking for words: from the keyboard, while typing, without scripts, on a phone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.looks import assert_fits
from tests.browser.scene import LONG_WORD
from tests.modules import a_module

TEXT = {
    "Growing": f"{LONG_WORD} roots.\n\n### The harvest\n\nRipe in autumn.",
    "תפוחים": "Roots and more roots.",
}


def test_from_the_head_by_keyboard_to_the_passage(open_page: OpenPage):
    a_module("Apples", TEXT)
    page = open_page("partner")
    page.goto("/")
    page.get_by_role("searchbox", name="Search the pages").focus()
    page.keyboard.type("autumn")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="1 page")).to_be_visible()
    page.get_by_role("link", name="Growing").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/modules/apples/growing/#u-the-harvest")
    expect(page.get_by_role("heading", name="The harvest")).to_be_in_viewport()


def test_results_come_while_typing_and_the_address_keeps_up(open_page: OpenPage):
    a_module("Apples", TEXT)
    page = open_page("partner")
    page.goto("/search/")
    expect(page.get_by_label("Words to look for")).to_be_focused()
    page.keyboard.type("roo")
    expect(page.locator(".found > li")).to_have_count(2)
    expect(page.locator("#results-status")).to_have_text("2 pages")
    page.wait_for_url("**/search/?q=roo")
    page.keyboard.type("k")
    expect(page.locator(".empty")).to_be_visible()
    expect(page.get_by_label("Words to look for")).to_be_focused()


def test_without_scripts_on_a_phone(open_page: OpenPage):
    a_module("Apples", TEXT)
    page = open_page("partner", viewport=PHONE, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Search").click()
    page.get_by_label("Words to look for").fill("roots")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.locator(".found > li")).to_have_count(2)


def test_long_words_fit(open_page: OpenPage):
    a_module("Apples", TEXT)
    for width in (320, 390, 1280):
        page = open_page("partner", viewport={"width": width, "height": 800})
        for typed in ("roots", LONG_WORD):
            page.goto(f"/search/?q={typed}")
            assert_fits(page)
