"""A page as it is typed, drawn by the renderer that imports it, in the place that it has in its module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape, unescape
from urllib.parse import unquote

from django.urls import reverse

from accounts.models import Audience
from authoring import limited, renames, surroundings
from authoring.desk import Desk
from authoring.imports import Read
from authoring.listing import Told, told
from authoring.preview import ShownCheck, shown
from courses.documents import PageDocument
from markup.package import Package
from markup.problems import Problem

LISTED = 200  # problems that are shown beside a page; nobody mends more before looking again
_ADDRESS = re.compile(r' (href|src|poster)="/pages/([0-9a-f-]{36})/(?:media/([0-9a-f]{64})/([^"]*))?([^"]*)"')


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the typed text becomes. `html` is "" where an error keeps the page from being drawn.

    `errors` and `notes` count this page's problems by whether they keep a draft from being built,
    `elsewhere` those of the module's other pages. `problems` and `others` are the first of either.
    """

    title: str
    html: str
    checks: list[ShownCheck]
    errors: int
    notes: int
    elsewhere: int
    problems: list[Told]
    others: list[Told]

    @property
    def is_drawn(self) -> bool:
        """Whether there is a page to show, if only an empty one."""
        return bool(self.title or self.html)


def draw(desk: Desk, path: str, text: str) -> Drawn:
    """Read the whole module with this text in it, and show this page of it.

    An error on another page is told and does not blank this one: for the picture alone, the pages
    that have errors are read as they were before anybody typed.
    """
    package, found, pages = _read(desk, {path: text})
    broken = {problem.file for problem in found if problem.severity == "error"}
    if broken and path not in broken:
        as_before = {name: desk.base_text(name) for name in broken if name in desk.paths}
        pages = _read(desk, as_before | {path: text})[2]
    elif not broken and path not in pages:
        pages = _read(desk, {path: text}, root=path)[2]  # a page that no toc lists yet
    page = pages.get(path)

    def here(html: str) -> str:
        return _here(html, desk, pages)

    def source(name: str) -> str | None:
        return package.text(name) if name == path or name in desk.paths else None

    own = [problem for problem in found if problem.file == path]
    others = [problem for problem in found if problem.file != path]
    errors = sum(problem.severity == "error" for problem in own)
    return Drawn(
        title=page.title if page else "",
        html=here(page.html) if page else "",
        checks=[shown(check, here=here) for check in page.checks] if page else [],
        errors=errors,
        notes=len(own) - errors,
        elsewhere=len(others),
        problems=told([problem.as_dict() for problem in own], source, most=LISTED),
        others=told([problem.as_dict() for problem in others], source, most=LISTED),
    )


def problems(desk: Desk) -> list[Told]:
    """Everything that is wrong with the module as it was saved."""
    package, found, _pages = _read(desk, {}, read=limited.patiently)
    return told(
        [problem.as_dict() for problem in found],
        lambda path: package.text(path) if path in desk.paths else None,
    )


def _read(
    desk: Desk, typed: Mapping[str, str], *, root: str | None = None, read: Read = limited.read
) -> tuple[Package, list[Problem], dict[str, PageDocument]]:
    package, problems = desk.package(typed)
    if any(problem.severity == "error" for problem in problems):
        return package, problems, {}
    known = list(Audience.objects.values_list("name", flat=True))
    around = surroundings.of(package)
    whole = replace(package, root=root or package.root)
    tree, found = read(whole, audiences=known, around=around, kept=renames.kept())
    pages = {page.path: page for page in tree.pages} if tree else {}
    return package, [*problems, *found], pages


def _here(html: str, desk: Desk, pages: Mapping[str, PageDocument]) -> str:
    """The permanent addresses in a page lead to the pages being edited, and to their pictures."""
    paths = {str(page.uuid): path for path, page in pages.items()}

    def address(found: re.Match[str]) -> str:
        kind, uuid, digest, name, rest = found.groups()
        if digest:
            url = reverse("authoring_edit_media", args=[desk.module.slug, digest, unquote(unescape(name))])
        elif uuid in paths:
            url = reverse("authoring_edit_page", args=[desk.module.slug, paths[uuid]]) + rest
        else:
            return found[0]
        return f' {kind}="{escape(url)}"'

    return _ADDRESS.sub(address, html)
