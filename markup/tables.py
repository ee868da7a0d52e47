"""Tables by directive: `{table}`, `{list-table}`, `{csv-table}`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from markup import budget, code, including
from markup.writing import Writer

_OPTIONS = ("align", "width", "widths", "header-rows", "stub-columns")
_CSV = ("header", "file", "url", "delim", "quote", "escape", "keepspace", "encoding")
_DELIMITERS = {"tab": "\t", "space": " "}
_MOST = 100  # rows or columns of a head
_MOST_CELLS = 20_000  # those that fill up short rows too: what is drawn must follow what is written
_NEAR = 50  # lines below the start of a row in which a cell is looked for


def table(writer: Writer) -> None:
    """`{table} Caption` around a table in Markdown."""
    writer.options(*_OPTIONS)
    before = len(writer.state.tokens)
    writer.body()
    tokens = writer.state.tokens
    first = next((i for i in range(before, len(tokens)) if tokens[i].type == "table_open"), None)
    if first is not None and writer.argument:
        rest = tokens[first + 1 :]
        del tokens[first + 1 :]
        _caption(writer)
        tokens.extend(rest)


def list_table(writer: Writer) -> None:
    """A list of rows, each a list of cells, which hold any Markdown."""
    options = writer.options(*_OPTIONS)
    before = len(writer.state.tokens)
    writer.body()
    rows = _rows(writer.state.tokens[before:])
    if rows is None:
        remedy = "Write each row as `* - first cell`, and its further cells as `  - next cell` below it."
        writer.report("W651", "this “list-table” holds no list of rows: shown as its text", remedy=remedy)
        return
    del writer.state.tokens[before:]
    _draw(writer, rows, _whole(options.get("header-rows")), _whole(options.get("stub-columns")))


def csv_table(writer: Writer) -> None:
    """Rows of values with commas between them, here or in a file of the package."""
    options = writer.options(*_OPTIONS, *_CSV)
    found = _csv_source(writer, options)
    if found is None:
        return
    source, first = found
    try:
        head = list(csv.reader(options.get("header", "").splitlines(), skipinitialspace=True, strict=True))
        rows = list(_csv_rows(source, options))
    except (csv.Error, TypeError, ValueError) as fault:
        remedy = "Put quotation marks around values that hold some, and double those inside."
        writer.report("W651", f"this “csv-table” cannot be read: {fault}", remedy=remedy)
        code.write(writer, source, "", {})
        return
    cells = [[_inline(writer, text, None) for text in row] for row in head]
    for line, row in rows:
        cells.append([_inline(writer, text, None if first is None else first + line) for text in row])
    _draw(writer, cells, len(head) + _whole(options.get("header-rows")), _whole(options.get("stub-columns")))


def _csv_source(writer: Writer, options: dict[str, str]) -> tuple[str, int | None] | None:
    """The rows as text and the index of the first line, if it stands on this page; None after E653."""
    if "url" in options:
        remedy = "Put the rows between the fences, or into a file of the package."
        message = f"“csv-table” reads no address: “{options['url'][:80]}”"
        writer.report("E653", message, at=writer.at("url"), remedy=remedy)
        return None
    if "file" in options:
        found = including.read(writer, options["file"], writer.at("file"))
        return found and (found[1], None)
    return writer.source(), writer.directive.body_start


def _csv_rows(source: str, options: dict[str, str]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the index of its line."""
    delimiter = options.get("delim", ",")
    reader = csv.reader(
        source.splitlines(keepends=True),
        delimiter=_DELIMITERS.get(delimiter, delimiter),
        quotechar=options.get("quote", '"'),
        escapechar=options.get("escape") or None,
        skipinitialspace="keepspace" not in options,
        strict=True,
    )
    line = 0
    for row in reader:
        if row:
            yield line, row
        line = reader.line_num


def _whole(written: str | None) -> int:
    return min(int(written), _MOST) if written and written.isdecimal() and len(written) < 9 else 0


# -- rows and cells ------------------------------------------------------------------------

Cell = Sequence[Token]


def _inline(writer: Writer, text: str, line: int | None) -> Cell:
    """A cell with a line of Markdown. `line` is where its row begins; the cell may stand further down."""
    token = Token("inline", "", 0, content=text.strip(), children=[], block=True)
    start = writer.directive.start if line is None else line
    words = token.content.partition("\n")[0]
    if line is not None:
        row = range(line, min(line + _NEAR, writer.lines.stop))
        start = next((index for index in row if words in writer.line(index)), line)
    token.map = [start, start + 1]
    return [token]


def _rows(tokens: Sequence[Token]) -> list[list[Cell]] | None:
    """The cells of a list of lists; None if it is something else."""
    rows: list[list[Cell]] = []
    for item in _items(tokens) or ():
        cells = _items(item)
        if cells is None:
            return None
        rows.append(cells)
    return rows or None


def _items(tokens: Sequence[Token]) -> list[Cell] | None:
    """The contents of the items of a list that is all there is."""
    if not tokens or tokens[0].type != "bullet_list_open" or tokens[-1].type != "bullet_list_close":
        return None
    level, items, start = tokens[0].level, list[Cell](), 0
    for index, token in enumerate(tokens):
        if token.level == level and 0 < index < len(tokens) - 1:
            return None  # a second list
        if token.type == "list_item_open" and token.level == level + 1:
            start = index + 1
        elif token.type == "list_item_close" and token.level == level + 1:
            items.append(tokens[start:index])
    return items


def _caption(writer: Writer) -> None:
    if writer.argument:
        writer.text("caption", "caption", writer.argument, line=writer.directive.start)


def _draw(writer: Writer, rows: Sequence[Sequence[Cell]], head: int, stub: int) -> None:
    """A table; short rows are filled up, so that no row leaves a hole."""
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > _MOST_CELLS:
        message = f"{width:,} columns and {len(rows):,} rows: more than {_MOST_CELLS:,} cells in one table"
        writer.report("E688", message, remedy="Split the table, or offer it as a download.")
        return
    writer.open("table", "table")
    _caption(writer)
    for part, some in (("thead", rows[:head]), ("tbody", rows[head:])):
        if not some:
            continue
        writer.open(part, part)
        for row in some:
            budget.check()
            writer.open("tr", "tr")
            for column in range(width):
                tag = "th" if part == "thead" or column < stub else "td"
                writer.open(tag, tag).meta["scope"] = "col" if part == "thead" else "row"
                writer.state.tokens.extend(row[column] if column < len(row) else ())
                writer.close(tag, tag)
            writer.close("tr", "tr")
        writer.close(part, part)
    writer.close("table", "table")
