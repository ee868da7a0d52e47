from __future__ import annotations

import posixpath
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from markup import myst
from markup.links import join, kind, slugify, target
from markup.problems import Problems
from tests.markup.links import Links
from tests.markup.oracle import scheme

# To a picture of another site: nothing is loaded before somebody follows it.
_LINK = re.compile(r'<a href="[^"]*" class="external" rel="noopener noreferrer">[^<]*</a>')


@pytest.mark.trust("MD-05")
@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org", "external"),
        ("HTTP://EXAMPLE.ORG", "external"),
        (" https://example.org", "external"),
        ("ht\ntps://example.org", "external"),
        ("mailto:a@example.org", "mail"),
        ("MAILTO:a@example.org", "mail"),
        ("./a.md", "local"),
        ("../a.md#x", "local"),
        ("#x", "local"),
        ("a.md", "local"),
        ("/x", "local"),
        ("", "local"),
        ("a/b:c.md", "local"),
        ("?x=1", "local"),
        ("javascript:x", "refused"),
        ("\x01javascript:x", "refused"),
        ("java\tscript:x", "refused"),
        ("JAVASCRIPT:x", "refused"),
        ("javascript%3Ax", "refused"),
        ("data:,x", "refused"),
        ("vbscript:x", "refused"),
        ("file:///x", "refused"),
        ("blob:https://x", "refused"),
        ("tel:1", "refused"),
        ("ftp://x", "refused"),
        ("//example.org", "refused"),
        ("\\\\example.org", "refused"),
        ("/\\example.org", "refused"),
        ("\t//example.org", "refused"),
        ("/\n/example.org", "refused"),
        ("https:example.org", "refused"),
        ("https:///example.org", "refused"),
        ("https:\\\\example.org", "refused"),
        ("http://", "refused"),
        ("https://\texample.org", "external"),
        ("mailto:", "refused"),
        ("c:\\x", "refused"),
        ("x:y", "refused"),
    ],
)
def test_kinds(href: str, expected: str) -> None:
    assert kind(href) == expected


@pytest.mark.trust("MD-05")
@given(st.text(st.sampled_from("javscript:/\\#?%3A \t\n\0\x01dataHTTPS.mlo@-ſ"), max_size=20))
@example("ſ:")
def test_the_kind_agrees_with_the_url_standard(href: str) -> None:
    allowed = {"external": {"http", "https"}, "mail": {"mailto"}, "local": {"relative"}}
    if kind(href) != "refused":
        assert scheme(href) in allowed[kind(href)]


@pytest.mark.trust("MD-08")
@pytest.mark.parametrize(
    ("file", "path", "expected"),
    [
        ("icp.md", "./icp/a.md", "icp/a.md"),
        ("icp/a.md", "../icp.md", "icp.md"),
        ("icp/a.md", "b.md", "icp/b.md"),
        ("icp/a.md", "./a/../b.md", "icp/b.md"),
        ("icp.md", "cafe\u0301.md", "café.md"),
        ("icp.md", "../x.md", None),
        ("icp/a.md", "../../x.md", None),
        ("icp.md", "/etc/passwd", None),
        ("icp.md", "..\\x.md", None),
        ("icp.md", "a\0.md", None),
        ("icp.md", "", None),
        ("icp.md", ".", None),
        ("icp.md", "..", None),
        ("icp/a.md", "..", None),
        ("icp.md", "icp/../../x", None),
        ("icp.md", "a\n.md", None),
    ],
)
def test_paths_stay_in_the_package(file: str, path: str, expected: str | None) -> None:
    assert join(file, path) == expected


@pytest.mark.trust("MD-08")
@given(st.text(st.sampled_from("./\\%2eE~ab\0:"), max_size=30))
def test_no_path_leaves_the_package(path: str) -> None:
    for found in (join("m/a.md", path), target("m/a.md", path)[0]):
        if found:
            assert not found.startswith("/")
            assert ".." not in found.split("/")
            assert posixpath.normpath(found) == found


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("./b.md#Part%20Two", ("m/b.md", "Part Two")),
        ("#x", ("", "x")),
        ("b%20c.md?x=1#y", ("m/b c.md", "y")),
        ("%2e%2e/%2e%2e/etc/passwd", (None, "")),
        ("..%2Fx.md", ("x.md", "")),
    ],
)
def test_targets(href: str, expected: tuple[str | None, str]) -> None:
    assert target("m/a.md", href) == expected


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Selling vs. Walking Away", "selling-vs-walking-away"),
        ("RFI / RFQ", "rfi--rfq"),
        ("Let's Go!", "lets-go"),
        ("  C++ & C#  ", "c--c"),
        ("snake_case-word", "snake_case-word"),
        ("Über Größe", "über-größe"),
        ("cafe\u0301", "café"),
        ("日本語 見出し", "日本語-見出し"),
        ("हिन्दी", "हिन्दी"),
        ("?!", ""),
    ],
)
def test_fragments(text: str, slug: str) -> None:
    assert slugify(text) == slug


def render(markdown: str, first_line: int = 1) -> tuple[str, Links, list[str]]:
    problems, links = Problems(), Links()
    page = myst.parse(markdown, file="page.md", first_line=first_line, problems=problems)
    html = myst.render(page, links, problems).html
    return html, links, [f"{p.line} {p.code}" for p in problems if p.code != "W641"]


def test_the_resolver_is_told_the_line_in_the_file() -> None:
    _, links, _ = render(
        "# T\n\na\n[b](./b.md)\n[c](./c.md)\n\n- x\n- [d](d.md) ![e](e.png)\n\n"
        "| a |\n|---|\n| [f](f.md) |\n\n```{note}\n[g](g.md)\n```\n\n!!! note\n    [h](h.md)\n",
        11,
    )
    assert links.asked == [
        ("link", "./b.md", 14),
        ("link", "./c.md", 15),
        ("link", "d.md", 18),
        ("image", "e.png", 18),
        ("link", "f.md", 22),
        ("link", "g.md", 25),
        ("link", "h.md", 29),
    ]


def test_what_the_resolver_does_not_know_is_text() -> None:
    html, _, _ = render("[**gone**](missing.md) ![A *cat*](missing.png)")
    assert html == "<p><strong>gone</strong> A cat</p>\n"


def test_external_links_are_marked_and_others_are_not() -> None:
    html, _, _ = render("[a](https://example.org) [b](./b.md) [c](mailto:a@example.org)")
    assert html.count("noopener noreferrer") == html.count('class="external"') == 1


@pytest.mark.trust("MD-05")
@pytest.mark.parametrize(
    "form",
    [
        "[x]({})",
        "[x](<{}>)",
        "[x][r]\n\n[r]: {}",
        "![x]({})",
        "```{{figure}} {}\n:alt: x\n```",
        "```{{figure}} a.png\n:alt: x\n:target: {}\n```",
        "[![x](a.png)]({})",
    ],
)
@pytest.mark.parametrize(
    "href", ["javascript:alert", "data:text/html,x", "file:///etc/passwd", "//evil.example/x"]
)
def test_other_schemes_are_an_error_and_text(form: str, href: str) -> None:
    html, links, problems = render(form.format(href))
    assert "E644" in " ".join(problems)
    assert all(asked == "a.png" for _, asked, _ in links.asked)
    assert "evil" not in html
    assert "href" not in html


@pytest.mark.trust("MD-06")
@pytest.mark.parametrize(
    "source",
    [
        "![x](https://evil.example/a.png)",
        "![x](http://127.0.0.1/)",
        "![x](http://[::1]/)",
        "```{figure} https://evil.example/a.png\n:alt: x\n```",
    ],
)
def test_remote_pictures_become_links(source: str) -> None:
    html, links, problems = render(source)  # the suite forbids sockets: nothing is fetched
    assert problems == ["1 W665"]
    assert "<img" not in html
    assert html.count('rel="noopener noreferrer"') == 1
    assert links.asked == []


@pytest.mark.trust("MD-06")
@pytest.mark.parametrize(
    "source",
    [
        '<img src="https://evil.example/a.png">',
        '<img srcset="https://evil.example/a.png 2x">',
        '<video poster="https://evil.example/a.png"></video>',
        '<p style="background:url(https://evil.example/a)">x</p>',
        '<iframe src="https://evil.example/"></iframe>',
        '<table background="https://evil.example/"></table>',
        '<link rel="stylesheet" href="https://evil.example/x.css">',
        '<audio src="https://evil.example/x"></audio>',
    ],
)
def test_nothing_remote_is_loaded_by_raw_html(source: str) -> None:
    assert "evil" not in _LINK.sub("", render(source)[0])


@pytest.mark.trust("MD-08")
@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../../../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "..\\..\\etc\\passwd",
        "~/.bashrc",
        "file:///etc/passwd",
        "/proc/self/environ",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "```{{include}} {}\n```",
        "```{{literalinclude}} {}\n```",
        "```{{csv-table}} x\n:file: {}\n```",
        "```{{raw}} html\n:file: {}\n```",
        "```{{raw}} html\n:url: {}\n```",
        "```{{eval-rst}}\n.. include:: {}\n```",
        "```{{download}} {}\n```",
        "```{{figure}} {}\n:alt: x\n```",
        "```{{image}} {}\n:alt: x\n```",
        "![x]({})",
        "[x]({})",
    ],
)
def test_no_file_is_ever_read(form: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a file was opened")

    render("warm up")
    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("io.open", refuse)
    html, _, _ = render(form.format(path))
    monkeypatch.undo()
    assert "root:" not in html
