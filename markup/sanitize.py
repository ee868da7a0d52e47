"""Which HTML is safe: the last step of everything that is drawn from content.

An allow-list of tags, attributes and classes. No style, no name, no data-* or hx-*, no svg, math, form or
frame; ids keep only the prefix of content, so that they cannot collide with the page's own; pictures come
from the site itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache, lru_cache

import nh3

from markup.links import kind

ID_PREFIX = "u-"
REL = "noopener noreferrer"

_ALLOWED = (
    "a abbr aside b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure "
    "h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q s samp section small span strong sub "
    "summary sup table tbody td tfoot th thead tr u ul var video wbr"
)
_TAGS = set(_ALLOWED.split())
# Dropped with what is in them; of every other tag that is not allowed, the text stays.
_EMPTIED = "script style title textarea noscript template iframe object svg math select"
EMPTIED = frozenset(_EMPTIED.split())
_ATTRIBUTES = {
    "*": {"class", "id", "lang", "title"},
    "a": {"href", "rel", "aria-label"},
    "div": {"aria-label"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "input": {"checked", "aria-label"},
    "video": {"src", "controls", "aria-label"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_VALUES = {
    "div": {"role": {"note", "group"}, "tabindex": {"0"}},
    "a": {"target": {"_blank"}},
    "pre": {"tabindex": {"0"}},
    "video": {"preload": {"metadata"}},
    "img": {"loading": {"lazy"}},
    "input": {"type": {"checkbox"}},
    "th": {"scope": {"col", "row"}},
}
# An <input> takes no input: it is the box of a task. One attribute only: several come in any order.
_FIXED = {"input": {"disabled": ""}}

_CLASS = re.compile(
    r"admonition(-title)?|note|tip|important|warning|caution|danger|attention|hint|seealso|error|other"
    r"|external|dropdown|table-scroll|align-(left|center|right)|width-[0-9]{2,3}|task(-done)?"
    r"|footnote(s|-ref|-back)?|language-[\w+.#-]{1,40}|lets-go|next|target|rubric|menu"
    r"|badge(-(primary|secondary|success|info|warning|danger|light|muted|dark|black|white|line))?"
    r"|grid(-item)?|(xs|sm|md|lg)-[1-6]|card(-(title|link|head|body|foot))?|link-button"
    r"|tabs|tab(-(title|body))?|selected|sync-[\w-]{1,60}"
    r"|hl-(comment|meta|keyword|number|string|name|deleted|inserted)|line(-number)?|marked|code"
    r"|video(-host)?"
)
_ID = re.compile(re.escape(ID_PREFIX) + r"[^\s\"'<>&]{1,200}")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_SITE_PATH = re.compile(r"/(?![/\\])[^\s\\]*|#[^\s\\]*")
_SHORT = 100  # characters of a class attribute
_ROUNDS = 8  # misnested tables come to rest in two; what does not is not drawn
_local: ContextVar[Mapping[str, str]] = ContextVar("local")  # the addresses that are vouched for now
_NUMERIC = {"width", "height", "start", "value", "colspan", "rowspan"}


def clean(html: str, *, local: Mapping[str, str] | None = None) -> str:
    """The safe part of `html`. Cleaning what was cleaned changes nothing.

    `local` is how a renderer vouches for the addresses that it made itself: relative addresses must be keys
    of it and are replaced by their values, all others lose their attribute. Without it, paths of the site
    itself (`/…`, `#…`) stay. Misnested HTML may be read differently once it was written out; it is cleaned
    until it comes to rest, so that what a browser builds is what was cleaned.
    """
    site = _site_cleaner()
    if local is None:
        html = _strip(site.clean(html))
    else:
        vouched = _local.set(local)
        try:
            html = _strip(_page_cleaner().clean(html))
        finally:
            _local.reset(vouched)
    if "<" not in html:
        return html  # nothing but text, which is read only one way
    for _ in range(_ROUNDS):
        # Read as it was written, its attributes are those that were judged: no need to judge them again.
        if _strip(_rereader().clean(html)) == html:
            return html
        html = _strip(site.clean(html))
    return ""


def _strip(html: str) -> str:
    return html.lstrip("\ufeff")  # a parser drops it there, so it must not come and go


@cache
def _site_cleaner() -> nh3.Cleaner:
    return _cleaner(_of_site)


def _of_site(url: str) -> str | None:
    return url if _SITE_PATH.fullmatch(url) else None


@cache
def _page_cleaner() -> nh3.Cleaner:
    """For what a renderer drew; made once, because that takes longer than to clean most pieces of a page."""
    return _cleaner(lambda key: _of_site(_local.get().get(key, "")))


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value that an allowed attribute may keep, or None."""
    if name == "class":
        return (_known_classes if len(value) <= _SHORT else _classes)(value)
    if name == "id":
        return value if _ID.fullmatch(value) else None
    if name == "rel":
        return value if value == REL else None
    if name in _NUMERIC:
        return value if _WHOLE_NUMBER.fullmatch(value) else None
    if name == "href":
        return None if kind(value) == "refused" else value
    if name == "src":
        return value if kind(value) == "local" else None
    return value


def _classes(value: str) -> str | None:
    return " ".join(word for word in value.split() if _CLASS.fullmatch(word)) or None


# A page of code has the same few a hundred times. Long ones are not kept: they could fill the memory.
_known_classes = lru_cache(maxsize=1_000)(_classes)


@cache
def _rereader() -> nh3.Cleaner:
    """Reads HTML and writes it out again, without a look at the values of its attributes."""
    return _cleaner(None, attribute=None)


def _cleaner(
    relative: Callable[[str], str | None] | None,
    attribute: Callable[[str, str, str], str | None] | None = _attribute,
) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=set(EMPTIED),
        attributes=_ATTRIBUTES,
        tag_attribute_values=_VALUES,
        set_tag_attribute_values=_FIXED,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        url_relative=relative,
        strip_comments=True,
        link_rel=None,
    )
