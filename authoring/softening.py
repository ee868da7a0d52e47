"""A publication asks less than it did: as if it had been published with the softer policy."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from authoring.release import Refused
from courses.models import Module
from learning import progress, publications
from learning.models import Cause, Policy, Publication
from learning.policies import offered, softer

WHAT = "policy softened"  # the name of the act in the audit trail


def softened_to(publication: Publication) -> dict[Policy, str]:
    """The policies to which a publication can be softened; for each the reason why not, "" where it can.

    Empty once it was rolled back, and where nothing softer is left.
    """
    if publication.withdrawn_at is not None or publication.undoes_id is not None:
        return {}
    refused = offered(publication.replaced, publication.version)
    return {policy: refused[policy] for policy in softer(publication.in_force)}


@transaction.atomic
def soften(publication: Publication, *, policy: Policy, by: User | None, why: str) -> int:
    """Let a publication ask less from now on; returns how many people are no longer asked anything.

    What people did meanwhile stays. Raises `Refused` where the policy is not softer, or
    would not have been offered.
    """
    Module.objects.select_for_update().get(pk=publication.module_id)
    publication.refresh_from_db()
    reason = softened_to(publication).get(policy, _("It asks no more than that already."))
    if reason:
        raise Refused(publication.version, "policy", reason)
    before = publication.in_force
    unasked = publications.soften(publication, policy=policy)
    progress.settle(module=publication.module, cause=Cause.SOFTENED)
    detail = {"publication": publication.pk, "from": before, "to": policy, "no longer asked": unasked}
    audit.record(by=by, what=WHAT, whom=str(publication.version), why=why, detail=detail)
    return unasked
