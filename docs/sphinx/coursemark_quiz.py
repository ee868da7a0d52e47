"""Draws Coursemark's questions in your own Sphinx build, as the admonitions that they read like.

Without it, myst-parser warns of three unknown directives and drops what stands in them. Put this file
beside your conf.py, and there:

    import os, sys
    sys.path.insert(0, os.path.abspath("."))
    extensions = ["myst_parser", "coursemark_quiz"]
    myst_enable_extensions = ["colon_fence", "tasklist"]

The right answers are ticked: what you build is for authors.
"""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

OPTIONS = (
    "id pass attempts grade shuffle draw feedback time kind exhausted bank "
    "type points scoring hint hint2 hint3 see tags difficulty pool case match typos unit"
)


class Quiz(SphinxDirective):
    """One of the three blocks: what stands after its name is the title, its text is drawn as everywhere."""

    optional_arguments, final_argument_whitespace, has_content = 1, True, True
    option_spec = dict.fromkeys(OPTIONS.split(), directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """The block as an admonition."""
        title = ": ".join([self.name.capitalize(), *self.arguments])
        text = [nodes.title(title, title), *self.parse_content_to_nodes()]
        return [nodes.admonition("", *text, classes=["coursemark", self.name])]


def setup(app: Sphinx) -> ExtensionMetadata:
    """What Sphinx calls when it loads the extension."""
    for name in ("quiz", "question", "case"):
        app.add_directive(name, Quiz)
    return {"parallel_read_safe": True}
