"""What is done to a working copy as a whole: a page or a picture more, a draft of it, an end to it."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring import edit_images, editing
from authoring.desk import desk_for
from authoring.edit_forms import ImageForm, NewPageForm
from authoring.views.editing import desk_of, page_url, pages_context
from courses import access
from courses.views.media import refuse_inclusion, serve
from markup.limits import Limits

LARGEST_BODY = Limits().image + 64 * 1024  # a form is a little more than the file in it


@author
@require_POST
def new(request: SignedInRequest, slug: str) -> HttpResponse:
    """A page that was not there: it begins with an identity of its own and a title."""
    desk = desk_of(request, slug)
    form = NewPageForm(request.POST, desk=desk)
    if not form.is_valid():
        return render(request, "authoring/edit.html", pages_context(request, desk, form), status=422)
    path = form.cleaned_data["path"]
    on = desk.base.pk if desk.base else None
    text = editing.first_text(path)
    with suppress(editing.Overtaken):  # somebody added it in this moment: then it is there
        editing.save(module=desk.module, on=on, path=path, text=text, over=0, based_on="", by=request.user)
    return SeeOther(page_url(desk, path))


@author
@require_POST
def build(request: SignedInRequest, slug: str) -> HttpResponse:
    """Import what was written as a draft; with an error nothing is written and the list says why."""
    built = editing.build(module=access.module_named(slug), by=request.user)
    if built.done is None and not built.desk.clashes:
        messages.info(request, _("Nothing is edited, so there is nothing to build."))
        return SeeOther(reverse("authoring_edit", args=[slug]))
    if built.version is None:
        context = pages_context(request, built.desk) | {"refused": True}
        return render(request, "authoring/edit.html", context, status=422)
    if built.left_out:
        told = _("No toc lists %(pages)s yet, so that no learner would find it: it stays open for editing.")
        messages.warning(request, told % {"pages": ", ".join(built.left_out)})
    elif not built.created:
        told = _("Nothing new: this is what %(version)s holds, byte for byte.")
        messages.info(request, told % {"version": built.version})
    return SeeOther(reverse("authoring_version", args=[built.version.pk]))


@author
@require_POST
def discard(request: SignedInRequest, slug: str) -> HttpResponse:
    """Throw away what was typed, on one page (`path`) or on all of them, once the author has ticked it.

    409 where somebody saved one of the pages after the author looked.
    """
    module = access.module_named(slug)
    if "sure" not in request.POST:
        context = pages_context(request, desk_for(module)) | {"unsure": True}
        return render(request, "authoring/edit.html", context, status=422)
    sent = request.POST.get("seen", "")
    seen = int(sent) if sent.isdecimal() and len(sent) < 19 else 0
    if not editing.discard(module=module, by=request.user, seen=seen, path=request.POST.get("path") or None):
        context = pages_context(request, desk_for(module)) | {"saved_since": True}
        return render(request, "authoring/edit.html", context, status=409)
    messages.success(request, _("The edits are discarded."))
    return SeeOther(reverse("authoring_edit", args=[slug]))


@author
@require_POST
def rebase(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take in what went live since; what both changed in the same lines is left to the authors."""
    before = desk_of(request, slug)
    desk = editing.rebase(module=before.module, on=before.base.pk if before.base else None, by=request.user)
    if desk.clashes:
        messages.warning(request, _("The live version is taken in. Decide about the pages that are marked."))
    else:
        messages.success(request, _("The live version is taken in, and your edits stand on it."))
    return SeeOther(reverse("authoring_edit", args=[slug]))


@csrf_exempt  # the token is in the body, which is not read before its size and its sender are known
@author
@require_POST
def image(request: SignedInRequest, slug: str, path: str) -> HttpResponse:
    """A picture for a page. Scripts get JSON as markdownx reads it; a plain form comes back to the page."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        why = _("The picture has more than %(limit)s MB.") % {"limit": Limits().image // 2**20}
        return JsonResponse({"image": [why]}, status=413)
    return _image(request, slug, path)


@csrf_protect
def _image(request: SignedInRequest, slug: str, path: str) -> HttpResponse:
    desk = desk_of(request, slug, path)
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    form = ImageForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise edit_images.Refused(form.errors["image"][0])
        data = form.cleaned_data["image"].read()
        on = desk.base.pk if desk.base else None
        there = edit_images.add(module=desk.module, on=on, page=path, data=data, by=request.user)
    except edit_images.Refused as refused:
        if by_script:
            return JsonResponse({"image": [str(refused)]}, status=422)
        messages.error(request, str(refused))
        return SeeOther(page_url(desk, path))
    snippet = f"![{_('Describe the picture')}]({there})"
    if by_script:
        return JsonResponse({"image_code": snippet, "image_path": there})
    messages.success(
        request, _("The picture is added. Write this where it belongs: %(code)s") % {"code": snippet}
    )
    return SeeOther(page_url(desk, path))


@author
@require_safe
def media(request: SignedInRequest, slug: str, digest: str, name: str) -> HttpResponseBase:
    """A picture of the working copy, with the headers that it has for learners."""
    refuse_inclusion(request)
    return serve(request, edit_images.find(desk_of(request, slug), digest, name), name=name)
