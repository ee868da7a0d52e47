"""The page on which an author makes and revokes upload tokens."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import author
from accounts.http import SeeOther, SignedInRequest
from authoring import tokens as verbs
from authoring.forms import TokenForm

_MADE = gettext_lazy(
    "This token is made already and cannot be shown again. If you have no copy, make another one."
)


@author
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    """One's own tokens; a POST makes one and shows it, this once. Sent again it makes no other."""
    form = TokenForm(request.POST or None)
    text, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            try:
                _token, text = verbs.make(by=request.user, **form.cleaned_data)
            except verbs.AlreadyMade:
                messages.info(request, _MADE)
                return SeeOther(reverse("authoring_tokens"))
            form = TokenForm()
        else:
            status = 422
    uploads_url = f"{settings.COURSEMARK_URL}{reverse('authoring_upload')}"
    context = {"tokens": verbs.of(request.user), "form": form, "text": text, "uploads_url": uploads_url}
    response = render(request, "authoring/tokens.html", context, status=status)
    if text:
        response.headers["Cache-Control"] = "no-store"
    return response


@author
@require_POST
def revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    """Make a token useless, at once."""
    token = verbs.revoke(by=request.user, pk=pk)
    messages.success(request, _("“%s” is revoked: nothing can be uploaded with it any more.") % token.name)
    return SeeOther(reverse("authoring_tokens"))
