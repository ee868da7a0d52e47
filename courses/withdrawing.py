"""Takes a module or a section away from learners, and brings it back. Records are not touched.

What is withdrawn is an identity, so it stays withdrawn when another version goes live. The
caller holds the modules (`lock`) and settles the records in the same transaction
(`authoring.withdrawing`).
"""

from __future__ import annotations

from django.utils import timezone

from courses.models import Module, Section


def lock(what: Module | Section) -> None:
    """Hold every module whose row says that it is withdrawn, in the order in which publishing does."""
    modules = [what.pk] if isinstance(what, Module) else _modules_with(what)
    list(Module.objects.select_for_update().filter(pk__in=modules).order_by("pk"))


def withdraw(what: Module | Section) -> None:
    """Learners find it no more from their next request on; twice is once."""
    if what.withdrawn_at is None:
        what.withdrawn_at = timezone.now()
        what.save(update_fields=["withdrawn_at"])
    _note(what)


def restore(what: Module | Section) -> None:
    """Learners find it again."""
    what.withdrawn_at = None
    what.save(update_fields=["withdrawn_at"])
    _note(what)


def note(module: Module) -> None:
    """Write into the module's row which of its sections are withdrawn, in whichever version they stand."""
    gone = Section.objects.filter(versions__version__module=module, withdrawn_at__isnull=False)
    module.withdrawn = sorted(set(gone.values_list("pk", flat=True)))
    module.save(update_fields=["withdrawn"])


def _note(what: Module | Section) -> None:
    if isinstance(what, Section):
        for module in Module.objects.filter(pk__in=_modules_with(what)):
            note(module)


def _modules_with(section: Section) -> list[int]:
    """The modules in whose versions it stands, by row id."""
    return list(Module.objects.filter(versions__sections__section=section).values_list("pk", flat=True))
