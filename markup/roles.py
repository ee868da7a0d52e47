"""Roles in a line, ``{name}`text` ``: each becomes tokens of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.backticks import backtick

from markup.problems import did_you_mean

_NAME = re.compile(r"\{(?P<name>[A-Za-z][\w:+.-]{0,60})\}(?P<fence>`+)")
_COLOURS = "primary secondary success info warning danger light muted dark black white"
_ICONS = ("octicon", "fa", "fab", "far", "fas", "material-regular", "material-outlined", "material-round")

Write = Callable[[StateInline, str], None]


def install(markdown: MarkdownIt) -> None:
    """Read roles before code, which they look like."""
    markdown.inline.ruler.before("backticks", "role", _role)


def _role(state: StateInline, silent: bool) -> bool:
    """The text of a role ends where code would."""
    start = state.pos
    found = _NAME.match(state.src, start, state.posMax)
    if not found:
        return False
    pending, state.pos = state.pending, found.start("fence")
    backtick(state, silent)
    if state.pos == found.end():  # nothing closes it
        state.pending, state.pos = pending, start
        return False
    if not silent:
        text = state.tokens.pop().content
        before = len(state.tokens)
        ROLES.get(found["name"].lower(), _unknown(found["name"]))(state, text)
        for token in state.tokens[before:]:
            token.meta["at"] = start
    return True


def _unknown(name: str) -> Write:
    def write(state: StateInline, text: str) -> None:
        token = state.push("unknown_role", "", 0)
        token.content = text
        token.meta["message"] = f"unknown role “{name}”{did_you_mean(name, ROLES)}"

    return write


# -- what they write -----------------------------------------------------------------------


def _in(tag: str, classes: str = "", attributes: dict[str, str] | None = None) -> Write:
    """The text in an element; quotes and dashes stay as they are typed."""

    def write(state: StateInline, text: str) -> None:
        opened = state.push(f"{tag}_open", tag, 1)
        opened.attrs.update({"class": classes} if classes else {})
        opened.attrs.update(attributes or {})
        state.push("text_special", "", 0).content = text
        state.push(f"{tag}_close", tag, -1)

    return write


def _text(state: StateInline, text: str) -> None:
    state.push("text_special", "", 0).content = text


def _nothing(state: StateInline, text: str) -> None:
    """A picture of the theme that stands beside words."""


def _keys(state: StateInline, text: str) -> None:
    for index, key in enumerate(re.split(r"(?<=[^+\s])\s*\+\s*", text.strip())):
        if index:
            _text(state, "+")
        _in("kbd")(state, key)


def _abbreviation(state: StateInline, text: str) -> None:
    words, expansion = _with_tail(text, "(", ")")
    _in("abbr", attributes=None if expansion is None else {"title": expansion})(state, words)


def _with_tail(text: str, opening: str, closing: str) -> tuple[str, str | None]:
    """`words (tail)` in its two parts; without a tail the whole text, and None.

    Read from the end: a pattern would try each run of spaces again and again.
    """
    if not text.endswith(closing):
        return text, None
    words, found, tail = text[:-1].rpartition(opening)
    return (words.rstrip(), tail) if found and closing not in tail else (text, None)


def _path(state: StateInline, text: str) -> None:
    """A path in which `{…}` stands for what differs."""
    state.push("code_open", "code", 1)
    for index, part in enumerate(re.split(r"[{}]", text)):
        (_in("var") if index % 2 else _text)(state, part)
    state.push("code_close", "code", -1)


def _menu(state: StateInline, text: str) -> None:
    _in("span", "menu")(state, _label(text.replace("-->", "→")))


def _interface(state: StateInline, text: str) -> None:
    _in("span", "menu")(state, _label(text))


def _label(text: str) -> str:
    """A label without the marks of its key: `&Save` is Save, `&&` is one `&`, and so is one by itself."""
    return re.sub(r"&(\S)", r"\1", text)


def _code(state: StateInline, text: str) -> None:
    state.push("code_inline", "code", 0).content = text


def _reference(kind: str, classes: str = "") -> Write:
    """A link whose address, and mostly whose text, is known when it is drawn."""

    def write(state: StateInline, text: str) -> None:
        words, target = _with_tail(text, "<", ">")
        token = state.push("reference", "", 0)
        token.content = words if target else ""
        target = target or text.strip()
        token.meta.update(kind=kind, target=target.lstrip("~!"), classes=classes)

    return write


def _badges() -> dict[str, Write]:
    roles: dict[str, Write] = {"bdg": _in("span", "badge")}
    for colour in _COLOURS.split():
        for line, look in (("", ""), ("-line", " badge-line")):
            classes = f"badge badge-{colour}{look}"
            roles[f"bdg-{colour}{line}"] = _in("span", classes)
            roles[f"bdg-link-{colour}{line}"] = _reference("url", classes)
            roles[f"bdg-ref-{colour}{line}"] = _reference("any", classes)
    return roles


ROLES: dict[str, Write] = {
    **_badges(),
    "bdg-link": _reference("url", "badge"),
    "bdg-ref": _reference("any", "badge"),
    "kbd": _keys,
    **dict.fromkeys(("abbr", "abbreviation", "ac"), _abbreviation),
    **dict.fromkeys(("doc",), _reference("doc")),
    **dict.fromkeys(("ref", "numref", "eq", "std:ref"), _reference("ref")),
    "any": _reference("any"),
    "download": _reference("file"),
    "menuselection": _menu,
    "guilabel": _interface,
    **dict.fromkeys(("file", "samp"), _path),
    **dict.fromkeys(
        ("command", "code", "literal", "envvar", "option", "math", "mimetype", "regexp", "token"), _code
    ),
    "program": _in("strong"),
    "strong": _in("strong"),
    **dict.fromkeys(("emphasis", "term", "title-reference", "title", "dfn"), _in("em")),
    **dict.fromkeys(("sub", "subscript"), _in("sub")),
    **dict.fromkeys(("sup", "superscript"), _in("sup")),
    **dict.fromkeys(_ICONS, _nothing),
}
