"""What is remembered instead of read again: it says what reading again would say, whatever changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses import module
from courses.documents import Tree, Unchanged
from courses.links import Around, Outside
from courses.readings import Forgetful, Memory, Reading
from markup.package import Package
from markup.problems import Problem
from tests import modules
from tests.packages import png

QUESTION = (
    "## Check\n\n:::{quiz}\n:::\n\n:::{question}\n:see: %s\nWhich? See [this](%s).\n\n"
    "- [x] One\n- [ ] Two\n\n:::\n"
)
# Whatever an author can change, each with what it was first.
CHOICES: dict[str, tuple[str, ...]] = {
    "root visibility": ("[Employee, Partner]", "[Employee]"),
    "root quiz": ("", "quiz:\n  pass: 50\n", "quiz:\n  pass: 70\n"),
    "order": ("a b", "b a", "b"),
    "kind of a": ("", "kind: module\n"),
    "text of a1": ("Text.", "Other text.", "# Two titles", "{nothing}`here`"),
    "heading of b1": ("## More", "## Less", "## More\n\n## More", "(mark)=\n## More"),
    "title of b1": ("B1", "Bee"),
    "visibility of b": ("", "visibility: [Employee]\n", "visibility: [Martian]\n"),
    "visibility of b1": ("", "visibility: [Partner]\n"),
    "name of b1": ("b1", "bee", "B1"),
    "link of a1": ("../b/b1.md#more", "../B/B1.md", "../b/bee.md", "../../out.md", "#mark", "nowhere.md"),
    "uuid of b1": ("b1", "other"),
    "picture": ("green", "red", "", "text"),
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
    """A path of two modules that show each other's pages, a picture and an included file."""
    b1 = c["name of b1"]
    order = "".join(f"- ./c/{name}.md\n" for name in c["order"].split())
    link = c["link of a1"]
    files = {
        "c.md": page("course", f"kind: path\ntoc:\n{order}visibility: {c['root visibility']}\n{c['root quiz']}", "Hello."),
        "c/a.md": page("a", f"{c['kind of a']}toc:\n- ./a/a1.md\n- ./a/a2.md\n{c['soon']}{c['minutes of a']}", "Begin."),
        "c/a/a1.md": page("a1", c["required"], (
            f"{c['text of a1']}\n\nSee [there]({link}), {{doc}}`../b/b1.md` and {{ref}}`mark`.\n\n![P](a1/p.png)\n\n"
            f"```{{include}} a1/words.md\n```\n\n{c['last of a1']}")),
        "c/a/a2.md": page("a2", "", f"## More here\n\n{QUESTION % (c['see'], link)}\n\n{c['last of a2']}"),
        "c/b.md": page("b", f"toc:\n- ./b/{b1}.md\n{c['visibility of b']}", "Begin."),
        f"c/b/{b1}.md": page(c["uuid of b1"], c["visibility of b1"], c["heading of b1"]).replace(
            b"# " + c["uuid of b1"].title().encode(), b"# " + c["title of b1"].encode()),
    }  # fmt: skip
    pictures = {"text": b"no picture", "": b""}
    files["c/a/a1/p.png"] = pictures[c["picture"]] if c["picture"] in pictures else png(c["picture"])
    files["c/a/a1/words.md"] = c["included"].encode()
    if c["stray"]:
        files["c/stray.md"] = b"# Stray\n"
    return {path: data for path, data in files.items() if data}


def around_of(c: Mapping[str, str]) -> Around:
    """A catalogue that has, or has not, a page beside the package."""
    if not c["outside"]:
        return Around()
    reach = None if c["outside"] == "all" else frozenset([c["outside"]])
    page = Outside("../out.md", modules.uuid_of("out"), reach, frozenset(), "out")
    return Around(find=lambda way: page if way.endswith("out.md") else None, gate=reach)


@dataclass
class Notebook:
    """A memory that writes everything down as JSON, as a database would."""

    rows: dict[UUID, str] = field(default_factory=dict)

    def recall(self, units: Collection[UUID]) -> Mapping[UUID, Reading]:
        return {unit: Reading(*json.loads(self.rows[unit])) for unit in units if unit in self.rows}

    def learn(self, unit: UUID, reading: Reading) -> None:
        self.rows[unit] = json.dumps([reading.key, reading.digest, reading.pages])


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


@settings(max_examples=60)
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
def test_each_edit_and_taking_it_back(name: str, choice: str):
    memory = Notebook()
    assert_same(FIRST, memory)
    assert_same({**FIRST, name: choice}, memory)
    assert_same(FIRST, memory)


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
