"""The same pages through Sphinx and myst-parser: what a reader sees agrees, but for what the table says.

A page of tests/corpus/oracle or of content/ is compared as it is: put another one there, and it is. What
differs stands in differences.txt, with its reason.
"""

from __future__ import annotations

import difflib
import shutil
import subprocess
import sys
from pathlib import Path

import html5lib
import pytest

from markup import front_matter, labels, myst
from markup.links import Served
from markup.myst import ParsedPage
from markup.places import Place
from markup.problems import Problems
from tests.markup.outline import outline

HOME = Path(__file__).parents[2]
CORPUS = HOME / "tests" / "corpus" / "oracle"
PAGES = {
    path.relative_to(home).with_suffix("").as_posix(): path
    for home in (CORPUS, HOME / "content")
    for path in sorted(home.rglob("*.md"))
}
CONFIGURATION = """
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist", "strikethrough", "tasklist"]
myst_heading_anchors = 6
html_theme = "basic"
html_scaled_image_link = False
root_doc = "text"
"""


class There:
    """A resolver for which every page and every picture is there; labels are those of the page itself."""

    def __init__(self, page: ParsedPage) -> None:
        self.page = page

    def link(self, href: str, *, at: Place) -> str:
        return href if href.startswith("#") else f"/pages/{href}"

    def image(self, src: str, *, at: Place) -> Served:
        return Served(self.link(src, at=at))

    def label(self, name: str) -> tuple[str, str] | None:
        found = self.page.labels.get(labels.normal(name))
        return found and (f"#{found.slug}", found.title or self.page.title)

    def title(self, href: str) -> str:
        """The title of what the link leads to on a page of the corpus."""
        path, _, fragment = href.partition("#")
        if path and not (CORPUS / path).is_file():
            return ""
        page = read(CORPUS / path) if path else self.page
        return page.named(fragment)


@pytest.fixture(scope="session")
def drawn_by_sphinx(tmp_path_factory) -> Path:
    """A folder with all pages as HTML. Sphinx runs in a process of its own, with nothing but these pages."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("html")
    shutil.copytree(CORPUS / "files", source / "files")
    for name, path in PAGES.items():
        copy = source / f"{name}.md"
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (source / "conf.py").write_text(CONFIGURATION)
    command = [sys.executable, "-m", "sphinx", "-Q", "-b", "html", str(source), str(target)]
    subprocess.run(command, check=True, timeout=120, env={"PYTHONWARNINGS": "ignore", "HOME": str(source)})
    return target


def theirs(html: str) -> list[str]:
    root = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    body = next(element for element in root.iter("div") if element.get("class") == "body")
    return outline(html5lib.serialize(body, tree="etree"))


def read(path: Path) -> ParsedPage:
    problems = Problems()
    text = path.read_text(encoding="utf-8")
    meta, body = front_matter.read(text, file=path.name, audiences=("Employee", "Partner"), problems=problems)
    return myst.parse(body, file=path.name, first_line=meta.body_line, problems=problems, files=beside)


def beside(path: str) -> str | None:
    """The text of a file that a page of the corpus shows."""
    found = CORPUS / path
    return found.read_text(encoding="utf-8") if found.is_file() else None


def ours(path: Path) -> list[str]:
    page = read(path)
    return [f"h1 {page.title}", *outline(myst.render(page, There(page), Problems()).html)]


def differences(left: list[str], right: list[str]) -> list[str]:
    """`- ` what only Sphinx has, `+ ` what only the site has, in their order."""
    lines = difflib.ndiff(left, right)
    return [" ".join(line.split()) for line in lines if line[0] in "-+"]


def listed() -> dict[str, list[str]]:
    """By page. In the table a page's lines stand below `== page` and, each time, a line with the reason."""
    table: dict[str, list[str]] = {}
    page = ""
    for line in (CORPUS / "differences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            page = line[3:]
        elif line[:2] in ("- ", "+ "):
            table.setdefault(page, []).append(line)
    return table


def test_the_table_knows_only_pages_that_are_compared() -> None:
    assert set(listed()) <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_as_sphinx_draws_it_but_for_the_listed_differences(name: str, drawn_by_sphinx) -> None:
    html = (drawn_by_sphinx / f"{name}.html").read_text(encoding="utf-8")
    assert differences(theirs(html), ours(PAGES[name])) == listed().get(name, [])
