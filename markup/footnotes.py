"""Footnotes, and a note in a note: the plugin would lose the outer one. What no reader sees is told."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin


def install(markdown: MarkdownIt) -> None:
    """Add footnotes, all of which are drawn at the end of the page."""
    markdown.use(footnote_plugin, inline=False)
    markdown.core.ruler.before("footnote_tail", "footnotes_apart", _apart)


def _apart(state: StateCore) -> None:
    """Take definitions out of what they stand in, so that none ends the one around it."""
    if "footnotes" not in state.env:
        return
    kept: list[Token] = []
    apart: list[Token] = []
    within: list[list[Token]] = []
    last: dict[str, Token] = {}  # by name: the definition that readers see
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            within.append([])
            _judge(state, token, last)
        (within[-1] if within else kept).append(token)
        if token.type == "footnote_reference_close":
            apart += within.pop()
    state.tokens = kept + apart


def _judge(state: StateCore, definition: Token, last: dict[str, Token]) -> None:
    """W647 where nothing refers to a definition, or a later one of its name takes its place."""
    name = definition.meta["label"]
    shown = name[:60]
    if state.env["footnotes"]["refs"][f":{name}"] < 0:
        _report(state, definition, f"nothing refers to the footnote “{shown}”: nobody sees it")
    elif name in last:
        remedy = "Give one of the two another name, here and where it is referred to."
        message = f"the footnote “{shown}” is defined again below: nobody sees this one"
        _report(state, last[name], message, remedy)
    last[name] = definition


def _report(state: StateCore, definition: Token, message: str, remedy: str | None = None) -> None:
    scan = state.env["scan"]
    text = definition.meta.get("text") or scan.text
    index = (definition.map or [0])[0]
    at = text.find(index, f"[^{definition.meta['label']}]:")
    scan.report("W647", message, index, at=at, remedy=remedy)
