"""Files that nothing names any more go; what anything names stays, however old."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from authoring import sweeping
from authoring.models import BrowserChange, Edit, WorkingCopy
from courses import exporting, files
from courses.models import ModuleVersion, Path, PathVersion
from tests import modules
from tests.authoring.test_editing import EDIT, GROWING, change, page, paste, source
from tests.packages import png
from tests.personas import client_of, persona

pytestmark = [pytest.mark.django_db, pytest.mark.trust("UP-10")]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: pathlib.Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def author() -> Client:
    modules.publish(source())
    return client_of("author")


def age() -> None:
    """Let two days pass over all files."""
    then = (timezone.now() - timedelta(days=2)).timestamp()
    for place in files.path_of("00").parent.parent.glob("??/*"):
        os.utime(place, (then, then))


def is_kept(data: bytes) -> bool:
    return files.path_of(sha256(data).hexdigest()).exists()


def test_what_nothing_names_goes_once_it_is_a_day_old():
    files.keep(b"nobody's")
    assert sweeping.sweep() == 0
    age()
    out = StringIO()
    call_command("prune_uploads", stdout=out)
    assert "Files deleted that nothing names any more: 1." in out.getvalue()
    assert not is_kept(b"nobody's")


def test_a_discarded_draft_takes_its_own_files_along_and_no_others(author: Client):
    live = ModuleVersion.objects.get()
    draft = modules.store(source() | {"apples/growing.md": modules.page("Growing", "Draft words.").encode()})
    own = set(draft.package["files"].values()) - set(live.package["files"].values())
    assert len(own) == 1
    assert author.post(f"/authoring/versions/{draft.pk}/discard/", {"sure": "on"}).status_code == 303
    age()
    assert sweeping.sweep() == 1
    assert exporting.zip_of(live)
    assert is_kept(png())


def test_what_is_typed_over_pasted_and_built_stays(author: Client):
    code = paste(author, png("red")).json()["image_code"]
    change(author, GROWING, "Some words about Growing.", code)
    age()
    assert sweeping.sweep() == 0
    assert page(author, GROWING).select("#edit-shown img")
    assert author.post(f"{EDIT}build/").status_code == 303
    age()
    sweeping.sweep()
    for version in ModuleVersion.objects.all():
        assert exporting.zip_of(version)
    newest = ModuleVersion.objects.latest("number")
    assert author.get(f"/authoring/versions/{newest.pk}/written.patch").status_code == 200


def test_what_is_kept_again_meanwhile_stays():
    before = timezone.now() - timedelta(days=1)
    digest = files.keep(b"twice")
    age()
    assert list(files.kept_before(before)) == [digest]
    files.keep(b"twice")
    assert not files.drop(digest, before=before)
    assert files.read(digest) == b"twice"


@pytest.mark.trust("F-10")
def test_what_a_killed_sweep_or_import_left_is_put_right():
    digest = files.keep(b"moved aside")
    place = files.path_of(digest)
    place.rename(place.with_suffix(".dropped"))
    half = place.parent / "tmpabc.part"
    half.write_bytes(b"half")
    files.mend(before=timezone.now() - timedelta(hours=1))
    assert half.exists()  # somebody may be at it
    files.mend(before=timezone.now() + timedelta(seconds=1))
    assert files.read(digest) == b"moved aside"
    assert [path.name for path in place.parent.iterdir()] == [digest]


def named_by_a_working_copy(live: ModuleVersion, digest: str) -> None:
    WorkingCopy.objects.create(
        module=live.module, root="a.md", files={"a.md": digest}, started_by=persona("author")
    )


def named_by_what_was_typed_over_it(live: ModuleVersion, digest: str) -> None:
    Edit.objects.create(version=live, path="a.md", revision=1, based_on=digest, saved_by=persona("author"))


def named_by_what_was_written_in_the_browser(live: ModuleVersion, digest: str) -> None:
    BrowserChange.objects.create(version=live, path="a.md", after=digest, by=persona("author"))


def named_by_what_stood_there_before(live: ModuleVersion, digest: str) -> None:
    gone = live.body.digest
    BrowserChange.objects.create(version=live, path="a.md", before=digest, after=gone, by=persona("author"))


def named_by_a_path(live: ModuleVersion, digest: str) -> None:
    path = Path.objects.create(slug="level")
    body = live.body
    package = {"root": "a.md", "files": {"a.md": digest}, "pages": {}}
    PathVersion.objects.create(
        path=path, number=1, digest="0" * 64, title="Level", body=body, package=package
    )


@pytest.mark.parametrize(
    "name_it",
    [
        named_by_a_working_copy,
        named_by_what_was_typed_over_it,
        named_by_what_was_written_in_the_browser,
        named_by_what_stood_there_before,
        named_by_a_path,
    ],
)
def test_what_one_row_alone_names_stays(name_it: Callable[[ModuleVersion, str], None]):
    live = modules.publish(source())
    name_it(live, files.keep(b"named once"))
    age()
    assert sweeping.sweep() == 0
    assert is_kept(b"named once")
