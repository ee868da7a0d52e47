"""What a publication asks of people, asking less, and rolling back; each with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring import release, rolling_back, softening
from authoring.moving import gone_after, moves_of
from authoring.policy_forms import ReasonForm, SoftenForm
from authoring.receipts import receipt_named
from courses.publishing import Conflict
from learning import publications
from learning.models import Publication


@author
@require_safe
def publication(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a publication asks of people now, and the two ways to take some of it back."""
    return render(request, "authoring/publication.html", _context(_named(pk)))


@author
@require_POST
def soften(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a publication ask less, as if it had been published like that."""
    found = _named(pk)
    form = SoftenForm(request.POST, refused=softening.softened_to(found))
    if form.is_valid():
        sent = form.cleaned_data
        try:
            unasked = softening.soften(found, policy=sent["policy"], by=request.user, why=sent["why"])
        except release.Refused as refused:
            form.refuse(refused)
        else:
            told = ngettext(
                "It asks less now. One person is no longer asked to complete it again.",
                "It asks less now. %(n)d people are no longer asked to complete it again.",
                unasked,
            )
            messages.success(request, told % {"n": unasked})
            return SeeOther(reverse("authoring_publication", args=[pk]))
    context = _context(found) | {"soften_form": form}
    return render(request, "authoring/publication.html", context, status=422)


@author
@require_POST
def roll_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make live again what the publication replaced; with `together`, all that its act published.

    `with` are those that the page named, because a page moved between them and this one.
    """
    found = _named(pk)
    form = ReasonForm(request.POST)
    together = "together" in request.POST
    act = receipt_named(found.event_id)
    named = {str(found.pk), *request.POST.getlist("with")}
    some = tuple(each for each in act.publications if str(each.pk) in named)
    undone, paths = (act.publications, act.paths) if together else (some, ())
    if form.is_valid():
        try:
            receipt = rolling_back.roll_back(
                undone, by=request.user, why=form.cleaned_data["why"], paths=paths
            )
            return SeeOther(reverse("authoring_receipt", args=[receipt.id]))
        except release.Overtaken as overtaken:
            form.add_error(
                None, _("%(live)s is live by now: nothing was changed.") % {"live": overtaken.live}
            )
        except release.Refused as refused:
            form.add_error(refused.field, refused.text)
        except Conflict as conflict:
            told = _("%(what)s. Roll that module back first, or upload both and publish them together.")
            form.add_error(None, told % {"what": conflict})
    context = _context(found) | {"ticked": together}
    if not context["halted"]:
        context["back_form"] = form
    return render(request, "authoring/publication.html", context, status=422)


def _named(pk: int) -> Publication:
    found = publications.named(pk)
    if found is None:
        raise Http404
    return found


def _context(found: Publication) -> dict[str, Any]:
    last = publications.standing(found.module).first()
    refused = softening.softened_to(found)
    act = receipt_named(found.event_id)
    stopped = rolling_back.stops(act.publications, act.paths)
    moves = moves_of(found, act.publications)
    bound = {end for move in moves for end in move.ends}
    halted = {row for row, _stop in stopped} & {each.version for each in bound}
    goes_back = last == found and found.replaced is not None
    return {
        "publication": found,
        "state": publications.asked_by(found),
        "soften_form": SoftenForm(refused=refused) if any(not why for why in refused.values()) else None,
        "back_form": ReasonForm() if goes_back and not halted else None,
        "act": act,
        "moves": moves if goes_back else [],
        "gone": gone_after(bound | {found}) if goes_back else [],
        "has_more": bool(act.paths) or len(act.publications) > max(len(bound), 1),
        "bound": sorted(bound - {found}, key=lambda each: each.pk),
        "halted": halted,
        "stopped": [str(row) for row, _stop in stopped],
        "ticked": not stopped,
    }
