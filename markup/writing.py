"""What directives write with: each becomes Markdown tokens, which the renderer draws like all others."""

from __future__ import annotations

from collections.abc import Collection

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from markup.blocks import Directive, Option, Scan
from markup.fences import read_body
from markup.places import Place
from markup.problems import did_you_mean

COMMON = frozenset({"class", "name"})


class Writer:
    """Writes one directive into the stream of tokens. Lines are indexes into the parser's state."""

    def __init__(self, state: StateBlock, directive: Directive) -> None:
        self.state, self.directive = state, directive
        scan = state.env["scan"]
        assert isinstance(scan, Scan)
        self.scan = scan

    @property
    def argument(self) -> str:
        """What stands behind the name, on the opening line."""
        return self.directive.title or self.directive.heading or ""

    @property
    def argument_place(self) -> Place:
        """Where the argument stands."""
        return self.scan.text.find(self.directive.start, self.argument)

    def options(self, *known: str) -> dict[str, str]:
        """The options that the directive knows, with those that all have; W654 for the others.

        An option `name` makes the directive a target that `{ref}` and links can name.
        """
        knows = COMMON.union(known)
        for option in self.directive.options:
            if option.key not in knows:
                self._unknown(option, knows)
        found = {option.key: option.value for option in self.directive.options if option.key in knows}
        if name := found.get("name"):
            self.target(name)
        return found

    def _unknown(self, option: Option, known: Collection[str]) -> None:
        message = f"“{self.directive.name}” has no option “{option.key}”{did_you_mean(option.key, known)}"
        at = Place(self.scan.file, option.line, option.column)
        self.scan.report("W654", message, self.directive.start, at=at)

    def report(self, code: str, message: str, *, at: Place | None = None, remedy: str | None = None) -> None:
        """Note a problem at the opening fence, or `at` another place."""
        self.scan.report(code, message, self.directive.start, at=at, remedy=remedy)

    def at(self, key: str) -> Place | None:
        """Where an option stands."""
        found = next((option for option in self.directive.options if option.key == key), None)
        return None if found is None else Place(self.scan.file, found.line, found.column)

    # -- tokens ----------------------------------------------------------------------------

    def open(self, kind: str, tag: str, classes: str = "") -> Token:
        """An opening token; its closing one follows with `close`."""
        return self._push(f"{kind}_open", tag, 1, classes)

    def close(self, kind: str, tag: str) -> None:
        """The closing token of `open`."""
        self.state.push(f"{kind}_close", tag, -1)

    def push(self, kind: str, tag: str = "") -> Token:
        """A token that stands for itself."""
        return self._push(kind, tag, 0, "")

    def _push(self, kind: str, tag: str, nesting: int, classes: str) -> Token:
        token = self.state.push(kind, tag, nesting)  # type: ignore[arg-type]
        token.map = [self.directive.start, self.directive.after]
        if classes:
            token.attrSet("class", classes)
        return token

    def target(self, label: str) -> None:
        """Something that `{ref}` and links can name, before what is written next."""
        self.push("target").meta["label"] = label

    def text(self, kind: str, tag: str, text: str, *, line: int | None = None, classes: str = "") -> None:
        """One block with a line of Markdown in it, which stands on the line with this index."""
        self.open(kind, tag, classes)
        self.inline(text, line=line)
        self.close(kind, tag)

    def inline(self, text: str, *, line: int | None = None) -> Token:
        """A line of Markdown."""
        token = self.push("inline")
        token.content, token.children = text, []
        if line is not None:
            token.map = [line, line + 1]
        return token

    # -- the body --------------------------------------------------------------------------

    @property
    def lines(self) -> range:
        """The lines of the body."""
        return range(self.directive.body_start, self.directive.body_end)

    def line(self, index: int) -> str:
        """A line of the body, without what stands around it."""
        state = self.state
        return state.src[state.bMarks[index] + state.tShift[index] : state.eMarks[index]].strip()

    @property
    def empty(self) -> bool:
        """True when there is nothing in the body."""
        return all(self.state.isEmpty(line) for line in self.lines)

    def source(self) -> str:
        """The body as it is written."""
        indent = self.state.blkIndent + self.directive.indent
        return self.state.getLines(self.directive.body_start, self.directive.body_end, indent, True)

    def body(self, lines: range | None = None) -> None:
        """The body, or some lines of it, as Markdown."""
        read_body(self.state, self.directive, lines)
