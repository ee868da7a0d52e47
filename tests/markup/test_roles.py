"""Roles in a line, and what stands where there is none."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from markup.roles import ROLES
from markup.sanitize import clean
from tests.markup.drawing import draw
from tests.markup.oracle import faults


@pytest.mark.parametrize(
    ("role", "html"),
    [
        ("{kbd}`Enter`", "<kbd>Enter</kbd>"),
        ("{kbd}`Ctrl+Alt + T`", "<kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>T</kbd>"),
        ("{kbd}`Ctrl++`", "<kbd>Ctrl</kbd>+<kbd>+</kbd>"),
        ('{kbd}`"--`', '<kbd>"--</kbd>'),
        ("{abbr}`DXP (Digital Experience)`", '<abbr title="Digital Experience">DXP</abbr>'),
        ("{abbr}`DXP`", "<abbr>DXP</abbr>"),
        ("{menuselection}`File --> Save &As`", '<span class="menu">File → Save As</span>'),
        ("{guilabel}`&Search && Go`", '<span class="menu">Search &amp; Go</span>'),
        ("{file}`/opt/{version}/x`", "<code>/opt/<var>version</var>/x</code>"),
        ("{command}`ls`", "<code>ls</code>"),
        ("{program}`ls`", "<strong>ls</strong>"),
        ("H{sub}`2`O{sup}`+`", "H<sub>2</sub>O<sup>+</sup>"),
        ("{math}`a^2`", "<code>a^2</code>"),
        ("x {octicon}`heart;1em` {fas}`home` y", "x   y"),
        ("{bdg}`plain`", '<span class="badge">plain</span>'),
        ("{bdg-secondary}`v7`", '<span class="badge badge-secondary">v7</span>'),
        ("{bdg-success-line}`v7`", '<span class="badge badge-success badge-line">v7</span>'),
        (
            "{bdg-link-info}`out <https://example.org>`",
            '<a href="https://example.org" class="external badge badge-info" rel="noopener noreferrer">out</a>',
        ),
        ("{bdg-ref-dark}`lab`", '<a href="/pages/labels.md#lab" class="badge badge-dark">Title of lab</a>'),
        ("{doc}`other`", '<a href="/pages/other.md">Title of other.md</a>'),
        ("{doc}`Words <./other.md>`", '<a href="/pages/other.md">Words</a>'),
        ("{ref}`lab`", '<a href="/pages/labels.md#lab">Title of lab</a>'),
        ("{ref}`words <lab>`", '<a href="/pages/labels.md#lab">words</a>'),
        ("{any}`lab`", '<a href="/pages/labels.md#lab">Title of lab</a>'),
        ("{download}`the plan <plan.pdf>`", '<a href="/pages/plan.pdf">the plan</a>'),
        ("{KBD}``a ` b``", "<kbd>a ` b</kbd>"),
        ("[a {kbd}`b` {doc}`c`](d.md)", '<a href="/pages/d.md">a <kbd>b</kbd> Title of c.md</a>'),
        ("{kbd} `x`", "{kbd} <code>x</code>"),
        ("{kbd}`x", "{kbd}`x"),
        ("`{kbd}`x", "<code>{kbd}</code>x"),
        ("\\{kbd}`x`", "{kbd}<code>x</code>"),
        ("{guilabel}`Terms & &Conditions &&`", '<span class="menu">Terms &amp; Conditions &amp;</span>'),
        ("{{ settings.SECRET_KEY }} {% x %}", "{{ settings.SECRET_KEY }} {% x %}"),
    ],
)
def test_a_role(role: str, html: str) -> None:
    assert draw(f"\n{role}") == (f"<p>{html}</p>\n", [])


@pytest.mark.parametrize(
    "around", ["## {}", "- {}", "| a |\n|---|\n| {} |", "> {}", ":::{{note}} {}\n:::", "T\n: {}"]
)
def test_roles_stand_wherever_a_line_does(around: str) -> None:
    html, problems = draw("\n" + around.format("{kbd}`Ctrl`"))
    assert problems == []
    assert "<kbd>Ctrl</kbd>" in html


def test_an_unknown_role_is_its_text() -> None:
    assert draw("\nSo {kdb}`x *y*`.") == ("<p>So x *y*.</p>\n", ["page.md:3:4 W651"])
    assert draw("\nSo {py:func}`x`.") == ("<p>So x.</p>\n", ["page.md:3:4 W651"])


def test_a_name_that_nothing_has() -> None:
    assert draw("\n- See {ref}`x <missing>`") == ("<ul>\n<li>See x</li>\n</ul>\n", ["page.md:3:7 W642"])


def test_targets() -> None:
    html, _ = draw("\n(one)=\n(two)=\n## Head\n\n(three)=\nText\n\n(head)=\n- a\n\n(last)=")
    assert html == (
        '<h2 id="u-head">Head</h2>\n<div class="target" id="u-three"></div>\n<p>Text</p>\n'
        '<div class="target" id="u-head-1"></div>\n<ul>\n<li>a</li>\n</ul>\n'
        '<div class="target" id="u-last"></div>\n'
    )


@pytest.mark.parametrize("line", ["% a comment <b>", "%", "+++", '+++ {"cell": 1}'])
def test_lines_that_nobody_sees(line: str) -> None:
    assert draw(f"\na\n{line}\nb")[0] == "<p>a</p>\n<p>b</p>\n"
    assert draw(f"\n    {line}")[0].startswith("<pre")


def test_attributes_in_braces_are_text() -> None:
    html, _ = draw("\n{.wide #submit hx-get=/x}\n\n[a](b.md){hx-get=/x}")
    assert html == '<p>{.wide #submit hx-get=/x}</p>\n<p><a href="/pages/b.md">a</a>{hx-get=/x}</p>\n'


@example("bdg-ref", "0\x850")  # a line end of its own kind is no part of an address
@given(st.sampled_from(sorted(ROLES)), st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_role_with_any_text(role: str, text: str) -> None:
    html, _ = draw(f"\nx {{{role}}}`{text}` y")
    assert list(faults(html)) == []
    assert clean(html) == html


def test_many_roles_that_nothing_closes() -> None:
    text = "".join("{kbd}" + "`" * number for number in range(1, 500))
    assert draw(f"\n{text}")[0] == f"<p>{text}</p>\n"
