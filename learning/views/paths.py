"""A path: what it is about, what it leads through, and how far one is."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.gates import signed_in
from accounts.http import SignedInRequest, moved
from courses import access
from courses.views.players import render_with_players
from learning import pages
from learning.catalogue import cards_for
from learning.paths import paths_with


@signed_in
@require_safe
def path(request: SignedInRequest, slug: str) -> HttpResponse:
    """A path's page; 404 to whom it, or everything above it, does not open."""
    try:
        found = access.path_for(request.user, slug)
    except Http404:
        return moved(request, pages.path_url(access.moved_path(request.user, slug)))
    paths = access.paths_for(request.user)
    context = {
        "path": paths_with(paths, cards_for(request.user))[str(found.path.uuid)],
        "html": found.body.html,
        "draws_cards": found.cards,
        "parents": pages.crumbs(access.above(request.user, found)),
    }
    return render_with_players(request, "learning/path.html", context, html=found.body.html)
