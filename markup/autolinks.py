"""Addresses that stand in a text by themselves, by the rules of GitHub Flavored Markdown.

`https://…` is a rule of the inline parser, so that `_` and `*` in an address are no emphasis. `www.…` and
mail addresses are found afterwards, in what is left as text: no mark in the text announces them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_LONGEST = 2_000  # characters; no browser takes an address that is longer
_ADDRESS = rf"(?P<host>[\w-]+(?:\.[\w-]+)*)(?:[^\w\s<][^\s<]{{0,{_LONGEST}}})?"
_HTTP = re.compile(rf"://{_ADDRESS}")
_ALONE = re.compile(  # both at the beginning, after a space or after one of these marks
    rf"(?<![^\s*_~(])(?:(?P<www>www\.{_ADDRESS})|(?P<mail>[a-z0-9.+_-]{{1,64}}@[a-z0-9_-]+(?:\.[a-z0-9_-]+)+))",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&[A-Za-z0-9]+;\Z")


def install(markdown: MarkdownIt) -> None:
    """Add both rules; the budget and footnotes must have been installed before."""
    markdown.inline.ruler.after("budget", "web_address", _web_address)
    markdown.core.ruler.after("footnote_tail", "addresses", _addresses)


def _web_address(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = next((name for name in ("https", "http") if state.pending.endswith(name)), "")
    begin = state.pos - len(scheme)
    before = state.src[begin - 1 : begin] if begin else " "
    found = _HTTP.match(state.src, state.pos, state.posMax) if scheme else None
    if not found or not _is_domain(found["host"]) or not (before.isspace() or before in "*_~("):
        return False
    text = scheme + _trimmed(found[0])
    state.pending = state.pending.removesuffix(scheme)
    opening = state.push("link_open", "a", 1)
    opening.attrs, opening.markup, opening.info = {"href": state.md.normalizeLink(text)}, "autolink", "auto"
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1).markup = "autolink"
    state.pos = begin + len(text)
    return True


def _addresses(state: StateCore) -> None:
    for token in state.tokens:
        if "@" in token.content or "www." in token.content:
            token.children = list(_with_links(state.md, token.children or ()))


def _with_links(markdown: MarkdownIt, children: Iterable[Token]) -> Iterator[Token]:
    inside = 0
    for child in children:
        inside += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type == "text" and not inside:
            yield from _split(markdown, child)
        else:
            yield child


def _split(markdown: MarkdownIt, token: Token) -> Iterator[Token]:
    """A text as it was, or cut into texts and links."""
    done = 0
    for found in _ALONE.finditer(token.content):
        if found["www"] and not _is_domain(found["host"]):
            continue
        text = _trimmed(found["www"]) if found["www"] else found["mail"]
        after = token.content[found.start() + len(text) :][:1]
        if found["mail"] and (text[-1] in "-_" or after in ("-", "_", "@")):
            continue
        yield _text(token, token.content[done : found.start()])
        href = markdown.normalizeLink(("http://" if found["www"] else "mailto:") + text)
        yield Token("link_open", "a", 1, {"href": href}, level=token.level, markup="autolink", info="auto")
        yield _text(token, text, level=1)
        yield Token("link_close", "a", -1, level=token.level, markup="autolink", info="auto")
        done = found.start() + len(text)
    yield _text(token, token.content[done:])


def _text(token: Token, content: str, *, level: int = 0) -> Token:
    return token.copy(content=content, level=token.level + level)


def _is_domain(host: str) -> bool:
    return not any("_" in part for part in host.split(".")[-2:])


def _trimmed(address: str) -> str:
    """Without what ends the sentence around the address rather than the address."""
    while True:
        shorter = address.rstrip("?!.,:*_~'\"[]")
        shorter = _ENTITY.sub("", shorter)
        surplus = shorter.count(")") - shorter.count("(")
        trailing = len(shorter) - len(shorter.rstrip(")"))
        shorter = shorter[: len(shorter) - max(0, min(surplus, trailing))]
        if shorter == address:
            return address
        address = shorter
