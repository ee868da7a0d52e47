"""Code: fenced, by directive, from a file."""

from __future__ import annotations

import re
import textwrap

from markup import budget
from markup.writing import Writer

OPTIONS = ("linenos", "lineno-start", "emphasize-lines", "caption", "dedent", "force", "number-lines")
_RANGE = re.compile(r"(\d{1,6})?(-)?(\d{1,6})?")
_MOST_RANGES = 100


def block(writer: Writer) -> None:
    """`{code-block} language`."""
    options = writer.options(*OPTIONS)
    write(writer, writer.source(), writer.argument, options)


def plain(writer: Writer) -> None:
    """`{math}` and other notations that nothing here draws: as they are written."""
    writer.options("label", "nowrap", "numbered")
    source = writer.source()
    write(writer, f"{writer.argument}\n{source}" if writer.argument else source, "", {})


def raw(writer: Writer) -> None:
    """`{raw} html`: what survives the sanitiser. Other formats are for other media; files are refused."""
    options = writer.options("file", "url", "encoding")
    for key in ("file", "url"):
        if key in options:
            remedy = "Put the HTML itself between the fences."
            message = f"“raw” reads no {key}: “{options[key][:80]}”"
            writer.report("E653", message, at=writer.at(key), remedy=remedy)
    if writer.argument.lower() == "html":
        writer.push("html_block").content = writer.source()


def write(writer: Writer, source: str, language: str, options: dict[str, str]) -> None:
    """A block of code with what its options ask for. Lines in `meta` count from 1 in the block."""
    budget.check()
    caption = options.get("caption", "")
    if caption:
        writer.open("figure", "figure", "code")
        writer.text("figcaption", "figcaption", caption)
    token = writer.push("fence", "code")
    token.info, token.content = language, dedented(source, options.get("dedent"))
    number = options.get("lineno-start") or options.get("number-lines") or ""
    numbered = not options.keys().isdisjoint(("linenos", "lineno-start", "number-lines"))
    token.meta["start"] = (int(number) if number.isdecimal() and len(number) < 7 else 1) if numbered else None
    token.meta["marked"] = ranges(options.get("emphasize-lines", ""), token.content.count("\n"))
    if caption:
        writer.close("figure", "figure")


def dedented(source: str, dedent: str | None) -> str:
    """The source without its first `dedent` columns; "" takes off what all lines have."""
    if dedent is None:
        return source
    if not dedent.isdecimal():
        return textwrap.dedent(source)
    width = min(int(dedent), 1000)
    lines = source.split("\n")
    return "\n".join(line[min(width, len(line) - len(line.lstrip())) :] for line in lines)


def ranges(written: str, last: int) -> list[int]:
    """The numbers that `1,3-5,8-` names, up to `last`, in their order, each once."""
    numbers: dict[int, None] = {}
    for part in written.replace(" ", "").split(",")[:_MOST_RANGES]:
        found = _RANGE.fullmatch(part)
        if found and (found[1] or found[3]):
            start = int(found[1] or 1)
            end = int(found[3] or last) if found[2] else start
            numbers.update(dict.fromkeys(range(max(1, start), min(end, last) + 1)))
    return list(numbers)
