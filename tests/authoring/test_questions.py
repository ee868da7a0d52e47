"""What authors see of a module's questions: counted from first answers, by wording, at a fixed cost."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from authoring.questions import Asked, Overview, overview
from courses.models import Module, ModuleVersion
from quizzes import rounds
from quizzes.models import QuizVersion, Response
from quizzes.opening import begin
from quizzes.sent import Sent
from quizzes.standing import standings
from tests import factories
from tests.modules import a_module, publish, question, source
from tests.personas import client_of

pytestmark = pytest.mark.django_db

ADDRESS = "/authoring/modules/apples/questions/"
THREE = {"Growing": question("que1") + question("que2"), "Eating": question("que3")}


def people(count: int) -> list[User]:
    company = factories.organisation("Acme")
    return [factories.person(organisation=company) for _ in range(count)]


def quiz_of(version: ModuleVersion, section: str) -> QuizVersion:
    return QuizVersion.objects.get(section_versions__version=version, section_versions__title=section)


def answer(user: User, quiz: QuizVersion, **choices: int | None) -> None:
    """Answer questions of a check by the number of an option, all at once; None leaves a question blank."""
    standing = standings(user, {quiz.quiz_id: quiz.pk})[quiz.quiz_id]
    asked = {each.spec.key: each.spec for each in standing.asked()}
    given = {key: [] if n is None else [asked[key].choices[n].key] for key, n in choices.items()}
    sent = Sent(token=standing.token, sender=uuid4(), answers=given)
    rounds.check(user=user, quiz=quiz, sent=sent, blanks_too=True)


def answered(version: ModuleVersion, count: int = 12) -> None:
    """The first half of so many people is right everywhere; the others only in que3."""
    for number, person in enumerate(people(count)):
        good = number < count // 2
        answer(person, quiz_of(version, "Growing"), que1=1 if good else 0, que2=1 if good else 2)
        answer(person, quiz_of(version, "Eating"), que3=1)


def seen(version: ModuleVersion) -> Overview:
    return overview(Module.objects.get(pk=version.module_id))


def named(version: ModuleVersion, name: str) -> Asked:
    found = seen(version)
    return next(asked for asked in (*found.asked, *found.gone) if asked.title == name)


def test_facility_shares_and_discrimination_of_first_answers() -> None:
    version = a_module("Apples", THREE)
    answered(version)
    figures = named(version, "que1").now.figures
    assert figures
    assert figures.graded
    assert figures.graded.facility == 0.5
    assert [option.share for option in figures.options] == [0.5, 0.5, 0]
    # The rest is 1 for the good ones and 1/2 for the others.
    assert figures.graded.discrimination == pytest.approx(1)
    assert figures.options[1].best == pytest.approx(1)


def test_a_later_round_changes_nothing() -> None:
    version = a_module("Apples", THREE)
    answered(version)
    quiz = quiz_of(version, "Growing")
    before = named(version, "que1")
    for person in User.objects.filter(rounds__quiz=quiz.quiz, rounds__passed=False):
        standing = standings(person, {quiz.quiz_id: quiz.pk})[quiz.quiz_id]
        begin(user=person, quiz=quiz, sent=Sent(token=standing.token, sender=uuid4()))
        answer(person, quiz, que1=1, que2=1)
    assert named(version, "que1").now.figures == before.now.figures
    assert named(version, "que1").now.tally == before.now.tally


def test_each_wording_has_its_own_figures() -> None:
    version = a_module("Apples", THREE)
    answered(version)
    reworded = question("que1").replace("Which one is right?", "Which one is it now?") + question("que2")
    version = publish(source("Apples", {**THREE, "Growing": reworded}))
    asked = named(version, "que1")
    assert [(w.number, w.live, w.tally.answered) for w in asked.wordings] == [(2, True, 0), (1, False, 12)]
    for person in people(10):
        answer(person, quiz_of(version, "Growing"), que1=0, que2=1)
    asked = named(version, "que1")
    assert [w.figures and w.figures.graded and w.figures.graded.facility for w in asked.wordings] == [0, 0.5]
    page = client_of("author").get(f"{ADDRESS}{asked.pk}/").content.decode()
    assert "Its wordings side by side" in page


def test_a_question_that_went_away_stands_apart() -> None:
    version = a_module("Apples", THREE)
    answered(version)
    version = publish(source("Apples", {**THREE, "Growing": question("que1")}))
    found = seen(version)
    assert sorted(asked.title for asked in found.asked) == ["que1", "que3"]
    assert [asked.title for asked in found.gone] == ["que2"]


def test_shown_counts_who_has_not_answered() -> None:
    version = a_module("Apples", THREE)
    quiz = quiz_of(version, "Growing")
    person = people(1)[0]
    standing = standings(person, {quiz.quiz_id: quiz.pk})[quiz.quiz_id]
    rounds.save(user=person, quiz=quiz, sent=Sent(token=standing.token, sender=uuid4()))
    now = named(version, "que1").now
    assert (now.shown, now.tally.answered) == (1, 0)


def test_blank_is_counted_apart() -> None:
    version = a_module("Apples", THREE)
    for person in people(10):
        answer(person, quiz_of(version, "Growing"), que1=None, que2=1)
    figures = named(version, "que1").now.figures
    assert figures
    assert figures.blank == 1
    assert sum(option.share for option in figures.options) == 0


def test_reliability_by_those_who_answered_everything() -> None:
    version = a_module("Apples", THREE)
    answered(version)
    answer(people(1)[0], quiz_of(version, "Growing"), que1=1, que2=1)
    found = seen(version).reliability
    assert found
    assert found.people == 12
    # Two questions go together and the third never differs: 3/2 · (1 − 2v / 4v).
    assert found.alpha == pytest.approx(0.75)


def test_time_is_known_from_the_second_check_on() -> None:
    version = a_module("Apples", THREE)
    quiz, person = quiz_of(version, "Growing"), people(1)[0]
    answer_one(person, quiz, "que1")
    Response.objects.filter(user=person, checked_at__isnull=False).update(
        checked_at=timezone.now() - timedelta(seconds=40)
    )
    answer_one(person, quiz, "que2")
    times = dict(Response.objects.filter(user=person).values_list("question__key", "seconds"))
    assert times["que1"] is None
    assert times["que2"] is not None
    assert times["que2"] >= 40


def test_no_time_of_several_at_once_or_of_who_was_away() -> None:
    version = a_module("Apples", THREE)
    quiz, (at_once, away) = quiz_of(version, "Growing"), people(2)
    answer(at_once, quiz, que1=1, que2=1)
    answer_one(away, quiz, "que1")
    Response.objects.filter(user=away, checked_at__isnull=False).update(
        checked_at=timezone.now() - timedelta(hours=2)
    )
    answer_one(away, quiz, "que2")
    assert not Response.objects.filter(seconds__isnull=False).exists()


def test_of_a_drawn_check_each_question_counts_where_it_was_drawn() -> None:
    four = "".join(question(f"que{n}") for n in range(4))
    version = a_module("Apples", {"Growing": f":::{{quiz}} Drawn\n:id: drawn\n:draw: 2\n\n:::\n{four}"})
    quiz = quiz_of(version, "Growing")
    for person in people(24):
        pending = standings(person, {quiz.quiz_id: quiz.pk})[quiz.quiz_id]
        begin(user=person, quiz=quiz, sent=Sent(token=pending.token, sender=uuid4()))
        drawn = standings(person, {quiz.quiz_id: quiz.pk})[quiz.quiz_id].asked()
        answer(person, quiz, **dict.fromkeys((each.spec.key for each in drawn), 1))
    found = seen(version)
    assert len(found.asked) == 4
    assert sum(asked.now.shown for asked in found.asked) == 48
    assert found.reliability is None, "nobody answered all of them"


def answer_one(user: User, quiz: QuizVersion, key: str) -> None:
    standing = standings(user, {quiz.quiz_id: quiz.pk})[quiz.quiz_id]
    asked = next(each.spec for each in standing.asked() if each.spec.key == key)
    sent = Sent(token=standing.token, sender=uuid4(), answers={key: [asked.choices[1].key]})
    rounds.check(user=user, quiz=quiz, sent=sent, only=key)


# -- The pages ---------------------------------------------------------------------------


def test_the_list_says_what_is_striking_first() -> None:
    version = a_module("Apples", THREE)
    answered(version, 40)
    page = unescape(client_of("author").get(ADDRESS).content.decode())
    assert "Nobody picks C" in page
    assert "Too easy to tell" in page
    assert page.index(">que1<") < page.index(">que3<"), "an option that is dead, before one that is easy"
    assert "50 %".replace(" ", "\N{NO-BREAK SPACE}") in page
    assert '<svg class="chart"' in page
    assert "style=" not in page


def test_nothing_is_shown_of_few_answers() -> None:
    version = a_module("Apples", THREE)
    answered(version, 8)
    client = client_of("author")
    page = client.get(ADDRESS).content.decode()
    assert "2 more answers are needed to show anything." in page
    one = client.get(f"{ADDRESS}{named(version, 'que1').pk}/").content.decode()
    assert "Fewer than 10 people have answered it" in one
    for told in (page, one):
        assert "chart" not in told.replace("charts", "")
        assert "%" not in told.split("<details")[0].replace("27 %", "").replace("95 %", "")


def test_no_colour_below_thirty() -> None:
    version = a_module("Apples", THREE)
    for person in people(10):
        answer(person, quiz_of(version, "Growing"), que1=0, que2=0)
    client = client_of("author")
    page = client.get(ADDRESS).content.decode()
    assert "No better than guessing" in page
    assert 'class="state wrong"' not in page
    for person in people(20):
        answer(person, quiz_of(version, "Growing"), que1=0, que2=0)
    assert 'class="state wrong"' in client.get(ADDRESS).content.decode()


def test_a_module_without_questions() -> None:
    a_module("Apples", {"Growing": "Words."})
    assert "This module asks nothing yet" in client_of("author").get(ADDRESS).content.decode()


def test_a_question_of_another_module_is_not_found() -> None:
    other = a_module("Pears", {"Growing": question("pear1")})
    a_module("Apples", THREE)
    assert client_of("author").get(f"{ADDRESS}{named(other, 'pear1').pk}/").status_code == 404


@pytest.mark.parametrize("who", ["employee", "partner", "manager", "admin"])
def test_nobody_else_sees_them(who: str) -> None:
    version = a_module("Apples", THREE)
    assert client_of(who).get(ADDRESS).status_code == 404
    assert client_of(who).get(f"{ADDRESS}{named(version, 'que1').pk}/").status_code == 404


def test_the_module_leads_to_them() -> None:
    a_module("Apples", THREE)
    assert f'href="{ADDRESS}"' in client_of("author").get("/authoring/modules/apples/").content.decode()


def test_the_pages_cost_the_same_for_one_question_and_for_three() -> None:
    client, counts = client_of("author"), []
    for number in (1, 3):
        name = f"Module {number}"
        version = a_module(name, {"Growing": "".join(question(f"que{n}") for n in range(number))})
        for person in people(10):
            answer(person, quiz_of(version, "Growing"), **{f"que{n}": 1 for n in range(number)})
        listed = f"/authoring/modules/module-{number}/questions/"
        client.get(listed)
        for address in (listed, f"{listed}{named(version, 'que0').pk}/"):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            counts.append(len(caught))
    assert counts[0] == counts[1] == counts[2] == counts[3] <= 7, counts
