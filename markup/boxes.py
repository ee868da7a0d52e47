"""Directives whose body is Markdown in a box of some kind: admonitions, dropdowns, asides, quotations."""

from __future__ import annotations

from markup.stack import VERBATIM
from markup.writing import Writer

ADMONITIONS = {
    "note": "Note",
    "tip": "Tip",
    "important": "Important",
    "warning": "Warning",
    "caution": "Caution",
    "danger": "Danger",
    "attention": "Attention",
    "hint": "Hint",
    "seealso": "See also",
    "error": "Error",
}
_CHANGES = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
}
_LOOKS = ("icon", "color", "animate", "margin", "chevron", "class-container", "class-title", "class-body")


def standard_admonition(writer: Writer) -> None:
    """`{note}` and its kind: the title is that of the kind, the argument is the first paragraph."""
    writer.options()
    directive = writer.directive
    title = ADMONITIONS[directive.name]
    with_title = title if directive.heading is None else directive.heading
    admonition(writer, directive.name, with_title, lead=directive.title)


def titled_admonition(writer: Writer) -> None:
    """`{admonition} Title`; `:class: tip` gives it the look of one."""
    classes = writer.options("collapsible", "open", "icon").get("class", "").split()
    kind = next((word for word in classes if word in ADMONITIONS), "other")
    admonition(writer, kind, writer.argument or "Note")


def aside(writer: Writer) -> None:
    """`{topic}` and `{sidebar}`: text beside the text."""
    writer.options("subtitle")
    admonition(writer, "other", writer.argument or "Note")


def change(writer: Writer) -> None:
    """`{versionadded} 7.4 …`: what was said about which version."""
    writer.options()
    version, _, lead = writer.argument.partition(" ")
    admonition(writer, "note", f"{_CHANGES[writer.directive.name]} {version}".strip(), lead=lead)


def admonition(writer: Writer, kind: str, title: str, *, lead: str = "") -> None:
    """A box with a title, which Markdown may be; `lead` is its first paragraph."""
    writer.open("admonition", "div").meta["kind"] = kind
    start = writer.directive.start
    if title:
        writer.text("admonition_title", "p", title, line=start)
    if lead:
        writer.text("paragraph", "p", lead, line=start)
    if writer.directive.name in VERBATIM:
        writer.push("fence", "code").content = writer.source()
    else:
        writer.body()
    writer.close("admonition", "div")


def dropdown(writer: Writer) -> None:
    """Folded text with a title."""
    options = writer.options("open", *_LOOKS)
    token = writer.open("details", "details", "dropdown")
    if "open" in options:
        token.attrSet("open", "")
    writer.text("summary", "summary", writer.argument or "More", line=writer.directive.start)
    writer.body()
    writer.close("details", "details")


def quotation(writer: Writer) -> None:
    """`{epigraph}`, `{pull-quote}`, `{highlights}`."""
    writer.options()
    writer.open("blockquote", "blockquote")
    if writer.argument:
        writer.text("paragraph", "p", writer.argument, line=writer.directive.start)
    writer.body()
    writer.close("blockquote", "blockquote")


def container(writer: Writer) -> None:
    """`{div}`, `{container}` and the like: their body, for their classes mean nothing here."""
    writer.options("style", "columns", "sorted")
    writer.body()


def rubric(writer: Writer) -> None:
    """A heading that no table of contents lists."""
    writer.options("heading-level")
    writer.text("paragraph", "p", writer.argument, line=writer.directive.start, classes="rubric")
    writer.body()


def nothing(writer: Writer) -> None:
    """What orders or configures pages elsewhere: the toc stands in the front matter."""
