"""Tells people by mail that a new completion is asked of them, where mail is set up."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from accounts.permissions import may_sign_in
from learning.models import Asking, Publication

logger = logging.getLogger(__name__)

# Backends that only write down what they would send: with these, mail is not set up.
NOT_SENDING = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")}

# So many mails lost one after the other are a server that is away: an author waits for the answer.
GIVES_UP_AFTER = 3


def is_set_up() -> bool:
    """Whether mail reaches anybody."""
    return settings.EMAIL_BACKEND not in NOT_SENDING


def tell_asked(publications: Sequence[int]) -> int:
    """Mail whoever is asked by these publications (row ids) and may sign in; returns how many mails went out.

    Called once the act is committed: a mail that cannot be sent is logged and changes nothing, and
    a server that is away is not tried for everybody. Who was suspended meanwhile, or is no longer
    asked, gets none.
    """
    if not is_set_up():
        return 0
    waiting = Asking.objects.filter(publication__in=publications, withdrawn_at=None)
    people = waiting.select_related("user__organisation", "publication__version__module").order_by("pk")
    sent, lost, connection = 0, 0, get_connection()
    for asking in people:
        if not may_sign_in(asking.user):
            continue
        try:
            connection.open()
        except OSError:
            logger.exception("No mail server: %d people were told what is asked of them, no others.", sent)
            break
        try:
            _send(asking, connection)
            sent, lost = sent + 1, 0
        except (OSError, ValueError) as error:  # ValueError: no mail can go to such an address
            logger.exception("A mail about a new completion could not be sent to %s.", asking.user.email)
            _close(connection)  # the next mail gets a new one
            lost += isinstance(error, OSError)
        if lost == GIVES_UP_AFTER:
            logger.error("%d people were told what is asked of them, no others.", sent)
            break
    _close(connection)
    return sent


def _close(connection: BaseEmailBackend) -> None:
    with suppress(OSError):  # the server may have gone before
        connection.close()


def _send(asking: Asking, connection: BaseEmailBackend) -> None:
    publication: Publication = asking.publication
    module = reverse("module", args=[publication.version.module.slug])
    context = {
        "user": asking.user,
        "title": publication.version.title,
        "due": asking.due,
        "url": f"{settings.COURSEMARK_URL}{module}",
    }
    get_adapter().send_mail("learning/email/asked", asking.user.email, context, over=connection)
