"""What links can name on a page: headings by their fragments, and whatever stands behind `(label)=`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from markdown_it.token import Token

from markup.links import slugify
from markup.typography import plain

_CAPTIONS = {"figcaption_open", "caption_open"}
_FAR = 40  # tokens between a figure and its caption


class Label(NamedTuple):
    """What a label names: its slug in the HTML, and its title or caption ("" if it has none)."""

    slug: str
    title: str


def normal(label: str) -> str:
    """A label as it is compared: without regard to capitals and spaces."""
    return " ".join(label.lower().split())


def read(tokens: Sequence[Token]) -> tuple[dict[str, Label], dict[str, str]]:
    """The labels of a page, and its fragments with the slug that each is drawn with."""
    labels: dict[str, Label] = {}
    anchors: dict[str, str] = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            anchors[token.meta["slug"]] = token.meta["slug"]
            title = " ".join(plain(tokens[index + 1].children).split())
            for label in token.meta["labels"]:
                labels.setdefault(normal(label), Label(token.meta["slug"], title))
        elif token.type == "target" and "slug" in token.meta:
            found = Label(token.meta["slug"], _caption(tokens, index))
            labels.setdefault(normal(token.meta["label"]), found)
    for name, label in labels.items():
        anchors.setdefault(slugify(name), label.slug)
        anchors.setdefault(label.slug, label.slug)
    return labels, anchors


def _caption(tokens: Sequence[Token], index: int) -> str:
    """The caption of the figure, table or code that follows a target."""
    level = tokens[index].level
    for place, token in enumerate(islice(tokens, index + 1, index + _FAR), start=index + 1):
        if token.type in _CAPTIONS:
            inline = next((t for t in tokens[place : place + 3] if t.type == "inline"), None)
            return " ".join(plain(inline.children).split()) if inline else ""
        if token.level <= level and token.nesting <= 0 and token.type != "target":
            break
    return ""
