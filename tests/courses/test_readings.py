"""What is remembered instead of read again: it says what reading again would say, whatever changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from courses import module
from courses.documents import PageDocument, Tree, Unchanged
from courses.links import Around, Outside
from courses.readings import Drawn, Forgetful, Memory, Reading, beside_body
from markup.package import Package
from markup.problems import Problem
from tests import modules
from tests.packages import png

QUESTION = (
    "## Check\n\n:::{quiz}\n:::\n\n:::{question}\n:see: %s\n%s See [this](%s).\n\n"
    "- [x] One\n- [ ] Two\n\n:::\n"
)
# Whatever an author can change, each with what it was first.
CHOICES: dict[str, tuple[str, ...]] = {
    "root visibility": ("[Employee, Partner]", "[Employee]"),
    "root quiz": ("", "quiz:\n  pass: 50%\n", "quiz:\n  pass: 70%\n"),
    "kind of c": ("path", "module"),  # a tree that is one module
    "order": ("a b", "b a", "b"),
    "kind of a": ("", "kind: module\n"),
    "order of a": ("a1 a2", "a2 a1", "a2", "a1 a2 moved"),
    "quiz of a": ("", "quiz:\n  pass: 60%\n", "quiz:\n  shuffle: all\n"),
    "visibility of a": ("", "visibility: [Partner]\n"),
    "name of a2": ("a2", "aaa"),
    "title of a2": ("A2", "Ay"),
    "words of the question": ("Which?", "Which one?", "Which?\n\n![P](a1/p.png)"),
    "text of a1": ("Text.", "Other text.", "# Two titles", "{nothing}`here`"),
    "heading of b1": ("## More", "## Less", "## More\n\n## More", "(mark)=\n## More"),
    "title of b1": ("B1", "Bee"),
    "visibility of b": ("", "visibility: [Employee]\n", "visibility: [Martian]\n"),
    "visibility of b1": ("", "visibility: [Partner]\n"),
    "name of b1": ("b1", "bee", "B1"),
    "link of a1": ("../b/b1.md#more", "../B/B1.md", "../b/bee.md", "../../out.md", "#mark", "nowhere.md"),
    "uuid of b1": ("b1", "other"),
    "picture": ("green", "red", "", "text", "told"),
    "included": ("Words.", "Other words.", "## More", "{nte}`x`", ""),
    "see": ("more-here", "b", "nothing"),
    "last of a1": ("", "Next: [B](../b.md)", "Next: [A2](a2.md)"),
    "last of a2": ("", "Next: [B](../b.md)"),
    "minutes of a": ("", "duration: 7\n"),
    "required": ("", "required: false\n"),
    "soon": ("", "- ./a/later.md\n", '- "[Out](https://x.example/)"\n'),
    "stray": ("", "A page."),
    "outside": ("", "all", "Partner"),
    "audiences": ("Employee Partner", "Employee Partner Martian"),
}
FIRST = {name: choices[0] for name, choices in CHOICES.items()}


def page(name: str, head: str, body: str) -> bytes:
    return f"---\nuuid: {modules.uuid_of(name)}\n{head}---\n\n# {name.title()}\n\n{body}\n".encode()


def files_of(c: Mapping[str, str]) -> dict[str, bytes]:
    """A path of two modules, or all of it one, that show each other's pages, a picture and an included file."""
    b1, a2 = c["name of b1"], c["name of a2"]
    listed = {"a2": a2, "moved": f"../b/{b1}"}
    listing = "".join(f"- ./a/{listed.get(name, name)}.md\n" for name in c["order of a"].split())
    order = "".join(f"- ./c/{name}.md\n" for name in c["order"].split())
    link = c["link of a1"]
    files = {
        "c.md": page("course", f"kind: {c['kind of c']}\ntoc:\n{order}visibility: {c['root visibility']}\n{c['root quiz']}", "Hello."),
        "c/a.md": page("a", (
            f"{c['kind of a']}toc:\n{listing}{c['soon']}{c['minutes of a']}{c['quiz of a']}{c['visibility of a']}"
        ), f"Begin.\n\n:::{{grid-item-card}} Card\n:link: a/{a2}.md\n:::\n"),
        "c/a/a1.md": page("a1", c["required"], (
            f"{c['text of a1']}\n\nSee [there]({link}), {{doc}}`../b/b1.md` and {{ref}}`mark`.\n\n![P](a1/p.png)\n\n"
            f"```{{include}} a1/words.md\n```\n\n{c['last of a1']}")),
        f"c/a/{a2}.md": page("a2", "", (
            f"## More here\n\n{QUESTION % (c['see'], c['words of the question'], link)}\n\n{c['last of a2']}"
        )).replace(b"# A2", f"# {c['title of a2']}".encode()),
        "c/b.md": page("b", f"toc:\n- ./b/{b1}.md\n{c['visibility of b']}", "Begin."),
        f"c/b/{b1}.md": page(c["uuid of b1"], c["visibility of b1"], c["heading of b1"]).replace(
            b"# " + c["uuid of b1"].title().encode(), b"# " + c["title of b1"].encode()),
    }  # fmt: skip
    pictures = {"text": b"no picture", "": b"", "told": with_comment()}
    files["c/a/a1/p.png"] = pictures[c["picture"]] if c["picture"] in pictures else png(c["picture"])
    files["c/a/a1/words.md"] = c["included"].encode()
    if c["stray"]:
        files["c/stray.md"] = b"# Stray\n"
    return {path: data for path, data in files.items() if data}


def with_comment() -> bytes:
    """A picture that is not served as it came."""
    out, info = BytesIO(), PngInfo()
    info.add_text("Author", "Somebody")
    Image.new("RGB", (8, 8), "blue").save(out, "PNG", pnginfo=info)
    return out.getvalue()


def around_of(c: Mapping[str, str]) -> Around:
    """A catalogue that has, or has not, a page beside the package."""
    if not c["outside"]:
        return Around()
    reach = None if c["outside"] == "all" else frozenset([c["outside"]])
    page = Outside("../out.md", modules.uuid_of("out"), modules.uuid_of("out"), reach, {}, "Out")
    return Around(find=lambda way: page if way.endswith("out.md") else None, gate=reach)


@dataclass
class Notebook:
    """A memory that writes everything down as JSON, as a database would."""

    rows: dict[UUID, str] = field(default_factory=dict)
    pages: dict[UUID, str] = field(default_factory=dict)
    bodies: dict[str, tuple[str, str]] = field(default_factory=dict)

    def recall(self, units: Collection[UUID]) -> Mapping[UUID, Reading]:
        return {unit: Reading(*json.loads(self.rows[unit])) for unit in units if unit in self.rows}

    def drawn(self, unit: UUID, bodies: Mapping[str, str]) -> Mapping[str, Drawn]:
        known = json.loads(self.pages[unit])
        html = {path: self.bodies[digest] for path, digest in bodies.items() if digest in self.bodies}
        return {
            path: Drawn.from_dict(known[path], html=html[path][0], text=html[path][1])
            for path in bodies
            if path in html and path in known
        }

    def learn(self, unit: UUID, reading: Reading, pages: Collection[PageDocument] | None = None) -> None:
        self.rows[unit] = json.dumps([reading.key, reading.digest, reading.pages])
        if pages is not None:
            self.pages[unit] = json.dumps({page.path: beside_body(page) for page in pages})
            self.bodies |= {page.digest: (page.html, page.text) for page in pages}


def read(c: Mapping[str, str], memory: Memory) -> tuple[Tree | None, list[Problem]]:
    package = Package(files_of(c), "c.md", "c")
    return module.read(package, audiences=c["audiences"].split(), around=around_of(c), memory=memory)


def assert_same(c: Mapping[str, str], memory: Memory) -> Tree | None:
    """Reading with a memory says what reading without one says."""
    remembered, told = read(c, memory)
    fresh, problems = read(c, Forgetful())
    assert told == problems
    assert (remembered is None) == (fresh is None)
    if remembered is not None and fresh is not None:
        assert len(remembered.documents) == len(fresh.documents)
        for one, other in zip(remembered.documents, fresh.documents, strict=True):
            assert (one.page.uuid, one.page.path, one.digest) == (
                other.page.uuid,
                other.page.path,
                other.digest,
            )
            own = {page.path for page in one.pages} | {one.page.path}
            assert own == {page.path for page in other.pages} | {other.page.path}
            assert isinstance(one, Unchanged) or one == other
    return remembered


EDITS = st.sampled_from([(name, choice) for name, choices in CHOICES.items() for choice in choices])


@settings(max_examples=120)
@given(rounds=st.lists(st.lists(EDITS, min_size=1, max_size=3), min_size=1, max_size=5))
def test_whatever_is_edited_a_memory_changes_nothing(rounds: list[list[tuple[str, str]]]):
    memory, choices = Notebook(), dict(FIRST)
    assert_same(choices, memory)
    for edits in rounds:
        choices |= dict(edits)
        assert_same(choices, memory)


@pytest.mark.parametrize(
    ("name", "choice"), [(name, choice) for name, choices in CHOICES.items() for choice in choices[1:]]
)
@pytest.mark.parametrize("kind", CHOICES["kind of c"])
def test_each_edit_and_taking_it_back(name: str, choice: str, kind: str):
    memory, first = Notebook(), {**FIRST, "kind of c": kind}
    assert_same(first, memory)
    assert_same({**first, name: choice}, memory)
    assert_same(first, memory)


def unread(c: Mapping[str, str], memory: Memory) -> set[str]:
    """The units that were not read."""
    tree = assert_same(c, memory)
    assert tree is not None
    return {found.page.path for found in tree.documents if isinstance(found, Unchanged)}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({}, {"c.md", "c/a.md", "c/b.md"}),
        ({"text of a1": "Other text."}, {"c.md", "c/b.md"}),
        ({"included": "Other words."}, {"c.md", "c/b.md"}),
        ({"picture": "red"}, {"c.md", "c/b.md"}),
        ({"title of b1": "Bee"}, {"c.md"}),  # a link without words of its own shows it
        ({"heading of b1": "## Less"}, {"c.md"}),  # a link names it
        ({"minutes of a": "duration: 7\n"}, {"c.md", "c/b.md"}),
        ({"stray": "A page."}, {"c.md", "c/a.md", "c/b.md"}),
    ],
)
def test_only_what_may_come_out_differently_is_read_again(edit: dict[str, str], expected: set[str]):
    memory = Notebook()
    assert unread(FIRST, memory) == set()
    assert unread({**FIRST, **edit}, memory) == expected


def redrawn(c: Mapping[str, str], memory: Notebook) -> set[str]:
    """The pages of documents that were read which were drawn, too: those that the memory had are marked."""
    memory.bodies = {digest: (html, "Remembered.") for digest, (html, _text) in memory.bodies.items()}
    tree, _problems = read(c, memory)
    assert tree is not None
    return {page.path for page in tree.pages if page.text != "Remembered."}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({"text of a1": "Other text."}, {"c/a/a1.md"}),
        ({"words of the question": "Which one?"}, {"c/a/a2.md"}),
        ({"included": "Other words."}, {"c/a/a1.md"}),
        ({"picture": "red"}, {"c/a/a1.md"}),
        ({"title of b1": "Bee"}, {"c/b/b1.md", "c/a/a1.md"}),  # a link without words of its own shows it
        ({"heading of b1": "## Less"}, {"c/b/b1.md", "c/a/a1.md", "c/a/a2.md"}),  # links name it
        ({"minutes of a": "duration: 7\n"}, {"c/a.md"}),
        ({"quiz of a": "quiz:\n  pass: 60%\n"}, {"c/a.md", "c/a/a1.md", "c/a/a2.md"}),
        ({"order": "b a"}, {"c.md"}),
        ({"name of a2": "aaa"}, {"c/a.md", "c/a/aaa.md"}),
        ({"visibility of b1": "visibility: [Partner]\n"}, {"c/b/b1.md", "c/a/a1.md", "c/a/a2.md"}),  # W646
    ],
)
def test_of_one_module_only_the_pages_that_may_come_out_differently_are_drawn(
    edit: dict[str, str], expected: set[str]
):
    memory, first = Notebook(), {**FIRST, "kind of c": "module"}
    assert_same(first, memory)
    assert redrawn({**first, **edit}, memory) == expected


def test_a_picture_that_is_not_served_as_it_came_is_there_again():
    memory, first = Notebook(), {**FIRST, "kind of c": "module", "picture": "told"}
    assert_same(first, memory)
    edited = {**first, "heading of b1": "## More\n\nWords."}
    assert_same(edited, memory)
    assert "c/a/a1.md" not in redrawn({**edited, "title of a2": "Ay"}, memory)


def test_what_was_drawn_in_another_reading_is_drawn_again():
    """Two imports at once may leave behind a reading of one of them beside the pages of the other."""
    memory, other = Notebook(), Notebook()
    assert_same(FIRST, memory)
    assert_same({**FIRST, "words of the question": "Which one?"}, other)
    memory.pages = other.pages
    assert_same({**FIRST, "text of a1": "Other text."}, memory)


def test_what_the_others_are_is_learned_again_where_it_changed_nothing():
    """Whoever is unchanged beside other pages is not asked at each reading from then on."""
    memory = Notebook()
    unread(FIRST, memory)
    known = dict(memory.rows)
    assert unread(FIRST, memory) == {"c.md", "c/a.md", "c/b.md"}
    assert memory.rows == known
    assert unread({**FIRST, "stray": "A page."}, memory) == {"c.md", "c/a.md", "c/b.md"}
    assert all(memory.rows[unit] != row for unit, row in known.items())


def test_what_has_an_error_is_not_remembered():
    memory = Notebook()
    read({**FIRST, "see": "nothing"}, memory)
    assert memory.rows == {}
