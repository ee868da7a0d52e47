"""Uploads read by child processes: they are killed, starve and never end, and nothing is ever half written."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from accounts.demo import PASSWORD
from tests.browsing import text_of
from tests.modules import page, source
from tests.packages import zipped
from tests.process.server import RUN, SERVE, Server, Visitor, free_port

pytestmark = [pytest.mark.process, pytest.mark.trust("UP-08")]

WORDS = "Some words about *apples* and [pears](https://example.org). " * 400
PATIENCE = 60  # seconds until an upload must have a result


class Site:
    """A running site and its author's browser."""

    def __init__(self, data: Path, command: list[str] = RUN, **more: str) -> None:
        self.data, self.port = data, free_port()
        self.server = self._start(command, **more)
        self.author = Visitor(self.port)
        self.author.sign_in("author@coursemark.example", PASSWORD)

    def restart(self, **more: str) -> None:
        self.server.close()
        self.server = self._start(SERVE, **more)

    def _start(self, command: list[str], **more: str) -> Server:
        bind = {"COURSEMARK_DEMO": "1", "COURSEMARK_BIND": f"127.0.0.1:{self.port}"}
        return Server(command, self.data, self.port, **bind, **more)

    def send(self, data: bytes, name: str = "apples.zip", key: str = "") -> str:
        """Upload a file; the address of the upload, which answers at once."""
        form = self.author.get("/authoring/").select_one("form#upload")
        assert form is not None
        token = str(form.select_one("input[name=csrfmiddlewaretoken]")["value"])
        status, address = self.author.upload(
            "/authoring/uploads/", {"csrfmiddlewaretoken": token, "key": key or str(uuid4())}, name, data
        )
        assert status == 303
        return address

    def press_start_again(self, address: str) -> None:
        form = self.author.get(address).select_one('form[action$="/again/"]')
        assert form is not None
        token = str(form.select_one("input[name=csrfmiddlewaretoken]")["value"])
        assert self.author.ask("POST", str(form["action"]), {"csrfmiddlewaretoken": token})[0] == 303

    def result(self, address: str) -> BeautifulSoup:
        """The upload's page once nothing moves there any more."""
        end = time.monotonic() + PATIENCE
        while (shown := self.author.get(address)).select_one("#progress") is not None:
            assert time.monotonic() < end, text_of(shown.main)
            time.sleep(0.1)
        return shown

    def reader_at_work(self, address: str) -> list[int]:
        """The processes of an upload, who watches first, once there are both and pages are being read."""
        end = time.monotonic() + PATIENCE
        while True:
            told = text_of(self.author.get(address).main)
            found = processes(address)
            if len(found) == 2 and re.search(r"page \d", told):
                return found
            assert time.monotonic() < end, told
            time.sleep(0.05)

    def counts(self) -> tuple[int, int]:
        """Versions, and lines of the trail that tell of them."""
        with closing(sqlite3.connect(self.data / "coursemark.sqlite3")) as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            versions = database.execute("SELECT COUNT(*) FROM courses_moduleversion").fetchone()[0]
            told = "SELECT COUNT(*) FROM accounts_auditevent WHERE what = 'module imported'"
            return versions, database.execute(told).fetchone()[0]


def processes(address: str) -> list[int]:
    """The processes that work on an upload, the oldest first."""
    uuid = address.split("/")[-2]
    listed = subprocess.run(["ps", "-ewwo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "run_upload" in line and uuid in line]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    started: list[Site] = []
    yield started
    for site in started:
        site.server.close()


def large(pages: int = 200) -> bytes:
    """A module that takes some seconds to read."""
    return zipped(source("Apples", {f"Part {n}": WORDS for n in range(pages)}))


def test_killed_at_any_moment_it_is_interrupted_and_starts_again(data: Path, sites: list[Site]):
    site = Site(data)
    sites.append(site)
    before = site.counts()
    address = site.send(large())
    watcher, _reader = site.reader_at_work(address)
    os.kill(watcher, signal.SIGKILL)
    assert "interrupted" in text_of(site.result(address).h1)
    assert site.counts() == before

    site.press_start_again(address)
    site.reader_at_work(address)
    for process in processes(address):
        os.kill(process, signal.SIGKILL)
    site.restart(COURSEMARK_WORKERS="2")
    assert "interrupted" in text_of(site.result(address).h1)
    assert site.counts() == before

    site.press_start_again(address)
    shown = site.result(address)
    assert "is imported" in text_of(shown.h1)
    assert [text_of(link) for link in shown.select(".batch-line a")] == ["Open version 1"]
    versions, told = site.counts()
    assert (versions - before[0], told - before[1]) == (1, 1)


def test_who_reads_goes_on_while_the_site_restarts(data: Path, sites: list[Site]):
    site = Site(data)
    sites.append(site)
    address = site.send(large())
    site.reader_at_work(address)
    site.restart()
    assert "is imported" in text_of(site.result(address).h1)


@pytest.mark.trust("MD-15")
def test_a_page_that_takes_too_long_or_too_much_is_named(data: Path, sites: list[Site]):
    """The limits are made narrower than any page, so that what an author could do about it does not matter."""
    site = Site(data, COURSEMARK_UPLOAD_PAGE_SECONDS="0.1")
    sites.append(site)
    before = site.counts()
    slow = {"Eating": "| a |\n|---|\n" + "| *b* [c](https://example.org) |\n" * 12_000}
    told = text_of(site.result(site.send(zipped(source("Apples", slow)))).main)
    assert re.search(r"apples/eating\.md:1:1 E689 Reading this took more than 0.1 seconds", told), told
    assert site.counts() == before

    site.restart(COURSEMARK_UPLOAD_MEMORY_MB="90")
    told = text_of(site.result(site.send(zipped(source("Apples", slow)))).main)
    assert "E689" in told
    assert "too much memory" in told
    assert site.counts() == before

    site.restart()  # and the site is none the worse
    assert "is imported" in text_of(site.result(site.send(zipped(source()))).h1)


@pytest.mark.trust("UP-10")
def test_the_same_form_twice_is_one_upload(data: Path, sites: list[Site]):
    site = Site(data)
    sites.append(site)
    key, body = str(uuid4()), large(100)
    first, second = site.send(body, key=key), site.send(body, key=key)
    assert first == second
    other = site.send(page("Pears").encode(), "pears.md", key=key)
    assert other != first
    assert "is imported" in text_of(site.result(first).h1)
    assert "Pears" in text_of(site.result(other).main)
