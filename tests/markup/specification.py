"""The examples of the specifications in vendor/, and HTML as what a browser builds of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import html5lib

VENDOR = Path(__file__).parents[2] / "vendor"
_FENCE = "`" * 32
_EXAMPLE = re.compile(
    rf"^{_FENCE} example(?P<kind>[^\n]*)\n(?P<source>.*?)^\.\n(?P<html>.*?)^{_FENCE}$",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Example:
    number: int
    kind: str  # the extension that it shows, "" for plain CommonMark
    source: str
    html: str


def examples(name: str) -> list[Example]:
    """All examples of vendor/`name`/spec.txt, in which an arrow stands for a tab."""
    text = (VENDOR / name / "spec.txt").read_text(encoding="utf-8").replace("→", "\t")
    return [
        Example(number, found["kind"].strip(), found["source"], found["html"])
        for number, found in enumerate(_EXAMPLE.finditer(text), start=1)
    ]


def built(html: str, *, address: Callable[[str], str] = str) -> list[object]:
    """The tree of a piece of HTML: texts with single spaces, and elements as (name, attributes, content).

    What the site adds to every element of a kind is left out: ids of headings, the marks of links that lead
    outside, lazy pictures, the frame in which a table scrolls, `tabindex` on code, labels and classes of
    tasks. Its headings start at 2, and `<s>` is what it draws for `<del>`. `address` is applied to all
    addresses.
    """
    root = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    for element in root.iter():
        for name in {"href", "src"} & set(element.attrib):
            element.set(name, address(element.get(name)))
    return _content(root, pre=False)


def _content(element, *, pre: bool) -> list[object]:
    parts: list[object] = [element.text or ""]
    for child in element:
        if child.get("class") == "table-scroll":
            parts += [_built(child[0], pre=pre), child.tail or ""]
        else:
            parts += [_built(child, pre=pre) if isinstance(child.tag, str) else "", child.tail or ""]
    return list(_joined(parts, pre=pre))


_ADDED = {"a": {"rel"}, "pre": {"tabindex"}, "img": {"loading"}, "input": {"aria-label"}, "th": {"scope"}}
_ADDED |= {f"h{level}": {"id"} for level in range(1, 7)}
_DRAWN_AS = {"h1": "h2", "del": "s"}


def _built(element, *, pre: bool) -> tuple[object, ...]:
    attributes, tag = dict(element.attrib), element.tag
    for name in _ADDED.get(tag, ()):
        attributes.pop(name, None)
    if attributes.get("class") in ("external", "task", "task-done"):
        del attributes["class"]
    if tag in ("th", "td") and (align := attributes.pop("align", None)):
        attributes["class"] = f"align-{align}"
    content = _content(element, pre=pre or tag == "pre")
    if tag == "pre" and isinstance(content[0], str):  # html5lib keeps the first line end in a table's cell
        content[0] = content[0].removeprefix("\n")
    return (_DRAWN_AS.get(tag, tag), sorted(attributes.items()), content)


def _joined(parts: Iterable[object], *, pre: bool) -> Iterable[object]:
    text = ""
    for part in [*parts, None]:
        if isinstance(part, str):
            text += part
            continue
        text = text if pre else " ".join(text.split())
        yield from [text] if text else []
        yield from [part] if part is not None else []
        text = ""
