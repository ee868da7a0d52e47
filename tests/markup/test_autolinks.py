"""Addresses that stand in a text by themselves."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from markup import myst
from markup.problems import Problems
from tests.markup.links import Links

PAGE = myst.parse("# T\n", file="page.md", problems=Problems())


def links(text: str) -> list[tuple[str, str]]:
    html = myst.fragment(text, Links(), Problems(), page=PAGE, line=1)
    return [(str(a["href"]), a.text) for a in BeautifulSoup(html, "html.parser").find_all("a")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org.", "https://example.org"),
        ("See http://example.org/a?b=c&d=e#f!", "http://example.org/a?b=c&d=e#f"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("https://example.org/__init__.py", "https://example.org/__init__.py"),
        ("**https://example.org/a**", "https://example.org/a"),
        ("https://example.org/a---b...", "https://example.org/a---b"),
        ("https://localhost:8000/x", "https://localhost:8000/x"),
        ("https://example.org/?q='a'.", "https://example.org/?q='a"),
        ("https://example.org/a&copy;", "https://example.org/a"),
        ("https://example.org/a<br>", "https://example.org/a"),
        ("https://exämple.org/ü", "https://exämple.org/ü"),
        ("- https://example.org", "https://example.org"),
    ],
)
def test_a_web_address_is_a_link_as_far_as_it_goes(text: str, found: str) -> None:
    assert [shown for _, shown in links(text)] == [found]


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("www.example.org/a.", "http://www.example.org/a"),
        ("write to foo_bar.baz+1@mail.example.org.", "mailto:foo_bar.baz+1@mail.example.org"),
        ("*me@example.org*", "mailto:me@example.org"),
    ],
)
def test_www_and_mail_addresses_too(text: str, href: str) -> None:
    assert [to for to, _ in links(text)] == [href]


@pytest.mark.parametrize(
    "text",
    [
        "xhttps://example.org",
        "https:// example",
        "https://under_score.org",
        "`https://example.org`",
        "https\\://example.org",
        "ftp://example.org",
        "file:///etc/passwd",
        "javascript://example.org",
        "a@b",
        "a@example.org-",
        "a@b@example.org",
        "awww.example.org",
        "www.under_score.org",
        '"https://example.org"',
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert links(text) == []


def test_in_a_link_and_in_a_picture_it_is_text() -> None:
    text = "[see https://a.org and b@c.org](https://d.org) ![www.e.org](https://f.org)"
    assert [href for href, _ in links(text)] == ["https://d.org", "https://f.org"]


@given(st.lists(st.sampled_from([*"wW.:/@_-*()&;<a ", "https", "www.", "://", "a.b", "\n"])).map("".join))
@settings(max_examples=300, deadline=None)
def test_nothing_of_the_text_is_lost(text: str) -> None:
    """Taken as a link or not, every letter is shown, in its place."""
    html = myst.fragment(text, Links(), Problems(), page=PAGE, line=1, inline=True)
    shown = BeautifulSoup(f"<p>{html}</p>", "html.parser").text
    assert [c for c in shown if c.isalpha()] == [c for c in text if c.isalpha()]
