"""Small charts as SVG, for figures that stand as numbers beside them. No script, no style of their own."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from quizzes.figures import Graded

WIDE, HIGH, EDGE = 200, 24, 8  # an axis from 0 to 100 % between two edges


def facility(graded: Graded) -> SafeString:
    """The facility as a dot on its interval, over a line from 0 to 100 %; a tick where guessing leads."""
    low, high = graded.interval
    guess = (
        format_html('<path class="guess" d="M{} 3v18"/>', _x(graded.guess)) if graded.guess else SafeString()
    )
    return _svg(
        format_html(
            '<path class="axis" d="M{} 12H{}"/>{}<path class="span" d="M{} 12H{}M{} 7v10M{} 7v10"/>'
            '<circle class="dot" cx="{}" cy="12" r="5"/>',
            *(_x(0), _x(1), guess, _x(low), _x(high), _x(low), _x(high), _x(graded.facility)),
        )
    )


def share(all_: float, best: float | None, *, right: bool | None) -> SafeString:
    """How many chose an option as a bar, and of the best 27 % as a line across it."""
    line = SafeString()
    if best is not None:
        line = format_html('<path class="best" d="M{} 2v20"/>', _x(best))
    bar = format_html(
        '<path class="axis" d="M{0} 12H{1}"/>'
        '<rect class="share{2}" x="{0}" y="5" width="{3}" height="14"/>{4}',
        *(_x(0), _x(1), "" if right is None else " is-right" if right else " is-wrong"),
        *(f"{all_ * (WIDE - 2 * EDGE):.1f}", line),
    )
    return _svg(bar)


def _x(share: float) -> str:
    return f"{EDGE + share * (WIDE - 2 * EDGE):.1f}"


def _svg(drawn: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        WIDE,
        HIGH,
        drawn,
    )
