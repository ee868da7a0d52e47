"""An independent opinion on HTML: html5lib reads it, and every rule is stated again from scratch."""

from __future__ import annotations

import re
from collections.abc import Iterator

import html5lib

TAGS = re.findall(
    r"\S+",
    """a abbr aside b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2
    h3 h4 h5 h6
    hr i img input ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody
    td tfoot
    th thead tr u ul var video wbr""",
)
ATTRIBUTES = re.findall(
    r"\S+",
    """class id lang title dir href rel aria-label role tabindex open src alt width height loading checked
    type
    disabled start reversed value colspan rowspan scope target controls preload""",
)


def elements(html: str):
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=True)
    for element in tree.iter():
        if element is not tree:
            yield element


def name_of(element) -> str:
    """The tag with its namespace, so that an svg `a` is not taken for a link."""
    if not isinstance(element.tag, str):
        return "comment"
    return element.tag.removeprefix("{http://www.w3.org/1999/xhtml}")


def scheme(url: str) -> str:
    """The scheme as the URL standard reads it; "relative", or "network" for `//host` in any spelling."""
    url = re.sub(r"[\t\n\r]", "", url.strip("".join(map(chr, range(33)))))
    found = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", url)  # not IGNORECASE, to which ſ is an s
    if found:
        return found[1].lower()
    return "network" if re.match(r"[/\\]{2}", url) else "relative"


def faults(html: str) -> Iterator[str]:
    """Everything in the HTML that could run, load, phone home, or collide with the page around it."""
    for element in elements(html):
        tag = name_of(element)
        if tag not in TAGS:
            yield f"element {tag}"
        for name, value in element.attrib.items():
            if name not in ATTRIBUTES:
                yield f"attribute {name} on {tag}"
            if name == "href" and scheme(value) not in ("http", "https", "mailto", "relative"):
                yield f"href {value!r}"
            if name == "src" and scheme(value) != "relative":
                yield f"src {value!r}"
            if name == "id" and not value.startswith("u-"):
                yield f"id {value!r}"
        if tag == "input" and element.get("disabled") is None:
            yield "an input that takes input"
        outside = tag == "a" and scheme(element.get("href", "")) in ("http", "https")
        marked = element.get("rel") == "noopener noreferrer" and "external" in element.get("class", "")
        if outside and not marked:
            yield f"an external link without rel: {element.get('href')!r}"
