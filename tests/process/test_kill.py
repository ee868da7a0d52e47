"""The server is killed while people answer: what it acknowledged is there after the restart."""

from __future__ import annotations

import http.client
import json
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from accounts.demo import PASSWORD, PEOPLE
from tests.process.server import RUN, SERVE, Server, Visitor, free_port

pytestmark = pytest.mark.process

MODULE = "/modules/the-ideal-customer-profile"
# Section by section, each with a server that is killed in the middle of it.
ROUNDS = (
    ("where-liferay-shines", RUN),
    ("target-industries", SERVE),
    ("target-solutions", SERVE),
    ("strengths-and-red-flags", SERVE),
)
MIDDLE = 36  # acknowledged requests after which the server is killed; six people could send over 100
HELD = """
    SELECT person.email, question.page, question.key, response.chosen, response.checked_at IS NOT NULL
    FROM quizzes_response response
    JOIN quizzes_question question ON question.id = response.question_id
    JOIN accounts_user person ON person.id = response.user_id
"""

Place = tuple[str, str, str]  # e-mail, page, question


@dataclass
class Ledger:
    """What the server acknowledged, and what was on its way when it died."""

    saved: dict[Place, list[str]] = field(default_factory=dict)
    checked: set[Place] = field(default_factory=set)
    on_its_way: dict[Place, list[str]] = field(default_factory=dict)
    acknowledged: int = 0
    middle: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, place: Place, chosen: list[str], *, checked: bool) -> None:
        with self.lock:
            self.saved[place] = chosen
            if checked:
                self.checked.add(place)
            self.on_its_way.pop(place, None)
            self.acknowledged += 1
            if self.acknowledged >= MIDDLE:
                self.middle.set()


@dataclass
class Learner:
    """Somebody who answers every question of boxes: changes their mind once, then checks."""

    email: str
    visitor: Visitor
    ledger: Ledger

    def take(self, section: str) -> bool:
        """Answer a section until it is done (True) or the server is gone."""
        try:
            form = self.visitor.get(f"{MODULE}/{section}/").select_one("form.check-form")
            assert form is not None
            for number, question in enumerate(form.select("fieldset[data-question]:not(:has(select))")):
                self._answer(form, question, number)
        except (OSError, http.client.HTTPException):
            return False
        return True

    def _answer(self, form: Tag, question: Tag, number: int) -> None:
        key = str(question["data-question"])
        choices = [str(choice["value"]) for choice in question.select("input:not([type=hidden])")]
        sends = [("save", choices[0]), ("save", choices[1]), (f"check:{key}", choices[1])]
        for step, (act, choice) in enumerate(sends):
            self._send(form, key, act, choice, seq=3 * number + step + 1)

    def _send(self, form: Tag, key: str, act: str, choice: str, *, seq: int) -> None:
        place = (self.email, str(form["action"]).split("/")[2].replace("-", ""), key)
        hidden = {str(i["name"]): str(i["value"]) for i in form.select("input[type=hidden]")}
        sent = {**hidden, "seq": str(seq), "act": act, "question": key, f"answer-{key}": choice}
        self.ledger.on_its_way[place] = [choice]
        status, body = self.visitor.ask("POST", str(form["action"]), sent, htmx=True)
        assert status == 200, f"{act}: {status}"
        if act == "save":
            assert body == "Saved"
        else:
            verdict = BeautifulSoup(body, "html.parser").select_one(f"#verdict-{key}")
            assert verdict is not None
        self.ledger.acknowledge(place, [choice], checked=act != "save")


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    started: list[Server] = []
    yield started
    for server in started:
        server.close()


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path, servers: list[Server]):
    port, ledger = free_port(), Ledger()
    learners = [Learner(person.email, Visitor(port), ledger) for person in PEOPLE]
    for number, (section, command) in enumerate(ROUNDS):
        servers.append(start(command, tmp_path, port))
        if number == 0:
            for learner in learners:
                learner.visitor.sign_in(learner.email, PASSWORD)
        else:
            compare(tmp_path, ledger)
        answer_until_killed(servers[-1], learners, section, ledger)
    servers.append(start(RUN, tmp_path, port))
    compare(tmp_path, ledger)
    assert ledger.checked
    # Nobody has to sign in again, and the demo's second run published nothing over what people answered.
    first = f"{MODULE}/{ROUNDS[0][0]}/"
    assert any(learner.visitor.get(first).select(".verdict") for learner in learners)
    assert all(learner.visitor.get(first).select_one("form.check-form") for learner in learners)
    assert "live, unchanged" in servers[-1].said


def start(command: list[str], data: Path, port: int) -> Server:
    more = {"COURSEMARK_DEMO": "1", "COURSEMARK_BIND": f"127.0.0.1:{port}", "COURSEMARK_WORKERS": "2"}
    return Server(command, data, port, **more)


def answer_until_killed(server: Server, learners: list[Learner], section: str, ledger: Ledger) -> None:
    """Everybody answers at once; the server is killed once the middle is reached, with requests on their way."""
    ledger.acknowledged = 0
    ledger.middle.clear()
    with ThreadPoolExecutor(len(learners)) as pool:
        going = [pool.submit(learner.take, section) for learner in learners]
        reached = ledger.middle.wait(timeout=30)
        server.kill()
    done = [learner.result() for learner in going]
    assert reached, f"only {ledger.acknowledged} requests were acknowledged"
    assert not all(done), "everybody had answered everything before the kill"


def compare(data: Path, ledger: Ledger) -> None:
    """The database is whole and holds what was acknowledged, or what was sent after that."""
    with closing(sqlite3.connect(data / "coursemark.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = database.execute(HELD).fetchall()
    held = {(email, page, key): (json.loads(chosen), checked) for email, page, key, chosen, checked in rows}
    assert len(held) == len(rows)
    for place, chosen in ledger.saved.items():
        assert place in held, f"{place} is gone"
        assert held[place][0] in (chosen, ledger.on_its_way.get(place)), place
        assert held[place][1] or place not in ledger.checked, place
