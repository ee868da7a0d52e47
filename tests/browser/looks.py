"""How a page is looked at: by axe in every look, and for what does not fit."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parents[2] / "vendor/axe-core/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")

RUN = """async (tags) => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], preload: false,
  });
  return found.violations.map((v) => ({
    id: v.id, help: v.help, nodes: v.nodes.map((n) => `${n.target.join(" ")}: ${n.failureSummary}`),
  }));
}"""

# What reaches beyond the right edge and is not inside something that scrolls or clips by itself.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  const holds = (e) => e && e !== document.body && e !== document.documentElement &&
    (getComputedStyle(e).overflowX !== "visible" || holds(e.parentElement));
  const found = document.documentElement.scrollWidth > edge
    ? [`the page is ${document.documentElement.scrollWidth} wide in ${edge}`] : [];
  for (const e of document.body.querySelectorAll("*")) {
    const box = e.getBoundingClientRect();
    if (box.width && box.height && box.right > edge + 1 && !holds(e.parentElement) && e.checkVisibility())
      found.push(`${e.tagName.toLowerCase()}.${e.className} ends at ${Math.round(box.right)} of ${edge}`);
  }
  return found;
}"""


def assert_accessible(page: Page) -> None:
    """axe finds nothing wrong with the page, light and dark, on a phone and on a wide screen."""
    before = page.viewport_size
    assert before is not None
    found = []
    for width, scheme in product(WIDTHS, SCHEMES):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{width} px, {scheme}: {told}" for told in violations(page)]
    page.set_viewport_size(before)
    page.emulate_media(color_scheme="light")
    assert not found, f"{page.url}\n" + "\n".join(found)


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is shown now, one line each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN, TAGS)
    return [f"{v['id']} ({v['help']}): {' | '.join(v['nodes'])}" for v in found]


def assert_fits(page: Page) -> None:
    """The page needs no scrolling from side to side."""
    assert page.evaluate(TOO_WIDE) == [], page.url
