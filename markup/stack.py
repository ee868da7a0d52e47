"""The fence stack: given the lines after an opening fence, where does its block end and what is nested in
it?

Fences are matched as Pandoc does it: `:::` closes the innermost open block of its kind, unless a block with
exactly its length is open further out. So equal-length fences nest. Code blocks and comments are skipped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

# Bodies that are text, not Markdown: nothing in them is a fence.
_CODE = "code code-block code-cell sourcecode literalinclude raw math mermaid parsed-literal csv-table"
VERBATIM = frozenset(_CODE.split())

MAX_NESTING = 40  # blocks in each other; a list counts two, and still no page needs as many

_FENCE = re.compile(r" {0,3}(?P<fence>:{3,}|`{3,}|~{3,})[ \t]*(?P<rest>.*)")
_CODE_IN_LIST = re.compile(
    r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]?)+(?P<fence>`{3,}|~{3,})(?P<rest>.*)"
)
_ONLY_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*")
_DIRECTIVE = re.compile(r"\{(?P<name>[A-Za-z][\w:.+-]*)\}[ \t]*(?P<title>.*)")
_OLD_DIRECTIVE = re.compile(r"(?P<name>[A-Za-z][\w-]*)::(?:[ \t]+(?P<title>.*))?")


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening fence. The name is "" for a code block; `old` marks the older spelling ```` ```note::
    ````; without `braced` the braces are missing.
    """

    fence: str
    name: str
    title: str = ""
    old: bool = False
    braced: bool = True


@dataclass(slots=True)
class Frame:
    """A block. Lines are indexes into the lines at hand; the body stands between `start` and `end`."""

    opening: Opening
    start: int
    end: int = 0
    closed: bool = False
    excused: bool = False  # why it was not closed is reported elsewhere (E101)
    children: list[Frame] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the directive, "" for a code block."""
        return self.opening.name

    @property
    def fence(self) -> str:
        """The marks that opened it, such as `:::`."""
        return self.opening.fence

    @property
    def after(self) -> int:
        """The first line after the block."""
        return self.end + self.closed

    @property
    def verbatim(self) -> bool:
        """True when the body is text, in which nothing is a fence."""
        return not self.name or self.name in VERBATIM

    def within(self) -> Iterator[Frame]:
        """This frame and all frames in it, outermost first."""
        waiting = [self]
        while waiting:
            frame = waiting.pop()
            yield frame
            waiting.extend(reversed(frame.children))


def opening(line: str, *words: Collection[str]) -> Opening | None:
    """What the line opens: a directive, a code block (name ""), or nothing. The names in `words` are seen
    also where their braces are missing.
    """
    found = _FENCE.fullmatch(line)
    if not found:
        return None
    fence, rest = found["fence"], found["rest"].rstrip()
    directive = _DIRECTIVE.fullmatch(rest)
    old = fence[0] == "`" and not directive and _OLD_DIRECTIVE.fullmatch(rest)
    if named := directive or old:
        return Opening(fence, named["name"].lower(), (named["title"] or "").strip(), bool(old))
    if fence[0] == ":":
        return _unbraced(fence, rest, words)
    return None if fence[0] == "`" and "`" in rest else Opening(fence, "", rest)


def closing(line: str) -> str | None:
    """The fence of a line that has nothing else on it."""
    found = _FENCE.fullmatch(line)
    return found["fence"] if found and not found["rest"].strip() else None


def _unbraced(fence: str, rest: str, words: Iterable[Collection[str]]) -> Opening | None:
    """What `::: question` opens, a line that lacks its braces."""
    name, _space, title = rest.replace("\t", " ").partition(" ")
    if any(name.lower() in known for known in words):
        return Opening(fence, name.lower(), title.strip(), braced=False)
    return None


class Stack:
    """Reads lines until the block that the first of them opens is closed.

    `names` are the quiz blocks: a question in an open question, or a quiz in an open quiz, ends the open
    one; such clashes are kept as (frame, line of the new block). `known` are the blocks that are seen also
    where their braces are missing.
    """

    def __init__(self, first: Opening, names: Collection[str], known: Collection[str] = ()) -> None:
        self.names, self.known = names, known
        self.root = Frame(first, 0)
        self.open = [self.root]
        self.clashes: list[tuple[Frame, int]] = []
        self.too_deep: int | None = None  # the line on which nesting went too deep
        self.lines: list[str] = []
        self._in_comment = False

    def read(self, lines: Iterable[str]) -> Frame:
        """The root frame with its end and everything in it. `lines` begins with the opening line."""
        for number, line in enumerate(lines):
            self.lines.append(line)
            if number:
                self._read(line, number)
            if not self.open:
                return self.root
        self._end(0, at=len(self.lines))
        return self.root

    def _read(self, line: str, number: int) -> None:
        top = self.open[-1]
        if top.verbatim:
            found = _ONLY_FENCE.fullmatch(line)  # any indentation: the code may stand in a list
            if found and found["fence"].startswith(top.fence):
                self._end(len(self.open) - 1, at=number, closed=True)
        elif self._in_comment or line.lstrip().startswith("<!--"):
            self._in_comment = "-->" not in line
        elif (closed := self._closed_by(line)) is not None:
            self._end(closed, at=number, closed=True)
        elif found := _CODE_IN_LIST.fullmatch(line):
            if not _DIRECTIVE.match(found["rest"]) and "`" not in found["rest"]:
                self._push(Opening(found["fence"], ""), number)
        elif opened := opening(line, self.names, self.known):
            self._push(opened, number)

    def _closed_by(self, line: str) -> int | None:
        """The index of the open frame that this line closes."""
        fence = closing(line)
        same = [index for index, frame in enumerate(self.open) if fence and frame.fence[0] == fence[0]]
        if not same or fence is None:
            return None
        if fence[0] != ":" and len(fence) < len(self.open[same[-1]].fence):
            return None  # a shorter bare ``` opens a code block
        exact = [index for index in same if self.open[index].fence == fence]
        return (exact or same)[-1]

    def _push(self, opened: Opening, number: int) -> None:
        if opened.name in self.names:
            self._end_clashing(opened.name, number)
        if len(self.open) >= MAX_NESTING:
            self.too_deep = number
        elif self.open:
            frame = Frame(opened, number)
            self.open[-1].children.append(frame)
            self.open.append(frame)

    def _end_clashing(self, name: str, number: int) -> None:
        for index, frame in enumerate(self.open):
            if frame.name in self.names and (frame.name != "quiz" or name == "quiz"):
                frame.excused = True
                self.clashes.append((frame, number))
                self._end(index, at=number)
                return

    def _end(self, index: int, *, at: int, closed: bool = False) -> None:
        for frame in self.open[index:]:
            frame.end = at
        if closed:
            self.open[index].closed = True
        del self.open[index:]
