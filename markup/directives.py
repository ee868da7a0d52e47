"""What each directive becomes: it writes Markdown tokens, which the renderer draws like all others."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from markup.blocks import Directive, Scan
from markup.fences import read_body
from markup.problems import did_you_mean
from markup.stack import VERBATIM

ADMONITIONS = {
    "note": "Note",
    "tip": "Tip",
    "important": "Important",
    "warning": "Warning",
    "caution": "Caution",
    "danger": "Danger",
    "attention": "Attention",
    "hint": "Hint",
    "seealso": "See also",
    "error": "Error",
}
_COMMON = {"class", "name"}
_CODE_OPTIONS = _COMMON | {"linenos", "lineno-start", "emphasize-lines", "caption", "dedent", "force"}
_IMAGE_OPTIONS = _COMMON | {"alt", "width", "height", "align", "target", "figclass", "figwidth"}
_WIDTHS = (25, 33, 50, 66, 75, 100)  # per cent; the style sheet has a class for each
_PERCENT = re.compile(r"(\d{1,3})\s*%")
_PIXELS = re.compile(r"(\d{1,5})\s*(?:px)?")


def emit(state: StateBlock, directive: Directive) -> None:
    """Write the tokens of a directive. An unknown one is its text in an admonition named after it (W651)."""
    if directive.name in ADMONITIONS:
        _standard_admonition(state, directive)
    elif known := _KNOWN.get(directive.name):
        known(state, directive)
    else:
        _unknown(state, directive)


def _scan(state: StateBlock) -> Scan:
    found = state.env["scan"]
    assert isinstance(found, Scan)
    return found


def _options(state: StateBlock, directive: Directive, known: Collection[str]) -> dict[str, str]:
    """The options that the directive knows; W654 for the others."""
    scan = _scan(state)
    for option in directive.options:
        if option.key not in known:
            scan.problems.add(
                "W654",
                f"“{directive.name}” has no option “{option.key}”{did_you_mean(option.key, known)}",
                file=scan.file, line=option.line, column=option.column,
            )  # fmt: skip
    return {option.key: option.value for option in directive.options if option.key in known}


def _standard_admonition(state: StateBlock, directive: Directive) -> None:
    _options(state, directive, _COMMON)
    title = ADMONITIONS[directive.name]
    with_title = title if directive.heading is None else directive.heading
    _admonition(state, directive, directive.name, with_title, lead=directive.title)


def _titled_admonition(state: StateBlock, directive: Directive) -> None:
    classes = _options(state, directive, _COMMON).get("class", "").split()
    kind = next((word for word in classes if word in ADMONITIONS), "other")
    _admonition(state, directive, kind, directive.title or directive.heading or "Note")


def _unknown(state: StateBlock, directive: Directive) -> None:
    scan, name = _scan(state), directive.name
    choices = [*_KNOWN, *ADMONITIONS, *scan.names]
    scan.report("W651", f"unknown directive “{name}”{did_you_mean(name, choices)}", directive.start)
    title = re.sub(r"[-_:.+]+", " ", name).strip().capitalize()
    if argument := directive.heading or directive.title:
        title = f"{title}: {argument}"
    _admonition(state, directive, "other", title)


def _admonition(state: StateBlock, directive: Directive, kind: str, title: str, *, lead: str = "") -> None:
    token = _push(state, "admonition_open", "div", 1, directive)
    token.meta = {"kind": kind}
    if title:
        _text(state, "admonition_title", "p", title, directive)
    if lead:
        _text(state, "paragraph", "p", lead, directive)
    if directive.name in VERBATIM:
        _code_block(state, directive, "")
    else:
        read_body(state, directive)
    _push(state, "admonition_close", "div", -1, directive)


def _dropdown(state: StateBlock, directive: Directive) -> None:
    options = _options(state, directive, _COMMON | {"open", "color", "icon", "animate"})
    token = _push(state, "details_open", "details", 1, directive)
    token.attrSet("class", "dropdown")
    if "open" in options:
        token.attrSet("open", "")
    _text(state, "summary", "summary", directive.title or directive.heading or "More", directive)
    read_body(state, directive)
    _push(state, "details_close", "details", -1, directive)


def _figure(state: StateBlock, directive: Directive) -> None:
    options = _options(state, directive, _IMAGE_OPTIONS)
    token = _push(state, "figure_open", "figure", 1, directive)
    if options.get("align") in ("left", "center", "right"):
        token.attrSet("class", f"align-{options['align']}")
    _image(state, directive, options)
    if any(not state.isEmpty(line) for line in range(directive.body_start, directive.body_end)):
        _push(state, "figcaption_open", "figcaption", 1, directive)
        read_body(state, directive)
        _push(state, "figcaption_close", "figcaption", -1, directive)
    _push(state, "figure_close", "figure", -1, directive)


def _image(state: StateBlock, directive: Directive, options: dict[str, str]) -> None:
    image = Token("image", "img", 0, attrs={"src": state.md.normalizeLink(directive.title), "alt": ""})
    image.children = [Token("text", "", 0, content=options.get("alt", ""))]
    if percent := _PERCENT.fullmatch(options.get("width", "")):
        image.attrSet("class", f"width-{min(_WIDTHS, key=lambda width: abs(width - int(percent[1])))}")
    for side in ("width", "height"):
        if pixels := _PIXELS.fullmatch(options.get(side, "")):
            image.attrSet(side, pixels[1])
    image.meta["place"] = _scan(state).text.find(directive.start, directive.title)
    inline = _push(state, "inline", "", 0, directive)
    inline.children = [image]
    if target := options.get("target"):
        link = Token("link_open", "a", 1, attrs={"href": state.md.normalizeLink(target)})
        link.meta["place"] = image.meta["place"]
        inline.children = [link, image, Token("link_close", "a", -1)]


def _code(state: StateBlock, directive: Directive) -> None:
    _options(state, directive, _CODE_OPTIONS)
    _code_block(state, directive, directive.title)


def _code_block(state: StateBlock, directive: Directive, language: str) -> None:
    token = _push(state, "fence", "code", 0, directive)
    token.info = language
    token.content = _source(state, directive)


def _raw(state: StateBlock, directive: Directive) -> None:
    _options(state, directive, _COMMON)
    if directive.title.lower() == "html":
        _push(state, "html_block", "", 0, directive).content = _source(state, directive)


def _nothing(state: StateBlock, directive: Directive) -> None:
    """The order of the pages stands in the front matter."""


def _source(state: StateBlock, directive: Directive) -> str:
    indent = state.blkIndent + directive.indent
    return state.getLines(directive.body_start, directive.body_end, indent, True)


def _push(state: StateBlock, kind: str, tag: str, nesting: int, directive: Directive) -> Token:
    token = state.push(kind, tag, nesting)  # type: ignore[arg-type]
    if nesting >= 0:
        token.map = [directive.start, directive.after]
    return token


def _text(state: StateBlock, kind: str, tag: str, text: str, directive: Directive) -> None:
    _push(state, f"{kind}_open", tag, 1, directive)
    inline = _push(state, "inline", "", 0, directive)
    inline.content, inline.children = text, []
    _push(state, f"{kind}_close", tag, -1, directive)


_KNOWN: dict[str, Callable[[StateBlock, Directive], None]] = {
    "admonition": _titled_admonition,
    "dropdown": _dropdown,
    "figure": _figure,
    "image": _figure,
    "code": _code,
    "code-block": _code,
    "sourcecode": _code,
    "raw": _raw,
    "toctree": _nothing,
}
