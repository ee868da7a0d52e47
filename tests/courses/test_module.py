"""Reading a package: what the toc, the front matter and the links become, and every problem with its place."""

from __future__ import annotations

from uuid import UUID

import pytest

from courses import module
from courses.documents import ComingSoon, ModuleDocument
from markup.package import Package
from markup.problems import Problem
from tests import modules
from tests.packages import png

INDEX = """---
uuid: 00000000-0000-4000-8000-000000000001
toc:
- ./m/one.md
- ./m/two.md
visibility:
- Employee
- Partner
---

# The Module

Before the first.

[Let's Go!](./m/one.md)
"""
ONE = """---
uuid: 00000000-0000-4000-8000-000000000011
---

# One

See [two](./two.md#inside-two), [the start](../m.md) and [the end](#here).

## Here

![A square](./images/1.png)

Next: [Two](./two.md)
"""
TWO = """---
uuid: 00000000-0000-4000-8000-000000000012
visibility:
- Employee
---

# Two

## Inside Two

Text.
"""


def files(**changed: str | bytes | None) -> dict[str, bytes]:
    """The module above, with pages replaced or (None) taken out; `one` stands for m/one.md."""
    pages: dict[str, str | bytes | None] = {
        "m.md": INDEX,
        "m/one.md": ONE,
        "m/two.md": TWO,
        "m/images/1.png": png(),
    }
    named = {"index": "m.md", "one": "m/one.md", "two": "m/two.md", "image": "m/images/1.png"}
    pages |= {named.get(name, name): data for name, data in changed.items()}
    return {p: d.encode() if isinstance(d, str) else d for p, d in pages.items() if d is not None}


def read(given: dict[str, bytes]) -> tuple[ModuleDocument | None, list[Problem]]:
    tree, problems = module.read(Package(given, "m.md", "m"))
    return (tree.modules[0] if tree else None), problems


def document(given: dict[str, bytes]) -> ModuleDocument:
    found, problems = read(given)
    assert found is not None, [problem.text() for problem in problems]
    return found


def places(problems: list[Problem]) -> set[tuple[str, str, int]]:
    """Code, file and line of each problem."""
    return {(problem.code, problem.file, problem.line) for problem in problems}


def test_sections_come_in_the_order_of_the_toc_with_their_own_slugs():
    found = document(files())
    assert [(page.slug, page.title, page.depth) for page in found.pages] == [
        ("one", "One", 0),
        ("two", "Two", 0),
    ]
    assert (found.index.slug, found.index.title) == ("m", "The Module")


def test_links_lead_to_permanent_addresses_and_pictures_behind_the_pages_own_gate():
    one = document(files()).pages[0]
    assert 'href="/pages/00000000-0000-4000-8000-000000000012/#u-inside-two"' in one.html
    assert 'href="/pages/00000000-0000-4000-8000-000000000001/"' in one.html
    assert 'href="#u-here"' in one.html
    digest = one.media[0].media.digest
    assert f'src="/pages/{one.uuid}/media/{digest}/1.png"' in one.html


def test_lets_go_and_next_are_not_drawn_where_the_sites_own_button_leads_there():
    found = document(files())
    assert "Let's Go" not in found.index.html.replace("’", "'")
    assert "Next:" not in found.pages[0].html
    elsewhere = document(files(one=ONE.replace("Next: [Two](./two.md)", "Next: [Start](../m.md)")))
    assert "Next:" in elsewhere.pages[0].html


def test_a_page_that_is_not_written_yet_is_coming_soon():
    found, problems = read(files(two=None))
    assert found is not None
    assert found.sections[1] == ComingSoon("Two", 0)
    assert ("W622", "m.md", 5) in places(problems)


def test_a_section_is_narrowed_by_its_parents_and_never_widened():
    audiences = [page.audiences for page in document(files()).pages]
    assert audiences == [frozenset({"Employee", "Partner"}), frozenset({"Employee"})]
    narrow = files(index=INDEX.replace("- Employee\n", ""), two=TWO)
    found, problems = read(narrow)
    assert found is not None
    assert found.pages[1].audiences == frozenset()
    assert ("W613", "m/two.md", 3) in places(problems) or ("W613", "m/two.md", 4) in places(problems)


def test_a_link_to_a_narrower_page_is_told():
    assert ("W646", "m/one.md", 7) in places(read(files())[1])


@pytest.mark.parametrize(
    "link",
    [
        "[](./two.md)",
        "[](./two.md#inside-two)",
        "{doc}`two`",
        "{any}`two`",
        "{ref}`inner`",
        "[to {doc}`two`](./two.md)",
        "[to {doc}`two`](https://example.org/)",
        "```{card}\n:link: two\n:link-type: doc\n```",
        "```{button-ref} inner\n```",
    ],
)
@pytest.mark.trust("LK-01")
def test_so_is_whatever_would_take_its_title_from_a_narrower_page_and_no_title_is_shown(link: str):
    two = (
        TWO.replace("## Inside", "(inner)=\n## Inside")
        .replace("# Two", "# Canary")
        .replace("## Inside", "## Canary")
    )
    found, problems = read(files(one=f"# One\n\n{link}\n", two=two))
    assert found is not None
    assert "Canary" not in found.pages[0].html + found.pages[0].text
    assert "two" in found.pages[0].html or "inner" in found.pages[0].html
    assert {problem.code for problem in problems if problem.file == "m/one.md"} >= {"W646"}


@pytest.mark.parametrize(
    ("link", "html"),
    [
        ("[](./two.md)", ">Two</a>"),
        ("[](./two.md#inside-two)", ">Inside Two</a>"),
        ("[](#here)", ">Here</a>"),
        ("[](#named)", ">A &amp; B</a>"),
        ("[<!-- nothing -->](./two.md)", ">Two</a>"),
        ("[](https://example.org/ä%20b)", ">https://example.org/ä b</a>"),
        ("[](./nowhere.md)", "<p>./nowhere.md</p>"),
        ("[![](./images/1.png)](./two.md)", 'aria-label="Two"><img'),
        ("[![Square](./images/1.png)](./two.md)", '/"><img'),
        ("[{doc}`two`](https://example.org/)", ">Two</a>"),
    ],
)
def test_no_link_is_without_a_name(link: str, html: str):
    body = f"# One\n\n## Here\n\n{link}\n\n(named)=\n```{{figure}} ./images/1.png\n:alt: x\n\nA & B\n```\n"
    two = TWO.replace("- Employee\n", "- Employee\n- Partner\n")
    assert html in document(files(one=body, two=two)).pages[0].html


def test_a_module_of_one_page_is_its_own_section():
    found = document({"m.md": INDEX.replace("toc:\n- ./m/one.md\n- ./m/two.md\n", "").encode()})
    assert [page.uuid for page in found.pages] == [found.index.uuid]
    assert found.minutes == found.index.minutes


def test_an_index_page_with_questions_is_the_first_section():
    found = document(files(index=INDEX + modules.question("que1")))
    assert [page.title for page in found.pages] == ["The Module", "One", "Two"]


def test_a_file_name_that_is_taken_gets_a_number():
    given = files(index=INDEX.replace("./m/two.md", "./m/b/one.md"), two=None) | {"m/b/one.md": TWO.encode()}
    assert [page.slug for page in document(given).pages] == ["one", "one-2"]


def test_without_a_uuid_a_page_is_known_by_its_path():
    bare = ONE.replace("uuid: 00000000-0000-4000-8000-000000000011\n", "")
    first, again = document(files(one=bare)).pages[0], document(files(one=bare + "\nMore.\n")).pages[0]
    assert first.uuid == again.uuid
    assert first.uuid not in {UUID("00000000-0000-4000-8000-000000000001"), document(files()).pages[0].uuid}


def test_the_digest_says_whether_anything_changed():
    assert document(files()).digest == document(files()).digest
    assert document(files()).digest != document(files(image=png("red"))).digest


def test_byte_order_mark_and_carriage_returns_change_nothing():
    plain = document(files()).pages[0]
    other = document(files(one=b"\xef\xbb\xbf" + ONE.replace("\n", "\r\n").encode())).pages[0]
    assert (plain.html, plain.headings, plain.source) == (other.html, other.headings, other.source)


@pytest.mark.trust("YM-10")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("visibility: []", "E608"),
        ("visibility:", "E608"),
        ("visibility: null", "E608"),
        ("visibility: Employee", "E608"),
        ("visibility: {Employee: 1}", "E608"),
        ('visibility: [""]', "E608"),
        ("visibility: [Employe]", "E609"),
        ("visibility: [employee]", "E609"),
        ("visibility: [Employee, Everybody]", "E609"),
        ("visibility: [true]", "E609"),
        ("visibilty: [Employee]", "E608"),
        ("roles: [Employee]", "E608"),
        ("visibility: &a [Employee]", "E606"),
        ("visibility: [Employee]\nvisibility: [Partner]", "E607"),
    ],
)
@pytest.mark.parametrize("where", ["index", "one"])
def test_front_matter_that_could_widen_access_keeps_the_module_out(line: str, code: str, where: str):
    page = {
        "index": INDEX.replace("visibility:\n- Employee\n- Partner", line),
        "one": ONE.replace("---\n\n", f"{line}\n---\n\n", 1),
    }
    given = files(**{where: page[where]})
    found, problems = read(given)
    assert found is None
    name = {"index": "m.md", "one": "m/one.md"}[where]
    assert code in {problem.code for problem in problems if problem.file == name}


BROKEN = [
    ("E604", "m/two.md", 2, {"two": TWO.replace("0012", "0011")}),
    ("E605", "m/one.md", 4, {"one": ONE.replace("---\n\n", "toc: [\n---\n\n", 1)}),
    ("E601", "m/one.md", 1, {"one": "---\nuuid: x\n\n# One\n"}),
    ("E603", "m/one.md", 2, {"one": ONE.replace("0011", "001z")}),
    ("E611", "m/one.md", 3, {"one": ONE.replace("---\n\n", "duration: soon\n---\n\n", 1)}),
    ("E621", "m.md", 4, {"index": INDEX.replace("./m/one.md\n- ./m/two", "../../etc/one.md\n- ./m/two")}),
    ("E623", "m.md", 5, {"index": INDEX.replace("- ./m/two.md", "- ./m/one.md")}),
    ("E624", "m.md", 5, {"index": INDEX.replace("- ./m/two.md", "- ./m.md")}),
    ("E644", "m/one.md", 7, {"one": ONE.replace("(../m.md)", "(javascript:alert)")}),
    ("E652", "m/two.md", 11, {"two": TWO.replace("Text.", "```{note}\nText.")}),
    (
        "E662",
        "m/one.md",
        11,
        {"image": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"},
    ),
    ("E210", "m/two.md", 18, {"two": TWO + modules.question("que1").replace("[x]", "[ ]")}),
    (
        "E402",
        "m/two.md",
        15,
        {"two": TWO + modules.question("que1").replace(":id: que1", ":id: que1\n:see: nowhere")},
    ),
    ("E202", "m/two.md", 0, {"two": TWO + modules.question("que1") + modules.question("que1")}),
]


@pytest.mark.parametrize(("code", "file", "line", "changed"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_is_wrong_is_told_with_file_line_and_remedy(
    code: str, file: str, line: int, changed: dict[str, str]
):
    found, problems = read(files(**changed))
    assert found is None
    told = [problem for problem in problems if problem.code == code]
    assert told, [problem.text() for problem in problems]
    assert told[0].file == file
    assert told[0].remedy
    if line:
        assert told[0].line == line, told[0].text()


def test_everything_that_is_wrong_is_told_in_one_run_in_the_order_of_the_toc():
    found, problems = read(
        files(
            index=INDEX.replace("- Partner", "- Partnr"),
            one=ONE.replace("./two.md#inside-two", "javascript:x"),
            two=TWO + modules.question("que1").replace("[x]", "[ ]"),
        )
    )
    assert found is None
    errors = [(problem.file, problem.code) for problem in problems if problem.severity == "error"]
    assert errors == [("m.md", "E609"), ("m/one.md", "E644"), ("m/two.md", "E210")]


WARNED = [
    ("W612", "m.md", {"index": INDEX.replace("visibility:\n- Employee\n- Partner\n", "")}),
    ("W602", "m/one.md", {"one": ONE.replace("uuid: 00000000-0000-4000-8000-000000000011\n", "")}),
    ("W610", "m/one.md", {"one": ONE.replace("---\n\n", "durtion: 3\n---\n\n", 1)}),
    ("W625", "m/three.md", {"m/three.md": TWO.replace("0012", "0013")}),
    ("W641", "m/two.md", {"two": TWO.replace("# Two\n", "")}),
    ("W642", "m/one.md", {"one": ONE.replace("(../m.md)", "(../nowhere.md)")}),
    ("W643", "m/one.md", {"one": ONE.replace("#inside-two", "#outside")}),
    ("W661", "m/one.md", {"image": None}),
    ("W664", "m/one.md", {"one": ONE.replace("A square", "")}),
]


@pytest.mark.parametrize(("code", "file", "changed"), WARNED, ids=[row[0] for row in WARNED])
def test_a_warning_keeps_nothing_out(code: str, file: str, changed: dict[str, str | None]):
    found, problems = read(files(**changed))
    assert found is not None, [problem.text() for problem in problems]
    assert (code, file) in {(problem.code, problem.file) for problem in problems}


def test_readme_and_question_banks_are_no_pages():
    bank = "---\nkind: question-bank\n---\n\n# Bank\n"
    _found, problems = read(files() | {"README.md": b"# Read me\n", "m/bank.md": bank.encode()})
    assert not [problem for problem in problems if problem.code == "W625"]


def test_a_question_leads_to_its_passage_and_the_passage_back_to_it():
    see = modules.question("que1").replace(":id: que1", ":id: que1\n:see: inside-two")
    page = document(files(two=TWO + see)).pages[1]
    assert page.checks[0].questions[0].see == "#u-inside-two"
    assert '<p class="back-to-check"><a href="#q-que1">' in page.html
