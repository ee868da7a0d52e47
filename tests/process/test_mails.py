"""Mails go out by a process of their own: whoever publishes does not wait for the mail server."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from authoring.release import release
from learning import mailing
from learning.models import Asking, Policy
from tests import factories, modules
from tests.learning.factories_team import complete
from tests.modules import question
from tests.personas import persona

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]

ONE = {"Growing": question("que1"), "Eating": "Read this."}
DUE = timezone.localdate() + timedelta(days=30)
PATIENCE = 120  # seconds until a process of its own must have sent three mails


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail once it is told to go on, and keeps to whom."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.goes_on = threading.Event()
        self.taken: list[str] = []


class Conversation(socketserver.StreamRequestHandler):
    """As much SMTP as a sender needs."""

    server: MailServer

    def handle(self) -> None:
        self.say("220 here")
        to = ""
        while line := self.rfile.readline().decode().strip().lower():
            if line.startswith("rcpt"):
                to = line.split("<")[1].split(">")[0]
            if line == "data":
                self.say("354 go on")
                while self.rfile.readline().strip() != b".":
                    pass
                self.server.goes_on.wait(PATIENCE)
                self.server.taken.append(to)
            self.say("221 bye" if line == "quit" else "250 ok")
            if line == "quit":
                return

    def say(self, what: str) -> None:
        self.wfile.write(f"{what}\r\n".encode())


@pytest.fixture
def mail_server(settings, monkeypatch) -> Iterator[MailServer]:
    """A mail server, and the settings of a site that uses it and child processes, for both sides."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.UPLOADS = "process"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
        monkeypatch.setenv("COURSEMARK_EMAIL_URL", f"smtp://127.0.0.1:{server.server_address[1]}")
        monkeypatch.setenv("COURSEMARK_DATABASE_URL", database_url())
        yield server
        server.goes_on.set()
        server.shutdown()


def database_url() -> str:
    """Where the test's own database is."""
    its = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{its['NAME']}"
    place = f"{its['HOST']}:{its['PORT']}" if its["PORT"] else its["HOST"].replace("/", "%2F")
    return f"postgres://{its['USER']}:{its['PASSWORD']}@{place}/{its['NAME']}"


def test_whoever_publishes_does_not_wait_for_the_mail_server(mail_server):
    live = modules.publish(modules.source("Apples", ONE))
    for name in "abc":
        user = factories.person(f"{name}@example.org", organisation=persona("partner").organisation)
        complete(user, live)
    draft = modules.store(modules.source("Apples", {**ONE, "Eating": "Read that."}))
    receipt = release(draft, by=persona("author"), why="law", policy=Policy.RETRAIN, due=DUE, confirmed=3)

    asking = [receipt.publications[0].pk]
    told = mailing.told(asking)  # published, and the server has not taken the first one
    assert (told.sent, told.owed, told.going) == (0, 3, True)
    mailing.start()  # pressed again meanwhile: nobody is told twice
    mail_server.goes_on.set()
    until = time.monotonic() + PATIENCE
    while (told := mailing.told(asking)).owed or mailing.is_going():
        assert time.monotonic() < until, told
        time.sleep(0.1)
    assert sorted(mail_server.taken) == [f"{name}@example.org" for name in "abc"]
    assert set(Asking.objects.values_list("mail", flat=True)) == {"sent"}
