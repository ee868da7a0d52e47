"""The authors' commands, run as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from authoring.release import release
from courses.models import Body, Module, ModuleVersion
from learning.models import Asking
from tests import modules
from tests.courses.test_tree import page
from tests.packages import png, zipped
from tests.personas import persona
from tests.trust.world import complete

ROOT = Path(__file__).resolve().parent.parent.parent


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """The files on disk; returns the index page."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder / next(iter(files))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` as a process of its own, with nothing in its environment."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd="/", env={"PATH": os.defpath}, check=False
    )


def call(*arguments: Any) -> tuple[str, str, int]:
    """A command in this process: what it prints, what it complains about, and its exit status."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as left:
        return out.getvalue(), err.getvalue(), int(str(left.code))
    except CommandError as refused:
        return out.getvalue(), err.getvalue() + str(refused), refused.returncode
    return out.getvalue(), err.getvalue(), 0


class TestCheckModule:
    """No database is asked: these tests have none."""

    @pytest.mark.process
    def test_it_needs_no_environment_and_prints_the_list_alone(self, tmp_path: Path):
        index = written(tmp_path, modules.source("Apples", {"Growing": "[x](javascript:x)"}))
        done = run("check_module", str(index), "--format", "json")
        assert (done.returncode, done.stderr) == (1, "1 error in 2 pages.\n")
        problem = json.loads(done.stdout)[0]
        assert list(problem) == ["file", "line", "column", "severity", "code", "message", "remedy"]
        assert (problem["file"], problem["line"], problem["code"]) == ("apples/growing.md", 11, "E644")

    @pytest.mark.process
    def test_what_cannot_run_is_2(self, tmp_path: Path):
        done = run("check_module", str(tmp_path / "nothing"))
        assert (done.returncode, done.stdout) == (2, "")
        assert "nothing" in done.stderr
        assert run("check_module").returncode == 2

    def test_a_sound_module_has_an_empty_list_and_its_pages_counted(self, tmp_path: Path):
        index = written(tmp_path, modules.source())
        written(tmp_path, {"apples/README.md": b"Not for learners.\n"})
        assert call("check_module", index) == ("", "No problems in 3 pages.\n", 0)
        assert call("check_module", index, "--format", "json") == ("[]\n", "No problems in 3 pages.\n", 0)

    def test_the_totals_come_last_and_apart_from_the_list(self, tmp_path: Path):
        text = "[x](./nowhere.md) [y](./gone.md) [z](javascript:x) [z](vbscript:x)"
        index = written(tmp_path, {"m.md": page("M", "./a.md"), "a.md": page("A") + text.encode()})
        written(tmp_path, {"m/Thumbs.db": b""})
        out, err, status = call("check_module", index)
        assert (err, status) == ("2 errors, 3 warnings, 1 info in 2 pages.\n", 1)
        assert len(out.splitlines()) == 2 * 6
        assert call("check_module", written(tmp_path / "b", {"b.zip": b"?"}))[1] == "1 error.\n"

    @pytest.mark.parametrize("strict", [False, True])
    def test_strict_changes_the_exit_status_alone(self, tmp_path: Path, strict: bool):
        index = written(tmp_path, modules.source("Apples", {"Growing": "[x](./nowhere.md)"}))
        out, _err, status = call("check_module", index, *(["--strict"] if strict else []))
        assert out.startswith("apples/growing.md:11:1: warning W642 ")
        assert status == int(strict)

    def test_the_sites_audiences_can_be_named(self, tmp_path: Path):
        index = written(tmp_path, modules.source(front="visibility: [Press]"))
        out, _err, status = call("check_module", index)
        assert (status, "E609" in out) == (1, True)
        assert call("check_module", index, "--audience", "Press")[2] == 0
        assert call("check_module", index, "--audience", "Pres", "--audience", "Press")[2] == 0

    def test_a_zip_and_a_folder_are_checked_too(self, tmp_path: Path):
        written(tmp_path / "folder", modules.source())
        (tmp_path / "module.zip").write_bytes(zipped(modules.source()))
        assert call("check_module", tmp_path / "folder")[2] == 0
        assert call("check_module", tmp_path / "module.zip")[2] == 0

    def test_the_modules_that_come_with_the_site_are_sound(self):
        for index in sorted((ROOT / "content").glob("*.md")):
            out, err, status = call("check_module", index, "--strict")
            assert (out, err[:12], status) == ("", "No problems ", 0)


@pytest.mark.django_db
class TestImportModule:
    def test_a_draft_and_then_live(self, tmp_path: Path):
        index = written(tmp_path, modules.source())
        assert call("import_module", index) == ("Apples v1: imported.\n", "", 0)
        assert Module.objects.get().published_version is None
        out, _err, _status = call("import_module", index, "--publish", "--by", persona("author").email)
        assert out == (
            "Apples v1: there already, with the same content.\nApples v1: live now.\n"
            f"The receipt: /authoring/receipts/{AuditEvent.objects.latest('pk').pk}/\n"
        )
        version = ModuleVersion.objects.get()
        assert (version.module.published_version, version.published_by) == (version, persona("author"))
        again = call("import_module", index, "--publish")[0]
        assert again.endswith("Apples v1: live already.\n")
        assert AuditEvent.objects.count() == 2

    def test_an_older_folder_over_a_newer_version_tells_what_goes(self, tmp_path: Path):
        older = written(tmp_path / "old", modules.source("Apples", {"Growing": ""}))
        modules.a_module("Apples", {"Growing": ""})
        modules.a_module("Apples", {"Growing": "More.", "Eating": "", "Storing": ""})
        out, _err, status = call("import_module", older, "--publish")
        assert status == 0
        assert out.splitlines()[1:3] == [
            "Apples v1: live now.",
            "    In the place of the newer Apples v2 (Additions): 0 pages added, 2 changed, 2 removed: "
            "“Eating”, “Storing”.",
        ]
        again = written(tmp_path / "new", modules.source("Apples", {"Growing": "Newest."}))
        last = call("import_module", again, "--publish")[0].splitlines()[2]
        assert last == "    In the place of Apples v1 (Additions): 0 pages added, 1 changed, 0 removed."

    def test_a_retrain_is_confirmed_by_day_and_number_and_prints_its_receipt(self, tmp_path: Path):
        first = modules.a_module("Apples", {"Growing": ""})
        complete(persona("partner"), first)
        index = written(tmp_path, modules.source("Apples", {"Growing": "More."}))
        retrain = ["import_module", index, "--publish", "--policy", "retrain", "--why", "New law"]
        for missing, told in {
            (): "A retrain asks by a day: say --due 2027-01-15.",
            ("--due", "soon"): "--due: write a day as 2027-01-15.",
            ("--due", "2020-01-01", "--asks", "1"): "Choose a day after today.",
            ("--due", "2999-01-15"): "People whom it asks to complete it again: 1. Say --asks 1 to confirm.",
            ("--due", "2999-01-15", "--asks", "2"): "Say --asks 1 to confirm.",
        }.items():
            _out, err, status = call(*retrain, *missing)
            assert (status, told in err) == (1, True), err
            assert Module.objects.get().published_version == first
        by = persona("author")
        out, _err, status = call(*retrain, "--due", "2999-01-15", "--asks", "1", "--by", by.email)
        event = AuditEvent.objects.latest("pk")
        assert status == 0
        assert out.splitlines()[-3:] == [
            "Apples: sections done 1 before, 1 now; completions 1 before, 1 now; certificates 1 before, 1 now.",
            "People who are asked to complete a module again: 1.",
            f"The receipt: /authoring/receipts/{event.pk}/",
        ]
        assert (event.by, event.why) == (by, "New law")

    def test_a_retrain_of_several_modules_is_confirmed_by_the_number_over_all_of_them(self, tmp_path: Path):
        path = {"fruit.md": modules.page("Fruit", front="toc: [./apples.md, ./pears.md]").encode()}
        apples, pears = modules.source("Apples", {"Growing": ""}), modules.source("Pears", {"Eating": ""})
        modules.publish_tree({**path, **apples, **pears})
        first, other = ModuleVersion.objects.order_by("module__slug")
        for name, version in (("partner", first), ("employee", first), ("partner", other)):
            complete(persona(name), version)
        apples, pears = (
            modules.source("Apples", {"Growing": "More."}),
            modules.source("Pears", {"Eating": "More."}),
        )
        index = written(tmp_path, {**path, **apples, **pears})
        retrain = ["import_module", index, "--publish", "--policy", "retrain", "--due", "2999-01-15"]
        for asks in ((), ("--asks", "1"), ("--asks", "2")):
            _out, err, status = call(*retrain, *asks)
            assert (status, "Say --asks 3 to confirm." in err) == (1, True), err
            assert not Asking.objects.exists()
        out, _err, status = call(*retrain, "--asks", "3")
        assert (status, "People who are asked to complete a module again: 3." in out) == (0, True)

    def test_a_policy_that_is_not_offered_is_refused_and_one_without_publishing_too(self, tmp_path: Path):
        modules.a_module("Apples", {"Growing": ""})
        index = written(tmp_path, modules.source("Apples", {"Growing": "", "Eating": ""}))
        _out, err, status = call("import_module", index, "--policy", "minor")
        assert (status, "say --publish, too" in err) == (1, True)
        _out, err, status = call("import_module", index, "--publish", "--policy", "minor")
        assert (status, "Not published. Apples v2:" in err) == (1, True)
        assert Module.objects.get().published_version.number == 1
        assert call("import_module", index, "--publish", "--policy", "append")[2] == 0

    def test_half_of_a_move_is_not_published(self, tmp_path: Path):
        path = {"fruit.md": modules.page("Fruit", front="toc: [./apples.md, ./pears.md]").encode()}
        apples = modules.source("Apples", {"Growing": "", "Eating": ""})
        modules.publish_tree({**path, **apples, **modules.source("Pears", {"Picking": ""})})
        pears = modules.source("Pears", {"Picking": "", "Eating": ""})
        pears["pears/eating.md"] = apples["apples/eating.md"]
        modules.store_tree({**path, **modules.source("Apples", {"Growing": ""}), **pears})
        index = written(tmp_path, modules.source("Apples", {"Growing": ""}))
        _out, err, status = call("import_module", index, "--publish")
        assert (status, "“Eating” moves to “Pears”, of which version 2 waits" in err) == (1, True)
        assert Module.objects.get(slug="apples").published_version.number == 1

    @pytest.mark.parametrize("kind", ["folder", "zip"])
    def test_a_folder_and_a_zip(self, tmp_path: Path, kind: str):
        path = tmp_path / "module.zip"
        if kind == "zip":
            path.write_bytes(zipped(modules.source()))
        else:
            path = written(tmp_path / "folder", modules.source()).parent
        assert call("import_module", path)[2] == 0
        assert ModuleVersion.objects.get().title == "Apples"

    def test_several_modules_in_a_folder_need_a_name(self, tmp_path: Path):
        for title in ("Apples", "Pears"):
            written(tmp_path, modules.source(title))
        _out, err, status = call("import_module", tmp_path)
        assert (status, "E685" in err) == (1, True)
        assert call("import_module", tmp_path, "--root", "pears.md")[2] == 0
        assert ModuleVersion.objects.get().title == "Pears"

    def test_with_an_error_nothing_is_written(self, tmp_path: Path):
        index = written(tmp_path, modules.source("Apples", {"Growing": "[x](javascript:x)"}))
        _out, err, status = call("import_module", index, "--publish")
        assert status == 1
        assert "apples/growing.md:11:1: error E644" in err
        assert "Nothing was written" in err
        assert not Module.objects.exists()
        assert not Body.objects.exists()

    @pytest.mark.parametrize("arguments", [["/nowhere"], ["/tmp", "--by", "nobody@example.com"]])
    def test_what_is_not_there(self, arguments: list[str]):
        assert call("import_module", *arguments)[2] == 1
        assert not Module.objects.exists()


@pytest.mark.django_db
class TestPublishContent:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        written(tmp_path, modules.source("Apples"))
        written(tmp_path, modules.source("Pears"))
        (tmp_path / "README.md").write_text("# Read me\n")
        (tmp_path / "notes.md").write_text("# Notes without a toc\n")
        return tmp_path

    def rows(self) -> list[Any]:
        return [
            list(model._default_manager.order_by("pk").values())
            for model in (Module, ModuleVersion, AuditEvent)
        ]

    def change(self, folder: Path, word: str) -> None:
        page = folder / "apples/growing.md"
        page.write_text(page.read_text().replace("Some words", word))

    def live(self) -> int:
        version = Module.objects.get(slug="apples").published_version
        assert version is not None
        return version.number

    def test_everything_new_goes_live_and_a_second_run_changes_nothing(self, folder: Path):
        assert call("publish_content", folder) == ("Apples v1: live now.\nPears v1: live now.\n", "", 0)
        before = self.rows()
        assert (
            call("publish_content", folder)[0] == "Apples v1: live, unchanged.\nPears v1: live, unchanged.\n"
        )
        assert self.rows() == before

    def test_what_changed_is_published_and_what_changed_back_too(self, folder: Path):
        call("publish_content", folder)
        self.change(folder, "Other words")
        assert call("publish_content", folder)[0].startswith(
            "Apples v2: live now.\nPears v1: live, unchanged."
        )
        page = folder / "apples/growing.md"
        page.write_text(page.read_text().replace("Other words", "Some words"))
        assert call("publish_content", folder)[0].startswith("Apples v1: live now.")
        assert self.live() == 1

    @pytest.mark.parametrize("by", ["author", None])
    def test_what_somebody_published_stays_live(self, folder: Path, by: str | None):
        call("publish_content", folder)
        theirs = modules.store(modules.source("Apples", {"Growing": "Written by a person."}))
        release(theirs, by=persona(by) if by else None, why="better")
        assert call("publish_content", folder)[0].startswith("Apples v2 stays live: ")
        self.change(folder, "Newer words")
        out, _err, status = call("publish_content", folder)
        told = out.splitlines()[0]
        assert f"{'Arthur Author' if by else 'the command line'} published it" in told
        assert "The folder's is Apples v3" in told
        assert f"manage.py import_module {folder / 'apples.md'} --publish" in told
        assert (self.live(), status) == (2, 0)
        before = self.rows()
        call("publish_content", folder)
        assert self.rows() == before

    def test_a_person_who_went_back_is_not_overruled(self, folder: Path):
        call("publish_content", folder)
        self.change(folder, "Other words")
        call("publish_content", folder)
        release(
            ModuleVersion.objects.get(number=1, module__slug="apples"), by=persona("author"), why="too early"
        )
        assert "Apples v1 stays live" in call("publish_content", folder)[0]
        assert self.live() == 1

    def test_an_error_in_one_module_keeps_no_other_from_going_live(self, folder: Path):
        self.change(folder, "[x](javascript:x)")
        out, _err, status = call("publish_content", folder)
        assert status == 1
        assert "apples.md: not imported" in out
        assert "apples/growing.md:7:1: error E644" in out
        assert "Pears v1: live now." in out
        assert [module.slug for module in Module.objects.all()] == ["pears"]

    def test_no_folder(self, tmp_path: Path):
        assert call("publish_content", tmp_path / "nothing")[2] == 1


COURSE = {
    "sell.md": page("Sell", "./sell/l0.md", front="visibility: [Employee]\n"),
    "sell/l0.md": page("Level 0", "./l0/icp.md", "./l0/deals.md"),
    "sell/l0/icp.md": page("ICP", "./icp/where.md"),
    "sell/l0/icp/where.md": page("Where", body="![A](./where/1.png) [Deals](../deals.md)"),
    "sell/l0/icp/where/1.png": png(),
    "sell/l0/deals.md": page("Deals"),
    "notes.txt": b"not for learners",
}


@pytest.mark.django_db
class TestExportModule:
    """What comes out is what went in."""

    def test_a_tree_comes_back_byte_for_byte_and_imports_as_nothing_new(self, tmp_path: Path):
        written(tmp_path / "course", COURSE)
        persona("employee")
        persona("partner")
        assert call("import_module", tmp_path / "course", "--publish")[2] == 0
        out = tmp_path / "out.zip"
        assert call("export_module", "sell", "--out", str(out))[2] == 0
        with zipfile.ZipFile(out) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == COURSE
        again = call("import_module", out)
        assert [line for line in again[0].splitlines() if "already" not in line] == []
        first = out.read_bytes()
        call("export_module", "sell", "--out", str(out))
        assert out.read_bytes() == first

    def test_a_module_of_a_tree_is_a_package_of_its_own(self, tmp_path: Path):
        modules.publish_tree(COURSE)
        out = tmp_path / "icp.zip"
        assert call("export_module", "icp", "--out", str(out))[0] == f"ICP v1: {out}\n"
        with zipfile.ZipFile(out) as archive:
            assert sorted(archive.namelist()) == ["icp.md", "icp/where.md", "icp/where/1.png"]
        told = call("import_module", out)
        assert told[0] == "ICP v1: there already, with the same content.\n", told

    def test_a_child_that_was_imported_alone_stands_where_its_path_lists_it(self, tmp_path: Path):
        modules.publish_tree(COURSE)
        modules.publish({"deals.md": page("Deals", body="New words.")})
        out = tmp_path / "out.zip"
        call("export_module", "paths/sell", "--out", str(out))
        with zipfile.ZipFile(out) as archive:
            assert b"New words." in archive.read("sell/l0/deals.md")
            assert "deals.md" not in archive.namelist()

    def test_a_version_by_number_and_what_is_not_there(self, tmp_path: Path):
        modules.a_module("Apples", {"Growing": "Old."})
        modules.a_module("Apples", {"Growing": "New."})
        out = tmp_path / "out.zip"
        call("export_module", "apples", "--version", "1", "--out", str(out))
        with zipfile.ZipFile(out) as archive:
            assert b"Old." in archive.read("apples/growing.md")
        nowhere = ["apples", "--out", str(tmp_path / "no/x")]
        for arguments in (["nothing"], ["apples", "--version", "9"], nowhere):
            assert call("export_module", *arguments)[2] == 1


class TestFmt:
    """Missing ids, in place; nothing else."""

    def test_it_writes_what_is_missing_and_names_the_files(self, tmp_path: Path):
        index = written(tmp_path, {"m.md": page("M", "./m/a.md"), "m/a.md": b"# A\r\n\r\nText.\r\n"})
        assert call("fmt", index, "--ids") == ("m/a.md\n", "", 0)
        assert call("fmt", tmp_path, "--ids") == ("", "", 0)
        found = (tmp_path / "m/a.md").read_bytes()
        assert found.endswith(b"---\r\n\r\n# A\r\n\r\nText.\r\n")
        assert index.read_bytes() == page("M", "./m/a.md")

    def test_what_cannot_be_read_is_told_and_nothing_is_written(self, tmp_path: Path):
        index = written(tmp_path, {"m.md": b"# \xff\n"})
        out, err, status = call("fmt", index, "--ids")
        assert (out, status) == ("", 1)
        assert "m.md:1:3: error E686" in err
        assert call("fmt", index)[2] == 2
        assert call("fmt", tmp_path / "x.zip", "--ids")[2] == 2
