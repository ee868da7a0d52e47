"""The options of a block: `:key: value` lines below its opening fence, or lines between two `---`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markup.blocks import Option
from markup.places import Text

_COLON = re.compile(r"[ \t]*:(?P<key>[A-Za-z][\w-]*):(?:[ \t]+(?P<value>.*))?")
_YAML = re.compile(r"[ \t]*(?P<key>[A-Za-z][\w-]*):(?:[ \t]+(?P<value>.*))?")
_MARK = re.compile(r"[ \t]*---+[ \t]*")
_NOTHING = re.compile(r"[ \t]*(#.*)?")
_MORE = re.compile(r"[ \t]+\S.*")  # the value goes on
_QUOTED = re.compile(r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^']|'')*)')[ \t]*(?:#.*)?""")
_COMMENT = re.compile(r"(?:^|[ \t]+)#.*")


def plain(lines: Sequence[str], begin: int, text: Text, start: int) -> tuple[Option, ...]:
    """The `:key: value` lines from line `begin` on, as they are written; `start` is the index of `lines[0]`
    in the text.
    """
    options: list[Option] = []
    for index in range(begin, len(lines)):
        found = _COLON.fullmatch(lines[index])
        if not found:
            break
        _file, line, column = text.find(start + index, lines[index])
        options.append(Option(found["key"], (found["value"] or "").strip(), line, column + 1))
    return tuple(options)


def read(lines: Sequence[str], begin: int, text: Text, start: int) -> tuple[tuple[Option, ...], int]:
    """The options as MyST reads them, without quotes and comments, and the first line of the body.

    An empty line between the two belongs to neither.
    """
    options, after = _between_marks(lines, begin, text, start)
    if not after:
        options = plain(lines, begin, text, start)
        after = begin + len(options)
    after += after < len(lines) and not lines[after].strip()
    return tuple(Option(one.key, value_of(one.value), one.line, one.column) for one in options), after


def _between_marks(
    lines: Sequence[str], begin: int, text: Text, start: int
) -> tuple[tuple[Option, ...], int]:
    """The options and the line after the second `---`, 0 where there are no such lines."""
    if not lines[begin:] or not _MARK.fullmatch(lines[begin]):
        return (), 0
    options: list[Option] = []
    for index in range(begin + 1, len(lines)):
        line = lines[index]
        if _MARK.fullmatch(line):
            return tuple(options), index + 1
        if found := _YAML.fullmatch(line):
            _file, number, column = text.find(start + index, line)
            options.append(Option(found["key"], (found["value"] or "").strip(), number, column))
        elif options and _MORE.fullmatch(line):
            last = options[-1]
            options[-1] = Option(last.key, f"{last.value} {line.strip()}".strip(), last.line, last.column)
        elif not _NOTHING.fullmatch(line):
            break
    return (), 0  # a rule, and a text that happens to have a colon


def value_of(text: str) -> str:
    """The value that is written so: `"a: b"  # why` is `a: b`."""
    if not (found := _QUOTED.fullmatch(text)):
        return _COMMENT.sub("", text).rstrip()
    if found["single"] is not None:
        return found["single"].replace("''", "'")
    return re.sub(r"\\(.)", r"\1", found["double"])
