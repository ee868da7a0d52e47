"""Colours for code: spans with classes, drawn once when a page is imported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from markdown_it.common.utils import escapeHtml
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token as Kinds
from pygments.token import _TokenType
from pygments.util import ClassNotFound

MOST = 60_000  # characters of one block; longer code is data more often than text
# Few classes: what the eye tells apart. The nearest kind above counts.
_CLASSES: dict[_TokenType, str] = {
    Kinds.Comment: "comment",
    Kinds.Comment.Preproc: "meta",
    Kinds.Keyword: "keyword",
    Kinds.Operator.Word: "keyword",
    Kinds.Keyword.Constant: "number",
    Kinds.Literal.Number: "number",
    Kinds.Literal.String: "string",
    Kinds.Literal.Date: "string",
    Kinds.Name.Function: "name",
    Kinds.Name.Class: "name",
    Kinds.Name.Tag: "keyword",
    Kinds.Name.Attribute: "name",
    Kinds.Name.Decorator: "meta",
    Kinds.Name.Builtin: "name",
    Kinds.Name.Variable: "meta",
    Kinds.Generic.Deleted: "deleted",
    Kinds.Generic.Inserted: "inserted",
    Kinds.Generic.Heading: "keyword",
    Kinds.Generic.Subheading: "keyword",
    Kinds.Generic.Prompt: "comment",
    Kinds.Generic.Output: "",
}
_PLAIN = {"", "none", "text", "plain", "plaintext", "txt", "default", "md", "markdown"}


def pieces(source: str, language: str) -> Iterator[tuple[str, str]]:
    """The source in pieces, each with its class ("" for none); one piece where the language is unknown."""
    lexer = None if language.lower() in _PLAIN or len(source) > MOST else _lexer(language.lower())
    if lexer is None:
        yield "", source
        return
    before, waiting = "", ""
    for _start, kind, text in lexer.get_tokens_unprocessed(source):
        found = _class(kind)
        if found != before and waiting:
            if text.isspace():  # one span over what stands between two pieces of a kind
                waiting += text
                continue
            yield before, waiting
            waiting = ""
        before, waiting = found, waiting + text
    if waiting:
        yield before, waiting


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


@lru_cache(maxsize=1024)
def _class(kind: _TokenType) -> str:
    place: _TokenType | None = kind
    while place is not None:
        if place in _CLASSES:
            return _CLASSES[place]
        place = place.parent
    return ""


def spans(parts: Iterable[tuple[str, str]]) -> str:
    """HTML for pieces."""
    return "".join(
        f'<span class="hl-{name}">{escapeHtml(text)}</span>' if name and text.strip() else escapeHtml(text)
        for name, text in parts
    )


def lines(parts: Iterable[tuple[str, str]], start: int | None, marked: Collection[int]) -> str:
    """HTML line by line: with numbers from `start` on, and the lines that are `marked`, counted from 1."""
    rows: list[str] = []
    for index, line in enumerate(_lines(parts), start=1):
        number = "" if start is None else f'<span class="line-number">{start + index - 1}</span>'
        classes = "line marked" if index in marked else "line"
        rows.append(f'<span class="{classes}">{number}{spans(line)}\n</span>')
    return "".join(rows)


def _lines(parts: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    line: list[tuple[str, str]] = []
    for name, text in parts:
        first, *others = text.split("\n")
        line.append((name, first))
        for other in others:
            yield line
            line = [(name, other)]
    if any(text for _name, text in line):
        yield line
