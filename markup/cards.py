"""Grids and cards. A card that leads somewhere is one link, whatever else stands on it."""

from __future__ import annotations

import re

from markdown_it.token import Token

from markup.writing import Writer

_GRID = (
    "gutter", "margin", "padding", "outline", "reverse", "class-container", "class-row", "columns",
)  # fmt: skip
_CARD = (
    "width", "margin", "padding", "text-align", "img-top", "img-bottom", "img-background", "img-alt", "link",
    "link-type", "link-alt", "shadow", "columns", "outline", "child-direction", "child-align", "class-card",
    "class-header", "class-body", "class-title", "class-footer", "class-item", "class-img-top",
    "class-img-bottom",
)  # fmt: skip
_BUTTON = ("color", "outline", "align", "expand", "click-parent", "tooltip", "shadow", "ref-type")
_HEADER = re.compile(r"\^{3,}")
_FOOTER = re.compile(r"\+{3,}")
_WIDTHS = ("xs", "sm", "md", "lg")
_LINKS = {"url": "url", "doc": "doc", "ref": "ref", "any": "any"}


def grid(writer: Writer) -> None:
    """`{grid} 2` or `{grid} 1 2 3 4`: so many columns on a phone, a tablet, a laptop, a wide screen."""
    writer.options(*_GRID)
    numbers = [min(int(word), 6) for word in writer.argument.split()[:4] if re.fullmatch("[1-9][0-9]?", word)]
    # One number is meant for screens that have the room: on a phone, cards stand below each other.
    columns = numbers if len(numbers) == 4 else [1, min(numbers[:1] or [2])] if len(numbers) < 2 else numbers
    classes = [f"{width}-{number}" for width, number in zip(_WIDTHS, columns, strict=False)]
    _in(writer, " ".join(["grid", *classes]))


def carousel(writer: Writer) -> None:
    """`{card-carousel} 3`: its cards, all of them in view."""
    writer.options(*_GRID)
    _in(writer, "grid xs-1 sm-2")


def item(writer: Writer) -> None:
    """`{grid-item}`: any Markdown in a cell of a grid."""
    writer.options(*_GRID, *_CARD)
    _in(writer, "grid-item")


def _in(writer: Writer, classes: str) -> None:
    writer.open("div", "div", classes)
    writer.body()
    writer.close("div", "div")


def card(writer: Writer) -> None:
    """`{grid-item-card} Title` and `{card} Title`: a head above `^^^`, a foot below `+++`."""
    options = writer.options(*_CARD)
    head, body, foot = _parts(writer)
    writer.open("div", "div", "card")
    if picture := options.get("img-top") or options.get("img-background"):
        _picture(writer, picture, options)
    _part(writer, "card-head", head)
    writer.open("div", "div", "card-body")
    _title(writer, options)
    writer.body(body)
    writer.close("div", "div")
    _part(writer, "card-foot", foot)
    if picture := options.get("img-bottom"):
        _picture(writer, picture, options)
    writer.close("div", "div")


def _parts(writer: Writer) -> tuple[range, range, range]:
    """The lines of head, body and foot."""
    lines = writer.lines
    head = next((line for line in lines if _HEADER.fullmatch(writer.line(line))), None)
    start = lines.start if head is None else head + 1
    foot = next((line for line in range(start, lines.stop) if _FOOTER.fullmatch(writer.line(line))), None)
    stop = lines.stop if foot is None else foot
    return range(lines.start, start - 1), range(start, stop), range(stop + 1, lines.stop)


def _part(writer: Writer, classes: str, lines: range) -> None:
    if lines:
        writer.open("div", "div", classes)
        writer.body(lines)
        writer.close("div", "div")


def _title(writer: Writer, options: dict[str, str]) -> None:
    """The title, which is the card's link; a card without one has a link with a name of its own."""
    title = writer.argument
    if title:
        writer.open("paragraph", "p", "card-title")
    if target := options.get("link"):
        writer.open("card_link", "a").meta.update(
            kind=_LINKS.get(options.get("link-type", "url"), "any"),
            target=target.strip("<>"),
            name=options.get("link-alt", ""),
            place=writer.at("link"),
        )
    if title:
        writer.inline(title, line=writer.directive.start)
    if target:
        writer.close("card_link", "a")
    if title:
        writer.close("paragraph", "p")


def _picture(writer: Writer, source: str, options: dict[str, str]) -> None:
    image = Token("image", "img", 0, attrs={"src": writer.state.md.normalizeLink(source), "alt": ""})
    image.children = [Token("text", "", 0, content=options.get("img-alt", ""))]
    key = next(key for key in ("img-top", "img-background", "img-bottom") if options.get(key) == source)
    image.meta.update(place=writer.at(key), option="a line `:img-alt:`")
    writer.inline("").children = [image]


def button(writer: Writer) -> None:
    """`{button-link} https://…` and `{button-ref} label`: a link by itself; the body is its text."""
    options = writer.options(*_BUTTON)
    what = "url" if writer.directive.name == "button-link" else options.get("ref-type", "any")
    writer.open("paragraph", "p", "link-button")
    inline = writer.inline("")
    token = Token("reference", "", 0, content=" ".join(writer.source().split()))
    token.meta.update(kind=_LINKS.get(what, "any"), target=writer.argument, classes="")
    token.meta["place"] = writer.argument_place
    inline.children = [token]
    writer.close("paragraph", "p")
