"""The ways back from a passage to the questions that are about it."""

from __future__ import annotations

import re

from quizzes.spec import Check

_HEADING = re.compile(r'<h([1-6]) id="(?P<id>[^"]*)"[^>]*>.*?</h\1>', re.DOTALL)
_EACH_THEIR_OWN = ("questions", "all")  # shuffled so, a question's number is each learner's own


def add(html: str, checks: tuple[Check, ...]) -> str:
    """Put the ways back to its questions under each heading that a `see:` names.

    They are drawn only while the heading is the target of the address, that is, when
    the reader came from a question.
    """
    back: dict[str, list[str]] = {}
    for check in checks:
        shuffled = check.rule.shuffle in _EACH_THEIR_OWN
        for number, question in enumerate(check.questions, start=1):
            if question.see.startswith("#u-"):
                name = "the question" if shuffled else f"question {number}"
                link = f'<a href="#q-{question.key}">Back to {name}</a>'
                back.setdefault(question.see[1:], []).append(link)

    def with_links(heading: re.Match[str]) -> str:
        links = back.get(heading["id"])
        return heading[0] + (f'<p class="back-to-check">{" · ".join(links)}</p>' if links else "")

    return _HEADING.sub(with_links, html) if back else html
