"""All modules, the versions of one, and what is in a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gates import author
from accounts.http import SignedInRequest
from authoring import listing, renames, takebacks, uploads, withdrawing
from authoring.browser_changes import lacking
from authoring.differences import difference
from authoring.editing import open_edits
from authoring.forms import RenamedForm, UploadForm
from authoring.policy_forms import PublishForm, kept
from authoring.reaching import Plan, readers
from authoring.stranding import stranding
from authoring.unforeseen import lacking_accepted
from courses import access, placing
from courses.models import ModuleVersion
from learning.publications import standing
from learning.question_reports import open_by_module


@author
@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    """Every module and path with its live version and the draft that waits; and the upload."""
    return render(request, "authoring/overview.html", overview_context(UploadForm()))


@author
@require_safe
def module(request: SignedInRequest, slug: str) -> HttpResponse:
    """A module's versions, newest first."""
    found = access.module_named(slug)
    versions = found.versions.defer("entries", "package").select_related("created_by", "published_by")
    context = {
        "module": found,
        "live": found.published_version,
        "versions": versions.order_by("-number"),
        "can_restore": withdrawing.can_restore(found),
    }
    return render(request, "authoring/module.html", context)


@author
@require_safe
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is in a version, what is wrong with it, its previews, and the button that publishes it."""
    context = version_context(listing.version_named(pk), said=request.GET)
    return render(request, "authoring/version.html", context)


def overview_context(form: UploadForm) -> dict[str, Any]:
    """What templates/authoring/overview.html draws."""
    return {
        "rows": listing.modules(),
        "reports": open_by_module(),
        "paths": listing.paths(),
        "unfinished": uploads.unfinished(),
        "open_edits": open_edits(),
        "form": form,
    }


def version_context(
    found: ModuleVersion, form: PublishForm | None = None, said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What templates/authoring/version.html draws; `form` as it was sent, when it is sent back, else it
    begins with what was `said`."""
    live = found.module.published_version
    is_live = live is not None and live.pk == found.pk
    if form is None and not is_live:
        form = PublishForm(version=found, live=live, initial=kept(said))
    plan = Plan([found])
    reach = plan.after(found)
    contents = listing.contents(found, reach)
    differs = None if is_live else difference(found, live)
    asked = renames.asked_of(found)
    lacks = lacking(found)
    return {
        "version": found,
        "live": live,
        "is_live": is_live,
        "everybody_finds": reach is None,
        "finders": get_text_list(sorted(reach or ()), _("or")),
        "narrowed": reach != placing.names(found),
        "losses": plan.losses,
        "contents": contents,
        "difference": differs,
        "rows": [
            (page, differs.by_page.get(page.uuid or "") if differs else None) for page in contents.pages
        ],
        "problems": listing.told(found.problems, listing.source_of(found)),
        "audiences": readers(reach),
        "lacking": lacks,
        "stranding": stranding(found),
        "lacks_accepted": lacking_accepted([found])[found.pk],
        "takes_back": takebacks.of_draft(found, lacks),
        "renamed": RenamedForm(asked=asked) if asked else None,
        "written": found.browser_changes.exists(),
        "form": form,
        "publication": standing(found.module).filter(version=found).first() if is_live else None,
    }
