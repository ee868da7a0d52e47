"""A path's versions, what is in one, making it live, and discarding what never was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
from authoring.discarding import discard as discard_draft
from authoring.path_changes import changes_of_paths
from authoring.path_preview import path_version_named
from authoring.policy_forms import PathForm, kept
from authoring.reaching import Plan, readers, whom
from authoring.release import Overtaken, Refused, release_all
from courses.circles import Circle
from courses.models import PathVersion
from courses.publishing import Conflict


@author
@require_safe
def path(request: SignedInRequest, slug: str) -> HttpResponse:
    """A path's versions, newest first."""
    found = listing.path_named(slug)
    versions = found.versions.defer("entries", "package").select_related("created_by", "published_by")
    context = {"path": found, "live": found.published_version, "versions": versions.order_by("-number")}
    return render(request, "authoring/path.html", context)


@author
@require_safe
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    """What a version lists, what differs from the live one, its previews, and publishing it."""
    return render(request, "authoring/path_version.html", _context(path_version_named(pk), said=request.GET))


@author
@require_POST
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Release a version over the one that the author saw; 409 when another one is live by now."""
    version = path_version_named(pk)
    live = version.path.published_version
    form = PathForm(request.POST, live=live)
    if not form.is_valid():
        return render(request, "authoring/path_version.html", _context(version, form), status=422)
    if live == version:
        return SeeOther(reverse("authoring_path_version", args=[pk]))  # pressed twice
    sent = form.cleaned_data
    over = {version.path_id: sent["over"]}
    try:
        receipt = release_all([], by=request.user, why=sent["why"], paths=[version], paths_over=over)
    except Refused as refused:
        form.add_error(refused.field, refused.text)
        return render(request, "authoring/path_version.html", _context(version, form), status=422)
    except (Overtaken, Conflict) as stop:
        told = {"live": stop.live} if isinstance(stop, Overtaken) else {"conflict": stop}
        said = urlencode(kept(request.POST))
        context = {"version": version, "circle": isinstance(stop, Circle), "kept": said, **told}
        return render(request, "authoring/not_now.html", context, status=409)
    return SeeOther(reverse("authoring_receipt", args=[receipt.id]))


@author
@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a draft that was never published, once the author has ticked that they mean it."""
    version = path_version_named(pk)
    if "sure" not in request.POST:
        context = _context(version) | {"unsure": True}
        return render(request, "authoring/path_version.html", context, status=422)
    if not discard_draft(version, by=request.user):
        messages.error(request, _("This version has been published: it stays."))
        return SeeOther(reverse("authoring_path_version", args=[pk]))
    messages.success(request, _("%(version)s is discarded.") % {"version": version})
    return SeeOther(reverse("authoring"))


def _context(
    found: PathVersion, form: PathForm | None = None, said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What templates/authoring/path_version.html draws; `form` as it was sent, when it is sent back, else it
    begins with what was `said`."""
    live = found.path.published_version
    is_live = live == found
    plan = Plan([found])
    reach = plan.after(found)
    changes = [] if is_live or live is None else changes_of_paths([(found, live)])[found.pk]
    return {
        "version": found,
        "live": live,
        "is_live": is_live,
        "changes": [change for change in changes if change.kind != "same"],
        "problems": listing.told(found.problems, listing.source_of(found)),
        "audiences": readers(reach),
        "was_for": whom(plan.now(live)) if live and not is_live else "",
        "opens_to": whom(reach),
        "losses": plan.losses,
        "form": form or (None if is_live else PathForm(live=live, initial=kept(said))),
    }
