"""One run of the renderer: where links lead, what pictures become, and what is wrong with them."""

from __future__ import annotations

import posixpath
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from markdown_it.common.normalize_url import normalizeLink, normalizeLinkText
from markdown_it.common.utils import escapeHtml

from markup.links import Resolver, Served, kind
from markup.places import Place
from markup.problems import Problems
from markup.sanitize import REL

_PIXELS = re.compile(r"([1-9][0-9]{0,4})(?:px)?")


def written_out(attributes: Mapping[str, str]) -> str:
    """Attributes as they stand in a tag."""
    return "".join(f' {name}="{escapeHtml(value)}"' for name, value in attributes.items())


def _sized(written: Mapping[str, str], served: Served) -> dict[str, str]:
    """The attributes of a picture with its width and height, so that the text below it has its place before
    the picture is there; where one is written, the other follows it.
    """
    sizes = {
        side: found[1] for side in ("width", "height") if (found := _PIXELS.fullmatch(written.get(side, "")))
    }
    if served.width and served.height and len(sizes) < 2:
        width, height = served.width, served.height
        scale = (
            int(sizes.get("width", width)) / width if "height" not in sizes else int(sizes["height"]) / height
        )
        sizes = {"width": str(max(1, round(width * scale))), "height": str(max(1, round(height * scale)))}
    return {**{name: value for name, value in written.items() if name not in ("width", "height")}, **sizes}


@dataclass(slots=True)
class Drawing:
    """How addresses resolve, where problems go. It travels in env as `env["drawing"]`.

    The addresses that the resolver gave are written as keys that no content can guess; `local` says what
    they mean, so that the sanitiser can tell them from those that content smuggled in as raw HTML.
    """

    resolve: Resolver
    problems: Problems
    file: str
    line: int
    ids: str | None  # what ids begin with; None: headings get no ids
    title: str = ""  # of the page
    heading: str = ""  # the last one that was drawn
    local: dict[str, str] = field(default_factory=dict)
    open_links: list[bool] = field(default_factory=list)
    html_links: list[bool] = field(default_factory=list)  # those that are written as HTML
    html_player: str | None = None  # what a video of HTML shows that has not named its file yet
    secret: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def in_link(self) -> bool:
        """Whether what is drawn stands in a link, in which there can be no other."""
        return any(self.open_links) or any(self.html_links)

    def address(self, url: str) -> str:
        """A key for an address of the site's own."""
        key = f"/{self.secret}/{len(self.local)}"
        self.local[key] = url
        return key

    def report(self, code: str, message: str, at: Place, *, remedy: str | None = None) -> None:
        """Note a problem."""
        self.problems.add(code, message, file=at.file, line=at.line, column=at.column, remedy=remedy)

    def link(self, href: str, at: Place, classes: str = "") -> str | None:
        """The opening tag's attributes for a link, or None to draw its text alone."""
        match kind(href):
            case "external":
                classes = f"external {classes}".strip()
                return f'href="{escapeHtml(href)}" class="{classes}" rel="{REL}"'
            case "mail":
                address = escapeHtml(href)
            case "refused":
                self.report("E644", f"links to “{href[:80]}” are not allowed", at)
                return None
            case "local":
                url = self.resolve.link(href, at=at)
                if url is None:
                    return None
                address = self.address(url)
        return f'href="{address}" class="{classes}"' if classes else f'href="{address}"'

    def image(self, src: str, alt: str, at: Place, written: Mapping[str, str], option: str = "") -> str:
        """A picture; a remote one as a link, one that is not there as its alt text.

        `written` are the attributes that its author gave, `option` is where a directive, or HTML, says what
        the picture shows.
        """
        match kind(src):
            case "external":
                self.report("W665", f"the remote picture “{src[:80]}” is not loaded", at)
                text, link = escapeHtml(alt or src), self.link(src, at)
                return text if self.in_link else f"<a {link}>{text}</a>"
            case "local":
                if not alt.strip():
                    self._wordless("picture", src, at, option)
                if served := self.resolve.image(src, at=at):
                    attributes = {"src": self.address(served.url), "alt": alt, **_sized(written, served)}
                    return f'<img{written_out(attributes)} loading="lazy">'
            case _:
                self.report("E644", f"pictures from “{src[:80]}” are not allowed", at)
        return escapeHtml(alt)

    def video(self, src: str, alt: str, at: Place, option: str = "a line `:alt:`") -> str:
        """A player for a file of the package; what is of another site is a link."""
        if kind(src) != "local":
            attributes = self.link(src, at)
            return f"<a {attributes}>{escapeHtml(alt or src)}</a>" if attributes else escapeHtml(alt)
        if not alt.strip():
            self._wordless("video", src, at, option)
        served = self.resolve.image(src, at=at)
        if served is None:
            return escapeHtml(alt.strip() or normalizeLinkText(src))
        label = f' aria-label="{escapeHtml(alt)}"' if alt.strip() else ""
        return f'<video src="{self.address(served.url)}" preload="metadata"{label} controls=""></video>'

    def _wordless(self, what: str, src: str, at: Place, option: str) -> None:
        remedy = f"Add {option} that says what the {what} shows." if option else None
        self.report("W664", f"the {what} “{src[:80]}” has no alt text", at, remedy=remedy)

    def name(self, href: str) -> str:
        """What a link that has no words is called: the title of what it leads to, else its address."""
        title = self.resolve.title(href) if kind(href) == "local" else ""
        return title or normalizeLinkText(href)

    # -- links by name ---------------------------------------------------------------------

    def reference(self, what: str, target: str, text: str, at: Place, classes: str = "") -> str:
        """A link by role: its text is what the author wrote, else the title of what it leads to."""
        href, title = self.find(what, target)
        words = escapeHtml(text or title or target)
        if href is None:
            self.unnamed(target, at)
        attributes = None if href is None else self.link(href, at, classes)
        if attributes is not None and not self.in_link:
            return f"<a {attributes}>{words}</a>"
        return f'<span class="{classes}">{words}</span>' if classes else words

    def card(self, what: str, target: str, name: str, at: Place, *, around: bool) -> tuple[str, bool]:
        """The link that a card is, and whether it stays open around the title.

        Where the title has links of its own, or there is none, it stands by itself and is called `name`.
        """
        href, title = self.find(what, target)
        if href is None:
            self.unnamed(target, at)
        attributes = href and self.link(href, at, "card-link")
        if not attributes:
            return "", False
        if around:
            return f"<a {attributes}>", True
        return f'<a {attributes} aria-label="{escapeHtml(name or title or target)}"></a>', False

    def unnamed(self, target: str, at: Place) -> None:
        """Say that there is no such label."""
        remedy = f"Write `({target[:80]})=` on the line above what it names, or correct the name."
        self.report("W642", f"nothing is named “{target[:80]}”: shown as text", at, remedy=remedy)

    def find(self, what: str, target: str) -> tuple[str | None, str]:
        """The link and the title of a target: of kind `url`, `doc`, `ref`, `file`, or `any` of them."""
        if what in ("ref", "any") and (label := self.resolve.label(target)):
            return label
        if what == "ref":
            return None, ""
        href = normalizeLink(self._from_top(target))
        page = href if href.partition("#")[0].lower().endswith(".md") else f"{href}.md"
        if what == "doc" or (what == "any" and self.resolve.title(page)):
            href = page
        return href, self.resolve.title(href) if kind(href) == "local" else ""

    def _from_top(self, target: str) -> str:
        """`/page`, which names a page from the top of the package, as a link of this page."""
        if not target.startswith("/") or target.startswith("//"):
            return target
        return posixpath.relpath(target[1:], posixpath.dirname(self.file) or ".")
