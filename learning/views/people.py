"""What a manager gives one of their people more than others: another try, and more time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import manager
from accounts.http import SeeOther, SignedInRequest
from accounts.models import User
from learning import extras
from learning.forms import TimeForm, TryForm


@manager
@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One of the people whom I oversee: the tries that they ask for, and their time."""
    found = get_object_or_404(User.objects.overseen_by(request.user), pk=pk)
    return page(request, found, "team")


@manager
@require_POST
def give_time(request: SignedInRequest, pk: int) -> HttpResponse:
    """More time for one of the people whom I oversee."""
    found = get_object_or_404(User.objects.overseen_by(request.user), pk=pk)
    return time_given(request, found, "team")


@manager
@require_POST
def give_try(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another try for one of the people whom I oversee."""
    return try_given(request, pk, "team")


def page(
    request: SignedInRequest,
    person: User,
    area: str,
    *,
    time_form: TimeForm | None = None,
    refused: tuple[int, TryForm] | None = None,
) -> HttpResponse:
    """The page of one person, in the managers' area (`team`) or the authors' (`authoring`).

    `refused` is the try that was not given, and the form that says why.
    """
    context = {
        "person": person,
        "asked": extras.tries_asked([person]),
        "time_form": time_form or TimeForm(initial={"factor": extras.factor_of(person)}, label_suffix=""),
        "refused": refused,
        "oneself": person == request.user,
        "area": area,
        "home_url": reverse("team" if area == "team" else "authoring_people"),
        "time_url": reverse(f"{area}_time", args=[person.pk]),
        "try_route": f"{area}_try",
    }
    return render(request, "team/person.html", context, status=422 if time_form or refused else 200)


def time_given(request: SignedInRequest, person: User, area: str) -> HttpResponse:
    """Give a person more time as the form says."""
    form = TimeForm(request.POST, label_suffix="")
    if not form.is_valid():
        return page(request, person, area, time_form=form)
    try:
        extras.give_time(
            person=person, factor=form.cleaned_data["factor"], by=request.user, why=form.cleaned_data["why"]
        )
    except extras.ForOneself:
        messages.error(request, _("Nobody gives themselves more time."))
    else:
        messages.success(request, _("The time of %(who)s is changed.") % {"who": person})
    return SeeOther(reverse(f"{area}_person", args=[person.pk]))


def try_given(request: SignedInRequest, pk: int, area: str) -> HttpResponse:
    """Give the try that somebody asks for, with the reason that the form says."""
    form = TryForm(request.POST)
    asked = extras.asked_for(pk, by=request.user)
    if not form.is_valid():
        return page(request, asked.user, area, refused=(asked.pk, form))
    try:
        extras.give_try(asked=asked, by=request.user, why=form.cleaned_data["why"])
    except extras.ForOneself:
        messages.error(request, _("Nobody gives themselves another try."))
    else:
        messages.success(request, _("%(who)s can try once more.") % {"who": asked.user})
    return SeeOther(reverse(f"{area}_person", args=[asked.user_id]))
