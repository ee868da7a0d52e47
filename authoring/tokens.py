"""Upload tokens: made and shown once, known by their digest, dead the moment they are revoked.

A token is its author's hand for handing in packages, and for nothing else: what it hands in is a draft.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from accounts import audit
from accounts.models import User
from accounts.permissions import may_author, may_sign_in
from authoring.models import UploadToken

PREFIX = "cmup_"  # by which scanners of leaked secrets know it
USED_EVERY = timedelta(minutes=1)  # "last used" is for people; it is not worth a write each time


class AlreadyMade(Exception):
    """The form has made its token before; nobody can read that one again."""


def make(*, by: User, name: str, key: UUID | None = None) -> tuple[UploadToken, str]:
    """A new token of an author, and its text, which nobody can read again; with a line in the trail.

    `key` is the form's own. Raises `AlreadyMade`.
    """
    text = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            token = UploadToken.objects.create(by=by, name=name, digest=_digest(text), key=key)
            audit.record(by=by, what="upload token made", whom=name, detail={"token": token.pk})
    except IntegrityError as error:  # the key alone can be taken
        raise AlreadyMade from error
    return token, text


def revoke(*, by: User, pk: int) -> UploadToken:
    """Make one of an author's own tokens useless, for good; 404 where they have no such token."""
    with transaction.atomic():
        token = UploadToken.objects.select_for_update().filter(pk=pk, by=by).first() if pk < 2**63 else None
        if token is None:
            raise Http404
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            audit.record(by=by, what="upload token revoked", whom=token.name, detail={"token": token.pk})
    return token


def of(user: User) -> list[UploadToken]:
    """An author's tokens, newest first."""
    return list(UploadToken.objects.filter(by=user))


def known(text: str) -> UploadToken | None:
    """The token with this text, with its author; None where there is none, it is revoked, or its author is
    suspended or no author any more."""
    tokens = UploadToken.objects.select_related("by__organisation")
    found = tokens.filter(digest=_digest(text), revoked_at=None).first()
    if found is None or not (may_author(found.by) and may_sign_in(found.by)):
        return None
    now = timezone.now()
    if found.last_used_at is None or found.last_used_at < now - USED_EVERY:
        UploadToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def _digest(text: str) -> str:
    """The text has 256 random bits: a plain digest is as good as a slow one."""
    return sha256(text.encode()).hexdigest()
