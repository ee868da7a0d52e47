"""A made-up course tree that mimics a real one: `python -m bench.tree FOLDER --pages 800`.

A course of levels, levels of modules, modules of sections, in the dialect of docs/content-format.md. The
same number of pages and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from bench.pieces import Pieces, png

ROOT = "selling-liferay.md"
SNIPPET = "_snippets/before-you-begin.md"
_ABOUT = "Commerce Portals Objects Search Security Content Workflow Analytics Forms Sites Accounts Upgrades"
_WAYS = "Introduction Planning Configuration Scenarios Permissions Integration Reporting Examples Checklist"
_TOPICS, _ASPECTS = _ABOUT.split(), _WAYS.split()
_MODULES_A_LEVEL = 8
_SECTIONS = (4, 10)  # of a module, at least and at most
_MEDIAN_SIZE, _SPREAD, _LARGEST = 4_300, 0.65, 40_000  # bytes of a page, lognormal
_PICTURES = 1.5  # of a page, on average


@dataclass(slots=True)
class Page:
    """A page before it is written: what others must know of it to link to it."""

    path: str
    title: str
    size: int
    headings: tuple[str, ...]
    children: list[Page] = field(default_factory=list)
    for_employees: bool = False

    def within(self) -> Iterator[Page]:
        """This page and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.within()


def write(folder: Path, *, pages: int = 800, seed: int = 3) -> Page:
    """Write a tree of so many pages and return its root."""
    chance = Random(seed)
    root = _plan(chance, pages)
    everyone = [page for page in root.within() if not page.for_employees]
    _put(folder, SNIPPET, b"Sign in as an administrator *before* you begin. Some steps need the role.\n")
    order = list(root.within())
    for place, page in enumerate(order):
        after = order[place + 1] if place + 1 < len(order) else root
        text = _text(page, after, everyone, chance, folder)
        _put(folder, page.path, text.encode())
    return root


def _plan(chance: Random, pages: int) -> Page:
    root = _page(chance, ROOT, "Selling Liferay")
    left, level = pages - 1, root
    while left > 0:
        if level is root or len(level.children) == _MODULES_A_LEVEL:
            level = _child(chance, root, f"Level {len(root.children)}")
            left -= 1
        module = _child(chance, level, f"{chance.choice(_TOPICS)} {chance.choice(_ASPECTS)}")
        sections = min(left - 1, chance.randint(*_SECTIONS))
        for _ in range(sections):
            section = _child(chance, module, f"{chance.choice(_ASPECTS)} for {chance.choice(_TOPICS)}")
            section.for_employees = chance.random() < 0.05
        left -= 1 + max(0, sections)
    return root


def _page(chance: Random, path: str, title: str) -> Page:
    size = min(_LARGEST, round(chance.lognormvariate(0, _SPREAD) * _MEDIAN_SIZE))
    headings = tuple(chance.sample(_TOPICS, min(len(_TOPICS), 2 + size // 2_000)))
    return Page(path, title, size, headings)


def _child(chance: Random, parent: Page, title: str) -> Page:
    number = len(parent.children) + 1
    name = f"{title.lower().replace(' ', '-')}-{number}.md"
    child = _page(chance, posixpath.join(parent.path.removesuffix(".md"), name), f"{title} {number}")
    parent.children.append(child)
    return child


def _text(page: Page, after: Page, everyone: Sequence[Page], chance: Random, folder: Path) -> str:
    def link() -> tuple[str, str]:
        """A link to some page that every reader may see; now and then to a heading of it."""
        to = chance.choice(everyone)
        fragment = f"#{chance.choice(to.headings).lower()}" if chance.random() < 0.4 else ""
        return to.title, _from(page, to.path) + fragment

    pieces = Pieces(chance, link, _pictures(page, chance, folder), _from(page, SNIPPET))
    parts = [_front_matter(page, chance), f"# {page.title}", pieces.paragraph()]
    if page.children:
        parts.append(pieces.cards([(child.title, _from(page, child.path)) for child in page.children]))
    else:
        parts.append(f"## At a Glance\n\n{pieces.bullets()}")
    if page.path == ROOT:
        parts.append(pieces.included())  # it is on one page at least, however small the tree
    for place, heading in enumerate(page.headings, start=1):
        parts.append(f"## {heading}")
        parts.append(pieces.paragraph())
        while sum(map(len, parts)) < page.size * place // len(page.headings):
            parts.append(pieces.any())
    onward = _from(page, after.path)
    parts.append(f"[Let's Go!]({onward})" if page.children else f"Next: [{after.title}]({onward})")
    if not page.children and chance.random() < 0.5:
        parts.append(pieces.check(page.headings[0].lower()))
    return "\n\n".join(parts) + "\n"


def _front_matter(page: Page, chance: Random) -> str:
    lines = ["---"]
    if page.children:
        lines += ["toc:", *(f"  - {_from(page, child.path)}" for child in page.children)]
    lines.append(f"uuid: {UUID(int=chance.getrandbits(128), version=4)}")
    if page.path == ROOT:
        lines += ["visibility: ", "- Employee", "- Partner "]
    elif page.for_employees:
        lines += ["visibility:", "- Employee"]
    return "\n".join([*lines, "---"])


def _pictures(page: Page, chance: Random, folder: Path) -> list[str]:
    """Write the pictures of a page; their addresses as the page names them."""
    name = page.path.removesuffix(".md")
    number = round(chance.expovariate(1 / _PICTURES)) if not page.children else 0
    paths = [f"{name}/images/{place:02}.png" for place in range(1, number + 1)]
    for path in paths:
        _put(folder, path, png(chance))
    return [_from(page, path) for path in reversed(paths)]


def _from(page: Page, path: str) -> str:
    relative = posixpath.relpath(path, posixpath.dirname(page.path) or ".")
    return relative if relative.startswith("../") else f"./{relative}"


def _put(folder: Path, path: str, data: bytes) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.tree")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=800)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    root = write(options.folder, pages=options.pages, seed=options.seed)
    print(options.folder / root.path)


if __name__ == "__main__":
    main()
