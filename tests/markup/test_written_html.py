"""Addresses in HTML lead where those in Markdown lead; what is lost of it is told, each at its place."""

from __future__ import annotations

import pytest

from tests.markup.drawing import draw


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            '<img src="./a.png" alt="A &amp; B" width=20>',
            '<img src="/media/a.png" alt="A &amp; B" width="20"',
        ),
        (
            "See <A title=T HREF='./other.md#part'>this</A>.",
            '<a href="/pages/other.md#part" title="T">this</a>',
        ),
        ("<p>\n<a href=#part>below</a></p>", '<a href="#u-part">below</a>'),
        (
            "<a href='https://example.org' target=_blank rel=opener>out</a>",
            '<a href="https://example.org" class="external" rel="noopener noreferrer">out</a>',
        ),
        ("<a href='mailto:a@b.org'>mail</a>", '<a href="mailto:a@b.org">mail</a>'),
        ('<a href="missing.md">gone <b>now</b></a>', "<p>gone <b>now</b></p>"),
        (
            '<a href="o.md"><img src="a.png" alt="A"></a>',
            '<a href="/pages/o.md"><img src="/media/a.png" alt="A"',
        ),
        ('<a href="o.md"><img src="https://e.org/a.png" alt="A"></a>', '<a href="/pages/o.md">A</a>'),
        ('<img src="a picture.png" alt="A">', '<img src="/media/a%20picture.png"'),
        (
            '<video title="A film" src="f.mp4" autoplay>\n<p>No film</p>\n</video>',
            '<video src="/media/f.mp4" preload="metadata" aria-label="A film" controls=""',
        ),
        (
            '<video><source src="f.mp4" type="video/mp4"><source src="f.webm"></video>',
            '<p><video src="/media/f.mp4" preload="metadata" controls=""></video></p>',
        ),
        ("```{raw} html\n<img src='a.png' alt=A>\n```", '<img src="/media/a.png" alt="A"'),
    ],
)
def test_an_address_is_resolved_as_in_markdown(text: str, html: str) -> None:
    assert html in draw(text)[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<img src="./missing.png">', ["2:1 W664"]),
        ("<div>\n  <IMG width=20 SRC=a.png>\n</div>", ["3:3 W664"]),
        ("> <p>a</p>\n> <video controls src='f.mp4'></video>", ["3:3 W664"]),
        ('| a |\n|---|\n| b <img src="a.png"> |', ["4:5 W664"]),
        ('<img alt="A" src="https://example.org/a.png">', ["2:1 W665"]),
        ('<video><source src="./f.mp4"></video>', ["2:8 W664"]),
        ('A <a href="javascript:x()">link</a>', ["2:3 E644"]),
        ('<img alt=A src="data:image/png;base64,x">', ["2:1 E644"]),
        ('A <iframe src="a.html"></iframe>', ["2:3 W651"]),
        ("<form action='x'>\n<button>Go</button>\n</form>", ["2:1 W651", "3:1 W651"]),
        ("<script>\nlet a = '<img src=a.png>'\n</script>", ["2:1 W651"]),
        ("A <a href='https://example.org'>link</a> and <a name='x'>none</a>", []),
        ("<!-- <img src='a.png'>\n<a href='javascript:x'> -->\n\n`<img src='a.png'>`", []),
    ],
)
def test_what_is_lost_is_told(text: str, told: list[str]) -> None:
    assert draw(text)[1] == [f"page.md:{place}" for place in told]
