"""Every directive by its name, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.rules_block import StateBlock

from markup import boxes, cards, code, figures, including, tables, tabs, videos
from markup.blocks import Directive
from markup.boxes import ADMONITIONS
from markup.problems import did_you_mean
from markup.writing import Writer

Write = Callable[[Writer], None]


def emit(state: StateBlock, directive: Directive) -> None:
    """Write the tokens of a directive."""
    writer = Writer(state, directive)
    if directive.name in _NAMING and not writer.argument:
        _nameless(writer)
    else:
        DIRECTIVES.get(directive.name, _unknown)(writer)


def _nameless(writer: Writer) -> None:
    """The text alone of a directive that does not say which file or address it is about."""
    name = writer.directive.name
    remedy = f"Write the {_THING[_NAMING[name]]} behind the braces, on the same line: `{{{name}}} …`."
    writer.report(_NAMING[name], f"nothing stands behind “{name}”, which needs it", remedy=remedy)
    writer.body()


def _unknown(writer: Writer) -> None:
    """The text of an unknown directive in an admonition named after it (W651)."""
    name = writer.directive.name
    choices = [*DIRECTIVES, *writer.scan.names]
    writer.report("W651", f"unknown directive “{name}”{did_you_mean(name, choices)}")
    title = re.sub(r"[-_:.+]+", " ", name).strip().capitalize()
    argument = writer.directive.heading or writer.directive.title
    boxes.admonition(writer, "other", f"{title}: {argument}" if argument else title)


# What must be named on the opening line, and the problem where it is not.
_NAMING = {
    **dict.fromkeys(("figure", "image", "video"), "W661"),
    **dict.fromkeys(("include", "literalinclude"), "E653"),
    **dict.fromkeys(("youtube", "button-link", "button-ref"), "W642"),
}
_THING = {"W661": "file", "E653": "file", "W642": "address"}

DIRECTIVES: dict[str, Write] = {
    **dict.fromkeys(ADMONITIONS, boxes.standard_admonition),
    "admonition": boxes.titled_admonition,
    **dict.fromkeys(("topic", "sidebar"), boxes.aside),
    **dict.fromkeys(("versionadded", "versionchanged", "versionremoved", "deprecated"), boxes.change),
    "dropdown": boxes.dropdown,
    **dict.fromkeys(("epigraph", "pull-quote", "highlights"), boxes.quotation),
    **dict.fromkeys(("container", "compound", "div", "glossary", "hlist", "only"), boxes.container),
    **dict.fromkeys(("rubric", "centered"), boxes.rubric),
    **dict.fromkeys(("figure", "image"), figures.figure),
    "figure-md": figures.figure_of_markdown,
    **dict.fromkeys(("code", "code-block", "sourcecode"), code.block),
    **dict.fromkeys(("math", "mermaid", "parsed-literal"), code.plain),
    "raw": code.raw,
    "include": including.include,
    "literalinclude": including.literal,
    "grid": cards.grid,
    "card-carousel": cards.carousel,
    "grid-item": cards.item,
    **dict.fromkeys(("grid-item-card", "card"), cards.card),
    **dict.fromkeys(("button-link", "button-ref"), cards.button),
    "tab-set": tabs.tab_set,
    "tab-item": tabs.tab_item,
    "tab-set-code": tabs.of_code,
    "youtube": videos.of_youtube,
    "video": videos.own,
    "table": tables.table,
    "list-table": tables.list_table,
    "csv-table": tables.csv_table,
    **dict.fromkeys(
        ("toctree", "contents", "sectnum", "index", "meta", "highlight", "tabularcolumns"), boxes.nothing
    ),
}
