"""An answer that does not reach the server says so, is kept, is sent again, and counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, Route, expect

from quizzes.models import Response, Round
from tests.browser.conftest import Complaints, OpenPage
from tests.modules import a_module, question

pytestmark = pytest.mark.trust("HX-07")

CHECKS = "**/pages/*/checks/**"
SECTION = "/modules/apples/growing/"


def offline(page: Page, on: bool) -> None:
    page.context.set_offline(on)


def refused(page: Page, on: bool) -> None:
    _route(page, on, lambda route: route.abort("connectionrefused"))


def unavailable(page: Page, on: bool) -> None:
    _route(page, on, lambda route: route.fulfill(status=503, body="<p>Back soon</p>"))


def _route(page: Page, on: bool, handler: Callable[[Route], Any]) -> None:
    if on:
        page.route(CHECKS, handler)
    else:
        page.unroute(CHECKS)


CUTS = pytest.mark.parametrize("cut", [offline, refused, unavailable])
LOST = (
    "Failed to load resource",
    "htmx:sendError",
    "htmx:responseError",
    "Response Status Error Code 503",
)

# Everything that ever stood beside the question, in order.
LISTEN = """(id) => {
  const line = document.getElementById(id);
  window.told = [line.textContent];
  new MutationObserver(() => window.told.push(line.textContent)).observe(line, { childList: true, subtree: true });
}"""


@pytest.fixture
def page(open_page: OpenPage, complaints: Complaints) -> Page:
    """The section of a small module, in which requests may be lost."""
    complaints.expect(*LOST)
    a_module("Apples", {"Growing": question("que1") + question("que2")})
    page = open_page()
    page.goto(SECTION)
    return page


def answer(name: str) -> Response:
    return Response.objects.get(question__key=name)


def text_chosen(name: str) -> str:
    """The text of the choice that the database holds for a question."""
    response = answer(name)
    return next(c.html for c in response.question_version.spec.choices if c.key in response.chosen)


@CUTS
def test_a_save_that_is_lost(page: Page, cut: Callable[[Page, bool], None]):
    beside = page.locator("#q-que1 .saved-line")
    page.get_by_label("The wrong one of que1", exact=True).check()
    expect(beside).to_have_text("Saved")
    assert "The wrong one of que1" in text_chosen("que1")

    page.evaluate(LISTEN, "saved-que1")
    cut(page, True)
    right = page.get_by_label("The right one of que1")
    right.check()
    expect(beside).to_have_text("Not saved, trying again")
    expect(beside).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Not saved, trying again")
    expect(right).to_be_checked()
    # Not one more try changes what it says.
    with page.expect_request(CHECKS):
        pass
    expect(beside).to_have_text("Not saved, trying again")
    assert "Saved" not in page.evaluate("told.slice(1)")
    assert "The wrong one of que1" in text_chosen("que1")

    cut(page, False)
    expect(beside).to_have_text("Saved")
    expect(right).to_be_checked()
    assert "The right one of que1" in text_chosen("que1")
    assert Round.objects.count() == 1
    page.reload()
    expect(right).to_be_checked()


@CUTS
def test_a_check_that_is_lost(page: Page, cut: Callable[[Page, bool], None]):
    sent = listen_for_checks(page)
    right = page.get_by_label("The right one of que1")
    right.check()
    expect(page.locator("#q-que1 .saved-line")).to_have_text("Saved")

    cut(page, True)
    page.locator('button[value="check:que1"]').click()
    expect(page.locator("#q-que1 .saved-line")).to_have_text("Not checked yet, trying again")
    expect(right).to_be_checked()
    expect(page.locator(".verdict")).to_have_count(0)
    assert answer("que1").checked_at is None

    cut(page, False)
    expect(page.locator("#q-que1 .verdict")).to_contain_text("Right")
    assert_checked_once(sent)


def test_a_check_whose_answer_is_lost_counts_once(page: Page):
    """The server has checked it; the learner has not heard of it and sends it again."""
    sent = listen_for_checks(page)
    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.get_by_label("The wrong one of que1", exact=True).check()
    beside = page.locator("#q-que1 .saved-line")
    expect(beside).to_have_text("Saved")
    page.route(CHECKS, lose_the_first_answer)
    page.locator('button[value="check:que1"]').click()
    expect(beside).to_have_text("Not checked yet, trying again")
    assert lost == [200]
    checked_at = answer("que1").checked_at
    assert checked_at is not None
    expect(page.locator("#q-que1 .verdict")).to_contain_text("Not this one")
    expect(page.locator(".notice")).to_have_count(0)
    assert_checked_once(sent)
    assert answer("que1").checked_at == checked_at


def test_when_every_other_request_is_dropped_all_is_saved_in_the_end(
    open_page: OpenPage, complaints: Complaints
):
    complaints.expect(*LOST)
    names = [f"que{n}" for n in range(6)]
    a_module("Apples", {"Growing": "".join(question(name) for name in names)})
    page = open_page()
    page.goto(SECTION)
    passed = 0

    def drop(route: Route) -> None:
        nonlocal passed
        passed += 1
        route.abort("connectionreset") if passed % 2 else route.continue_()

    page.route(CHECKS, drop)
    for name in names:
        page.get_by_label(f"Another wrong one of {name}").check()
        page.get_by_label(f"The right one of {name}").check()
    expect(page.locator(".question .saved-line")).to_have_text(["Saved"] * len(names))
    assert all(f"The right one of {name}" in text_chosen(name) for name in names)
    assert Round.objects.count() == 1


def listen_for_checks(page: Page) -> list[dict[str, list[str]]]:
    """The forms of all requests to check, as they are sent from now on."""
    sent: list[dict[str, list[str]]] = []

    def note(request: Request) -> None:
        form = parse_qs(request.post_data or "")
        if form.get("act", [""])[0].startswith("check"):
            sent.append(form)

    page.on("request", note)
    return sent


def assert_checked_once(sent: list[dict[str, list[str]]]) -> None:
    """Sent at least twice, each time with the same key; checked once, by that key."""
    assert len(sent) > 1
    assert {(form["key"][0], form["seq"][0]) for form in sent} == {(sent[0]["key"][0], sent[0]["seq"][0])}
    checked = Response.objects.get(checked_at__isnull=False)
    assert str(checked.check_key) == sent[0]["key"][0]
    assert Round.objects.count() == 1
