"""Rows that are known by what is in them: each is made once, many in a few queries."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model

_BATCH = 400  # rows asked for at a time: databases limit the values of one query

Row = TypeVar("Row", bound=Model)
Key = tuple[Any, ...]


def made_once(model: type[Row], rows: Mapping[Key, Row], *columns: str) -> dict[Key, Row]:
    """The stored rows with these keys; `rows` says what those become that are not there yet.

    `columns` are unique together, and a key holds their values in their order. Of two
    that make the same row at once, both get the one that came first.
    """
    found: dict[Key, Row] = {}
    keys = iter(rows)
    while batch := list(islice(keys, _BATCH)):
        known = _stored(model, batch, columns)
        if missing := [key for key in batch if key not in known]:
            model._default_manager.bulk_create([rows[key] for key in missing], ignore_conflicts=True)
            known |= _stored(model, missing, columns)
        found |= known
    return found


def _stored(model: type[Row], keys: list[Key], columns: tuple[str, ...]) -> dict[Key, Row]:
    among = {f"{column}__in": {key[place] for key in keys} for place, column in enumerate(columns)}
    stored = model._default_manager.filter(**among).only(*columns)
    by_key = {tuple(getattr(row, column) for column in columns): row for row in stored}
    return {key: by_key[key] for key in keys if key in by_key}
