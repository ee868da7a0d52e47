"""The documents as tests read them: their fences, tables, code and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from markup import myst
from markup.problems import Problems

HOME = Path(__file__).resolve().parents[2]
DOCS = HOME / "docs"
# Everything that somebody reads who has just found the project.
DOCUMENTS = sorted([*HOME.glob("*.md"), *DOCS.rglob("*.md")])

_MARKDOWN = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its info string as words, its text, its line in the document."""

    words: tuple[str, ...]
    text: str
    line: int


def name_of(document: Path) -> str:
    """The path of a document in the project."""
    return document.relative_to(HOME).as_posix()


@cache
def tokens(document: Path) -> list[Token]:
    return _MARKDOWN.parse(document.read_text(encoding="utf-8"))


def fences(document: Path) -> list[Fence]:
    """All fenced blocks in their order."""
    found = [token for token in tokens(document) if token.type == "fence"]
    return [Fence(tuple(token.info.split()), token.content, (token.map or [0])[0] + 1) for token in found]


def code(document: Path) -> Iterator[str]:
    """Every line of code, in fences and in sentences, but for the Markdown that is shown."""
    for token in tokens(document):
        if token.type == "fence" and not token.info.startswith("markdown"):
            yield from token.content.splitlines()
        yield from (child.content for child in token.children or () if child.type == "code_inline")


def rows(document: Path, heading: str) -> list[list[str]]:
    """The cells of the tables under a heading, as they are written, without the head of each table."""
    cells: list[list[str]] = []
    here = in_body = False
    found = tokens(document)
    for token, inline in pairwise(found):
        if token.type == "heading_open":
            here = inline.content == heading
        elif token.type in ("tbody_open", "tbody_close"):
            in_body = token.type == "tbody_open"
        elif here and in_body and token.type == "tr_open":
            cells.append([])
        elif here and in_body and token.type == "td_open":
            cells[-1].append(inline.content)
    return cells


def links(document: Path) -> Iterator[str]:
    """The relative addresses of a document's links and pictures."""
    for token in tokens(document):
        for child in token.children or ():
            address = str(child.attrGet("href") or child.attrGet("src") or "")
            if address and not re.match(r"[a-z]+:", address):
                yield address


def headings(document: Path) -> frozenset[str]:
    """What a link may name in a document after `#`; the site's rule for fragments is GitHub's."""
    text = document.read_text(encoding="utf-8")
    return myst.parse(text, file=document.name, problems=Problems()).fragments
