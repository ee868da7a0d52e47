"""Missing ids are written in place: whole lines alone, in the file's own spelling, once."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import ids, module
from markup.package import Package
from tests import modules

ID = UUID("00000000-0000-4000-8000-000000000001")
QUESTION = ":::{question} Second place\n\nWhat does it cost?\n\n- [x] Much\n- [ ] Little\n\nBecause.\n\n:::\n"


def written(text: str | bytes) -> str:
    """A page with what was missing."""
    data = text if isinstance(text, bytes) else text.encode()
    return ids.page_with_ids(data, file="page.md", uuid=ID).decode()


CASES = {
    "no uuid": ("---\nkind: module\n---\n\n# T\n", f"---\nuuid: {ID}\nkind: module\n---\n\n# T\n"),
    "no front matter": ("# T\n\nText.\n", f"---\nuuid: {ID}\n---\n\n# T\n\nText.\n"),
    "nothing at all": ("", f"---\nuuid: {ID}\n---\n\n"),
    "carriage returns": ("---\r\ntags: [a]\r\n---\r\n# T\r\n", f"---\r\nuuid: {ID}\r\ntags: [a]\r\n---\r\n# T\r\n"),
    "byte order mark": ("\ufeff# T\n", f"\ufeff---\nuuid: {ID}\n---\n\n# T\n"),
    "mark and front matter": ("\ufeff---\ntags: [a]\n---\n# T\n", f"\ufeff---\nuuid: {ID}\ntags: [a]\n---\n# T\n"),
    "comments": ("---\n# why\ntags: [a] # x\n---\n# T\n", f"---\nuuid: {ID}\n# why\ntags: [a] # x\n---\n# T\n"),
    "front matter in braces": ("---\n{tags: [a]}\n---\n# T\n", "---\n{tags: [a]}\n---\n# T\n"),
    "never closed": ("---\ntags: [a]\n# T\n", "---\ntags: [a]\n# T\n"),
    "a uuid that is none": ("---\nuuid: x\n---\n# T\n", "---\nuuid: x\n---\n# T\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_uuid_is_one_line_and_the_rest_stays(case: str):
    before, after = CASES[case]
    assert written(before) == after


def test_a_question_gets_an_id_from_its_name_or_its_first_words():
    head = f"---\nuuid: {ID}\n---\n\n# T\n\n"
    bare = QUESTION.replace(" Second place", "")
    text = written(head + QUESTION + "\n" + bare + "\n" + bare.replace("What does it cost?", "¿?"))
    found = [line for line in text.split("\n") if line.startswith(":id:")]
    assert found == [":id: second-place", ":id: what-does-it-cost", ":id: question"]
    assert text.replace("\n:id: second-place", "").count(":id:") == 2
    assert ":::{question} Second place\n:id: second-place\n" in text


def test_ids_are_unique_on_the_page_and_those_that_are_there_stay():
    head = f"---\nuuid: {ID}\n---\n\n# T\n\n"
    there = QUESTION.replace("place\n", "place\n:id: second-place\n")
    text = written(head + there + "\n" + QUESTION + "\n" + QUESTION)
    assert [line[5:] for line in text.split("\n") if line.startswith(":id:")] == [
        "second-place", "second-place-2", "second-place-3",
    ]  # fmt: skip


def test_what_was_written_is_read_without_complaint():
    text = written("# T\n\n" + QUESTION)
    _tree, problems = module.read(Package({"p.md": text.encode()}, "p.md", "p"))
    assert [problem.code for problem in problems] == ["W612"]


@given(st.lists(st.sampled_from(["# T", "", "text", ":::{question} A", ":::{question}", ":id: abc", "- [x] a",
                                 "- [ ] b", ":::", "---", "uuid:", "tags: [a]", "> :::{quiz}", "\ufeff"])),
       st.sampled_from(["\n", "\r\n", "\r"]))  # fmt: skip
def test_only_lines_are_added_and_a_second_time_none(lines: list[str], end: str):
    before = end.join(lines).encode()
    after = ids.page_with_ids(before, file="p.md", uuid=ID)
    assert ids.page_with_ids(after, file="p.md", uuid=ID) == after
    rest = iter(after.decode().removeprefix("\ufeff"))
    assert all(char in rest for char in before.decode().removeprefix("\ufeff")), "nothing was taken out"


def test_a_page_gets_the_identity_that_it_has_by_its_place():
    bare = {
        "m.md": f"---\nuuid: {modules.uuid_of('M')}\ntoc: [./m/a.md]\n---\n# M\n".encode(),
        "m/a.md": b"# A\n\nText.\n",
        "README.md": b"# Read me\n",
    }
    before, _ = module.read(Package(bare, "m.md", "m"))
    package = ids.with_ids(Package(bare, "m.md", "m"))
    after, _ = module.read(package)
    assert before is not None
    assert after is not None
    assert [page.uuid for page in after.pages] == [page.uuid for page in before.pages]
    assert package.files["README.md"] == bare["README.md"]
    assert ids.with_ids(package).files == package.files


def test_a_page_by_itself_gets_a_fresh_one():
    package = Package({"introduction.md": b"# Introduction\n"}, "introduction.md", "introduction")
    first, second = (ids.with_ids(package).files["introduction.md"] for _ in range(2))
    assert first != second


@pytest.mark.trust("QZ-01")
def test_the_id_of_a_question_with_gaps_does_not_tell_what_belongs_there():
    text = f"---\nuuid: {ID}\n---\n\n# T\n\n:::{{question}}\n\nThe [[early|soon]] bird is [[bad|(good)]].\n\nSo.\n\n:::\n"
    assert ":id: the-bird-is\n" in written(text)
