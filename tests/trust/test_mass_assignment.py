"""A form takes the fields that it has: whatever else is sent with it changes nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from accounts.models import Organisation, User
from courses.models import ModuleVersion
from learning.models import Certificate, Completion, Policy, Publication, SectionProgress
from quizzes.models import Response, Round
from tests.factories import PASSWORD
from tests.modules import publish, question, source, store
from tests.packages import upload, zipped
from tests.trust.world import World, place

OURS = ("accounts", "quizzes", "courses", "learning")
NAMES = sorted(
    {name for app in OURS for model in apps.get_app_config(app).get_models() for field in model._meta.fields
     for name in (field.name, field.attname)}
)  # fmt: skip
WORTH = {
    "is": "on", "passed": "on", "share_num": "1", "share_den": "1", "earned_num": "99", "full_num": "1",
    "done_at": "2001-01-01", "completed_at": "2001-01-01", "checked_at": "2001-01-01", "number": "99",
}  # fmt: skip


def greedy(world: World, **form: Any) -> dict[str, Any]:
    """Every field of every model, as somebody else's, and the form itself."""
    others = str(world.people["employee"].pk)
    sent = {name: WORTH.get(name, WORTH["is"] if name.startswith("is_") else others) for name in NAMES}
    return {**sent, "score": "100", "correct": "true", "_method": "PUT", "grade": "1", **form}


def people() -> list[Any]:
    return list(User.objects.order_by("pk").values())


@pytest.mark.trust("AC-08", "QZ-05", "RQ-05")
def test_an_answer_takes_the_choices_and_nothing_else(world):
    before = people()
    client = world.client("manager")
    version = world.modules["apples"].sections.get(slug="growing").checks.get()
    wrong = next(
        c.key for c in version.question_versions.get(question__key="que1").spec.choices if not c.right
    )
    form = {
        "key": str(uuid4()),
        "round": f"1-{version.pk}",
        "seq": "1",
        "answer-que1": wrong,
        "act": "check:que1",
    }
    response = client.post(f"/pages/{place('open')}/checks/check/", greedy(world, **form))
    assert response.status_code == 303
    assert people() == before
    kept = Response.objects.get(user=world.people["manager"], question__key="que1")
    assert (kept.chosen, kept.share, kept.is_first) == ([wrong], 0, True)
    assert kept.checked_at is not None
    assert kept.checked_at.year > 2001
    round_ = Round.objects.get(user=world.people["manager"])
    assert (round_.number, round_.passed, round_.finished_at, round_.earned_num) == (1, False, None, None)
    assert not SectionProgress.objects.filter(user=world.people["manager"], done_at__isnull=False).exists()


@pytest.mark.trust("AC-08", "QZ-07", "RQ-05")
def test_marking_as_done_is_about_oneself_and_now(world):
    before, completions = people(), Completion.objects.count()
    page = world.modules["pears"].sections.get().section
    client = world.client("manager")
    for query in ("", "?user=1&section=2"):
        client.post(f"/pages/{page.uuid}/done/{query}", greedy(world))
    assert people() == before
    assert Completion.objects.count() == completions + 1
    mine = Completion.objects.get(user=world.people["manager"])
    assert (mine.module.slug, mine.version, mine.cause) == ("pears", world.modules["pears"], "marked")
    assert mine.completed_at.year > 2001
    assert (mine.earned_num, mine.full_num) == (0, 0)
    assert Certificate.objects.get(completion=mine).name == "Mia Manager"


@pytest.mark.trust("AC-08")
def test_an_upload_is_a_draft_by_the_one_who_sent_it(world):
    package = upload(zipped(source("Cherry", {"Growing": question("que1")})))
    client = world.client("author")
    response = client.post("/authoring/uploads/", greedy(world, package=package))
    assert response.status_code == 303
    version = ModuleVersion.objects.get(title="Cherry")
    assert (version.created_by, version.number, version.published_at) == (world.people["author"], 1, None)
    assert version.module.published_version is None
    assert version.module.slug == "cherry"


@pytest.mark.trust("AC-08")
def test_publishing_takes_a_policy_and_a_reason_and_nothing_else(world):
    files = source("Cherry", {"Growing": question("que1")})
    first = publish(files)
    second = store({**files, "cherry/growing.md": files["cherry/growing.md"] + b"\nMore.\n"})
    form = greedy(world, over=str(first.pk), why="A fix", policy="append", due="", confirmed="")
    response = world.client("author").post(f"/authoring/versions/{second.pk}/publish/", form)
    assert response.status_code == 303
    second.refresh_from_db()
    assert (second.published_by, second.why) == (world.people["author"], "A fix")
    assert (second.title, second.number, second.restricted, second.digest) == (
        "Cherry",
        2,
        True,
        second.digest,
    )
    assert second.published_at is not None
    assert second.published_at.year > 2001
    publication = Publication.objects.get(version=second)
    assert (publication.policy, publication.due, publication.replaced) == (Policy.APPEND, None, first)
    assert (publication.softened, publication.undoes, publication.withdrawn_at) == ("", None, None)
    first.refresh_from_db()
    assert first.title == "Cherry"


@pytest.mark.trust("AC-08", "AC-09")
def test_the_admin_keeps_what_it_shows_read_only(world):
    target = world.people["partner"]
    before = next(row for row in people() if row["id"] == target.pk)
    form = greedy(world, email=target.email, name="Paul P", is_author="", group="", password=PASSWORD)
    del form["is_staff"]
    response = world.client("admin").post(f"/admin/accounts/user/{target.pk}/change/", form)
    assert response.status_code == 302
    after = next(row for row in people() if row["id"] == target.pk)
    assert {name for name in after if after[name] != before[name]} == {"name"}
    acme = target.organisation
    assert acme is not None
    form = greedy(world, name="Acme", is_active="on", audiences=["Employee"])
    world.client("admin").post(f"/admin/accounts/organisation/{acme.pk}/change/", form)
    assert Organisation.objects.get(pk=acme.pk).audiences == ["Partner"]


@pytest.mark.trust("AC-08", "AC-09")
@pytest.mark.parametrize(
    "model",
    [
        "quizzes/round",
        "courses/module",
        "courses/moduleversion",
        "learning/moduleprogress",
        "learning/sectionprogress",
        "learning/completion",
        "learning/certificate",
        "accounts/auditevent",
    ],
)
def test_the_record_is_only_read_in_the_admin(world, model):
    app, name = model.split("/")
    table = apps.get_model(app, name)
    before = list(table._default_manager.order_by("pk").values())
    client = world.client("superuser")
    assert before
    for what in ("add", f"{before[0]['id']}/change", f"{before[0]['id']}/delete", ""):
        address = f"/admin/{model}/{what}/".replace("//", "/")
        form = greedy(world, post="yes", action="delete_selected", _selected_action=str(before[0]["id"]))
        assert client.post(address, form).status_code in (302, 403, 404, 200), address
    assert list(table._default_manager.order_by("pk").values()) == before
