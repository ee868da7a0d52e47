"""Limited tries and limited time in the browser: begun, counted down, handed in, asked for, given."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from quizzes.models import Round
from tests.authoring.test_unforeseen import TEXT
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.keys import Keyboard
from tests.browser.looks import assert_accessible, assert_fits
from tests.browsing import Hand
from tests.journeys.test_tries import PAGE, answer, start, with_check
from tests.modules import question
from tests.personas import client_of

# Each time the live region says something, it is noted.
NOTE = """
  window.announced = [];
  new MutationObserver(() => {
    const said = document.getElementById("announcer")?.textContent;
    if (said && window.announced.at(-1) !== said) window.announced.push(said);
  }).observe(document, { childList: true, subtree: true });
"""
HINTS = ":hint: First of all\n:hint2: And then\n:hint3: At last\n"


def ends_in(seconds: float) -> None:
    """The round that is open has this much time left."""
    end = timezone.now() + timedelta(seconds=seconds)
    Round.objects.filter(finished_at=None).update(opened_at=end - timedelta(minutes=1), deadline=end)


def looks_right(page: Page) -> None:
    """axe finds nothing and nothing is cut off."""
    assert_accessible(page)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_an_exam_by_keyboard_ends_with_its_time_and_another_try_is_asked_for_and_given(
    open_page: OpenPage, width: int
):
    with_check(":attempts: 1", ":time: 1m", ":kind: exam", ":exhausted: stay")
    page = open_page(viewport={"width": width, "height": 800})
    page.goto(PAGE)
    looks_right(page)
    page.set_viewport_size({"width": width, "height": 800})
    keyboard = Keyboard(page)
    keyboard.tab_to("button[value=start]")
    keyboard.press("Enter")
    expect(page.locator("[data-left-words]")).to_have_text(re.compile(r"^(1:00|0:5\d)$"))
    page.locator("#q-que2").scroll_into_view_if_needed()
    expect(page.locator(".check-clock")).to_be_in_viewport()
    keyboard.tab_to("#q-que1 input")
    keyboard.press("Space")
    expect(page.locator("#saved-que1")).to_have_text("Saved")
    looks_right(page)
    ends_in(11)
    page.reload()
    expect(page.locator(".check-clock.soon")).to_be_visible()
    looks_right(page)
    expect(page.locator(".result")).to_contain_text("Your tries are used up", timeout=20_000)
    expect(page.locator("#q-que1 .chosen")).to_have_count(1)
    looks_right(page)
    page.set_viewport_size({"width": width, "height": 800})
    keyboard.tab_to("button[value=ask]")
    keyboard.press("Enter")
    expect(page.locator(".result")).to_contain_text("You asked for another one")
    looks_right(page)
    given_by(open_page("manager", viewport={"width": width, "height": 800}))
    page.reload()
    expect(page.locator(".result")).to_contain_text("Mia Manager gave you another try: “Ill that day”")
    looks_right(page)


def given_by(boss: Page) -> None:
    """A manager finds what is asked for, and gives it, by keyboard."""
    boss.goto("/team/")
    looks_right(boss)
    keyboard = Keyboard(boss)
    keyboard.follow(".notice a", to="**/team/people/*/")
    looks_right(boss)
    keyboard.tab_to("input[name=why]")
    keyboard.type("Ill that day")
    keyboard.press("Enter")
    expect(boss.locator(".notice.success")).to_contain_text("can try once more")


def test_little_time_is_told_once_however_often_the_check_is_drawn(open_page: OpenPage):
    with_check(":time: 1m")
    page = open_page()
    page.goto(PAGE)
    page.locator("button[value=start]").click()
    expect(page.locator("fieldset.answers")).to_have_count(2)
    ends_in(12)
    page.add_init_script(NOTE)
    page.goto(PAGE)
    expect(page.locator(".check-clock.soon")).to_be_visible()
    page.locator("#q-que1 label", has_text="The right one").locator("input").check()
    page.locator("button[value='check:que1']").click()
    expect(page.locator("#verdict-que1")).to_be_visible()
    expect(page.locator(".check-clock.soon .check-left")).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-left-words]').textContent === '0:03'")
    assert page.evaluate("window.announced.filter((said) => said.startsWith('Time left')).length") == 1
    expect(page.locator(".result")).to_be_visible(timeout=15_000)


def test_what_is_typed_last_is_saved_before_the_end(open_page: OpenPage):
    with_check(":time: 1m", ":kind: exam", body=TEXT)
    page = open_page()
    page.goto(PAGE)
    page.locator("button[value=start]").click()
    expect(page.locator("#q-short-name")).to_be_visible()
    ends_in(8)
    page.reload()
    page.locator("#q-short-name .typed").fill("Ideal Customer Profile")
    expect(page.locator(".result")).to_contain_text("1 of 1 right", timeout=15_000)


def test_without_scripts_a_sitting_begins_and_says_when_it_ends(open_page: OpenPage, complaints: Complaints):
    complaints.expect("409")  # what comes too late
    with_check(":attempts: 1", ":time: 1m", ":kind: exam", ":exhausted: stay")
    page = open_page(java_script_enabled=False)
    page.goto(PAGE)
    page.locator("button[value=start]").click()
    expect(page.locator(".check-clock")).to_contain_text("Ends at")
    expect(page.locator(".check-left")).to_be_hidden()
    ends_in(-1)
    page.locator("button[value=check-all]").click()
    expect(page.locator(".notice.warning")).to_contain_text("The time was up")
    page.goto(PAGE)
    page.locator("button[value=ask]").click()
    expect(page.locator(".result")).to_contain_text("You asked for another one")


def test_authors_find_who_asks_and_give_more_time(open_page: OpenPage):
    with_check(":attempts: 1", ":kind: exam", ":exhausted: stay")
    learner = Hand(client_of("partner"))
    start(learner)
    answer(learner, "check-all", que1=True, que2=False)
    learner.press(learner.get(PAGE), "ask")
    page = open_page("author")
    page.goto("/authoring/people/")
    looks_right(page)
    keyboard = Keyboard(page)
    keyboard.follow("main li a", to="**/authoring/people/*/")
    looks_right(page)
    page.locator("select[name=factor]").select_option("1.5")
    page.locator("form", has=page.locator("select")).locator("input[name=why]").fill("Dyslexia")
    page.get_by_role("button", name="Change the time").click()
    expect(page.locator(".notice.success")).to_contain_text("is changed")
    expect(page.locator("select[name=factor]")).to_have_value("1.5")


def test_hints_open_inside_one_another_by_keyboard(open_page: OpenPage):
    with_check(body=question("que1").replace(":id: que1\n", f":id: que1\n{HINTS}"))
    page = open_page()
    page.goto(PAGE)
    keyboard = Keyboard(page)
    for text in ("First of all", "And then", "At last"):
        expect(page.get_by_text(text)).to_be_hidden()
        keyboard.tab_to("details.hint:not([open]) > summary")
        keyboard.press("Enter")
        expect(page.get_by_text(text)).to_be_visible()
    looks_right(page)
