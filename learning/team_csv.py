"""A team report as a table for spreadsheets: one row a person and module.

The columns are a contract (docs/team.md): they only ever grow at the end, and their
names and the words for states are the same in every language.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime
from io import StringIO

from django.utils import timezone

from learning.reports import Report, Row
from learning.team_scores import whole_percent

COLUMNS = (
    "name",
    "e-mail",
    "organisation",
    "group",
    "module",
    "state",
    "percent",
    "completed on",
    "version",
    "first-round score",
    "best score",
    "last active",
    "certificate number",
    "asked again by",
)
STATES = {
    "done": "done",
    "asked": "asked again",
    "under_way": "under way",
    "not_started": "not started",
    "empty": "nothing to take yet",
}
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"

# What a spreadsheet takes for a formula: at the start of a cell, blanks or not, and where one that
# goes by other separators would start a cell.
_BLANK = r"(?:[^\S\t\r\n]|[\x00-\x08\x0e-\x1f\u200b-\u200f\u2060\ufeff])"
_FORMULA = re.compile(rf"""(^(?=[\t\r\n])|(?:^|[;,|"\t\r\n])(?={_BLANK}*[=+\-@＝＋－＠]))""")


def table(report: Report) -> bytes:
    """The rows of the report as CSV: UTF-8 with a byte order mark, CRLF, every cell quoted."""
    titles = {version.module_id: version.title for version in report.modules}
    text = StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in report.rows:
        writer.writerow([safe(cell) for cell in _cells(row, titles[row.version.module_id])])
    return (BOM + text.getvalue()).encode()


def safe(cell: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet would take for a formula."""
    return _FORMULA.sub(r"\1'", cell)


def _cells(row: Row, title: str) -> list[str]:
    person, completion = row.person, row.completion
    return [
        person.name,
        person.email,
        person.organisation.name if person.organisation else "",
        person.group.name if person.group else "",
        title,
        STATES[row.state],
        _number(row.outline.percent),
        _day(completion.completed_at if completion else None),
        _number(completion.version.number if completion else None),
        _number(whole_percent(row.first)),
        _number(whole_percent(row.best)),
        _day(row.last_active),
        row.certificate_number,
        row.outline.asked.due.isoformat() if row.outline.asked is not None else "",
    ]


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _day(at: datetime | None) -> str:
    """The day in the site's time zone, as 2026-05-31."""
    return "" if at is None else timezone.localtime(at).date().isoformat()
