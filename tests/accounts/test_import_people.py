"""Importing people: an answer for each line, all or nothing, and twice is as once."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import invitations
from accounts.models import AuditEvent, Group, Oversight, User
from accounts.people import import_people
from accounts.people_file import Answer, Outcome, read_people
from tests import factories
from tests.personas import persona

pytestmark = pytest.mark.django_db

HEADER = "e-mail,name,organisation,group,role\n"


@pytest.fixture(autouse=True)
def _companies() -> None:
    factories.organisation("Acme")
    factories.organisation("Globex")


def run(text: str, *, by: User | None = None, dry_run: bool = False) -> list[Answer]:
    return import_people(read_people((HEADER + text).encode()), by=by, dry_run=dry_run)


def everything() -> tuple[object, ...]:
    people = User.objects.order_by("pk").values(
        "email", "name", "organisation", "group", "is_author", "is_staff", "is_active"
    )
    grants = Oversight.objects.order_by("pk").values("manager", "organisation", "group")
    return list(people), list(grants), Group.objects.count(), AuditEvent.objects.count(), len(mail.outbox)


FOUR = """ada@acme.test,Ada,Acme,North,
bob@acme.test,Bob,Acme,north,manager
cleo@acme.test,Cleo,Acme,,manager
dan@globex.test,Dan,Globex,,Learner
"""


def test_people_come_in_with_what_the_line_says() -> None:
    answers = run(FOUR)
    assert [answer.outcome for answer in answers] == [Outcome.ADD] * 4
    ada, bob, cleo, dan = (User.objects.get(email=answer.email) for answer in answers)
    north = Group.objects.get()
    assert (north.name, north.organisation.name) == ("North", "Acme")
    assert (ada.name, ada.group, ada.organisation) == ("Ada", north, north.organisation)
    assert set(User.objects.overseen_by(bob)) == {ada, bob}
    assert set(User.objects.overseen_by(cleo)) == {ada, bob, cleo}
    assert not User.objects.overseen_by(dan).exists()
    assert not any(
        user.has_usable_password() or user.is_author or user.is_staff for user in (ada, bob, cleo, dan)
    )
    assert AuditEvent.objects.filter(what="person added", by=None).count() == 4


def test_a_dry_run_says_the_same_and_does_nothing() -> None:
    before = everything()
    answers = run(FOUR, dry_run=True)
    assert everything() == before
    assert [answer.text for answer in answers] == [
        "Would be added as learner in Acme, North (a new group).",
        "Would be added as manager of North (a new group).",
        "Would be added as manager of Acme.",
        "Would be added as learner in Globex.",
    ]
    done = run(FOUR)
    assert [(answer.line, answer.email, answer.outcome) for answer in done] == [
        (answer.line, answer.email, answer.outcome) for answer in answers
    ]


def test_a_second_run_changes_nothing() -> None:
    run(FOUR)
    before = everything()
    answers = run(FOUR)
    assert everything() == before
    assert [answer.outcome for answer in answers] == [Outcome.THERE] * 4


def test_a_second_run_says_who_has_not_signed_in_yet_and_how_to_send_the_link_again() -> None:
    run(FOUR)
    ada = User.objects.get(email="ada@acme.test")
    ada.set_password("orchard-lantern-7")
    ada.save()
    first, second, *_rest = run(FOUR)
    assert (first.text, first.remedy) == ("Already there.", "")
    assert second.text == "Already there, has not signed in yet."
    assert "“Send a link to set a password”" in second.remedy
    [differs] = run("bob@acme.test,Robert,Acme,north,manager\n")
    assert differs.text == "Already there, has not signed in yet. The file differs in: name."
    assert "“Send a link to set a password”" in differs.remedy


def test_a_line_that_differs_from_the_person_is_told_and_changes_nothing() -> None:
    run(FOUR)
    before = everything()
    [answer] = run("ada@acme.test,Ada Other,Globex,,author\n")
    assert everything() == before
    assert answer.outcome is Outcome.THERE
    assert "name, organisation, group, role" in answer.text
    assert answer.remedy


@pytest.mark.parametrize(
    ("line", "text", "remedy"),
    [
        ("ada.acme.test,Ada,Acme", "“ada.acme.test” is not an e-mail address", "ada@example.com"),
        (",Ada,Acme", "e-mail address is missing", "ada@example.com"),
        (f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 60}.test,Ada,Acme", "e-mail address", ""),
        ("ada@acme.test,,Acme", "name is missing", "certificates"),
        (f"ada@acme.test,{'A' * 201},Acme", "longer than 200", "certificates"),
        ("ada@acme.test,Ada,Amce", "no organisation “Amce”", "“Acme”"),
        ("ada@acme.test,Ada,Initech Worldwide", "no organisation", "Acme, Globex"),
        ("ada@acme.test,Ada,", "organisation is missing", "Acme, Globex"),
        ("ada@acme.test,Ada,Acme,,boss", "“boss” is not a role", "learner, manager, author, admin"),
        (f"ada@acme.test,Ada,Acme,{'N' * 201}", "group's name is longer", "Shorten"),
        ("new@acme.test,New,Acme\nNEW@acme.test,New,Acme", "Line 3 has the same", "Remove"),
    ],
)
def test_a_problem_is_told_with_how_to_mend_it_and_holds_all_back(line: str, text: str, remedy: str) -> None:
    before = everything()
    good, *_rest, bad = run("fine@acme.test,Fine,Acme,North,manager\n" + line)
    assert everything() == before
    assert (good.outcome, good.line) == (Outcome.ADD, 2)
    assert good.text.startswith("Would be added")
    assert bad.outcome is Outcome.PROBLEM
    assert text in bad.text
    assert remedy in bad.remedy
    assert bad.remedy


def test_a_malformed_line_holds_all_back_too() -> None:
    before = everything()
    answers = run("fine@acme.test,Fine,Acme\na@acme.test,A,Acme,,,,,x\n")
    assert everything() == before
    assert [answer.outcome for answer in answers] == [Outcome.ADD, Outcome.PROBLEM]


def test_a_suspended_organisation_takes_nobody_in() -> None:
    factories.organisation("Gone", is_active=False)
    [answer] = run("ada@gone.test,Ada,Gone")
    assert (answer.outcome, "suspended" in answer.text) == (Outcome.PROBLEM, True)


def test_somebodys_second_address_is_not_taken() -> None:
    persona("partner").emailaddress_set.create(email="second@acme.test", verified=True)
    [answer] = run("second@acme.test,Second,Acme")
    assert answer.outcome is Outcome.PROBLEM


@pytest.mark.parametrize(
    ("by", "role", "outcome"),
    [
        (None, "admin", Outcome.ADD),
        ("admin", "admin", Outcome.ADD),
        ("admin", "author", Outcome.ADD),
        ("manager", "author", Outcome.PROBLEM),
        ("manager", "admin", Outcome.PROBLEM),
        ("author", "author", Outcome.PROBLEM),
        ("manager", "learner", Outcome.ADD),
    ],
)
def test_only_the_command_line_and_admins_make_authors_and_admins(
    by: str | None, role: str, outcome: Outcome
) -> None:
    [answer] = run(f"ada@acme.test,Ada,Acme,,{role}", by=persona(by) if by else None)
    assert answer.outcome is outcome
    user = User.objects.filter(email="ada@acme.test").first()
    assert (user is None) is (outcome is Outcome.PROBLEM)
    if user:
        assert (user.is_author, user.is_staff, user.is_superuser) == (
            role == "author",
            role == "admin",
            False,
        )


def test_each_new_person_gets_a_link_that_sets_a_password() -> None:
    run("ada@acme.test,Ada <b>Löwe</b>,Acme")
    [message] = mail.outbox
    assert message.to == ["ada@acme.test"]
    assert message.subject == "Coursemark: Your account is ready: set a password"
    assert isinstance(message, mail.EmailMultiAlternatives)
    html = str(message.alternatives[0].content)
    assert "Ada <b>Löwe</b>" in str(message.body)
    assert "Ada &lt;b&gt;Löwe&lt;/b&gt;" in html
    [link] = re.findall(r"https?://\S+/password/reset/key/\S+", str(message.body))
    assert link in html
    client = Client()
    page = client.get(re.sub(r"^https?://[^/]+", "", link), follow=True)
    form = {"password1": "orchard-lantern-7", "password2": "orchard-lantern-7"}
    client.post(page.redirect_chain[-1][0], form)
    response = client.post("/accounts/login/", {"login": "ada@acme.test", "password": "orchard-lantern-7"})
    assert response.headers["Location"] == "/"


def test_a_mail_that_cannot_be_sent_is_told_and_undoes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    send = EmailBackend.send_messages

    def fails_for_bob(backend: EmailBackend, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["bob@acme.test"]:
            raise ConnectionRefusedError
        return send(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", fails_for_bob)
    answers = run(FOUR)
    assert [bool(answer.remedy) for answer in answers] == [False, True, False, False]
    assert "could not be sent" in answers[1].text
    assert "“Send a link to set a password”" in answers[1].remedy
    assert User.objects.filter(email="bob@acme.test").exists()
    assert len(mail.outbox) == 3


class Connection(EmailBackend):
    """Counts how often it is opened; opens `times` times, then the server is gone."""

    opened = 0
    times = 99
    is_open = False

    def open(self) -> bool:
        if self.is_open:
            return False
        if Connection.opened == self.times:
            raise ConnectionRefusedError
        Connection.opened += 1
        self.is_open = True
        return True

    def close(self) -> None:
        self.is_open = False

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:  # type: ignore[override]
        assert self.is_open
        if messages[0].to == ["bob@acme.test"]:
            raise SMTPServerDisconnected
        return super().send_messages(messages)


@pytest.mark.parametrize(
    ("times", "opened", "unsent"),
    [
        (99, 2, ["bob@acme.test"]),
        (1, 1, ["bob@acme.test", "cleo@acme.test", "dan@globex.test"]),
        (0, 0, ["ada@acme.test", "bob@acme.test", "cleo@acme.test", "dan@globex.test"]),
    ],
)
def test_all_mails_go_over_one_connection_and_who_got_none_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, times: int, opened: int, unsent: list[str]
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Connection"
    monkeypatch.setattr(Connection, "opened", 0)
    monkeypatch.setattr(Connection, "times", times)
    answers = run(FOUR)
    assert Connection.opened == opened
    assert [answer.email for answer in answers if "could not be sent" in answer.text] == unsent
    assert len(mail.outbox) == 4 - len(unsent)
    assert User.objects.count() == 4


def test_a_suspended_person_gets_no_link() -> None:
    with pytest.raises(ValueError, match="suspended"):
        invitations.send_password_links([persona("partner"), persona("suspended")])
    assert mail.outbox == []


def test_looking_through_takes_as_many_queries_for_three_as_for_one(
    django_assert_num_queries: Callable[..., DjangoAssertNumQueries],
) -> None:
    run(FOUR)
    lines = FOUR.splitlines(keepends=True)
    new = [f"new{number}@acme.test,New,Acme,South,manager\n" for number in range(3)]
    for text in (lines[0] + new[0], "".join(lines[:3] + new)):
        with django_assert_num_queries(6):  # four look-ups between savepoint and release
            run(text, dry_run=True)


def command(*args: str) -> str:
    out = StringIO()
    call_command("import_people", *args, stdout=out)
    return out.getvalue()


def test_the_command_answers_each_line(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(HEADER + FOUR, encoding="utf-8-sig")
    told = command(str(file), "--dry-run").splitlines()
    assert told[0] == f"+ {file}:2: ada@acme.test: Would be added as learner in Acme, North (a new group)."
    assert told[-1] == "4 would be added, 0 already there."
    assert User.objects.count() == 0
    assert command(str(file)).splitlines()[-1] == "4 added, 0 already there."
    assert command(str(file)).splitlines()[-1] == "0 added, 4 already there."
    assert len(mail.outbox) == 4


def test_the_command_fails_with_a_problem_and_without_a_file(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(HEADER + FOUR + "x,X,Acme\n")
    with pytest.raises(CommandError, match="Nothing was written: 1 of 5 lines"):
        command(str(file))
    assert User.objects.count() == 0
    for missing in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            command(str(missing))
