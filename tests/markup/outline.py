"""What a reader gets of HTML, line by line, whoever drew it: text, and the structure that it stands in.

Sphinx and the site name things differently (`<aside class="footnote">`, `<li class="footnote">`); here they
read alike. What is only decoration on either side is left out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import html5lib

KINDS = ["note", "tip", "important", "warning", "caution", "danger", "attention", "hint", "seealso", "error"]
_INLINE = [
    "a",
    "abbr",
    "b",
    "br",
    "cite",
    "code",
    "del",
    "em",
    "i",
    "img",
    "input",
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "var",
]
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**", "var": "*", "del": "~~", "s": "~~"}
_PLAIN = {"highlight-none", "highlight-default"}  # how Sphinx says that no language was named
_DECORATION = {"headerlink", "footnote-back", "backrefs", "fn-bracket", "toctree-wrapper"}


def outline(html: str) -> list[str]:
    """The lines. What stands in a list, a quotation or a box is indented by two."""
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return list(_blocks(root))


def _blocks(element) -> Iterator[str]:
    """A container: texts and inline elements that stand in it directly are a paragraph."""
    waiting: list[str] = [element.text or ""]
    for child in element:
        if _is_inline(child):
            waiting += [_inline(child), child.tail or ""]
            continue
        yield from _paragraph(waiting)
        yield from _block(child)
        waiting = [child.tail or ""]
    yield from _paragraph(waiting)


def _is_inline(element) -> bool:
    return not isinstance(element.tag, str) or element.tag in _INLINE


def _paragraph(parts: list[str]) -> Iterator[str]:
    text = " ".join("".join(parts).split())
    if text:
        yield text


def _block(element) -> Iterator[str]:
    classes = _classes(element)
    if classes & _DECORATION:
        return
    if "admonition" in classes:
        yield from _admonition(element, classes)
    elif classes & {"footnote-list", "footnotes"}:
        yield from _footnotes(element)
    elif element.tag in _DRAWN:
        yield from _DRAWN[element.tag](element)
    else:
        yield from _blocks(element)


def _classes(element) -> set[str]:
    return set((element.get("class") or "").split())


def _indented(lines: Iterator[str], mark: str = "  ") -> Iterator[str]:
    for number, line in enumerate(lines):
        yield (mark if number == 0 else "  ") + line


def _heading(element) -> Iterator[str]:
    yield f"{element.tag} {_text(element)}"


def _list(element) -> Iterator[str]:
    number = int(element.get("start") or 1)
    for item in element:
        yield from _indented(_blocks(item), "- " if element.tag == "ul" else f"{number}. ")
        number += 1


def _quote(element) -> Iterator[str]:
    yield "quotation"
    yield from _indented(_blocks(element))


def _code(element) -> Iterator[str]:
    language = next((name for code in element for name in _classes(code) if name.startswith("language-")), "")
    yield f"code {language.removeprefix('language-').removeprefix('none')}".strip()
    yield from _indented(iter("".join(element.itertext()).rstrip("\n").split("\n")))


def _highlighted(element) -> Iterator[str]:
    """Sphinx says the language on the outermost of two boxes."""
    language = next((name for name in _classes(element) if name.startswith("highlight-")), "highlight-none")
    named = f"code {language.removeprefix('highlight-')}" if language not in _PLAIN else "code"
    yield from (named if line == "code" else line for line in _blocks(element))


def _table(element) -> Iterator[str]:
    for row in element.iter("tr"):
        cells = [f"{_text(cell)}{_alignment(cell)}" for cell in row]
        yield f"{'table head' if row[0].tag == 'th' else 'table row'} | {' | '.join(cells)}"


def _alignment(cell) -> str:
    found = re.search(r"(?:align|text)-(left|center|right)", cell.get("class") or "")
    return f" ({found[1]})" if found else ""


def _admonition(element, classes: set[str]) -> Iterator[str]:
    kind = next((name for name in KINDS if name in classes), "other")
    title = next((child for child in element if "admonition-title" in _classes(child)), None)
    if title is not None:
        element.remove(title)
    yield f"admonition {kind}: {'' if title is None else _text(title)}"
    yield from _indented(_blocks(element))


def _footnotes(element) -> Iterator[str]:
    notes = [one for one in element.iter() if _classes(one) & {"footnote"}]
    for number, note in enumerate(notes, start=1):
        for child in list(note):
            if "label" in _classes(child):
                note.remove(child)
        yield f"footnote {number}"
        yield from _indented(_blocks(note))


def _figure(element) -> Iterator[str]:
    """Around code it is how the site says its title; Sphinx has one in a box of its own."""
    if "code" in _classes(element):
        yield from _blocks(element)
        return
    for child in element:
        name = "caption: " if child.tag == "figcaption" else ""
        for line in _blocks(child) if name else _paragraph([_inline(child)]):
            yield name + line


def _details(element) -> Iterator[str]:
    summary = next(child for child in element if child.tag == "summary")
    element.remove(summary)
    yield f"details: {_text(summary)}"
    yield from _indented(_blocks(element))


def _terms(element) -> Iterator[str]:
    for child in element:
        yield from _indented(_blocks(child), "term: " if child.tag == "dt" else ": ")


def _rule(element) -> Iterator[str]:
    yield "rule"


_DRAWN: dict[str, Callable[..., Iterator[str]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    "ul": _list, "ol": _list, "blockquote": _quote, "pre": _code, "table": _table,
    "figure": _figure, "details": _details, "dl": _terms, "hr": _rule, "div": _highlighted,
}  # fmt: skip


def _text(element) -> str:
    """All of it on one line, whatever it is made of."""
    return " ".join("".join([element.text or "", *(_inline(c) + (c.tail or "") for c in element)]).split())


def _inline(element) -> str:
    if not isinstance(element.tag, str) or _classes(element) & _DECORATION:
        return ""
    inner = "".join([element.text or "", *(_inline(child) + (child.tail or "") for child in element)])
    if _classes(element) & {"footnote-reference", "footnote-ref"}:
        return f"[^{''.join(element.itertext()).strip('[]')}]"
    if element.tag == "a":
        return _link(element, inner)
    if element.tag == "img":
        return f"![{element.get('alt') or ''}]({posixpath.basename(element.get('src') or '')})"
    if element.tag == "input":
        return "[x] " if element.get("checked") is not None else "[ ] "
    if element.tag in ("code", "kbd", "samp"):
        return f"`{inner}`"
    if element.tag in ("sub", "sup", "mark"):
        return f"<{element.tag}>{inner}</{element.tag}>"
    mark = "\n⏎" if element.tag == "br" else _MARKS.get(element.tag, "")
    return f"{mark}{inner}{mark if element.tag != 'br' else ''}"


def _link(element, inner: str) -> str:
    href = element.get("href") or ""
    if re.match(r"[a-z]+:", href):
        return f"[{inner.strip()}]({unquote(href)})"
    path, _, fragment = href.partition("#")
    page = posixpath.basename(path).replace(".html", ".md")
    fragment = fragment.removeprefix("u-")
    return inner if not href else f"[{inner.strip()}]({page}{'#' if fragment else ''}{fragment})"
