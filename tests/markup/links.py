"""A resolver for tests: all is there but what is called `missing`, and what was asked is kept."""

from __future__ import annotations

from markup.links import Served
from markup.places import Place


class Links:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int]] = []

    def link(self, href: str, *, at: Place) -> str | None:
        self.asked.append(("link", href, at.line))
        if href.startswith("#"):
            return f"#u-{href[1:]}"
        return None if "missing" in href else f"/pages/{href.removeprefix('./')}"

    def image(self, src: str, *, at: Place) -> Served | None:
        self.asked.append(("image", src, at.line))
        if "missing" in src:
            return None
        size = (400, 300) if "sized" in src else ()
        return Served(f"/media/{src.removeprefix('./')}", *size)

    def label(self, name: str) -> tuple[str, str] | None:
        return None if "missing" in name else (f"./labels.md#{name}", f"Title of {name}")

    def title(self, href: str) -> str:
        return "" if "missing" in href or not href.endswith(".md") else f"Title of {href}"
