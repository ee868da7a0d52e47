"""Keeps what reading modules and paths depended on, so that what did not change is not read again."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from courses.bases import KeptReading
from courses.readings import Reading

_ROOT = Path(__file__).resolve().parent.parent
_READERS = ("markup", "quizzes", "courses")  # whose code decides what becomes of a page
_BATCH = 400  # rows at a time: databases limit the values of one query


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
        self.learned: dict[UUID, Reading] = {}

    def recall(self, units: Collection[UUID]) -> Mapping[UUID, Reading]:
        """The last readings of these modules and paths by this very program. One query for 400 of them."""
        asked, found = list(units), dict[UUID, Reading]()
        for start in range(0, len(asked), _BATCH):
            rows = KeptReading.objects.filter(unit__in=asked[start : start + _BATCH], made_by=PROGRAM)
            found |= {row.unit: Reading(row.key, row.digest, row.pages) for row in rows}
        return found

    def learn(self, unit: UUID, reading: Reading) -> None:
        """Hold a reading until `save`."""
        self.learned[unit] = reading

    def save(self) -> None:
        """Write what was learned over what was known of the same modules and paths."""
        rows = [
            KeptReading(unit=unit, made_by=PROGRAM, key=read.key, digest=read.digest, pages=read.pages)
            for unit, read in self.learned.items()
        ]
        KeptReading.objects.bulk_create(
            rows,
            batch_size=100,
            update_conflicts=True,
            unique_fields=["unit"],
            update_fields=["made_by", "key", "digest", "pages"],
        )
        self.learned = {}


def forget(units: Collection[UUID]) -> None:
    """Have these modules and paths read again."""
    KeptReading.objects.filter(unit__in=units).delete()
