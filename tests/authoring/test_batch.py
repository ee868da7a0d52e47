"""One upload of a whole tree: what changed of how much, and publishing what is ticked, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from authoring.models import BrowserChange, Upload
from authoring.release import WHAT, release
from courses import files as kept
from courses.models import Module, ModuleVersion, Path, PathVersion
from learning.models import Asking, Publication
from tests import factories, modules
from tests.browsing import hidden, soup, text_of
from tests.packages import upload, zipped
from tests.personas import client_of, persona
from tests.trust.world import complete

pytestmark = pytest.mark.django_db

TITLES = ("Apples", "Pears", "Plums")


def tree(
    changed: Mapping[str, Mapping[str, str]] | None = None, titles: tuple[str, ...] = TITLES, front: str = ""
) -> dict[str, bytes]:
    """A path of modules with two sections each; `changed` has other sections for some of them."""
    parts = {t: modules.source(t, (changed or {}).get(t, {"One": "", "Two": ""})) for t in titles}
    toc = "toc:\n" + "".join(f"- ./{title.lower()}.md\n" for title in titles)
    files = {
        "fruit.md": modules.page("Fruit", front=f"{toc}visibility:\n- Employee\n- Partner\n{front}").encode()
    }
    for part in parts.values():
        files |= part
    return files


def sent(client: Client, files: Mapping[str, bytes]) -> tuple[str, BeautifulSoup]:
    """Upload a tree; the address of the upload, and its page."""
    response = client.post("/authoring/uploads/", {"package": upload(zipped(files), "fruit.zip")})
    assert response.status_code == 303
    shown = client.get(response["Location"])
    return response["Location"], soup(shown)


def live_tree(**options: Any) -> None:
    """A tree of which everything is live."""
    client = client_of("author")
    _address, page = sent(client, tree(**options))
    assert publish(client, page)["Location"].startswith("/authoring/receipts/")


def publish(client: Client, page: BeautifulSoup, *, why: str = "More fruit", **fields: str | None) -> Any:
    """Press the button, as the page was drawn; `fields` are typed over it (None: not ticked)."""
    form = page.select_one("form#batch")
    assert form is not None
    data: dict[str, Any] = {**hidden(form), "why": why}
    for field in form.select("input[checked]"):
        data[str(field["name"])] = str(field.get("value", "on"))
    data |= {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(str(form["action"]), {name: v for name, v in data.items() if v is not None})


def line(page: BeautifulSoup, title: str) -> Tag:
    """What the page says of one module or path."""
    return next(found for found in page.select(".batch-line") if text_of(found.label) == title)


def field(page: BeautifulSoup, title: str, name: str) -> str:
    """The name of a field of a module's line, for `publish`."""
    prefix = str(line(page, title).select_one("input[type=checkbox]")["name"]).removesuffix("-tick")
    return f"{prefix}-{name}".replace("-", "__")


def live(title: str) -> int:
    return Module.objects.get(slug=title.lower()).published_version.number


def test_a_first_tree_goes_live_as_a_whole():
    live_tree()
    assert {module.published_version.number for module in Module.objects.all()} == {1}
    assert Path.objects.get().published_version is not None
    assert client_of("partner").get("/modules/plums/two/").status_code == 200


def test_only_what_changed_is_offered_with_what_differs_and_whom_it_touches():
    live_tree()
    complete(persona("partner"), Module.objects.get(slug="pears").published_version)
    client = client_of("author")
    address, page = sent(client, tree({"Pears": {"Two": "Riper.", "Three": ""}}))
    assert text_of(page.h1) == "1 of 4 changed"
    assert text_of(page.select_one(".batch-unchanged summary")) == "3 unchanged"
    told = text_of(line(page, "Pears"))
    assert "version 2 in place of version 1 · 1 new page · 2 changed · 1 gone" in told
    assert "One person has opened a page that changes." in told
    assert [radio.get("value") for radio in page.select(".policies input[disabled]")] == ["minor"]
    assert "“Three” is asked of people of whom it was not asked before." in told
    receipt = publish(client, page)
    assert receipt.status_code == 303
    assert (live("Apples"), live("Pears")) == (1, 2)
    after = soup(client.get(address))
    assert text_of(after.h1) == "Nothing new"


def test_what_is_not_ticked_stays_a_draft():
    live_tree()
    client = client_of("author")
    _address, page = sent(client, tree({"Pears": {"One": "Riper."}, "Plums": {"One": "Riper."}}))
    assert publish(client, page, **{field(page, "Plums", "tick"): None}).status_code == 303
    assert (live("Pears"), live("Plums")) == (2, 1)
    assert AuditEvent.objects.filter(what=WHAT).latest("pk").whom == "Pears v2"


def test_a_page_can_be_drawn_with_nothing_ticked_for_whoever_wants_few_of_many():
    client = client_of("author")
    address, page = sent(client, tree())
    links = [str(link["href"]) for link in page.select("#batch noscript a")]
    assert links == [f"{address}?tick=none"]
    bare = soup(client.get(links[0]))
    assert [box["id"] for box in bare.select("#batch input[type=checkbox]") if box.has_attr("checked")] == []
    assert publish(client, bare, **{field(bare, "Plums", "tick"): "on"}).status_code == 303
    assert [module.slug for module in Module.objects.exclude(published_version=None)] == ["plums"]


def test_a_reason_is_asked_and_something_must_be_ticked():
    live_tree()
    client = client_of("author")
    _address, page = sent(client, tree({"Pears": {"One": "Riper."}}))
    refused = publish(client, page, why="")
    assert refused.status_code == 422
    assert "Say why" in text_of(soup(refused).select_one(".errorlist"))
    refused = publish(client, page, **{field(page, "Pears", "tick"): None})
    assert refused.status_code == 422
    assert "Tick what you want to publish." in text_of(soup(refused).main)
    assert live("Pears") == 1


def test_small_corrections_where_they_are_offered_and_a_new_completion_confirmed_by_its_number():
    live_tree()
    complete(persona("partner"), Module.objects.get(slug="pears").published_version)
    client = client_of("author")
    _address, page = sent(client, tree({"Pears": {"One": "Riper.", "Two": ""}}))
    pears = line(page, "Pears")
    assert pears.select_one('input[value="minor"]').has_attr("checked")
    policy = field(page, "Pears", "policy")
    asked = {policy: "retrain", field(page, "Pears", "due"): "2199-01-15"}
    refused = publish(client, page, **asked)
    assert refused.status_code == 422
    assert "Type 1, the number of people whom it asks" in text_of(line(soup(refused), "Pears"))
    told = soup(refused).select_one("main > .notice.error")
    assert "Nothing was published" in text_of(told)
    assert [link.text for link in told.select("a")] == ["Pears"]  # what is marked may be far below
    assert soup(refused).select_one(told.a["href"]) is not None
    assert live("Pears") == 1
    assert publish(client, page, **asked, **{field(page, "Pears", "confirmed"): "1"}).status_code == 303
    assert live("Pears") == 2


def test_the_number_that_is_shown_is_the_number_that_is_asked_not_all_who_completed_it():
    live_tree()
    version = Module.objects.get(slug="pears").published_version
    complete(persona("partner"), version)
    complete(persona("employee"), version)
    client = client_of("author")
    files = tree({"Pears": {"One": "Riper.", "Two": ""}})
    files["pears.md"] = files["pears.md"].replace(b"- Employee\n", b"")
    _address, page = sent(client, files)
    pears = line(page, "Pears")
    assert "It asks one person to complete the module again. Type 1 to confirm." in text_of(pears)
    asked = {"policy": "retrain", "due": "2199-01-15", "confirmed": "1"}
    fields = {field(page, "Pears", name): value for name, value in asked.items()}
    assert publish(client, page, **fields).status_code == 303
    assert Asking.objects.get().user == persona("partner")


def test_two_authors_at_once_one_wins_the_other_is_told_and_nothing_of_theirs_is_half_published():
    live_tree()
    client = client_of("author")
    _address, page = sent(client, tree({"Pears": {"One": "Riper."}, "Plums": {"One": "Riper."}}))
    release(modules.store(modules.source("Plums", {"One": "Mine first."})), by=None, why="x")
    lost = publish(client, page)
    assert lost.status_code == 409
    assert "Plums v3 went live while this page was open" in text_of(soup(lost).main)
    assert (live("Pears"), live("Plums")) == (1, 3)


def with_two_moved(files: dict[str, bytes], *, to: str) -> dict[str, bytes]:
    """A tree in which the second section of Apples stands in another module."""
    two = files.pop("apples/two.md")
    apples = files["apples.md"].replace(b"- ./apples/two.md\n", b"")
    last = f"- ./{to}/two.md\n".encode()
    index = files[f"{to}.md"].replace(last, last + f"- ./{to}/apples-two.md\n".encode())
    return {**files, "apples.md": apples, f"{to}.md": index, f"{to}/apples-two.md": two}


def test_a_section_that_moves_between_modules_keeps_its_records_when_both_are_ticked():
    live_tree()
    learner = persona("partner")
    version = Module.objects.get(slug="apples").published_version
    complete(learner, version)
    client = client_of("author")
    _address, page = sent(client, with_two_moved(tree(), to="pears"))
    assert "Two moves to “Pears”" in text_of(line(page, "Apples"))
    assert "Two moved from “Apples”" in text_of(line(page, "Pears"))
    alone = publish(client, page, **{field(page, "Apples", "tick"): None, field(page, "Pears", "tick"): "on"})
    assert alone.status_code == 409
    assert "tick the module that it leaves, too" in text_of(soup(alone).main)
    assert publish(client, page).status_code == 303
    assert learner.section_progress.filter(section__uuid=modules.uuid_of("Apples/Two"), done_at__isnull=False)
    assert client_of("partner").get("/modules/pears/apples-two/").status_code == 200


def test_half_of_a_move_is_not_published_from_the_page_of_its_version():
    live_tree()
    client = client_of("author")
    sent(client, with_two_moved(tree(), to="pears"))
    draft = ModuleVersion.objects.get(module__slug="apples", number=2)
    fields = {"over": draft.module.published_version_id, "policy": "append", "why": "Tidy"}
    refused = client.post(f"/authoring/versions/{draft.pk}/publish/", fields)
    assert refused.status_code == 422
    assert "“Two” moves to “Pears”, of which version 2 waits" in text_of(soup(refused).main)
    assert live("Apples") == 1
    other = ModuleVersion.objects.get(module__slug="pears", number=2)
    client.post(f"/authoring/versions/{other.pk}/discard/", {"sure": "on"})
    assert client.post(f"/authoring/versions/{draft.pk}/publish/", fields).status_code == 303


def test_a_path_alone_can_be_published():
    live_tree()
    client = client_of("author")
    _address, page = sent(client, tree(front="description: Sweet\n"))
    assert text_of(page.h1) == "1 of 4 changed"
    assert "description: – → Sweet" in text_of(line(page, "Fruit"))
    response = publish(client, page)
    receipt = text_of(soup(client.get(response["Location"])).main)
    assert "Fruit: version 2 is published" in receipt
    assert "in the place of version 1" in receipt
    assert "More fruit" in receipt
    assert PathVersion.objects.get(live_for__isnull=False).number == 2


def test_a_draft_that_is_gone_is_not_offered():
    client = client_of("author")
    address, _page = sent(client, tree())
    draft = ModuleVersion.objects.get(title="Plums")
    client.post(f"/authoring/versions/{draft.pk}/discard/", {"sure": "on"})
    client.get(address)  # has the message
    assert "Plums" not in text_of(soup(client.get(address)).main)


def test_what_is_not_accepted_cannot_be_published():
    client = client_of("author")
    client.post("/authoring/uploads/", {"package": upload(b"no", "fruit.zip")})
    found = Upload.objects.get()
    assert client.post(f"/authoring/uploads/{found.uuid}/publish/", {"why": "x"}).status_code == 404


@pytest.mark.parametrize("first", [True, False])
def test_as_many_queries_for_six_modules_as_for_two(first: bool):
    client, counts = client_of("author"), []
    for titles in (TITLES[:2], tuple(f"Fruit {n}".replace(" ", "") for n in range(6))):
        if not first:
            live_tree(titles=titles)
        changed = {title: {"One": modules.question("que1"), "Three": ""} for title in titles}
        address, _page = sent(client, tree(changed, titles=titles))
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        counts.append(len(caught))
    assert counts[0] == counts[1], counts


@pytest.mark.parametrize("titles", [TITLES[:1], TITLES])
def test_the_catalogue_is_placed_once_however_many_modules_are_published(titles: tuple[str, ...]):
    live_tree()
    client = client_of("author")
    _address, page = sent(client, tree({title: {"One": "New words."} for title in titles}))
    with CaptureQueriesContext(connection) as caught:
        assert publish(client, page).status_code == 303
    places = [query for query in caught if '"courses_module_parents"' in query["sql"]]
    assert len(places) == 1


def back_page(client: Client, title: str) -> BeautifulSoup:
    """What the last publication of a module asks, and the form that rolls it back."""
    last = Publication.objects.filter(module__slug=title.lower()).latest("pk")
    return soup(client.get(f"/authoring/publications/{last.pk}/"))


def roll_back(client: Client, page: BeautifulSoup) -> Any:
    form = page.select_one("form[action$='roll-back/']")
    assert form is not None
    data: dict[str, Any] = {str(box["name"]): "on" for box in form.select("input[checked]")}
    data["with"] = [str(each["value"]) for each in form.select("input[name=with]")]
    return client.post(str(form["action"]), {**data, "why": "Not yet"})


def test_a_release_goes_back_with_its_path_where_all_of_it_can():
    live_tree()
    client = client_of("author")
    changed = {"Pears": {"One": "", "Two": "", "Three": ""}}
    _address, page = sent(client, tree(changed, front="description: Sweet\n"))
    publish(client, page)
    shown = back_page(client, "Pears")
    assert "All of this release together (1 module, 1 path)" in text_of(shown.main)
    assert roll_back(client, shown).status_code == 303
    assert (live("Pears"), PathVersion.objects.get(live_for__isnull=False).number) == (1, 1)


def test_a_release_with_a_first_module_goes_back_in_parts_and_names_what_cannot():
    live_tree(titles=("Apples", "Pears"))
    client = client_of("author")
    changed = {"Pears": {"One": "", "Two": "", "Three": ""}}
    _address, page = sent(client, tree(changed))
    publish(client, page)
    shown = back_page(client, "Pears")
    assert shown.select("input[name=together]") == []
    assert "in the place of Plums v1." in text_of(shown.main)
    assert roll_back(client, shown).status_code == 303
    assert (live("Pears"), live("Plums")) == (1, 1)


def test_modules_between_which_a_section_moved_go_back_together_whichever_is_asked():
    live_tree(titles=("Apples", "Pears"))
    client = client_of("author")
    _address, page = sent(client, with_two_moved(tree(), to="pears"))
    publish(client, page)  # Plums are live for the first time: the release does not go back as a whole
    for title in ("Apples", "Pears"):
        shown = text_of(back_page(client, title).main)
        assert "“Two” moved from “Apples” to “Pears” in this release." in shown
        assert "Apples to version 1" in shown
        assert "Pears to version 1" in shown
    half = Publication.objects.filter(module__slug="pears").latest("pk")
    refused = client.post(f"/authoring/publications/{half.pk}/roll-back/", {"why": "half"})
    assert refused.status_code == 422
    assert "roll back both together" in text_of(soup(refused).main)
    assert roll_back(client, back_page(client, "Pears")).status_code == 303
    assert (live("Apples"), live("Pears"), live("Plums")) == (1, 1, 1)
    assert client_of("partner").get("/modules/apples/two/").status_code == 200


def test_a_section_that_moved_into_a_module_that_was_not_there_before_does_not_go_back_and_says_what_to_do():
    live_tree(titles=("Apples", "Pears"))
    client = client_of("author")
    _address, page = sent(client, with_two_moved(tree(), to="plums"))
    publish(client, page)
    shown = back_page(client, "Apples")
    assert shown.select("form[action$='roll-back/']") == []
    assert "another version went live since, in the place of Plums v1. Upload them" in text_of(shown.main)
    half = Publication.objects.filter(module__slug="apples").latest("pk")
    refused = client.post(f"/authoring/publications/{half.pk}/roll-back/", {"why": "half"})
    assert refused.status_code == 422
    assert "“Two” moved from “Apples” to “Plums” in this release." in text_of(soup(refused).main)
    assert live("Apples") == 2


def test_a_section_that_moved_in_two_releases_is_named_before_it_is_nowhere():
    live_tree(titles=("Apples", "Pears"))
    client = client_of("author")
    moved = with_two_moved(tree(titles=("Apples", "Pears")), to="pears")
    gone = tree(titles=("Apples", "Pears")) | {"apples.md": moved["apples.md"]}
    del gone["apples/two.md"]
    _address, page = sent(client, gone)
    publish(client, page)
    _address, page = sent(client, moved)
    publish(client, page)
    leaves = Publication.objects.filter(module__slug="apples").latest("pk")
    first = client.post(f"/authoring/publications/{leaves.pk}/roll-back/", {"why": "first"})
    assert "this uuid is that of “Two” in the module “Pears” (" in first.text
    assert ":2:7). Roll that module back first" in first.text
    shown = back_page(client, "Pears")
    assert "In no module any more, until they are published again: “Two”." in text_of(shown.main)
    assert roll_back(client, shown).status_code == 303
    assert client.post(f"/authoring/publications/{leaves.pk}/roll-back/", {"why": "then"}).status_code == 303
    assert client_of("partner").get("/modules/apples/two/").status_code == 200


@pytest.mark.parametrize("titles", [TITLES[:2], TITLES])
def test_as_many_queries_for_a_release_of_three_modules_as_for_one_of_two(titles: tuple[str, ...]):
    live_tree(titles=titles)
    client = client_of("author")
    _address, page = sent(client, tree({t: {"One": "", "Two": "", "Six": ""} for t in titles}, titles))
    publish(client, page)
    with CaptureQueriesContext(connection) as queries:
        back_page(client, "Pears")
    assert len(queries) == 12


def test_as_many_queries_for_three_modules_written_in_the_browser_as_for_one():
    live_tree()
    client = client_of("author")
    address, _page = sent(client, tree({title: {"One": "", "Two": "New words."} for title in TITLES}))
    counts = []
    for title in TITLES:
        live = ModuleVersion.objects.get(title=title, live_for__isnull=False)
        path = f"{title.lower()}/one.md"
        before = live.package["files"][path]
        after = kept.keep(f"# One\n\nWritten of {title}.\n".encode())
        BrowserChange.objects.create(
            version=live, path=path, before=before, after=after, by=persona("author")
        )
        live.package["files"][path] = after
        live.save(update_fields=["package"])
        with CaptureQueriesContext(connection) as caught:
            shown = soup(client.get(address))
        counts.append(len(caught))
        assert len(shown.select("[name$=-replace]")) == len(counts)
    assert counts[0] == counts[2]


def test_each_line_says_whom_it_opens_to_and_leads_to_what_the_check_noticed():
    client = client_of("author")
    files = modules.source("Apples", {"One": "[gone](./nowhere.md)"}, front="")
    response = client.post("/authoring/uploads/", {"package": upload(zipped(files), "apples.zip")})
    apples = line(soup(client.get(response["Location"])), "Apples")
    assert "For: Everybody who signs in" in text_of(apples)
    notes = apples.find("a", string="2 notes of the check")
    assert soup(client.get(str(notes["href"]))).find(id=str(notes["href"]).partition("#")[2])


def test_a_module_that_only_a_path_of_the_upload_narrows_says_so():
    client = client_of("author")
    files = tree()
    for title in TITLES:
        files |= modules.source(title, {"One": ""}, front="")
    _address, page = sent(client, files)
    told = text_of(line(page, "Pears"))
    assert (
        "For: Employee, Partner (published without the rest of this upload: Everybody who signs in)" in told
    )


def test_an_upload_that_narrows_says_who_loses_what_before_anything_is_published():
    live_tree()
    complete(persona("partner"), Module.objects.get(slug="pears").published_version)
    client = client_of("author")
    narrower = tree() | {"fruit.md": tree()["fruit.md"].replace(b"- Partner\n", b"")}
    _address, page = sent(client, narrower)
    assert "One person who has begun one of these modules" in text_of(page.select_one(".losing"))
    assert "Pears, 1 person. For: Employee, Partner → Employee" in text_of(page.select_one(".losing"))
    receipt = soup(client.get(publish(client, page)["Location"]))
    assert "Apples, 0 people." in text_of(receipt.select_one(".losing"))


def _two_moves() -> dict[str, bytes]:
    files = tree()
    files["pears/apples-two.md"] = files.pop("apples/two.md")
    files["apples.md"] = files["apples.md"].replace(b"- ./apples/two.md\n", b"")
    files["pears.md"] = files["pears.md"].replace(
        b"- ./pears/two.md\n", b"- ./pears/two.md\n- ./pears/apples-two.md\n"
    )
    return files


def test_a_section_that_moves_is_not_left_in_neither_module():
    live_tree()
    client = client_of("author")
    _address, page = sent(client, _two_moves())
    half = publish(client, page, **{field(page, "Pears", "tick"): None})
    assert half.status_code == 422
    told = "“Two” moves to “Pears”: tick that, too, or nobody finds the page in between."
    assert told in text_of(line(soup(half), "Apples"))
    assert live("Apples") == 1


def test_who_presses_second_is_told_who_published_and_keeps_the_reason():
    live_tree()
    client, other, colleague = client_of("author"), Client(), factories.person(is_author=True)
    other.force_login(colleague)
    address, page = sent(client, tree({"Pears": {"One": "Riper."}}))
    assert publish(other, page).status_code == 303
    second = publish(client, page, why="Pears & plums are riper")
    assert second.status_code == 409
    told = soup(second)
    assert f"Pears v2 went live while this page was open: {colleague} published it" in text_of(told.main)
    back = str(told.select_one("a.button.primary")["href"])
    assert back == f"{address}?why=Pears%20%26%20plums%20are%20riper"
    assert publish(other, page).status_code == 303, "pressed twice it is done once"
    assert live("Pears") == 2


def test_the_reason_that_was_typed_stands_in_the_form_again():
    live_tree()
    client = client_of("author")
    address, _page = sent(client, tree({"Pears": {"One": "Riper."}}))
    assert text_of(soup(client.get(f"{address}?why=Riper+pears")).select_one("textarea")) == "Riper pears"


def test_a_question_that_is_judged_differently_is_told_before_small_corrections_are_chosen():
    client = client_of("author")
    live_tree(changed={"Pears": {"One": modules.question("que1")}})
    body = modules.question("que1").replace("- [x] The right", "- [ ] The right")
    _address, page = sent(
        client, tree({"Pears": {"One": body.replace("- [ ] The wrong", "- [x] The wrong")}})
    )
    told = text_of(line(page, "Pears"))
    assert "1 question judged differently" in told
    assert "Nobody has been graded by the old key yet" in told
    assert line(page, "Pears").select_one('input[value="minor"]').has_attr("checked")
