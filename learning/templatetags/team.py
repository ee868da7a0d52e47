"""How the manager's tables say a state, a score and a date."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from learning.reports import Cell, Row
from learning.team_scores import whole_percent

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"

# Each state's class, its icon and its words.
STATES = {
    "done": ("done", "done", gettext_lazy("Done")),
    "asked": ("late", "again", gettext_lazy("Asked again")),
    "under_way": ("here", "partly", gettext_lazy("Under way")),
    "not_started": ("", "open", gettext_lazy("Not started")),
    "empty": ("", "soon", gettext_lazy("Nothing to take yet")),
    "added": ("", "open", gettext_lazy("Added since, not asked")),
}


@register.simple_tag
def state(name: str, percent: int | None = None) -> SafeString:
    """A state of a row or a cell: an icon and a word; while something is asked also how far."""
    css, icon, word = STATES[name]
    how_far = f" · {_per_cent(percent)}" if name in ("under_way", "asked") and percent is not None else ""
    return format_html(
        '<span class="state {}"><svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>{}{}</span>',
        css,
        static("img/icons.svg"),
        icon,
        word,
        how_far,
    )


@register.simple_tag
def asked_by(row: Row) -> SafeString:
    """By when a new completion is asked, as "by 15 Jan 2027"; nothing where none is."""
    if row.state != "asked" or row.outline.asked is None:
        return SafeString()
    return format_html(
        '<span class="cell-more">{}</span>', _("by %s") % date_format(row.outline.asked.due, "j M Y")
    )


@register.simple_tag
def scores(scored: Row | Cell) -> SafeString:
    """First-round and best score as "First 50 % · Best 83 %", rounded down; nothing before there is one.

    A section says also how many rounds it took.
    """
    if scored.best is None:
        return SafeString()
    told = [_("Best %s") % _per_cent(whole_percent(scored.best))]
    if scored.first is not None:
        told.insert(0, _("First %s") % _per_cent(whole_percent(scored.first)))
    if isinstance(scored, Cell):
        told.append(ngettext("%(n)d round", "%(n)d rounds", scored.rounds) % {"n": scored.rounds})
    # A narrow column breaks between the two, never inside one.
    return format_html('<span class="cell-more">{}</span>', " · ".join(t.replace(" ", NBSP) for t in told))


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """A `<time>` that says "today" or "12 May 2026", with the exact one on hover, in the site's time zone."""
    local = timezone.localtime(at)
    exact = f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        exact,
        _in_words(local),
    )


def _in_words(local: datetime) -> str:
    days = (timezone.localdate() - local.date()).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if 1 < days < 7:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return date_format(local, "j M Y")


def _per_cent(whole: int | None) -> str:
    return f"{whole}{NBSP}%"
