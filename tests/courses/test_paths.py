"""Paths in the catalogue: drafts for what changed alone, the gate along them, sections that move."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Audience
from authoring import imports, replacing
from authoring.release import release, release_tree
from courses import access, keepers, placing, publishing
from courses.models import Module, ModuleVersion, Path, PathVersion, Section
from markup.package import Package
from tests import modules
from tests.courses.test_tree import COURSE, page
from tests.personas import persona

pytestmark = pytest.mark.django_db


def bring_in(files: dict[str, bytes], root: str = "sell.md") -> imports.Imported:
    """Keep a package as drafts; the audiences of the personas are there."""
    for name in ("Employee", "Partner"):
        Audience.objects.get_or_create(name=name)
    return imports.keep(Package(files, root, "course"), found=[], by=None, origin="test")


def publish(files: dict[str, bytes], root: str = "sell.md") -> None:
    """Import and make live everything that is new."""
    done = bring_in(files, root)
    assert done.drafts, [problem.text() for problem in done.problems]
    release_tree([draft.version for draft in done.drafts if draft.created], by=None)


def opens(name: str, title: str) -> bool:
    """Whether the page of this title opens to this person."""
    try:
        access.page_for(persona(name), modules.uuid_of(title))
    except Http404:
        return False
    return True


SMALL = {
    "p.md": page("P", "./p/m.md", "./p/n.md", front="visibility: [Employee, Partner]\n"),
    "p/m.md": page("M", "./m/s.md"),
    "p/m/s.md": page("S"),
    "p/n.md": page("N", front="visibility: [Partner]\n"),
}
NARROW = {**SMALL, "p.md": SMALL["p.md"].replace(b"[Employee, Partner]", b"[Employee]")}


def test_one_import_makes_drafts_for_what_changed_alone():
    first = bring_in(COURSE)
    assert [draft.version.title for draft in first.drafts] == [
        "Sell",
        "Level 0",
        "ICP",
        "Deals",
        "Level 1",
        "Extra",
    ]
    assert all(draft.created for draft in first.drafts)
    other = {**COURSE, "sell/l0/deals.md": page("Deals", body="Other words.\n\n## More")}
    again = bring_in(other)
    assert [draft.version.title for draft in again.drafts if draft.created] == ["Deals"]
    assert [str(draft.version) for draft in again.drafts][:2] == ["Sell v1", "Level 0 v1"]
    assert (ModuleVersion.objects.count(), PathVersion.objects.count()) == (5, 2)


def test_each_draft_has_the_warnings_of_its_own_pages_and_the_root_those_of_none():
    done = bring_in(COURSE | {"sell/lost.md": page("Lost")})
    told = {d.version.title: [p["code"] for p in d.version.problems] for d in done.drafts}
    assert told == {
        "Sell": ["W625"],
        "Level 0": ["W622"],
        "ICP": [],
        "Deals": [],
        "Level 1": ["W622"],
        "Extra": [],
    }


def test_the_package_of_each_version_comes_back_byte_for_byte():
    done = bring_in(COURSE)
    together: dict[str, bytes] = {}
    for draft in done.drafts:
        together |= replacing.package_of(draft.version).files
    assert together == COURSE


@pytest.mark.trust("AC-11")
def test_a_module_opens_to_whom_everything_above_it_opens():
    publish(SMALL, "p.md")
    assert {title: (opens("employee", title), opens("partner", title)) for title in "PMSN"} == {
        "P": (True, True),
        "M": (True, True),
        "S": (True, True),
        "N": (False, True),
    }
    publish(NARROW, "p.md")
    assert {title: (opens("employee", title), opens("partner", title)) for title in "PMSN"} == {
        "P": (True, False),
        "M": (True, False),
        "S": (True, False),
        "N": (False, False),
    }
    assert not opens("stranger", "M")


@pytest.mark.trust("AC-11")
def test_the_gate_holds_when_a_module_is_imported_alone():
    publish(NARROW, "p.md")
    alone = {"m.md": page("M", "./m/s.md"), "m/s.md": page("S", body="Changed.")}
    done = bring_in(alone, "m.md")
    assert [p.code for p in done.problems] == [], "whom it is for is said above it: no W612"
    assert done.version is not None
    release(done.version, by=None)
    assert (opens("employee", "S"), opens("partner", "S")) == (True, False)


@pytest.mark.trust("YM-10")
def test_what_its_last_path_leaves_out_does_not_open_to_everybody():
    publish(NARROW, "p.md")
    publish({**NARROW, "p.md": page("P", "./p/n.md", front="kind: path\nvisibility: [Employee]\n")}, "p.md")
    assert (opens("employee", "S"), opens("partner", "S"), opens("stranger", "S")) == (True, False, False)
    own = {"m.md": page("M", "./m/s.md", front="visibility: [Partner]\n"), "m/s.md": page("S")}
    publish(own, "m.md")
    assert (opens("employee", "S"), opens("partner", "S")) == (False, True), "it says whom it is for"


def test_an_audience_that_nothing_above_admits_is_told_in_the_catalogue_too():
    publish(NARROW, "p.md")
    done = bring_in({"m.md": page("M", front="visibility:\n- Employee\n- Partner\n")}, "m.md")
    told = [f"{p.file}:{p.line}:{p.column} {p.code}" for p in done.problems]
    assert told == ["m.md:5:3 W613"]


def test_what_reopens_is_told_so_that_records_can_be_settled():
    publish(SMALL, "p.md")
    (draft,) = (d for d in bring_in(NARROW, "p.md").drafts if d.created)
    with transaction.atomic():
        done = publishing.publish([draft.version], by=None)
    assert sorted(module.slug for module in done.reopened) == ["m", "n"]


def test_a_path_goes_back_to_an_earlier_version():
    publish(SMALL, "p.md")
    publish(NARROW, "p.md")
    assert not opens("partner", "M")
    first = PathVersion.objects.get(path__slug="p", number=1)
    release_tree([first], by=persona("author"), why="too narrow")
    assert opens("partner", "M")


def test_a_module_of_two_paths_is_reached_through_either():
    publish(NARROW, "p.md")
    publish({"q.md": page("Q", "./n.md", "./m.md", front="visibility: [Partner]\n"),
             "m.md": SMALL["p/m.md"].replace(b"./m/s", b"./m/s"), "m/s.md": SMALL["p/m/s.md"],
             "n.md": page("N2", "./n/x.md"), "n/x.md": page("X")}, "q.md")  # fmt: skip
    assert (opens("employee", "M"), opens("partner", "M")) == (True, True)


def test_paths_in_a_circle_are_refused():
    publish({"a.md": page("A", "./b.md", front="kind: path\n"), "b.md": page("B", "./m.md", front="kind: path\n"),
             "m.md": page("M")}, "a.md")  # fmt: skip
    done = bring_in({"b.md": page("B", "./a.md", front="kind: path\n"), "a.md": page("A", "./m.md", front="kind: path\n"),
                     "m.md": page("M")}, "b.md")  # fmt: skip
    b = PathVersion.objects.get(path__slug="b", number=2)
    with (
        pytest.raises(publishing.Conflict, match=r"^b\.md:4: it lists “A”, .* below itself"),
        transaction.atomic(),
    ):
        release_tree([b], by=None)
    release_tree([d.version for d in done.drafts if d.created], by=None)
    assert opens("employee", "M")


names = st.sampled_from(["P1", "P2", "P3", "P4", "M1", "M2"])
gates = st.none() | st.frozensets(st.sampled_from(["E", "P", "C"]))


@given(own=st.fixed_dictionaries(dict.fromkeys(["P1", "P2", "P3", "P4"], gates)),
       lists=st.fixed_dictionaries({n: st.frozensets(names, max_size=3) for n in ["P1", "P2", "P3", "P4"]}))  # fmt: skip
def test_who_comes_through_holds_one_audience_along_one_way(own: Any, lists: Any):
    found = placing.reach_of(own, lists)
    for held in ("E", "P", "C"):
        for target, gate in found.items():
            assert (gate is None or held in gate) is _way_up(target, held, own, lists, frozenset())


def _way_up(page: Any, held: str, own: Any, lists: Any, below: frozenset[str]) -> bool:
    """Whether somebody comes from a path that nothing lists down to this page."""
    above = [path for path, children in lists.items() if page in children]
    open_ = [p for p in above if p not in below | {page} and (own[p] is None or held in own[p])]
    return not above or any(_way_up(p, held, own, lists, below | {page}) for p in open_)


A = {"a.md": page("A", "./a/one.md", "./a/two.md"), "a/one.md": page("One"), "a/two.md": page("Two")}
B = {"b.md": page("B", "./b/three.md"), "b/three.md": page("Three")}
TWO = {"t.md": page("T", "./a.md", "./b.md", front="kind: path\n"), **A, **B}
MOVED = {
    **TWO,
    "a.md": page("A", "./a/one.md"),
    "b.md": page("B", "./b/three.md", "./b/two.md"),
    "b/two.md": A["a/two.md"],
}
del MOVED["a/two.md"]


@pytest.mark.trust("YM-08")
@pytest.mark.parametrize("backwards", [False, True])
def test_a_section_moves_between_modules_in_one_act_in_either_order(backwards: bool):
    publish(TWO, "t.md")
    done = bring_in(MOVED, "t.md")
    drafts = [draft.version for draft in done.drafts if draft.created]
    assert [version.title for version in drafts] == ["A", "B"]
    release_tree(drafts[::-1] if backwards else drafts, by=None)
    assert Section.objects.get(uuid=modules.uuid_of("Two")).module.slug == "b"
    assert access.section_by_uuid(persona("employee"), modules.uuid_of("Two")).version.module.slug == "b"


@pytest.mark.trust("YM-08")
def test_a_section_moves_only_when_the_module_that_gives_it_goes_along():
    publish(TWO, "t.md")
    bring_in(MOVED, "t.md")
    b = ModuleVersion.objects.get(module__slug="b", number=2)
    with pytest.raises(publishing.Conflict, match=r"Two.*in the module “A”"), transaction.atomic():
        release(b, by=None)
    assert access.section_by_uuid(persona("employee"), modules.uuid_of("Two")).version.module.slug == "a"


@pytest.mark.trust("YM-08")
def test_a_uuid_is_one_page_of_the_whole_catalogue_and_every_clash_is_told():
    publish(TWO, "t.md")
    before = (Module.objects.count(), Path.objects.count(), ModuleVersion.objects.count())
    taken = {
        "x.md": page("X", "./x/m.md", "./x/n.md", front="kind: path\n"),
        "x/m.md": page("T", "./m/s.md"),
        "x/m/s.md": page("One"),
        "x/n.md": page("Two"),
    }
    done = bring_in(taken, "x.md")
    told = [f"{p.file}:{p.line}:{p.column} {p.code} {p.message}" for p in done.problems if p.code == "E604"]
    assert told == [
        "x/m.md:2:7 E604 this uuid is that of the path “t” (t.md:2:7)",
        "x/m/s.md:2:7 E604 this uuid is that of “One” in the module “A” (a/one.md:2:7)",
        "x/n.md:2:7 E604 this uuid is that of a section of “a” (a/two.md:2:7)",
    ]
    assert (Module.objects.count(), Path.objects.count(), ModuleVersion.objects.count()) == before


def test_who_clashes_with_nothing_has_no_package_read_and_who_clashes_has_it_read_once():
    sections = {f"Section {n}": "Read." for n in range(3)}
    live = modules.publish(modules.source("Apples", sections))
    claims = keepers.claims_of_versions([live])
    with CaptureQueriesContext(connection) as free:
        keepers.refuse(claims)
    assert not [query["sql"] for query in free if '"package"' in query["sql"]]
    others = [replace(claim, unit=modules.uuid_of("Pears")) for claim in claims if claim.kind == "section"]
    with CaptureQueriesContext(connection) as taken, pytest.raises(keepers.Conflict, match="Section 2"):
        keepers.refuse(others)
    assert len([query["sql"] for query in taken if '"package"' in query["sql"]]) == 1


def test_a_draft_of_a_path_is_discarded_and_a_live_one_stays():
    done = bring_in(SMALL, "p.md")
    path = next(d.version for d in done.drafts if isinstance(d.version, PathVersion))
    assert publishing.discard(path, by=None)
    assert not Path.objects.exists()
    publish(SMALL, "p.md")
    assert not publishing.discard(PathVersion.objects.get(), by=None)


def test_a_link_out_of_a_module_imported_alone_leads_to_the_page_that_was_beside_it():
    publish(COURSE)
    alone = {"icp.md": COURSE["sell/l0/icp.md"], "icp/where.md": COURSE["sell/l0/icp/where.md"],
             "icp/where/1.png": COURSE["sell/l0/icp/where/1.png"], "icp/who.md": COURSE["sell/l0/icp/who.md"]}  # fmt: skip
    done = bring_in(alone, "icp.md")
    assert [problem.code for problem in done.problems] == []
    assert not done.created, "it is what is live already"
    elsewhere = {path.replace("icp", "deep/icp"): data for path, data in alone.items()}
    assert not bring_in(elsewhere, "deep/icp.md").created


MOVING = {
    "p.md": page("P", "./p/m.md", "./p/n.md", front="visibility: [Employee]\n"),
    "p/m.md": page("M", "./m/s.md", "./m/t.md"),
    "p/m/s.md": page("S"),
    "p/m/t.md": page("T") + b"\nSee [there](./s.md) and [](./gone.md).\n",
    "p/n.md": page("N", "./n/u.md"),
    "p/n/u.md": page("U") + b"\nSee [there](../m/s.md).\n",
}


@pytest.mark.parametrize("gone", ["moved", "removed"])
def test_the_same_again_is_nothing_new_though_links_lead_where_a_page_was(gone: str):
    publish(MOVING, "p.md")
    files = {path: data for path, data in MOVING.items() if path != "p/m/s.md"}
    files["p/m.md"] = page("M", "./m/t.md")
    if gone == "moved":
        files["p/n.md"], files["p/n/s.md"] = page("N", "./n/u.md", "./n/s.md"), MOVING["p/m/s.md"]
    publish(files, "p.md")
    assert not bring_in(files, "p.md").created


def test_a_link_without_words_shows_the_title_of_a_page_around_the_package():
    publish(MOVING, "p.md")
    alone = {path.removeprefix("p/"): data for path, data in MOVING.items() if path.startswith("p/m")}
    alone["m/s.md"] += b"\nSee [](../n/u.md) and [](../n.md).\n"
    done = bring_in(alone, "m.md")
    assert done.version is not None
    html = done.version.sections.get(title="S").body.html
    assert ">U</a>" in html
    assert ">N</a>" in html
