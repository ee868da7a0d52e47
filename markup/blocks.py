"""What is found in a text: quiz blocks, directives, and the scan that collects them with their problems."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from markup.places import Place, Text
from markup.problems import Problems
from markup.stack import MAX_NESTING, Frame, Stack

QUIZ_NAMES = ("quiz", "question", "case")


@dataclass(frozen=True, slots=True)
class Option:
    """One `:key: value` line below an opening fence; the position is that of the key."""

    key: str
    value: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """A quiz block with its place in the file. Lines count from 1.

    `body` is the text after the options, without the closing fence; its first line is `body_line` of the
    file. The quiz blocks nested in it are in `children`, with blank lines in their place in `body`.
    `end_line` is the line of the closing fence, or the last line where there is none.
    """

    name: str
    title: str
    options: tuple[Option, ...]
    body: str
    line: int
    body_line: int
    end_line: int
    fence: str
    indent: int
    children: tuple[Block, ...] = ()


Files = Callable[[str], str | None]  # a file of the package as text, by its path; None if there is none


@dataclass(slots=True)
class Inclusions:
    """The files that a page includes, directly or through others, and how many characters they have."""

    files: Files
    paths: set[str] = field(default_factory=set)
    characters: int = 0

    def text(self, path: str) -> str | None:
        """The text of a file that is included now."""
        text = self.files(path)
        if text is not None:
            self.paths.add(path)
        return text

    def spend(self, characters: int) -> int:
        """Count the characters of one more file; all of them until now."""
        self.characters += characters
        return self.characters


def no_files(path: str) -> None:
    """The files of a page that has none beside it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A block as a stack read it, whose line 0 is the line `first` of the parser's state.

    It holds for whoever reads the text that ends at `end` and is indented so far.
    """

    stack: Stack
    frame: Frame
    first: int
    end: int
    indent: int


@dataclass(slots=True)
class Scan:
    """What the block rules need to know and what they find; it travels in Markdown's env as `env["scan"]`.

    `text` holds the lines as they stand in the file, whatever was taken off them before they are read.
    `trail` are the files that include each other down to this text, the page first; `known` the blocks in
    those that were read, by the line on which they open.
    """

    text: Text
    problems: Problems
    names: Collection[str] = QUIZ_NAMES
    blocks: list[Block] = field(default_factory=list)
    too_deep: bool = False
    inclusions: Inclusions = field(default_factory=lambda: Inclusions(no_files))
    trail: tuple[str, ...] = ()
    known: dict[int, Reading] = field(default_factory=dict)

    def report_depth(self, index: int) -> None:
        """Note, once, that blocks are nested deeper than the parser follows."""
        if not self.too_deep:
            self.too_deep = True
            self.report("E688", f"more than {MAX_NESTING} blocks are nested in each other", index)

    @property
    def file(self) -> str:
        """The file that is read."""
        return self.text.file

    @property
    def first_line(self) -> int:
        """The line of the file on which the text begins."""
        return self.text.first_line

    def report(
        self, code: str, message: str, index: int, *, at: Place | None = None, remedy: str | None = None
    ) -> None:
        """Note a problem at the fence on the line with this index (from 0) in the scanned text, or `at`."""
        file, line, column = at or self.text.fence(index)
        self.problems.add(code, message, file=file, line=line, column=column, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as its block rule found it. Lines are indexes into the parser's state.

    `indent` is how far the body stands in from the directive: 4 for `!!!`, whatever it is for the older
    spelling.
    """

    name: str
    title: str
    options: tuple[Option, ...]
    start: int
    body_start: int
    body_end: int
    after: int
    indent: int = 0
    heading: str | None = None  # the quoted title of `!!! note "Title"`
