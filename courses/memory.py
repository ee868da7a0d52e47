"""Keeps what reading modules and paths depended on, so that what did not change is not read again."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from courses.bases import Body, KeptReading
from courses.documents import PageDocument
from courses.readings import Drawn, Reading, beside_body

_ROOT = Path(__file__).resolve().parent.parent
_READERS = ("markup", "quizzes", "courses")  # whose code decides what becomes of a page
_READ = ["made_by", "key", "digest", "pages"]
_BATCH = 400  # rows at a time: databases limit the values of one query


Value = TypeVar("Value")


def _program() -> str:
    """Names the code that reads pages, with Python and everything that is installed beside it."""
    installed = {found.name for folder in sys.path for found in Path(folder).glob("*.dist-info")}
    total = sha256("\n".join([sys.version, *sorted(installed)]).encode())
    for path in sorted(path for name in _READERS for path in (_ROOT / name).rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


# Found out when the process starts: what is put in its place on the disk later is not what reads here.
PROGRAM = _program()


class Kept:
    """The readings that the database keeps (`courses.readings.Memory`): the last one of each unit.

    What it learns is written by `save`, once the documents are stored.
    """

    def __init__(self) -> None:
        self.learned: dict[UUID, KeptReading] = {}
        self.confirmed: dict[UUID, KeptReading] = {}  # of the same pages as before

    def recall(self, units: Collection[UUID]) -> Mapping[UUID, Reading]:
        """The last readings of these modules and paths by this very program. One query for 400 of them."""
        found = dict[UUID, Reading]()
        for some in _batches(units):
            rows = KeptReading.objects.filter(unit__in=some, made_by=PROGRAM).defer("drawn")
            found |= {row.unit: Reading(row.key, row.digest, row.pages) for row in rows}
        return found

    def drawn(self, unit: UUID, bodies: Mapping[str, str]) -> Mapping[str, Drawn]:
        """What was drawn of pages of a module or path, where it is still there. A query, and one for 400."""
        row = KeptReading.objects.filter(unit=unit, made_by=PROGRAM).only("drawn").first()
        known: dict[str, Any] = {} if row is None else row.drawn
        found: dict[str, tuple[str, str]] = {}
        for some in _batches(bodies.values()):
            rows = Body.objects.filter(digest__in=some).values_list("digest", "html", "text")
            found |= {digest: (html, text) for digest, html, text in rows}
        return {
            path: Drawn.from_dict(known[path], html=html, text=text)
            for path, digest in bodies.items()
            if path in known and digest in found
            for html, text in [found[digest]]
        }

    def learn(self, unit: UUID, reading: Reading, pages: Collection[PageDocument] | None = None) -> None:
        """Hold a reading until `save`."""
        row = KeptReading(
            unit=unit, made_by=PROGRAM, key=reading.key, digest=reading.digest, pages=reading.pages
        )
        if pages is None:
            self.confirmed[unit] = row
        else:
            row.drawn = {page.path: beside_body(page) for page in pages}
            self.learned[unit] = row

    def unlearn(self, units: Collection[UUID]) -> None:
        """Let go of what was learned of modules and paths that are stored otherwise than they were read."""
        for unit in units:
            self.learned.pop(unit, None)

    def save(self) -> None:
        """Write what was learned over what was known of the same modules and paths."""
        for rows, columns in ((self.learned, [*_READ, "drawn"]), (self.confirmed, _READ)):
            KeptReading.objects.bulk_create(
                rows.values(),
                batch_size=100,
                update_conflicts=True,
                unique_fields=["unit"],
                update_fields=columns,
            )
            rows.clear()


def _batches(values: Iterable[Value]) -> Iterator[list[Value]]:
    waiting = iter(values)
    while some := list(islice(waiting, _BATCH)):
        yield some


def forget(units: Collection[UUID]) -> None:
    """Have these modules and paths read again."""
    KeptReading.objects.filter(unit__in=units).delete()
