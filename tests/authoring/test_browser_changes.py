"""An upload that does not know what was written in the browser: it is told, and gets a patch that git takes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from authoring.browser_changes import lacking
from authoring.merging import merge
from authoring.models import BrowserChange
from authoring.patches import FileChange, patch
from courses.models import Module, ModuleVersion
from tests import modules
from tests.authoring.test_editing import EDIT, GROWING, change, page, paste, source
from tests.browsing import hidden, soup, text_of
from tests.packages import png
from tests.personas import client_of

EATING = f"{EDIT}page/apples/eating.md"


def files(*replaced: tuple[str, str]) -> dict[str, bytes]:
    """The module as its author has it on their own machine, with these pieces of text replaced."""
    text = source()
    for old, new in replaced:
        text = {path: data.replace(old.encode(), new.encode()) for path, data in text.items()}
    return text


def publish(client: Client, version: ModuleVersion, **more: str):
    card = page(client, f"/authoring/versions/{version.pk}/").select_one("form.card")
    assert card is not None
    chosen = {str(i["name"]): str(i["value"]) for i in card.select("input[type=radio][checked]")}
    return client.post(str(card["action"]), {**hidden(card), **chosen, "why": "better", **more})


def written(client: Client, url: str, old: str, new: str) -> ModuleVersion:
    """Change a page in the browser, build the draft and make it live."""
    change(client, url, old, new)
    assert client.post(f"{EDIT}build/").status_code == 303
    draft = ModuleVersion.objects.order_by("-number")[0]
    assert publish(client, draft).status_code == 303
    assert Module.objects.get().published_version_id == draft.pk
    return draft


@pytest.fixture
def author(db: None) -> Client:
    modules.publish(source())
    return client_of("author")


@pytest.fixture
def changed(author: Client) -> ModuleVersion:
    return written(author, GROWING, "Some words about Growing.", "Browser words.")


def test_an_upload_without_the_change_lists_the_page_and_needs_a_tick(author: Client, changed: ModuleVersion):
    upload = modules.store(files(("Some words about Eating.", "Upload words.")))
    card = page(author, f"/authoring/versions/{upload.pk}/").select_one("form.card")
    told = text_of(card.select_one(".lacking") if card else None)
    assert "Growing" in told
    assert "Arthur Author" in told
    assert f"in version {changed.number}" in told
    assert "Eating" not in told
    refused = publish(author, upload)
    assert refused.status_code == 422
    assert "Tick this first" in text_of(soup(refused).select_one(".lacking .errorlist"))
    assert Module.objects.get().published_version_id == changed.pk
    assert publish(author, upload, replace="on").status_code == 303
    assert Module.objects.get().published_version_id == upload.pk


@pytest.mark.parametrize(
    "replaced",
    [
        [("Some words about Growing.", "Browser words.")],
        [("Some words about Growing.", "Browser words."), ("## More on Growing", "## Much more")],
    ],
    ids=["as it is", "and more"],
)
def test_an_upload_that_took_the_change_in_lacks_nothing(
    author: Client, changed: ModuleVersion, replaced: list[tuple[str, str]]
):
    upload = modules.store(files(*replaced, ("Some words about Eating.", "Upload words.")))
    assert lacking(upload) == []
    assert author.get(f"/authoring/versions/{upload.pk}/lacking.patch").status_code == 404


def test_a_change_of_the_same_lines_lacks_it(author: Client, changed: ModuleVersion):
    upload = modules.store(files(("Some words about Growing.", "Upload words.")))
    assert [item.path for item in lacking(upload)] == ["apples/growing.md"]


def test_a_page_that_moved_is_known_by_its_uuid(author: Client, changed: ModuleVersion):
    moved = files(("Some words about Growing.", "Browser words."), ("growing.md", "sowing.md"))
    moved["apples/sowing.md"] = moved.pop("apples/growing.md")
    assert lacking(modules.store(moved)) == []
    old = files(("growing.md", "sowing.md"))
    old["apples/sowing.md"] = old.pop("apples/growing.md")
    assert [item.path for item in lacking(modules.store(old))] == ["apples/growing.md"]


def test_a_page_that_is_gone_lacks_it(author: Client, changed: ModuleVersion):
    gone = files(("- ./apples/growing.md\n", ""))
    del gone["apples/growing.md"]
    assert [item.title for item in lacking(modules.store(gone))] == ["Growing"]


def test_what_an_upload_knowingly_replaced_is_asked_once(author: Client, changed: ModuleVersion):
    upload = modules.store(files(("Some words about Growing.", "Upload words.")))
    publish(author, upload, replace="on")
    assert lacking(modules.store(files(("Some words about Growing.", "Newer upload words.")))) == []


def test_a_version_that_was_live_is_gone_back_to_without_asking(author: Client, changed: ModuleVersion):
    assert lacking(ModuleVersion.objects.get(number=1)) == []
    assert lacking(changed) == []


def test_a_draft_that_waits_counts_too_and_one_that_comes_later_does_not(author: Client):
    before = modules.store(files(("Some words about Eating.", "An older upload.")))
    change(author, GROWING, "Some words about Growing.", "Browser words.")
    author.post(f"{EDIT}build/")
    assert lacking(before) == []
    after = modules.store(files(("Some words about Eating.", "A newer upload.")))
    assert [item.path for item in lacking(after)] == ["apples/growing.md"]


def test_the_question_costs_one_query_for_one_change_and_for_three(author: Client, changed: ModuleVersion):
    upload = modules.store(files(("Some words", "Upload words")))
    with CaptureQueriesContext(connection) as one:
        assert len(lacking(upload)) == 1
    written(author, EATING, "Some words about Eating.", "Browser words.")
    written(author, f"{EDIT}page/apples.md", "Some words about Apples.", "Browser words.")
    upload = ModuleVersion.objects.select_related("module__published_version").get(pk=upload.pk)
    with CaptureQueriesContext(connection) as three:
        assert len(lacking(upload)) == 3
    assert len(one) == len(three) == 1


# -- The patch -------------------------------------------------------------------------------


def git_apply(folder: Path, before: dict[str, bytes], data: bytes) -> dict[str, bytes]:
    """The files of a repository after `git apply`."""
    for path, content in before.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "the.patch").write_bytes(data)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "the.patch"], cwd=folder, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode() + data.decode(errors="replace")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts and path.name != "the.patch"
    }


def test_the_patch_of_several_changes_and_a_picture_is_taken_by_git(author: Client, tmp_path: Path):
    written(author, GROWING, "Some words about Growing.", "First words.")
    code = paste(author, png("red")).json()["image_code"]
    written(author, GROWING, "First words.", f"Second words. {code}")
    upload = modules.store(files(("Some words about Eating.", "Upload words.")))
    answer = author.get(f"/authoring/versions/{upload.pk}/lacking.patch")
    assert answer["Content-Disposition"] == f'attachment; filename="apples-v{upload.number}-missing.patch"'
    there = git_apply(tmp_path, files(("Some words about Eating.", "Upload words.")), answer.content)
    assert f"Second words. {code}".encode() in there["apples/growing.md"]
    assert b"Upload words." in there["apples/eating.md"]
    assert there["apples/growing/images/02.png"] == png("red")
    again = modules.store({"apples.md": there.pop("apples.md"), **there})
    assert lacking(again) == []


def test_what_was_written_into_a_version_is_a_patch_for_the_one_before(
    author: Client, changed: ModuleVersion, tmp_path: Path
):
    link = page(author, f"/authoring/versions/{changed.pk}/").select_one('a[href$="written.patch"]')
    assert link is not None
    there = git_apply(tmp_path, source(), author.get(str(link["href"])).content)
    assert b"Browser words." in there["apples/growing.md"]


LINES = st.lists(
    st.sampled_from(["one", "two\r", "", "ä", "- x", "+ y", " z", "\\ No newline", "a\x0bb\u2028c"]),
    max_size=12,
)
TEXTS = st.builds(lambda lines, end: ("\n".join(lines) + end).encode(), LINES, st.sampled_from(["", "\n"]))
BYTES = st.binary(max_size=300).map(lambda data: b"\xff" + data)


@given(before=TEXTS, after=TEXTS)
def test_git_takes_any_change_of_a_text(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, after: bytes
):
    if before != after and before:
        folder = tmp_path_factory.mktemp("git")
        there = git_apply(
            folder, {"a folder/ä b.md": before}, patch([FileChange("a folder/ä b.md", before, after)])
        )
        assert there["a folder/ä b.md"] == after


@given(before=st.none() | BYTES, after=BYTES)
def test_git_takes_any_change_of_other_files(tmp_path_factory, before: bytes | None, after: bytes):
    if before != after:
        had = {} if before is None else {"x.png": before}
        there = git_apply(tmp_path_factory.mktemp("git"), had, patch([FileChange("x.png", before, after)]))
        assert there["x.png"] == after


def test_nothing_changed_is_no_patch():
    assert patch([FileChange("a.md", b"x", b"x")]) == b""


# -- Two texts that began as one -------------------------------------------------------------

NAMES = ("mine", "theirs")
WORDS = st.lists(st.sampled_from("abcd"), max_size=8).map("\n".join)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb\nc", "a\nb\nc", "a\nc", "a\nc"),
        ("a\nb\nc", "a\nx\nc", "a\nx\nc", "a\nx\nc"),
        ("a\nb", "a\nb\nmine", "theirs\na\nb", "theirs\na\nb\nmine"),
        ("a\nb\nc", "a\nx\nc", "a\ny\nc", "a\n<<<<<<< mine\nx\n=======\ny\n>>>>>>> theirs\nc"),
    ],
)
def test_both_changes_are_had_where_they_do_not_meet(base: str, mine: str, theirs: str, merged: str):
    assert merge(base, mine, theirs, names=NAMES).text == merged


@given(base=WORDS, mine=WORDS, theirs=WORDS)
def test_nothing_of_two_texts_is_lost(base: str, mine: str, theirs: str):
    assert merge(base, base, theirs, names=NAMES).text == theirs
    assert merge(base, mine, base, names=NAMES).text == mine
    assert merge(base, mine, mine, names=NAMES).text == mine
    both = merge(base, mine, theirs, names=NAMES)
    assert (both.clashes > 0) == ("<<<<<<<" in both.text)


def test_every_save_can_be_read_and_put_back(author: Client):
    assert "was not saved yet" in text_of(page(author, f"{EDIT}saves/apples/growing.md").main)
    change(author, GROWING, "Some words about", "First words about")
    change(author, GROWING, "First words about", "Second words about")
    saves = page(author, f"{EDIT}saves/apples/growing.md")
    assert [text_of(node).split(" What")[0] for node in saves.select("section h2")] == ["Save 2", "Save 1"]
    form = saves.select_one("main form")
    assert form is not None
    assert author.post(str(form["action"]), {**hidden(form), "act": "save"}).status_code == 303
    assert "First words about" in page(author, GROWING).select_one("textarea").get_text()
    assert len(page(author, f"{EDIT}saves/apples/growing.md").select("section")) == 3
    assert not BrowserChange.objects.exists()
