from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from markup import front_matter, restricted_yaml
from markup.front_matter import FrontMatter, TocEntry
from markup.problems import Problem, Problems
from tests.steps import steps

ID = "ab4e99e5-6955-40f6-9037-dd1c67e7827c"
AUDIENCES = ("Employee", "Partner")


def read(source: str, file: str = "icp.md") -> tuple[FrontMatter, str, list[Problem]]:
    problems = Problems()
    page, body = front_matter.read(source, file=file, audiences=AUDIENCES, problems=problems)
    return page, body, list(problems)


def check(lines: str, file: str = "icp.md") -> tuple[FrontMatter, list[str]]:
    """A page with a uuid and these lines below it; problems as `line:column CODE`."""
    page, body, problems = read(f"---\nuuid: {ID}\n{lines}\n---\nBody\n", file)
    assert body == "Body\n"
    return page, [f"{p.line}:{p.column} {p.code}" for p in problems]


PARTS = st.sampled_from([
    "uuid:", "toc:", "a:", "n:", "null:", "  ", " ", "- ", "  - ", "-", "\n", "\n\n", "\n- ", "\n  - ", "\n   - ", "\nb: ",
    "\nc:\n- ", ": ", ":", " #", "#", "~", "null", "./a/b.md", "words", "two words", "1:30", "...", "---", "\"", "'", "&a",
    "*a", "!!x", "{", "[", "]", ",", "(", "|", ">", "\t", "é", "%", "?", "=", "<<: ", "0", "_a", "a-b", ".", "/",
])  # fmt: skip


@settings(max_examples=600)
@given(st.lists(PARTS, max_size=14).map("".join))
@example("a: b\n- c")
@example("a:\n- b\n  - c")
@example("a:\n  - b\n- c")
@example("a:\n\nb: c")
@example("a:\n  - null\n  - ./b.md \nc: null\nd:  e f")
@example("a: b\n  c")
@example("a: b\na: c")
@example("a:\n- b: c")
def test_plain_lines_are_read_as_the_parser_reads_them(text: str) -> None:
    """A comment above changes nothing, but that the parser has to see to it."""

    def outcome(text: str, first_line: int) -> object:
        try:
            root, faults = restricted_yaml.load(text, first_line=first_line)
        except restricted_yaml.RefusedError as refused:
            return refused.code
        place = (root.line, root.column) if root.keys else None  # of nothing: wherever reading begins
        told = [(fault.code, fault.line, fault.column) for fault in faults]
        return place, list(root.items.items()), list(root.keys.items()), told

    assert outcome(text, 2) == outcome(f"#\n{text}", 1)


def test_a_real_page() -> None:
    source = (
        "---\ntoc:\n  - ./icp/a.md\n  - ./icp/b.md\nuuid: "
        + ID
        + "\nvisibility: \n- Employee\n- Partner  \n---\n\n# T\n"
    )
    page, body, problems = read(source)
    assert problems == []
    assert page.uuid == UUID(ID)
    assert page.toc == (TocEntry("icp/a.md", None, None, 3, 5), TocEntry("icp/b.md", None, None, 4, 5))
    assert page.visibility == AUDIENCES
    assert (page.audience_places, page.uuid_place, page.body_line) == (((7, 3), (8, 3)), (5, 7), 10)
    assert body == "\n# T\n"


def test_all_keys() -> None:
    page, problems = check(
        "toc:\n- './a.md'\n- \"[Outside](https://x.example/)\"\n- '[Named](./b.md)'\nkind: path\n"
        "required: no\n"
        "duration: 15\ndescription: 'Yes: it is'\ntags: [a, 'b c', a]\ntaxonomy-category-names:\n- X\n"
        "sequence: linear\nquiz:\n  pass: 80%\n  attempts: 3\nshowChildrenCards: false",
        file="course/icp.md",
    )
    assert problems == []
    assert page.toc == (
        TocEntry("course/a.md", None, None, 4, 3),
        TocEntry("", "Outside", "https://x.example/", 5, 3),
        TocEntry("course/b.md", "Named", None, 6, 3),
    )
    assert (page.kind, page.required, page.duration, page.sequence) == ("path", False, 15, "linear")
    assert (page.description, page.tags, page.categories) == ("Yes: it is", ("a", "b c"), ("X",))
    assert (dict(page.quiz), page.show_children_cards) == ({"pass": "80%", "attempts": "3"}, False)
    assert dict(page.quiz_places) == {"pass": (16, 3), "attempts": (17, 3)}


def test_defaults() -> None:
    page, problems = check("")
    assert problems == []
    assert (page.toc, page.visibility, page.kind, page.required, page.duration) == (
        (),
        None,
        None,
        True,
        None,
    )


@pytest.mark.parametrize(
    "word", ["no", "on", "0777", "1:30", "12:30:45", "1_000", "2020-01-01", ".inf", "1e3", "~x"]
)
def test_strings_stay_what_was_typed(word: str) -> None:
    page, problems = check(f"description: {word}\ntags:\n- {word}")
    assert problems == []
    assert (page.description, page.tags) == (word, (word,))


@pytest.mark.parametrize("source", ["", "Text", "# T\n\n---\n\nmore\n", "\n\n---\nkey without colon\n---\n"])
def test_no_front_matter(source: str) -> None:
    page, body, problems = read(source)
    assert [(p.code, p.line) for p in problems] == [("W601", 1)]
    assert (body, page.uuid, page.visibility, page.body_line) == (source, None, None, 1)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("---\nuuid: x\n", 1),
        ("---", 1),
        ("\n---\nuuid: x\n---\n", 2),
        ("<!-- c -->\n---\ntoc:\n- a.md\n---\n", 2),
    ],
)
def test_front_matter_not_closed_or_not_first(source: str, line: int) -> None:
    page, _, problems = read(source)
    assert [(p.code, p.line) for p in problems] == [("E601", line)]
    assert page.visibility == ()


@pytest.mark.parametrize("empty", ["---\n---\nBody", "---\n\n---\nBody", "---\n# only a comment\n---\nBody"])
def test_empty_front_matter_has_no_uuid(empty: str) -> None:
    _, body, problems = read(empty)
    assert [p.code for p in problems] == ["W602"]
    assert body == "Body"


@pytest.mark.trust("YM-06")
@pytest.mark.parametrize("change", [lambda s: s.replace("\n", "\r\n"), lambda s: "\ufeff" + s, lambda s: s])
def test_byte_order_mark_and_line_ends_change_nothing(change) -> None:
    source = f"---\nuuid: {ID}\nvisibility:\n- Nobody\n---\n# T\n"
    page, body, problems = read(change(source))
    assert (page.uuid, page.body_line, body) == (UUID(ID), 6, "# T\n")
    assert [(p.code, p.line, p.column) for p in problems] == [("E609", 4, 3)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("toc: [a.md", ["3:6 E605"]),
        ("toc:\n- [Title](https://x.example)", ["4:10 E605"]),
        ("\tkind: module", ["3:1 E605"]),
        ("just text", ["3:1 E605"]),
        ("? [a, b]\n: c", ["3:3 E605"]),
        ("description: &a x", ["3:14 E606"]),
        ("description: *a", ["3:14 E606"]),
        ("description: !!str x", ["3:14 E606"]),
        ("description: !x y", ["3:14 E606"]),
        ("<<: {a: b}", ["3:1 E606"]),
        ("uuid: x", ["3:1 E607"]),
        ("quiz:\n  pass: 1%\n  pass: 2%", ["5:3 E607"]),
        ("kind: modul", ["3:7 E611"]),
        ("kind: [module]", ["3:7 E611"]),
        ("required: maybe", ["3:11 E611"]),
        ("required: [true]", ["3:11 E611"]),
        ("duration: 15m", ["3:11 E611"]),
        ("duration: 0", ["3:11 E611"]),
        ("duration: 1.5", ["3:11 E611"]),
        ("duration: " + "9" * 5000, ["3:11 E611"]),
        ("duration: ٣", ["3:11 E611"]),
        ("description: [a]", ["3:14 E611"]),
        ("tags: a", ["3:7 E611"]),
        ("tags: {a: b}", ["3:7 E611"]),
        ("tags:\n- [a]", ["4:1 E611"]),
        ("sequence: strict", ["3:11 E611"]),
        ("quiz: 80%", ["3:7 E611"]),
        ("quiz:\n  pass: [80%]", ["4:9 E611"]),
        ("showChildrenCards: 1", ["3:20 E611"]),
        ("toc: ./a.md", ["3:6 E611"]),
        ("toc: {a: b}", ["3:6 E611"]),
        ("toc:\n- [a.md]", ["4:3 E621"]),
        ("toc:\n- ", ["4:2 E621"]),
        ("toc:\n- /etc/passwd.md", ["4:3 E621"]),
        ("toc:\n- ../../etc/passwd.md", ["4:3 E621"]),
        ("toc:\n- ./a\n- b.md", ["4:3 E621"]),
        ("toc:\n- ..\\b.md", ["4:3 E621"]),
        ("toc:\n- https://x.example/a.md", ["4:3 E621"]),
        ("toc:\n- '[X](javascript:alert(1))'", ["4:3 E621"]),
        ("toc:\n- '[X](javascript:alert)'", ["4:3 E644"]),
        ("toc:\n- '//evil.example/a.md'", ["4:3 E644"]),
        ("toc:\n- file:///a.md", ["4:3 E644"]),
        ("uid: x", ["3:1 W610"]),
        ("colour: x", ["3:1 W610"]),
    ],
)
def test_faults_are_named_with_their_place(lines: str, expected: list[str]) -> None:
    assert check(lines)[1] == expected


def test_an_unquoted_outside_link_is_told_to_be_quoted() -> None:
    for text in (
        "- [T](https://x.example)",
        "- [T](https://x.example)\n- ./b.md",
        "- ./a.md\n- [T](https://x.example)",
    ):
        _, _, problems = read(f"---\nuuid: {ID}\ntoc:\n{text}\n---\n")
        assert [p.code for p in problems] == ["E605"]
        assert problems[0].line in (4, 5)
        assert "quotes" in problems[0].remedy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "{" + ID + "}",
        "urn:uuid:" + ID,
        ID[:-1],
        ID.replace("-", ""),
        ID + "0",
        "0" * 8 + ID[8:-12],
        "[]",
        "00000000-0000-0000-0000-000000000000",
        "~",
    ],
)
def test_malformed_uuid(text: str) -> None:
    page, _, problems = read(f"---\nuuid: {text}\n---\n")
    if text == "0" * 8 + ID[8:-12]:
        assert page.uuid is None
    assert [p.code for p in problems] == ["E603"]


def test_uuid_in_capitals_is_the_same() -> None:
    assert read(f"---\nuuid: '{ID.upper()}'\n---\n")[0].uuid == UUID(ID)


@pytest.mark.trust("YM-10")
@pytest.mark.parametrize(
    ("lines", "codes", "visible_to"),
    [
        ("visibility: []", ["E608"], ()),
        ("visibility:", ["E608"], ()),
        ("visibility: ~", ["E608"], ()),
        ("visibility: null", ["E608"], ()),
        ("visibility: Employee", ["E608"], ()),
        ("visibility: Employee, Partner", ["E608"], ()),
        ("visibility: {Employee: true}", ["E608"], ()),
        ("visibility:\n- ", ["E608"], ()),
        ("visibility:\n- ''", ["E608"], ()),
        ("visibility:\n- [Employee]", ["E608"], ()),
        ("visibility:\n- employee", ["E609"], ()),
        ("visibility:\n- Employee\n- Everybody", ["E609"], ("Employee",)),
        ("visibility:\n- '*'", ["E609"], ()),
        ("visiblity:\n- Employee", ["W610", "E608"], ()),
        ("Visibility:\n- Employee", ["W610", "E608"], ()),
        ("roles: []", ["W610", "E608"], ()),
        ("role: employee", ["W610", "E608"], ()),
        ("visibility:\n- Employee\nvisibility:\n- Partner", ["E607"], ()),
    ],
)
def test_a_slip_never_opens_a_page(lines: str, codes: list[str], visible_to: tuple[str, ...]) -> None:
    page, _, problems = read(f"---\nuuid: {ID}\n{lines}\n---\n")
    assert [p.code for p in problems] == codes
    assert page.visibility == visible_to


@pytest.mark.trust("YM-10")
@pytest.mark.parametrize("slip", ["visiblity", "roles"])
def test_a_slip_among_endless_keys_opens_nothing_either(slip: str) -> None:
    many = "".join(f"k{n}: v\n" for n in range(500))
    page, _, problems = read(f"---\nuuid: {ID}\n{many}{slip}:\n- Employee\n---\n")
    assert problems[-1].code == "E608"
    assert page.visibility == ()


def test_unknown_audience_suggests_the_right_one() -> None:
    _, _, problems = read(f"---\nuuid: {ID}\nvisibility:\n- Partners\n---\n")
    assert "did you mean “Partner”" in problems[0].message


@pytest.mark.trust("YM-01")
@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system ['id']",
        "!!python/name:os.system x",
        "!!python/module:os x",
        "!!binary aGk=",
        "!!set {a, b}",
        "!!omap [a: 1]",
        "!!timestamp 2020-01-01",
        "!custom {a: b}",
        "! x",
        "!<tag:yaml.org,2002:str> x",
    ],
)
def test_tags_are_refused_with_their_line(value: str) -> None:
    page, problems = check(f"description: {value}")
    assert problems == ["3:14 E606"]
    assert page.visibility == ()


@pytest.mark.trust("YM-02")
@pytest.mark.parametrize("mark", ["[", "{", "{a: ", "- ", "? ", "[{"])
@pytest.mark.parametrize("times", [100, 1_000, 20_000, 100_000])
def test_deep_nesting_is_refused_before_anything_is_built(mark: str, times: int) -> None:
    source = f"---\nuuid: {ID}\nquiz: {mark * times}\n---\n"
    page, _, problems = read(source)
    assert len(problems) == 1
    assert problems[0].code in ("E688", "E605")
    assert page.visibility == ()
    assert steps(lambda: read(source)) < 1_000


def test_twelve_levels_are_enough_and_thirteen_too_many() -> None:
    def nested(depth: int) -> list[str]:
        return check("tags: " + "[" * (depth - 1) + "]" * (depth - 1))[1]

    assert nested(12) == ["3:7 E611"]
    assert nested(13) == ["3:18 E688"]


def test_all_that_is_refused_is_told_and_nothing_because_of_it() -> None:
    lines = (
        "visibility: &a [Employee]\ntags: *a\ntoc:\n- !!str ./one.md\n- ./two.md\n"
        "kind: !x modul\n<<: {a: b}\nkind: module"
    )
    page, problems = check(lines)
    assert problems == ["3:13 E606", "4:7 E606", "6:3 E606", "8:7 E606", "9:1 E606", "10:1 E607"]
    assert [entry.path for entry in page.toc] == ["two.md"]


@pytest.mark.trust("YM-03")
@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]",
        "".join(
            f"k{n}: &k{n} {{<<: [*k{n - 1}, *k{n - 1}]}}\n" if n else "k0: &k0 {a: b}\n" for n in range(40)
        ),
        "a: &a [*a]",
        "a: *undefined",
        "<<: *a",
        "x: {<<: {y: z}}",
    ],
)
def test_alias_and_merge_bombs(bomb: str) -> None:
    """Whoever built what the largest of them say would not come back: this needs no clock."""
    page, _, problems = read(f"---\n{bomb}\n---\n")
    codes = {p.code for p in problems}
    assert "E606" in codes
    assert codes <= {"E606", "W602", "W610"}
    assert page.visibility == ()


@pytest.mark.trust("YM-04")
@pytest.mark.parametrize(
    "value",
    [
        "9" * 5000,
        "0x" + "f" * 5000,
        "2020-99-99",
        "99:99:99",
        ".inf",
        ".nan",
        "1e99999",
        '"\\ud800"',
        '"\\x00"',
        "\ud800",
        "\x00",
        "\x1b",
        "'unclosed",
        "@x",
        "`x",
        "%x",
        "- - -",
        ": :",
        "{",
        "a: b: c",
        "|9\n x",
        ">\n",
    ],
)
def test_odd_values_are_a_problem_or_a_string(value: str) -> None:
    _, _, problems = read(f"---\nuuid: {ID}\ndescription: {value}\n---\n")
    assert all(p.code in ("E605", "E606", "E611") for p in problems)


def test_several_documents_are_not_read() -> None:
    _, _, problems = read(f"---\nuuid: {ID}\n...\nuuid: x\n---\n")
    assert [p.code for p in problems] == ["E605"]


YAML_PIECES = """
    uuid: toc: visibility: tags: quiz: - [ ] { } , ? : | > & * ! !! # ' " % @ ` --- ... << ~ null x ./a.md
    Employee é 😀
"""
ODD = ["\x00", "\x85", "\u2028", "\ufeff", "\ud800", "\n", "\n  ", "\n- ", " ", "\t", "-\t"]
YAML_SOUP = st.lists(st.sampled_from([*YAML_PIECES.split(), *ODD]), max_size=30).map("".join)


@given(st.one_of(YAML_SOUP, st.text(max_size=200)))
@settings(max_examples=500, deadline=None)
@example("\ud800")
@example("? - \n:")
@example("%YAML 9.9")
def test_nothing_raises(text: str) -> None:
    for source in (text, f"---\n{text}\n---\n{text}", f"---\n{text}"):
        page, body, problems = read(source)
        lines = source.count("\n") + source.count("\r") + 2
        assert all(1 <= p.line <= lines + source.count("\x85") + source.count("\u2028") for p in problems)
        assert page.visibility is None or set(page.visibility) <= set(AUDIENCES)
        assert source.replace("\r\n", "\n").replace("\r", "\n").endswith(body.removeprefix("\ufeff"))
