"""What the learner's pages are drawn from: the outline as lines, and the one next step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from courses.models import ModuleVersion, PathVersion, SectionVersion
from learning import checks, terms
from learning.models import Certificate, Completion
from learning.outline import Item, Outline
from quizzes.standing import Standing, standings

_ICONS = {"link": "external"}  # the others are named as the states are


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the toc as it is drawn."""

    title: str
    url: str
    state: str
    minutes: int
    depth: int
    required: bool
    current: bool
    is_next: bool
    new: bool
    done_at: datetime | None
    icon: str
    meta: str  # what stands below the title: the state, or what to expect


@dataclass(frozen=True, slots=True)
class Toc:
    """The outline as it is drawn."""

    items: list[Line]
    done: int
    total: int
    sections: int  # that this person sees; `total` are those that count
    percent: int | None
    complete: bool
    minutes: int  # of the sections that this person sees
    minutes_left: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """The one obvious next step: what the button says and where it leads."""

    label: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A page that stands above this one."""

    title: str
    url: str


def module_url(version: ModuleVersion) -> str:
    """Where a module is read."""
    return reverse("module", args=[version.module.slug])


def path_url(version: PathVersion) -> str:
    """Where a path is read."""
    return reverse("path", args=[version.path.slug])


def crumbs(levels: Iterable[Iterable[PathVersion]]) -> list[list[Crumb]]:
    """The paths above a page, to go back to, level by level from the top."""
    return [[Crumb(parent.title, path_url(parent)) for parent in level] for level in levels]


def item_url(version: ModuleVersion, item: Item) -> str:
    """Where a section is read; the index page, when it is a section itself, is the module's page."""
    if not item.entry.slug:
        return module_url(version)
    return reverse("section", args=[version.module.slug, item.entry.slug])


def section_url(section: SectionVersion) -> str:
    """Where a section is read."""
    if not section.slug:
        return module_url(section.version)
    return reverse("section", args=[section.version.module.slug, section.slug])


def toc(version: ModuleVersion, outline: Outline, current: int | None = None) -> Toc:
    """The outline as lines; `current` is the section that is on the screen."""
    return Toc(
        items=[_line(version, outline, item, current) for item in outline.items],
        done=outline.done,
        total=outline.total,
        sections=outline.sections,
        percent=outline.percent,
        complete=outline.complete,
        minutes=sum(item.entry.minutes for item in outline.items),
        minutes_left=outline.minutes_left,
        title=version.title,
        url=module_url(version),
    )


def _line(version: ModuleVersion, outline: Outline, item: Item, current: int | None) -> Line:
    entry = item.entry
    is_current = current is not None and entry.section == current
    return Line(
        title=entry.title,
        url=_line_url(version, item),
        state=item.state,
        minutes=entry.minutes,
        depth=entry.depth,
        required=entry.required,
        current=is_current,
        is_next=item is outline.next,
        new=item.is_new,
        done_at=item.done_at,
        icon="here" if is_current and item.state == "open" else _ICONS.get(item.state, item.state),
        meta=_meta(item, is_next=item is outline.next and not is_current),
    )


def _line_url(version: ModuleVersion, item: Item) -> str:
    if item.state in ("soon", "locked"):
        return ""
    return item.entry.url or item_url(version, item)


def _meta(item: Item, *, is_next: bool) -> str:
    if item.state != "open":
        words = {
            "done": _("Done: tries used up") if item.used_up else _("Done"),
            "locked": _("Locked"),
            "soon": _("Coming soon"),
            "link": _("Another site"),
        }
        return words[item.state]
    parts = [_("Next")] if is_next else []
    parts += [_("Optional")] if not item.entry.required else []
    return " · ".join([*parts, minutes_text(item.entry.minutes)])


def minutes_text(minutes: int) -> str:
    """A number of minutes in words."""
    return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}


def checks_of(user: User, item: Item, *, since: datetime | None) -> list[Standing]:
    """Where the user stands in each check of a section, in order; `since` is the outline's.

    One query, and none where the section has no check or the user has not answered yet.
    """
    live = {check.quiz: check.version for check in item.entry.checks}
    anew = {} if since is None else dict.fromkeys(live, since)
    return list(standings(user, live, answered=item.answered, since=anew).values())


def next_step(version: ModuleVersion, outline: Outline, *, standing: Standing | None = None) -> Step | None:
    """Start, Continue, See what is new or Review, with what comes next and how long it takes.

    `standing` is the user's in the check of the next section, when they have begun it.
    """
    if outline.complete:
        return _what_is_new(version, outline) or Step(_("Review"), module_url(version))
    item = outline.next
    if item is None:
        return None
    url = item_url(version, item)
    minutes = minutes_text(item.entry.minutes)
    if not outline.started and outline.asked is not None:
        return Step(
            _("Take it again: %(title)s, %(minutes)s") % {"title": item.entry.title, "minutes": minutes}, url
        )
    if not outline.started:
        return Step(
            _("Start"), url, _("%(title)s, %(minutes)s") % {"title": item.entry.title, "minutes": minutes}
        )
    if standing is not None and standing.rounds:
        return _into_the_check(standing, url, item)
    return Step(_("Continue: %(title)s, %(minutes)s") % {"title": item.entry.title, "minutes": minutes}, url)


def _what_is_new(version: ModuleVersion, outline: Outline) -> Step | None:
    """To what came in since the person completed the module."""
    item = outline.new
    if item is None:
        return None
    told = {"title": item.entry.title, "minutes": minutes_text(item.entry.minutes)}
    return Step(_("See what is new: %(title)s, %(minutes)s") % told, item_url(version, item))


def _into_the_check(standing: Standing, url: str, item: Item) -> Step:
    view = checks.view_of(standing, page=UUID(item.entry.uuid))
    if view.turn not in ("open", "again") or not view.by_question:
        words = {"title": item.entry.title, "minutes": minutes_text(item.entry.minutes)}
        return Step(_("Continue: %(title)s, %(minutes)s") % words, f"{url}#check-{view.key}")
    if view.state != "open" or not view.position:
        label = ngettext(
            "Continue: the missed question of %(title)s, %(minutes)d min",
            "Continue: the %(n)d missed questions of %(title)s, %(minutes)d min",
            view.missed,
        )
        told = {"n": view.missed, "title": item.entry.title, "minutes": terms.minutes_left(view.missed)}
        return Step(label % told, f"{url}#check-{view.key}")
    told = {"n": view.position, "total": view.total, "minutes": terms.minutes_left(view.unchecked)}
    question = next(q for q in view.questions if q.number == view.position)
    label = _("Continue: question %(n)d of %(total)d, %(minutes)d min")
    return Step(label % told, f"{url}#q-{question.key}", item.entry.title)


def standing_in(user: User, item: Item, *, since: datetime | None) -> Standing | None:
    """Where the user stands in the first check of a section that they have begun and not passed yet."""
    return next((s for s in checks_of(user, item, since=since) if s.rounds and not s.passed), None)


def line(version: ModuleVersion, outline: Outline, item: Item | None) -> Line | None:
    """One line of the toc by itself: this page, the one before, the one after."""
    return one_line(version, outline, item) if item is not None else None


def one_line(version: ModuleVersion, outline: Outline, item: Item) -> Line:
    """One line of the toc by itself."""
    return _line(version, outline, item, None)


def asked_line(outline: Outline, last: Completion | None) -> str:
    """That a new completion is asked, by when, and that the one they have stays; empty where none is."""
    if outline.asked is None or outline.complete or last is None:
        return ""
    told = {"day": date_format(outline.asked.due, "j F Y"), "n": last.version.number}
    told["done"] = date_format(timezone.localtime(last.completed_at), "j F Y")
    return (
        _(
            "You are asked to complete this module again by %(day)s. That you completed version %(n)s on "
            "%(done)s stays on record, and its certificate stays valid."
        )
        % told
    )


def mark_done_url(page: UUID) -> str:
    """Where “Mark as done” is posted."""
    return reverse("mark_done", args=[page])


def completed_url(version: ModuleVersion) -> str:
    """The page that says that a module is completed."""
    return reverse("completed", args=[version.module.slug])


def certificate_url(certificate: Certificate) -> str:
    """A certificate's own page."""
    return reverse("certificate", args=[certificate.serial])
