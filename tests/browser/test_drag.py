"""Dragging on top of the lists: with a mouse, with a finger, called off; what is dropped is saved as if chosen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import assert_accessible
from tests.journeys.kinds import KINDS
from tests.modules import publish, question, source

CARD = "#q-asked"


def opened(open_page: OpenPage, kind: str, **options) -> Page:
    publish(source("Oaks", {"Leaves": KINDS[kind].source + question("other")}))
    page = open_page(**options)
    page.goto("/modules/oaks/leaves/")
    page.locator(CARD).scroll_into_view_if_needed()
    return page


def middle(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, held: Locator, to: Locator, *, below: float = 0, drop: bool = True) -> None:
    held.scroll_into_view_if_needed()
    page.mouse.move(*middle(held))
    page.mouse.down()
    x, y = middle(to)
    page.mouse.move(x, y + below, steps=8)
    if drop:
        page.mouse.up()


def swipe(page: Page, held: Locator, to: Locator) -> None:
    """The same with a finger."""
    touch = page.context.new_cdp_session(page)
    (x, y), (end_x, end_y) = middle(held), middle(to)
    steps = [(x + (end_x - x) * n / 8, y + (end_y - y) * n / 8) for n in range(9)]
    for number, (left, top) in enumerate(steps):
        kind = "touchMove" if number else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": left, "y": top}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def row(page: Page, name: str) -> Locator:
    return page.locator(f'{CARD} .place:has(select[name="{name}"])')


def chosen(page: Page) -> dict[str, str]:
    lists = page.locator(f"{CARD} select")
    found: dict[str, str] = lists.evaluate_all("all => Object.fromEntries(all.map(l => [l.name, l.value]))")
    return found


def test_steps_into_their_order(open_page: OpenPage):
    right = KINDS["order"].right
    page = opened(open_page, "order")
    assert_accessible(page)
    for name in sorted(right, key=lambda step: int(right[step])):
        last = page.locator(f"{CARD} .place").last
        held = row(page, name)
        if held.evaluate("row => row.nextElementSibling !== null"):
            drag(page, held.locator(".grip"), last, below=20)
    expect(page.locator("#saved-asked")).to_have_text("Saved")
    assert chosen(page) == right
    page.reload()
    names = page.locator(f"{CARD} select").evaluate_all("all => all.map(list => list.name)")
    assert names == sorted(right, key=lambda step: int(right[step]))
    page.locator('button[value="check:asked"]').click()
    expect(page.locator("#verdict-asked")).to_contain_text("Right")


@pytest.mark.parametrize("kind", ["match", "categorize"])
def test_answers_to_their_places(open_page: OpenPage, kind: str):
    right = KINDS[kind].right
    page = opened(open_page, kind)
    assert_accessible(page)
    for name, value in right.items():
        words = row(page, name).locator(f'option[value="{value}"]').text_content()
        drag(page, page.locator(f"{CARD} .chip").get_by_text(str(words), exact=True), row(page, name))
    assert chosen(page) == right
    expect(page.locator("#saved-asked")).to_have_text("Saved")
    page.reload()
    assert chosen(page) == right
    assert_accessible(page)


@pytest.mark.parametrize("kind", ["order", "match"])
def test_with_a_finger(open_page: OpenPage, kind: str):
    page = opened(open_page, kind, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    rows = page.locator(f"{CARD} .place")
    held = page.locator(f"{CARD} .chip" if kind == "match" else f"{CARD} .grip").first
    held.evaluate("held => held.scrollIntoView({block: 'center'})")
    swipe(page, held, rows.nth(1))
    expect(page.locator("#saved-asked")).to_have_text("Saved")
    given = rows.nth(1).locator("select").input_value()
    assert given == ("2" if kind == "order" else held_value(page))


def held_value(page: Page) -> str:
    """What the first of the answers to drag stands for in the lists."""
    value: str = page.locator(f"{CARD} select").first.evaluate("list => list.options[1].value")
    return value


@pytest.mark.parametrize("kind", ["order", "match"])
def test_escape_calls_it_off(open_page: OpenPage, kind: str):
    page = opened(open_page, kind)
    held = page.locator(f"{CARD} .chip" if kind == "match" else f"{CARD} .grip").first
    before = page.locator(f"{CARD} select").evaluate_all("all => all.map(list => list.name)")
    drag(page, held, page.locator(f"{CARD} .place").last, below=20, drop=False)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert not any(chosen(page).values())
    assert page.locator(f"{CARD} select").evaluate_all("all => all.map(list => list.name)") == before
    expect(page.locator(".held, .ghost, .over")).to_have_count(0)
