"""Mails about a new completion: owed in the transaction, sent after it, once, and counted on the receipt."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Organisation, User
from authoring import withdrawing
from authoring.receipts import Receipt
from authoring.release import release
from authoring.rolling_back import roll_back
from learning import mailing
from learning.models import Asking, Policy
from tests import factories, modules
from tests.browsing import text_of
from tests.learning.factories_team import complete
from tests.modules import question
from tests.personas import persona

pytestmark = pytest.mark.django_db

ONE = {"Growing": question("que1"), "Eating": "Read this."}
DUE = timezone.localdate() + timedelta(days=30)


def asked_again(*names: str) -> Receipt:
    """A later publication asks these people once more."""
    draft = modules.store(modules.source("Apples", {**ONE, "Eating": "Read this and that."}))
    return release(
        draft, by=persona("author"), why="law", policy=Policy.RETRAIN, due=DUE, confirmed=len(names)
    )


def asked(*names: str) -> Receipt:
    """People with these names completed the module, and it is asked of them anew."""
    live = modules.publish(modules.source("Apples", ONE))
    for name in names:
        user = factories.person(f"{name}@example.org", organisation=persona("partner").organisation)
        complete(user, live)
    draft = modules.store(modules.source("Apples", {**ONE, "Eating": "Read that."}))
    return release(
        draft, by=persona("author"), why="law", policy=Policy.RETRAIN, due=DUE, confirmed=len(names)
    )


def mails_on(client: Client, receipt: Receipt) -> Tag:
    """What the receipt says about mails."""
    client.force_login(persona("author"))
    shown = BeautifulSoup(client.get(f"/authoring/receipts/{receipt.id}/").content, "html.parser").select_one(
        "#mails"
    )
    assert shown is not None
    return shown


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def mails_of(*names: str) -> list[str]:
    return [Asking.objects.get(user__email=f"{name}@example.org").mail for name in names]


class Refusing(BaseEmailBackend):
    """A mail server that works and knows nobody but d."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if not messages[0].to[0].startswith("d"):
            raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})
        return len(messages)


class Ended(BaseEmailBackend):
    """A mail server in the middle of whose second mail the sender is ended."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if messages[0].to[0].startswith("b"):
            raise SystemExit
        return len(messages)


class Overtaken(BaseEmailBackend):
    """A mail server that takes one mail while another sender takes those to everybody else."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        Asking.objects.exclude(user__email=messages[0].to[0]).update(mail="taken")
        return len(messages)


@pytest.fixture
def ended(settings):
    """A sender was ended in the middle of the second of three mails."""
    receipt = asked("a", "b", "c")
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Ended"
    with pytest.raises(SystemExit):
        mailing.send_owed()
    settings.EMAIL_BACKEND = working
    return receipt


def test_what_is_owed_is_known_before_anything_is_sent_and_counted_once_it_is(client, mailoutbox):
    receipt = asked("a", "b")
    assert mails_of("a", "b") == ["owed", "owed"]
    assert "2 mails have not been sent yet" in text_of(mails_on(client, receipt))
    assert mailing.send_owed() == 2
    assert "2 people have been told by mail" in text_of(mails_on(client, receipt))
    assert mails_on(client, receipt).form is None
    assert mailing.send_owed() == 0
    assert len(mailoutbox) == 2


def test_what_a_sender_left_is_sent_from_the_receipt_and_nothing_twice(ended, client, mailoutbox):
    shown = mails_on(client, ended)
    assert "One person has been told by mail" in text_of(shown)
    assert "One mail has not been sent yet" in text_of(shown)
    assert "One mail could not be sent, or it is not known whether it was" in text_of(shown)
    answer = client.post(shown.form["action"])
    assert (answer.status_code, answer["Location"]) == (303, f"/authoring/receipts/{ended.id}/")
    assert [mail.to for mail in mailoutbox] == [["c@example.org"]]
    assert "2 people have been told by mail" in text_of(mails_on(client, ended))


def test_while_somebody_sends_the_receipt_says_how_far_it_is(ended, client):
    held = mailing.wait_for_turn()
    try:
        shown = mails_on(client, ended)
    finally:
        os.close(held)
    assert "1 of 3 mails have gone out" in text_of(shown)
    assert shown["hx-get"] == f"/authoring/receipts/{ended.id}/"
    assert shown.form is None
    assert "hx-get" not in mails_on(client, ended).attrs


def test_what_another_sender_takes_meanwhile_is_not_sent_again(settings):
    asked("a", "b")
    settings.EMAIL_BACKEND = f"{__name__}.Overtaken"
    assert mailing.send_owed() == 1
    assert mails_of("a", "b") == ["sent", "taken"]


@pytest.mark.trust("AC-10")
def test_who_is_suspended_before_the_mail_goes_out_gets_none(mailoutbox):
    asked("a", "b")
    User.objects.filter(email="a@example.org").update(is_active=False)
    assert mailing.send_owed() == 1
    assert [mail.to for mail in mailoutbox] == [["b@example.org"]]
    User.objects.filter(email="a@example.org").update(is_active=True)
    assert mailing.send_owed() == 0


@pytest.mark.trust("AC-10")
def test_whose_organisation_is_suspended_gets_none(mailoutbox):
    asked("a")
    Organisation.objects.filter(people__email="a@example.org").update(is_active=False)
    assert mailing.send_owed() == 0
    assert mailoutbox == []


def test_the_command_sends_what_is_owed(mailoutbox, capsys):
    asked("a", "b")
    call_command("send_mails")
    assert capsys.readouterr().out == "Mails sent: 2.\n"
    assert len(mailoutbox) == 2


def test_who_is_no_longer_asked_or_did_it_gets_no_mail_that_was_still_owed(client, mailoutbox):
    receipt = asked("a", "b")
    complete(person("a"), receipt.publications[0].version)
    assert "One mail has not been sent yet" in text_of(mails_on(client, receipt))
    roll_back(receipt.publications, by=persona("author"), why="too soon")
    assert mailing.send_owed() == 0
    assert mailoutbox == []
    assert mails_on(client, receipt).form is None


def test_who_is_asked_by_a_later_publication_too_gets_one_mail_and_none_once_they_did_it(client, mailoutbox):
    first, last = asked("a", "b"), asked_again("a", "b")
    complete(person("a"), last.publications[0].version)
    assert mails_on(client, first).form is None
    assert mailing.send_owed() == 1
    assert [mail.to for mail in mailoutbox] == [["b@example.org"]]


def test_of_a_module_that_is_withdrawn_nobody_is_told_until_it_is_restored(mailoutbox):
    receipt = asked("a")
    module = receipt.publications[0].module
    withdrawing.withdraw(module, by=persona("author"), why="wrong")
    assert mailing.send_owed() == 0
    withdrawing.restore(module, by=persona("author"), why="right")
    assert mailing.send_owed() == 1


def test_addresses_that_the_server_refuses_keep_no_mail_from_the_others(settings):
    asked("a", "b", "c", "d")
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert mailing.send_owed() == 1
    assert mails_of("a", "b", "c", "d") == ["lost", "lost", "lost", "sent"]


def test_an_address_that_no_mail_can_go_to_is_counted(client, mailoutbox):
    receipt = asked("a", "b")
    User.objects.filter(pk=person("a").pk).update(email="a@example.org\nbcc: everybody@example.org")
    assert mailing.send_owed() == 1
    assert "One mail could not be sent" in text_of(mails_on(client, receipt))


def test_without_a_mail_server_nothing_is_owed_and_the_receipt_says_so(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    receipt = asked("a")
    assert mails_of("a") == [""]
    assert "No mail server is set up, so nobody gets a mail" in text_of(mails_on(client, receipt))
