"""The question whether a page was renamed: looked at, and answered with the keyboard and without scripts."""

from __future__ import annotations

import pytest

from authoring.models import Upload
from courses.models import ModuleVersion
from tests import modules
from tests.authoring.test_renamed import fruit, learnt, uploaded
from tests.browser.conftest import OpenPage
from tests.browser.looks import TOO_WIDE, WIDTHS, assert_accessible


@pytest.fixture
def draft() -> ModuleVersion:
    learnt(modules.publish(fruit("growing", "eating")), "partner", "globex_partner")
    return uploaded(fruit("planting-in-the-garden-behind-the-house", "eating"))


@pytest.mark.parametrize("where", ["version", "upload"])
def test_it_fits_and_everybody_can_read_it(open_page: OpenPage, draft: ModuleVersion, where: str):
    page = open_page("author")
    upload = Upload.objects.get().uuid
    page.goto(
        {"version": f"/authoring/versions/{draft.pk}/", "upload": f"/authoring/uploads/{upload}/"}[where]
    )
    assert_accessible(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_it_is_answered_with_the_keyboard(open_page: OpenPage, draft: ModuleVersion, scripts: bool):
    page = open_page("author", java_script_enabled=scripts)
    page.goto(f"/authoring/versions/{draft.pk}/")
    page.get_by_label("The same page").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text(
        "Your answer is kept. The draft that follows it is Fruit v3: publish that one, not Fruit v2."
    ).wait_for()
    assert page.locator("form.renamed").count() == 0
