"""Draws Markdown's tokens as HTML. What it makes is cleaned afterwards; see `sanitize`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from urllib.parse import urlsplit

from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from markup import highlighting, videos, written_html
from markup.boxes import ADMONITIONS
from markup.drawing import Drawing
from markup.places import Place
from markup.sanitize import ID_PREFIX
from markup.typography import plain

_LANGUAGE = re.compile(r"[\w+.#-]{1,40}")
_LINKS = {"link_open", "reference", "html_inline", "footnote_ref"}
_ALIGN = re.compile(r"text-align:(left|center|right)")


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
        href = str(token.attrGet("href") or "")
        inner = list(takewhile(lambda token: token.type != "link_close", tokens[idx + 1 :]))
        words = "" if _is_named(inner) else escapeHtml(drawing.name(href))
        pictured = any(part.type == "image" for part in inner)
        label = f' aria-label="{words}"' if words and pictured else ""
        attributes = drawing.link(href, _place(token, env))
        drawing.open_links.append(attributes is not None)
        if attributes is None:
            return words
        if title := token.attrGet("title"):
            label += f' title="{escapeHtml(str(title))}"'
        return f"<a {attributes}{label}>{'' if pictured else words}"

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</a>" if _drawing(env).open_links.pop() else ""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children, options, env)
        names = ("title", "class", "width", "height")
        kept = {name: str(value) for name in names if (value := token.attrGet(name))}
        src, option = str(token.attrGet("src") or ""), token.meta.get("option", "")
        return _drawing(env).image(src, alt, _place(token, env), kept, option)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, drawing = tokens[idx], _drawing(env)
        drawing.heading = plain(tokens[idx + 1].children)
        identity = f' id="{drawing.ids}{escapeHtml(token.meta["slug"])}"' if drawing.ids else ""
        return f"<{token.tag}{identity}>"

    def target(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        ids, slug = _drawing(env).ids, tokens[idx].meta.get("slug")
        return f'<div class="target" id="{ids}{escapeHtml(slug)}"></div>\n' if ids and slug else ""

    def reference(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, meta = tokens[idx], tokens[idx].meta
        return _drawing(env).reference(
            meta["kind"], meta["target"], token.content, _place(token, env), meta["classes"]
        )

    def card_link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        meta, title, drawing = tokens[idx].meta, tokens[idx + 1], _drawing(env)
        links = any(child.type in _LINKS for child in title.children or ())
        around = title.type == "inline" and not links
        at = _place(tokens[idx], env)
        html, stays = drawing.card(meta["kind"], meta["target"], meta["name"], at, around=around)
        drawing.open_links.append(stays)
        return html

    def card_link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.link_close(tokens, idx, options, env)

    def unknown_role(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        remedy = "Correct the name of the role; its text is shown as it is."
        _drawing(env).report("W651", token.meta["message"], _place(token, env), remedy=remedy)
        return escapeHtml(token.content)

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # A group, not a region: a page with two tables would have two landmarks of one name.
        return '<div class="table-scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        scope = tokens[idx].meta.get("scope", "col")
        return f'<th scope="{scope}"{_alignment(tokens[idx])}>'

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<td{_alignment(tokens[idx])}>"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        words = unescapeAll(token.info).strip().strip("{}").split(maxsplit=1)
        language = words[0] if words and _LANGUAGE.fullmatch(words[0]) else ""
        attributes = f' class="language-{language}"' if language else ""
        start, marked = token.meta.get("start"), token.meta.get("marked")
        pieces = highlighting.pieces(token.content, language)
        if start is None and not marked:
            return _code(highlighting.spans(pieces), attributes)
        return _code(highlighting.lines(pieces, start, set(marked or ())), attributes)

    def video_link(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, drawing = tokens[idx], _drawing(env)
        url = videos.page_of(token.meta["url"])
        title = escapeHtml(token.meta.get("title") or drawing.heading or drawing.title)
        attributes = drawing.link(url, _place(token, env))
        if attributes is None:
            return f"<p>{title}</p>\n"
        host = f"Watch on {escapeHtml(urlsplit(url).hostname or '')}, in a new tab"
        link = f'<a {attributes} target="_blank">{title} <span class="video-host">{host}</span></a>'
        return f'<p class="video">{link}</p>\n'

    def video(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        meta, drawing = tokens[idx].meta, _drawing(env)
        return drawing.video(meta["src"], meta["alt"], _place(tokens[idx], env))

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _code(escapeHtml(tokens[idx].content), "")

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        start = tokens[idx].content.lstrip()
        if start.startswith("<!--") and "-->" not in start:
            message = "the comment that opens here is never closed: what is below it is hidden"
            at = _place(tokens[idx], env)
            _drawing(env).report("E652", message, at, remedy="Add `-->` where the comment ends.")
        places = tokens[idx].meta.get("places") or [_place(tokens[idx], env)]
        return written_html.draw(tokens[idx].content, _drawing(env), places)

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return written_html.draw(tokens[idx].content, _drawing(env), [_place(tokens[idx], env)])

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


def _is_named(inner: Sequence[Token]) -> bool:
    """Whether the tokens in a link give it a name: words, the alt text of a picture, or what HTML may say."""
    says = (token.type in _LINKS and not token.content.startswith("<!--") for token in inner)
    return any(says) or bool(plain(inner).strip())


def _alignment(token: Token) -> str:
    found = _ALIGN.fullmatch(str(token.attrGet("style") or ""))
    return f' class="align-{found[1]}"' if found else ""


def _code(html: str, attributes: str) -> str:
    # A box that scrolls must be reachable with the keyboard.
    return f'<pre tabindex="0"><code{attributes}>{html}</code></pre>\n'


def _footnote(token: Token) -> tuple[str, str]:
    """The number of the note, and that of this reference to it: 2, 2-1, 2-2 …"""
    number, again = str(token.meta["id"] + 1), token.meta.get("subId", 0)
    return number, f"{number}-{again}" if again else number


def _note_id(drawing: Drawing, name: str, number: str) -> str:
    # The parts of one page are drawn one by one; the line keeps the ids of their notes apart.
    return f"{drawing.ids or f'{ID_PREFIX}l{drawing.line}-'}{name}-{number}"
