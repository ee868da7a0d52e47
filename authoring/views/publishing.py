"""Making a version live, the receipt that says what it did, and discarding what never was live."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring import listing
from authoring.browser_changes import lacking
from authoring.discarding import BeingEdited
from authoring.discarding import discard as discard_draft
from authoring.policy_forms import PublishForm, kept
from authoring.receipts import receipt_named
from authoring.release import Overtaken, Refused, release
from authoring.views.modules import version_context
from courses import access
from courses.models import ModuleVersion, PathVersion
from courses.publishing import Conflict
from learning import mailing


@author
@require_POST
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Release a version over the one that the author saw; 409 when another one is live by now."""
    version = listing.version_named(pk)
    live = version.module.published_version
    form = PublishForm(request.POST, version=version, live=live)
    if not form.is_valid():
        return render(request, "authoring/version.html", version_context(version, form), status=422)
    if live is not None and live.pk == version.pk:
        return SeeOther(reverse("authoring_version", args=[pk]))  # pressed twice
    if "replace" not in request.POST and lacking(version):
        context = version_context(version, form) | {"unticked": True}
        return render(request, "authoring/version.html", context, status=422)
    sent = form.cleaned_data
    try:
        receipt = release(version, by=request.user, why=sent["why"], over=sent["over"], **form.chosen)
    except Refused as refused:
        form.refuse(refused)
        return render(request, "authoring/version.html", version_context(version, form), status=422)
    except Overtaken as overtaken:
        return _not_now(request, version, live=overtaken.live)
    except Conflict as conflict:
        return _not_now(request, version, conflict=conflict)
    return SeeOther(reverse("authoring_receipt", args=[receipt.id]))


@author
@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a draft that was never published, once the author has ticked that they mean it."""
    version = listing.version_named(pk)
    if "sure" not in request.POST:
        context = version_context(version) | {"unsure": True}
        return render(request, "authoring/version.html", context, status=422)
    stays = _("This version has been published: it stays.")
    try:
        discarded = discard_draft(version, by=request.user)
    except BeingEdited:
        discarded = False
        stays = _("Its pages are being edited: build a draft of the edits or discard them first.")
    if not discarded:
        messages.error(request, stays)
        return SeeOther(reverse("authoring_version", args=[pk]))
    messages.success(request, _("%(version)s is discarded.") % {"version": version})
    return SeeOther(reverse("authoring"))


@author
@require_safe
def receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    """What an act did: to the pointers, and to people's records. Kept with its publications."""
    found = receipt_named(pk)
    modules = [publication.module_id for publication in found.publications]
    opens = access.modules_for(request.user).filter(module__in=modules).values_list("module", flat=True)
    paths = access.paths_for(request.user).filter(path__in=[moved.version.path_id for moved in found.paths])
    context = {"receipt": found, "opens": set(opens), "path_opens": paths.exists()}
    if found.asks:
        told = mailing.told([publication.pk for publication in found.publications])
        context |= {"mails": told, "mail_is_set_up": mailing.is_set_up()}
    return render(request, "authoring/receipt.html", context)


@author
@require_POST
def send_mails(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have the mails sent that are still owed: the sender was ended, or its mail server was away."""
    receipt_named(pk)
    mailing.start()
    return SeeOther(reverse("authoring_receipt", args=[pk]))


def _not_now(
    request: SignedInRequest,
    version: ModuleVersion,
    live: ModuleVersion | PathVersion | None = None,
    conflict: Conflict | None = None,
) -> HttpResponse:
    context = {"version": version, "live": live, "conflict": conflict, "kept": urlencode(kept(request.POST))}
    return render(request, "authoring/not_now.html", context, status=409)
