"""Who asks for another try, and one person by their address: what authors give somebody more than others."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from accounts.models import User
from learning import extras
from learning.views import people as shared


@author
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """The tries that are asked for, and the way to one person by their e-mail address."""
    email = request.GET.get("email", "").strip()
    if email:
        found = User.objects.filter(email__iexact=email).first()
        if found is not None:
            return SeeOther(reverse("authoring_person", args=[found.pk]))
        messages.info(request, _("Nobody here has the address “%(email)s”.") % {"email": email})
    context = {"asked": extras.tries_asked(User.objects.all()), "email": email}
    return render(request, "authoring/people.html", context)


@author
@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """One person: the tries that they ask for, and their time."""
    return shared.page(request, get_object_or_404(User, pk=pk), "authoring")


@author
@require_POST
def give_time(request: SignedInRequest, pk: int) -> HttpResponse:
    """More time for one person."""
    return shared.time_given(request, get_object_or_404(User, pk=pk), "authoring")


@author
@require_POST
def give_try(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another try for one person."""
    return shared.try_given(request, pk, "authoring")
