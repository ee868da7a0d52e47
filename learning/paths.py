"""Paths as one person sees them: what they lead through, how far one is, and the one next step.

Set arithmetic over modules, as `learning.outline` is over sections: done = the required
modules that the person can see and has completed. A path of which nothing is required,
or nothing is there yet, has no percent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.documents import Child
from courses.models import PathVersion
from learning import pages, telling
from learning.catalogue import Card
from learning.outline import Stage, percent
from learning.pages import Step


@dataclass(frozen=True, slots=True)
class Member:
    """A module somewhere below a path; required where every path on the way there asks for it."""

    card: Card
    required: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What a path lists, as it is drawn: a module, a path, a page to come, or a link to the outside."""

    title: str
    url: str = ""
    card: Card | None = None
    path: PathCard | None = None
    required: bool = True

    @property
    def is_outside(self) -> bool:
        """Whether it leads out of the site."""
        return bool(self.url) and self.card is None and self.path is None


@dataclass(frozen=True, slots=True)
class PathCard:
    """A path as one person sees it. Figures count modules: those that are required, seen and written."""

    uuid: str
    title: str
    description: str
    url: str
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    lines: tuple[Line, ...]
    members: tuple[Member, ...]
    done: int
    total: int
    percent: int | None
    state: Stage
    minutes: int
    minutes_left: int
    step: Step | None
    due: str  # the first day by which a module below is asked again, in words; empty for none
    overdue: bool  # that day is over


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is to draw from: paths and modules by uuid, and where a path is read."""

    paths: Mapping[str, PathVersion]
    modules: Mapping[str, Card]
    url_of: Callable[[PathVersion], str]


def paths_with(
    versions: Iterable[PathVersion],
    cards: Iterable[Card],
    *,
    url_of: Callable[[PathVersion], str] = pages.path_url,
) -> dict[str, PathCard]:
    """The paths that a person may see, by uuid; `cards` are all modules that they may take."""
    by_uuid = {str(version.path.uuid): version for version in versions}
    known = _Known(by_uuid, {card.uuid: card for card in cards}, url_of)
    return {uuid: _path(uuid, known, frozenset()) for uuid in by_uuid}


def _path(uuid: str, known: _Known, above: frozenset[str]) -> PathCard:
    """One path with everything below; what would stand below itself is left out."""
    version = known.paths[uuid]
    above |= {uuid}
    lines = [line for child in version.children if (line := _line(child, known, above)) is not None]
    members = _members(lines)
    asked = [m.card for m in members if m.required and m.card.total]
    done = sum(card.state == "done" for card in asked)
    complete = bool(asked) and done == len(asked)
    due = min((card.due for card in asked if card.due is not None), default=None)
    return PathCard(
        uuid=uuid,
        title=version.title,
        description=version.description,
        url=known.url_of(version),
        tags=tuple(version.tags),
        categories=tuple(version.categories),
        lines=tuple(lines),
        members=members,
        done=done,
        total=len(asked),
        percent=percent(done, len(asked), complete=complete),
        state=_state(asked, complete=complete),
        minutes=sum(member.card.minutes for member in members),
        minutes_left=sum(card.minutes_left for card in asked),
        step=_step(asked),
        due=telling.day(due) if due is not None else "",
        overdue=any(card.overdue for card in asked),
    )


def _line(child: Child, known: _Known, above: frozenset[str]) -> Line | None:
    """A line as the person sees it; None for what is not live, or not for them."""
    if child.uuid is None:
        return Line(child.title, child.url)
    if card := known.modules.get(child.uuid):
        return Line(card.title, card.url, card=card, required=child.required)
    if child.uuid in known.paths and child.uuid not in above:
        path = _path(child.uuid, known, above)
        return Line(path.title, path.url, path=path, required=child.required)
    return None


def _members(lines: Iterable[Line]) -> tuple[Member, ...]:
    """Every module below, once, in reading order; required where one way there is."""
    found: dict[str, Member] = {}
    for line in lines:
        below = line.path.members if line.path else (Member(line.card, True),) if line.card else ()
        for member in below:
            known = found.get(member.card.uuid)
            required = (line.required and member.required) or (known is not None and known.required)
            found[member.card.uuid] = Member(member.card, required)
    return tuple(found.values())


def _state(asked: list[Card], *, complete: bool) -> Stage:
    if complete:
        return "done"
    if not asked:
        return "empty"
    states = {card.state for card in asked}
    if "asked" in states:
        return "asked"
    return "under_way" if states & {"under_way", "done"} else "not_started"


def _step(asked: list[Card]) -> Step | None:
    """Go on where one was, else with the first module that is not done."""
    left = [card for card in asked if card.state != "done"]
    if not left:
        return None
    begun = next((card for card in left if card.state in ("asked", "under_way")), None)
    if begun is not None:
        return Step(begun.step_label, begun.step_url or begun.url, begun.title)
    label = _("Start: %(title)s") if len(left) == len(asked) else _("Continue: %(title)s")
    return Step(label % {"title": left[0].title}, left[0].url)
