"""Opening what authors hand in: what is accepted, and every way to be refused."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from markup import archive, root
from markup.limits import Limits
from markup.names import is_ignored, why_unsafe
from markup.package import Package, open_package
from markup.problems import Problem, Problems
from tests.steps import steps

ID = "ab4e99e5-6955-40f6-9037-dd1c67e7827c"
MODULE = {
    "icp.md": f"---\nuuid: {ID}\ntoc:\n- ./icp/a.md\n- ./icp/b.md\n---\n# ICP\n".encode(),
    "icp/a.md": b"# A\n",
    "icp/b.md": b"# B\n",
    "icp/a/images/01.png": b"\x89PNG",
}


def zipped(files: dict[str, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", options.get("method", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def opened(data: bytes, name: str = "icp.zip", **options: Any) -> tuple[Package | None, list[Problem]]:
    return open_package(io.BytesIO(data), name=name, **options)


def refusal(data: bytes, **options: Any) -> set[str]:
    """The codes with which an archive is refused; fails when it is not."""
    package, problems = opened(data, **options)
    assert package is None
    assert all(problem.remedy and problem.file for problem in problems)
    return {problem.code for problem in problems if problem.severity == "error"}


def write(base: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


# What is accepted


def test_a_zip() -> None:
    package, problems = opened(zipped(MODULE))
    assert problems == []
    assert package is not None
    assert (package.files, package.root, package.name) == (MODULE, "icp.md", "icp")
    assert package.pages() == ["icp.md", "icp/a.md", "icp/b.md"]


def test_a_single_top_folder_is_left_out() -> None:
    package, problems = opened(zipped({"top/": b""} | {f"top/{name}": data for name, data in MODULE.items()}))
    assert problems == []
    assert package is not None
    assert (package.files, package.root) == (MODULE, "icp.md")


def test_a_folder(tmp_path: Path) -> None:
    write(tmp_path, MODULE)
    package, problems = open_package(tmp_path)
    assert problems == []
    assert package is not None
    assert (package.files, package.root) == (MODULE, "icp.md")


def test_a_path_to_one_page_brings_what_its_toc_reaches(tmp_path: Path) -> None:
    beside = MODULE["icp.md"].replace(b"./icp/b.md", b"./shared/c.md")
    toc = b"---\ntoc:\n- ./c/d.md\n---\n# C\n"
    write(
        tmp_path,
        MODULE | {"icp.md": beside, "shared/c.md": toc, "shared/c/d.md": b"# D", "shared/e.md": b"# E"},
    )
    write(tmp_path, {"other.md": b"---\ntoc:\n- other/a.md\n---\n", "other/a.md": b""})
    package, problems = open_package(tmp_path / "icp.md")
    assert problems == []
    assert package is not None
    assert package.root == "icp.md"
    assert sorted(package.files) == [
        "icp.md",
        "icp/a.md",
        "icp/a/images/01.png",
        "icp/b.md",
        "shared/c.md",
        "shared/c/d.md",
    ]


def test_a_page_brings_the_files_that_it_includes(tmp_path: Path) -> None:
    files = {
        "m.md": b"---\ntoc: [./m/a.md]\n---\n```{include} shared/hello.md\n```\n",
        "m/a.md": b"> ```{literalinclude} ../code/a.py\n> ```\n\n```{include} ../gone.md\n```\n",
        "shared/hello.md": b":::{include} ./again.txt\n:::\n",
        "shared/again.txt": b"```{include} ./hello.md\n```\n```{include} ../../secret.txt\n```\n",
        "code/a.py": b"1\n",
    }
    write(tmp_path / "course", {**files, "shared/other.md": b"", "code/b.py": b"2\n"})
    write(tmp_path, {"secret.txt": b"secret"})
    package, problems = open_package(tmp_path / "course/m.md")
    assert problems == []
    assert package is not None
    assert package.files == files


@pytest.mark.trust("MD-08")
@pytest.mark.parametrize(
    "name", ["x" * 300 + ".md", "a/" * 3000 + "x.md", "y" * 300 + "/x.md"], ids=["file", "way", "folder"]
)
@pytest.mark.parametrize(
    "asks", ["---\ntoc:\n- {}\n---\n", "```{{include}} {}\n```\n"], ids=["toc", "include"]
)
def test_a_page_may_ask_for_a_name_that_no_disk_can_have(tmp_path: Path, name: str, asks: str) -> None:
    write(tmp_path, {"a.md": asks.format(name).encode()})
    package, problems = open_package(tmp_path / "a.md")
    assert problems == []
    assert package is not None
    assert sorted(package.files) == ["a.md"]


def test_missing_and_circular_toc_entries_do_not_matter_here(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": b"---\ntoc:\n- b.md\n- gone.md\n---\n", "b.md": b"---\ntoc:\n- a.md\n---\n"})
    package, problems = open_package(tmp_path / "a.md")
    assert problems == []
    assert package is not None
    assert sorted(package.files) == ["a.md", "b.md"]


def test_one_uploaded_page() -> None:
    package, problems = opened(b"# A\n", name="cafe\u0301.md")
    assert problems == []
    assert package is not None
    assert (dict(package.files), package.root) == ({"café.md": b"# A\n"}, "café.md")


def test_a_zip_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "icp.zip").write_bytes(zipped(MODULE))
    package, problems = open_package(tmp_path / "icp.zip")
    assert problems == []
    assert package is not None
    assert package.name == "icp"


def test_text_without_mark_and_with_plain_line_ends() -> None:
    package, _ = opened(zipped({"a.md": "\ufeffa\r\nb\rc\n".encode()}))
    assert package is not None
    assert package.text("a.md") == "a\nb\nc\n"


def test_the_digest_follows_content_and_paths_alone() -> None:
    def digest(files: dict[str, bytes]) -> str:
        package, _ = opened(zipped(files), name=f"{len(files)}.zip", root="icp.md")
        assert package is not None
        return package.digest()

    assert digest(MODULE) == digest(dict(reversed(MODULE.items())))
    assert digest(MODULE) != digest(MODULE | {"icp/a.md": b"# a\n"})
    assert digest(MODULE) != digest({name.replace("a.md", "c.md"): data for name, data in MODULE.items()})
    assert len(digest(MODULE)) == 64


def test_leftovers_of_operating_systems_are_left_out_and_listed() -> None:
    junk = {"__MACOSX/._icp.md": b"x", "icp/.DS_Store": b"x", "Thumbs.db": b"x", "icp/__MACOSX/x": b"x"}
    package, problems = opened(zipped(MODULE | junk))
    assert package is not None
    assert package.files == MODULE
    assert [(problem.code, problem.severity) for problem in problems] == [("I690", "info")] * 4


def test_names_of_old_tools_are_read_as_they_were_meant() -> None:
    package, problems = opened(
        zipped({"cafXX.md": b"# A"}).replace(b"cafXX", "café".encode())
    )  # UTF-8, unsaid
    assert problems == []
    assert package is not None
    assert list(package.files) == ["café.md"]


# The root


TOC = b"---\ntoc:\n- ./x.md\n---\n"


@pytest.mark.parametrize(
    ("files", "named", "root"),
    [
        ({"a.md": b""}, None, "a.md"),
        ({"a.md": b"", "README.md": b""}, None, "a.md"),
        ({"a.md": TOC, "x.md": b"", "lost.md": b""}, None, "a.md"),
        ({"a.md": TOC, "x.md": b"", "README.md": TOC}, None, "a.md"),
        ({"a.md": b"", "bank.md": b"---\nkind: question-bank\n---\n"}, None, "a.md"),
        ({"a.md": b"---\ntoc:\n- a.md\n---\n"}, None, "a.md"),
        ({"a.md": TOC, "x.md": TOC.replace(b"x.md", b"y.md"), "y.md": b""}, None, "a.md"),
        ({"a.md": b"", "b.md": b""}, "b.md", "b.md"),
        ({"a.md": TOC, "b.md": TOC, "x.md": b""}, "./b.md", "b.md"),
        ({"a.md": b"", "README.md": b""}, "README.md", "README.md"),
    ],
)
def test_the_root_page(files: dict[str, bytes], named: str | None, root: str) -> None:
    package, _ = opened(zipped(files), root=named)
    assert package is not None
    assert package.root == root


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"a.png": b""}, None),
        ({}, None),
        ({"README.md": b""}, None),
        ({"a.md": b"", "b.md": b""}, None),
        ({"a.md": TOC, "b.md": TOC}, None),
        ({"a.md": TOC, "x.md": b"---\ntoc:\n- a.md\n---\n"}, None),
        ({"a.md": b""}, "b.md"),
        ({"a.md": b"", "b.png": b""}, "b.png"),
        ({"a.md": b""}, "../a.md"),
    ],
)
def test_no_root_page_or_several(files: dict[str, bytes], named: str | None) -> None:
    assert refusal(zipped(files), root=named) == {"E685"}


@pytest.mark.parametrize(("front", "code"), [("toc: [one.md", "E605"), ("toc: *one", "E606")])
def test_an_index_page_that_cannot_be_read_is_told_as_that(front: str, code: str) -> None:
    index = f"---\n{front}\n---\n".encode()
    assert refusal(zipped({"a.md": index, "one.md": b"", "two.md": TOC, "three.md": TOC})) == {code}
    assert refusal(zipped({"a.md": b"---\ntoc: [one.md]\n", "one.md": b"", "two.md": b""})) == {"E601"}


def test_what_cannot_be_read_is_told_beside_what_can() -> None:
    """The root is the page that cannot be read where its place says so, else the only one with a toc."""
    broken = b"---\ntoc: [one.md\n---\n"
    above = {"m.md": broken, "m/one.md": b"", "m/two.md": TOC}
    assert root.find(above, None, "x.zip", told := Problems()) == "m.md"
    assert list(told) == []
    beside = {"a.md": b"---\ntoc: [./b.md]\n---\n", "b.md": b"", "stray.md": broken}
    assert root.find(beside, None, "x.zip", told := Problems()) == "a.md"
    assert [(p.file, p.code) for p in told if p.severity == "error"] == [("stray.md", "E605")]


# Names


UNSAFE = [
    "../a.md",
    "a/../../b.md",
    "/etc/a.md",
    "C:\\a.md",
    "C:/a.md",
    "\\\\srv\\a.md",
    "a:b.md",
    "a\\b.md",
    "a//b.md",
    "./a.md",
    "a/./b.md",
    "..",
    "a/..",
    "a./b.md",
    "a.md.",
    "a.md ",
    "a /b.md",
    " a.md",
    "con",
    "CON.md",
    "a/nul.md",
    "com1.txt",
    "lpt9.md",
    "aux/a.md",
    ".git/config",
    ".htaccess",
    "a/.env",
    "._a.md",
    "a\x01.md",
    "a\n.md",
    "a\x7f.md",
    "x" * 300 + ".md",
    "/".join(["x" * 100] * 11),
    "a\u202emd.exe",
    "a<b.md",
    'a"b.md',
    "a|b.md",
    "a?.md",
    "a*.md",
]


@pytest.mark.trust("UP-02")
@pytest.mark.parametrize("name", UNSAFE, ids=[f"name {number}" for number in range(len(UNSAFE))])
def test_unsafe_names_refuse_the_archive(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(zipped(MODULE | {name: b"x"})) == {"E682"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.trust("UP-02")
def test_a_name_with_a_nul_is_refused() -> None:
    assert refusal(zipped(MODULE | {"axb.md": b"x"}).replace(b"axb.md", b"a\0b.md")) == {"E682"}


@pytest.mark.trust("UP-02")
@pytest.mark.parametrize("name", ["../a.md", ".a.md", "con.md", "a\0.md", "a/b.md/../../c.md", "..\\a.md"])
def test_unsafe_names_of_single_pages(name: str) -> None:
    assert refusal(b"# A", name=name) == {"E682"}


@given(st.text(st.sampled_from("./\\ac: \0~\u202e"), max_size=12))
def test_safe_names_stay_inside(name: str) -> None:
    if why_unsafe(name) is None:
        path = os.path.normpath(f"/base/{name}")
        assert path.startswith("/base/")
        assert "\\" not in name


def test_what_is_ignored() -> None:
    assert is_ignored("__MACOSX/a")
    assert is_ignored("a/.DS_Store")
    assert not is_ignored("a/MACOSX/b")
    assert not is_ignored("Thumbs.db.md")


@pytest.mark.trust("UP-06")
@pytest.mark.parametrize(
    "names",
    [
        ("a.md", "A.md"),
        ("x/a.md", "X/b.md"),
        ("caf\u00e9.md", "cafe\u0301.md"),
        ("a", "a/b.md"),
        ("a/b.md", "a"),
        ("a/b.md", "A"),
        ("straße.md", "STRASSE.md"),
        ("\u212a.md", "k.md"),
        ("x/", "x"),
    ],
)
def test_names_that_are_the_same_elsewhere(names: tuple[str, str]) -> None:
    assert "E687" in refusal(zipped(dict.fromkeys(names, b"x")))


def test_names_that_look_the_same_are_told_apart() -> None:
    files = {"a.md": b"", "\u00e4.png": b"x", "a\u0308.png": b"x"}
    package, problems = open_package(io.BytesIO(zipped(files)), name="course.zip")
    assert package is None
    assert [(p.code, "its accents written in two ways" in p.message) for p in problems] == [("E687", True)]


@pytest.mark.trust("UP-06")
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.md", b"one")
        archive.writestr("a.md", b"two")
    assert refusal(out.getvalue()) == {"E687"}


# Links and devices


def entry_with_mode(mode: int, name: str = "x", data: bytes = b"/etc/passwd") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("icp.md", b"# A")
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, data)
    return out.getvalue()


@pytest.mark.trust("UP-03")
@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o060666, 0o010666, 0o140777, 0o040755])
def test_links_and_devices_in_an_archive(mode: int) -> None:
    assert refusal(entry_with_mode(mode)) == {"E682"}


@pytest.mark.trust("UP-03")
def test_a_linked_folder_with_a_file_through_it() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("out")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/tmp")
        archive.writestr("out/evil.md", "x")
    assert refusal(out.getvalue()) == {"E682", "E687"}


@pytest.mark.trust("UP-03")
@pytest.mark.parametrize("to", ["/etc/passwd", "../outside.txt", "gone", "loop"])
def test_links_that_leave_a_folder(tmp_path: Path, to: str) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    folder = tmp_path / "module"
    write(folder, MODULE)
    (folder / "loop").symlink_to(to)
    package, problems = open_package(folder)
    assert package is None
    assert [problem.code for problem in problems] == ["E682"]


@pytest.mark.trust("UP-03")
def test_links_within_a_folder_are_read_and_linked_folders_are_not(tmp_path: Path) -> None:
    write(tmp_path, MODULE)
    (tmp_path / "icp" / "c.png").symlink_to("a/images/01.png")
    package, problems = open_package(tmp_path)
    assert problems == []
    assert package is not None
    assert package.files["icp/c.png"] == b"\x89PNG"
    (tmp_path / "again").symlink_to("icp")
    assert [problem.code for problem in open_package(tmp_path)[1]] == ["E682"]


@pytest.mark.parametrize(("to", "codes"), [("outside", ["E682"]), ("within", [])])
def test_the_folder_of_a_page_may_be_a_link_that_stays_beside_it(tmp_path: Path, to: str, codes: list[str]):
    write(tmp_path, {"outside/deep/b.png": b"\x89PNG"})
    write(tmp_path / "course", {"a.md": b"# A\n", "within/deep/b.png": b"\x89PNG"})
    (tmp_path / "course" / "a").symlink_to(tmp_path / "outside" if to == "outside" else "within")
    package, problems = open_package(tmp_path / "course" / "a.md")
    assert [problem.code for problem in problems if problem.severity == "error"] == codes
    assert (package is None) == bool(codes)


def test_a_pipe_in_a_folder_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path, MODULE)
    os.mkfifo(tmp_path / "pipe.md")
    assert [problem.code for problem in open_package(tmp_path)[1]] == ["E682"]


# Sizes


SMALL = Limits(zip=4000, unpacked=10_000, files=5, page=500)


def test_the_limits_are_those_of_the_format() -> None:
    assert Limits() == Limits(
        zip=52_428_800, unpacked=209_715_200, ratio=100, files=5_000, depth=12, page=524_288, image=5_242_880,
        video=52_428_800, pixels=40_000_000,
    )  # fmt: skip


@pytest.mark.trust("UP-01")
def test_the_size_of_the_archive() -> None:
    noise = os.urandom(3000)
    size = len(zipped({"a.md": b"", "b.png": noise}))
    files = {"a.md": b"", "b.png": noise}
    assert opened(zipped(files), limits=Limits(zip=size))[0] is not None
    assert refusal(zipped(files), limits=Limits(zip=size - 1)) == {"E683"}


@pytest.mark.trust("UP-04")
def test_the_unpacked_size_declared() -> None:
    files = {"a.md": b"", "b.png": bytes(9_999), "c.png": b"1"}
    assert opened(zipped(files), limits=SMALL)[0] is not None
    assert refusal(zipped(files | {"d.png": b"1"}), limits=SMALL) == {"E683"}


@pytest.mark.trust("UP-05")
def test_the_number_of_files() -> None:
    files = {f"{number}.md": b"" for number in range(5)}
    assert opened(zipped(files | {"x/": b""}), root="0.md", limits=SMALL)[0] is not None
    assert refusal(zipped(files | {"5.md": b""}), limits=SMALL) == {"E684"}
    assert refusal(zipped({f"{number}/": b"" for number in range(11)}), limits=SMALL) == {"E684"}


@pytest.mark.trust("UP-05")
def test_ten_thousand_files() -> None:
    assert refusal(zipped({f"{number}.md": b"" for number in range(10_001)})) == {"E684"}


@pytest.mark.trust("UP-05")
def test_depth() -> None:
    assert opened(zipped({"a.md": b"", "/".join("abcdefghijkl"): b""}))[0] is not None
    assert refusal(zipped({"a.md": b"", "/".join("abcdefghijklm"): b""})) == {"E688"}
    assert refusal(zipped({"a.md": b"", "a/" * 100: b""})) == {"E688"}


@pytest.mark.parametrize("size", [500, 501])
def test_the_size_of_a_page(size: int, tmp_path: Path) -> None:
    page = b"x" * size
    (tmp_path / "a.md").write_bytes(page)
    results = [
        opened(zipped({"a.md": page}), limits=SMALL),
        opened(page, name="a.md", limits=SMALL),
        open_package(tmp_path, limits=SMALL),
        open_package(tmp_path / "a.md", limits=SMALL),
    ]
    for package, problems in results:
        assert (package is None) == (size > 500)
        assert [problem.code for problem in problems] == (["E688"] if size > 500 else [])


def test_a_folder_has_no_limit_of_files_or_size(tmp_path: Path) -> None:
    write(tmp_path, {f"{number}.png": bytes(3000) for number in range(7)} | {"a.md": b""})
    assert open_package(tmp_path, limits=SMALL)[0] is not None
    (tmp_path / "film.mp4").write_bytes(bytes(101))
    assert [p.code for p in open_package(tmp_path, limits=Limits(video=100))[1]] == ["E663"] * 8


@pytest.mark.trust("UP-04")
@pytest.mark.parametrize("size", [10, 200])
def test_bombs_are_refused_without_being_unpacked(size: int) -> None:
    data = zipped({"a.md": b"# A", "bomb.png": bytes(size * 1024 * 1024)})
    tracemalloc.start()
    assert refusal(data) == {"E683"}
    assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    tracemalloc.stop()
    assert steps(lambda: refusal(data)) < 1_000


def patched(
    data: bytes, offset: int, form: str, value: int, *, central: bool = True, local: bool = True
) -> bytes:
    """The archive with a field of its last entry overwritten; `offset` is that in the central header."""
    out = bytearray(data)
    if central:
        struct.pack_into(form, out, data.rindex(b"PK\x01\x02") + offset, value)
    if local:
        struct.pack_into(form, out, data.rindex(b"PK\x03\x04") + offset - 2, value)
    return bytes(out)


SIZE, PACKED, CRC, METHOD, FLAGS = 24, 20, 16, 10, 8


@pytest.mark.trust("UP-04")
@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize("said", [0, 1, 999, 1001, 5_000_000, 0xFFFFFFFE])
def test_sizes_that_lie(said: int, both: bool) -> None:
    data = zipped({"a.md": b"# A", "b.png": os.urandom(1000)})
    assert refusal(patched(data, SIZE, "<I", said, local=both)) <= {"E681", "E683"}


@pytest.mark.trust("UP-04")
def test_a_bomb_that_says_it_is_small() -> None:
    data = zipped({"a.md": b"# A", "b.png": bytes(300 * 1024 * 1024)})
    tracemalloc.start()
    assert refusal(patched(data, SIZE, "<I", 1000)) == {"E681"}
    assert tracemalloc.get_traced_memory()[1] < 32 * 1024 * 1024
    tracemalloc.stop()


@pytest.mark.trust("UP-04")
def test_a_size_that_lies_with_a_checksum_that_fits() -> None:
    """The stated bytes are all that is ever taken, so nothing more can come out."""
    data = zipped({"a.md": b"# A", "b.png": bytes(5000)})
    data = patched(patched(data, SIZE, "<I", 10), CRC, "<I", zlib.crc32(bytes(10)))
    package, _ = opened(data)
    assert package is None or package.files["b.png"] == bytes(10)


@pytest.mark.trust("UP-04")
def test_bytes_are_counted_while_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if every stated size were believed by the library, reading stops at the limit."""
    files = {"a.md": b"# A", "b.png": os.urandom(3_000), "c.png": os.urandom(3_000)}
    monkeypatch.setattr(archive, "_check_declared", lambda *args: None)
    assert refusal(zipped(files), limits=Limits(unpacked=5_000)) == {"E683"}


@pytest.mark.trust("UP-04")
@pytest.mark.parametrize(
    ("bomb", "limits"),
    [(bytes(5 * 1024 * 1024), Limits()), (os.urandom(5_000), Limits(unpacked=4_000))],
    ids=["by its ratio", "by its size"],
)
def test_stated_bombs_are_not_even_begun(
    bomb: bytes, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_content", None)
    assert refusal(zipped({"a.md": b"# A", "bomb.png": bomb}), limits=limits) == {"E683"}


@pytest.mark.trust("UP-04")
def test_too_many_entries_are_counted_before_the_library_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({f"{number}.md": b"" for number in range(11)})
    monkeypatch.setattr(archive.zipfile, "ZipFile", None)
    assert refusal(data, limits=SMALL) == {"E684"}


@pytest.mark.trust("UP-04")
def test_overlapping_entries() -> None:
    one = zipped({"a.md": b"# A", "b.png": os.urandom(500)})
    start = one.rindex(b"PK\x01\x02")
    out = bytearray(one)
    struct.pack_into("<I", out, start + 42, 0)  # the second entry begins where the first does
    assert refusal(bytes(out)) == {"E681"}


@pytest.mark.trust("UP-04")
def test_entries_that_the_end_record_does_not_count() -> None:
    data = bytearray(zipped({f"{number}.md": b"" for number in range(30)}))
    struct.pack_into("<HH", data, len(data) - 14, 1, 1)
    assert refusal(bytes(data), limits=SMALL) == {"E684"}


@pytest.mark.trust("UP-04")
def test_a_nested_archive_is_only_a_file() -> None:
    inner = zipped({"../../evil.md": bytes(100)})
    package, problems = opened(zipped({"a.md": b"# A", "inner.zip": inner}))
    assert problems == []
    assert package is not None
    assert package.files["inner.zip"] == inner


@pytest.mark.trust("UP-04")
@pytest.mark.parametrize("change", [0, 1, 2**31, 2**63])
def test_zip64_records_that_lie(change: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("a.md", "w", force_zip64=True) as entry:
        entry.write(b"# A")
    data = out.getvalue()
    end = len(data) - 22
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, end, change)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    tail = bytearray(data[end:])
    struct.pack_into("<HHII", tail, 8, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    assert refusal(data[:end] + record + locator + bytes(tail)) == {"E681"}


@pytest.mark.trust("UP-04")
def test_a_huge_comment() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.md", b"# A")
        archive.comment = b"PK\x05\x06" * 16_000
    package, problems = opened(out.getvalue())
    assert package is not None or {problem.code for problem in problems} == {"E681"}


# Damage


@pytest.mark.trust("UP-07")
@pytest.mark.parametrize("percent", range(100))
def test_truncated_anywhere(percent: int) -> None:
    data = zipped(MODULE | {"noise.png": bytes(range(256)) * 20})
    assert refusal(data[: len(data) * percent // 100]) == {"E681"}


@pytest.mark.trust("UP-07")
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods(method: int) -> None:
    assert refusal(zipped(MODULE, method=method)) == {"E681"}


@pytest.mark.trust("UP-07")
@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 95, 98, 99])
def test_methods_that_no_library_knows(method: int) -> None:
    assert refusal(patched(zipped(MODULE), METHOD, "<H", method)) == {"E681"}


@pytest.mark.trust("UP-07")
@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2000])
def test_encrypted(flag: int) -> None:
    assert refusal(patched(zipped(MODULE), FLAGS, "<H", flag)) == {"E681"}


@pytest.mark.trust("UP-07")
def test_split_archives() -> None:
    assert refusal(patched(zipped(MODULE), 34, "<H", 1, local=False)) == {"E681"}


@pytest.mark.trust("UP-07")
@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"GIF89a" + data,
        lambda data: b"%PDF-1.7\n" + data,
        lambda data: b"\0" + data,
        lambda data: b"PK\x03\x04" + data,
        lambda data: data + b"x",
        lambda data: data + b"<script>",
        lambda data: b"",
        lambda data: b"not a zip at all",
        lambda data: data[:-22],
        lambda data: b"PK\x05\x06" + data,
        lambda data: data[4:],
        lambda data: zipped({"x.md": b""}) + data,
    ],
)
def test_two_things_at_once_and_other_things(change: Callable[[bytes], bytes]) -> None:
    assert refusal(change(zipped(MODULE))) == {"E681"}


@pytest.mark.trust("UP-07")
@pytest.mark.parametrize("name", ["icp.tar.gz", "icp.rar", "icp", "", "icp.zip.exe", "icp.md.html"])
def test_other_endings(name: str) -> None:
    assert refusal(zipped(MODULE), name=name) == {"E681"}


def test_a_wrong_checksum() -> None:
    assert refusal(patched(zipped(MODULE), CRC, "<I", 1)) == {"E681"}


def test_a_name_that_differs_between_the_headers() -> None:
    data = zipped(MODULE)
    at = data.index(b"icp/b.md")
    assert refusal(data[:at] + b"icp/x.md" + data[at + 8 :]) == {"E681"}


@given(st.integers(0, 10_000), st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_any_changed_byte_is_noticed_or_harmless(position: int, value: int) -> None:
    data = bytearray(zipped(MODULE))
    data[position % len(data)] = value
    package, problems = opened(bytes(data))
    assert package is None or all(content in MODULE.values() for content in package.files.values())
    assert package is not None or problems


def test_nothing_is_there(tmp_path: Path) -> None:
    package, problems = open_package(tmp_path / "gone")
    assert package is None
    assert [problem.code for problem in problems] == ["E681"]


@pytest.mark.trust("UP-12")
@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b"# A\n\nb\xff", 3, "byte 6 "),
        ("# A".encode("utf-16"), 1, "byte 0 "),
        ("é".encode("latin-1"), 1, "byte 0 "),
        (b"a\n\0b", 2, "NUL"),
        (b"\xed\xa0\x80", 1, "byte 0 "),
        (b"\xef\xbb\xbfa\xff", 1, "byte 4 "),
    ],
)
def test_pages_that_are_no_text(data: bytes, line: int, word: str) -> None:
    package, problems = opened(zipped({"icp/a.md": data, "icp.md": b""}))
    assert package is not None
    assert package.guessed == {"icp/a.md"}
    assert package.text("icp/a.md")
    assert [(p.file, p.line, p.code) for p in problems] == [("icp/a.md", line, "E686")]
    assert word in problems[0].message


def test_what_a_page_that_is_no_text_lists_is_found_below_it() -> None:
    index = toc("./icp/a.md").replace(b"# T", b"# Caf\xe9")
    for data in (index, index.decode("cp1252").encode("utf-16"), b"\xef\xbb\xbf" + index):
        package, problems = several(icp=data, a=b"# A\n")
        assert [(p.file, p.code) for p in problems] == [("icp.md", "E686")]
        assert package is not None
        assert (package.root, sorted(package.files)) == ("icp.md", ["icp.md", "icp/a.md"])
        assert package.text("icp.md").endswith("# Café\n")


def test_nothing_else_is_told_of_a_page_that_is_no_text() -> None:
    unread = b"---\ntoc: [./a.md\n---\n# \xff\n"
    for files in ({"m.md": unread, "a.md": b"# A\n"}, {"m.md": unread, "m/a.md": b"# A\n"}):
        assert [problem.code for problem in opened(zipped(files))[1]] == ["E686"]
    assert refusal(zipped({"m.md": b"# \xff\n", "a.md": bytes(600_000)})) == {"E686", "E688"}


def test_all_problems_come_at_once() -> None:
    assert refusal(zipped({"a.md": b"", "../b": b"", "A.md": b"", "a/" * 20 + "x": b""})) == {
        "E682",
        "E687",
        "E688",
    }


def test_a_stream_that_cannot_seek() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *args: int) -> int:
            raise io.UnsupportedOperation

    package, _ = open_package(Pipe(zipped(MODULE)), name="icp.zip")
    assert package is not None
    assert package.files == MODULE


# -- several pages without their folders ------------------------------------------------------


def toc(*paths: str) -> bytes:
    """A page that lists these."""
    return ("---\ntoc:\n" + "".join(f"- {path}\n" for path in paths) + "---\n# T\n").encode()


def several(**pages: bytes) -> tuple[Package | None, list[Problem]]:
    return open_package([(f"{name}.md", io.BytesIO(data)) for name, data in pages.items()])


def test_loose_pages_go_where_a_toc_lists_their_names():
    package, problems = several(
        where=b"# Where\n", icp=toc("./icp/where.md", "./icp/Who.md"), who=b"# Who\n", sell=toc("./l0/icp.md")
    )
    assert problems == []
    assert package is not None
    assert (package.root, sorted(package.files)) == (
        "sell.md", ["l0/icp.md", "l0/icp/Who.md", "l0/icp/where.md", "sell.md"],
    )  # fmt: skip


def test_a_name_that_two_folders_have_is_asked_for():
    package, problems = several(sell=toc("./l0/intro.md", "./l1/intro.md"), intro=b"# Intro\n")
    assert package is None
    assert [p.text() for p in problems] == [
        "sell.md:4:3: error E621 “intro.md” may be “l0/intro.md” or “l1/intro.md”: which folder is meant?"
    ]


def test_loose_files_must_be_pages_and_have_names_of_their_own():
    package, problems = open_package([("a.md", io.BytesIO(b"# A\n")), ("b.zip", io.BytesIO(b""))])
    assert (package, [p.code for p in problems]) == (None, ["E681"])
    package, problems = open_package([("a.md", io.BytesIO(b"# A\n")), ("A.md", io.BytesIO(b"# B\n"))])
    assert (package, [p.code for p in problems]) == (None, ["E687"])
    package, problems = open_package([("a.md", io.BytesIO(b"# A\n"))])
    assert package is not None
    assert package.root == "a.md"
    assert [p.code for p in several(a=b"# A\n", b=b"# B\n")[1]] == ["E685"]


def test_what_a_toc_reaches_is_found_in_the_disks_own_spelling(tmp_path: Path):
    names = {
        "m.md": toc("./one.md", "./cafe\u0301.md", "./Two.md"),
        "One.md": b"# 1\n",
        "caf\u00e9.md": b"# 2\n",
    }
    for name, data in {**names, "TWO.md": b"# 3\n"}.items():
        (tmp_path / name).write_bytes(data)
    package, problems = open_package(tmp_path / "m.md")
    assert problems == []
    assert package is not None
    assert sorted(package.files) == ["One.md", "TWO.md", "caf\u00e9.md", "m.md"]
