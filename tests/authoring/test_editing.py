"""An author writes in the browser: saves what they like, sees what it becomes, and builds a draft of it."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts import pace
from accounts.models import AuditEvent
from authoring import imports
from authoring.desk import desk_for
from authoring.edit_preview import LISTED
from authoring.models import AddedImage, BrowserChange, Edit, WorkingCopy
from authoring.views import editing
from courses import files as kept
from courses.models import Module, ModuleVersion
from tests import factories, modules
from tests.browsing import hidden, soup, text_of
from tests.markup.oracle import faults
from tests.markup.vectors import html_vectors, markdown_vectors
from tests.packages import png, upload
from tests.personas import client_of, persona

pytestmark = pytest.mark.django_db

EDIT = "/authoring/modules/apples/edit/"
GROWING = f"{EDIT}page/apples/growing.md"
BROKEN = ":::{question} Nobody knows\n:id: x\n\nWhich?\n\n- [ ] One\n- [ ] Two\n\n:::\n"


def source() -> dict[str, bytes]:
    body = "![A square](./growing/images/01.png)\n\n[Eating](./eating.md#more-on-eating)\n\n"
    given = modules.source("Apples", {"Growing": body + modules.question("que1"), "Eating": ""})
    return given | {"apples/growing/images/01.png": png()}


@pytest.fixture
def live() -> ModuleVersion:
    return modules.publish(source())


@pytest.fixture
def author(live: ModuleVersion) -> Client:
    return client_of("author")


def another_author() -> Client:
    client = Client()
    person = factories.person("ana@coursemark.test", name="Ana Author", is_author=True)
    client.force_login(person, backend="accounts.backend.PeopleBackend")
    return client


def page(client: Client, url: str, status: int = 200) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == status, f"{url}: {response.status_code}"
    return soup(response)


def typed(opened: BeautifulSoup) -> str:
    """What stands in the field of an opened page, as a browser would have it."""
    field = opened.select_one("textarea[name=text]")
    assert field is not None
    return field.get_text().removeprefix("\n")


def send(client: Client, opened: BeautifulSoup, text: str, act: str = "save") -> Any:
    """Press a button of an opened page with this text in its field, as a browser sends it."""
    form = opened.select_one("#edit-form")
    assert form is not None
    data = {**hidden(form), "text": text.replace("\n", "\r\n"), "act": act}
    return client.post(str(form["action"]), data)


def change(client: Client, url: str, old: str, new: str) -> str:
    """Open a page, replace something in it and save; returns the text."""
    opened = page(client, url)
    text = typed(opened).replace(old, new)
    response = send(client, opened, text)
    assert response.status_code == 303, response.status_code
    return text


def normalised(html: str) -> str:
    """HTML without where it stands: addresses of pages and pictures, and space between tags."""
    return re.sub(r'(href|src)="/[^"#]*', r'\1="', html).strip()


def test_from_a_live_page_to_a_draft_of_it(author: Client, live: ModuleVersion):
    listed = page(author, EDIT)
    assert [text_of(link) for link in listed.select("th a")] == ["Apples", "Growing", "Eating"]
    opened = page(author, GROWING)
    assert typed(opened) == source()["apples/growing.md"].decode()
    assert not WorkingCopy.objects.exists()
    change(author, GROWING, "Some words about Growing.", "Other words.")
    again = page(author, GROWING)
    assert "Other words." in typed(again)
    assert "by Arthur Author" in text_of(again.select_one("#edit-state"))
    listed = page(author, EDIT)
    assert "One page is edited. The others are those of version 1." in text_of(listed.main)
    response = author.post(f"{EDIT}build/")
    draft = ModuleVersion.objects.get(number=2)
    assert response["Location"] == f"/authoring/versions/{draft.pk}/"
    assert draft.origin == "Edited in the browser, from version 1"
    assert "Other words." in draft.sections.get(title="Growing").body.html
    assert draft.sections.get(title="Eating").body == live.sections.get(title="Eating").body
    assert not WorkingCopy.objects.exists()
    change_row = BrowserChange.objects.get()
    assert (change_row.version, change_row.path, change_row.by) == (
        draft,
        "apples/growing.md",
        persona("author"),
    )
    assert Module.objects.get().published_version == live
    assert AuditEvent.objects.get(what="edits built").detail == {"pages": ["apples/growing.md"]}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n"])
def test_the_bytes_that_nobody_touched_stay(ends: str, mark: str, last: str):
    files = source()
    before = (mark + files["apples/growing.md"].decode().rstrip("\n") + last).replace("\n", ends).encode()
    modules.publish(files | {"apples/growing.md": before})
    author = client_of("author")
    opened = page(author, GROWING)
    send(author, opened, typed(opened))
    assert not Edit.objects.exists()
    change(author, GROWING, "Some words about", "Other words about")
    author.post(f"{EDIT}build/")
    digest = ModuleVersion.objects.get(number=2).package["files"]["apples/growing.md"]
    assert kept.read(digest) == before.replace(b"Some words about", b"Other words about")


def test_a_text_with_errors_is_saved_and_builds_nothing(author: Client):
    text = change(author, GROWING, "## More", BROKEN + "\n## More")
    opened = page(author, GROWING)
    assert typed(opened) == text
    told = opened.select_one("#edit-told .problem.error")
    line = text[: text.index(":id: x")].count("\n") + 1
    assert f"Line {line}, column" in text_of(told)
    assert ":id: x" in text_of(told)
    assert "cannot be drawn" in text_of(opened.select_one("#edit-shown"))
    refused = author.post(f"{EDIT}build/")
    assert refused.status_code == 422
    assert "Everything you typed is saved" in text_of(soup(refused).select_one("[role=alert]"))
    assert "apples/growing.md" in text_of(soup(refused).select_one(".problem.error"))
    assert ModuleVersion.objects.count() == 1
    assert Edit.objects.get().text == text


def test_an_error_on_another_page_does_not_blank_this_one(author: Client):
    change(author, GROWING, "## More", BROKEN + "\n## More")
    opened = page(author, f"{EDIT}page/apples/eating.md")
    assert "Some words about Eating." in text_of(opened.select_one("#edit-shown"))
    assert "No problem on this page" in text_of(opened.select_one("#edit-told"))
    assert "on other pages" in text_of(opened.select_one(".edit-others summary"))


def test_the_preview_button_shows_without_saving(author: Client):
    opened = page(author, GROWING)
    shown = send(author, opened, typed(opened).replace("Some words", "*Fresh* words"), act="preview")
    assert shown.status_code == 200
    tree = soup(shown)
    assert "<em>Fresh</em> words" in str(tree.select_one("#edit-shown"))
    assert "*Fresh* words" in typed(tree)
    assert "Not saved yet" in text_of(tree.select_one("#edit-state"))
    assert not Edit.objects.exists()


@pytest.mark.parametrize("bad", [{"over": "x"}, {"over": ""}, {"based_on": "?"}, {"text": "a\0b"}])
def test_a_form_that_was_tampered_with_comes_back_with_its_text(author: Client, bad: dict[str, str]):
    form = page(author, GROWING).select_one("#edit-form")
    assert form is not None
    data = {**hidden(form), "text": "# My words", **bad}
    refused = author.post(GROWING, data)
    assert refused.status_code == 422
    assert typed(soup(refused)) == data["text"]
    assert not Edit.objects.exists()


@pytest.mark.trust("MD-14")
@pytest.mark.parametrize(
    "text",
    [
        'Plain --- *words* "quoted" and `code`.',
        ":::{note} Mind\nA [link](./eating.md) and ![Square](./growing/images/01.png)\n:::",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nprint(1)\n```\n\n<b onclick=x>raw</b><script>alert(1)</script>",
        "1. One\n   ```{warning}\n   Mind it.\n   ```\n2. Two[^1]\n\n[^1]: A note.",
        modules.question("que9"),
    ],
)
def test_the_preview_is_what_an_import_stores(author: Client, text: str):
    opened = page(author, GROWING)
    whole = typed(opened).replace("Some words about Growing.", text)
    answer = author.post(f"{EDIT}preview/apples/growing.md", {"content": whole})
    assert answer.status_code == 200
    shown = soup(answer).select_one("#edit-shown > .prose")
    assert shown is not None
    assert send(author, opened, whole).status_code == 303
    assert author.post(f"{EDIT}build/").status_code == 303
    body = ModuleVersion.objects.get(number=2).sections.get(title="Growing").body
    stored = BeautifulSoup(f'<div class="prose" hx-disable="">{body.html}</div>', "html.parser")
    assert normalised(str(shown).replace("\n", "")) == normalised(str(stored).replace("\n", ""))


@pytest.mark.trust("MD-01", "MD-05", "MD-06")
def test_a_preview_runs_nothing(author: Client, monkeypatch: pytest.MonkeyPatch):
    """Each vector by itself: one with an error keeps the others of its page from being drawn."""
    monkeypatch.setattr(editing, "A_MINUTE", 10_000)
    found: list[str] = []
    drawn = 0
    for attack in filter(str.strip, (*html_vectors(), *markdown_vectors())):
        answer = author.post(f"{EDIT}preview/apples/growing.md", {"content": f"# Growing\n\n{attack}\n"})
        told, shown = (soup(answer).select_one(f"#edit-{name}") for name in ("told", "shown"))
        assert told is not None, attack
        assert shown is not None, attack
        assert not told.select("script, [onerror], [onload], iframe, form, style"), attack
        drawn += len(shown.select(".prose"))
        found += [
            f"{attack}: {fault}"
            for prose in shown.select(".prose")
            for fault in faults(prose.decode_contents())
        ]
    assert found == []
    assert drawn > 150


def test_links_and_pictures_of_a_preview_are_the_working_copys_own(author: Client):
    shown = page(author, GROWING).select_one("#edit-shown")
    assert shown is not None
    picture, link = shown.select_one("img"), shown.find("a", string="Eating")
    assert picture is not None
    assert link is not None
    answer = author.get(str(picture["src"]))
    assert (answer.status_code, b"".join(answer)) == (200, png())
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert str(link["href"]).startswith(f"{EDIT}page/apples/eating.md")
    assert client_of("partner").get(str(picture["src"])).status_code == 404


def test_a_page_that_no_toc_lists_yet_is_drawn_too(author: Client):
    response = author.post(f"{EDIT}new/", {"path": "apples/storing"})
    assert response["Location"] == f"{EDIT}page/apples/storing.md"
    opened = page(author, response["Location"])
    assert re.match(r"---\nuuid: [0-9a-f-]{36}\n---\n\n# Storing\n", typed(opened))
    assert text_of(opened.select_one(".edit-title")) == "Storing"
    assert "W625" in text_of(opened.select_one("#edit-told"))
    change(
        author, f"{EDIT}page/apples.md", "- ./apples/eating.md", "- ./apples/eating.md\n- ./apples/storing.md"
    )
    assert author.post(f"{EDIT}build/").status_code == 303
    assert ModuleVersion.objects.get(number=2).sections.filter(title="Storing").exists()


@pytest.mark.parametrize(
    "path", ["../x.md", "/x.md", "apples/growing.md", "apples/GROWING.md", "a:b.md", ".x.md", ""]
)
def test_a_new_page_needs_a_name_that_every_system_can_have(author: Client, path: str):
    refused = author.post(f"{EDIT}new/", {"path": path})
    assert refused.status_code == 422
    assert soup(refused).select(".errorlist")
    assert not Edit.objects.exists()


# -- Somebody else saved meanwhile -----------------------------------------------------------


def test_the_second_of_two_sees_both_texts(author: Client):
    ana = another_author()
    mine, theirs = page(author, GROWING), page(ana, GROWING)
    send(ana, theirs, typed(theirs).replace("Some words about Growing.", "Ana's words."))
    late = send(author, mine, typed(mine).replace("Some words about Growing.", "Arthur's words."))
    assert late.status_code == 409
    tree = soup(late)
    assert "Ana Author saved" in text_of(tree.main)
    assert "Ana" in text_of(tree.select_one(".diff del"))
    assert "Arthur" in text_of(tree.select_one(".diff ins"))
    merged = tree.select_one("#id_merged")
    assert merged is not None
    assert (
        "<<<<<<< Arthur Author\nArthur's words.\n=======\nAna's words.\n>>>>>>> Ana Author"
        in merged.get_text()
    )
    assert Edit.objects.get().saved_by.name == "Ana Author"


def choose(client: Client, tree: BeautifulSoup, number: int) -> Any:
    form = tree.select("main form")[number]
    field = form.select_one("textarea[name=text]")
    text = field.get_text().removeprefix("\n") if field else hidden(form)["text"]
    button = form.select_one("button")
    assert button is not None
    return client.post(str(form["action"]), {**hidden(form), "text": text, "act": str(button["value"])})


def clashing(author: Client) -> BeautifulSoup:
    ana = another_author()
    mine, theirs = page(author, GROWING), page(ana, GROWING)
    send(ana, theirs, typed(theirs).replace("Some words about Growing.", "Ana's words."))
    return soup(send(author, mine, typed(mine).replace("Some words about Growing.", "Arthur's words.")))


@pytest.mark.trust("F-11")
@pytest.mark.parametrize(("number", "kept", "among"), [(1, "Arthur's", "Ana's"), (2, "Ana's", "Arthur's")])
def test_either_text_is_kept_and_the_other_stays_among_the_saves(
    author: Client, number: int, kept: str, among: str
):
    assert choose(author, clashing(author), number).status_code == 303
    assert kept in typed(page(author, GROWING))
    assert any(among in edit.text for edit in Edit.objects.all())


def test_changes_in_different_lines_are_had_both(author: Client):
    ana = another_author()
    mine, theirs = page(author, GROWING), page(ana, GROWING)
    send(ana, theirs, typed(theirs).replace("## More on Growing", "## Ana's heading"))
    late = soup(send(author, mine, typed(mine).replace("Some words about", "Arthur's words about")))
    assert choose(author, late, 0).status_code == 303
    text = typed(page(author, GROWING))
    assert "Ana's heading" in text
    assert "Arthur's words" in text


def test_pressing_save_twice_is_no_conflict(author: Client):
    opened = page(author, GROWING)
    text = typed(opened).replace("Some words", "My words")
    assert send(author, opened, text).status_code == 303
    assert send(author, opened, text).status_code == 303
    assert Edit.objects.count() == 1


# -- The live version moved on ---------------------------------------------------------------


def test_a_live_version_that_moved_on_is_told_and_taken_in(author: Client):
    change(author, GROWING, "Some words about", "My words about")
    moved = {
        path: data.replace(b"Some words about Eating", b"New words about Eating")
        for path, data in source().items()
    }
    newer = modules.publish(moved)
    listed = page(author, EDIT)
    assert "version 2 went live since: publishing this takes back what changed there: Eating." in text_of(
        listed.main
    )
    assert author.post(f"{EDIT}rebase/").status_code == 303
    assert "went live since" not in text_of(page(author, EDIT).main)
    author.post(f"{EDIT}build/")
    draft = ModuleVersion.objects.get(number=3)
    assert draft.origin == "Edited in the browser, from version 2"
    assert draft.sections.get(title="Eating").body == newer.sections.get(title="Eating").body
    assert "My words about Growing" in draft.sections.get(title="Growing").body.html


def test_changes_of_both_in_different_lines_are_merged(author: Client):
    change(author, GROWING, "Some words about", "My words about")
    modules.publish(
        {
            path: data.replace(b"## More on Growing", b"## Still more on Growing")
            for path, data in source().items()
        }
    )
    author.post(f"{EDIT}rebase/")
    text = typed(page(author, GROWING))
    assert "My words about" in text
    assert "Still more on" in text


def test_changes_of_both_in_the_same_line_are_decided_first(author: Client):
    change(author, GROWING, "Some words about Growing", "My words")
    modules.publish(
        {path: data.replace(b"Some words about Growing", b"Live words") for path, data in source().items()}
    )
    told = soup(author.post(f"{EDIT}rebase/", follow=True))
    assert "Decide about the pages that are marked" in text_of(told.select_one(".notices"))
    link = told.select_one(f'a[href="{EDIT}texts/apples/growing.md"]')
    assert link is not None
    refused = author.post(f"{EDIT}build/")
    assert refused.status_code == 422
    assert "first decide" in text_of(soup(refused).select_one("[role=alert]"))
    both = page(author, f"{EDIT}texts/apples/growing.md")
    assert "Live" in text_of(both.select_one(".diff del"))
    assert choose(author, both, 1).status_code == 303
    assert author.get(f"{EDIT}texts/apples/growing.md").status_code == 404
    assert author.post(f"{EDIT}build/").status_code == 303
    assert "My words" in ModuleVersion.objects.get(number=3).sections.get(title="Growing").body.html


def test_a_picture_makes_room_for_one_that_the_live_version_brings(author: Client):
    code = paste(author, png("red")).json()["image_code"]
    change(author, GROWING, "Some words about Growing.", code)
    eating = source()["apples/eating.md"] + b"\n![Blue](./growing/images/02.png)\n"
    modules.publish(source() | {"apples/eating.md": eating, "apples/growing/images/02.png": png("blue")})
    author.post(f"{EDIT}rebase/")
    assert "![Describe the picture](./growing/images/03.png)" in typed(page(author, GROWING))
    author.post(f"{EDIT}build/")
    there = ModuleVersion.objects.get(number=3).package["files"]
    assert kept.read(there["apples/growing/images/02.png"]) == png("blue")
    assert kept.read(there["apples/growing/images/03.png"]) == png("red")


def test_theirs_can_be_taken_there_too(author: Client):
    change(author, GROWING, "Some words about Growing", "My words")
    modules.publish(
        {path: data.replace(b"Some words about Growing", b"Live words") for path, data in source().items()}
    )
    author.post(f"{EDIT}rebase/")
    assert choose(author, page(author, f"{EDIT}texts/apples/growing.md"), 2).status_code == 303
    assert "Live words" in typed(page(author, GROWING))
    assert page(author, EDIT).select(".state.wrong") == []


# -- Beginning elsewhere, and ending ---------------------------------------------------------


def test_editing_begins_on_the_version_that_one_looks_at(author: Client, live: ModuleVersion):
    draft = modules.store({p: d.replace(b"Some words", b"Draft words") for p, d in source().items()})
    link = page(author, f"/authoring/versions/{draft.pk}/").select_one(f'a[href^="{EDIT}"]')
    assert link is not None
    listed = page(author, str(link["href"]))
    there = listed.find("a", string="Growing")
    assert there is not None
    opened = page(author, str(there["href"]))
    assert "Draft words" in typed(opened)
    assert send(author, opened, typed(opened).replace("Draft words", "My words")).status_code == 303
    assert WorkingCopy.objects.get().base == draft
    assert "My words" in typed(page(author, GROWING))


def test_one_goes_on_with_the_last_draft_that_was_built_here(author: Client, live: ModuleVersion):
    change(author, GROWING, "Some words about", "First words about")
    author.post(f"{EDIT}build/")
    modules.store({p: d.replace(b"Some words", b"Uploaded words") for p, d in source().items()})
    assert "First words about" in typed(page(author, GROWING))
    change(author, GROWING, "First words about", "Second words about")
    assert WorkingCopy.objects.get().base == ModuleVersion.objects.get(number=2)
    discard(author)
    assert "Some words about" in typed(page(author, f"{GROWING}?on={live.pk}"))


def test_edits_outlive_the_draft_that_they_stand_on(author: Client):
    draft = modules.store({p: d.replace(b"Some words", b"Draft words") for p, d in source().items()})
    opened = page(author, f"{GROWING}?on={draft.pk}")
    send(author, opened, typed(opened).replace("Draft words", "My words"))
    author.post(f"/authoring/versions/{draft.pk}/discard/", {"sure": "on"})
    assert "My words" in typed(page(author, GROWING))
    assert "went live since" in text_of(page(author, EDIT).main)
    author.post(f"{EDIT}rebase/")
    assert "decide" in text_of(page(author, EDIT).select_one(".state.wrong"))


def test_the_only_version_of_a_module_is_not_discarded_below_its_edits(db: None):
    draft = modules.store(source())
    author = client_of("author")
    change(author, GROWING, "Some words", "My words")
    told = author.post(f"/authoring/versions/{draft.pk}/discard/", {"sure": "on"}, follow=True)
    assert "being edited" in text_of(soup(told).select_one(".notices"))
    assert ModuleVersion.objects.get() == draft
    discard(author)
    author.post(f"/authoring/versions/{draft.pk}/discard/", {"sure": "on"})
    assert not ModuleVersion.objects.exists()


def discard(client: Client, **more: str):
    """Send the form as it stands on the page now."""
    form = soup(client.get(EDIT)).select_one('form[action$="discard/"]')
    seen = form.select_one("[name=seen]")["value"] if form else "0"
    return client.post(f"{EDIT}discard/", {"sure": "on", "seen": seen, **more})


def test_what_a_colleague_saved_meanwhile_is_not_discarded(author: Client):
    change(author, GROWING, "Some words", "My words")
    seen = soup(author.get(EDIT)).select_one("[name=seen]")["value"]
    change(author, f"{EDIT}page/apples/eating.md", "Some words", "Their words")
    refused = author.post(f"{EDIT}discard/", {"sure": "on", "seen": seen})
    assert refused.status_code == 409
    assert "Somebody has saved one of these pages since" in text_of(soup(refused).select_one(".errorlist"))
    assert Edit.objects.count() == 2
    for seen in ("", "x", "9" * 30):
        assert author.post(f"{EDIT}discard/", {"sure": "on", "seen": seen}).status_code == 409
    assert discard(author).status_code == 303
    assert not WorkingCopy.objects.exists()


def test_edits_are_discarded_once_that_is_confirmed(author: Client):
    change(author, GROWING, "Some words", "My words")
    change(author, f"{EDIT}page/apples/eating.md", "Some words", "My words")
    unsure = author.post(f"{EDIT}discard/")
    assert unsure.status_code == 422
    assert "Tick this first" in text_of(soup(unsure).select_one(".errorlist"))
    discard(author, path="apples/eating.md")
    assert [edit.path for edit in Edit.objects.all()] == ["apples/growing.md"]
    discard(author)
    assert not WorkingCopy.objects.exists()
    assert AuditEvent.objects.filter(what="edits discarded").count() == 2


def test_discarding_what_is_not_edited_discards_nothing(author: Client):
    change(author, GROWING, "Some words", "My words")
    for path in ("apples/eating.md", "no/such.md", "a\0b"):
        discard(author, path=path)
    assert Edit.objects.count() == 1
    assert not AuditEvent.objects.filter(what="edits discarded").exists()


def test_what_is_saved_while_a_draft_is_built_stays_open(author: Client, monkeypatch: pytest.MonkeyPatch):
    change(author, GROWING, "Some words about", "First words about")
    keep = imports.keep

    def slowly(*args: Any, **kwargs: Any) -> Any:
        change(another_author(), GROWING, "First words about", "Second words about")
        return keep(*args, **kwargs)

    monkeypatch.setattr(imports, "keep", slowly)
    author.post(f"{EDIT}build/")
    assert "First words" in ModuleVersion.objects.get(number=2).sections.get(title="Growing").body.html
    assert desk_for(Module.objects.get()).clashes == []
    assert "Second words" in typed(page(author, GROWING))
    monkeypatch.undo()
    author.post(f"{EDIT}build/")
    assert "Second words" in ModuleVersion.objects.get(number=3).sections.get(title="Growing").body.html


def test_a_page_that_no_toc_lists_is_no_draft_by_itself_and_stays_open(author: Client):
    author.post(f"{EDIT}new/", {"path": "apples/storing"})
    told = soup(author.post(f"{EDIT}build/", follow=True))
    assert "No toc lists apples/storing.md yet" in text_of(told.select_one(".notices"))
    assert ModuleVersion.objects.count() == 1
    assert "# Storing" in typed(page(author, f"{EDIT}page/apples/storing.md"))


def test_a_module_of_a_tree_is_edited_by_itself_and_links_out_of_it_work():
    tree = {
        "course.md": modules.page("Course", front="toc:\n- course/pears.md\n- course/plums.md").encode(),
        "course/pears.md": modules.page("Pears", front="toc:\n- pears/ripe.md").encode(),
        "course/pears/ripe.md": modules.page("Ripe", "[Plums](../plums.md)").encode(),
        "course/plums.md": modules.page("Plums", front="toc:\n- plums/blue.md").encode(),
        "course/plums/blue.md": modules.page("Blue").encode(),
    }
    modules.publish_tree(tree)
    author = client_of("author")
    url = "/authoring/modules/pears/edit/page/course/pears/ripe.md"
    shown = page(author, url).select_one("#edit-shown")
    assert shown is not None
    link = shown.find("a", string="Plums")
    assert link is not None
    assert link["href"] == f"/pages/{modules.uuid_of('Plums')}/"
    change(author, url, "Some words", "Other words")
    assert author.post("/authoring/modules/pears/edit/build/").status_code == 303
    draft = ModuleVersion.objects.get(module__slug="pears", number=2)
    assert "Other words" in draft.sections.get(title="Ripe").body.html
    assert ModuleVersion.objects.filter(module__slug="plums").count() == 1


def test_nothing_to_build_builds_nothing(author: Client):
    assert author.post(f"{EDIT}build/")["Location"] == EDIT
    assert ModuleVersion.objects.count() == 1


def test_who_else_writes_on_a_page_is_told(author: Client):
    another_author().post(f"{EDIT}preview/apples/growing.md", {"content": "# x"})
    assert "Ana Author is writing on this page, too." in text_of(page(author, GROWING).main)
    assert "Ana Author is writing on it" in text_of(page(author, EDIT).main)
    author.post(f"{EDIT}preview/apples/eating.md", {"content": "# x"})
    assert "is writing" not in text_of(page(author, f"{EDIT}page/apples/eating.md").main)


def test_the_list_of_pages_costs_the_same_for_one_edit_and_for_three(author: Client):
    change(author, GROWING, "Some words", "My words")
    with CaptureQueriesContext(connection) as one:
        page(author, EDIT)
    change(author, f"{EDIT}page/apples/eating.md", "Some words", "My words")
    change(author, f"{EDIT}page/apples.md", "Some words", "My words")
    with CaptureQueriesContext(connection) as three:
        page(author, EDIT)
    assert len(one) == len(three)


def test_the_overview_says_what_is_being_edited_and_by_whom(author: Client):
    with CaptureQueriesContext(connection) as none:
        assert "Being edited here" not in text_of(page(author, "/authoring/").main)
    change(author, GROWING, "Some words", "My words")
    change(another_author(), f"{EDIT}page/apples/eating.md", "Some words", "My words")
    change(author, GROWING, "My words", "My own words")
    with CaptureQueriesContext(connection) as some:
        told = page(author, "/authoring/").select_one("#open-edits-title + ul")
    assert "2 pages Apples Arthur Author, Ana Author" in text_of(told)
    assert len(none) == len(some)


def test_a_page_that_is_too_long_is_told_at_once_and_saved(author: Client):
    text = "# Growing\n\n" + "words " * 100_000
    answer = author.post(f"{EDIT}preview/apples/growing.md", {"content": text})
    assert "E688" in text_of(soup(answer).select_one("#edit-told"))
    assert send(author, page(author, GROWING), text).status_code == 303
    assert typed(page(author, GROWING)) == text


@pytest.mark.trust("UP-08")
def test_endless_problems_are_counted_and_the_first_of_them_listed(author: Client):
    many = "".join(f"k{n}: v\n" for n in range(400))
    sent = {"content": f"---\nuuid: {uuid4()}\n{many}---\n\n# Growing\n\nWords.\n"}
    told = soup(author.post(f"{EDIT}preview/apples/growing.md", sent)).select_one("#edit-told")
    assert told is not None
    assert "400 warnings" in text_of(told.select_one(".problem-count"))
    assert len(told.select("li.problem")) == LISTED
    assert f"The first {LISTED} of 400 are listed." in text_of(told)


@pytest.mark.trust("F-25")
def test_who_asks_for_endless_previews_waits_a_minute_and_keeps_the_text(
    author: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pace, "time", lambda: 0.0)
    monkeypatch.setattr(editing, "A_MINUTE", 2)
    preview, sent = f"{EDIT}preview/apples/growing.md", {"content": "# Growing\n\nWords.\n"}
    opened = page(author, GROWING)
    assert author.post(preview, sent).status_code == 200
    answer = author.post(preview, sent)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "in a minute" in text_of(soup(answer).select_one("#edit-slow"))
    shown = send(author, opened, "My words.", act="preview")
    assert shown.status_code == 429
    assert typed(soup(shown)) == "My words."
    assert "in a minute" in text_of(soup(shown).select_one("#edit-told"))
    assert send(author, opened, "My words.").status_code == 303
    assert another_author().post(preview, sent).status_code == 200
    monkeypatch.setattr(pace, "time", lambda: 60.0)
    assert author.post(preview, sent).status_code == 200


# -- Pictures --------------------------------------------------------------------------------


def paste(client: Client, data: bytes, name: str = "image.png") -> Any:
    return client.post(
        f"{EDIT}image/apples/growing.md",
        {"image": upload(data, name)},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )


def test_a_pasted_picture_stands_beside_its_page_and_in_the_draft(author: Client):
    answer = paste(author, png("red"))
    code = answer.json()["image_code"]
    assert code == "![Describe the picture](./growing/images/02.png)"
    assert paste(author, png("blue")).json()["image_path"] == "./growing/images/03.png"
    change(author, GROWING, "Some words about Growing.", code)
    shown = page(author, GROWING).select_one("#edit-shown img[alt='Describe the picture']")
    assert shown is not None
    assert b"".join(author.get(str(shown["src"]))) == png("red")
    author.post(f"{EDIT}build/")
    kept = ModuleVersion.objects.get(number=2).package["files"]
    assert "apples/growing/images/02.png" in kept
    assert "apples/growing/images/03.png" not in kept, "nobody shows it"


def test_a_picture_goes_by_its_content_and_not_by_its_name(author: Client):
    assert paste(author, png(), "evil.html").json()["image_path"].endswith("/02.png")
    assert paste(author, png(), "../../x.svg").json()["image_path"].endswith("/03.png")


@pytest.mark.trust("IM-01", "IM-02", "IM-04", "UP-09")
@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.png", "SVG is not accepted"),
        (b"<html><script>alert(1)</script>", "x.png", "no PNG"),
        (b"%PDF-1.4 x", "x.png", "no PNG"),
        (png()[:40], "x.png", "damaged"),
        (b"", "x.png", "empty"),
    ],
)
def test_what_is_no_picture_is_refused_and_says_why(author: Client, data: bytes, name: str, why: str):
    answer = paste(author, data, name)
    assert answer.status_code == 422
    assert why in answer.json()["image"][0]
    assert not AddedImage.objects.exists()
    assert not WorkingCopy.objects.exists()


@pytest.mark.trust("IM-04", "UP-01")
def test_a_picture_that_is_too_large_is_refused_before_it_is_read(author: Client):
    answer = paste(author, png() + b"\0" * (5 * 1024 * 1024 + 70_000))
    assert answer.status_code == 413
    assert "more than 5 MB" in answer.json()["image"][0]


def test_without_scripts_the_form_tells_what_to_write(author: Client):
    url = f"{EDIT}image/apples/growing.md"
    told = soup(author.post(url, {"image": upload(png(), "a.png")}, follow=True))
    assert "![Describe the picture](./growing/images/02.png)" in text_of(told.select_one(".notices"))
    told = soup(author.post(url, {"image": upload(b"x", "a.png")}, follow=True))
    assert "SVG is not accepted" in text_of(told.select_one(".notices"))


@pytest.mark.trust("IM-07")
def test_what_a_camera_wrote_into_a_picture_is_left_out(author: Client):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    Image.new("RGB", (8, 8), "green").save(out, "JPEG", exif=exif)
    assert paste(author, out.getvalue(), "a.jpg").json()["image_path"].endswith("02.jpg")
    assert b"A camera" not in kept.read(AddedImage.objects.get().digest)


# -- Who may ---------------------------------------------------------------------------------


@pytest.mark.trust("AC-01", "AC-11", "LK-03")
@pytest.mark.parametrize("name", ["employee", "partner", "manager", "admin", "stranger"])
def test_only_authors_come_near(live: ModuleVersion, name: str):
    client = client_of(name)
    for url in (EDIT, GROWING):
        assert client.get(url).status_code == 404
    for url in (
        "build/",
        "discard/",
        "rebase/",
        "new/",
        "preview/apples/growing.md",
        "image/apples/growing.md",
    ):
        assert client.post(EDIT + url, {"content": "x"}).status_code == 404, url


@pytest.mark.trust("RQ-02")
@pytest.mark.parametrize(
    "url",
    [
        "page/apples/growing.md",
        "preview/apples/growing.md",
        "image/apples/growing.md",
        "build/",
        "discard/",
        "rebase/",
        "new/",
    ],
)
def test_nothing_is_taken_from_another_site(live: ModuleVersion, url: str):
    client = client_of("author", enforce_csrf_checks=True)
    answer = client.post(
        EDIT + url, {"content": "x", "text": "x", "sure": "on", "image": upload(png(), "a.png")}
    )
    assert answer.status_code == 403
    assert not WorkingCopy.objects.exists()


@pytest.mark.trust("AC-02")
@pytest.mark.parametrize(
    "url", ["page/nothing.md", "page/apples/growing/images/01.png", "page/../../x", "preview/x.md"]
)
def test_what_is_not_there_is_404(author: Client, url: str):
    assert author.get(EDIT + url).status_code in (404, 405)
    assert author.post(EDIT + url, {"content": "x"}).status_code == 404
    assert author.get("/authoring/modules/nothing/edit/").status_code == 404


def test_markdownxs_own_addresses_are_not_there(author: Client):
    for url in ("/markdownx/upload/", "/markdownx/markdownify/"):
        assert author.post(url, {"content": "x"}).status_code == 404
