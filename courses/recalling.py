"""What a memory has of one tree: the pages, modules and paths that are made of what they were made of before.

Whether drawing them again would be told the same of other pages is found out by `courses.module`, page by
page, once all of them are known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from courses import readings
from courses.documents import PageDocument
from courses.links import Page
from courses.readings import Drawn, Memory, Reading
from courses.toc import Node
from markup.package import Package


class Recollection:
    """What is known of the pages of a tree, by path; `units` are those of each module and path."""

    def __init__(
        self,
        memory: Memory,
        units: Mapping[str, Sequence[Node]],
        pages: Mapping[str, Page],
        package: Package,
        audiences: Collection[str],
    ) -> None:
        self.memory, self.units, self.pages = memory, units, pages
        self.page_keys = {path: readings.page_key(page, package, audiences) for path, page in pages.items()}
        self.keys = {
            unit: readings.key(own[0], [self.page_keys[node.path] for node in own], pages)
            for unit, own in units.items()
        }
        found = memory.recall([pages[unit].uuid for unit in units])
        self.readings = {unit: found[pages[unit].uuid] for unit in units if pages[unit].uuid in found}
        self.known = {
            node.path: remembered
            for unit, reading in self.readings.items()
            for node in units[unit]
            if (remembered := reading.pages.get(node.path))
            and remembered["key"] == self.page_keys[node.path]
            and readings.same_files(remembered, package)
        }

    def digest(self, unit: str, same: Collection[str]) -> str | None:
        """The digest of a module or path where it is made of what it was made of, all its pages being the
        `same`; else None.
        """
        reading = self.readings.get(unit)
        whole = reading is not None and reading.key == self.keys[unit] and len(same) == len(self.units[unit])
        return reading.digest if reading and whole else None

    def drawn(self, unit: str, same: Collection[str]) -> Mapping[str, Drawn]:
        """What was drawn of these pages of a module or path, by path, where it is still there."""
        bodies = {path: self.known[path]["body"] for path in same}
        return self.memory.drawn(self.pages[unit].uuid, bodies) if bodies else {}

    def is_as_drawn(self, page: PageDocument) -> bool:
        """Whether people get of a page what they got when it was drawn."""
        return bool(self.known[page.path]["whole"] == page.whole)

    def confirm(self, unit: str, others: str) -> None:
        """Learn that a module or path came out the same beside these others."""
        reading = self.readings[unit]
        if any(page["others"] != others for page in reading.pages.values()):
            known = Reading(reading.key, reading.digest, readings.beside(reading.pages, others))
            self.memory.learn(self.pages[unit].uuid, known)

    def learn(
        self,
        unit: str,
        digest: str,
        pages: Mapping[str, PageDocument],
        noted: Mapping[str, Mapping[str, Any]],
        others: str,
    ) -> None:
        """Learn how a module or path was read; `noted` is what is remembered of the pages that were drawn,
        the others came out as they did before.
        """
        remembered = {
            path: {**noted[path], "key": self.page_keys[path], "body": page.digest, "whole": page.whole}
            if path in noted
            else self.known[path]
            for path, page in pages.items()
        }
        reading = Reading(self.keys[unit], digest, readings.beside(remembered, others))
        self.memory.learn(self.pages[unit].uuid, reading, list(pages.values()))
