"""Who sees which page: one rule in SQL and in Python, and every look-up asks it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Audience
from courses import access
from courses.documents import admits
from courses.models import Body, Module, ModuleVersion
from tests import modules
from tests.personas import persona

pytestmark = pytest.mark.django_db

NAMES = ("Employee", "Partner", "Customer", "Press")


def version_for(audiences: frozenset[str] | None, gate: frozenset[str] | None = None) -> ModuleVersion:
    """A live version, as bare as it can be, for these audiences, below paths that let these in."""
    module = Module.objects.create(slug=uuid4().hex, gate=None if gate is None else sorted(gate))
    module.admits.set(Audience.objects.filter(name__in=gate or ()))
    body, _ = Body.objects.get_or_create(digest="0" * 64)
    version = ModuleVersion.objects.create(
        module=module, number=1, title="T", body=body, restricted=audiences is not None
    )
    version.audiences.set(Audience.objects.filter(name__in=audiences or ()))
    module.published_version = version
    module.save()
    return version


audience_sets = st.frozensets(st.sampled_from(NAMES))


@pytest.mark.trust("AC-11", "YM-10")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pages=st.lists(st.tuples(st.none() | audience_sets, st.none() | audience_sets), min_size=1, max_size=6),
    held=audience_sets,
)
def test_sql_and_python_agree_on_who_sees_a_page(
    db: Any, pages: list[tuple[frozenset[str] | None, frozenset[str] | None]], held: frozenset[str]
):
    for name in NAMES:
        Audience.objects.get_or_create(name=name)
    made = {version_for(*page).pk: page for page in pages}
    shown = access.visible(ModuleVersion.objects.filter(pk__in=made), held)
    open_ = {pk for pk, (page, gate) in made.items() if admits(page, held, gate)}
    assert set(shown.values_list("pk", flat=True)) == open_


@pytest.mark.parametrize(
    ("page", "gate", "held", "opens"),
    [
        (None, None, "", True),
        (None, "E", "", False),
        (None, "E", "E", True),
        (None, "", "E", False),
        ("EP", "E", "P", False),
        ("EP", "E", "EP", True),
        ("P", "E", "EP", False),
        ("P", None, "EP", True),
    ],
)
def test_one_audience_must_open_the_whole_way(page: str | None, gate: str | None, held: str, opens: bool):
    sets = [None if names is None else frozenset(names) for names in (page, gate)]
    assert admits(sets[0], frozenset(held), sets[1]) is opens


def test_nobody_sees_a_page_for_no_audience():
    assert not admits(frozenset(), frozenset({"Employee"}))
    assert admits(None, frozenset())


SECTIONS = {"Open": "", "Inner": ""}
FRONT = {"Inner": "visibility: [Employee]"}


@pytest.mark.trust("AC-11", "LK-01")
@pytest.mark.parametrize(
    ("name", "module", "inner"),
    [
        ("employee", True, True),
        ("author", True, True),
        ("admin", True, True),
        ("partner", True, False),
        ("manager", True, False),
        ("stranger", False, False),
    ],
)
def test_every_look_up_asks_the_gate(name: str, module: bool, inner: bool):
    modules.publish(modules.source("Apples", SECTIONS, section_front=FRONT))
    user = persona(name)
    uuids = {title: modules.uuid_of(f"Apples/{title}") for title in SECTIONS}
    asked = [
        (module, lambda: access.module_for(user, "apples")),
        (module, lambda: access.page_for(user, modules.uuid_of("Apples"))),
        (module, lambda: access.section_for(user, "apples", "open")),
        (module, lambda: access.section_by_uuid(user, uuids["Open"])),
        (inner, lambda: access.section_for(user, "apples", "inner")),
        (inner, lambda: access.section_by_uuid(user, uuids["Inner"])),
        (inner, lambda: access.page_for(user, uuids["Inner"])),
    ]
    for seen, look_up in asked:
        if seen:
            assert look_up() is not None
        else:
            with pytest.raises(Http404):
                look_up()
    assert access.modules_for(user).exists() is module


def test_what_only_authors_read_is_not_loaded_for_learners():
    modules.a_module()
    user = persona("employee")
    for found in (access.modules_for(user).get(), access.module_for(user, "apples")):
        assert {"package", "problems"} <= found.get_deferred_fields()


@pytest.mark.trust("AC-10")
def test_a_suspended_company_opens_nothing():
    modules.a_module()
    user = persona("partner")
    assert access.module_for(user, "apples")
    assert user.organisation is not None
    user.organisation.is_active = False
    with pytest.raises(Http404):
        access.module_for(user, "apples")


@pytest.mark.trust("LK-03")
def test_drafts_and_versions_of_before_are_not_there():
    user = persona("employee")
    modules.store(modules.source("Apples", {"Growing": ""}))
    with pytest.raises(Http404):
        access.module_for(user, "apples")
    with pytest.raises(Http404):
        access.page_for(user, modules.uuid_of("Apples/Growing"))
    modules.publish(modules.source("Apples", {"Growing": ""}))
    modules.publish(modules.source("Apples", {"Eating": ""}))
    with pytest.raises(Http404):
        access.section_for(user, "apples", "growing")
    with pytest.raises(Http404):
        access.page_for(user, modules.uuid_of("Apples/Growing"))


def test_a_page_that_moved_is_found_where_it_stands_today():
    user = persona("employee")
    modules.a_module("Apples", {"Growing": "", "Eating": ""})
    given_ = modules.source("Apples", {"Planting": "", "Eating": ""})
    old, new = (str(modules.uuid_of(f"Apples/{title}")).encode() for title in ("Growing", "Planting"))
    modules.publish({path: data.replace(new, old) for path, data in given_.items()})
    assert access.section_by_uuid(user, modules.uuid_of("Apples/Growing")).slug == "planting"


def test_a_version_names_its_audiences():
    assert version_for(None).audience_names is None
    assert version_for(frozenset()).audience_names == ()
    for name in ("Partner", "Employee"):
        Audience.objects.get_or_create(name=name)
    assert version_for(frozenset({"Partner", "Employee"})).audience_names == ("Employee", "Partner")
