"""What happens to Markdown's tokens before they are drawn: dashes, task lists, fragments.

Rules of the parser's core chain, in the order in which `install` adds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import process_inlines
from markdown_it.token import Token

from markup.links import slugify

_DASHES = re.compile(r"(?<!-)---(?!-)|(?<!-)--(?!-)|(?<!\.)\.\.\.(?!\.)|(?<!\w)'(?=\d\ds?\b)")
_DASH_FOR = {"---": "—", "--": "–", "...": "…", "'": "’"}  # the last for the ’90s
_DASH_MARKS = ("--", "...", "'")  # the search would take long in the many texts that have none
_RAW_CODE = re.compile(r"<(/?)(?:code|kbd|pre|samp|var|tt)\b", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\][ \t]+")
_MAX_QUOTES = 2_000  # in one paragraph: the rule takes time with the square of it, and no text has as many
_TEXTS = {"text", "text_special", "code_inline", "reference", "unknown_role"}
_BREAKS = {"softbreak", "hardbreak"}


def install(markdown: MarkdownIt) -> None:
    """Add the rules; footnotes must have been installed before."""
    chain = markdown.core.ruler
    chain.after("footnote_tail", "fragments", fragments)
    chain.after("fragments", "tasks", tasks)
    chain.after("tasks", "dashes", dashes)
    chain.after("dashes", "quotes", quotes)


def plain(tokens: Iterable[Token] | None) -> str:
    """The text of inline tokens, without markup; of a picture its alt text."""
    parts: list[str] = []
    waiting = list(tokens or ())[::-1]
    while waiting:
        token = waiting.pop()
        if token.type in _BREAKS:
            parts.append(" ")
        elif token.type == "image":
            waiting.extend(reversed(token.children or ()))
        elif token.type in _TEXTS:
            parts.append(token.content)
    return "".join(parts)


def fragments(state: StateCore) -> None:
    """Give each heading its fragment, unique on the page; the drawn level starts at 2.

    A target before a heading names the heading; others get a fragment of their own, after all headings.
    """
    taken: dict[str, int] = {}
    waiting: list[Token] = []
    targets: list[Token] = []
    for index, token in enumerate(state.tokens):
        if token.type == "target":
            waiting.append(token)
            continue
        if token.type in ("heading_open", "heading_close"):
            token.meta["level"] = int(token.tag[1])
            token.tag = "h2" if token.tag == "h1" else token.tag
        if token.type == "heading_open":
            text = plain(state.tokens[index + 1].children)
            token.meta["slug"] = _unique(slugify(text) or "section", taken)
            token.meta["labels"] = [target.meta["label"] for target in waiting]
        else:
            targets += waiting
        waiting = []
    for target in targets + waiting:
        target.meta["slug"] = _unique(slugify(target.meta["label"]) or "target", taken)


def _unique(slug: str, taken: dict[str, int]) -> str:
    """The slug, or with `-1`, `-2` … behind it; `taken` keeps the last number of each."""
    number, candidate = taken.get(slug, 0), slug
    while candidate in taken:
        number += 1
        candidate = f"{slug}-{number}"
    taken[slug] = number
    taken.setdefault(candidate, 0)
    return candidate


def tasks(state: StateCore) -> None:
    """Turn `[ ]` and `[x]` at the start of a list item into boxes."""
    tokens = state.tokens
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (item.type, paragraph.type, inline.type) != ("list_item_open", "paragraph_open", "inline"):
            continue
        first = inline.children[0] if inline.children else None
        found = _TASK.match(first.content) if first and first.type == "text" else None
        if first and found and inline.children is not None:
            first.content = first.content[found.end() :]
            box = Token("task_box", "input", 0, meta={"done": found[1] != " "})
            inline.children.insert(0, box)
            item.attrSet("class", "task-done" if box.meta["done"] else "task")


def dashes(state: StateCore) -> None:
    """`---` to an em dash, `--` to an en dash, `...` to an ellipsis, as Sphinx does; not in code or
    addresses.
    """
    for token in state.tokens:
        protected = 0
        children = token.children or []
        for before, child in zip([None, *children], children, strict=False):
            if child.type == "link_open" and child.markup == "autolink":
                protected += 1
            elif child.type == "link_close" and child.markup == "autolink":
                protected -= 1
            elif child.type == "html_inline" and (code := _RAW_CODE.match(child.content)):
                protected = max(0, protected + (-1 if code[1] else 1))
            elif child.type == "text" and protected:
                child.type = "text_special"  # which the rule for quotes leaves alone too
            elif child.type == "text" and any(mark in child.content for mark in _DASH_MARKS):
                # After an escaped dash the others are meant as they stand, too.
                text = child.content.lstrip(before.content if before and before.info == "escape" else "\0")
                kept = child.content[: len(child.content) - len(text)]
                child.content = kept + _DASHES.sub(lambda found: _DASH_FOR[found[0]], text)


def quotes(state: StateCore) -> None:
    """Straight quotes and apostrophes to typographic ones."""
    for token in state.tokens:
        number = token.content.count('"') + token.content.count("'") if token.children else 0
        if token.children and 0 < number <= _MAX_QUOTES:
            process_inlines(token.children, state)
