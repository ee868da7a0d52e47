"""What HTML written into a page would cost to read: how deep it nests, and what is drawn again and again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

MAX_HTML_DEPTH = 200  # the HTML parser takes time with the square of it
MAX_REOPENED = 20_000  # formats that stay open are opened anew in each block after them

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_FLAT = "area br col dd dt hr img input li link meta option p source td th tr wbr"  # closed by what follows
_UNNESTED = set(_FLAT.split())
_FORMATTING = "a b big code em font i nobr s small strike strong tt u"
_FORMATS = set(_FORMATTING.split())


def fault(tokens: Iterable[Token]) -> str | None:
    """Why the HTML in these tokens is too much to read, or None."""
    depth = formats = reopened = 0
    for name, step in _steps(tokens):
        if name in _FORMATS:
            formats = max(0, formats + step)
        elif step > 0:
            reopened += formats
        depth += 0 if name in _UNNESTED else step
        depth = max(0, depth)
        if depth > MAX_HTML_DEPTH:
            return f"more than {MAX_HTML_DEPTH} HTML elements are nested in each other"
        if reopened > MAX_REOPENED:
            return "HTML elements such as <b> are left open across too many paragraphs"
    return None


def _steps(tokens: Iterable[Token]) -> Iterator[tuple[str, int]]:
    """Each tag in the HTML, and each block of Markdown as a paragraph: its name, +1 or -1."""
    for token in tokens:
        if token.nesting > 0:
            yield "p", 1
        for part in (token, *(token.children or ())):
            if part.type in ("html_block", "html_inline"):
                for tag in _TAG.finditer(part.content):
                    yield tag[2].lower(), -1 if tag[1] else 1
