"""Videos: of another site as a card that leads there, of the page's own files with a player."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from markdown_it.common.normalize_url import normalizeLink

from markup.writing import Writer

_ID = r"[A-Za-z0-9_-]{6,20}"
_YOUTUBE_HOSTS = ("youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com", "youtu.be")
# Where its players are, the one that keeps no cookies first.
_YOUTUBE_PLAYERS = ("www.youtube-nocookie.com", "www.youtube.com")
_YOUTUBE = re.compile(rf"/(?:embed/|v/|shorts/|live/)?({_ID})/?")
_QUERY = re.compile(rf"(?:^|&)v=({_ID})(?:&|$)")


def of_youtube(writer: Writer) -> None:
    """`{youtube} ID`; the body, or `:title:`, says what it is called."""
    options = writer.options("title", "width", "height", "align", "aspect", "privacy_mode", "url_parameters")
    written = writer.argument
    url = written if "/" in written else f"https://www.youtube.com/watch?v={written}"
    write(writer, url, options.get("title") or " ".join(writer.source().split()))


def write(writer: Writer, url: str, title: str) -> None:
    """A card; without a title it is called by the heading above it."""
    token = writer.push("video_link")
    token.meta.update(url=url, title=title, place=writer.argument_place)


def own(writer: Writer) -> None:
    """`{video} file.mp4`: plays from the page's own files; the body is the caption."""
    options = writer.options(
        "alt", "caption", "width", "height", "align", "poster", "autoplay", "loop", "muted"
    )
    writer.open("figure", "figure")
    token = writer.push("video")
    token.meta.update(src=normalizeLink(writer.argument), alt=options.get("alt", ""))
    token.meta["place"] = writer.argument_place
    caption = options.get("caption", "")
    if caption or not writer.empty:
        writer.open("figcaption", "figcaption")
        if caption:
            writer.inline(caption)
        writer.body()
        writer.close("figcaption", "figcaption")
    writer.close("figure", "figure")


def page_of(url: str) -> str:
    """Where a person watches the video with this address: for an embedded one of YouTube, its page there."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.hostname not in _YOUTUBE_HOSTS:
        return url
    found = _QUERY.search(parts.query) or _YOUTUBE.fullmatch(parts.path)
    return f"https://www.youtube.com/watch?v={found[1]}" if found else url


def player_of(url: str, hosts: Collection[str]) -> str | None:
    """The address of the player for what a card links to, where one of these hosts has it.

    A page of YouTube has its player at an address of its own; any other host's address is the player's.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme != "https":
        return None
    found = _QUERY.search(parts.query) if parts.netloc == "www.youtube.com" else None
    if found is None:
        return url if parts.netloc.lower() in hosts else None
    host = next((host for host in _YOUTUBE_PLAYERS if host in hosts), None)
    return f"https://{host}/embed/{found[1]}" if host else None
