"""What was saved of a page: what is open, and what went into each draft that was built here."""

from __future__ import annotations

from django.db.models import Q

from authoring.desk import Desk, text_of
from authoring.models import Edit
from courses import files
from courses.models import ModuleVersion


def saves_of(desk: Desk, path: str, *, built: int | None = None) -> list[Edit]:
    """The open saves of a page, or those that went into the draft numbered `built`; newest first."""
    found = Edit.objects.filter(path=path).select_related("saved_by").order_by("-pk")
    if built is None:
        return list(found.filter(copy=desk.copy)) if desk.copy else []
    return list(found.filter(version__module=desk.module, version__number=built))


def drafts_with(desk: Desk, path: str) -> list[ModuleVersion]:
    """The versions that a page's saves went into, newest first. One query."""
    made = Q(pk__in=Edit.objects.filter(version__module=desk.module, path=path).values("version"))
    return list(desk.module.versions.filter(made).defer("entries", "package").order_by("-number"))


def opened(desk: Desk, path: str, *, over: int, based_on: str) -> str:
    """The text that an author had before them when they began: that save, else the file `based_on`.

    "" where there was none, or nobody has it any more.
    """
    mine = Q(copy__module=desk.module) | Q(version__module=desk.module)
    edit = Edit.objects.filter(mine, pk=over, path=path).first() if over else None
    return edit.text if edit else file_text(based_on)


def file_text(digest: str) -> str:
    """A kept page as text; "" where there was none, or nobody has it any more."""
    try:
        return text_of(files.read(digest)) if digest else ""
    except FileNotFoundError:
        return ""
