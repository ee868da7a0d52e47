"""The index of words in either database. Raw SQL for search stands here and nowhere else.

SQLite: a table of FTS5 beside `SearchEntry`, by its id. PostgreSQL: two columns of it, one of all words
and a small one of the names alone, since ranking thousands of pages must not unpack their texts. The
migration makes either, both hold words as `courses.words` folds them, and both answer with the same pages
at the same worth. What is put into SQL here are constants of this module; words are parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from courses.words import Question

# What a word is worth by where it stands; a title beats everything below it.
WORTH = {"title": 8, "headings": 4, "module": 2}
TOGETHER_IN_TEXT = 1
_LABEL = {"title": "A", "headings": "B", "module": "C", "text": "D"}

Sql = tuple[str, list[str]]  # a SELECT and its parameters


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one page by where they stand; `entry` is the id of its row."""

    entry: int
    title: Sequence[str]
    headings: Sequence[str]
    module: Sequence[str]
    text: Sequence[str]


class Engine(Protocol):
    """What a database does for search."""

    def write(self, rows: Iterable[Words]) -> None:
        """Take these pages' words in."""

    def forget(self, entries: Sequence[int]) -> None:
        """Take the words of these rows out; called before the rows go."""

    def hits(self, question: Question) -> Sql:
        """SELECT `id, worth` of every page that has all that is asked for."""


def engine() -> Engine:
    """The one of the database in use."""
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


class Sqlite:
    """FTS5. Words stand in double quotes and hold letters and digits alone, so nothing in them is syntax."""

    def write(self, rows: Iterable[Words]) -> None:
        """One row of FTS5 a page."""
        insert = (
            "INSERT OR REPLACE INTO courses_search (rowid, title, headings, module, text)"
            " VALUES (%s, %s, %s, %s, %s)"
        )
        texts: list[list[int | str]] = [
            [row.entry, *(" ".join(getattr(row, place)) for place in _LABEL)] for row in rows
        ]
        with connection.cursor() as cursor:
            cursor.executemany(insert, texts)

    def forget(self, entries: Sequence[int]) -> None:
        """Delete their rows of FTS5."""
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM courses_search WHERE rowid = %s", [(entry,) for entry in entries])

    def hits(self, question: Question) -> Sql:
        """The pages that have everything, worth 0, and beside them what each place of a word adds."""
        select = "SELECT rowid AS id, {} AS worth FROM courses_search WHERE courses_search MATCH %s"
        phrases = _phrases(question)
        everything = " AND ".join(self._phrase(*phrase) for phrase in phrases)
        selects, parameters = [select.format(0)], [everything]
        for place, worth, (words, goes_on) in _worths(question):
            selects.append(select.format(worth))
            parameters.append(f"{place} : {self._phrase(words, goes_on)}")
        union = " UNION ALL ".join(selects)
        # Put together from our own words and numbers; all that somebody typed is a parameter.
        select = f"SELECT id, sum(worth) AS worth FROM ({union}) GROUP BY id HAVING min(worth) = 0"  # noqa: S608
        return select, parameters

    def _phrase(self, words: Sequence[str], goes_on: bool) -> str:
        return f'"{" ".join(words)}"{" *" if goes_on else ""}'


class Postgres:
    """tsvector and GIN. Words stand in single quotes and hold letters and digits alone."""

    def write(self, rows: Iterable[Words]) -> None:
        """Fill the two columns of each page's row."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE courses_searchentry SET words = %s::tsvector, names = %s::tsvector WHERE id = %s",
                [(self._vector(row, _LABEL), self._vector(row, WORTH), row.entry) for row in rows],
            )

    def forget(self, entries: Sequence[int]) -> None:
        """Nothing to do: the words stand in the rows."""

    def hits(self, question: Question) -> Sql:
        """The pages that have everything, and what each place of a word adds."""
        sums, parameters = ["0"], []
        for place, worth, (words, goes_on) in _worths(question):
            column = "names" if place in WORTH else "words"
            sums.append(f"CASE WHEN {column} @@ %s::tsquery THEN {worth} ELSE 0 END")
            parameters.append(self._phrase(words, goes_on, _LABEL[place]))
        everything = " & ".join(f"({self._phrase(*phrase)})" for phrase in _phrases(question))
        summed = " + ".join(sums)
        found = "id IN (SELECT courses_search(%s::tsquery))"
        # Names of columns and numbers of ours; all that somebody typed is a parameter.
        select = f"SELECT id, {summed} AS worth FROM courses_searchentry WHERE {found}"  # noqa: S608
        return select, [*parameters, everything]

    def _phrase(self, words: Sequence[str], goes_on: bool, label: str = "") -> str:
        ends = [f":{label}" if label else ""] * (len(words) - 1) + [f":{label}{'*' * goes_on}"]
        return " <-> ".join(f"'{word}'{end.removesuffix(':')}" for word, end in zip(words, ends, strict=True))

    def _vector(self, row: Words, places: Iterable[str]) -> str:
        """A tsvector, written out; a position is left free between two places: no phrase spans them."""
        written, position = [], 0
        for place in places:
            for word in getattr(row, place):
                position += 1
                written.append(f"'{word}':{position}{_LABEL[place]}")
            position += 1
        return " ".join(written)


def _phrases(question: Question) -> list[tuple[Sequence[str], bool]]:
    """Each phrase, and whether its last word goes on."""
    last = len(question.phrases) - 1
    return [(p, question.goes_on and number == last) for number, p in enumerate(question.phrases)]


def _worths(question: Question) -> Iterable[tuple[str, int, tuple[Sequence[str], bool]]]:
    """What adds to a page's worth: (place, worth, phrase), for each phrase and for all words together."""
    phrases = _phrases(question)
    if len(phrases) > 1:
        together = (question.together, question.goes_on)
        phrases = [*phrases, together]
        yield "text", TOGETHER_IN_TEXT, together
    for phrase in phrases:
        for place, worth in WORTH.items():
            yield place, worth, phrase
