"""Finds live pages by their words. The index says what is live; who may see it is asked anew each time.

`update` runs in the transaction of whatever changes what is live, `find` in the gate that
its caller brings. Questions of a page's check are no part of its text and stand in no index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from courses.models import ModuleVersion, PathVersion, SearchEntry
from courses.search_engines import Words, engine
from courses.words import Question, words

MOST = 1000  # pages that one question finds; nobody turns more of them over
# What both engines hold of one page. PostgreSQL's vector has room for as much and no more.
MOST_WORDS = 16_000
MOST_BYTES = 400_000


@transaction.atomic
def update(version: ModuleVersion | PathVersion) -> None:
    """Make the index say what is live of a module or path now; `version` is any of it. Idempotent."""
    if isinstance(version, PathVersion):
        _forget(SearchEntry.objects.filter(path_version__path=version.path_id))
        _index(PathVersion.objects.filter(live_for=version.path_id))
    else:
        _forget(SearchEntry.objects.filter(version__module=version.module_id))
        _index(ModuleVersion.objects.filter(live_for=version.module_id))


@transaction.atomic
def rebuild() -> int:
    """Make the whole index anew; returns how many pages it has. Idempotent."""
    _forget(SearchEntry.objects.all())
    paths = _index(PathVersion.objects.filter(live_for__isnull=False).order_by("path"))
    return paths + _index(ModuleVersion.objects.filter(live_for__isnull=False).order_by("module"))


def find(question: Question, gate: tuple[str, Sequence[Any]]) -> list[int]:
    """The ids of the pages behind a gate that have all that is asked for, what is worth most first.

    The gate is SQL that gives ids, and its parameters (`access.search_gate`). Nothing outside of it changes
    what comes back, nor its order. At most `MOST`. One query.
    """
    let_in, admitted = gate
    hits, asked = engine().hits(question)
    # Both parts are SQL as the engine and Django write it; all that somebody typed is a parameter.
    select = (
        f"SELECT entry.id FROM ({hits}) AS hit"  # noqa: S608
        " JOIN courses_searchentry AS entry ON entry.id = hit.id"
        " LEFT JOIN courses_moduleversion AS version ON version.id = entry.version_id"
        f" WHERE entry.id IN ({let_in})"
        " ORDER BY hit.worth DESC, coalesce(version.module_id, 0), entry.position, entry.id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(select, [*asked, *admitted, MOST])
        return [row[0] for row in cursor.fetchall()]


def _forget(entries: QuerySet[SearchEntry]) -> None:
    engine().forget(list(entries.values_list("pk", flat=True)))
    entries.delete()


def _index(live: QuerySet[ModuleVersion] | QuerySet[PathVersion]) -> int:
    """Take all pages of these versions in; returns how many they are."""
    rows = SearchEntry.objects.bulk_create(
        entry for version in live.select_related("body") for entry in _entries(version)
    )
    engine().write(_words(row) for row in rows)
    return len(rows)


def _entries(version: ModuleVersion | PathVersion) -> Iterator[SearchEntry]:
    """Every page of a version once: an index page that is a section stands among the sections."""
    if isinstance(version, PathVersion):
        yield SearchEntry(path_version=version)
        return
    sections = list(version.sections.select_related("body"))
    if all(section.slug for section in sections):
        yield SearchEntry(version=version)
    for position, section in enumerate(sections, start=1):
        yield SearchEntry(version=version, section_version=section, position=position)


def _words(entry: SearchEntry) -> Words:
    headings = " ".join(heading["text"] for heading in entry.page.body.headings)
    room = _Room()
    return Words(entry.pk, *map(room.take, (entry.page.title, headings, entry.module_title, entry.text)))


class _Room:
    """What is left of the room that one page has in the index."""

    def __init__(self) -> None:
        self.words, self.bytes = MOST_WORDS, MOST_BYTES

    def take(self, text: str) -> list[str]:
        """As many of a text's first words as there is room for."""
        taken = []
        for word in islice(words(text), self.words):
            self.bytes -= len(word.folded.encode())
            if self.bytes < 0:
                break
            taken.append(word.folded)
        self.words -= len(taken)
        return taken
