"""Importing people in the administration: upload, see an answer for each line, confirm."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.forms import PeopleImportForm
from accounts.http import SignedInRequest
from accounts.people import Role, import_people
from accounts.people_file import COLUMNS, MAX_ROWS, Outcome, read_people


def people_import(request: SignedInRequest, frame: dict[str, Any]) -> HttpResponse:
    """One page in three states, in `frame`, the context of the admin; called behind the admin's gate.

    What was confirmed is read and judged anew: the site may have changed since the
    look through. Sending it twice changes nothing.
    """
    form = PeopleImportForm(request.POST, request.FILES) if request.method == "POST" else PeopleImportForm()
    page: dict[str, Any] = {**frame, "form": form, "columns": COLUMNS, "roles": list(Role), "most": MAX_ROWS}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "admin/accounts/user/import.html", page, status=status)
    data = form.cleaned_data["data"]
    confirmed = bool(form.cleaned_data["content"])
    answers = import_people(read_people(data), by=request.user, dry_run=not confirmed)
    count = Counter(answer.outcome for answer in answers)
    page |= {
        "answers": answers,
        "new": count[Outcome.ADD],
        "there": count[Outcome.THERE],
        "problems": count[Outcome.PROBLEM],
        "done": confirmed and not count[Outcome.PROBLEM],
        "confirm": PeopleImportForm.holding(data) if not confirmed and not count[Outcome.PROBLEM] else None,
        "form": PeopleImportForm(),
    }
    return render(request, "admin/accounts/user/import.html", page)
