"""HTML that an author wrote: its addresses lead where those of Markdown do; what no page has is told."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from html import unescape

from markdown_it.common.normalize_url import normalizeLink

from markup.drawing import Drawing, written_out
from markup.places import Place
from markup.sanitize import EMPTIED, REL

# A comment, an element of which nothing is left, a tag. What is read as another thing by a browser has no
# address that it may keep: the sanitiser knows those that are given here.
_PIECE = re.compile(
    rf"<!--.*?(?:-->|\Z)|<(?P<emptied>{'|'.join(sorted(EMPTIED))})(?=[\s/>]).*?(?:</(?P=emptied)|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][a-z0-9-]*)(?=[\s/>])"
    r"(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+)))?")
# In a tag the first of two equal attributes counts, so what the author wrote there has no effect.
_RAW_TAG = re.compile(r"<(a|input)(?=[\t\n\f\r />]|$)", re.IGNORECASE)
_TEXT = re.compile(r"\S")
_IGNORED = re.compile(r"[\t\n\r]")  # in an address
_UNWRAPPED = {"applet", "audio", "button", "embed", "form", "frame", "frameset"}
_FRAMES = {"embed", "frame", "iframe", "object"}
_KEPT = ("title", "id", "lang", "aria-label")
_KEPT_OF_PICTURES = ("title", "id", "lang", "class", "width", "height")

Attributes = Mapping[str, str]


def draw(html: str, drawing: Drawing, places: Sequence[Place]) -> str:
    """A piece of HTML with its addresses resolved; its lines begin at `places`.

    Reports E644, W642, W661, W664, W665 and W651, each at its tag.
    """
    starts = [0, *(line.end() for line in re.finditer("\n", html))]
    out, last = [], 0
    for found in _PIECE.finditer(html):
        out.append(_marked(html[last : found.start()]))
        out.append(_piece(found, drawing, _place(html, found.start(), starts, places)))
        last = found.end()
    return "".join([*out, _marked(html[last:])])


def _place(html: str, index: int, starts: Sequence[int], places: Sequence[Place]) -> Place:
    line = bisect_right(starts, index) - 1
    at, text = places[min(line, len(places) - 1)], _TEXT.search(html, starts[line])
    return at._replace(column=at.column + index - (text.start() if text else 0))


def _marked(html: str) -> str:
    return _RAW_TAG.sub(
        lambda tag: (
            f'<a class="external" rel="{REL}" ' if tag[1].lower() == "a" else '<input type="checkbox" '
        ),
        html,
    )


def _piece(found: re.Match[str], drawing: Drawing, at: Place) -> str:
    name = (found["emptied"] or found["name"] or "").lower()
    if found["close"]:
        return "" if name == "a" and drawing.html_links and not drawing.html_links.pop() else found[0]
    if found["emptied"] or name in _UNWRAPPED:
        _report_left_out(name, drawing, at, whole=bool(found["emptied"]))
    elif how := _TAGS.get(name):
        attributes: dict[str, str] = {}
        for key, *values in _ATTRIBUTE.findall(found["rest"]):
            attributes.setdefault(key.lower(), unescape("".join(values)))
        return how(attributes, drawing, at)
    return _marked(found[0])


def _report_left_out(name: str, drawing: Drawing, at: Place, *, whole: bool) -> None:
    what = "with all that is in it" if whole else "only its text stays"
    video = "; a video is `{youtube} ID`, or `{video} file.mp4` of the package" if name in _FRAMES else ""
    remedy = f"Take it out, or write what it says in Markdown{video}."
    drawing.report("W651", f"“<{name}>” is left out, {what}", at, remedy=remedy)


def _address(attributes: Attributes, name: str) -> str:
    """An address as Markdown gives it."""
    return normalizeLink(_IGNORED.sub("", attributes.get(name, "")).strip())


def _kept(attributes: Attributes, names: Sequence[str]) -> Attributes:
    return {name: attributes[name] for name in names if name in attributes}


def _link(attributes: Attributes, drawing: Drawing, at: Place) -> str:
    kept = written_out(_kept(attributes, _KEPT))
    leads = drawing.link(_address(attributes, "href"), at) if "href" in attributes else ""
    drawing.html_links.append(leads is not None)
    return "" if leads is None else f"<a {leads}{kept}>"


def _picture(attributes: Attributes, drawing: Drawing, at: Place) -> str:
    kept = _kept(attributes, _KEPT_OF_PICTURES)
    return drawing.image(_address(attributes, "src"), attributes.get("alt", ""), at, kept, '`alt="…"`')


def _video(attributes: Attributes, drawing: Drawing, at: Place) -> str:
    """The opening of a player. Without `src`, the first file that is named in it opens it."""
    drawing.html_player = attributes.get("aria-label") or attributes.get("title") or ""
    return _source(attributes, drawing, at) if "src" in attributes else ""


def _source(attributes: Attributes, drawing: Drawing, at: Place) -> str:
    label, drawing.html_player = drawing.html_player, None
    if label is None:
        return ""
    return drawing.video(_address(attributes, "src"), label, at, '`aria-label="…"`').removesuffix("</video>")


_TAGS: Mapping[str, Callable[[Attributes, Drawing, Place], str]] = {
    "a": _link,
    "img": _picture,
    "video": _video,
    "source": _source,
}
