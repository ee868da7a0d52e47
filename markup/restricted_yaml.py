"""A small, safe part of YAML: maps and lists of strings, each with its place in the file.

Read from the parser's events, so nothing is composed before it was counted: no deeper than 12. Anchors,
aliases, tags, merge keys (E606) and keys given twice (E607) are noted, each of them, and left out, so that
nothing else is said because of them. Every scalar is a string: `no`, `1:30` and
`2020-01-01` stay what the author typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_DEPTH = 12
_EMPTY = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string. `empty` is a value that was left out, or `~` or `null`."""

    text: str
    line: int
    column: int
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    line: int
    column: int
    items: list[Scalar | Sequence | Mapping] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A map. Its keys are strings, with their places in `keys`; those whose value is refused have no item."""

    line: int
    column: int
    items: dict[str, Scalar | Sequence | Mapping] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


class RefusedError(Exception):
    """What was found that is not allowed: the code of the problem, the sentence and the place."""

    def __init__(self, code: str, message: str, line: int, column: int, remedy: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.column, self.remedy = code, message, line, column, remedy


# A line of what front matter mostly is: `key: words`, `key:` above a list, `- words`. No other character of
# it can mean anything to YAML where it stands.
_WORDS = r"[A-Za-z0-9./][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./(&)-]+)*"
_PLAIN = re.compile(rf"([A-Za-z][A-Za-z0-9_-]{{0,60}}):(?: +({_WORDS}))? *|( *)- ({_WORDS}) *")
_OUTSIDE_LINK = re.compile(r"\s*-\s+\[[^\]]*\]\(")
_QUOTE_IT = 'Put quotes around an outside link: - "[Title](https://…)".'
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str, *, first_line: int) -> tuple[Mapping, list[RefusedError]]:
    """Read a map whose first line is `first_line`, and what in it is not allowed.

    Raises RefusedError for a fault that ends reading.
    """
    if (plain := _plain(text, first_line)) is not None:
        return plain, []
    reader = _Reader(first_line)
    try:
        root = reader.read(iter(yaml.parse(text, Loader=_Loader)))
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, text, first_line) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = str(error).splitlines()[0] if str(error) else "unknown fault"
        message = f"the front matter cannot be read: {message}"
        raise RefusedError("E605", message, first_line, 1) from None
    if isinstance(root, Mapping):
        return root, reader.faults
    raise RefusedError("E605", "the front matter is not a list of `key: value` lines", root.line, root.column)


def _plain(text: str, first_line: int) -> Mapping | None:
    """What the parser would read, for a fraction of its time; None where it takes the parser to know."""
    root, entries = Mapping(first_line, 1), list[Scalar | Sequence | Mapping]()
    column = 0  # of the dashes of the list that is being read; 0: none is
    for number, written in enumerate(text.split("\n"), first_line):
        if (line := _PLAIN.fullmatch(written)) is None:
            return None
        key, words, indent, item = line.groups()
        if key is None:
            if not column or (entries and column != len(indent) + 1):
                return None  # more words for the line above, or a list that steps in
            if not entries:
                column = len(indent) + 1
                root.items[next(reversed(root.keys))] = Sequence(number, column, entries)
            entries.append(_scalar(item, number, line.start(4) + 1))
        elif key in root.keys or (column and not entries):
            return None
        else:
            root.keys[key] = _scalar(key, number, 1)
            column, entries = 0 if words else 1, []
            if words:
                root.items[key] = _scalar(words, number, line.start(2) + 1)
    return None if column and not entries else root


def _scalar(text: str, line: int, column: int) -> Scalar:
    """A string that stands there without quotes."""
    return Scalar(text, line, column, text in _EMPTY)


def _unreadable(error: yaml.MarkedYAMLError, text: str, first_line: int) -> RefusedError:
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    if error.context_mark and mark and mark.line >= len(lines):
        mark = error.context_mark  # the end was reached: say what began and did not end
    index, column = (mark.line, mark.column + 1) if mark else (0, 1)
    near = lines[max(0, index - 1) : index + 1]
    remedy = _QUOTE_IT if any(_OUTSIDE_LINK.match(line) for line in near) else None
    reason = error.problem or error.context or "unknown fault"
    if remedy and index and not _OUTSIDE_LINK.match(lines[index] if index < len(lines) else ""):
        index, column = index - 1, 1
    return RefusedError(
        "E605", f"the front matter cannot be read: {reason}", first_line + index, column, remedy
    )


class _Reader:
    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.depth = 0
        self.faults: list[RefusedError] = []

    def read(self, events: Iterator[yaml.Event]) -> Node:
        root: Node = Mapping(self.first_line, 1)
        seen = False
        for event in events:
            if isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
                continue
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise self._refuse("E605", "the front matter holds a second document", event)
                seen = True
                continue
            root = self._node(event, events) or root
        return root

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event]) -> Node | None:
        """What the event begins; None for an alias, or for what has a tag."""
        if isinstance(event, yaml.AliasEvent):
            self._note("E606", f"the alias `*{event.anchor}` is not allowed", event)
            return None
        if (anchor := getattr(event, "anchor", None)) is not None:
            self._note("E606", f"the anchor `&{anchor}` is not allowed", event)
        if (tag := getattr(event, "tag", None)) is not None:
            written = tag.replace("tag:yaml.org,2002:", "!!")
            self._note("E606", f"the tag `{written}` is not allowed", event)
        node = self._read(event, events)
        return node if tag is None else None

    def _read(self, event: yaml.Event, events: Iterator[yaml.Event]) -> Node:
        line, column = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            empty = plain and event.value in _EMPTY
            return Scalar(event.value, line, column, empty)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self._refuse("E688", f"the front matter is nested more than {MAX_DEPTH} deep", event)
        node = (
            self._sequence(Sequence(line, column), events)
            if isinstance(event, yaml.SequenceStartEvent)
            else self._mapping(Mapping(line, column), events)
        )
        self.depth -= 1
        return node

    def _sequence(self, node: Sequence, events: Iterator[yaml.Event]) -> Sequence:
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            if (item := self._node(event, events)) is not None:
                node.items.append(item)
        return node

    def _mapping(self, node: Mapping, events: Iterator[yaml.Event]) -> Mapping:
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events)
            if key is not None and not isinstance(key, Scalar):
                raise self._refuse("E605", "a key must be a single word", event)
            value = self._node(next(events), events)
            if key is None:
                continue
            if key.text == "<<":
                self._note("E606", "the merge key `<<` is not allowed", event)
            elif key.text in node.keys:
                first = node.keys[key.text].line
                self._note("E607", f"the key “{key.text}” was given before, on line {first}", event)
            else:
                node.keys[key.text] = key
                if value is not None:
                    node.items[key.text] = value
        return node

    def _place(self, event: yaml.Event) -> tuple[int, int]:
        mark = event.start_mark
        return (self.first_line + mark.line, mark.column + 1) if mark else (self.first_line, 1)

    def _note(self, code: str, message: str, event: yaml.Event) -> None:
        self.faults.append(self._refuse(code, message, event))

    def _refuse(self, code: str, message: str, event: yaml.Event) -> RefusedError:
        return RefusedError(code, message, *self._place(event))
