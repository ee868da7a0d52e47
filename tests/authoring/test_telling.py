"""How problems read in the browser."""

from __future__ import annotations

import pytest

from authoring.templatetags.problems import with_code


@pytest.mark.trust("UP-11")
@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Add `:id: x` below.", "Add <code>:id: x</code> below."),
        ("`<b>` & `a`", "<code>&lt;b&gt;</code> &amp; <code>a</code>"),
        ("one ` alone <i>", "one ` alone &lt;i&gt;"),
        ("empty `` stays", "empty `` stays"),
    ],
)
def test_what_is_typed_is_code_and_nothing_is_markup(text: str, html: str) -> None:
    assert with_code(text) == html
