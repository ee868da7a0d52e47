"""Where a link may lead: the kinds of address, the rule for fragments, and paths inside a package."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from typing import Literal, NamedTuple, Protocol
from urllib.parse import unquote

from markup.places import Place

Kind = Literal["external", "mail", "local", "refused"]

# What a browser drops before it reads an address (WHATWG URL, "basic URL parser", steps 1-3).
_IGNORED = re.compile(r"[\t\n\r]")
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_CONTROL = re.compile(r"[\x00-\x1f]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HTTP = re.compile(r"https?://[^/\\?#\s]", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^/\\\s]", re.IGNORECASE)


class Served(NamedTuple):
    """A file as the site serves it, a picture with its size in pixels."""

    url: str
    width: int | None = None
    height: int | None = None


class Resolver(Protocol):
    """Turns the addresses that a page writes into those that the site serves.

    `href` and `src` come as Markdown gives them, percent-encoded; `target()` reads them. None means: draw
    the text instead. The resolver reports why itself, `at` the place where it is written.
    """

    def link(self, href: str, *, at: Place) -> str | None:
        """The URL for a relative link or a `#fragment`."""

    def image(self, src: str, *, at: Place) -> Served | None:
        """What a relative image, or a film, is served as."""

    def label(self, name: str) -> tuple[str, str] | None:
        """The link to what `(name)=` names, written as on this page, and its title ("" if it has none)."""

    def title(self, href: str) -> str:
        """The title of the page or heading that a relative link leads to; "" where there is none."""


def kind(href: str) -> Kind:
    """What sort of address this is, read the way a browser would read it.

    Only http, https, mailto and relative addresses are allowed; `//host` and anything with another scheme
    are refused.
    """
    href = _IGNORED.sub("", href).strip(_C0_AND_SPACE)
    if _HTTP.match(href):
        return "external"
    if _MAIL.match(href):
        return "mail"
    # `\` counts as `/` in a browser, and an encoded colon may be decoded by whoever resolves the path.
    if _SCHEME.match(unquote(href)) or href.replace("\\", "/").startswith("//"):
        return "refused"
    return "local"


def target(file: str, href: str) -> tuple[str | None, str]:
    """The file of the package that `href` on the page `file` names, and its fragment (without `#`).

    The path is "" for a link within the page, None when it leaves the package or can name no file of one.
    It is only ever meant as a key into the package's files: nothing is opened by it.
    """
    path, _, fragment = href.partition("#")
    path = unquote(path.partition("?")[0])
    return (join(file, path) if path else ""), unicodedata.normalize("NFC", unquote(fragment))


def join(file: str, path: str) -> str | None:
    """`path`, written relative to the folder of `file`, as a path of the package; None if it is none."""
    if not path or path.startswith("/") or "\\" in path or _CONTROL.search(path):
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
    if joined in (".", "..") or joined.startswith("../"):
        return None
    return unicodedata.normalize("NFC", joined)


def of_package(file: str, path: str) -> str | None:
    """`path` as a path of the package: one that begins with `/` begins at the top, others as in `join`."""
    return join("", path[1:]) if path.startswith("/") else join(file, path)


def slugify(text: str) -> str:
    """The fragment of a heading: lower case, spaces to `-`, punctuation dropped."""
    text = unicodedata.normalize("NFC", text).strip().lower()
    kept = (
        "-" if char.isspace() else char
        for char in text
        if char in "-_" or char.isspace() or unicodedata.category(char)[0] in "LNM"
    )
    return "".join(kept)
