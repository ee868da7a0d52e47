"""The made-up tree that imports are measured with."""

from __future__ import annotations

from pathlib import Path

from bench import tree
from courses import module
from markup.package import open_package


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_seed_gives_the_same_bytes_each_time(tmp_path: Path):
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        tree.write(tmp_path / name, pages=12, seed=seed)
    assert contents(tmp_path / "one") == contents(tmp_path / "again")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_it_has_the_pages_that_were_asked_for_and_no_faults(tmp_path: Path):
    root = tree.write(tmp_path, pages=40, seed=1)
    pages = list(root.within())
    assert len(pages) == len({page.path for page in pages}) == 40
    package, problems = open_package(tmp_path, root=tree.ROOT)
    assert package is not None
    course, read = module.read(package)
    assert course is not None
    assert len(course.pages) == 40
    assert {problem.code for problem in (*problems, *read)} <= {"W646"}
    assert len(course.paths) > 1
    assert len(course.modules) > 1
    assert any(page.checks for page in course.pages)
    assert any(page.media for page in course.pages)
