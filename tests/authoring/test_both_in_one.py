"""Two texts of a page that began as one: what is offered as both holds what each of them brought."""

from __future__ import annotations

from collections import Counter

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.merging import merge
from courses.models import ModuleVersion
from tests import modules
from tests.authoring.test_editing import (
    EDIT,
    GROWING,
    another_author,
    change,
    choose,
    discard,
    page,
    send,
    source,
    typed,
)
from tests.browsing import hidden, soup, text_of
from tests.personas import client_of

TEXTS = f"{EDIT}texts/apples/growing.md"
SAVES = f"{EDIT}saves/apples/growing.md"
LINES = st.lists(st.sampled_from("abcd"), max_size=8)


@pytest.fixture
def author(db: None) -> Client:
    modules.publish(source())
    return client_of("author")


def live_with(old: str, new: str) -> ModuleVersion:
    """Publish an upload in which Growing says something else."""
    files = source()
    files["apples/growing.md"] = files["apples/growing.md"].replace(old.encode(), new.encode())
    return modules.publish(files)


def both_in_one(tree: BeautifulSoup) -> str:
    field = tree.select_one("#id_merged")
    assert field is not None
    return field.get_text().removeprefix("\n")


def added(before: list[str], after: list[str]) -> Counter[str]:
    return Counter(after) - Counter(before)


@given(base=LINES, mine=LINES, theirs=LINES)
def test_both_holds_every_line_that_either_added(base: list[str], mine: list[str], theirs: list[str]):
    both = merge("\n".join(base), "\n".join(mine), "\n".join(theirs), names=("mine", "theirs")).text
    lines = Counter(both.split("\n"))
    assert added(base, mine) <= lines
    assert added(base, theirs) <= lines


def test_the_same_line_is_marked_after_the_live_version_is_taken_in(author: Client):
    change(author, GROWING, "Some words about Growing.", "A good rake levels soil.")
    live_with("Some words about Growing.", "A very good rake levels.")
    author.post(f"{EDIT}rebase/")
    told = page(author, TEXTS)
    assert "In one place both changed the same lines" in text_of(told.main)
    assert "A good rake levels soil.\n=======\nA very good rake levels." in both_in_one(told)


def test_warnings_are_not_said_to_let_a_draft_be_built_while_a_page_is_to_be_decided(author: Client):
    change(author, GROWING, "---\nuuid", "---\nodd: key\nuuid")
    assert "None of it keeps you from building a draft." in text_of(page(author, EDIT).main)
    change(author, GROWING, "Some words about Growing.", "My words.")
    live_with("Some words about Growing.", "Live words.")
    author.post(f"{EDIT}rebase/")
    told = text_of(page(author, EDIT).main)
    assert "Before a draft is built, decide about the pages that are marked above." in told
    assert "keeps you from building" not in told


def test_changes_in_other_lines_stand_beside_those_in_the_same(author: Client):
    change(author, GROWING, "Some words about Growing.", "My words.")
    change(author, GROWING, "# Growing", "# Growing well")
    live_with("Some words about Growing.", "Live words.")
    author.post(f"{EDIT}rebase/")
    both = both_in_one(page(author, TEXTS))
    assert "# Growing well" in both
    assert "My words.\n=======\nLive words." in both


@settings(max_examples=8)
@given(base=LINES, mine=LINES, theirs=LINES)
@pytest.mark.django_db
def test_taking_in_any_live_text_drops_no_line(base: list[str], mine: list[str], theirs: list[str]):
    author = taken_in(base, mine, theirs)
    there = typed(page(author, GROWING))
    answer = author.get(TEXTS)
    both = both_in_one(soup(answer)) if answer.status_code == 200 else there
    lines = Counter(both.split("\n"))
    assert added(base, mine) <= lines
    assert added(base, theirs) <= lines


def taken_in(base: list[str], mine: list[str], theirs: list[str]) -> Client:
    """A desk whose page had `base` and got `mine`, after a live version with `theirs` was taken in."""
    mark = "Some words about Growing."
    modules.publish(with_lines(mark, base))
    author = client_of("author")
    discard(author)
    opened = page(author, GROWING)
    send(author, opened, with_lines(mark, mine)["apples/growing.md"].decode())
    modules.publish(with_lines(mark, theirs))
    author.post(f"{EDIT}rebase/")
    return author


def with_lines(mark: str, lines: list[str]) -> dict[str, bytes]:
    files = source()
    files["apples/growing.md"] = files["apples/growing.md"].replace(mark.encode(), "\n".join(lines).encode())
    return files


def test_what_was_opened_before_a_draft_was_built_meets_what_was_written_after_it(author: Client):
    """Saves are counted anew after a build; the first save then is not the one that was opened before."""
    change(author, GROWING, "Some words about Growing.", "First words.")
    mine = page(author, GROWING)
    author.post(f"{EDIT}build/")
    change(another_author(), GROWING, "First words.", "Ana's words.")
    late = send(author, mine, typed(mine).replace("First words.", "Arthur's words."))
    assert late.status_code == 409
    both = both_in_one(soup(late))
    assert "Arthur's words.\n=======\nAna's words." in both


def test_a_save_after_all_was_discarded_is_not_the_one_that_was_opened(author: Client):
    change(author, GROWING, "Some words about Growing.", "First words.")
    mine = page(author, GROWING)
    discard(author)
    change(another_author(), GROWING, "Some words about Growing.", "Ana's words.")
    late = send(author, mine, typed(mine).replace("First words.", "Arthur's words."))
    assert late.status_code == 409
    assert "Arthur's words.\n=======\nAna's words." in both_in_one(soup(late))


def test_what_two_people_saved_does_not_settle_what_the_live_version_changed(author: Client):
    """Arthur's late save meets Ana's, while Ana's meets the live version: one is chosen, then the other."""
    mine = page(author, GROWING)
    change(another_author(), GROWING, "Some words about Growing.", "Ana's words.")
    live_with("Some words about Growing.", "Live words.")
    author.post(f"{EDIT}rebase/")
    late = soup(send(author, mine, typed(mine).replace("Some words about Growing.", "Arthur's words.")))
    assert "Arthur's words.\n=======\nAna's words." in both_in_one(late)
    assert choose(author, late, 2).status_code == 303
    assert "Ana's words." in typed(page(author, GROWING))
    assert "Ana's words.\n=======\nLive words." in both_in_one(page(author, TEXTS))


def test_two_sessions_of_one_person_are_told_apart(author: Client):
    mine, other = page(author, GROWING), page(author, GROWING)
    send(author, other, typed(other).replace("Some words about Growing.", "Other words."))
    late = send(author, mine, typed(mine).replace("Some words about Growing.", "My words."))
    both = both_in_one(soup(late))
    assert "<<<<<<< yours\nMy words.\n=======\nOther words.\n>>>>>>> the other" in both


def test_earlier_saves_are_reached_after_the_draft_is_built(author: Client):
    change(author, GROWING, "Some words about Growing.", "My words.")
    live_with("Some words about Growing.", "Live words.")
    author.post(f"{EDIT}rebase/")
    choose(author, page(author, TEXTS), 2)
    change(author, GROWING, "Live words.", "Live words, and more.")
    author.post(f"{EDIT}build/")
    link = page(author, GROWING).select_one(f'a[href^="{SAVES}"]')
    assert link is not None
    older = page(author, str(link["href"])).select_one('main a[href*="?in="]')
    assert text_of(older) == "Saves in version 3"
    saves = page(author, f"{SAVES}?in=3")
    texts = [hidden(form)["text"] for form in saves.select("main form")]
    assert len(texts) == 3
    assert "My words." in texts[-1]
    assert choose(author, saves, 2).status_code == 303
    assert typed(page(author, GROWING)) == texts[-1]
