"""Writing in the browser: Tab leaves the field, the preview follows, pictures are pasted, nothing is lost."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from authoring.models import AddedImage, Edit
from courses.models import ModuleVersion
from tests.authoring.test_editing import another_author, send, typed
from tests.authoring.test_editing import page as read
from tests.browser.conftest import PHONE, Complaints, OpenPage
from tests.browser.keys import Keyboard
from tests.browser.looks import assert_accessible, assert_fits
from tests.browser.test_keyboard import type_in
from tests.browser.test_session import expire
from tests.modules import publish, question, source
from tests.packages import png
from tests.personas import PERSONAS

EDIT = "/authoring/modules/apples/edit/"
GROWING = f"{EDIT}page/apples/growing.md"
BROKEN = ":::{question} Nobody knows\n:id: que7\n\nWhich?\n\n- [ ] One\n- [ ] Two\n\n:::\n"
PASTE = """([kind, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const given = new DataTransfer();
  given.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const field = document.getElementById("id_text");
  const more = { bubbles: true, cancelable: true };
  field.dispatchEvent(kind === "paste" ? new ClipboardEvent("paste", { clipboardData: given, ...more })
    : new DragEvent("drop", { dataTransfer: given, ...more }));
}"""


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    publish(source("Apples", {"Growing": question("que1"), "Eating": ""}))
    page = open_page("author")
    page.goto(GROWING)
    return page


def write(page: Page, old: str, new: str) -> None:
    """Replace a piece of the text, as somebody who selects it and types."""
    page.evaluate(
        """(old) => { const field = document.getElementById("id_text"), at = field.value.indexOf(old);
        field.focus(); field.setSelectionRange(at, at + old.length); }""",
        old,
    )
    page.keyboard.insert_text(new)


def test_tab_leaves_the_field_both_ways_and_types_nothing(page: Page):
    keys = Keyboard(page)
    field = page.locator("#id_text")
    before = field.input_value()
    field.focus()
    keys.press("Tab")
    expect(field).not_to_be_focused()
    field.focus()
    keys.press("Shift+Tab")
    expect(field).not_to_be_focused()
    field.focus()
    keys.press("Control+d")
    assert field.input_value() == before


def test_the_preview_follows_what_is_typed_and_says_where_the_errors_are(page: Page):
    write(page, "Some words about Growing.", "Quite *different* words.")
    expect(page.locator("#edit-shown em")).to_have_text("different")
    expect(page.locator("#edit-state")).to_contain_text("Not saved yet")
    page.locator("#edit-shown h2").first.evaluate("node => { node.same = true; }")
    write(page, "## More", BROKEN + "\n## More")
    expect(page.locator("#edit-told .problem.error")).to_be_visible()
    expect(page.locator("#edit-shown em")).to_have_text("different")
    expect(page.locator("#edit-stale")).to_contain_text("last text without errors")
    page.locator("#edit-told .problem.error a").first.click()
    line = page.evaluate(
        """() => { const field = document.getElementById("id_text");
        return [document.activeElement === field,
          field.value.split("\\n")[field.value.slice(0, field.selectionStart).split("\\n").length - 1]]; }"""
    )
    assert line[0]
    assert line[1] in BROKEN.split("\n")
    write(page, BROKEN, "")
    expect(page.locator("#edit-stale")).to_be_empty()
    assert page.locator("#edit-shown h2").first.evaluate("node => node.same")


def test_saving_by_key_keeps_the_text_and_the_place(page: Page):
    write(page, "Some words about Growing.", "Kept words.")
    page.keyboard.press("Control+s")
    expect(page.locator("#edit-state")).to_contain_text("by Arthur Author")
    assert "Kept words." in Edit.objects.get().text
    place = page.evaluate("document.getElementById('id_text').selectionStart")
    assert page.locator("#id_text").input_value()[:place].endswith("Kept words.")


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_is_pasted_and_its_words_are_selected(page: Page, kind: str):
    write(page, "Some words about Growing.", "")
    page.evaluate(PASTE, [kind, base64.b64encode(png()).decode()])
    expect(page.locator("#edit-shown img")).to_be_visible()
    expect(page.locator("#edit-note")).to_contain_text("The picture is added")
    page.keyboard.insert_text("A green square")
    expect(page.locator("#edit-shown img")).to_have_attribute("alt", "A green square")
    assert page.locator("#edit-shown img").evaluate("image => image.naturalWidth") == 8
    assert AddedImage.objects.get().path == "apples/growing/images/01.png"


def test_a_picture_is_chosen_too(page: Page):
    write(page, "Some words about Growing.", "")
    page.set_input_files("#id_image", {"name": "a.png", "mimeType": "image/png", "buffer": png()})
    page.get_by_role("button", name="Add the picture").click()
    expect(page.locator("#edit-shown img")).to_be_visible()
    assert "![Describe the picture](./growing/images/01.png)" in page.locator("#id_text").input_value()
    assert page.url.endswith(GROWING)


def test_what_is_no_picture_is_told_and_changes_nothing(page: Page, complaints: Complaints):
    complaints.expect("422")
    before = page.locator("#id_text").input_value()
    page.locator("#id_text").focus()
    page.evaluate(PASTE, ["paste", base64.b64encode(b"<svg onload='alert(1)'/>").decode()])
    expect(page.locator("#edit-note")).to_contain_text("SVG is not accepted")
    assert page.locator("#id_text").input_value() == before


@pytest.mark.trust("HX-05")
def test_a_session_that_ends_shows_no_sign_in_page_in_the_preview_and_loses_no_text(page: Page):
    write(page, "Some words about Growing.", "Precious words.")
    expect(page.locator("#edit-shown")).to_contain_text("Precious words.")
    expire()
    page.locator("#id_text").focus()
    page.keyboard.insert_text("More of them. ")
    expect(page.locator("#edit-stale")).to_contain_text("You may be signed out")
    expect(page.locator("#edit-shown")).to_contain_text("Precious words.")
    assert page.locator("input[type=password]").count() == 0
    page.locator("#edit-save").click()
    page.wait_for_url("**/accounts/login/**")
    type_in(Keyboard(page), PERSONAS["author"].email)
    expect(page.locator("#id_text")).to_have_value(re.compile("Precious words"))
    expect(page.locator("#edit-restored")).to_be_visible()
    expect(page.locator("#edit-state")).to_contain_text("Not saved yet")
    page.locator("#edit-save").click()
    expect(page.locator("#edit-state")).to_contain_text("by Arthur Author")
    assert "Precious words." in Edit.objects.get().text


def test_leaving_with_unsaved_text_asks_first(page: Page):
    write(page, "Some words about Growing.", "Unsaved words.")
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.evaluate("location.href = '/authoring/'")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith(GROWING)


def test_every_page_of_the_editor_is_accessible_and_fits(page: Page, open_page: OpenPage):
    write(page, "Some words about Growing.", BROKEN + "x" * 300)
    page.locator("#edit-save").click()
    expect(page.locator("#edit-state")).to_contain_text("by Arthur Author")
    for url in (GROWING, EDIT):
        page.goto(url)
        assert_accessible(page)
        assert_fits(page)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        assert_fits(page)


def test_two_texts_of_a_page_are_laid_side_by_side(page: Page, complaints: Complaints):
    complaints.expect("409")
    theirs = another_author()
    opened = read(theirs, GROWING)
    send(theirs, opened, typed(opened).replace("Some words about Growing.", "Ana's words."))
    write(page, "Some words about Growing.", "Arthur's words.")
    page.locator("#edit-save").click()
    expect(page.locator("h1")).to_have_text("There are two texts of this page")
    assert_accessible(page)
    assert_fits(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert_fits(page)
    page.get_by_role("button", name="Keep mine").click()
    page.wait_for_url(f"**{GROWING}")
    assert "Arthur's words." in page.locator("#id_text").input_value()
    expect(page.locator("#edit-restored")).to_be_hidden()
    page.goto(f"{EDIT}saves/apples/growing.md")
    assert_accessible(page)
    assert_fits(page)


def test_the_whole_way_by_keyboard_alone(page: Page):
    keys = Keyboard(page)
    page.goto(EDIT)
    keys.follow(f'a[href="{GROWING}"]', to=f"**{GROWING}")
    keys.tab_to("#id_text")
    keys.press("Control+End")
    keys.type("Typed by hand.")
    keys.press("Control+s")
    expect(page.locator("#edit-state")).to_contain_text("by Arthur Author")
    keys.tab_to('button[value="build"]', key="Shift+Tab")
    keys.press("Enter")
    page.wait_for_url(f"**{EDIT}")
    keys.tab_to('form[action$="/build/"] button')
    keys.press("Enter")
    page.wait_for_url("**/authoring/versions/*/")
    assert "Typed by hand." in ModuleVersion.objects.get(number=2).sections.get(title="Growing").body.html


def test_without_scripts_the_buttons_do_it_all(open_page: OpenPage):
    publish(source("Apples", {"Growing": "", "Eating": ""}))
    page = open_page("author", java_script_enabled=False)
    page.goto(GROWING)
    page.locator("#id_text").fill("# Growing\n\nPlain *words*.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#edit-shown em")).to_have_text("words")
    page.locator("#edit-save").click()
    expect(page.locator("#edit-state")).to_contain_text("by Arthur Author")
    page.get_by_role("button", name="Save, then build a draft").click()
    page.get_by_role("button", name="Build a draft").click()
    page.wait_for_url("**/authoring/versions/*/")
