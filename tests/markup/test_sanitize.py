"""Hostile HTML and Markdown come out inert, judged by a parser that is not the sanitiser's own."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from markup import myst
from markup.problems import Problems
from markup.sanitize import clean
from tests.markup.links import Links
from tests.markup.oracle import elements, faults, name_of
from tests.markup.vectors import html_vectors, markdown_vectors

PIECES = """
    <a <div <p> <pre> <ruby> <rt> <hr> <li> <dd> <br> <a> <svg> <math> <style> <title> <!-- --> </p>
    <table> <tr> <td>
    <b> </b> <form> <input <mglyph> <mtext> <img <select> <textarea> href= src= id= javascript: // \\ " ' >
    = / & &#x <![CDATA[ ]]> x u-1 `
"""
SOUP = st.lists(
    st.sampled_from([*re.split(r"\s+", PIECES), " ", "\n", "\t", "\0", "\ufeff", "é"]), max_size=40
).map("".join)

LONE = myst.parse("", file="a.md", problems=Problems())  # the page around a piece of one


def draw(markdown: str) -> str:
    problems = Problems()
    page = myst.parse(markdown, file="page.md", first_line=1, problems=problems)
    return myst.render(page, Links(), problems).html


@pytest.mark.trust("MD-01")
@pytest.mark.parametrize("vector", html_vectors() + markdown_vectors())
@pytest.mark.parametrize(
    "around", ["{}", "Text {} text", "- item\n\n  {}", ":::{{note}}\n{}\n:::", "> {}", "## {}"]
)
def test_no_attack_survives_in_a_page(vector: str, around: str) -> None:
    html = draw(around.format(vector))
    assert list(faults(html)) == []
    assert clean(html) == html


@pytest.mark.trust("MD-01")
@pytest.mark.parametrize("vector", html_vectors() + markdown_vectors())
@pytest.mark.parametrize("inline", [True, False])
def test_no_attack_survives_in_a_fragment(vector: str, inline: bool) -> None:
    html = myst.fragment(vector, Links(), Problems(), page=LONE, line=1, inline=inline)
    assert list(faults(html)) == []


@pytest.mark.trust("MD-01")
@pytest.mark.parametrize("vector", html_vectors())
def test_the_sanitiser_alone_leaves_nothing_active(vector: str) -> None:
    found = [fault for fault in faults(clean(vector)) if "external link" not in fault]
    assert found == []


@pytest.mark.trust("MD-02")
@given(SOUP)
@settings(max_examples=400, deadline=None)
@example("<li><table><li>")
@example('<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">')
def test_cleaning_twice_changes_nothing(html: str) -> None:
    once = clean(html)
    assert clean(once) == once
    assert [fault for fault in faults(once) if "external link" not in fault] == []


@pytest.mark.trust("MD-01")
@given(SOUP)
@settings(max_examples=300, deadline=None)
def test_any_soup_as_a_page_is_inert(text: str) -> None:
    html = draw(text)
    assert list(faults(html)) == []
    assert clean(html) == html


@pytest.mark.trust("MD-04")
@pytest.mark.parametrize(
    "html", ['<p id="csrfmiddlewaretoken">', '<a name="submit">', '<p id="htmx">', "<p id=u->"]
)
def test_content_ids_keep_to_their_prefix(html: str) -> None:
    assert "id=" not in clean(html)
    assert "name=" not in clean(html)


def test_misnested_html_comes_to_rest() -> None:
    assert clean("<li><table><li>") == "<li></li><li></li><table></table>"


def test_cleaning_in_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        results = set(pool.map(clean, ['<p onclick="x">a</p>'] * 200))
    assert results == {"<p>a</p>"}


def test_headings_carry_the_prefix() -> None:
    assert '<h2 id="u-submit">' in draw("# T\n\n## Submit")


@pytest.mark.trust("MD-07")
def test_attributes_for_scripts_are_stripped() -> None:
    html = draw(
        '<div hx-get="/x" data-hx-get="/x" hx-on:click="x" x-data="x" @click="x" data-x="y">text</div>'
    )
    assert html.strip() == "<div>text</div>"


@pytest.mark.trust("MD-09")
@pytest.mark.parametrize("text", ["{{ settings.SECRET_KEY }}", "{% load x %}", "{{7*7}}", "${7*7}", "{sub}"])
def test_template_code_is_only_text(text: str) -> None:
    assert text in draw(text)


def test_an_input_is_a_disabled_box() -> None:
    for element in elements(clean("<input><input type=text value=x name=y><input type=submit>")):
        assert name_of(element) == "input"
        assert element.attrib == {"disabled": ""}
    for element in elements(draw("<div><input><INPUT type=text value=x><input type=submit></div>")):
        assert name_of(element) == "div" or element.attrib == {"type": "checkbox", "disabled": ""}


def test_site_paths_stay_and_vouched_addresses_are_replaced() -> None:
    html = '<a href="/pages/1/">x</a><img src="/media/a.png" alt="a">'
    assert clean(html) == html
    assert clean(html, local={}) == '<a>x</a><img alt="a">'
    assert clean(html, local={"/pages/1/": "/there/"}) == '<a href="/there/">x</a><img alt="a">'


def test_deeply_nested_html_is_cleaned_quickly_or_refused() -> None:
    problems = Problems()
    page = myst.parse("<div>" * 20_000, file="page.md", first_line=1, problems=problems)
    assert [problem.code for problem in problems][:1] == ["E688"]
    assert myst.render(page, Links(), problems).html == ""


@pytest.mark.trust("MD-01")
@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        (
            '<a href="https://e.org/" target="_blank" rel="opener">x</a>',
            '<a href="https://e.org/" target="_blank">x</a>',
        ),
        ('<ol start="-1e9"><li>a</li></ol>', "<ol><li>a</li></ol>"),
        ('<img src="/a.png" alt="" width="100%">', '<img src="/a.png" alt="">'),
        ("<p>a<script>b</script><style>c</style></p>", "<p>a</p>"),
    ],
    ids=["rel", "start", "width", "what is no text"],
)
def test_a_value_that_is_not_foreseen_goes_and_what_is_no_text_is_not_shown(html: str, cleaned: str):
    assert clean(html) == cleaned
