"""Pictures and links that an author wrote as HTML. Their paths are not followed, so they are told."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import unescape

from markup.drawing import Drawing
from markup.links import kind
from markup.places import Place

_TEXT = re.compile(r"\S")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ADDRESS = re.compile(
    r"<(?:(?P<media>img|video)|a)\s(?:[^<>]{0,500}?\s)?(?(media)src|href)\s*=\s*"
    r"(?:\"(?P<double>[^\"<>]*)\"|'(?P<single>[^'<>]*)'|(?P<bare>[^\s\"'<>]+))",
    re.IGNORECASE,
)


def report(html: str, drawing: Drawing, places: Sequence[Place]) -> None:
    """Say which addresses in a piece of HTML are lost: W642, W661 and W665. Its lines begin at `places`."""
    seen = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), html)
    starts = [0, *(line.end() for line in re.finditer("\n", seen))]
    for found in _ADDRESS.finditer(seen):
        address = unescape(found["double"] or found["single"] or found["bare"] or "")
        line = bisect_right(starts, found.start()) - 1
        at = places[min(line, len(places) - 1)]
        text = _TEXT.search(seen, starts[line])
        column = at.column + found.start() - (text.start() if text else 0)
        what = "picture" if found["media"] else "link"
        _report(drawing, what, address, at._replace(column=column))


def _report(drawing: Drawing, what: str, address: str, at: Place) -> None:
    shown, way = address[:80], kind(address)
    if what == "picture" and way == "external":
        drawing.report("W665", f"the remote picture “{shown}” is not loaded", at)
    elif way == "local":
        code, mark = ("W661", "!") if what == "picture" else ("W642", "")
        message = f"the path of this {what}, “{shown}”, is written as HTML and not followed"
        drawing.report(code, message, at, remedy=f"Write it in Markdown: `{mark}[…]({shown})`.")
