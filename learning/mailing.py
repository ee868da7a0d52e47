"""Tells people by mail that a new completion is asked of them, where mail is set up.

What is owed is written in the transaction that asks (`Asking.mail`), and sent after it by a process of its
own: nobody waits for a mail server. Each mail is taken before it is sent, so that none goes out twice,
whoever sends and whatever ends them; what nobody took is still owed. A lock that the sender holds says
whether somebody is at it: the system frees it when its holder ends.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from smtplib import SMTPRecipientsRefused

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from accounts.permissions import may_sign_in
from courses import child, locks
from learning.models import Asking, Mail, ModuleProgress, Publication

logger = logging.getLogger("coursemark.mail")

# Backends that only write down what they would send: with these, mail is not set up.
NOT_SENDING = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")}

# So many mails lost one after the other are a server that is away; what is owed then stays so.
GIVES_UP_AFTER = 3

# Who did it meanwhile, need not, is asked by a later publication by now, or would not find the module, is
# told nothing. No join: with one, an update looks for its rows in a query within, which PostgreSQL does not
# ask again once it has waited for somebody who takes the same mail.
_OPEN = Q(Exists(ModuleProgress.objects.filter(asking=OuterRef("pk"), module__withdrawn_at=None)))


@dataclass(frozen=True, slots=True)
class Told:
    """How far the mails of some publications are; `lost` are those that may not have arrived."""

    sent: int
    owed: int
    lost: int
    going: bool  # whether somebody sends right now

    @property
    def total(self) -> int:
        """How many people are to be told, or were."""
        return self.sent + self.owed + self.lost


def is_set_up() -> bool:
    """Whether mail reaches anybody."""
    return settings.EMAIL_BACKEND not in NOT_SENDING


def owe(publications: Collection[int]) -> bool:
    """Note, in the transaction that asks, that whom these publications (row ids) ask are to be told by mail.

    Returns whether any mail is owed by it: none where mail is not set up.
    """
    asked = Asking.objects.filter(publication__in=publications)
    return is_set_up() and asked.update(mail=Mail.OWED) > 0


def told(publications: Collection[int]) -> Told:
    """How far the mails of these publications (row ids) are. Two queries."""
    going = is_going()  # asked first: whoever ends in between has written down what they did
    asked = Asking.objects.filter(publication__in=publications)
    of = {mail: Count("pk", filter=Q(mail=mail)) for mail in (Mail.SENT, Mail.LOST, Mail.TAKEN)}
    found = asked.aggregate(**of)
    owed, taken = asked.filter(_OPEN, mail=Mail.OWED).count(), found[Mail.TAKEN]
    return Told(
        sent=found[Mail.SENT],
        owed=owed + (taken if going else 0),
        lost=found[Mail.LOST] + (0 if going else taken),
        going=going and owed + taken > 0,
    )


def is_going() -> bool:
    """Whether a process is sending right now."""
    free = _lock(fcntl.LOCK_SH | fcntl.LOCK_NB)
    if free is not None:
        os.close(free)
    return free is None


def start() -> None:
    """Have everything sent that is owed, by a process of its own; nobody waits for it.

    One that sends already is waited for by the new one: it may have looked before this was owed.
    Where there are no child processes (COURSEMARK_UPLOADS=inline) the caller sends.
    """
    if settings.UPLOADS == "inline":
        send_owed()
        return
    held = _lock(fcntl.LOCK_EX | fcntl.LOCK_NB)
    taken = _lock(None) if held is None else held
    assert taken is not None
    try:
        child.start("send_mails", "--lock", str(taken), keeps=[taken])
    except OSError:  # the receipt says that they are owed
        logger.exception("the mails that are owed")
    finally:
        os.close(taken)


def wait_for_turn(taken: int | None = None) -> int:
    """Take the lock, once nobody else sends; the file descriptor that holds it until it is closed.

    `taken` is one of the lock's file that this process was started with.
    """
    held = _lock(None) if taken is None else taken
    assert held is not None
    fcntl.flock(held, fcntl.LOCK_EX)
    return held


def send_owed() -> int:
    """Send each mail that is owed; returns how many went out.

    A mail that cannot be sent is logged and noted as lost: it may have been taken before the server hung up.
    A server that is away is not tried for everybody. Who was suspended meanwhile, is no longer
    asked, or has done it, gets none.
    """
    if not is_set_up():
        return 0
    owed = Asking.objects.filter(_OPEN, mail=Mail.OWED).order_by("pk")
    sent, lost, connection = 0, 0, get_connection()
    for pk in list(owed.values_list("pk", flat=True)):
        try:
            connection.open()
        except OSError:
            logger.exception("No mail server: %d people were told what is asked of them, no others.", sent)
            break
        outcome = _tell(pk, connection)
        sent += outcome == Mail.SENT
        lost = {Mail.SENT: 0, Mail.LOST: lost + 1}.get(outcome, lost)
        if lost == GIVES_UP_AFTER:
            logger.error("%d people were told what is asked of them, no others.", sent)
            break
    _close(connection)
    return sent


def _tell(pk: int, connection: BaseEmailBackend) -> Mail:
    """Take the mail to one person and send it: SENT, LOST, or NONE, where that says nothing of the server."""
    row = Asking.objects.filter(pk=pk)
    if not Asking.objects.filter(_OPEN, pk=pk, mail=Mail.OWED).update(mail=Mail.TAKEN):
        return Mail.NONE  # somebody else took it, or it is no longer asked
    asking = row.select_related("user__organisation", "publication__version__module").get()
    if not may_sign_in(asking.user):
        row.update(mail=Mail.NONE)
        return Mail.NONE
    try:
        _send(asking, connection)
    except (OSError, ValueError) as error:
        logger.exception("A mail about a new completion could not be sent to %s.", asking.user.email)
        _close(connection)  # the next mail gets a new one
        row.update(mail=Mail.LOST)
        of_the_address = isinstance(error, ValueError | SMTPRecipientsRefused)
        return Mail.NONE if of_the_address else Mail.LOST
    row.update(mail=Mail.SENT)
    return Mail.SENT


def _lock(how: int | None) -> int | None:
    """The lock's file, opened, and locked as `flock` is told; None where somebody else has it."""
    path = Path(settings.DATA_DIR) / "mails.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return locks.take(path, how)


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
