"""How the figures of a question are said and drawn."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from authoring import charts
from quizzes.figures import WEAK, Fault, Figures, Flag, Graded, Option

register = template.Library()

NONE = "–"
FAIR = 0.4  # discrimination from here on is good

# What a flag says; %(letter)s is the option that it is about.
WORDS = {
    "key": gettext_lazy("The best learners choose %(letter)s: check the key"),
    "backwards": gettext_lazy("Who does well elsewhere does worse here: check the key"),
    "guessed": gettext_lazy("No better than guessing"),
    "hard": gettext_lazy("Hard for most"),
    "weak": gettext_lazy("Hardly tells who knows the rest"),
    "dead": gettext_lazy("Hardly anybody picks %(letter)s"),
    "trivial": gettext_lazy("Too easy to tell"),
}
NOBODY = gettext_lazy("Nobody picks %(letter)s")
TONES: dict[Fault, str] = {
    "key": "wrong",
    "backwards": "wrong",
    "guessed": "wrong",
    "trivial": "",
    "dead": "",
}


@register.simple_tag
def flag(flag: Flag, figures: Figures) -> SafeString:
    """A flag as an icon and words; in colour where there are enough answers for that."""
    words = NOBODY if flag.fault == "dead" and flag.none else WORDS[flag.fault]
    tone = TONES.get(flag.fault, "late") if figures.sure else ""
    return format_html(
        '<span class="state {}"><svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>{}</span>',
        tone,
        static("img/icons.svg"),
        "info" if not TONES.get(flag.fault, "late") else "warning",
        words % {"letter": flag.letter},
    )


@register.filter
def percent(share: object) -> str:
    """A share as whole percent; a dash of what is no number, as where there are no figures."""
    return NONE if not isinstance(share, float | int) else f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


@register.filter
def interval(graded: Graded) -> str:
    """The interval of the facility, as "45-77 %" with an en dash."""
    low, high = graded.interval
    return f"{low * 100:.0f}–{percent(high)}"


@register.filter
def coefficient(value: object) -> str:
    """A number from -1 to 1 with two decimals."""
    return NONE if not isinstance(value, float) else f"{value:.2f}".replace("-", "−")


@register.filter
def told_apart(value: float | None) -> str:
    """What a discrimination index says, in a word."""
    if value is None:
        return _("cannot be said")
    if value < 0:
        return _("backwards")
    return _("weak") if value < WEAK else _("fair") if value < FAIR else _("good")


@register.filter
def duration(seconds: object) -> str:
    """Seconds as people say them."""
    if not isinstance(seconds, float | int):
        return NONE
    minutes, rest = divmod(round(seconds), 60)
    told = [ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}] if minutes else []
    return " ".join([*told, _("%(n)d s") % {"n": rest}] if rest or not told else told)


@register.filter
def of(counts: Mapping[int, int], key: int) -> int:
    """How many of something there are of a row, by its id."""
    return counts.get(key, 0)


@register.simple_tag
def facility_chart(graded: Graded) -> SafeString:
    """The facility with its interval, drawn."""
    return charts.facility(graded)


@register.simple_tag
def share_chart(option: Option) -> SafeString:
    """An option's share, drawn."""
    return charts.share(option.share, option.best, right=option.right)
