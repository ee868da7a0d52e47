"""A draft that was made before something else went live says what publishing it would take back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authoring import takebacks
from authoring.browser_changes import lacking
from courses.models import ModuleVersion
from tests import modules
from tests.authoring.test_batch import TITLES, live_tree, sent, tree
from tests.authoring.test_both_in_one import both_in_one
from tests.authoring.test_browser_changes import publish, written
from tests.authoring.test_editing import (
    EDIT,
    GROWING,
    another_author,
    change,
    choose,
    page,
    send,
    source,
    typed,
)
from tests.browsing import soup, text_of
from tests.packages import png, upload
from tests.personas import client_of

EATING = f"{EDIT}page/apples/eating.md"
TOLD = (
    "Made from version 1; version 3 went live since: publishing this takes back what changed there: Eating."
)


def files(*replaced: tuple[str, str]) -> dict[str, bytes]:
    """The module with these pieces of text replaced in all of its pages."""
    text = source()
    for old, new in replaced:
        text = {path: data.replace(old.encode(), new.encode()) for path, data in text.items()}
    return text


@pytest.fixture
def author(db: None) -> Client:
    modules.publish(source())
    return client_of("author")


def alone(client: Client, *replaced: tuple[str, str]) -> str:
    """Upload Growing by itself, with these pieces replaced; the address of the upload."""
    data = files(*replaced)["apples/growing.md"]
    response = client.post("/authoring/uploads/", {"package": upload(data, "growing.md")})
    assert response.status_code == 303
    return str(response["Location"])


@pytest.fixture
def older(author: Client) -> ModuleVersion:
    """Version 2, Growing uploaded alone beside version 1; by now version 3 is live, with another Eating."""
    alone(author, ("about Growing.", "on growing."))
    modules.publish(files(("about Eating.", "on eating.")))
    return ModuleVersion.objects.get(number=2)


def notice(client: Client, url: str) -> str:
    found = page(client, url).select_one(".takes-back, form.notice")
    return text_of(found) if found else ""


def test_the_drafts_page_says_what_it_takes_back_and_what_to_do(author: Client, older: ModuleVersion):
    told = notice(author, f"/authoring/versions/{older.pk}/").replace(" .", ".")
    assert (
        told == f"{TOLD} To have both, upload your files again with what changed there, or take in version 3."
    )


def test_so_does_the_line_of_its_upload(author: Client):
    there = alone(author, ("about Growing.", "on growing."))
    assert notice(author, there) == ""
    modules.publish(files(("about Eating.", "on eating.")))
    assert notice(author, there).startswith(TOLD)


def test_the_page_that_is_uploaded_again_takes_nothing_back(author: Client, older: ModuleVersion):
    there = alone(author, ("about Growing.", "on growing, again."))
    assert notice(author, there) == ""
    assert ModuleVersion.objects.get(number=4).made_from == ModuleVersion.objects.get(number=3)


def test_taking_in_what_went_live_has_both(author: Client, older: ModuleVersion):
    link = page(author, f"/authoring/versions/{older.pk}/").select_one(".takes-back a")
    assert link is not None
    listed = page(author, str(link["href"]))
    form = listed.select_one("form.notice")
    assert form is not None
    assert text_of(form).startswith(TOLD)
    assert author.post(str(form["action"])).status_code == 303
    assert "Some words on growing." in typed(page(author, GROWING))
    assert "Some words on eating." in typed(page(author, EATING))
    author.post(f"{EDIT}build/")
    both = ModuleVersion.objects.get(number=4)
    assert "on growing." in both.sections.get(title="Growing").body.html
    assert "on eating." in both.sections.get(title="Eating").body.html
    assert notice(author, f"/authoring/versions/{both.pk}/") == ""


def test_an_older_number_that_goes_live_below_the_edits_is_told_and_taken_in(author: Client):
    """Edits stand on version 3, an upload; version 2 is the older number, and goes live now."""
    modules.store(files(("about Eating.", "on eating.")))
    draft = modules.store(files(("about Growing.", "on growing.")))
    opened = page(author, f"{GROWING}?on={draft.pk}")
    send(author, opened, typed(opened).replace("## More on Growing", "## Still more"))
    assert notice(author, EDIT) == ""
    assert publish(author, ModuleVersion.objects.get(number=2)).status_code == 303
    assert "Made from version 1; version 2 went live since" in notice(author, EDIT)
    author.post(f"{EDIT}rebase/")
    assert notice(author, EDIT) == ""
    text = typed(page(author, GROWING))
    assert "on growing." in text
    assert "## Still more" in text
    assert "on eating." in typed(page(author, EATING))


def test_what_a_draft_itself_changed_meets_the_live_version_in_the_same_lines(author: Client):
    draft = modules.store(files(("about Growing.", "of the draft.")))
    opened = page(author, f"{GROWING}?on={draft.pk}")
    send(author, opened, typed(opened).replace("## More on Growing", "## Still more"))
    modules.publish(files(("about Growing.", "that are live.")))
    author.post(f"{EDIT}rebase/")
    told = page(author, f"{EDIT}texts/apples/growing.md").select_one("#id_merged")
    assert told is not None
    assert "Some words of the draft.\n=======\nSome words that are live." in told.get_text()
    assert "## Still more" in told.get_text()


def test_a_picture_that_the_draft_brought_comes_with_its_page(author: Client):
    brought = files(("about Growing.", "![Red](./growing/images/red.png)"))
    draft = modules.store(brought | {"apples/growing/images/red.png": png("red")})
    modules.publish(files(("about Eating.", "on eating.")))
    author.post(f"{EDIT}rebase/?on={draft.pk}")
    author.post(f"{EDIT}build/")
    built = ModuleVersion.objects.order_by("-number")[0]
    assert (
        built.package["files"]["apples/growing/images/red.png"]
        == draft.package["files"]["apples/growing/images/red.png"]
    )


def test_a_draft_that_was_built_late_says_it_too(author: Client):
    change(author, GROWING, "about Growing.", "on growing.")
    modules.publish(files(("about Eating.", "on eating.")))
    author.post(f"{EDIT}build/")
    late = ModuleVersion.objects.get(number=3)
    assert late.made_from == ModuleVersion.objects.get(number=1)
    told = notice(author, f"/authoring/versions/{late.pk}/")
    assert "Made from version 1; version 2 went live since" in told


@pytest.mark.parametrize(
    ("mine", "live", "pages"),
    [
        ([("about Eating.", "on eating.")], [("about Eating.", "on eating.")], None),
        ([("about Eating.", "on eating."), ("## More on", "## On")], [("about Eating.", "on eating.")], None),
        ([("about Eating.", "of mine.")], [("about Eating.", "on eating.")], ("Eating",)),
        ([("## More on", "## On")], [("about Eating.", "on eating.")], ("Eating",)),
        ([("## More on", "## On")], [("Some words", "Words")], ("Apples", "Eating", "Growing")),
    ],
)
def test_only_what_the_draft_does_not_hold_itself_counts(
    author: Client,
    mine: list[tuple[str, str]],
    live: list[tuple[str, str]],
    pages: tuple[str, ...] | None,
):
    draft = modules.store(files(*mine, ("about Growing.", "on growing.")))
    modules.publish(files(*live))
    found = takebacks.of_draft(ModuleVersion.objects.get(pk=draft.pk), ())
    assert (found.pages if found else None) == pages


def test_pages_and_pictures_that_are_new_or_gone_count(author: Client):
    draft = modules.store(files(("about Growing.", "on growing.")))
    now = files(("- ./apples/eating.md", "- ./apples/storing.md"))
    now["apples/storing.md"] = now.pop("apples/eating.md").replace(b"Eating", b"Storing")
    now["apples/storing.md"] = now["apples/storing.md"].replace(
        str(modules.uuid_of("Apples/Eating")).encode(), str(modules.uuid_of("Apples/Storing")).encode()
    )
    now["apples/growing/images/01.png"] = png("blue")
    now["apples/growing.md"] = now["apples/growing.md"].replace(
        b"./eating.md#more-on-eating", b"./storing.md"
    )
    modules.publish(now)
    found = takebacks.of_draft(ModuleVersion.objects.get(pk=draft.pk), ())
    assert found is not None
    assert set(found.pages) == {"Apples", "Eating", "Storing", "Growing", "apples/growing/images/01.png"}


def test_what_is_asked_about_by_itself_is_not_said_twice(author: Client):
    draft = modules.store(files(("about Growing.", "on growing.")))
    written(author, EATING, "about Eating.", "on eating.")
    found = ModuleVersion.objects.get(pk=draft.pk)
    assert [item.title for item in lacking(found)] == ["Eating"]
    assert notice(author, f"/authoring/versions/{draft.pk}/") == ""


def test_a_version_that_was_live_is_gone_back_to_without_it(author: Client, older: ModuleVersion):
    assert notice(author, f"/authoring/versions/{ModuleVersion.objects.get(number=1).pk}/") == ""


def test_two_who_write_after_it_was_taken_in_lose_nothing(author: Client, older: ModuleVersion):
    author.post(f"{EDIT}rebase/?on={older.pk}")
    ana = another_author()
    mine, theirs = page(author, GROWING), page(ana, GROWING)
    send(ana, theirs, typed(theirs).replace("on growing.", "of Ana."))
    late = soup(send(author, mine, typed(mine).replace("on growing.", "of Arthur.")))
    assert "Some words of Arthur.\n=======\nSome words of Ana." in both_in_one(late)
    assert choose(author, late, 0).status_code == 303


def test_an_uploads_page_asks_as_much_for_one_line_that_takes_back_as_for_three(db: None):
    live_tree()
    author, counts = client_of("author"), []
    address, _page = sent(author, tree({title: {"One": "New.", "Two": ""} for title in TITLES}))
    for n in (1, 2, 3):
        live_tree(changed={title: {"One": "", "Two": "Newer."} for title in TITLES[:n]})
        with CaptureQueriesContext(connection) as caught:
            shown = page(author, address)
        counts.append(len(caught))
        assert len(shown.select(".takes-back")) == n
    assert counts[0] == counts[2]
