"""Search over the pages that one may see. GET writes nothing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import pace
from accounts.gates import signed_in
from accounts.http import SignedInRequest
from courses import access
from courses import search as index
from courses.words import LONGEST_QUESTION, Question
from learning.finding import found_pages

A_PAGE = 15
A_MINUTE = 120  # of one person; typing asks at most three times a second


@signed_in
@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """The pages in which all the words of `q` stand; without words the field and a hint.

    429, with the words kept, for who asks faster than anybody types.
    """
    asked = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUESTION]
    question = Question.read(asked)
    if question and not pace.keeps(request.user, "search", a_minute=A_MINUTE):
        return _too_fast(request, asked, question)
    ids = index.find(question, access.search_gate(request.user)) if question else []
    shown = Paginator(ids, A_PAGE).get_page(request.GET.get("page"))
    among = access.searchable_for(request.user)
    context = {
        "asked": asked,
        "longest": LONGEST_QUESTION,
        "question": question,
        "total": len(ids),
        "most": index.MOST,
        "page": shown,
        "found": found_pages(request.user, list(shown.object_list), question, among=among) if ids else [],
    }
    return render(request, "learning/search.html", context)


def _too_fast(request: SignedInRequest, asked: str, question: Question) -> HttpResponse:
    context = {"asked": asked, "longest": LONGEST_QUESTION, "question": question, "too_fast": True}
    return pace.slowed(render(request, "learning/search.html", context, status=429))
