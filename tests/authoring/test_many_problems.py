"""Hundreds of problems are told by file, the worst first, folded, and all of them are in the page."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag

from authoring.listing import A_FILES_FIRST, FEW_PROBLEMS, OPEN_FILES
from tests import modules
from tests.browsing import soup, text_of
from tests.packages import upload, zipped
from tests.personas import client_of

pytestmark = pytest.mark.django_db

DEAD = "[x](./gone.md) and {}\n\n"


def uploaded(data: bytes, name: str = "apples.zip") -> BeautifulSoup:
    """The page that says what came of an upload."""
    client = client_of("author")
    sent = client.post("/authoring/uploads/", {"package": upload(data, name)})
    return soup(client.get(sent["Location"]))


def refused(sections: dict[str, str]) -> Tag:
    """What the page of a refused upload with these sections says is wrong."""
    shown = uploaded(zipped(modules.source("Apples", sections)))
    assert "was not imported" in text_of(shown.h1)
    found = shown.select_one("section[aria-labelledby=problems-title]")
    assert found is not None
    return found


def test_few_problems_are_one_list():
    found = refused({"Eating": "[x](javascript:1)"})
    assert found.select("details") == []
    assert 0 < len(found.select(".problem")) <= FEW_PROBLEMS


def test_many_problems_are_told_by_file_those_with_errors_first_and_none_is_missing():
    warned = {f"Part {n}": DEAD * 4 for n in range(6)}
    found = refused({**warned, "Worst": "[x](javascript:1)\n\n" + DEAD * 40})
    files = found.select("details.in-file")
    told = [text_of(file.summary) for file in files]
    assert told[0].startswith("apples/worst.md 1 error")
    assert [file.has_attr("open") for file in files] == [n < OPEN_FILES for n in range(len(files))]
    more = files[0].select_one("details.in-file-more")
    assert more is not None
    assert not more.has_attr("open")
    total = len(files[0].select(".problem"))
    assert text_of(more.summary) == f"{total - A_FILES_FIRST} more in this file"
    assert text_of(files[0].select_one(".problem .state")) == "Error"
    counted = [int(text_of(count).split()[0]) for count in found.select(".problem-count .state")]
    assert len(found.select(".problem")) == sum(counted)


def test_what_no_page_is_to_blame_for_has_no_line():
    shown = uploaded(b"no zip")
    assert [text_of(place) for place in shown.select(".problem-where")] == ["apples.zip"]
