"""Taking in a package: first whether it is too large, then whether it is sound, then a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring import listing
from authoring.forms import UploadForm
from authoring.imports import Imported, import_upload
from markup.package import Limits, Package

# A form is a little more than the file in it: its other fields and the lines between them.
LARGEST_BODY = Limits().zip + 64 * 1024


@csrf_exempt  # the token is in the body, which is not read before its size and its sender are known
@author
@require_POST
def upload(request: SignedInRequest) -> HttpResponse:
    """An author's upload. The size that the request states is all of it that is ever read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return render(request, "authoring/too_large.html", status=413)
    return _upload(request)


@csrf_protect
def _upload(request: SignedInRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"rows": listing.modules(), "form": form}
        return render(request, "authoring/overview.html", context, status=422)
    file = form.cleaned_data["package"]
    name: str = file.name
    done = import_upload(file.file, name=name, by=request.user)
    if done.version is None:
        return _refused(request, name, done)
    if not done.created:
        told = _("Nothing new: this is what %(version)s holds, byte for byte.")
        messages.info(request, told % {"version": done.version})
    elif done.replaced:
        told = _("The other pages are those of the live version; %(page)s is the one you uploaded.")
        messages.info(request, told % {"page": done.replaced})
    return SeeOther(reverse("authoring_version", args=[done.version.pk]))


def _refused(request: SignedInRequest, name: str, done: Imported) -> HttpResponse:
    """All that is wrong, with the lines; nothing was written."""
    found = [problem.as_dict() for problem in done.problems]
    errors = sum(1 for problem in done.problems if problem.severity == "error")
    context = {
        "name": name,
        "errors": errors,
        "others": len(found) - errors,
        "problems": listing.told(found, lambda path: _text(done.package, path)),
        "form": UploadForm(),
    }
    return render(request, "authoring/refused.html", context, status=422)


def _text(package: Package | None, path: str) -> str | None:
    if package is None or path not in package.files or not path.lower().endswith(".md"):
        return None
    return package.text(path)
