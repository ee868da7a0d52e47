"""Writes the ids that are missing: a uuid on each page, and an `:id:` on each question.

Only whole lines are added, in the spelling of the file; nothing else of it changes, and a
second time nothing is added. A page that has no uuid is known by its place in the package:
that very identity is written, so that what people did there stays with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import UUID, uuid4

from courses import toc
from markup import front_matter, myst
from markup.blocks import Block
from markup.contents import asides, is_bank
from markup.package import Package
from markup.problems import Problems
from quizzes import gaps

LONGEST = 40  # characters of an id that is made from a text
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_BEFORE_FENCE = re.compile(r"[ \t>]*(?=[:`~]{3})")


def with_ids(package: Package) -> Package:
    """The package with a uuid on every page and an id on every question.

    A page whose front matter cannot be read stays as it is.
    """
    known = toc.identities(toc.walk(package, audiences=(), problems=Problems()))
    if len(known) == 1:
        known = {}  # where it belongs, and so who it is, this page alone does not say
    aside = asides(package.files)
    banks = {path: toc.from_place(path) for path in aside if is_bank(path, package.files[path])}
    changed = {
        path: page_with_ids(
            package.files[path], file=path, uuid=known.get(path) or banks.get(path) or uuid4()
        )
        for path in package.pages()
        if path not in aside or path in banks
    }
    return replace(package, files={**package.files, **changed})


def page_with_ids(data: bytes, *, file: str, uuid: UUID) -> bytes:
    """One page (UTF-8) with this uuid, unless it has one, and an id on each question that has none."""
    text = data.decode("utf-8")
    lines = _LINE.findall(text)
    meta, body = front_matter.read(text, file=file, audiences=(), problems=(found := Problems()))
    blocks = myst.parse(body, file=file, first_line=meta.body_line, problems=Problems()).blocks
    added = {at: f"{prefix}:id: {key}" for at, prefix, key in _missing(blocks, lines)}
    codes = {problem.code for problem in found}
    end = next((line[len(line.rstrip("\r\n")) :] for line in lines if line[-1] in "\r\n"), "\n")
    out: list[str] = []
    for number, line in enumerate(lines, start=1):
        out.append(line)
        if number == 1 and "W602" in codes:
            out.append(f"uuid: {uuid}{end}")
        if number in added:
            out.append(added[number] + end if line[-1] in "\r\n" else end + added[number])
    if "W601" in codes:
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        out = [f"{mark}---{end}uuid: {uuid}{end}---{end}{end}", "".join(out).removeprefix("\ufeff")]
    new = "".join(out)
    return new.encode() if _is_the_same_page(text, new, file) else data


def _is_the_same_page(before: str, after: str, file: str) -> bool:
    """Whether the front matter says all that it said; one in braces would not."""
    old, new = (
        front_matter.read(text, file=file, audiences=(), problems=Problems())[0] for text in (before, after)
    )
    said = ("visibility", "kind", "required", "description", "tags", "sequence", "quiz")
    same = all(getattr(old, name) == getattr(new, name) for name in said)
    return same and [entry.path for entry in old.toc] == [entry.path for entry in new.toc]


def _missing(blocks: Iterable[Block], lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """For each question without an id: the line that opens it, what stands before its fence, and an id."""
    every = [part for block in blocks for part in (block, *block.children)]
    taken = {option.value for block in every for option in block.options if option.key == "id"}
    for block in every:
        if block.name != "question" or any(option.key == "id" for option in block.options):
            continue
        prefix = _BEFORE_FENCE.match(lines[block.line - 1])
        if prefix is not None:
            key = _free(_key(block), taken)
            taken.add(key)
            yield block.line, prefix[0], key


def _key(block: Block) -> str:
    """From the name on the opening line, else from the first words of the question, but for what is asked."""
    words = block.title or gaps.without(next((line for line in block.body.split("\n") if line.strip()), ""))
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(key) > LONGEST:
        key = key[: LONGEST + 1].rpartition("-")[0] or key[:LONGEST]
    return key if len(key) >= 3 else "question"


def _free(key: str, taken: set[str]) -> str:
    free, number = key, 2
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free
