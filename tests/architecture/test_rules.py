"""Rules of the house that a reader of one file cannot see."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ["config", "markup", "accounts", "quizzes", "courses", "learning", "authoring"]
SOURCES = [
    path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
]

# Whoever needs one of these asks courses.access or accounts' querysets for it.
PROTECTED = {"Module", "ModuleVersion", "Section", "SectionVersion", "PageMedia", "Body", "Media"}


def calls(path: Path) -> list[str]:
    """The dotted names that a file calls."""
    return [ast.unparse(n.func) for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]


def test_only_release_publishes():
    callers = [p for p in SOURCES if any(re.fullmatch(r"(\w+\.)*publishing\.publish", c) for c in calls(p))]
    assert [p.relative_to(ROOT).as_posix() for p in callers] == ["authoring/release.py"]


@pytest.mark.trust("AC-16")
def test_views_and_forms_never_query_the_catalogue_themselves():
    found = []
    for path in SOURCES:
        if "views" in path.parts or path.name == "forms.py":
            found += [
                f"{path.relative_to(ROOT)}: {call}"
                for call in calls(path)
                if (match := re.match(r"(\w+)\.objects\b", call)) and match.group(1) in PROTECTED
            ]
    assert found == []


@pytest.mark.parametrize(
    ("writer", "models"),
    [
        ("learning/progress.py", {"SectionProgress", "ModuleProgress", "Completion", "Certificate"}),
        ("learning/publications.py", {"Publication", "Asking"}),
        ("quizzes/opening.py", {"Round", "Response"}),
        ("courses/storing.py", {"Section", "Body", "Media"}),
        ("courses/writing.py", {"SectionVersion", "SectionCheck", "PageMedia"}),
    ],
)
def test_each_record_has_one_writer(writer: str, models: set[str]):
    writing = re.compile(
        r"(\w+)\.objects(\.\w+\(.*\))*\.(create|bulk_create|get_or_create|update_or_create|delete)$"
    )
    found = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        for call in calls(path)
        if (match := writing.match(call)) and match.group(1) in models
    }
    assert found == {writer}


def test_no_signals_and_no_drawer_for_odds_and_ends():
    names = {path.stem for path in SOURCES} | {path.parent.name for path in SOURCES}
    assert names.isdisjoint({"signals", "utils", "helpers", "common", "misc"})
    assert not [p for p in SOURCES if any(c.endswith("receiver") for c in calls(p))]


def test_files_can_be_held_in_the_head():
    long = {
        p.relative_to(ROOT).as_posix(): n for p in SOURCES if (n := len(p.read_text().splitlines())) > 340
    }
    assert long == {}


def test_nothing_is_loaded_from_elsewhere():
    pages = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "static").rglob("*.css"),
        *(ROOT / "static").rglob("*.js"),
    ]
    loading = re.compile(
        r"""(?:src|srcset|action)=["']https?://|@import|url\(["']?https?:|<link[^>]+href=["']https?:"""
    )
    assert [str(p.relative_to(ROOT)) for p in pages if loading.search(p.read_text())] == []


@pytest.mark.trust("CF-04")
def test_templates_hold_no_inline_script_or_style():
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    pages = [p for p in (ROOT / "templates").rglob("*.html") if "/mail/" not in p.as_posix()]
    assert [str(p.relative_to(ROOT)) for p in pages if inline.search(p.read_text())] == []


def told(path: Path) -> list[str]:
    """The dotted names that a file's comments and docstrings set in backticks."""
    source = path.read_text()
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    texts = [line.partition("#")[2] for line in source.splitlines()]
    texts += [ast.get_docstring(n) or "" for n in ast.walk(ast.parse(source)) if isinstance(n, documented)]
    return [name for text in texts for name in re.findall(r"`([a-z_]\w*(?:\.\w+)+)", text)]


def is_there(package: str, module: str, *names: str) -> bool:
    """Whether a module of a package has these names, as its own or as what it gives on."""
    path = ROOT / package / f"{module}.py"
    if (ROOT / package / module).is_dir():
        return not names or is_there(f"{package}/{module}", *names)
    if not path.exists():
        return False
    source = path.read_text()
    own = r"^\s*(?:class |def |async def )?{0}\b|^__all__ = .*\"{0}\""
    return all(re.search(own.format(re.escape(name)), source, re.MULTILINE) for name in names)


def test_what_comments_and_docstrings_point_at_is_there():
    lost = []
    for path in SOURCES:
        app = path.relative_to(ROOT).parts[0]
        for name in told(path):
            first, *rest = name.split(".")
            if first in APPS:
                found = is_there(first, *rest)
            elif (ROOT / app / f"{first}.py").exists() and "py" not in rest:
                found = is_there(app, first, *rest)
            else:
                continue  # an attribute of something that the reader sees
            if not found:
                lost.append(f"{path.relative_to(ROOT)}: {name}")
    assert lost == []
