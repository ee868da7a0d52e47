"""What was published since, in words: how a completion reads, what came in and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import ModuleVersion
from learning import pages
from learning.outline import Outline
from learning.pages import Line
from learning.record import Record
from learning.since import News, Said, additions, said

# How long ago something may have come in, to be told to somebody who has not begun the module.
RECENTLY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Addition:
    """Pages that came in on a day."""

    at: datetime
    day: str
    lines: list[Line]


def said_of(version: ModuleVersion, outline: Outline, record: Record, news: Sequence[News]) -> Said | None:
    """What is said of the person's newest completion of the module; None before they have one."""
    return said(outline, record.facts, news, index=str(version.module.uuid))


def words(told: Said) -> SafeString:
    """“Done 3 Nov”, and what was published since; the exact time of it on hover."""
    at = timezone.localtime(told.done_at)
    done = format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="minutes"),
        date_format(at, "j F Y, H:i"),
        day(at.date()),
    )
    if told.kind == "asked" and told.due is not None:
        return format_html(_("Done {}, asked again by {}"), done, day(told.due))
    if told.kind == "added":
        text = ngettext("Done {} · {} new section since", "Done {} · {} new sections since", told.added)
        return format_html(text, done, told.added)
    return format_html(
        _("Done {}, small corrections since") if told.kind == "corrected" else _("Done {}"), done
    )


def day(when: date) -> str:
    """“3 Nov”, with the year where it is another one."""
    return date_format(when, "j M" if when.year == timezone.localdate().year else "j M Y")


def added_lines(
    version: ModuleVersion, outline: Outline, record: Record, news: Sequence[News]
) -> list[Addition]:
    """What came in since the person completed the module, or else began it, and is not done by them yet."""
    since = record.facts.completed_at or record.started_at or timezone.now() - RECENTLY
    first = min((each.at for each in news), default=since)  # what a module began with was not added
    found = additions(outline, news, since=max(since, first))
    return [
        Addition(at, day(timezone.localdate(at)), [pages.one_line(version, outline, item) for item in items])
        for at, items in found
    ]
