"""Pictures with what belongs to them: caption, size, side, and the page that they lead to."""

from __future__ import annotations

import re

from markdown_it.token import Token

from markup.writing import Writer

_OPTIONS = ("alt", "width", "height", "scale", "align", "target", "figclass", "figwidth", "loading")
_WIDTHS = (25, 33, 50, 66, 75, 100)  # per cent; the style sheet has a class for each
_PERCENT = re.compile(r"(\d{1,3})\s*%")
_PIXELS = re.compile(r"(\d{1,5})\s*(?:px)?")
_SIDES = ("left", "center", "right")


def figure(writer: Writer) -> None:
    """`{figure}` and `{image}`: the body is the caption."""
    options = writer.options(*_OPTIONS)
    align = options.get("align")
    writer.open("figure", "figure", f"align-{align}" if align in _SIDES else "")
    _picture(writer, options)
    if not writer.empty:
        writer.open("figcaption", "figcaption")
        writer.body()
        writer.close("figcaption", "figcaption")
    writer.close("figure", "figure")


def figure_of_markdown(writer: Writer) -> None:
    """`{figure-md}`: the body is a picture in Markdown and its caption; the argument names it."""
    options = writer.options("align", "width", "figclass")
    if writer.argument:
        writer.target(writer.argument)
    align = options.get("align")
    writer.open("figure", "figure", f"align-{align}" if align in _SIDES else "")
    writer.body()
    writer.close("figure", "figure")


def _picture(writer: Writer, options: dict[str, str]) -> None:
    normal = writer.state.md.normalizeLink
    image = Token("image", "img", 0, attrs={"src": normal(writer.argument), "alt": ""})
    image.children = [Token("text", "", 0, content=options.get("alt", ""))]
    image.meta.update(place=writer.argument_place, option="a line `:alt:`")
    if percent := _PERCENT.fullmatch(options.get("width") or options.get("scale", "")):
        image.attrSet("class", f"width-{min(_WIDTHS, key=lambda width: abs(width - int(percent[1])))}")
    for side in ("width", "height"):
        if pixels := _PIXELS.fullmatch(options.get(side, "")):
            image.attrSet(side, pixels[1])
    inline = writer.inline("")
    inline.children = [image]
    if target := options.get("target"):
        link = Token("link_open", "a", 1, attrs={"href": normal(target)})
        link.meta["place"] = writer.at("target")
        inline.children = [link, image, Token("link_close", "a", -1)]
