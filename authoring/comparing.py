"""What differs between two versions of a module, page by page and question by question; no database.

A page is known by its uuid: renamed or moved it is the same one. What a page holds is compared as its
author wrote it. `authoring.differences` makes the pages of stored versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from django.utils.translation import gettext as _

from authoring.textdiff import longest_rising
from markup import front_matter
from markup.problems import Problems
from quizzes.spec import Question, Slot
from quizzes.text import plain

PageKind = Literal["added", "removed", "changed", "same"]
QuestionKind = Literal["added", "removed", "text", "key"]

# Keys of the front matter that are told as such; who may see a page and the like have words of their own.
_SETTINGS = {
    "description": "description",
    "duration": "duration",
    "sequence": "sequence",
    "kind": "kind",
    "tags": "tags",
    "taxonomy-category-names": "categories",
    "quiz": "quiz",
    "showChildrenCards": "show_children_cards",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page in one version. `parent` is the uuid of the page that lists it; `source` is its text, and may be
    left out in both versions where it is the same.

    `audiences` are who sees it (None: everybody). `media` maps the names of its files to digests.
    """

    uuid: str
    title: str
    source: str = ""
    parent: str = ""
    audiences: frozenset[str] | None = None
    required: bool = True
    questions: tuple[Question, ...] = ()
    media: Mapping[str, str] = field(default_factory=dict)
    is_index: bool = False


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question that is new, gone, worded differently ("text") or judged differently ("key").

    `told` says in words what is different about the key.
    """

    kind: QuestionKind
    key: str
    stem: str
    told: tuple[str, ...] = ()
    bank: str = ""  # the uuid of the bank that it stands in, where that is not its page


@dataclass(frozen=True, slots=True)
class PageChange:
    """What became of a page. `was` and `now` are its two states; None where it is not there.

    `wider` and `narrower` are audiences that gained or lost it ("": everybody who signs in).
    """

    kind: PageKind
    was: Page | None
    now: Page | None
    text: bool = False
    moved: bool = False
    renamed: bool = False
    wider: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    required: bool | None = None  # what it is now, where that is another than before
    settings: tuple[str, ...] = ()  # what else its front matter says now, "key: was → is"
    questions: tuple[QuestionChange, ...] = ()
    media: tuple[str, ...] = ()  # names of files that are new, gone or other ones

    @property
    def page(self) -> Page:
        """The page as it is now, else as it was."""
        found = self.now or self.was
        assert found is not None
        return found


def compare(was: Sequence[Page], now: Sequence[Page]) -> list[PageChange]:
    """Every page of both versions in the order of the new one; what is gone stands last."""
    before = {page.uuid: page for page in was}
    after = {page.uuid for page in now}
    moved = _moved(was, now)
    changes = [_change(before.get(page.uuid), page, page.uuid in moved) for page in now]
    return changes + [PageChange("removed", page, None) for page in was if page.uuid not in after]


def questions(was: Sequence[Question], now: Sequence[Question]) -> tuple[QuestionChange, ...]:
    """What became of the questions of a page, in the new order; what is gone stands last."""
    before = {question.key: question for question in was}
    after = {question.key for question in now}
    found = [_question(before.get(question.key), question) for question in now]
    gone = [
        QuestionChange("removed", question.key, plain(question.stem_html), bank=question.bank)
        for question in was
        if question.key not in after
    ]
    return tuple(change for change in found if change is not None) + tuple(gone)


def _moved(was: Sequence[Page], now: Sequence[Page]) -> set[str]:
    """Pages of both that stand below another page, or in another order among those that stayed."""
    place = {page.uuid: n for n, page in enumerate(was)}
    before = {page.uuid: page.parent for page in was}
    both = [(place[page.uuid], n) for n, page in enumerate(now) if page.uuid in place]
    in_order = {pair[1] for pair in longest_rising(both)}
    return {
        page.uuid
        for n, page in enumerate(now)
        if page.uuid in before and (n not in in_order or before[page.uuid] != page.parent)
    }


def _change(was: Page | None, now: Page, moved: bool) -> PageChange:
    if was is None:
        return PageChange("added", None, now)
    wider, narrower = _audiences(was.audiences, now.audiences)
    change = PageChange(
        "changed",
        was,
        now,
        text=was.source != now.source,
        moved=moved,
        renamed=was.title != now.title,
        wider=wider,
        narrower=narrower,
        required=now.required if now.required != was.required else None,
        settings=tuple(_settings(was.source, now.source)),
        questions=questions(was.questions, now.questions),
        media=tuple(sorted(n for n in {*was.media, *now.media} if was.media.get(n) != now.media.get(n))),
    )
    same = PageChange("changed", was, now)
    return PageChange("same", was, now) if change == same else change


def _settings(was: str, now: str) -> Iterator[str]:
    """The lines of the front matter that say something else now, in words."""
    if was == now:
        return
    before, after = (
        front_matter.read(source, file="", audiences=(), problems=Problems())[0] for source in (was, now)
    )
    for key, name in _SETTINGS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{key}: {_written(old)} → {_written(new)}"


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {each}" for name, each in value.items()) or "–"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "–"
    return "–" if value is None or value == "" else str(value)


def _audiences(
    was: frozenset[str] | None, now: frozenset[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(who gained, who lost); "" stands for everybody who signs in."""
    if was is None or now is None:
        return (("",) if was is not now and now is None else ()), (
            ("",) if was is not now and was is None else ()
        )
    return tuple(sorted(now - was)), tuple(sorted(was - now))


def _question(was: Question | None, now: Question) -> QuestionChange | None:
    stem = plain(now.stem_html)
    if was is None:
        return QuestionChange("added", now.key, stem, bank=now.bank)
    if told := tuple(_key_differences(was, now)):
        return QuestionChange("key", now.key, stem, told, now.bank)
    if was.digest() != now.digest():
        return QuestionChange("text", now.key, stem, bank=now.bank)
    return None


def _key_differences(was: Question, now: Question) -> Iterator[str]:
    """What is judged differently, a sentence each: ticks, weights, options, points, scoring."""
    if was.type != now.type:
        yield _("type: %(was)s → %(now)s") % {"was": was.type, "now": now.type}
    if was.points != now.points:
        yield _("points: %(was)s → %(now)s") % {"was": _number(was.points), "now": _number(now.points)}
    if was.scoring != now.scoring:
        yield _("scoring: %(was)s → %(now)s") % {"was": was.scoring, "now": now.scoring}
    for name in ("match", "typos", "unit"):
        old, new = getattr(was, name), getattr(now, name)
        if old != new:
            yield f"{name}: {_written(old)} → {_written(new)}"
    if "order" in (was.type, now.type):
        yield from _order_differences(was, now)
    elif was.slots or now.slots:
        yield from _place_differences(was, now)
    else:
        yield from _option_differences(was, now)


def _order_differences(was: Question, now: Question) -> Iterator[str]:
    if [choice.key for choice in was.choices] != [choice.key for choice in now.choices]:
        yield _("the order now: %s") % ", ".join(plain(choice.html) for choice in now.choices)


def _place_differences(was: Question, now: Question) -> Iterator[str]:
    """What belongs elsewhere now. A thing that nothing belongs to any more, or not yet, only distracts."""
    if "blanks" in (was.type, now.type):
        if was.slots != now.slots:
            yield _("the gaps now: %s") % "; ".join(_gap(slot) for slot in now.slots)
        return
    things = {choice.key: plain(choice.html) for choice in (*was.choices, *now.choices)}
    before = {slot.key: slot for slot in was.slots}
    after = {slot.key for slot in now.slots}
    for slot in now.slots:
        old, told = before.get(slot.key), {"left": plain(slot.html), "right": things[slot.right]}
        if old is None:
            yield _("new: “%(left)s” → “%(right)s”") % told
        elif old.right != slot.right:
            yield _("“%(left)s” → “%(right)s” now") % told
    for slot in was.slots:
        if slot.key not in after:
            yield _("gone: “%s”") % plain(slot.html)


def _gap(slot: Slot) -> str:
    return ", ".join(choice.text for choice in slot.choices if choice.right)


def _option_differences(was: Question, now: Question) -> Iterator[str]:
    """Options are known by their keys. Without, one that was reworded stands where it stood, as right as it
    was; but not where its words are what a typed answer is held against.
    """
    before = {choice.key: choice for choice in was.choices}
    after = {choice.key: choice for choice in now.choices}
    marks = [[(choice.right, choice.weight) for choice in question.choices] for question in (was, now)]
    typed = any(choice.text for choice in now.choices)
    if before.keys() != after.keys() and marks[0] == marks[1] and not typed:
        return
    for choice in now.choices:
        old, text = before.get(choice.key), plain(choice.html)
        if old is None:
            told = _("new and right: “%s”") if choice.right else _("new and wrong: “%s”")
            yield told % text
        elif old.right != choice.right:
            told = _("right now: “%s”") if choice.right else _("wrong now: “%s”")
            yield told % text
        elif old.weight != choice.weight:
            weights = {"was": _weight(old.weight), "now": _weight(choice.weight), "text": text}
            yield _("“%(text)s”: %(was)s → %(now)s") % weights
    for choice in was.choices:
        if choice.key not in after:
            told = _("gone, was right: “%s”") if choice.right else _("gone, was wrong: “%s”")
            yield told % plain(choice.html)


def _weight(weight: Fraction | None) -> str:
    return _("no weight") if weight is None else f"{_number(weight * 100)} %"


def _number(value: Fraction) -> str:
    return f"{float(value):g}"
