"""Withdrawing a module or a section from learners, and restoring it; each with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring import withdrawing
from authoring.policy_forms import WhichForm
from courses import access
from courses.models import Module, Section


@author
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, slug: str) -> HttpResponse:
    """What of a module learners find, and the buttons that take it away and bring it back."""
    module = access.module_named(slug)
    parts = _parts(module)
    form = WhichForm(request.POST if request.method == "POST" else None, parts=parts)
    if request.method == "POST" and form.is_valid():
        (act, what), why = form.chosen, form.cleaned_data["why"]
        if act == "restore":
            withdrawing.restore(what, by=request.user, why=why)
            messages.success(request, _("Restored: learners find it again."))
        else:
            completed = withdrawing.withdraw(what, by=request.user, why=why)
            messages.success(request, _told(completed))
        return SeeOther(reverse("authoring_withdraw", args=[slug]))
    context = {"module": module, "live": module.published_version, "form": form}
    return render(request, "authoring/withdraw.html", context, status=422 if form.errors else 200)


def _parts(module: Module) -> dict[str, tuple[str, Module | Section]]:
    """What can be withdrawn, by the name that the form gives it: its title, and itself."""
    parts: dict[str, tuple[str, Module | Section]] = {"module": (_("The whole module"), module)}
    for row in withdrawing.sections_of(module):
        parts[str(row.section.uuid)] = (row.title, row.section)
    return parts


def _told(completed: int) -> str:
    told = _("Withdrawn: learners do not find it any more. Records and certificates stay.")
    if not completed:
        return told
    more = ngettext(
        "One person has nothing left to do and has completed the module by that.",
        "%(n)d people have nothing left to do and have completed the module by that.",
        completed,
    )
    return f"{told} {more % {'n': completed}}"
