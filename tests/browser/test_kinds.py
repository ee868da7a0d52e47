"""Each kind of question by keyboard alone, and seen by axe before it is answered, when it is wrong and when it is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Complaints, OpenPage
from tests.browser.keys import Keyboard
from tests.browser.looks import assert_accessible
from tests.journeys.kinds import KINDS, OPEN, POLL
from tests.modules import publish, question, source

CARD = "#q-asked"


def type_over(keyboard: Keyboard, text: str) -> None:
    keyboard.tab_to(f"{CARD} .typed")
    keyboard.press("Control+A")
    keyboard.type(text)


def fill_gaps(keyboard: Keyboard, answer: dict[str, str]) -> None:
    """Type into the lines of a text, and choose in its list."""
    keyboard.tab_to(f'{CARD} [name="answer-asked.1"]')
    keyboard.press("Control+A")
    keyboard.type(answer["answer-asked.1"])
    keyboard.pick(answer)
    keyboard.tab_to(f'{CARD} [name="answer-asked.3"]')
    keyboard.press("Control+A")
    keyboard.type(answer["answer-asked.3"])


# What hands do to give the answers of `tests.journeys.kinds`.
HANDS: dict[str, Callable[[Keyboard, dict[str, str]], None]] = {
    "text": lambda keyboard, answer: type_over(keyboard, answer["answer-asked"]),
    "number": lambda keyboard, answer: type_over(keyboard, answer["answer-asked"]),
    "match": Keyboard.pick,
    "categorize": Keyboard.pick,
    "order": Keyboard.pick,
    "blanks": fill_gaps,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [390, 1280])
def test_by_keyboard_alone(open_page: OpenPage, kind: str, width: int):
    asked = KINDS[kind]
    publish(source("Oaks", {"Leaves": asked.source + question("other")}))
    page = open_page(viewport={"width": width, "height": 800})
    page.goto("/modules/oaks/leaves/")
    keyboard = Keyboard(page)
    assert_accessible(page)
    HANDS[kind](keyboard, asked.wrong)
    expect(page.locator("#saved-asked")).to_have_text("Saved")
    page.reload()
    HANDS[kind](keyboard, asked.wrong)
    keyboard.tab_to('button[value="check:asked"]')
    keyboard.press("Enter")
    expect(page.locator("#verdict-asked")).to_be_focused()
    expect(page.locator("#verdict-asked")).to_contain_text(asked.verdict)
    assert_accessible(page)
    page.locator("#q-other input").first.check()
    page.locator("button[value='check:other']").click()
    expect(page.locator("#verdict-other")).to_be_focused()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # the new buttons are bound
    keyboard.tab_to("button[value=again]")
    keyboard.press("Enter")
    expect(page.locator(".check h2")).to_be_focused()
    HANDS[kind](keyboard, asked.right)
    keyboard.tab_to('button[value="check:asked"]')
    keyboard.press("Enter")
    expect(page.locator("#verdict-asked")).to_contain_text("Right")
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_open_by_keyboard_alone(open_page: OpenPage, width: int):
    publish(source("Oaks", {"Leaves": OPEN + POLL.replace("id: asked", "id: poll")}))
    page = open_page(viewport={"width": width, "height": 800})
    page.goto("/modules/oaks/leaves/")
    keyboard = Keyboard(page)
    assert_accessible(page)
    keyboard.tab_to(f"{CARD} textarea")
    keyboard.type("Since")
    keyboard.press("Enter")  # a line of the text, not a check
    keyboard.type("it is so.")
    expect(page.locator("#saved-asked")).to_have_text("Saved")
    page.reload()
    expect(page.locator(f"{CARD} textarea")).to_have_value("Since\nit is so.")
    keyboard.choose("poll", ["very"])
    keyboard.tab_to("button[value=check-all]")
    keyboard.press("Enter")
    expect(page.locator(".result.passed")).to_be_focused()
    assert_accessible(page)


def test_what_is_too_long_says_so_while_it_is_typed(open_page: OpenPage, complaints: Complaints):
    complaints.expect("422")
    publish(source("Oaks", {"Leaves": KINDS["text"].source + question("other")}))
    page = open_page()
    page.goto("/modules/oaks/leaves/")
    line = page.locator("#saved-asked")
    page.locator(f"{CARD} .typed").fill("é" * 600)
    expect(line).to_contain_text("at most 500 characters")
    expect(line).to_have_attribute("data-state", "refused")
    page.locator("#q-other input").first.check()
    page.locator("button[value='check:other']").click()
    expect(page.locator("#verdict-other")).to_be_visible()
    expect(page.locator(f"{CARD} .typed")).to_have_value("é" * 600)
    expect(page.locator("#error-asked")).to_contain_text("at most 500 characters")
    page.locator(f"{CARD} .typed").fill("internal plan")
    expect(line).to_have_text("Saved")
    expect(page.locator("#error-asked")).to_have_count(0)
