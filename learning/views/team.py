"""What a manager sees of their own people: all modules, one module, and the same rows as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.gates import manager
from accounts.http import SignedInRequest
from accounts.models import User
from courses.models import ModuleVersion
from learning import team_csv
from learning.extras import tries_asked
from learning.reports import Cell, Report, Row, cell, sections_of, team_report

STATES = ("done", "under_way", "not_started", "asked")


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that filters: how many of all are in a state ("" is every state)."""

    state: str
    label: str
    count: int
    total: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One person's line in a table; the cells stand in the order of the columns."""

    person: User
    cells: list[Row | None] | list[Cell | None]
    last_active: datetime | None
    row: Row | None = None


@manager
@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """All modules: people × modules."""
    report, state = team_report(request.user), _state(request)
    shown = report.only(state=state) if state else report
    context = {"lines": _lines(shown), "total_people": len(report.people), "modules": shown.modules}
    context["asked_tries"] = tries_asked(report.people)
    return render(request, "team/overview.html", context | _frame(report, state, here=reverse("team")))


@manager
@require_safe
def module(request: SignedInRequest, slug: str) -> HttpResponse:
    """One module: people × sections. 404 unless it is a module of one of the people."""
    report, state = team_report(request.user), _state(request)
    version = _module(report, slug)
    of_module = report.only(module=version.module_id)
    shown = of_module.only(state=state)
    sections = sections_of(of_module.rows)
    lines = [
        Line(row.person, [cell(row, entry.section or 0) for entry in sections], row.last_active, row)
        for row in shown.rows
    ]
    context = {"module": version, "modules": report.modules, "sections": sections, "lines": lines}
    here = reverse("team_module", args=[slug])
    return render(request, "team/module.html", context | _frame(of_module, state, here=here, module=slug))


@manager
@require_safe
@cache_control(private=True, no_store=True)
def export(request: SignedInRequest) -> HttpResponse:
    """The rows of the screen, with the same filters, as CSV. What leaves the site is told in the trail."""
    report, state, slug = team_report(request.user), _state(request), request.GET.get("module", "")
    version = _module(report, slug) if slug else None
    shown = report.only(module=version.module_id if version else None, state=state)
    content = team_csv.table(shown)
    name = "-".join(filter(None, ["team", slug, state, timezone.localdate().isoformat()]))
    if request.method == "GET":
        detail = {"module": slug, "state": state, "rows": len(shown.rows)}
        audit.record(
            by=request.user, what="team exported", whom=version.title if version else "", detail=detail
        )
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, f"{name}.csv") or ""},
    )


def _state(request: SignedInRequest) -> str:
    """The state to filter by; a word that is none filters nothing."""
    asked = request.GET.get("state", "")
    return asked if asked in STATES else ""


def _module(report: Report, slug: str) -> ModuleVersion:
    found = next((version for version in report.modules if version.module.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _lines(shown: Report) -> list[Line]:
    columns = [version.module_id for version in shown.modules]
    by_place = {(row.person.pk, row.version.module_id): row for row in shown.rows}
    lines = []
    for person in shown.people:
        cells = [by_place.get((person.pk, column)) for column in columns]
        active = [row.last_active for row in cells if row is not None and row.last_active is not None]
        lines.append(Line(person, cells, max(active, default=None)))
    return lines


def _frame(report: Report, state: str, *, here: str, module: str = "") -> dict[str, Any]:
    """What both screens have around their table: the tiles, and the same rows as CSV."""
    labels = {"": _("All"), "done": _("Done"), "under_way": _("Under way"), "not_started": _("Not started")}
    if report.counts["asked"] or state == "asked":
        labels["asked"] = _("Asked again")
    total = len(report.rows)
    tiles = [
        Tile(
            state=name,
            label=label,
            count=report.counts[name] if name else total,
            total=total,
            url=f"{here}?{urlencode({'state': name})}" if name else here,
            current=name == state,
        )
        for name, label in labels.items()
    ]
    query = urlencode({key: value for key, value in (("module", module), ("state", state)) if value})
    return {
        "tiles": tiles,
        "state": state,
        "here": here,
        "csv_url": reverse("team_csv") + (f"?{query}" if query else ""),
        "scored": any(row.best is not None for row in report.rows),
    }
