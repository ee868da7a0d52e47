"""What a page looks like on a phone, zoomed in, in the chosen theme, without scripts and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from quizzes.models import Response
from tests.browser import scene
from tests.browser.conftest import PHONE, Complaints, OpenPage
from tests.browser.keys import Keyboard
from tests.browser.looks import assert_fits
from tests.modules import a_module, question

WIDTHS = (320, 390, 640)  # a small phone, a phone, and 1280 at 200 %


@pytest.mark.parametrize("who", ["anonymous", "partner", "manager", "author"])
def test_no_page_scrolls_from_side_to_side(open_page: OpenPage, complaints: Complaints, who: str):
    complaints.expect(scene.MISSING)
    scene.set_up()
    page = open_page(who)
    for address in scene.places(who):
        scene.visit(page, address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 640})
            assert_fits(page)


def test_a_long_name_makes_no_page_wider_than_the_screen(open_page: OpenPage):
    name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    live = a_module(name, {f"{name} eins": question("que1"), "Two": "Read."})
    places = {
        "partner": [
            "/",
            f"/modules/{live.module.slug}/",
            f"/modules/{live.module.slug}/{name.lower()}-eins/",
        ],
        "author": [f"/authoring/versions/{live.pk}/", f"/authoring/modules/{live.module.slug}/withdraw/"],
    }
    for who, addresses in places.items():
        page = open_page(who)
        for address in addresses:
            scene.visit(page, address)
            assert page.locator("main", has_text=name).count()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 640})
                assert_fits(page)


def test_on_a_phone_the_contents_fold_and_open_by_key(open_page: OpenPage):
    scene.set_up()
    page = open_page(viewport=PHONE)
    page.goto("/modules/pears/reading/")
    entry = page.locator(".toc a", has_text="Answering")
    expect(entry).to_be_hidden()
    keyboard = Keyboard(page)
    keyboard.tab_to(".toc summary")
    keyboard.press("Enter")
    expect(entry).to_be_visible()
    keyboard.follow('.toc a[href="/modules/pears/answering/"]', to="**/modules/pears/answering/")
    expect(entry).to_be_hidden()

    page.set_viewport_size({"width": 1280, "height": 800})
    expect(entry).to_be_visible()


def test_the_theme_is_chosen_once(open_page: OpenPage):
    page = open_page(color_scheme="light")
    html = page.locator("html")
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("button", name="Use the dark theme").click()
    expect(html).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark != light

    answer = page.goto("/")
    assert answer is not None
    assert 'data-theme="dark"' in answer.text()  # drawn so by the server: no flash of the other one
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark
    page.get_by_role("button", name="Use the light theme").click()
    page.goto("/")
    expect(html).not_to_have_attribute("data-theme", re.compile("."))
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == light


def test_everything_works_without_scripts(open_page: OpenPage):
    a_module("Apples", {"Growing": question("que1") + question("que2")})
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Start").click()
    first = page.locator("#q-que1")
    first.get_by_text("The right one of que1").click()
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_label("The right one of que1")).to_be_checked()
    assert Response.objects.filter(saved_at__isnull=False, checked_at=None).count() == 1

    first.get_by_role("button", name="Check").click()
    expect(first.locator(".verdict")).to_contain_text("Right")
    second = page.locator("#q-que2")
    second.get_by_text("The wrong one of que2").click()
    second.get_by_role("button", name="Check").click()
    expect(second.locator(".verdict")).to_contain_text("Not this one")
    page.get_by_role("button", name="Try the missed question again").click()
    second.get_by_text("The right one of que2").click()
    second.get_by_role("button", name="Check").click()
    page.get_by_role("link", name="See your result").click()
    page.wait_for_url("**/completed/apples/")


def test_a_certificate_is_one_sheet_of_paper(open_page: OpenPage):
    scene.set_up()
    page = open_page()
    page.goto(f"/certificates/{scene.certificate().serial}/")
    for paper in ("A4", "Letter"):
        printed = page.pdf(format=paper, prefer_css_page_size=False)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, paper
    page.emulate_media(media="print")
    expect(page.locator(".head")).to_be_hidden()
    expect(page.get_by_role("heading", name=scene.LONG_NAME)).to_be_visible()


def test_a_section_is_printed_without_its_furniture(open_page: OpenPage):
    scene.set_up()
    page = open_page()
    page.goto("/modules/pears/reading/")
    page.emulate_media(media="print")
    for furniture in (".head", ".toc", ".reader-here", ".pager"):
        expect(page.locator(furniture)).to_be_hidden()
    expect(page.get_by_role("heading", name="Reading", exact=True)).to_be_visible()


def test_the_admin_keeps_the_policy_of_the_site(open_page: OpenPage):
    """Django's own pages, with their scripts and styles, under the same Content-Security-Policy."""
    scene.set_up()
    page = open_page("superuser")
    page.goto("/admin/")
    found = page.locator("#content a").evaluate_all("links => links.map((link) => link.pathname)")
    lists = [path for path in dict.fromkeys(found) if path.startswith("/admin/")]
    assert lists
    for address in lists:
        scene.visit(page, address)
