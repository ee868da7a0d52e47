"""The end of a session: by time, in the middle of a check, and by signing out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Browser, Playwright, expect

from quizzes.models import Response
from tests.browser.conftest import Complaints, OpenPage, launch
from tests.browser.keys import Keyboard
from tests.browser.test_keyboard import type_in
from tests.modules import a_module, question
from tests.personas import PERSONAS

SECTION = "/modules/apples/growing/"
CANARY = "canary-in-the-text"


def expire() -> None:
    """Every session is over, as after its time."""
    Session.objects.all().delete()
    cache.clear()  # sessions are kept there too


def two_questions() -> None:
    a_module("Apples", {"Growing": CANARY + "\n\n" + question("que1") + question("que2")})


@pytest.mark.trust("HX-05")
@pytest.mark.parametrize("press", [None, 'button[value="check:que2"]', "button[value=check-all]"])
def test_an_expired_session_leads_to_sign_in_and_back(
    open_page: OpenPage, complaints: Complaints, press: str | None
):
    complaints.expect("401", "htmx:")
    two_questions()
    page = open_page()
    page.goto(SECTION)
    page.get_by_label("The right one of que1").check()
    expect(page.locator("#q-que1 .saved-line")).to_have_text("Saved")
    if press:
        page.get_by_label("The right one of que2").check()
        expect(page.locator("#q-que2 .saved-line")).to_have_text("Saved")

    expire()
    leads_away = page.locator(press) if press else page.get_by_label("The right one of que2")
    leads_away.click()  # `check()` would look at the choice afterwards, on a page that may be gone
    page.wait_for_url(re.compile("/accounts/login/.next="))
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.locator("form.check-form")).to_have_count(0)
    assert CANARY not in page.content()

    type_in(Keyboard(page), PERSONAS["partner"].email)
    page.wait_for_url(f"**{SECTION}")
    lost = page.get_by_text("was not saved. Please do it once more.")
    expect(lost).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_have_text("Growing")
    expect(lost).to_have_count(0)
    expect(page.get_by_label("The right one of que1")).to_be_checked()
    if press:
        expect(page.get_by_label("The right one of que2")).to_be_checked()
    assert not Response.objects.filter(checked_at__isnull=False).exists()


@pytest.mark.trust("HX-05")
def test_an_expired_session_leads_back_without_scripts_too(open_page: OpenPage):
    two_questions()
    page = open_page(java_script_enabled=False)
    page.goto(SECTION)
    page.get_by_text("The right one of que1").click()
    page.locator("#q-que1").get_by_role("button", name="Save").click()
    expect(page.get_by_label("The right one of que1")).to_be_checked()
    expire()
    page.get_by_text("The right one of que2").click()
    page.locator("#q-que2").get_by_role("button", name="Check").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.locator("input[name=login]").fill(PERSONAS["partner"].email)
    page.locator("input[name=password]").fill("plum-velvet-harbour-nine")
    page.locator("main form button").click()
    expect(page.get_by_label("The right one of que1")).to_be_checked()


@pytest.fixture(scope="module")
def remembering(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium with its back/forward cache, which Playwright otherwise turns off."""
    browser = launch(playwright, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


KEPT = """async () => JSON.stringify([
  { ...localStorage }, { ...sessionStorage }, await caches.keys(), (await indexedDB.databases()).map((d) => d.name),
])"""


@pytest.mark.trust("HX-02")
def test_after_signing_out_the_back_button_shows_nothing(open_page: OpenPage, remembering: Browser):
    two_questions()
    page = open_page(browser=remembering)
    page.goto(SECTION)
    page.get_by_label("The right one of que1").check()
    expect(page.locator("#q-que1 .saved-line")).to_have_text("Saved")
    assert CANARY not in page.evaluate(KEPT)
    page.goto("/")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")

    for _step in range(2):  # the catalogue, then the section
        page.go_back(wait_until="commit")
        expect(page.locator("h1")).to_have_text("Sign in")
        assert CANARY not in page.content()
    kept = page.evaluate(KEPT)
    assert CANARY not in kept
    assert "que1" not in kept


@pytest.mark.trust("HX-02")
def test_a_page_from_the_back_forward_cache_is_loaded_anew(open_page: OpenPage, remembering: Browser):
    """Shows that this browser does keep pages, too: without that, the test above would show nothing."""
    two_questions()
    page = open_page(browser=remembering)
    page.add_init_script("addEventListener('pageshow', (e) => e.persisted && console.info('persisted'))")
    page.goto(SECTION)
    page.evaluate("window.old = true")
    page.goto("/")
    with page.expect_console_message(lambda said: said.text == "persisted"):
        page.evaluate("history.back()")
    page.wait_for_function("!window.old")
    expect(page.get_by_text(CANARY)).to_be_visible()
