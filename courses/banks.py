"""The question banks of a package, as the checks of one page take from them."""

from __future__ import annotations

from courses import toc
from courses.asking import Asking, sum_of
from markup import contents, front_matter, myst
from markup.links import target
from markup.package import Package
from markup.problems import Problems
from quizzes.banks import Bank, OpenBank


def opener(asking: Asking, package: Package) -> OpenBank:
    """Opens what `:bank:` names on a page. A bank is as much part of it as a file that it includes."""
    page, notes = asking.links.page, asking.notes

    def open_bank(written: str) -> Bank | None:
        path = target(page.path, written)[0] or ""
        notes.files[path] = sum_of(package, path)
        text = package.text_or_none(path)
        if text is None or not contents.is_bank(path, package.files[path]):
            return None
        page.parsed.inclusions.paths.add(path)
        return _bank(path, text, asking)

    return open_bank


def _bank(path: str, text: str, asking: Asking) -> Bank:
    notes, said, read = asking.notes, Problems(), Problems()
    meta, body = front_matter.read(text, file=path, audiences=(), problems=said)
    files = asking.links.page.parsed.inclusions.files
    parsed = myst.parse(body, file=path, first_line=meta.body_line, problems=read, files=files)
    # A bank is for nobody to read: it needs neither a title nor audiences, but a name of its own.
    told = [*(problem for problem in said if problem.code == "W602"), *(p for p in read if p.code != "W641")]
    notes.drawing.extend(told)

    def fragment(markdown: str, *, line: int, inline: bool) -> str:
        return myst.fragment(markdown, asking, notes.drawing, page=parsed, line=line, inline=inline)

    return Bank(path, str(meta.uuid or toc.from_place(path)), parsed.blocks, fragment)
