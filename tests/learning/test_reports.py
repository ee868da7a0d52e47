"""The team report: who is in it, how far they are, and that it costs the same for any number of people."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import ModuleVersion
from learning.models import Completion
from learning.reports import Row, cell, sections_of, team_report
from tests import factories
from tests.learning.factories_team import answer, complete, open_section, take
from tests.modules import a_module, publish, question, source
from tests.personas import persona

pytestmark = pytest.mark.django_db

TWO_SECTIONS = {"Growing": question("q-1") + question("q-2"), "Eating": question("q-3")}
EMPLOYEES = "visibility:\n- Employee"


@pytest.fixture
def boss() -> User:
    """Oversees a company to which they do not belong."""
    boss = factories.person("boss@team.test", name="Boss")
    factories.oversight(boss, factories.organisation("Acme"))
    return boss


def colleague(name: str = "", company: str = "Acme", **fields) -> User:
    audiences = ["Employee"] if company == "Coursemark" else ["Partner"]
    if name:
        fields["name"] = name
    return factories.person(organisation=factories.organisation(company, audiences), **fields)


def row_of(boss: User, person: User, version: ModuleVersion) -> Row:
    report = team_report(boss)
    return next(r for r in report.rows if r.person == person and r.version.module_id == version.module_id)


def names(report) -> list[str]:
    return [str(person) for person in report.people]


# -- How far somebody is ---------------------------------------------------------------


def test_from_not_started_to_done(boss):
    version, person = a_module("Apples", TWO_SECTIONS), colleague()

    def told():
        row = row_of(boss, person, version)
        return row.state, row.outline.percent, row.first, row.best, row.completion is not None

    assert told() == ("not_started", 0, None, None, False)
    assert row_of(boss, person, version).last_active is None
    open_section(person, version, "Growing")
    assert told() == ("under_way", 0, None, None, False)
    assert row_of(boss, person, version).last_active is not None
    answer(person, version, "Growing", "q-1")
    assert told() == ("under_way", 0, None, None, False)  # the first round is still open
    answer(person, version, "Growing", "q-2", right=False)
    assert told() == ("under_way", 0, None, Fraction(1, 3), False)
    take(person, version, "Growing")
    assert told() == ("under_way", 50, None, Fraction(2, 3), False)
    take(person, version, "Eating")
    assert told() == ("done", 100, Fraction(2, 3), Fraction(1), True)

    row = row_of(boss, person, version)
    completion = Completion.objects.get()
    assert row.completion == completion
    assert row.certificate_number == completion.certificate.serial


def test_a_cell_for_each_section(boss):
    version, person = a_module("Apples", TWO_SECTIONS), colleague()
    take(person, version, "Growing", wrong=["q-2"])
    take(person, version, "Growing")
    open_section(person, version, "Eating")
    row = row_of(boss, person, version)
    assert [entry.title for entry in sections_of((row,))] == ["Growing", "Eating"]
    growing, eating = (cell(row, entry.section) for entry in sections_of((row,)))
    assert (growing.state, growing.first, growing.best) == ("done", Fraction(1, 2), Fraction(1))
    assert growing.done_at is not None
    assert (eating.state, eating.first, eating.best, eating.done_at) == ("under_way", None, None, None)


def test_practice_does_not_count_in_a_score(boss):
    practice = ":::{quiz} Warm-up\n:id: warm-up\n:kind: practice\n" + question("p-1") + "\n:::\n"
    version, person = a_module("Apples", {"Growing": practice, "Eating": question("q-3")}), colleague()
    take(person, version, "Growing", wrong=["p-1"])
    assert row_of(boss, person, version).best is None
    take(person, version, "Eating")
    assert row_of(boss, person, version).first == 1


def test_a_module_in_which_nothing_counts_is_not_called_late(boss):
    files = source("Apples", {"Growing": ""})
    del files["apples/growing.md"]
    version, person = publish(files), colleague()
    row = row_of(boss, person, version)
    assert (row.state, row.outline.percent) == ("empty", None)


def test_a_completion_keeps_its_scores_when_the_module_changes(boss):
    version, person = a_module("Apples", TWO_SECTIONS), colleague()
    take(person, version, "Growing", wrong=["q-2"])
    take(person, version, "Growing")
    take(person, version, "Eating")
    late = colleague()
    take(late, version, "Growing")

    newer = {
        "Growing": question("q-1") + question("q-2") + question("q-9"),
        "Eating": "",
        "Storing": question("q-5"),
    }
    live = a_module("Apples", newer)
    row = row_of(boss, person, live)
    assert (row.state, row.outline.percent, row.first, row.best) == ("done", 100, Fraction(2, 3), 1)
    assert row.completion.version == version
    assert row.version == live
    storing = next(e.section for e in sections_of((row,)) if e.title == "Storing")
    assert cell(row, storing).state == "added"
    assert cell(row_of(boss, late, live), storing).state == "not_started"


# -- What is for whom ------------------------------------------------------------------


@pytest.mark.trust("LK-01")
def test_a_module_for_nobody_in_the_team_is_not_in_the_report(boss):
    a_module("Apples", TWO_SECTIONS)
    a_module("Pears", TWO_SECTIONS, front=EMPLOYEES)
    colleague()
    colleague(company="Coursemark")
    assert [version.title for version in team_report(boss).modules] == ["Apples"]


@pytest.mark.trust("LK-01")
def test_each_person_in_the_modules_and_sections_that_are_for_them(boss):
    factories.oversight(boss, factories.organisation("Coursemark", ["Employee"]))
    partner, employee = colleague("Paula"), colleague("Emil", "Coursemark")
    pears = a_module("Pears", TWO_SECTIONS, front=EMPLOYEES)
    apples = a_module("Apples", TWO_SECTIONS, section_front={"Eating": EMPLOYEES})

    report = team_report(boss)
    assert {(r.person, r.version) for r in report.rows} == {
        (partner, apples),
        (employee, apples),
        (employee, pears),
    }
    take(partner, apples, "Growing")
    take(employee, apples, "Growing")
    assert row_of(boss, partner, apples).state == "done"
    assert row_of(boss, employee, apples).outline.percent == 50

    of_apples = team_report(boss).only(module=apples.module_id)
    eating = sections_of(of_apples.rows)[1].section
    assert {r.person: cell(r, eating) is None for r in of_apples.rows} == {partner: True, employee: False}
    of_partner = tuple(r for r in of_apples.rows if r.person == partner)
    assert [entry.title for entry in sections_of(of_partner)] == ["Growing"]


def test_what_was_completed_stays_when_the_module_is_narrowed(boss):
    version, done, idle = a_module("Apples", TWO_SECTIONS), colleague("Dora"), colleague("Ida")
    complete(done, version)
    a_module("Secret plans", TWO_SECTIONS, front=EMPLOYEES)
    narrowed = a_module("Apples", {**TWO_SECTIONS, "Secret": question("q-7")}, front=EMPLOYEES)
    assert narrowed.module == version.module

    report = team_report(boss)
    assert [(r.person, r.state, r.version) for r in report.rows] == [(done, "done", version)]
    assert report.modules == [version]
    assert [entry.title for entry in sections_of(report.rows)] == ["Growing", "Eating"]
    assert idle in report.people


@pytest.mark.trust("LK-01")
def test_what_somebody_completed_elsewhere_is_not_told_to_their_new_company(boss):
    version = a_module("Pears", TWO_SECTIONS, front=EMPLOYEES)
    person = colleague("Moved", "Coursemark")
    complete(person, version)
    person.organisation = factories.organisation("Acme")
    person.save()
    report = team_report(boss)
    assert names(report) == ["Moved"]
    assert report.rows == ()


@pytest.mark.trust("LK-01")
def test_a_section_is_called_as_somebody_in_the_team_sees_it(boss):
    factories.oversight(boss, factories.organisation("Coursemark", ["Employee"]))
    factories.organisation("Initech", ["Customer"])
    complete(colleague(), a_module("Apples", TWO_SECTIONS))
    colleague(company="Coursemark")
    files = source(
        "Apples",
        TWO_SECTIONS,
        front="visibility:\n- Employee\n- Customer",
        section_front={"Eating": "visibility:\n- Customer"},
    )
    files["apples/eating.md"] = files["apples/eating.md"].replace(b"# Eating", b"# Secret")
    publish(files, ("Employee", "Partner", "Customer"))

    report = team_report(boss)
    assert {row.version.number for row in report.rows} == {1, 2}
    assert [entry.title for entry in sections_of(report.rows)] == ["Growing", "Eating"]


def test_titles_are_those_of_the_live_version(boss):
    version, person = a_module("Apples", TWO_SECTIONS), colleague()
    complete(person, version)
    files = {"Growing": question("q-1"), "Eating": question("q-3")}
    live = a_module("Apples", files)
    assert team_report(boss).modules == [live]


# -- Who is in it ----------------------------------------------------------------------


@pytest.mark.trust("AC-03")
def test_only_the_people_overseen(boss):
    a_module("Apples", TWO_SECTIONS)
    acme = factories.organisation("Acme")
    colleague("Anna")
    colleague("Gerd", "Globex")
    assert names(team_report(boss)) == ["Anna"]

    lead = factories.person("lead@team.test", name="Lead", organisation=acme)
    factories.oversight(lead, acme, factories.group(acme, "North"))
    colleague("Nora", group=factories.group(acme, "North"))
    colleague("Søren", group=factories.group(acme, "South"))
    assert names(team_report(lead)) == ["Nora"]


@pytest.mark.trust("AC-06")
def test_people_elsewhere_change_nothing(boss):
    version, person = a_module("Apples", TWO_SECTIONS), colleague()
    take(person, version, "Growing")

    def told():
        report = team_report(boss)
        return names(report), report.counts, [(r.person, r.state, r.first, r.best) for r in report.rows]

    before = told()
    for _number in range(3):
        complete(colleague(company="Globex"), version)
    assert told() == before


@pytest.mark.trust("AC-07")
def test_without_a_company_nobody_sees_anybody():
    a_module("Apples", TWO_SECTIONS)
    factories.person("nobody@team.test", name="Nobody")
    stray = factories.person("stray@team.test", name="Stray")
    assert team_report(stray).people == ()


@pytest.mark.trust("AC-10")
def test_who_cannot_sign_in_is_left_out_and_back_with_everything(boss):
    version, person = a_module("Apples", TWO_SECTIONS), colleague("Anna")
    complete(person, version)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert team_report(boss).people == ()
    User.objects.filter(pk=person.pk).update(is_active=True)
    person.organisation.is_active = False
    person.organisation.save()
    assert team_report(boss).people == ()
    person.organisation.is_active = True
    person.organisation.save()
    assert row_of(boss, person, version).state == "done"


def test_people_stand_by_name_and_a_manager_among_their_own():
    a_module("Apples", TWO_SECTIONS)
    manager = persona("manager")
    colleague("anna")
    colleague("Zoë")
    assert names(team_report(manager)) == ["anna", "Mia Manager", "Zoë"]


# -- What it costs ---------------------------------------------------------------------


def test_the_number_of_queries_does_not_depend_on_the_team(boss):
    versions = [a_module(title, TWO_SECTIONS) for title in ("Apples", "Pears")]

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            team_report(boss)
        return len(asked)

    counts = []
    for number in (1, 3, 30):
        while User.objects.overseen_by(boss).count() < number:
            person = colleague(group=factories.group(factories.organisation("Acme")))
            take(person, versions[0], "Growing", wrong=["q-1"])
            complete(person, versions[1])
        counts.append(queries())
    assert counts == [counts[0]] * 3
    assert counts[0] <= 8
