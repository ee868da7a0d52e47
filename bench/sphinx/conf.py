"""Sphinx's side of the comparison: the same files, read by myst-parser with the extensions that they need.

Sphinx does not know the toc of the front matter, nor questions; what stands in them must not be lost, or
it would have less to do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

project = "Selling Liferay"
root_doc = "selling-liferay"
extensions = ["myst_parser", "sphinx_design"]
exclude_patterns = ["_snippets"]
myst_enable_extensions = ["colon_fence", "deflist", "tasklist"]
myst_heading_anchors = 3

_TOC = re.compile(r"^toc:\n((?:[ -].*\n)+)", re.MULTILINE)


class Check(SphinxDirective):
    """A quiz or one of its questions: a titled block with its text, whatever its options are."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: defaultdict[str, type[str]] = defaultdict(lambda: str)  # any option, as it is written

    def run(self) -> list[nodes.Node]:
        title = self.arguments[0] if self.arguments else self.name
        block = nodes.admonition("", nodes.title("", title), classes=[self.name])
        block += self.parse_content_to_nodes()
        return [block]


def add_toctree(app: Sphinx, docname: str, source: list[str]) -> None:
    """Write a page's toc as the directive that Sphinx reads."""
    if found := _TOC.search(source[0]):
        entries = (line.strip().removeprefix("- ") for line in found[1].splitlines())
        source[0] += "\n```{toctree}\n:hidden:\n\n" + "\n".join(entries) + "\n```\n"


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx calls this."""
    for name in ("quiz", "question"):
        app.add_directive(name, Check)
    app.connect("source-read", add_toctree)
    return {"parallel_read_safe": True}
