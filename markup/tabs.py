"""Tabs. What is stored are panels with their titles, one below the other; a script makes tabs of them."""

from __future__ import annotations

from markup import boxes
from markup.links import slugify
from markup.writing import Writer

_CLASSES = ("class-container", "class-label", "class-content")


def tab_set(writer: Writer) -> None:
    """`{tab-set}` around `{tab-item}`."""
    writer.options("sync-group", *_CLASSES)
    writer.open("div", "div", "tabs")
    env = writer.state.env
    outer, env["tabs"] = env.get("tabs"), True
    writer.body()
    env["tabs"] = outer
    writer.close("div", "div")


def tab_item(writer: Writer) -> None:
    """`{tab-item} Title`; `:sync: key` opens all those with the key together. Alone it is a box (W651)."""
    options = writer.options("sync", "selected", *_CLASSES)
    if not writer.state.env.get("tabs"):
        remedy = "Put `::::{tab-set}` above the first of its tabs, and `::::` below the last one."
        writer.report("W651", "this “tab-item” stands in no “tab-set”", remedy=remedy)
        boxes.admonition(writer, "other", writer.argument or "Tab")
        return
    classes = "tab selected" if "selected" in options else "tab"
    if key := slugify(options.get("sync", ""))[:60]:
        classes += f" sync-{key}"
    writer.open("div", "div", classes)
    writer.text("paragraph", "p", writer.argument or "Tab", line=writer.directive.start, classes="tab-title")
    writer.open("div", "div", "tab-body")
    writer.body()
    writer.close("div", "div")
    writer.close("div", "div")


def of_code(writer: Writer) -> None:
    """`{tab-set-code}`: each block of code in it is a tab with the name of its language."""
    writer.options("no-sync", "sync-group", *_CLASSES)
    tokens = writer.state.tokens
    before = len(tokens)
    writer.body()
    inside = tokens[before:]
    del tokens[before:]
    writer.open("div", "div", "tabs")
    for token in inside:
        if token.type != "fence" or token.level != writer.state.level - 1:
            tokens.append(token)
            continue
        name = token.info.strip().strip("{}").partition(" ")[0] or "Text"
        writer.open("div", "div", f"tab sync-{slugify(name)[:60]}")
        writer.text(
            "paragraph", "p", name.upper() if len(name) < 4 else name.capitalize(), classes="tab-title"
        )
        writer.open("div", "div", "tab-body")
        tokens.append(token)
        writer.close("div", "div")
        writer.close("div", "div")
    writer.close("div", "div")
