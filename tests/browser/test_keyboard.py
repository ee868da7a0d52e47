"""The site's own first module, from sign-in to certificate, without a mouse; axe looks at every page passed."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from learning.models import Certificate, Completion
from quizzes.models import QuestionVersion, Round
from quizzes.spec import Question
from tests.browser.conftest import Complaints, OpenPage
from tests.browser.keys import Keyboard
from tests.browser.looks import assert_accessible
from tests.factories import PASSWORD
from tests.modules import a_module, multiple, question
from tests.personas import PERSONAS, persona

MODULE = "/modules/the-ideal-customer-profile"
SECTIONS = ("where-liferay-shines", "target-industries", "target-solutions", "strengths-and-red-flags")


def test_the_whole_module_by_keyboard_alone(open_page: OpenPage, real_content: None):
    persona("partner")
    page = open_page("anonymous")
    keyboard = Keyboard(page)
    page.goto("/")
    assert_accessible(page)
    type_in(keyboard, PERSONAS["partner"].email)
    page.wait_for_url("/")
    assert_accessible(page)

    keyboard.follow("main a.primary", to=f"**{MODULE}/{SECTIONS[0]}/")
    for here, after in zip(SECTIONS, (*SECTIONS[1:], None), strict=True):
        take_section(keyboard, here, enter_checks=here == SECTIONS[1])
        keyboard.follow(".result a.primary", to=f"**{MODULE}/{after}/" if after else "**/completed/*/")

    assert_accessible(page)
    assert Completion.objects.get().score == 1
    assert list(Round.objects.values_list("number", "passed")) == [(1, True)] * len(SECTIONS)
    keyboard.follow("main a.primary", to="**/certificates/*/")
    expect(page.locator("main")).to_contain_text(Certificate.objects.get().serial)
    assert_accessible(page)


def type_in(keyboard: Keyboard, email: str) -> None:
    """Sign in on the sign-in page."""
    keyboard.tab_to("input[name=login]")
    keyboard.type(email)
    keyboard.tab_to("input[name=password]")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")


def take_section(keyboard: Keyboard, slug: str, *, enter_checks: bool) -> None:
    """Answer all of a section's questions rightly, each checked by itself; look at it before and after."""
    page = keyboard.page
    expect(page.locator(".toc [aria-current=page]")).to_have_attribute("href", f"{MODULE}/{slug}/")
    assert_accessible(page)
    keyboard.tab_to("a.skip")
    keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    places = right_places(page)
    for asked, rights in right_answers(page).items():
        if asked in places:
            keyboard.pick(places[asked])
        else:
            keyboard.choose(asked, rights)
        if asked in places or not enter_checks:  # Enter in a choice checks its question too
            keyboard.tab_to(f'button[value="check:{asked}"]')
        keyboard.press("Enter")
        expect(page.locator(f"#q-{asked} .verdict")).to_contain_text("Right")
        expect(page.locator(f"#verdict-{asked}")).to_be_focused()
    expect(page.locator(".result")).to_have_class(re.compile("passed"))
    expect(page.locator(".toc [aria-current=page]")).to_have_class(re.compile("done"))
    assert_accessible(page)


def right_answers(page: Page) -> dict[str, list[str]]:
    """The keys of the right choices of each question on the page, in the page's order; the database knows."""
    return {spec.key: [choice.key for choice in spec.choices if choice.right] for spec in asked_on(page)}


def right_places(page: Page) -> dict[str, dict[str, str]]:
    """Of each question with lists to choose from, what is right in which list."""
    return {
        spec.key: {f"answer-{spec.key}.{slot.key}": slot.right for slot in spec.slots}
        for spec in asked_on(page)
        if spec.slots
    }


def asked_on(page: Page) -> list[Question]:
    """The questions on the page as they were written, in the page's order."""
    action = page.locator("form.check-form").get_attribute("action")
    assert action is not None
    uuid = UUID(action.split("/")[2])
    specs = {v.spec.key: v.spec for v in QuestionVersion.objects.filter(question__page=uuid)}
    asked = page.locator("fieldset[data-question]").evaluate_all("all => all.map(f => f.dataset.question)")
    return [specs[key] for key in asked]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_back_after_a_wrong_answer(open_page: OpenPage, complaints: Complaints, width: int):
    """Blanks are named and asked for once; then only what was missed is asked again."""
    complaints.expect("422")
    a_module("Apples", {"Growing": question("que1") + multiple("que2") + question("que3")})
    page = open_page(viewport={"width": width, "height": 800})
    keyboard = Keyboard(page)
    page.goto("/modules/apples/growing/")

    keyboard.tab_to('button[value="check:que1"]')
    keyboard.press("Enter")
    expect(page.locator("#q-que1 .question-error")).to_have_text("Choose an answer first.")
    expect(page.locator("#q-que1 input").first).to_be_focused()
    assert_accessible(page)
    keyboard.choose("que1", right_answers(page)["que1"], focused=True)
    expect(page.locator("#q-que1 .saved-line")).to_have_text("Saved")
    keyboard.tab_to("button[value=check-all]")
    keyboard.press("Enter")
    expect(page.locator(".ask")).to_be_focused()
    expect(page.locator(".ask")).to_contain_text("2 questions have no answer yet")
    assert_accessible(page)

    keyboard.tab_to("button[value=check-anyway]")
    keyboard.press("Enter")
    expect(page.locator(".result.missed")).to_be_focused()
    expect(page.locator(".result.missed")).to_contain_text("1 of 3 right")
    assert_accessible(page)
    keyboard.tab_to("button[value=again]")
    keyboard.press("Enter")
    expect(page.locator(".check h2")).to_be_focused()
    expect(page.locator("fieldset[data-question]")).to_have_count(2)
    assert_accessible(page)

    keyboard.tab_to("details.kept summary")
    keyboard.press("Enter")
    expect(page.locator("#q-que1 .explanation")).to_be_visible()
    for name, rights in right_answers(page).items():
        keyboard.choose(name, rights)
        keyboard.press("Enter")
        expect(page.locator(f"#verdict-{name}")).to_contain_text("Right")
    expect(page.locator(".result.passed")).to_be_visible()
    assert list(Round.objects.values_list("number", "passed")) == [(1, False), (2, True)]
