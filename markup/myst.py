"""A page's text: Markdown with directives, to a parsed page, to safe HTML.

`parse` reads the page once, without knowing where links lead; `render` draws it with a resolver. `fragment`
does both for a piece of a page, such as a question or its feedback. All of them end in the same sanitiser.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from markup import budget, dialect, labels, nesting
from markup.blocks import Block, Files, Inclusions, Scan, no_files
from markup.drawing import Drawing
from markup.labels import Label
from markup.links import Resolver, kind, slugify
from markup.places import Place, Text
from markup.problems import Problems
from markup.sanitize import ID_PREFIX, clean
from markup.stack import MAX_NESTING
from markup.typography import plain

__all__ = ["Heading", "ParsedPage", "Rendered", "Resolver", "fragment", "parse", "render", "slugify"]

# Nothing that Markdown could read in any way but as words, as in most options of a question.
_WORDS = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;?!])*(?<! )\.?")
_WRITTEN_TAG = re.compile(r'</?([a-z0-9]+)[^>"]*(?:"[^"]*"[^>"]*)*>')  # as the sanitiser writes it
_LINE_NUMBER = re.compile(r'<span class="line-number">[0-9]+</span>')
_BACK_LINK = re.compile(r"<a [^>]*\bfootnote-back\b[^>]*>↩</a>")  # from a footnote to where it is referred to
_PHRASING = "a abbr b cite code del em i img input ins kbd mark q s samp small span strong sub sup u var wbr"
_INLINE = set(_PHRASING.split())
_NEXT = re.compile(r"next(?: up)?\s*:\s*", re.IGNORECASE)
_LETS_GO = re.compile(r"let[’']?s go\s*!?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title. Its id in the HTML is `u-` and the slug; lines count from 1."""

    level: int
    text: str
    slug: str
    line: int


@dataclass(slots=True)
class ParsedPage:
    """A page as it was read: its title taken out of the text, its quiz blocks cut out of it.

    `next_href` and `lets_go_href` are the links of a last paragraph `Next: [..](..)` or of a last link
    "Let's Go!". `anchors` are the fragments that a link to this page may name, each with the slug that is
    drawn: "" for the title, which is the page itself.
    """

    file: str
    title: str
    headings: list[Heading]
    blocks: list[Block]
    body: Text
    inclusions: Inclusions
    title_line: int | None = None
    next_href: str | None = None
    lets_go_href: str | None = None
    anchors: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list, repr=False)

    @property
    def fragments(self) -> frozenset[str]:
        """All that may stand behind `#` in a link to this page."""
        return frozenset(self.anchors)

    def named(self, fragment: str) -> str:
        """The title of what a fragment leads to: of a heading or a figure, else of the page."""
        slug = self.anchors.get(slugify(fragment))
        titles = [(one.slug, one.text) for one in self.headings]
        titles += [(label.slug, label.title) for label in self.labels.values()]
        return next((title for found, title in titles if found == slug and title), self.title)

    @property
    def first_line(self) -> int:
        """The line of the file on which the text below the front matter begins."""
        return self.body.first_line


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML and what a reader sees of it as plain text, with the number of its words."""

    html: str
    headings: tuple[Heading, ...]
    text: str
    words: int


def parse(
    body: str, *, file: str, first_line: int = 1, problems: Problems, files: Files | None = None
) -> ParsedPage:
    """Read the text below the front matter; `first_line` is its first line in the file, `files` gives the
    text of others that it includes.

    Reports E101-E105, W501, W502, W641, W651, E652, E653, W654, E688 and E689; with one of the last two the
    page comes back empty.
    """
    text = Text(file, first_line, body.split("\n"))
    inclusions = Inclusions(files or no_files)
    scan = Scan(text, problems, inclusions=inclusions, trail=(file,))
    tokens = _read(scan, lambda markdown, env: markdown.parse(body, env))
    page = ParsedPage(file, "", [], scan.blocks, text, inclusions)
    page.labels, page.anchors = labels.read(tokens)
    tokens = _take_title(page, tokens)
    if not page.title:
        page.title = _title_from(file)
        if not scan.too_deep:
            message = f"no title; “{page.title}” is taken from the file's name"
            scan.report("W641", message, 0, at=Place(file, first_line))
    page.headings = list(_headings(tokens, first_line))
    _recognise_last(page, tokens)
    page.tokens = tokens
    return page


def render(
    page: ParsedPage, resolve: Resolver, problems: Problems, *, drop: Collection[str] = ()
) -> Rendered:
    """Draw a page. `drop` names the recognised last paragraph ("next", "lets_go") that is to be left out.

    Reports E644, W664, W665 and E689; the resolver reports what it cannot find.
    """
    drawing = Drawing(resolve, problems, page.file, page.first_line, ID_PREFIX, page.title)
    _safe_html(_dropped(page, drop), drawing)  # for the problems in it
    html = _safe_html(_kept(page, drop), drawing)
    text = visible_text(html)
    return Rendered(html, tuple(page.headings), text, len(text.split()))


def fragment(
    markdown: str, resolve: Resolver, problems: Problems, *, page: ParsedPage, line: int, inline: bool = False
) -> str:
    """Safe HTML for a piece of a page that begins on this line of its file; `inline` for one without
    blocks.
    """
    if _WORDS.fullmatch(markdown):
        return markdown if inline else f"<p>{markdown}</p>\n"
    lines = page.body.lines[max(0, line - page.first_line) :]
    inclusions = Inclusions(page.inclusions.files, page.inclusions.paths)
    scan = Scan(Text(page.file, line, lines), problems, names=(), inclusions=inclusions, trail=(page.file,))
    read: Callable[[MarkdownIt, dict[str, object]], list[Token]] = (
        (lambda parser, env: parser.parseInline(markdown, env))
        if inline
        else (lambda parser, env: parser.parse(markdown, env))
    )
    drawing = Drawing(resolve, problems, page.file, line, None, page.title)
    return _safe_html(_read(scan, read), drawing)


def visible_text(html: str) -> str:
    """What a reader sees of cleaned HTML, one line per block."""
    html = _BACK_LINK.sub("", _LINE_NUMBER.sub("", html))
    marked = _WRITTEN_TAG.sub(lambda tag: "" if tag[1] in _INLINE else "\n", html.replace("\n", " "))
    lines = (" ".join(unescape(line).split()) for line in marked.split("\n"))
    return "\n".join(line for line in lines if line)


def _read(scan: Scan, read: Callable[[MarkdownIt, dict[str, object]], list[Token]]) -> list[Token]:
    with budget.Page(scan.file, scan.problems):
        return _read_all(scan, read)
    scan.too_deep = True
    return []


def _read_all(scan: Scan, read: Callable[[MarkdownIt, dict[str, object]], list[Token]]) -> list[Token]:
    try:
        tokens = read(dialect.page(), {"scan": scan})
    except RecursionError:
        scan.report_depth(0)
        return []
    deep = next((token for token in tokens if token.nesting == 1 and token.level >= MAX_NESTING - 1), None)
    if deep is not None:
        scan.report_depth(deep.map[0] if deep.map else 0)
    if fault := nesting.fault(tokens):
        scan.report("E688", fault, 0)
        scan.too_deep = True
    return [] if scan.too_deep else tokens


def _safe_html(tokens: list[Token], drawing: Drawing) -> str:
    markdown = dialect.page()
    with budget.Page(drawing.file, drawing.problems):
        html = markdown.renderer.render(tokens, markdown.options, {"drawing": drawing})
        return clean(str(html), local=drawing.local)
    return ""


def _take_title(page: ParsedPage, tokens: list[Token]) -> list[Token]:
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0 and token.meta["level"] == 1:
            page.title = " ".join(plain(tokens[index + 1].children).split())
            page.title_line = _line(token, page.first_line)
            slug = token.meta["slug"]
            page.anchors = {name: "" if of == slug else of for name, of in page.anchors.items()}
            return tokens[:index] + tokens[index + 3 :]
    return tokens


def _line(token: Token, first_line: int) -> int:
    """The line of the page on which a heading stands, or the file that has it is included."""
    return int(token.meta.get("line", first_line + (token.map or [0])[0]))


def _title_from(file: str) -> str:
    stem = posixpath.splitext(posixpath.basename(file))[0]
    words = re.sub(r"[-_\s]+", " ", stem).strip() or "Untitled"
    return words[0].upper() + words[1:]


def _headings(tokens: list[Token], first_line: int) -> Iterable[Heading]:
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            text = " ".join(plain(tokens[index + 1].children).split())
            line = _line(token, first_line)
            yield Heading(max(2, token.meta["level"]), text, token.meta["slug"], line)


def _last_paragraph(tokens: list[Token]) -> list[Token]:
    end = next((i for i, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    last = tokens[max(0, end - 3) : end]
    types = [token.type for token in last]
    return last if types == ["paragraph_open", "inline", "paragraph_close"] and last[0].level == 0 else []


def _recognise_last(page: ParsedPage, tokens: list[Token]) -> None:
    """Find a last paragraph that is nothing but a link onward."""
    last = _last_paragraph(tokens)
    children = (last[1].children or []) if last else []
    links = [index for index, child in enumerate(children) if child.type in ("link_open", "link_close")]
    if len(links) != 2:
        return
    href = str(children[links[0]].attrGet("href"))
    before, text, after = (
        plain(children[: links[0]]),
        plain(children[links[0] : links[1]]),
        plain(children[links[1] :]),
    )
    if kind(href) != "local" or after.strip(" .") or any(child.type == "image" for child in children):
        return
    if _NEXT.fullmatch(before.strip() + " "):
        page.next_href, last[0].meta["onward"] = href, "next"
        last[0].attrSet("class", "next")
    elif not before.strip() and _LETS_GO.fullmatch(text.strip()):
        page.lets_go_href, last[0].meta["onward"] = href, "lets_go"
        last[0].attrSet("class", "lets-go")


def _dropped(page: ParsedPage, drop: Collection[str]) -> list[Token]:
    last = _last_paragraph(page.tokens)
    return last if last and last[0].meta.get("onward") in drop else []


def _kept(page: ParsedPage, drop: Collection[str]) -> list[Token]:
    dropped = {id(token) for token in _dropped(page, drop)}
    return [token for token in page.tokens if id(token) not in dropped]
