"""What directives draw, on the live site: cards, tabs, code, tables and videos, by mouse, by keys and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints, OpenPage
from tests.browser.keys import Keyboard
from tests.browser.looks import assert_accessible, assert_fits
from tests.modules import publish, question, source
from tests.packages import png

WHERE = "/modules/waste/sorting/"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
FILM = "```{youtube} dQw4w9WgXcQ\n:title: How glass is made\n```\n"
SORTING = """
:::::{grid} 1 2 2 3
::::{grid-item-card} Paper and card
:link: https://example.org/paper

What goes into the blue bin, and what does not.
+++
Five minutes
::::
::::{grid-item-card} Glass
Not collected yet.
::::
::::{grid-item-card} Peel
:link: '#at-the-sink'
:link-type: url

Into the green one.
::::
:::::

::::{tab-set}
:::{tab-item} At home
:sync: home

Rinse the glass.
:::
:::{tab-item} At work
:sync: work

Leave the glass by the sink.
:::
:::{tab-item} On the way
Take it home.
:::
::::

## At the sink

::::{tab-set}
:::{tab-item} Home
:sync: home

A home of one's own.
:::
:::{tab-item} Work
:sync: work

```{code-block} python
:linenos:
:emphasize-lines: 2
:caption: What we collect

for what in ("paper", "glass"):
    print(what, "a line of code that is far longer than a phone is wide, or a column of text for that matter")
```
:::
::::

```{csv-table} When we collect
:header: What, Day, Where, By whom, Until when, In what

Paper, Monday, In the yard, By the town, Noon, The blue bin
Glass, *Tuesday*, In the street, By nobody, Evening, A crate
```

:::{dropdown} Why rinse it?
What is left in it attracts wasps.
:::

Press {kbd}`Ctrl+S`, choose {menuselection}`File --> Save`. {bdg-success}`new` {bdg-danger-line}`gone`

"""
IN_A_CHECK = question("que1").replace(
    "Which one is right?",
    "::::{tab-set}\n:::{tab-item} One\nThe first text.\n:::\n:::{tab-item} Two\nThe second text.\n:::\n::::\n\nWhich?",
)


@pytest.fixture
def waste(settings: Any) -> None:
    settings.COURSEMARK_VIDEO_HOSTS = ["www.youtube-nocookie.com"]
    publish(source("Waste", {"Sorting": SORTING + FILM, "Asking": IN_A_CHECK}))


def tabs(page: Page) -> Any:
    return page.get_by_role("tab")


@pytest.mark.usefixtures("waste")
def test_it_is_accessible_and_fits(open_page: OpenPage):
    page = open_page()
    page.goto(WHERE)
    assert_accessible(page)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)


@pytest.mark.usefixtures("waste")
def test_tabs_by_keys(open_page: OpenPage):
    page = open_page()
    page.goto(WHERE)
    keyboard = Keyboard(page)
    expect(page.get_by_text("Rinse the glass.")).to_be_visible()
    expect(page.get_by_text("Leave the glass by the sink.")).to_be_hidden()
    keyboard.tab_to("[role=tab]")
    for key, chosen in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowRight", 0),
        ("ArrowLeft", 2),
        ("Home", 0),
        ("End", 2),
        ("ArrowLeft", 1),
    ):
        keyboard.press(key)
        expect(tabs(page).nth(chosen)).to_be_focused()
        expect(tabs(page).nth(chosen)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("Leave the glass by the sink.")).to_be_visible()
    expect(page.get_by_text("What we collect")).to_be_visible()  # the other set follows
    keyboard.press("Tab")
    expect(page.get_by_role("tabpanel", name="At work")).to_be_focused()


@pytest.mark.usefixtures("waste")
def test_without_scripts_every_panel_is_read_below_its_title_and_a_video_is_a_link(open_page: OpenPage):
    page = open_page(java_script_enabled=False)
    page.goto(WHERE)
    assert tabs(page).count() == 0
    for words in (
        "At home",
        "Rinse the glass.",
        "At work",
        "Leave the glass by the sink.",
        "A home of one's own.",
    ):
        expect(page.get_by_text(words.replace("'", "’"), exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="How glass is made")).to_have_attribute("target", "_blank")


@pytest.mark.usefixtures("waste")
def test_a_video_is_played_on_the_page(open_page: OpenPage, complaints: Complaints):
    complaints.expect(f"request to another origin: {PLAYER}")  # which is answered here
    page = open_page()
    page.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="<title>It</title>"))
    page.goto(WHERE)
    assert page.locator("iframe").count() == 0
    keyboard = Keyboard(page)
    keyboard.tab_to(".video-button")
    keyboard.press("Enter")
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("src", PLAYER)
    expect(frame).to_have_attribute("title", "How glass is made")
    expect(frame).to_be_focused()
    expect(page.get_by_role("link", name="How glass is made")).to_be_visible()


@pytest.mark.usefixtures("waste")
def test_tabs_in_a_check_stay_tabs_when_it_is_answered(open_page: OpenPage):
    page = open_page()
    page.goto("/modules/waste/asking/")
    tabs(page).nth(1).click()
    expect(page.get_by_text("The second text.")).to_be_visible()
    expect(page.get_by_text("The first text.")).to_be_hidden()
    page.get_by_text("The right one of que1").click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".verdict")).to_contain_text("Right")
    expect(tabs(page)).to_have_count(2)


def test_a_picture_in_a_sentence_stays_in_its_line(open_page: OpenPage):
    text = "Click ![Edit](./x.png) to edit.\n\n![Edit](./x.png)\n\nThe end.\n"
    publish(source("Apples", {"Open": text}) | {"apples/x.png": png()})
    page = open_page("partner")
    page.goto("/modules/apples/open/")
    sentence, alone, end = (page.locator(f".prose p:nth-of-type({n})").bounding_box() for n in (1, 2, 3))
    assert sentence
    assert alone
    assert end
    assert sentence["height"] == end["height"], "one line, as any other"
    assert alone["y"] >= sentence["y"] + sentence["height"]
    assert page.locator(".prose img").first.get_attribute("width") == "8"
