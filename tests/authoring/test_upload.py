"""What comes in by the front door: size first, then soundness, then a draft; with an error, nothing."""

from __future__ import annotations

import io
import os
import resource
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEvent
from authoring import reading, uploads
from authoring.models import Upload
from authoring.views.uploading import LARGEST_BODY
from courses.models import Body, Media, Module, ModuleVersion, Section
from tests import modules
from tests.browsing import soup, text_of
from tests.packages import png, upload, zipped
from tests.personas import PERSONAS, client_of, persona

pytestmark = pytest.mark.django_db

URL = "/authoring/uploads/"


def nothing_written() -> bool:
    kept = any(
        model._default_manager.exists() for model in (Module, ModuleVersion, Section, Body, Media, AuditEvent)
    )
    return not kept


def send(data: bytes, name: str = "module.zip", who: str = "author") -> tuple[str, str]:
    """What became of an upload (or the status, where it was not taken in), and the words of its page."""
    response = client_of(who).post(URL, {"package": upload(data, name)})
    if response.status_code != 303:
        return str(response.status_code), text_of(soup(response))
    page = client_of(who).get(response["Location"])
    found = Upload.objects.get(uuid=response["Location"].split("/")[-2])
    return found.state, text_of(soup(page).main)


@pytest.mark.parametrize("name", sorted({*PERSONAS} - {"author", "suspended"}))
def test_only_authors_find_anything_there(name: str):
    assert send(zipped(modules.source()), who=name)[0] == "404"
    assert client_of(name).get("/authoring/").status_code == 404
    assert nothing_written()


@pytest.mark.parametrize("top", ["", "apples-main/"])
def test_a_zip_becomes_a_draft(top: str):
    response = client_of("author").post(
        URL, {"package": upload(zipped(modules.source(), top=top), "apples.zip")}
    )
    version = ModuleVersion.objects.get()
    assert response.status_code == 303
    page = soup(client_of("author").get(response["Location"]))
    assert page.select_one(f'a.button[href="/authoring/versions/{version.pk}/"]') is not None
    assert (version.origin, version.created_by and version.created_by.name) == ("apples.zip", "Arthur Author")
    assert version.module.published_version is None
    assert AuditEvent.objects.get().what == "module imported"


def test_a_page_alone_is_a_module_of_its_own():
    assert send(modules.page("Pears", modules.question("que1")).encode(), "pears.md")[0] == "accepted"
    assert [entry["title"] for entry in ModuleVersion.objects.get().entries] == ["Pears"]


@pytest.mark.parametrize("which", ["section", "index"])
def test_a_live_page_alone_takes_its_place_in_its_module(which: str):
    given = modules.source(
        "Apples", {"Growing": "![A square](./1.png)\n", "Eating": modules.question("que1")}
    )
    given["apples/1.png"] = png()
    live = modules.publish(given)
    path = {"section": "apples/eating.md", "index": "apples.md"}[which]
    changed = given[path].replace(b"Some words", b"Better words")
    response = client_of("author").post(URL, {"package": upload(changed, "my copy.md")}, follow=True)
    draft = ModuleVersion.objects.get(number=2)
    assert draft.module_id == live.module_id
    assert [entry["title"] for entry in draft.entries] == ["Growing", "Eating"]
    bodies = {draft.body.source, *(section.body.source for section in draft.sections.all())}
    assert [source.count("Better words") for source in sorted(bodies)].count(1) == 1
    assert draft.page_media.count() == 1
    assert path in text_of(soup(response).select_one(".lead"))


def test_several_pages_alone_are_one_module():
    files = modules.source()
    sent = [upload(data, path.rpartition("/")[2]) for path, data in files.items()]
    response = client_of("author").post(URL, {"package": sent}, follow=True)
    assert "apples.md + 2" in text_of(soup(response).main)
    assert [entry["title"] for entry in ModuleVersion.objects.get().entries] == ["Growing", "Eating"]


def test_pages_that_fit_in_two_folders_are_told():
    index = modules.page("Apples", front="toc:\n- ./a/one.md\n- ./b/one.md\nvisibility: [Employee]")
    sent = [upload(index.encode(), "apples.md"), upload(modules.page("One").encode(), "one.md")]
    response = client_of("author").post(URL, {"package": sent}, follow=True)
    assert "E621" in text_of(soup(response).main)
    assert nothing_written()


def test_what_lacks_ids_can_be_downloaded_with_them_and_uploads_as_the_same():
    bare = {"apples.md": b"---\ntoc:\n- ./apples/one.md\nvisibility: [Employee]\n---\n\n# Apples\n"}
    bare["apples/one.md"] = b"# One\n\n" + modules.question("que1").replace(":id: que1\n", "").encode()
    client = client_of("author")
    page = soup(client.post(URL, {"package": upload(zipped(bare), "apples.zip")}, follow=True))
    link = page.select_one('a[href$="/with-ids.zip"]')
    assert link is not None
    response = client.get(str(link["href"]))
    assert response["Content-Disposition"] == 'attachment; filename="apples-with-ids.zip"'
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response)))
    assert b"uuid: " in archive.read("apples/one.md")
    assert b":id: " in archive.read("apples/one.md")
    again = soup(client.post(URL, {"package": upload(b"".join(client.get(str(link["href"]))))}, follow=True))
    assert again.select('a[href$="/with-ids.zip"]') == []
    assert Section.objects.count() == 1


def test_what_has_ids_is_not_offered_with_them():
    client = client_of("author")
    response = client.post(URL, {"package": upload(zipped(modules.source()))})
    assert client.get(f"{response['Location']}with-ids.zip").status_code == 404


def test_the_same_again_is_told_and_is_no_new_version():
    data = zipped(modules.source())
    send(data)
    response = client_of("author").post(URL, {"package": upload(data)}, follow=True)
    assert "Nothing new" in text_of(soup(response).main)
    assert ModuleVersion.objects.count() == 1


def test_all_problems_are_shown_with_place_line_and_remedy():
    broken = modules.source(
        "Apples", {"Growing": modules.question("que1").replace("[x]", "[ ]"), "Eating": "[x](javascript:x)"}
    )
    response = client_of("author").post(URL, {"package": upload(zipped(broken), "apples.zip")}, follow=True)
    page = soup(response)
    told = [text_of(problem) for problem in page.select(".problem.error")]
    assert len(told) == 2
    assert "apples/growing.md" in told[0]
    assert "E210" in told[0]
    assert "Mark the right one" in told[0]
    assert "apples/eating.md" in told[1]
    assert "[x](javascript:x)" in text_of(page.select(".problem.error")[1].select_one(".problem-text"))
    assert nothing_written()


def test_a_uuid_that_another_module_keeps_is_told_at_its_line():
    modules.a_module("Apples", {"Growing": ""})
    taken = str(modules.uuid_of("Apples/Growing")).encode()
    thief = {
        p: d.replace(str(modules.uuid_of("Pears/Stealing")).encode(), taken)
        for p, d in modules.source("Pears", {"Stealing": ""}).items()
    }
    status, text = send(zipped(thief))
    assert status == "refused"
    assert "pears/stealing.md:2:7 E604" in text
    assert not Module.objects.filter(slug="pears").exists()


def test_a_section_uploaded_alone_is_not_in_the_way_of_its_module():
    given = modules.source()
    assert send(given["apples/growing.md"], "growing.md")[0] == "accepted"
    assert send(zipped(given))[0] == "accepted"
    assert Module.objects.filter(slug="apples").exists()


@pytest.mark.parametrize("name", ["apples.docx", "apples.txt"])
def test_a_file_of_another_kind_says_what_to_upload(name: str):
    status, text = send(b"words", name)
    assert (status, "E681" in text) == ("refused", True)
    assert "Upload a .zip of the module's folder, or one .md page." in text


def test_an_empty_page_is_no_module():
    status, text = send(b" \n", "apples.md")
    assert (status, "E681" in text, "The page is empty" in text) == ("refused", True, True)
    assert nothing_written()


def test_errors_are_shown_before_warnings():
    growing = modules.source()["apples/growing.md"].replace(b"# Growing\n", b"")
    broken = modules.source("Apples", {"Growing": "", "Eating": "[x](javascript:x)"})
    response = client_of("author").post(
        URL, {"package": upload(zipped({**broken, "apples/growing.md": growing}))}, follow=True
    )
    kinds = [set(item["class"]) - {"problem"} for item in soup(response).select(".problem")]
    assert kinds == [{"error"}, {"warning"}]


def test_no_file_is_told_beside_the_field():
    response = client_of("author").post(URL, {})
    assert response.status_code == 422
    assert "Choose a file first." in text_of(soup(response).select_one(".errorlist"))


def hostile(name: str) -> bytes:
    """A sound module, and this name in it too."""
    return zipped({**modules.source(), name: b"x"})


NAMES = [
    "../up.md", "a/../../up.md", "/etc/passwd.md", "C:\\x.md", "\\\\srv\\x.md", "a:b.md", "con.md", "x/NUL", ".git/config",
    ".htaccess", "x /y.md", "x./y.md", "a" * 300 + ".md", "a\x01.md", "..", ".", "x//y.md",
]  # fmt: skip


@pytest.mark.trust("UP-02")
@pytest.mark.parametrize("name", NAMES)
def test_an_unsafe_name_has_the_whole_archive_refused(name: str):
    status, text = send(hostile(name))
    assert (status, "E682" in text or "E687" in text) == ("refused", True)
    assert nothing_written()


def with_mode(mode: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in modules.source().items():
            archive.writestr(path, data)
        info = zipfile.ZipInfo("apples/link.md")
        info.create_system = 3
        info.external_attr = mode << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


@pytest.mark.trust("UP-03")
@pytest.mark.parametrize(
    "mode", [stat.S_IFLNK | 0o777, stat.S_IFCHR | 0o666, stat.S_IFIFO | 0o666, stat.S_IFBLK | 0o666]
)
def test_links_and_devices_are_refused(mode: int):
    status, text = send(with_mode(mode))
    assert (status, "E682" in text) == ("refused", True)
    assert nothing_written()


def lying_size() -> bytes:
    """A file that unpacks to 3 MB and says that it has 10 bytes."""
    data = zipped({**modules.source(), "apples/big.bin": b"\0" * 3_000_000})
    at = data.rfind(b"PK\x01\x02")
    start = 0
    patched = bytearray(data)
    while (at := data.find(b"PK\x01\x02", start)) >= 0:
        if data[at + 46 : at + 60] == b"apples/big.bin":
            patched[at + 24 : at + 28] = struct.pack("<I", 10)
        start = at + 4
    return bytes(patched)


def overlapping() -> bytes:
    """Many entries that share the same bytes (CVE-2024-0450)."""
    data = zipped({**modules.source(), "apples/big.bin": b"\0" * 100_000})
    at = data.rfind(b"PK\x01\x02")
    end = data.rfind(b"PK\x05\x06")
    entry = data[at:end]
    entries = b"".join(entry.replace(b"big.bin", b"b%02d.bin" % n) for n in range(50))
    directory = data.find(b"PK\x01\x02")
    count = struct.unpack("<H", data[end + 10 : end + 12])[0] + 50
    size = end - directory + len(entries)
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, size, directory, 0)
    return data[:end] + entries + tail


BOMBS: dict[str, Callable[[], bytes]] = {
    "ratio": lambda: zipped({**modules.source(), "apples/big.bin": b"\0" * 30_000_000}),
    "too large unpacked": lambda: zipped({**modules.source(), **{f"apples/{n}.bin": b"\0" * 45_000_000 for n in range(5)}}),
    "too many files": lambda: zipped({**modules.source(), **{f"apples/{n}.bin": b"" for n in range(5_100)}}),
    "lying size": lying_size,
    "overlapping": overlapping,
    "page too large": lambda: zipped({**modules.source(), "apples/long.md": b"word " * 110_000}),
}  # fmt: skip


@pytest.mark.trust("UP-04", "UP-05")
@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused(bomb: str):
    state, text = send(BOMBS[bomb]())
    assert state == "refused"
    assert any(code in text for code in ("E681", "E683", "E684", "E688")), text
    assert nothing_written()


def encrypted() -> bytes:
    data = bytearray(zipped(modules.source()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    return bytes(data)


def lzma() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        for path, data in modules.source().items():
            archive.writestr(path, data)
    return buffer.getvalue()


DAMAGED: dict[str, Callable[[], bytes]] = {
    "not a zip": lambda: b"hello",
    "empty": lambda: b"",
    "a picture": png,
    "encrypted": encrypted,
    "lzma": lzma,
    "something before": lambda: b"GIF89a" + zipped(modules.source()),
    "a pdf too": lambda: b"%PDF-1.4\n" + zipped(modules.source()),
    "no end": lambda: zipped(modules.source())[:-22],
}


@pytest.mark.trust("UP-07")
@pytest.mark.parametrize("damage", DAMAGED)
def test_what_is_no_sound_zip_is_refused(damage: str):
    status, text = send(DAMAGED[damage]())
    assert (status, "E681" in text) == ("refused", True)
    assert nothing_written()


@pytest.mark.trust("UP-07")
def test_a_zip_cut_short_anywhere_is_refused():
    data = zipped(modules.source())
    client = client_of("author")
    for percent in range(0, 100, 4):
        response = client.post(URL, {"package": upload(data[: len(data) * percent // 100])}, follow=True)
        assert soup(response).select(".problem.error"), percent
    assert not ModuleVersion.objects.exists()


@pytest.mark.trust("IM-01")
@pytest.mark.parametrize("name", ["1.svg", "1.png", "1.gif"])
def test_an_svg_by_any_name_is_refused(name: str):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    given = modules.source("Apples", {"Growing": f"![A drawing](./{name})\n"}) | {f"apples/{name}": svg}
    status, text = send(zipped(given))
    assert (status, "E662" in text) == ("refused", True)
    assert nothing_written()


@pytest.mark.trust("UP-11")
def test_a_name_is_only_ever_text():
    name = '"><script>alert(1)</script>.md'
    response = client_of("author").post(URL, {"package": upload(b"x", name)}, follow=True)
    assert "was not imported" in text_of(soup(response).h1)
    assert b"<script>alert" not in response.content


def body(size: int) -> tuple[bytes, str]:
    """A form with a file of so many bytes, as it is on the wire."""
    head = b'--B\r\nContent-Disposition: form-data; name="package"; filename="m.zip"\r\n\r\n'
    return head + b"\0" * size + b"\r\n--B--\r\n", "multipart/form-data; boundary=B"


class Unread(io.RawIOBase):
    """A body that must not be read."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.trust("UP-01")
@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 10**9, 10**13])
def test_what_says_that_it_is_too_large_is_not_read(size: int):
    client = client_of("author")
    sent: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(size)}
    response = client.generic("POST", URL, b"", "multipart/form-data; boundary=B", **sent)
    assert response.status_code == 413
    assert "too large" in text_of(soup(response).main)
    assert nothing_written()


@pytest.mark.trust("UP-01", "AC-12")
@pytest.mark.parametrize("name", ["partner", "anonymous"])
def test_what_others_send_there_is_not_read(name: str):
    client = (
        Client(enforce_csrf_checks=True) if name == "anonymous" else client_of(name, enforce_csrf_checks=True)
    )
    sent: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": "1000"}
    assert (
        client.generic("POST", URL, b"", "multipart/form-data; boundary=B", **sent).status_code
        == {"partner": 404, "anonymous": 302}[name]
    )


@pytest.mark.trust("UP-01")
@pytest.mark.parametrize("stated", ["", "0", "10", "200"])
def test_no_more_is_read_than_was_stated(stated: str):
    data, kind = body(100_000)
    response = client_of("author").generic("POST", URL, data, content_type=kind, CONTENT_LENGTH=stated)
    assert response.status_code in (400, 422)
    assert nothing_written()


@pytest.mark.trust("UP-01")
@pytest.mark.parametrize("extra", [0, 1])
def test_at_the_limit_the_import_decides_and_no_temporary_file_stays(
    extra: int, tmp_path: Path, settings: Settings
):
    """50 MB are within the limit of the request; whether the archive is, its own limit says."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    data, kind = body(50 * 1024 * 1024 + extra)
    response = client_of("author").generic("POST", URL, data, content_type=kind)
    page = client_of("author").get(response["Location"])
    assert ("E683" in page.content.decode()) is bool(extra)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.trust("UP-11")
def test_a_name_that_ends_in_no_end_is_only_ever_text():
    """What is larger than a form's memory stands in a file meanwhile, whose name is not the sender's."""
    data = zipped({"apples.bin": os.urandom(3_000_000)})
    response = client_of("author").post(URL, {"package": upload(data, "x." + "a" * 250)})
    assert response.status_code in (303, 422)


@pytest.mark.trust("F-06", "UP-01")
def test_where_the_disk_is_full_nothing_is_kept_and_it_works_again(tmp_path: Path, settings: Settings):
    settings.FILE_UPLOAD_TEMP_DIR, settings.UPLOADS_ROOT = str(tmp_path), tmp_path / "uploads"
    client, (data, kind) = client_of("author"), body(40 * 1024 * 1024)
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (32 * 1024 * 1024, most))
    try:
        response = client.generic("POST", URL, data, content_type=kind)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
    assert response.status_code == 507
    assert "no room left" in response.content.decode()
    assert list(tmp_path.rglob("*")) == []
    assert nothing_written()
    assert client.generic("POST", URL, data, content_type=kind).status_code == 303


def test_a_form_without_its_token_is_refused():
    client = client_of("author", enforce_csrf_checks=True)
    assert client.post(URL, {"package": upload(zipped(modules.source()))}).status_code == 403
    assert nothing_written()


def test_nothing_is_imported_where_the_copy_with_ids_cannot_be_kept():
    bare = zipped({"apples.md": b"---\nvisibility: [Employee]\n---\n\n# Apples\n"})
    found, _new = uploads.receive([upload(bare, "apples.zip")], by=persona("author"))
    (uploads.folder(found) / "with-ids.zip").mkdir()
    with pytest.raises(IsADirectoryError):
        reading.start(found)
    assert nothing_written()


@pytest.mark.parametrize("bare", [b"# Apples\n", b"---\nvisibility: [Employee]\n---\n\n# Apples\n"])
def test_files_without_ids_are_offered_with_them(bare: bytes):
    response = client_of("author").post(URL, {"package": upload(zipped({"apples.md": bare}), "apples.zip")})
    client = client_of("author")
    link = soup(client.get(response["Location"])).find("a", string="Download your files with ids")
    assert link is not None
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get(link["href"])))) as archive:  # type: ignore[arg-type]
        assert b"\nuuid: " in archive.read("apples.md")


@pytest.mark.trust("UP-12")
def test_a_page_that_is_no_text_hides_no_other_and_is_not_offered_with_ids():
    state, said = send(
        zipped({"m.md": b"---\ntoc: [./a.md]\n---\n# Caf\xe9\n", "a.md": b"# A\n\n![](./x.png)"})
    )
    assert state == Upload.State.REFUSED
    assert [code for code in ("E686", "W602", "W601", "W661") if code in said] == ["E686", "W601", "W661"]
    assert "Download your files with ids" not in said
    assert nothing_written()
