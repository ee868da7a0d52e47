"""Questions and answers that were reworded are who they were: known again by those that are live.

A question without an id is known by its text; one that is merely like another is asked about in the report.
An answer without a name keeps the key of the one that stood in its place, if it still reads much like it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from uuid import UUID

from courses.documents import ModuleDocument, PageDocument, PathDocument, Tree, Unchanged
from courses.models import SectionCheck
from markup.problems import Problem
from quizzes.models import QuizItem
from quizzes.spec import Question
from quizzes.text import normalised, plain

LIKE = 0.6  # how much of two texts must be the same
LONGEST = 500  # characters that are compared
MOST = 100  # questions that one without an id is compared with
_BATCH = 400  # pages at a time: databases limit the values of one query
_MADE = re.compile(r"(?:q-)?[0-9a-f]{8}")  # a key that is made from a text

Known = Mapping[str, Sequence[Question]]  # live questions by the uuid of their page, or bank


@dataclass(frozen=True, slots=True)
class Recognised:
    """A tree whose questions have the keys that they are known by; `units` are its documents that differ.

    `like` says of questions that nobody knows, by file and line, which they are like and how much.
    """

    tree: Tree
    units: frozenset[UUID]
    like: Mapping[tuple[str, int], tuple[str, float]]


def recognise(tree: Tree) -> Recognised:
    """Know the questions of a tree again by what is live. A query for each 400 pages that have questions."""
    pages = {page.uuid for page in tree.pages if page.checks}
    banks = {UUID(q.bank) for page in tree.pages for c in page.checks for q in c.questions if q.bank}
    known = _live(pages | banks)
    like: dict[tuple[str, int], tuple[str, float]] = {}
    documents = [_document(document, known, like) for document in tree.documents]
    differ = {new.page.uuid for new, old in zip(documents, tree.documents, strict=True) if new is not old}
    return Recognised(Tree(tuple(documents)), frozenset(differ), like)


def told(problems: Iterable[Problem], like: Mapping[tuple[str, int], tuple[str, float]]) -> list[Problem]:
    """The problems, of which those about a missing id say what the question is like."""
    return [
        _told(p, *like[p.file, p.line]) if p.code == "W503" and (p.file, p.line) in like else p
        for p in problems
    ]


def _told(problem: Problem, key: str, share: float) -> Problem:
    message = f"{problem.message.rstrip('.')}; it looks like “{key}” ({share:.0%})."
    remedy = (
        f"If it is that question, write `:id: {key}` below its opening line; else give it an id of its own."
    )
    return replace(problem, message=message, remedy=remedy)


def _live(pages: Collection[UUID]) -> dict[str, list[Question]]:
    """The questions that learners are asked now, by page or bank."""
    found: dict[str, dict[str, Question]] = {}
    wanted = sorted(pages)
    live = SectionCheck.objects.filter(section_version__version__live_for__isnull=False)
    for start in range(0, len(wanted), _BATCH):
        items = QuizItem.objects.filter(
            question_version__question__page__in=wanted[start : start + _BATCH],
            quiz_version__in=live.values("quiz_version"),
        )
        for item in items.select_related("question_version__question").order_by("position"):
            version = item.question_version
            found.setdefault(str(version.question.page), {})[version.spec.key] = version.spec
    return {page: list(questions.values()) for page, questions in found.items()}


Document = ModuleDocument | PathDocument | Unchanged


def _document(document: Document, known: Known, like: dict[tuple[str, int], tuple[str, float]]) -> Document:
    if not isinstance(document, ModuleDocument):
        return document
    pages = {id(page): _page(page, known, like) for page in (document.index, *document.pages)}
    sections = tuple(pages.get(id(section), section) for section in document.sections)
    if all(new is old for new, old in zip(sections, document.sections, strict=True)):
        return document
    return replace(document, sections=sections)


def _page(page: PageDocument, known: Known, like: dict[tuple[str, int], tuple[str, float]]) -> PageDocument:
    taken = {question.key for check in page.checks for question in check.questions}
    checks, html = [], page.html
    for check in page.checks:
        questions = []
        for question in check.questions:
            there = known.get(question.bank or str(page.uuid), ())
            settled = _question(question, there, taken, like)
            html = html.replace(f'<a href="#q-{question.key}">', f'<a href="#q-{settled.key}">')
            questions.append(settled)
        checks.append(
            check if questions == list(check.questions) else replace(check, questions=tuple(questions))
        )
    same = all(new is old for new, old in zip(checks, page.checks, strict=True))
    return page if same else replace(page, checks=tuple(checks), html=html)


def _question(
    question: Question,
    there: Sequence[Question],
    taken: set[str],
    like: dict[tuple[str, int], tuple[str, float]],
) -> Question:
    was = next((each for each in there if each.key == question.key), None)
    if was is None and _MADE.fullmatch(question.key):
        stem = normalised(plain(question.stem_html))
        free = [each for each in there if each.key not in taken]
        was = next((each for each in free if normalised(plain(each.stem_html)) == stem), None)
        if was is None:
            shares = [(_share(question.stem_html, each.stem_html), each.key) for each in free[:MOST]]
            share, key = max(shares, default=(0.0, ""))
            if share >= LIKE:
                like[question.file, question.line] = key, share
            return question
        taken.add(was.key)
    return question if was is None else _with_keys_of(question, was)


def _with_keys_of(question: Question, was: Question) -> Question:
    keys = _kept([(c.key, c.html) for c in was.choices], [(c.key, c.html) for c in question.choices])
    places = _kept([(s.key, s.html) for s in was.slots], [(s.key, s.html) for s in question.slots])
    choices = tuple(replace(each, key=keys.get(each.key, each.key)) for each in question.choices)
    slots = tuple(
        replace(each, key=places.get(each.key, each.key), right=keys.get(each.right, each.right))
        for each in question.slots
    )
    return replace(question, key=was.key, choices=choices, slots=slots)


def _kept(was: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]]) -> dict[str, str]:
    """From made keys of answers to those that they keep: of what stood in their place and reads alike."""
    before, after = {key for key, _html in was}, {key for key, _html in now}
    return {
        key: old
        for (old, old_html), (key, html) in zip(was, now, strict=False)
        if key not in before and old not in after and _MADE.fullmatch(key) and _share(old_html, html) >= LIKE
    }


def _share(one: str, other: str) -> float:
    """How much of two pieces of HTML reads the same, from 0 to 1."""
    before, after = (normalised(plain(text))[:LONGEST] for text in (one, other))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    # The exact answer is dear: first what it is at most.
    return matcher.ratio() if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= LIKE else 0.0
