"""Whole trees: which page is a path, a module, a section; what belongs to which; what a change changes."""

from __future__ import annotations

import pytest

from courses import module
from courses.documents import ComingSoon, OutsideLink, Tree
from markup.package import Package
from markup.problems import Problem
from tests import modules
from tests.packages import png


def page(name: str, *listed: str, front: str = "", body: str = "Text.") -> bytes:
    """A page with a uuid of its own that lists these, and these lines of front matter."""
    toc = "toc:\n" + "".join(f"- {path}\n" for path in listed) if listed else ""
    head = f"uuid: {modules.uuid_of(name)}\n{toc}{front}"
    return f"---\n{head.rstrip()}\n---\n\n# {name}\n\n{body}\n".encode()


COURSE = {
    "sell.md": page("Sell", "./sell/l0.md", "./sell/l1.md", "./sell/extra.md", front="visibility: [Employee]\n"),
    "sell/l0.md": page("Level 0", "./l0/icp.md", "./l0/deals.md", '"[Outside](https://x.example/)"', "./l0/later.md"),
    "sell/l0/icp.md": page("ICP", "./icp/where.md", "./icp/who.md"),
    "sell/l0/icp/where.md": page("Where", body="See [who](./who.md) and [deals](../deals.md#more).\n\n![A](./where/1.png)"),
    "sell/l0/icp/where/1.png": png(),
    "sell/l0/icp/who.md": page("Who"),
    "sell/l0/icp/notes.txt": b"mine",
    "sell/l0/deals.md": page("Deals", body="## More\n\nText."),
    "sell/l1.md": page("Level 1", "./l1/a.md", "./l1/b.md", front="kind: module\n"),
    "sell/l1/a.md": page("A", "./a/inner.md"),
    "sell/l1/a/inner.md": page("Inner"),
    "sell/l1/b.md": page("B", "./missing.md"),
    "sell/extra.md": page("Extra"),
    "README.md": b"# Read me\n",
}  # fmt: skip


def read(files: dict[str, bytes], root: str = "sell.md") -> tuple[Tree | None, list[Problem]]:
    return module.read(Package(files, root, "course"))


def tree(files: dict[str, bytes], root: str = "sell.md") -> Tree:
    found, problems = read(files, root)
    assert found is not None, [problem.text() for problem in problems]
    return found


def changed(before: Tree, after: Tree) -> list[str]:
    """The titles of what has another digest."""
    known = {document.page.uuid: document.digest for document in before.documents}
    return [d.page.title for d in after.documents if known.get(d.page.uuid) != d.digest]


def test_a_page_that_lists_pages_with_a_toc_is_a_path_and_what_is_below_is_its_modules():
    found = tree(COURSE)
    assert [path.page.title for path in found.paths] == ["Sell", "Level 0"]
    assert [m.page.title for m in found.modules] == ["ICP", "Deals", "Level 1", "Extra"]
    icp, deals, level1, _extra = found.modules
    assert [page.title for page in icp.pages] == ["Where", "Who"]
    assert [page.title for page in deals.pages] == ["Deals"]
    assert [(s.title, s.depth) for s in level1.sections] == [("A", 0), ("Inner", 1), ("B", 0), ("Missing", 1)]
    assert level1.sections[3] == ComingSoon("Missing", 1)


def test_a_path_names_what_it_lists_in_order():
    children = tree(COURSE).paths[1].children
    assert [(child.title, child.url, child.uuid is not None) for child in children] == [
        ("ICP", "", True),
        ("Deals", "", True),
        ("Outside", "https://x.example/", False),
        ("Later", "", False),
    ]


def test_an_outside_link_of_a_module_is_a_line_of_its_contents():
    files = {"m.md": page("M", "./m/a.md", '"[Out](https://x.example/)"'), "m/a.md": page("A")}
    assert tree(files, "m.md").modules[0].sections[1] == OutsideLink("Out", "https://x.example/", 0)


def test_each_part_has_its_own_files_and_together_they_are_the_package():
    found = tree(COURSE)
    parts = {document.page.title: document.package for document in found.documents}
    assert set(parts["ICP"].files) == {path for path in COURSE if path.startswith("sell/l0/icp")}
    assert set(parts["Deals"].files) == {"sell/l0/deals.md"}
    assert set(parts["Sell"].files) == {"sell.md", "README.md"}
    together = {path: data for part in parts.values() for path, data in part.files.items()}
    assert together == COURSE


def test_a_part_read_by_itself_is_the_same_module():
    icp = tree(COURSE).modules[0]
    alone, _problems = module.read(icp.package)
    assert alone is not None
    assert [page.uuid for page in alone.modules[0].pages] == [page.uuid for page in icp.pages]


def test_links_lead_from_module_to_module():
    where = tree(COURSE).modules[0].pages[0]
    assert f'href="/pages/{modules.uuid_of("Deals")}/#u-more"' in where.html


def test_only_what_people_get_of_a_module_decides_whether_it_changed():
    before = tree(COURSE)
    other = {**COURSE, "sell/l0/deals.md": COURSE["sell/l0/deals.md"].replace(b"Text.", b"Words.")}
    assert changed(before, tree(other)) == ["Deals"]
    picture = {**COURSE, "sell/l0/icp/where/1.png": png("red")}
    assert changed(before, tree(picture)) == ["ICP"]
    reordered = {**COURSE, "sell/l0.md": page("Level 0", "./l0/deals.md", "./l0/icp.md")}
    assert changed(before, tree(reordered)) == ["Level 0"]
    heading = {**COURSE, "sell/l0/deals.md": COURSE["sell/l0/deals.md"].replace(b"## More", b"## Less")}
    assert changed(before, tree(heading)) == ["ICP", "Deals"], "a link of it has nowhere to go now"
    wider = {**COURSE, "sell.md": COURSE["sell.md"].replace(b"[Employee]", b"[Employee, Partner]")}
    assert changed(before, tree(wider)) == ["Sell"], "whom a path lets in is asked when the page is"
    unused = {**COURSE, "sell/l0/icp/notes.txt": b"other"}
    assert changed(before, tree(unused)) == []


def test_what_a_path_says_for_checks_counts_in_the_modules_below():
    asked = {**COURSE, "sell/l0/deals.md": COURSE["sell/l0/deals.md"] + modules.question("que1").encode()}
    stricter = {
        **asked,
        "sell/l0.md": page("Level 0", "./l0/icp.md", "./l0/deals.md", front="quiz:\n  pass: 100%\n"),
    }
    found = tree(stricter)
    assert found.modules[1].index.checks[0].rule.pass_share == 1
    assert changed(tree(asked), found) == ["Level 0", "Deals"]


@pytest.mark.parametrize("names", [["2-second.md", "10-third.md", "1-first.md"]])
def test_without_tocs_the_order_is_that_of_the_file_names(names: list[str]):
    files = {f"c/{name}": b"# Page\n\nText.\n" for name in names} | {"c.md": b"# Course\n"}
    found, problems = read(files, "c.md")
    assert found is not None
    assert [page.path for page in found.modules[0].pages] == [
        "c/1-first.md",
        "c/2-second.md",
        "c/10-third.md",
    ]
    assert {(p.code, p.file) for p in problems} >= {("W626", "c.md"), ("W601", "c/1-first.md")}


def test_without_tocs_folders_nest_below_the_page_of_their_name():
    paths = ["c.md", "c/b.md", "c/b/2.md", "c/b/1.md", "c/a.md", "c/z/deep.md", "c/z/index.md", "other.md"]
    found, _problems = read(dict.fromkeys(paths, b"# Page\n\nText.\n"), "c.md")
    assert found is not None
    assert [path.page.path for path in found.paths] == ["c.md"]
    assert [m.page.path for m in found.modules] == ["c/a.md", "c/b.md", "c/z/index.md", "other.md"]
    assert [[p.path for p in m.pages] for m in found.modules][1] == ["c/b/1.md", "c/b/2.md"]


def test_a_page_in_another_spelling_is_taken_and_told():
    files = {
        "m.md": page("M", "./m/One.md"),
        "m/one.md": page("One", body="[Two](./TWO.md), ![A](./Images/01.PNG)"),
        "m/two.md": page("Two"),
        "m/images/01.png": png(),
    }
    found, problems = read(files, "m.md")
    assert found is not None
    html = found.modules[0].pages[0].html
    assert "/media/" in html
    told = [f"{p.file}:{p.line}:{p.column} {p.code}" for p in problems if "is written" in p.message]
    assert told == ["m.md:4:3 W622", "m/one.md:7:1 W642", "m/one.md:7:18 W661"]


def test_pages_without_a_uuid_keep_their_identity_when_their_module_is_read_alone():
    bare = {
        path: data.replace(f"uuid: {modules.uuid_of('Who')}\n".encode(), b"") for path, data in COURSE.items()
    }
    icp = tree(bare).modules[0]
    alone = {path.removeprefix("sell/l0/"): data for path, data in icp.package.files.items()}
    assert [p.uuid for p in tree(alone, "icp.md").modules[0].pages] == [p.uuid for p in icp.pages]
