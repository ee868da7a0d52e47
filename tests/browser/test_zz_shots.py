import os
from tests.browser import scene
from tests.browser.conftest import *
from tests.browser.looks import assert_fits
from tests.browsing import Hand
def test_shots(open_page, complaints, real_content):
    complaints.expect("404", "422")
    scene.set_up()
    out = "/tmp/bt/shots"; os.makedirs(out, exist_ok=True)
    n = 0
    for who in ("anonymous", "partner", "manager", "author"):
        page = open_page(who)
        addresses = scene.places(who)
        if who == "partner":
            addresses += ["/modules/the-ideal-customer-profile/", "/modules/the-ideal-customer-profile/target-industries/"]
        for a in addresses:
            page.goto(a)
            name = who + a.replace("/", "_").replace("?", "_")[:60]
            for w, scheme in ((1280, "light"), (390, "dark"), (390, "light"), (1280, "dark")):
                page.set_viewport_size({"width": w, "height": 900}); page.emulate_media(color_scheme=scheme)
                page.screenshot(path=f"{out}/{name}-{w}-{scheme}.png", full_page=w == 1280 and "target" not in a)
    page = open_page("partner")
    page.goto("/modules/the-ideal-customer-profile/target-industries/#check-industries-check")
    page.wait_for_timeout(300)
    page.screenshot(path=f"{out}/zcheck-1280.png")
    page.get_by_label("A regional supplier").check()
    page.get_by_label("A group of seaside").check()
    page.wait_for_timeout(500)
    page.locator("#q-first-calls button[value^=check]").click(); page.wait_for_timeout(600)
    page.screenshot(path=f"{out}/zcheck-wrong-1280.png")
    page.set_viewport_size({"width": 390, "height": 900}); page.emulate_media(color_scheme="dark")
    page.locator("#q-first-calls").scroll_into_view_if_needed(); page.wait_for_timeout(200)
    page.screenshot(path=f"{out}/zcheck-wrong-390-dark.png")
    page.locator("#q-first-calls").screenshot(path=f"{out}/zcheck-card-390-dark.png")
    page.context.set_offline(True)
    page.locator("#q-quote-is-commerce input").first.check(); page.wait_for_timeout(500)
    page.locator("#q-quote-is-commerce").screenshot(path=f"{out}/zunsaved-390-dark.png")
    page.context.set_offline(False)
    page.goto(scene.places("partner")[5]); page.pdf(path=f"{out}/cert.pdf", format="A4")
    complaints.expect("")
