"""Directives and quiz blocks: one scanner for the page and for the quiz format.

Outside blocks, Markdown's own block parser decides what is a list, a comment or a code block, so that a
fence in one of them is never taken for ours. Inside a block, `stack` finds its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

from markup import options
from markup.blocks import Block, Directive, Reading, Scan
from markup.stack import Frame, Opening, Stack, closing, opening

# The title is quoted as it is typed, or as word processors turn that.
_BANG = re.compile(r'!!![ \t]+(?P<name>[A-Za-z][\w-]*)[ \t]*(?:["“„](?P<title>[^"“”\n]*)["“”])?[ \t]*')
_ENDS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]}


Emit = Callable[[StateBlock, Directive], None]


def install(markdown: MarkdownIt, emit: Emit, names: Collection[str] = ()) -> None:
    """Add the blocks that CommonMark lacks. `emit` writes the tokens of a directive that is no quiz block;
    `names` are those that are known, also where their braces are missing.
    """
    markdown.block.ruler.before("fence", "directive", partial(_directive_rule, emit, names), _ENDS)
    markdown.block.ruler.before("fence", "bang", partial(_bang_rule, emit), _ENDS)


def read_body(state: StateBlock, directive: Directive, lines: range | None = None) -> None:
    """Parse the body of a directive, or some lines of it, as Markdown, in its place."""
    lines = range(directive.body_start, directive.body_end) if lines is None else lines
    outer, kind, indent = state.lineMax, state.parentType, state.blkIndent
    state.lineMax, state.parentType = lines.stop, "directive"
    state.blkIndent += directive.indent
    state.md.block.tokenize(state, lines.start, lines.stop)
    state.lineMax, state.parentType, state.blkIndent = outer, kind, indent


def _directive_rule(
    emit: Emit, names: Collection[str], state: StateBlock, start: int, end: int, silent: bool
) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    if state.src[begin : begin + 3] not in (":::", "```", "~~~") or state.is_code_block(start):
        return False
    line, scan = _line(state, start), _scan(state)
    opened = opening(line, scan.names, names)
    if opened is None:
        return _stray(scan, line, start, silent) and _skip(state, start)
    if not opened.name:
        return False  # a code block is Markdown's own affair
    if not silent:
        _read_directive(emit, names, state, opened, start, end)
    return True


def _stray(scan: Scan, line: str, index: int, silent: bool) -> bool:
    if not (closing(line) or "").startswith(":"):
        return False
    if not silent:
        scan.report("E102", "this fence closes a block, but none is open", index)
    return True


def _skip(state: StateBlock, index: int) -> bool:
    state.line = index + 1
    return True


def _read_directive(
    emit: Emit, names: Collection[str], state: StateBlock, opened: Opening, start: int, end: int
) -> None:
    scan = _scan(state)
    if scan.too_deep:
        state.line = end  # the page is refused; reading each level again would take the square of the time
        return
    read = _reading(state, names, opened, start, end)
    frame, first = read.frame, read.first
    _report(scan, read.stack, frame, first)
    state.line = first + frame.after
    if opened.name in scan.names:
        scan.blocks.append(_block(frame, read.stack.lines, scan, first, state.blkIndent))
        return
    lines = read.stack.lines[frame.start : frame.end]
    found, body = options.read(lines, 1, scan.text, start)
    emit(state, Directive(
        opened.name, opened.title, found, start, start + body, first + frame.end, state.line,
        indent=_common_indent(lines[body:]) if opened.old else 0,
    ))  # fmt: skip
    state.line = first + frame.after


def _reading(state: StateBlock, names: Collection[str], opened: Opening, start: int, end: int) -> Reading:
    """The block that opens here. In the body of another one it was read together with that one: to read
    each body again at each level would take as long as they are deep.
    """
    scan = _scan(state)
    known = scan.known.get(start)
    if known and (known.end, known.indent, known.frame.opening) == (end, state.blkIndent, opened):
        return known
    stack = Stack(opened, scan.names, names)
    root = stack.read(_lines(state, start, end))
    for frame in root.within():
        for child in frame.children:
            within = Reading(stack, child, start, start + frame.end, state.blkIndent)
            scan.known[start + child.start] = within
    return Reading(stack, root, start, end, state.blkIndent)


def _bang_rule(emit: Emit, state: StateBlock, start: int, end: int, silent: bool) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("!!!", begin) or state.is_code_block(start):
        return False
    found = _BANG.fullmatch(state.src[begin : state.eMarks[start]])
    if not found:
        return False
    if silent:
        return True
    body = after = start + 1
    while after < end and (state.isEmpty(after) or state.sCount[after] - state.blkIndent >= 4):
        after += 1
        body = body if state.isEmpty(after - 1) else after
    emit(state, Directive(
        found["name"].lower(), "", (), start, start + 1, body, body, indent=4, heading=found["title"]
    ))  # fmt: skip
    state.line = max(body, start + 1)
    return True


def _scan(state: StateBlock) -> Scan:
    found = state.env["scan"]
    assert isinstance(found, Scan)
    return found


def _line(state: StateBlock, index: int) -> str:
    text = state.src[state.bMarks[index] + state.tShift[index] : state.eMarks[index]]
    return " " * (state.sCount[index] - state.blkIndent) + text


def _lines(state: StateBlock, start: int, end: int) -> Iterator[str]:
    """The lines from `start` to the end of the list item, quotation or page that holds them, without its
    indent.
    """
    for index in range(start, end):
        if index > start and not state.isEmpty(index) and state.sCount[index] < state.blkIndent:
            return
        yield "" if state.isEmpty(index) else _line(state, index)


def _common_indent(lines: Sequence[str]) -> int:
    return min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)


def _report(scan: Scan, stack: Stack, root: Frame, start: int) -> None:
    """Say what is wrong with the fences: of a quiz block and those in it, or of this directive alone."""
    if stack.too_deep is not None:
        scan.report_depth(start + stack.too_deep)
    for frame, line in stack.clashes:
        opened = scan.first_line + start + frame.start
        message = f"a new block starts before the “{frame.name}” of line {opened} ends"
        scan.report("E101", message, start + line)
    for frame in root.within():
        quiz = frame.name in scan.names
        if frame is not root and not quiz:
            continue  # reported when the text around it is read
        if not frame.opening.braced:
            remedy = f"Write `{frame.fence}{{{frame.name}}}`."
            scan.report("E103", f"“{frame.name}” stands without braces", start + frame.start, remedy=remedy)
        if not frame.closed and not frame.excused:
            _report_unclosed(scan, frame, start, "E105" if quiz else "E652")
        _report_length(scan, frame, start)
        above = stack.lines[frame.end - 1]
        if quiz and frame.closed and frame.end - 1 > frame.start and above.strip() and not closing(above):
            scan.report("W502", "no empty line above the closing fence", start + frame.end)


def _report_unclosed(scan: Scan, frame: Frame, start: int, code: str) -> None:
    message = f"the “{frame.name}” block that opens here is never closed"
    cause = next((inner for inner in frame.within() if inner.verbatim and not inner.closed), frame)
    if cause is frame:
        remedy = f"Add a line {_quoted(frame.fence)} where the block ends."
        scan.report(code, message, start + frame.start, remedy=remedy)
        return
    line = scan.first_line + start + cause.start
    scan.report(
        code,
        f"{message}: the code block of line {line} swallows its end",
        start + frame.start,
        remedy=f"Close the code block that opens on line {line} with a line {_quoted(cause.fence)}.",
    )


def _quoted(fence: str) -> str:
    """A fence as it is to be typed: among backticks, those around it would be typed, too."""
    return f"“{fence}”" if "`" in fence else f"`{fence}`"


def _report_length(scan: Scan, frame: Frame, start: int) -> None:
    clash = next((child for child in frame.children if child.fence.startswith(frame.fence)), None)
    if clash:
        line = scan.first_line + start + clash.start
        message = (
            f"the fence of this block is not longer than that of the “{clash.name or 'code'}” on line {line}"
        )
        scan.report("W501", message, start + frame.start)


def _block(frame: Frame, lines: Sequence[str], scan: Scan, start: int, indent: int) -> Block:
    """`start` is the index of `lines[0]` in the text, `indent` that of the list item around the block."""
    first = scan.first_line + start
    found = options.plain(lines[: frame.end], frame.start + 1, scan.text, start)
    begin = frame.start + 1 + len(found)
    body = list(lines[begin : frame.end])
    nested = list(_nearest(frame, scan.names))
    for child in nested:
        body[child.start - begin : child.after - begin] = [""] * (child.after - child.start)
    own_indent = len(lines[frame.start]) - len(lines[frame.start].lstrip())
    return Block(
        frame.name, frame.opening.title, found, "\n".join(body), first + frame.start, first + begin,
        first + max(frame.after - 1, frame.start), frame.fence, indent + own_indent,
        tuple(_block(child, lines, scan, start, indent) for child in nested),
    )  # fmt: skip


def _nearest(frame: Frame, names: Collection[str]) -> Iterator[Frame]:
    for child in frame.children:
        if child.name in names:
            yield child
        else:
            yield from _nearest(child, names)
