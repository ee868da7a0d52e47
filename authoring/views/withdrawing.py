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
from authoring.policy_forms import ACTS, WhichForm
from courses import access


@author
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, slug: str) -> HttpResponse:
    """What of a module learners find, with the button that takes it away, and what is withdrawn, with the
    button that brings it back."""
    module = access.module_named(slug)
    parts = withdrawing.parts_of(module)
    asked = request.POST.get("what", "").partition(":")[0] or request.POST.get("act", "")
    forms = {
        act: WhichForm(request.POST if asked == act else None, parts=parts, act=act, auto_id=f"{act}_%s")
        for act in ACTS
    }
    form = forms.get(asked)
    if form is not None and form.is_valid():
        what, why = form.chosen, form.cleaned_data["why"]
        act = form.act
        if act == "restore":
            withdrawing.restore(what, by=request.user, why=why)
            messages.success(request, _("Restored: learners find it again."))
        else:
            completed = withdrawing.withdraw(what, by=request.user, why=why)
            messages.success(request, _told(completed))
        return SeeOther(reverse("authoring_withdraw", args=[slug]))
    taking, completed = withdrawing.people_of(module)
    context = {
        "module": module,
        "live": module.published_version,
        "forms": [found for found in forms.values() if found.parts or found.errors],
        "can_restore": withdrawing.can_restore(module),
        "taking": taking,
        "completed": completed,
    }
    return render(
        request, "authoring/withdraw.html", context, status=422 if request.method == "POST" else 200
    )


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
