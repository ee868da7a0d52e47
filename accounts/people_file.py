"""Reading a file of people: any CSV that a spreadsheet writes, and an answer for each line that is none.

UTF-8 with or without byte order mark; commas, semicolons or tabs; any line ends;
columns in any order. What a line says is judged by `accounts.people`.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from django.utils.translation import gettext as _

REQUIRED = ("e-mail", "name", "organisation")
COLUMNS = (*REQUIRED, "group", "role")
ALSO_CALLED = {
    "email": "e-mail",
    "e-mail address": "e-mail",
    "email address": "e-mail",
    "organization": "organisation",
}
MAX_BYTES = 512 * 1024  # a thousand long lines; the admin carries it through its forms
MAX_ROWS = 1000


class Outcome(StrEnum):
    """What becomes of a line."""

    ADD = "add"
    THERE = "there"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Answer:
    """What the import says to one line: its number in the file, what becomes of it, and how to mend it."""

    line: int
    outcome: Outcome
    text: str
    remedy: str = ""
    email: str = ""


@dataclass(frozen=True)
class Row:
    """One well-formed line: trimmed texts, empty where the file says nothing."""

    line: int
    email: str
    name: str
    organisation: str
    group: str = ""
    role: str = ""


class MalformedError(Exception):
    """Something in the file that cannot be read; carries its answer."""

    def __init__(self, line: int, text: str, remedy: str) -> None:
        super().__init__(text)
        self.answer = Answer(line, Outcome.PROBLEM, text, remedy)


def read_people(data: bytes) -> list[Row | Answer]:
    """The lines of the file, each a Row or the Answer that says why it is none; blank lines are skipped.

    When the file as a whole cannot be read (coding, header, size), that one Answer is all.
    """
    try:
        text = _decode(data)
        records = _records(text)
        header = next(records, None)
        if header is None:
            raise MalformedError(1, _("The file is empty."), _header_remedy())
        columns = _columns(*header)
        return [_row(line, cells, columns) for line, cells in records]
    except MalformedError as fault:
        return [fault.answer]


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise MalformedError(
            1,
            _("The file is larger than 512 KB."),
            _("Split it: up to %d people go in one file.") % MAX_ROWS,
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        remedy = _("In Excel, save it as “CSV UTF-8 (comma delimited)”.")
        raise MalformedError(line, _("The file is not UTF-8 text."), remedy) from None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the number of the line on which it begins."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    found = 0
    try:
        for cells in reader:
            clean = [" ".join(cell.split()) for cell in cells]
            if any(clean):
                found += 1
                if found > MAX_ROWS + 1:
                    text = _("The file holds more than %d people.") % MAX_ROWS
                    raise MalformedError(begins, text, _("Split it into several files."))
                yield begins, clean
            begins = reader.line_num + 1
    except csv.Error:
        text = _("A quotation mark opens here and does not close.")
        remedy = _("Close it, or write two quotation marks for one inside a quoted text.")
        raise MalformedError(begins, text, remedy) from None


def _columns(line: int, cells: list[str]) -> list[str]:
    """The columns in the order of the file: all known, none twice, none of the required missing."""
    names = [ALSO_CALLED.get(cell.casefold(), cell.casefold()) for cell in _without_empty_end(cells)]
    for name in names:
        if name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, n=1)
            text = _("“%s” is not a column that the import knows.") % name
            remedy = _("Did you mean “%s”?") % near[0] if near else _header_remedy()
            raise MalformedError(line, text, remedy)
        if names.count(name) > 1:
            text = _("The column “%s” stands there twice.") % name
            raise MalformedError(line, text, _("Remove one of the two."))
    if missing := [name for name in REQUIRED if name not in names]:
        text = _("The first line lacks the column “%s”.") % missing[0]
        raise MalformedError(line, text, _header_remedy())
    return names


def _row(line: int, cells: list[str], columns: list[str]) -> Row | Answer:
    cells = _without_empty_end(cells)
    if len(cells) > len(columns):
        text = _("%(cells)d values stand under %(columns)d columns.") % {
            "cells": len(cells),
            "columns": len(columns),
        }
        remedy = _("Put a value that holds a separator in quotation marks.")
        return Answer(line, Outcome.PROBLEM, text, remedy)
    if any(unicodedata.category(letter) == "Cc" for cell in cells for letter in cell):
        text = _("The line holds a control character, which cannot be shown.")
        return Answer(line, Outcome.PROBLEM, text, _("Type the line anew."))
    values = dict(zip(columns, cells, strict=False))
    return Row(
        line,
        email=values.get("e-mail", "").lower(),
        name=values.get("name", ""),
        organisation=values.get("organisation", ""),
        group=values.get("group", ""),
        role=values.get("role", "").casefold(),
    )


def _without_empty_end(cells: list[str]) -> list[str]:
    """Spreadsheets fill lines up with empty cells."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _header_remedy() -> str:
    return _("Begin the file with a line such as: %s") % ",".join(COLUMNS)
