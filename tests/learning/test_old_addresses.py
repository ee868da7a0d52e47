"""A page whose file was renamed, or that moved, is found where it stood: by whoever may see where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from authoring.release import release
from courses import withdrawing
from courses.models import FormerAddress, Module
from tests import modules
from tests.personas import ANONYMOUS, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.trust("LK-03")]

STAFF = {"Staff": "visibility: [Employee]"}
SECTIONS = {"Growing": "Words.", "Staff": "For us.", "Eating": "More words."}


def renamed(files: Mapping[str, bytes], **names: str) -> dict[str, bytes]:
    """The same pages in files of other names; what stands in the way of an address counts, its contents not."""
    changed = {}
    for path, data in files.items():
        for old, new in names.items():
            path, data = path.replace(old, new), data.replace(f"/{old}".encode(), f"/{new}".encode())
        changed[path] = data
    return changed


def apples(**names: str) -> dict[str, bytes]:
    return renamed(modules.source("Apples", SECTIONS, section_front=STAFF), **names)


def leads(address: str, who: str = "partner") -> str | int:
    """Where an address leads this person; the status where it leads nowhere else."""
    response = client_of(who).get(address)
    where: Any = response.headers.get("Location", response.status_code)
    if response.status_code == 302:
        assert response["Cache-Control"] == "private, no-cache"
    return where


def test_a_section_whose_file_was_renamed():
    modules.publish(apples())
    modules.publish(apples(growing="planting"))
    assert leads("/modules/apples/growing/") == "/modules/apples/planting/"
    assert leads("/modules/apples/planting/") == 200
    assert leads("/modules/apples/growing/?see=1&q=a%20b") == "/modules/apples/planting/?see=1&q=a%20b"
    assert leads("/modules/apples/never/") == 404
    modules.publish(apples(growing="sowing"))
    for old in ("growing", "planting"):
        assert leads(f"/modules/apples/{old}/") == "/modules/apples/sowing/"


def test_an_address_in_use_is_never_led_away_from():
    modules.publish(apples())
    modules.publish(apples(growing="planting", eating="growing"))
    assert leads("/modules/apples/growing/") == 200
    assert leads("/modules/apples/eating/") == "/modules/apples/growing/"


def test_of_two_that_stood_there_the_last_one():
    modules.publish(apples())
    modules.publish(apples(growing="first", eating="growing"))
    modules.publish(apples(growing="first", eating="second"))
    assert leads("/modules/apples/growing/") == "/modules/apples/second/"


@pytest.mark.trust("AC-11", "LK-01")
def test_who_may_not_see_where_it_stands_gets_the_same_404():
    modules.publish(apples())
    modules.publish(apples(staff="colleagues"))
    assert leads("/modules/apples/staff/", "employee") == "/modules/apples/colleagues/"
    for who in ("partner", "stranger"):
        hidden, nothing = (client_of(who).get(f"/modules/apples/{name}/") for name in ("staff", "never"))
        assert (hidden.status_code, nothing.status_code) == (404, 404)
        assert b"colleagues" not in hidden.content
    assert str(leads("/modules/apples/staff/", ANONYMOUS)).startswith("/accounts/login/")


def test_what_was_never_live_leads_nowhere():
    modules.publish(apples())
    modules.store(apples(growing="planting"))
    assert leads("/modules/apples/planting/") == 404
    modules.publish(modules.source("Apples", {"Eating": "More words."}))
    assert leads("/modules/apples/growing/") == 404


def test_a_module_whose_file_was_renamed_and_one_that_goes_back():
    first = modules.publish(apples())
    modules.publish(apples(apples="fruit", growing="planting"))
    assert Module.objects.get().slug == "fruit"
    assert leads("/modules/fruit/") == 200
    assert leads("/modules/apples/") == "/modules/fruit/"
    assert leads("/modules/apples/eating/") == "/modules/fruit/eating/"
    assert leads("/modules/apples/growing/") == "/modules/fruit/planting/"
    assert leads("/completed/apples/") == "/completed/fruit/"
    assert leads("/modules/apples/staff/") == 404
    release(first, by=None, why="It was better")
    assert leads("/modules/apples/growing/") == 200
    assert leads(f"/pages/{modules.uuid_of('Apples/Growing')}/") == "/modules/apples/growing/"
    assert leads("/modules/fruit/planting/") == "/modules/apples/growing/"
    assert {str(address) for address in FormerAddress.objects.all()} == {"fruit", "apples"}


def test_a_second_module_of_a_name_gets_a_number_and_loses_it_when_it_may():
    modules.publish(apples())
    twin = {"apples.md": modules.page("Twin").encode()}
    modules.publish(twin)
    assert leads("/modules/apples-2/") == 200
    modules.publish(twin | {"apples.md": twin["apples.md"] + b"More."})
    assert leads("/modules/apples-2/") == 200
    modules.publish(apples(apples="fruit"))
    assert leads("/modules/apples/") == "/modules/fruit/"
    modules.publish(twin | {"apples.md": twin["apples.md"] + b"Even more."})
    assert leads("/modules/apples/") == 200
    assert leads("/modules/apples-2/") == "/modules/apples/"


def test_a_version_that_is_released_again_elsewhere_is_not_remembered_where_it_was():
    modules.publish(apples())
    twin = modules.publish(renamed(modules.source("Pears", SECTIONS), pears="apples"))
    page = f"/pages/{modules.uuid_of('Pears/Growing')}/"
    assert leads(page) == "/modules/apples-2/growing/"
    modules.publish(apples(apples="fruit"))
    release(twin, by=None, why="Its name is free")
    assert leads(page) == "/modules/apples/growing/"


def test_a_section_that_moved_to_another_module():
    modules.publish(apples())
    modules.publish(modules.source("Pears", {"Ripe": "Words."}))
    rest = modules.source("Apples", {"Staff": "For us.", "Eating": "More words."}, section_front=STAFF)
    modules.publish(rest)
    moved = modules.source("Pears", {"Ripe": "Words.", "Growing": "Words."})
    old, new = (str(modules.uuid_of(f"{module}/Growing")).encode() for module in ("Apples", "Pears"))
    modules.publish({path: data.replace(new, old) for path, data in moved.items()})
    assert leads("/modules/apples/growing/") == "/modules/pears/growing/"


def test_a_path_whose_file_was_renamed():
    inside = modules.source("Apples", SECTIONS)
    modules.a_path("Orchard", inside)
    files = {"orchard.md": b"", **inside}
    front = f"uuid: {modules.uuid_of('Orchard')}\nkind: path\ntoc:\n- ./apples.md\nvisibility: [Employee]"
    files["orchard.md"] = f"---\n{front}\n---\n\n# Orchard\n\nMore.\n".encode()
    modules.publish_tree(renamed(files, orchard="garden"))
    assert leads("/paths/orchard/", "employee") == "/paths/garden/"
    assert leads("/paths/orchard/", "partner") == 404


def test_answers_go_by_who_the_page_is():
    modules.publish(apples())
    modules.publish(apples(growing="planting"))
    page = modules.uuid_of("Apples/Growing")
    assert client_of("partner").post("/modules/apples/growing/").status_code == 405
    assert client_of("partner").post(f"/pages/{page}/done/").status_code == 303


def test_what_is_withdrawn_is_led_to_by_no_address():
    modules.publish(apples())
    version = modules.publish(apples(apples="fruit", growing="planting"))
    section = version.sections.get(slug="planting").section
    withdrawing.withdraw(section)
    assert leads("/modules/apples/growing/") == 404
    withdrawing.restore(section)
    assert leads("/modules/apples/growing/") == "/modules/fruit/planting/"
    withdrawing.withdraw(version.module)
    assert {leads(f"/modules/apples/{rest}") for rest in ("", "growing/", "eating/")} == {404}
