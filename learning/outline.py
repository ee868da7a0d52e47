"""A module as one learner sees it now: each section hidden, locked, open or done, and what is next.

Pure set arithmetic (no Django, no database): done = the required sections that the
learner can see and has done; never a counter. Percent is 100 exactly when complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, NamedTuple

from courses.documents import Entry, admits

State = Literal["locked", "open", "done", "soon", "link"]
# Where a person is in a module as a whole; `asked`: completed, and asked to complete it again;
# `empty`: nothing to take yet.
Stage = Literal["not_started", "under_way", "done", "asked", "empty"]


class Deed(NamedTuple):
    """A section (by row id) that was opened, and when; `asked_at` is when that was asked anew, if it was.
    `used_up_at`: since when no tries were left in a check that it takes; `cause` is why it is done."""

    section: int
    answered_at: datetime | None
    done_at: datetime | None
    asked_at: datetime | None
    used_up_at: datetime | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A new completion is asked since `at`; what was opened and done since then, sections by row id.

    `row` is the row id of the asking.
    """

    row: int
    at: datetime
    due: date
    opened: frozenset[int] = frozenset()
    done: Mapping[int, datetime] = field(default_factory=dict)
    used_up: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says of one person in one module; sections by row id.

    `opened`, `answered` and `done` are all that ever was; `asked` has what counts anew, while
    a new completion is asked.
    """

    opened: frozenset[int] = frozenset()
    answered: frozenset[int] = frozenset()
    used_up: frozenset[int] = frozenset()
    done: Mapping[int, datetime] = field(default_factory=dict)
    # The uuids that the person's completion was about; None while not completed.
    completed: frozenset[str] | None = None
    completed_at: datetime | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the outline that this learner can see."""

    entry: Entry
    state: State
    done_at: datetime | None
    is_new: bool  # added since the person completed the module: shown, not asked
    answered: bool  # something was answered here
    used_up: bool = False  # no tries were left in a check that it takes


@dataclass(frozen=True, slots=True)
class Outline:
    """The module as one learner sees it. `percent` is None when nothing is required."""

    items: tuple[Item, ...]
    started: bool
    done: int
    total: int
    percent: int | None
    complete: bool
    minutes_left: int
    left: tuple[Item, ...]  # what stands between here and 100 %, in order
    next: Item | None
    asked: Asked | None = None  # the new completion that is asked

    @property
    def since(self) -> datetime | None:
        """Since when rounds count; None: all of them do."""
        return self.asked.at if self.asked is not None else None

    @property
    def sections(self) -> int:
        """How many sections the person sees that are written, asked of them or not."""
        return sum(item.entry.section is not None for item in self.items)

    @property
    def new(self) -> Item | None:
        """The first section that came in since the person completed the module, to go to."""
        return next((item for item in self.items if item.is_new and item.state == "open"), None)

    @property
    def added(self) -> int:
        """How many sections came in since the person completed the module, and are not asked of them."""
        return sum(item.is_new for item in self.items)

    @property
    def stage(self) -> Stage:
        """Where the person is in the module as a whole."""
        if self.complete:
            return "done"
        if self.asked is not None:
            return "asked"
        if self.percent is None:
            return "empty"
        return "under_way" if self.started else "not_started"

    def find(self, section: int) -> Item | None:
        """The line of one section; None where the learner cannot see it."""
        return next((item for item in self.items if item.entry.section == section), None)

    def before(self, item: Item) -> Item | None:
        """The page before, in reading order."""
        return self._beside(item, -1)

    def after(self, item: Item) -> Item | None:
        """The page after, in reading order; what is no page yet, or none of ours, is passed over."""
        return self._beside(item, +1)

    def _beside(self, item: Item, step: int) -> Item | None:
        pages = [i for i in self.items if i.entry.section is not None]
        place = pages.index(item) + step
        return pages[place] if 0 <= place < len(pages) else None


def draw(
    entries: Sequence[Entry],
    *,
    audiences: frozenset[str],
    facts: Facts,
    sequence: str = "free",
    gate: frozenset[str] | None = None,
) -> Outline:
    """Draw the outline of one version for one person. `gate`: whom the paths above let in (None: all).

    The required set is that of the version the person is on: the one they completed,
    else the one whose `entries` these are. While a new completion is asked it is the
    latter, and only what was done since counts; where nothing is required of them any
    more, nothing is asked. A hidden section is in neither side of any figure, nor is
    one that is coming soon. What was opened or done never locks again.
    """
    visible = [entry for entry in entries if admits(entry.audiences, audiences, gate)]
    anew = facts.asked if any(is_required(entry, None) for entry in visible) else None
    pinned = facts.completed if anew is None else None
    opened, done_at = (facts.opened, facts.done) if anew is None else (anew.opened, anew.done)
    items = tuple(_items(visible, facts, done_at, pinned, in_order=sequence == "linear"))
    required = [item for item in items if is_required(item.entry, pinned)]
    left = () if pinned is not None else tuple(i for i in required if i.state != "done")
    complete = pinned is not None or (bool(required) and not left)
    done = len(required) - len(left)
    return Outline(
        items=items,
        started=pinned is not None or any(entry.section in opened for entry in entries),
        done=done,
        total=len(required),
        percent=percent(done, len(required), complete=complete),
        complete=complete,
        minutes_left=sum(item.entry.minutes for item in left),
        left=left,
        next=min((item for item in left if item.state == "open"), key=lambda i: i.used_up, default=None),
        asked=anew,
    )


def is_required(entry: Entry, completed: frozenset[str] | None) -> bool:
    """Whether a section counts: required, written, and part of what the person is on."""
    if not entry.required or entry.section is None:
        return False
    return completed is None or entry.uuid in completed


def percent(done: int, total: int, *, complete: bool) -> int | None:
    """Whole percent, rounded down, so that 100 is reached by completing and by nothing else."""
    if complete:
        return 100
    return None if not total else min(99, done * 100 // total)


def gather(
    deeds: Iterable[Deed],
    *,
    completed_at: datetime | None = None,
    required: Iterable[str] | None = None,
    asking: Asked | None = None,
) -> Facts:
    """The facts from what is stored: every deed of one person in one module, their newest completion
    (`required` are the uuids that it was about) and what is asked of them anew.

    What was done for an asking that is withdrawn counts as any other deed; for one that is
    still open counts what was done since it began.
    """
    all_ = list(deeds)
    if asking is not None:
        since = [deed for deed in all_ if deed.asked_at is not None and deed.asked_at >= asking.at]
        asking = replace(
            asking,
            opened=frozenset(deed.section for deed in since),
            done=_first_done(since),
            used_up=_used_up(since),
        )
    return Facts(
        opened=frozenset(deed.section for deed in all_),
        answered=frozenset(deed.section for deed in all_ if deed.answered_at),
        used_up=_used_up(all_),
        done=_first_done(all_),
        completed=None if required is None else frozenset(required),
        completed_at=completed_at,
        asked=asking,
    )


def _used_up(deeds: Iterable[Deed]) -> frozenset[int]:
    """Of the sections that are done, only those that are done for that reason."""
    used_up = (deed for deed in deeds if deed.used_up_at)
    return frozenset(deed.section for deed in used_up if not deed.done_at or deed.cause == "used_up")


def _first_done(deeds: Iterable[Deed]) -> dict[int, datetime]:
    done: dict[int, datetime] = {}
    for deed in deeds:
        if deed.done_at is not None:
            done[deed.section] = min(deed.done_at, done.get(deed.section, deed.done_at))
    return done


def _items(
    entries: Iterable[Entry],
    facts: Facts,
    done: Mapping[int, datetime],
    pinned: frozenset[str] | None,
    *,
    in_order: bool,
) -> Iterator[Item]:
    """The lines; `in_order`: what stands behind something required that is not done is locked, unless no
    tries are left there."""
    used_up = facts.used_up if facts.asked is None else facts.asked.used_up
    blocked = False
    for entry in entries:
        item = _item(entry, facts, done, pinned, blocked=blocked)
        if entry.section in used_up:
            item = replace(item, used_up=True)
        yield item
        is_open = item.state != "done" and not item.used_up
        blocked = blocked or (in_order and is_required(entry, pinned) and is_open)


def _item(
    entry: Entry,
    facts: Facts,
    done: Mapping[int, datetime],
    pinned: frozenset[str] | None,
    *,
    blocked: bool,
) -> Item:
    if entry.section is None:
        return Item(entry, "link" if entry.url else "soon", None, is_new=False, answered=False)
    answered = entry.section in facts.answered
    done_at = done.get(entry.section)
    if done_at is not None:
        return Item(entry, "done", done_at, is_new=False, answered=answered)
    is_new = pinned is not None and entry.required and entry.uuid not in pinned
    state: State = "locked" if blocked and entry.section not in facts.opened else "open"
    return Item(entry, state, None, is_new=is_new, answered=answered)
