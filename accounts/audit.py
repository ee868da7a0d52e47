"""The one way to write the trail."""

from __future__ import annotations

from typing import Any

from accounts.models import AuditEvent, User


def record(
    *, by: User | None, what: str, whom: str = "", why: str = "", detail: dict[str, Any] | None = None
) -> AuditEvent:
    """Append one line: who (`by`; None is the command line) did `what` to `whom`, and `why`.

    `what` is a short name in the past tense ("person added"); `whom` names the
    thing touched so that it can be read when that is gone; `detail` holds values
    that JSON can. Call it inside the transaction of the change that it tells.
    """
    return AuditEvent.objects.create(by=by, what=what, whom=whom[:300], why=why, detail=detail or {})
