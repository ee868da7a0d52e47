"""Writing a module's pages in the browser: the list of them, one page, its live preview, two texts of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import pace
from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from accounts.models import User
from authoring import edit_preview, editing, presence, saves, takebacks
from authoring.desk import Desk, desk_for
from authoring.edit_forms import ImageForm, NewPageForm, PageForm
from authoring.editing import Overtaken
from authoring.merging import merge
from authoring.textdiff import compare
from courses import access

A_MINUTE = 120  # drawings for one person; who types without a pause asks less often


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote, and the text that they began with."""

    text: str
    base: str
    by: User


@author
@require_safe
def pages(request: SignedInRequest, slug: str) -> HttpResponse:
    """The module's pages, who wrote on which, and what stands between the edits and a draft."""
    return render(request, "authoring/edit.html", pages_context(request, desk_of(request, slug)))


@author
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: SignedInRequest, slug: str, path: str) -> HttpResponse:
    """One page as text, with its preview. What is posted is saved, or shown without being saved."""
    desk = desk_of(request, slug, path)
    if request.method != "POST":
        return _editor(request, desk, path, form_for(desk, path, desk.text(path)))
    form = PageForm(request.POST, desk=desk, path=path)
    if not form.is_valid():
        return _editor(request, desk, path, form, status=422)
    act = request.POST.get("act", "save")
    if act == "preview":
        return _editor(request, desk, path, form)
    sent = form.cleaned_data
    if act == "theirs":
        kept = {"mine": sent["text"], "based_on": sent["based_on"]}
        editing.keep_theirs(module=desk.module, path=path, by=request.user, **kept)
        return SeeOther(page_url(desk, path))
    try:
        editing.save(module=desk.module, path=path, by=request.user, **sent)
    except Overtaken as overtaken:
        base = saves.opened(desk, path, over=sent["over"], based_on=sent["based_on"])
        return _two_texts(request, desk, path, Typed(sent["text"], base, request.user), overtaken)
    return SeeOther(reverse("authoring_edit", args=[slug]) if act == "build" else page_url(desk, path))


@author
@require_POST
def preview(request: SignedInRequest, slug: str, path: str) -> HttpResponse:
    """What markdownx asks for while somebody types (`content`): problems and page in one fragment.

    429 and a sentence in their place for who asks faster than anybody types.
    """
    desk = desk_of(request, slug, path)
    text = request.POST.get("content", "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    presence.seen(request.user, module=desk.module, path=path)
    if _is_too_fast(request):
        return pace.slowed(render(request, "authoring/_edit_slow.html", status=429))
    context = {"desk": desk, "path": path, "drawn": edit_preview.draw(desk, path, text)}
    return render(request, "authoring/_edit_drawn.html", context)


@author
@require_safe
def clash(request: SignedInRequest, slug: str, path: str) -> HttpResponse:
    """A page whose file changed below what was typed: both texts, and the choice."""
    desk = desk_of(request, slug, path)
    if path not in desk.clashes:
        raise Http404
    edit = desk.edits[path]
    mine = Typed(edit.text, saves.file_text(edit.based_on), edit.saved_by)
    return _two_texts(request, desk, path, mine, Overtaken(desk.base_text(path), None), status=200)


def desk_of(request: SignedInRequest, slug: str, path: str | None = None) -> Desk:
    """The module's desk on the version that the address or the form names; 404 where it has no such page."""
    asked = request.GET.get("on") or request.POST.get("on") or ""
    on = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    desk = desk_for(access.module_named(slug), on=on)
    if path is not None and path not in desk.paths:
        raise Http404
    return desk


def page_url(desk: Desk, path: str) -> str:
    """Where a page is written."""
    return reverse("authoring_edit_page", args=[desk.module.slug, path]) + desk.query


def pages_context(request: SignedInRequest, desk: Desk, form: NewPageForm | None = None) -> dict[str, Any]:
    """What templates/authoring/edit.html draws."""
    rows = [
        {
            "path": path,
            "title": desk.title(path),
            "edit": desk.edits.get(path),
            "clashes": path in desk.clashes,
            "writing": presence.somebody_else(request.user, module=desk.module, path=path),
        }
        for path in desk.paths
    ]
    problems = edit_preview.problems(desk) if desk.edits else []
    errors = sum(1 for told in problems if told.problem["severity"] == "error")
    new = form or NewPageForm(desk=desk)
    return {
        "takes_back": takebacks.of_desk(desk),
        "desk": desk,
        "module": desk.module,
        "rows": rows,
        "problems": problems,
        "errors": errors,
        "form": new,
    }


def form_for(desk: Desk, path: str, text: str, **options: Any) -> PageForm:
    """The form of a page as it is saved now, with this text in it."""
    edit = desk.edits.get(path)
    opened = {
        "on": desk.base.pk if desk.base else None,
        "over": edit.pk if edit else 0,
        "based_on": edit.based_on if edit else desk.files.get(path, ""),
        "text": text,
    }
    return PageForm(initial=opened, desk=desk, path=path, **options)


def _editor(
    request: SignedInRequest, desk: Desk, path: str, form: PageForm, *, status: int = 200
) -> HttpResponse:
    """The page with what stands in its field; without a preview for who had too many of them."""
    text = (form["text"].value() or "").replace("\r\n", "\n").replace("\0", "")
    slow = _is_too_fast(request)
    context = {
        "desk": desk,
        "module": desk.module,
        "path": path,
        "title": desk.title(path),
        "slow": slow,
        "form": form,
        "image": ImageForm(),
        "edit": desk.edits.get(path),
        "unsaved": form.is_bound,
        "clashes": path in desk.clashes,
        "writing": presence.somebody_else(request.user, module=desk.module, path=path),
        "drawn": None if slow else edit_preview.draw(desk, path, text),
    }
    if slow and status == 200:
        return pace.slowed(render(request, "authoring/edit_page.html", context, status=429))
    return render(request, "authoring/edit_page.html", context, status=status)


def _is_too_fast(request: SignedInRequest) -> bool:
    return not pace.keeps(request.user, "preview", a_minute=A_MINUTE)


def _two_texts(
    request: SignedInRequest, desk: Desk, path: str, mine: Typed, other: Overtaken, *, status: int = 409
) -> HttpResponse:
    """Both texts of a page, what differs, and both changes in one where that can be had.

    Whatever is chosen of two saves stands on the file that the last one stands on: if that
    clashes with the file that is there by now, it is still to be decided.
    """
    names = str(mine.by), str(other.edit.saved_by if other.edit else desk.base or desk.module)
    if names[0] == names[1]:
        names = _("yours"), _("the other")
    merged = merge(mine.base, mine.text, other.text, names=names)
    edit = other.edit or desk.edits.get(path)
    based_on = other.edit.based_on if other.edit else desk.files.get(path, "")
    now = {"over": edit.pk if edit else 0, "based_on": based_on, "text": merged.text}
    context = {
        "desk": desk,
        "module": desk.module,
        "path": path,
        "title": desk.title(path),
        "mine": mine.text,
        "theirs": other,
        "rows": compare(other.text, mine.text),
        "merged": merged,
        "form": PageForm(initial=now, desk=desk, path=path, auto_id=False),
    }
    return render(request, "authoring/edit_two_texts.html", context, status=status)
