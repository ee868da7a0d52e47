"""`{include}` and `{literalinclude}`: text of other files of the package, by look-up alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markup import code
from markup.blocks import Scan
from markup.links import of_package
from markup.places import Place, Text
from markup.writing import Writer

MAX_INCLUDED = 512_000  # characters on one page, all its included files together
MAX_TRAIL = 10  # files that include each other

Part = tuple[int, Sequence[str]]  # the index of its first line in the file, and the lines

_PARTS = ("start-line", "end-line", "start-after", "end-before", "start-at", "end-at", "lines", "encoding")
_INCLUDE = ("heading-offset", "literal", "code", "relative-docs", "relative-images", "tab-width")
_LITERAL = ("language", "lineno-match", "prepend", "append", "tab-width")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")


def include(writer: Writer) -> None:
    """The text of a file as if it stood here. Its problems are told where they are: in that file."""
    options = writer.options(*_PARTS, *_INCLUDE, *code.OPTIONS)
    found = read(writer, writer.argument, writer.argument_place)
    if found is None:
        return
    path, text = found
    verbatim = not options.keys().isdisjoint(("literal", "code"))
    begin = text.count("\n", 0, front.end()) if (front := _FRONT_MATTER.match(text)) and not verbatim else 0
    for first, lines in _Source(writer, path, text.split("\n"), options, begin).parts():
        if verbatim:
            code.write(writer, "\n".join(lines), options.get("code", ""), options)
        else:
            _insert(writer, Text(path, first + 1, lines), options.get("heading-offset", ""))


def literal(writer: Writer) -> None:
    """A file, or a part of it, as code."""
    options = writer.options(*_PARTS, *_LITERAL, *code.OPTIONS)
    found = read(writer, writer.argument, writer.argument_place)
    if found is None:
        return
    path, text = found
    parts = _Source(writer, path, text.split("\n"), options).parts()
    kept = "\n".join(line for _first, lines in parts for line in lines)
    lines = code.dedented(kept, options.pop("dedent", None))
    if "lineno-match" in options and parts:
        options["lineno-start"] = str(parts[0][0] + 1)
    around = [options.get("prepend"), lines, options.get("append")]
    source = "\n".join(line for line in around if line is not None).rstrip("\n") + "\n"
    ending = path.rpartition(".")[2] if "." in path else ""
    code.write(writer, source, options.get("language") or ending, options)


def read(writer: Writer, written: str, at: Place | None) -> tuple[str, str] | None:
    """The path and the text of the file that is `written` there, or None after E653."""
    written, scan = written.strip("<>"), writer.scan
    path = of_package(scan.file, written)
    text = scan.inclusions.text(path) if path else None
    fault = None
    if path is None or text is None:
        fault = f"“{written[:80]}” is no text file of the package"
    elif path in scan.trail or len(scan.trail) >= MAX_TRAIL:
        fault = f"“{written[:80]}” includes itself, through {len(scan.trail)} file(s)"
    elif scan.inclusions.spend(len(text)) > MAX_INCLUDED:
        fault = f"this page includes more than {MAX_INCLUDED:,} characters"
    if path is None or text is None or fault:
        writer.report("E653", fault or "", at=at)
        return None
    return path, text


# -- which lines ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that is read, and what the directive says about which part of it."""

    writer: Writer
    path: str
    lines: Sequence[str]
    options: dict[str, str]
    begin: int = 0  # the line after the front matter

    def parts(self) -> list[Part]:
        """The lines that the options ask for, in parts that stand together in the file."""
        kept = self._window()
        if "lines" not in self.options:
            return [(kept.start, self.lines[kept.start : kept.stop])] if kept else []
        numbers = code.ranges(self.options["lines"], len(self.lines))
        runs: list[tuple[int, list[str]]] = []
        for index in (number - 1 for number in numbers if number - 1 in kept):
            if not runs or runs[-1][0] + len(runs[-1][1]) != index:
                runs.append((index, []))
            runs[-1][1].append(self.lines[index])
        return list(runs)

    def _window(self) -> range:
        end = min(len(self.lines), self._number("end-line", len(self.lines)))
        start = max(self.begin, self._number("start-line", 0))
        for key, step in (("start-at", 0), ("start-after", 1)):
            if (found := self._find(key, start, end)) is not None:
                start = found + step
        for key, step in (("end-before", 0), ("end-at", 1)):
            if (found := self._find(key, start, end)) is not None:
                end = found + step
        return range(start, max(start, end))

    def _number(self, key: str, default: int) -> int:
        """The line that an option gives, counted from 0; a negative one counts from the end."""
        written = self.options.get(key, "")
        if not re.fullmatch(r"-?\d{1,6}", written):
            return default
        return int(written) if int(written) >= 0 else len(self.lines) + int(written)

    def _find(self, key: str, start: int, end: int) -> int | None:
        """The line with the text that an option names; E653 where there is none."""
        text = self.options.get(key)
        if not text:
            return None
        found = next((index for index in range(start, end) if text in self.lines[index]), None)
        if found is None:
            message = f"“{text[:80]}” does not stand in “{self.path}”"
            remedy = "Write the text as it stands in the file, in one line."
            self.writer.report("E653", message, at=self.writer.at(key), remedy=remedy)
        return found


# -- included text -------------------------------------------------------------------------


def _insert(writer: Writer, text: Text, offset: str) -> None:
    outer, state = writer.scan, writer.state
    scan = Scan(
        text, outer.problems, outer.names, inclusions=outer.inclusions, trail=(*outer.trail, text.file)
    )
    for shared in ("references", "footnotes"):
        state.env.setdefault(shared, {})
    before, level = len(state.tokens), state.level
    state.md.block.parse("\n".join(text.lines), state.md, {**state.env, "scan": scan}, state.tokens)
    outer.too_deep = outer.too_deep or scan.too_deep
    line = writer.scan.first_line + writer.directive.start
    deeper = int(offset) if re.fullmatch("[0-5]", offset) else 0
    for token in state.tokens[before:]:
        token.level += level
        token.meta.setdefault("text", text)  # where it stands; for a heading, the page has it here:
        token.meta["line"] = line
        if token.type.startswith("heading"):
            token.tag = f"h{min(6, int(token.tag[1]) + deeper)}"
    if scan.blocks:
        block = scan.blocks[0]
        remedy = "Write questions on the page that asks them; an included file is text alone."
        message = f"“{text.file}” holds a “{block.name}” on line {block.line}: no part of a page's check"
        writer.report("E653", message, at=writer.argument_place, remedy=remedy)
