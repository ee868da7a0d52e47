"""Draws Markdown's tokens as HTML. What it makes is cleaned afterwards; see `sanitize`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from markup.directives import ADMONITIONS
from markup.links import Resolver, kind
from markup.places import Place
from markup.problems import Problems
from markup.sanitize import ID_PREFIX, REL
from markup.typography import plain

# In a tag the first of two equal attributes counts, so what the author wrote there has no effect.
_RAW_TAG = re.compile(r"<(a|input)(?=[\t\n\f\r />]|$)", re.IGNORECASE)
_EXTERNAL = f'class="external" rel="{REL}"'
_LANGUAGE = re.compile(r"[\w+.#-]{1,40}")
_ALIGN = re.compile(r"text-align:(left|center|right)")


@dataclass(slots=True)
class Drawing:
    """One run of the renderer: how addresses resolve, where problems go. It travels in env as
    `env["drawing"]`.

    The addresses that the resolver gave are written as keys that no content can guess; `local` says what
    they mean, so that the sanitiser can tell them from those that content smuggled in as raw HTML.
    """

    resolve: Resolver
    problems: Problems
    file: str
    line: int
    ids: str | None  # what ids begin with; None: headings get no ids
    local: dict[str, str] = field(default_factory=dict)
    open_links: list[bool] = field(default_factory=list)
    secret: str = field(default_factory=lambda: secrets.token_hex(16))

    def address(self, url: str) -> str:
        """A key for an address of the site's own."""
        key = f"/{self.secret}/{len(self.local)}"
        self.local[key] = url
        return key

    def report(self, code: str, message: str, at: Place) -> None:
        self.problems.add(code, message, file=at.file, line=at.line, column=at.column)

    def link(self, href: str, at: Place) -> str | None:
        """The opening tag's attributes for a link, or None to draw its text alone."""
        match kind(href):
            case "external":
                return f'href="{escapeHtml(href)}" {_EXTERNAL}'
            case "mail":
                return f'href="{escapeHtml(href)}"'
            case "refused":
                self.report("E644", f"links to “{href[:80]}” are not allowed", at)
                return None
            case "local":
                url = self.resolve.link(href, at=at)
                return None if url is None else f'href="{self.address(url)}"'

    def image(self, src: str, alt: str, at: Place, attributes: str) -> str:
        """A picture; a remote one as a link, one that is not there as its alt text."""
        match kind(src):
            case "external":
                self.report("W665", f"the remote picture “{src[:80]}” is not loaded", at)
                text = escapeHtml(alt or src)
                return text if any(self.open_links) else f'<a href="{escapeHtml(src)}" {_EXTERNAL}>{text}</a>'
            case "local":
                if not alt.strip():
                    self.report("W664", f"the picture “{src[:80]}” has no alt text", at)
                url = self.resolve.image(src, at=at)
                if url is not None:
                    source = f'src="{self.address(url)}" alt="{escapeHtml(alt)}"'
                    return f'<img {source}{attributes} loading="lazy">'
            case _:
                self.report("E644", f"pictures from “{src[:80]}” are not allowed", at)
        return escapeHtml(alt)


def _drawing(env: EnvType) -> Drawing:
    found = env["drawing"]
    assert isinstance(found, Drawing)
    return found


def _place(token: Token, env: EnvType) -> Place:
    found = token.meta.get("place")
    return found if isinstance(found, Place) else Place(_drawing(env).file, _drawing(env).line)


class StandardRenderer(RendererHTML):
    """Draws CommonMark as its specification does, also where a quotation is empty."""

    def blockquote_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Always on a line of its own."""
        return self.renderToken(tokens, idx, options, env).removesuffix("\n") + "\n"


class PageRenderer(StandardRenderer):
    """One method, named after it, for each kind of token that is not drawn the standard way."""

    # ruff: noqa: D102

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, drawing = tokens[idx], _drawing(env)
        attributes = drawing.link(str(token.attrGet("href") or ""), _place(token, env))
        drawing.open_links.append(attributes is not None)
        if attributes is None:
            return ""
        title = token.attrGet("title")
        return f"<a {attributes}" + (f' title="{escapeHtml(str(title))}">' if title else ">")

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</a>" if _drawing(env).open_links.pop() else ""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children, options, env)
        kept = {name: token.attrGet(name) for name in ("title", "class", "width", "height")}
        attributes = "".join(f' {name}="{escapeHtml(str(value))}"' for name, value in kept.items() if value)
        return _drawing(env).image(str(token.attrGet("src") or ""), alt, _place(token, env), attributes)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, drawing = tokens[idx], _drawing(env)
        identity = f' id="{drawing.ids}{escapeHtml(token.meta["slug"])}"' if drawing.ids else ""
        return f"<{token.tag}{identity}>"

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # A group, not a region: a page with two tables would have two landmarks of one name.
        return '<div class="table-scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<th scope="col"{_alignment(tokens[idx])}>'

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<td{_alignment(tokens[idx])}>"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        words = unescapeAll(tokens[idx].info).strip().strip("{}").split(maxsplit=1)
        language = words[0] if words and _LANGUAGE.fullmatch(words[0]) else ""
        return _code(tokens[idx].content, f' class="language-{language}"' if language else "")

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _code(tokens[idx].content, "")

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _RAW_TAG.sub(_mark_raw, tokens[idx].content)

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _RAW_TAG.sub(_mark_raw, tokens[idx].content)

    def task_box(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        done = tokens[idx].meta["done"]
        state = 'checked="" aria-label="Done"' if done else 'aria-label="To do"'
        return f'<input type="checkbox" {state}> '

    def admonition_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        kind_of = tokens[idx].meta["kind"]
        label = ADMONITIONS.get(kind_of, "Note")
        if tokens[idx + 1].type == "admonition_title_open":
            label = plain(tokens[idx + 2].children)
        return f'<div class="admonition {kind_of}" role="note" aria-label="{escapeHtml(label)}">\n'

    def admonition_title_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<p class="admonition-title">'

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        drawing, (number, reference) = _drawing(env), _footnote(tokens[idx])
        target = drawing.address(f"#{_note_id(drawing, 'fn', number)}")
        here = _note_id(drawing, "fnref", reference)
        return f'<sup class="footnote-ref"><a href="{target}" id="{here}">[{number}]</a></sup>'

    def footnote_block_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<section class="footnotes">\n<ol>\n'

    def footnote_block_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</ol>\n</section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        number, _ = _footnote(tokens[idx])
        return f'<li class="footnote" id="{_note_id(_drawing(env), "fn", number)}">'

    def footnote_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        drawing, (number, reference) = _drawing(env), _footnote(tokens[idx])
        back = drawing.address(f"#{_note_id(drawing, 'fnref', reference)}")
        return f' <a href="{back}" class="footnote-back" aria-label="Back to reference {number}">↩</a>'


def _mark_raw(tag: re.Match[str]) -> str:
    return f"<a {_EXTERNAL} " if tag[1].lower() == "a" else '<input type="checkbox" '


def _alignment(token: Token) -> str:
    found = _ALIGN.fullmatch(str(token.attrGet("style") or ""))
    return f' class="align-{found[1]}"' if found else ""


def _code(content: str, attributes: str) -> str:
    # A box that scrolls must be reachable with the keyboard.
    return f'<pre tabindex="0"><code{attributes}>{escapeHtml(content)}</code></pre>\n'


def _footnote(token: Token) -> tuple[str, str]:
    """The number of the note, and that of this reference to it: 2, 2-1, 2-2 …"""
    number, again = str(token.meta["id"] + 1), token.meta.get("subId", 0)
    return number, f"{number}-{again}" if again else number


def _note_id(drawing: Drawing, name: str, number: str) -> str:
    # The parts of one page are drawn one by one; the line keeps the ids of their notes apart.
    return f"{drawing.ids or f'{ID_PREFIX}l{drawing.line}-'}{name}-{number}"
