"""Saying which pages of a draft are renamed ones."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring import answering, listing, renames, uploads
from authoring.forms import RenamedForm
from authoring.views.modules import version_context


@author
@require_POST
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remember the answers, and go on where they were asked, with a draft that holds them."""
    version = listing.version_named(pk)
    form = RenamedForm(request.POST, asked=renames.asked_of(version))
    if not form.asked:
        return SeeOther(reverse("authoring_version", args=[pk]))  # pressed twice
    if not form.is_valid():
        context = version_context(version) | {"renamed": form}
        return render(request, "authoring/version.html", context, status=422)
    now = answering.answer(version, form.answers, by=request.user)
    if now is None:
        told = _(
            "Your answer is kept, but this draft cannot be read again by itself. Upload its files again."
        )
        messages.error(request, told)
    elif now == version:
        messages.success(request, _("Your answer is kept."))
    else:
        told = _(
            "Your answer is kept. The draft that follows it is %(now)s: publish that one, not %(before)s."
        )
        messages.success(request, told % {"now": now, "before": version})
    now = now or version
    upload = form.cleaned_data["upload"]
    if upload is not None and uploads.holds(upload, now):
        return SeeOther(reverse("authoring_uploaded", args=[upload]))
    return SeeOther(reverse("authoring_version", args=[now.pk]))
