"""How a file ends its lines, and what stands before its first letter, change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses import module
from markup.package import open_package
from tests.markup.test_pages import PAGES


def read(folder: Path, source: bytes) -> tuple[str, list[str]]:
    folder.mkdir()
    (folder / "page.md").write_bytes(source)
    package, problems = open_package(folder, name="module", root="page.md")
    if package is None:
        return "", [problem.text() for problem in problems]
    tree, found = module.read(package)
    html = tree.modules[0].index.html if tree and tree.modules else ""
    return html.replace(">\n", ">"), [problem.text() for problem in [*problems, *found]]


@pytest.mark.parametrize(
    "name",
    [
        "blocks",
        "odd-comments",
        "odd-generations",
        "odd-grid",
        "odd-letters",
        "odd-non-breaking",
        "odd-spaces",
    ],
)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path, name: str, bom: bytes, end: bytes) -> None:
    source = (PAGES / f"{name}.md").read_bytes()
    as_it_is = read(tmp_path / "as it is", source)
    assert read(tmp_path / "otherwise", bom + source.replace(b"\n", end)) == as_it_is
    assert read(tmp_path / "no last line end", source.rstrip(b"\n")) == as_it_is
