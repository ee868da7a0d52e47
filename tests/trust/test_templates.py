"""Template code in a module is text to whoever reads it: in a title, a description, a text, a question, a result."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from tests import modules
from tests.browsing import Hand
from tests.personas import client_of
from tests.trust.test_hostile_content import answers

pytestmark = pytest.mark.django_db

PAYLOADS = """
{{ settings.SECRET_KEY }}
{{settings.SECRET_KEY|safe}}
{{ SECRET_KEY }}
{{ config.SECRET_KEY }}
{{ config.items() }}
{{ self }}
{{ request }}
{{ request.user.password }}
{{ user.email }}
{{ request.META }}
{{ request.session.items }}
{{ csrf_token }}
{{ messages }}
{{ perms }}
{{ forloop.counter }}
{{ block.super }}
{{ page.html|safe }}
{{ x|default:"7" }}
{{ 'a'|upper }}
{{ "a"|add:"b" }}
{{ 31415926+27182818 }}
{{31415926+27182818}}
{{ 31415926+27182818 }}{{ 1 }}
{{{ 31415926+27182818 }}}
{{= 31415926+27182818 }}
{{# x }}y{{/ x }}
{{> partial }}
{{! a comment }}
{{ range(3)|join(",") }}
{{ lipsum }}
{{ cycler.next() }}
{{ joiner() }}
{{ namespace() }}
{{ dict(a=1)|tojson }}
{{ ()|attr("class") }}
{{ x|map("upper")|list }}
{{ x|filesizeformat }}
{{ get_flashed_messages() }}
{{ url_for("static") }}
{% load static %}
{% debug %}
{% include "base.html" %}
{% extends "base.html" %}
{% block main %}x{% endblock %}
{% csrf_token %}
{% now "Y" %}
{% url "login" %}
{% if 1 %}x{% endif %}
{% for x in y %}x{% endfor %}
{% with a=1 %}{{ a }}{% endwith %}
{% verbatim %}{{ a }}{% endverbatim %}
{% comment %}x{% endcomment %}
{% set x = 31415926+27182818 %}{{ x }}
{% raw %}{{ x }}{% endraw %}
{% import "os" as os %}
{# a comment #}
{sub}
{sub-ref} and {0} and {0.class}
${31415926+27182818}
${{31415926+27182818}}
#{31415926+27182818}
@(31415926+27182818)
*{31415926+27182818}
%{31415926+27182818}
$(id) %(name)s %s
<%= 31415926+27182818 %>
<% x %>
[[${31415926+27182818}]]
""".strip().splitlines()
STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})  # as they were typed
EACH = 6  # payloads in a question


def quoted(text: str) -> str:
    """A text as YAML."""
    return "'" + text.replace("'", "''") + "'"


def question(number: int) -> str:
    """A question with some of the payloads in all that it says; in wrong options, too."""
    some = " ; ".join(PAYLOADS[number * EACH :][:EACH])
    return (
        f"\n:::{{question}}\n:id: evil-{number}\n:hint: Hint {some}\n\nStem {some}\n\n- [ ] Wrong {number} {some} end\n"
        f"  > Feedback {some}\n- [x] Right {number} end\n- [ ] Other {number}\n\nExplanation {some}\n\n:::\n"
    )


def shown(part: object) -> str:
    """What a reader sees of a part of a page, with the quotes as they were typed."""
    assert part is not None
    return " ".join(BeautifulSoup(str(part), "html.parser").get_text().split()).translate(STRAIGHT)


@pytest.fixture
def learner() -> Hand:
    """A learner of a module in which everything that an author names or writes is template code."""
    pages = {
        f"evil/p{n}.md": modules.page(payload, f"Text {n} zebra{n} {payload}", uuid=f"P{n}").replace(
            "---\n\n#", f"description: {quoted(payload)}\n---\n\n#", 1
        )
        for n, payload in enumerate(PAYLOADS)
    }
    asked = "".join(question(n) for n in range(-(-len(PAYLOADS) // EACH)))
    pages["evil/check.md"] = modules.page("Check", asked, uuid="Check")
    toc = "".join(f"- ./{path}\n" for path in pages)
    front = f"visibility: [Employee]\ndescription: {quoted(' ; '.join(PAYLOADS))}\ntoc:\n{toc}"
    index = modules.page("Evil", " ; ".join(PAYLOADS), front=front).replace(
        "# Evil", "# Evil {{ 31415926+27182818 }}"
    )
    modules.publish({path: text.encode() for path, text in {"evil.md": index, **pages}.items()})
    return Hand(client_of("employee"))


def test_they_are_many() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.trust("MD-09")
def test_template_code_is_shown_as_it_is_written(learner: Hand) -> None:
    pages = [learner.get("/"), learner.get("/modules/evil/")]
    everything = " ; ".join(PAYLOADS)
    assert everything in shown(pages[0].select_one("main"))
    assert everything in shown(pages[1].select_one(".prose"))
    assert "Evil {{ 31415926+27182818 }}" in shown(pages[1].select_one("h1"))
    for number, payload in enumerate(PAYLOADS):
        page, result = learner.get(f"/modules/evil/p{number}/"), learner.get(f"/search/?q=zebra{number}")
        assert shown(page.select_one("h1")) == payload
        assert f"Text {number} zebra{number} {payload}" in shown(page.select_one(".prose"))
        assert payload in shown(page.select_one("title"))
        assert shown(result.select_one("main")).count(payload) >= 2  # the title and the words around
        pages += [page, result]
    assert_nothing_was_worked_out(pages)


@pytest.mark.trust("MD-09")
def test_so_it_is_in_questions_and_what_they_answer(learner: Hand) -> None:
    check = "/modules/evil/check/"
    form = learner.get(check)
    assert learner.press(form, "check-all", answers(form, "Wrong")).status_code in (200, 303)
    judged = learner.get(check)
    learner.press(judged, "again")
    learner.press(again := learner.get(check), "check-all", answers(again, "Right"))
    done = learner.get(check)
    for page, marks in (
        (form, ["Hint", "Stem", "Wrong"]),
        (judged, ["Stem", "Wrong", "Feedback"]),
        (done, ["Stem", "Explanation"]),
    ):
        text = shown(page.select_one("main"))
        for number in range(len(PAYLOADS) // EACH):
            some = " ; ".join(PAYLOADS[number * EACH :][:EACH])
            for mark in marks:
                assert f"{mark} {number} {some}" in text or f"{mark} {some}" in text
    assert_nothing_was_worked_out([form, judged, again, done])


def assert_nothing_was_worked_out(pages: list[BeautifulSoup]) -> None:
    html = "".join(str(page) for page in pages)
    assert settings.SECRET_KEY not in html
    assert str(31415926 + 27182818) not in html
