"""The catalogue, a module's page and a section's page. GET writes nothing but "opened" and "last here"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gates import signed_in
from accounts.http import SeeOther, SignedInRequest, moved
from courses import access
from courses.models import ModuleVersion, PathVersion, SectionVersion
from courses.views.players import render_with_players
from learning import checks, pages, progress, question_reports, telling
from learning.deadlines import hand_in_overdue
from learning.outline import Item, Outline
from learning.record import Record, certificates_of, completions_of, news_of, outline_of, record_of
from learning.shelves import shelves_for
from quizzes.turns import USED_UP


@signed_in
@require_safe
def catalogue(request: SignedInRequest) -> HttpResponse:
    """The paths and modules that I may take, each with its state and one next step."""
    asked = {name: request.GET.get(name, "") for name in ("tag", "category")}
    context = {
        "shelves": shelves_for(request.user, **asked),
        "kept": certificates_of(request.user).exclude(
            completion__module__in=access.modules_for(request.user).values("module")
        ),
    }
    return render(request, "learning/catalogue.html", context)


@signed_in
@require_safe
def module(request: SignedInRequest, slug: str) -> HttpResponse:
    """A module's index page: what it is about, its toc, and the next step."""
    try:
        version = access.module_for(request.user, slug)
    except Http404:
        return moved(request, pages.module_url(access.moved_module(request.user, slug)))
    record = record_of(request.user, version.module_id)
    outline = outline_of(request.user, version, record)
    own = index_section(request, version, outline)
    if own is not None:
        progress.note_opened(user=request.user, section=own, record=record)
    context = module_context(request, version, record, outline)
    if own is not None:
        context |= checks_context(request, own, outline)
        context["reports"] = question_reports.answered(request.user, own.section) if record.answered else []
    if _has_overdue(context) and hand_in_overdue([request.user]):
        return SeeOther(request.get_full_path())
    return render_with_players(request, "learning/module.html", context, html=context["html"])


@signed_in
@require_safe
def section(request: SignedInRequest, slug: str, section_slug: str) -> HttpResponse:
    """A section: toc, text, headings, and its check."""
    try:
        found = access.section_for(request.user, slug, section_slug)
    except Http404:
        return moved(request, pages.section_url(access.moved_section(request.user, slug, section_slug)))
    record = record_of(request.user, found.version.module_id)
    outline = outline_of(request.user, found.version, record)
    item = outline.find(found.section_id)
    if item is not None and item.state == "locked":
        return refused_as_locked(request, found, outline)
    progress.note_opened(user=request.user, section=found, record=record)
    context = section_context(request, found, outline)
    if _has_overdue(context) and hand_in_overdue([request.user]):
        return SeeOther(request.get_full_path())
    context["reports"] = question_reports.answered(request.user, found.section) if record.answered else []
    return render_with_players(request, "learning/section.html", context, html=found.body.html)


@signed_in
@require_safe
def page(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """A page's permanent address: through the gate, then to where it stands today."""
    found = access.page_for(request.user, uuid)
    if isinstance(found, PathVersion):
        return HttpResponseRedirect(pages.path_url(found))
    if isinstance(found, ModuleVersion):
        return HttpResponseRedirect(pages.module_url(found))
    return HttpResponseRedirect(pages.section_url(found))


def module_context(
    request: SignedInRequest, version: ModuleVersion, record: Record, outline: Outline
) -> dict[str, Any]:
    """What templates/learning/module.html draws."""
    standing = pages.standing_in(request.user, outline.next, since=outline.since) if outline.next else None
    completions = completions_of(request.user, version.module_id) if record.facts.completed_at else []
    last = completions[0] if completions else None
    news = news_of([version.module_id]).get(version.module_id, [])
    said = telling.said_of(version, outline, record, news)
    return {
        "module": version,
        "parents": pages.crumbs(access.above(request.user, version)),
        "html": version.body.html,
        "outline": pages.toc(version, outline),
        "step": pages.next_step(version, outline, standing=standing),
        "completion": last if outline.complete else None,
        "has_new": outline.complete and outline.new is not None,
        "said": telling.words(said) if said else "",
        "asked": pages.asked_line(outline, last),
        "additions": telling.added_lines(version, outline, record, news),
        "certificate_url": pages.certificate_url(last.certificate) if last else "",
        "checks": [],
    }


def section_context(request: SignedInRequest, found: SectionVersion, outline: Outline) -> dict[str, Any]:
    """What templates/learning/section.html draws."""
    item = outline.find(found.section_id)
    assert item is not None
    return {
        "module": {"title": found.version.title, "url": pages.module_url(found.version)},
        "section": {
            "title": found.title,
            "html": found.body.html,
            "headings": found.body.headings,
            "uuid": found.section.uuid,
        },
        "outline": pages.toc(found.version, outline, found.section_id),
        "item": pages.line(found.version, outline, item),
        "previous": pages.line(found.version, outline, outline.before(item)),
        "next": pages.line(found.version, outline, outline.after(item)),
        **checks_context(request, found, outline),
    }


def checks_context(request: SignedInRequest, found: SectionVersion, outline: Outline) -> dict[str, Any]:
    """The checks of a section and what closing it takes."""
    item = outline.find(found.section_id)
    assert item is not None
    page_id = found.section.uuid
    standings = pages.checks_of(request.user, item, since=outline.since)
    views = [checks.view_of(s, page=page_id, headings=found.body.headings) for s in standings]
    for view in views:
        lead_on(view, found, outline)
    return {
        "checks": views,
        "done_at": item.done_at,
        "mark_done_url": pages.mark_done_url(page_id) if _can_mark(found, item) else "",
        "completed": outline.complete,
        "completed_url": pages.completed_url(found.version) if outline.complete else "",
    }


def lead_on(view: checks.CheckView, found: SectionVersion, outline: Outline) -> None:
    """After a check that is passed, or used up, the button that says what comes next."""
    if view.turn != "passed" and view.turn not in USED_UP:
        return
    if outline.complete:
        view.next_label, view.next_url = _("See your result"), pages.completed_url(found.version)
    elif outline.next is not None and outline.next.entry.section != found.section_id:
        view.next_label = _("Continue to %(title)s") % {"title": outline.next.entry.title}
        view.next_url = pages.item_url(found.version, outline.next)


def index_section(
    request: SignedInRequest, version: ModuleVersion, outline: Outline
) -> SectionVersion | None:
    """The index page as a section, when it is one: it has questions, or is the whole module."""
    if not any(item.entry.section is not None and not item.entry.slug for item in outline.items):
        return None
    return access.section_for(request.user, version.module.slug, "")


def refused_as_locked(request: SignedInRequest, found: SectionVersion, outline: Outline) -> HttpResponse:
    """A lock is an order, not a secret: lead to the first open section, with the reason."""
    told = {"title": found.title, "first": outline.next.entry.title if outline.next else ""}
    messages.info(request, _("“%(title)s” opens after “%(first)s”.") % told)
    where = pages.item_url(found.version, outline.next) if outline.next else pages.module_url(found.version)
    return HttpResponseRedirect(where)


def _has_overdue(context: Mapping[str, Any]) -> bool:
    """Whether the time of a round is up, so that the page is to be drawn after it was handed in."""
    return any(check.overdue for check in context["checks"])


def _can_mark(found: SectionVersion, item: Item) -> bool:
    return item.state != "done" and not progress.gating(found)
