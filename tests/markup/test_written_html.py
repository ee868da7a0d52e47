"""Addresses in HTML: what is lost of them is told, each at its place."""

from __future__ import annotations

import pytest

from tests.markup.drawing import draw


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<img src="./a.png" alt="A">', ["2:1 W661"]),
        ("<div>\n  <IMG width=20 SRC=a.png>\n</div>", ["3:3 W661"]),
        ("See <a href='./other.md'>this</a> and\n- a <img alt=x\n  src=./b.png>", ["2:5 W642", "3:5 W661"]),
        ("> <p>a</p>\n> <video controls src='f.mp4'></video>", ["3:3 W661"]),
        ('| a |\n|---|\n| b <img src="a.png"> |', ["4:5 W661"]),
        ('<img alt="A" src="https://example.org/a.png">', ["2:1 W665"]),
        ("A <a href='https://example.org'>link</a> and <a name='x'>none</a>", []),
        ("<!-- <img src='a.png'>\n<a href='b.md'> -->\n\n`<img src='a.png'>`", []),
    ],
)
def test_an_address_that_is_lost_is_told(text: str, told: list[str]) -> None:
    assert draw(text)[1] == [f"page.md:{place}" for place in told]
