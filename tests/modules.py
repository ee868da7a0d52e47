"""Modules for tests: written as an author writes them, published as the site publishes them."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from uuid import NAMESPACE_URL, UUID, uuid5

from authoring.release import release, release_tree
from courses import module as module_format
from courses import publishing
from courses.models import ModuleVersion, PathVersion
from markup.package import Package

QUESTION = """
:::{{question}} {name}
:id: {name}

Which one is right?

- [ ] The wrong one of {name}
  > Not that: {name} feedback.
- [x] The right one of {name}
- [ ] Another wrong one of {name}

Because of {name} explanation.

:::
"""

MULTIPLE = """
:::{{question}} {name}
:id: {name}

Which are right?

- [x] First right of {name}
- [ ] First wrong of {name}
  > Not that: {name} feedback.
- [x] Second right of {name}
- [ ] Second wrong of {name}

Because of {name} explanation.

:::
"""


def uuid_of(name: str) -> UUID:
    """The same uuid for the same name, so that a module can be written again in another version."""
    return uuid5(NAMESPACE_URL, f"https://coursemark.test/{name}")


def question(name: str) -> str:
    """A single-choice question; its right choice says "The right one of NAME"."""
    return QUESTION.format(name=name)


def multiple(name: str) -> str:
    """A question with two right choices, "First right of NAME" and "Second right of NAME"."""
    return MULTIPLE.format(name=name)


def page(title: str, body: str = "", *, front: str = "", uuid: str = "") -> str:
    """A page's source; its uuid comes from its title unless `uuid` names another."""
    head = f"uuid: {uuid_of(uuid or title)}\n{dedent(front).strip()}".strip()
    return f"---\n{head}\n---\n\n# {title}\n\nSome words about {title}.\n\n## More on {title}\n\n{body}\n"


def source(
    title: str = "Apples",
    sections: Mapping[str, str] | None = None,
    *,
    front: str = "visibility:\n- Employee\n- Partner",
    section_front: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """A module of a few sections, {section title: body}; as the files of a package."""
    sections = {"Growing": question("que1"), "Eating": question("que2")} if sections is None else sections
    slug = title.lower().replace(" ", "-")
    paths = {name: f"{slug}/{name.lower().replace(' ', '-')}.md" for name in sections}
    toc = "\n".join(["toc:", *(f"- ./{path}" for path in paths.values())]) if sections else ""
    files = {f"{slug}.md": page(title, front=f"{toc}\n{dedent(front).strip()}")}
    for name, body in sections.items():
        files[paths[name]] = page(
            name, body, front=(section_front or {}).get(name, ""), uuid=f"{title}/{name}"
        )
    return {path: text.encode() for path, text in files.items()}


def store(files: Mapping[str, bytes], audiences: tuple[str, ...] = ("Employee", "Partner")) -> ModuleVersion:
    """Import these files as a draft; the first one is the index page."""
    package = Package(files=dict(files), root=next(iter(files)), name="test")
    tree, problems = module_format.read(package, audiences=audiences)
    assert tree is not None, [problem.text() for problem in problems]
    version = publishing.store(tree, by=None, origin="test", problems=problems)[0].version
    assert isinstance(version, ModuleVersion)
    return version


def publish(
    files: Mapping[str, bytes], audiences: tuple[str, ...] = ("Employee", "Partner")
) -> ModuleVersion:
    """Import these files and make them live."""
    version = store(files, audiences)
    release(version, by=None)
    return version


def publish_tree(files: Mapping[str, bytes]) -> list[ModuleVersion | PathVersion]:
    """Import the tree whose root is the first of these files and make live what is new; all its versions."""
    drafts = _drafts(files)
    release_tree([draft.version for draft in drafts if draft.created], by=None)
    return [draft.version for draft in drafts]


def store_tree(files: Mapping[str, bytes]) -> list[ModuleVersion | PathVersion]:
    """Import the tree whose root is the first of these files as drafts."""
    return [draft.version for draft in _drafts(files)]


def _drafts(files: Mapping[str, bytes]) -> list[publishing.Draft]:
    tree, problems = module_format.read(Package(files=dict(files), root=next(iter(files)), name="test"))
    assert tree is not None, [problem.text() for problem in problems]
    return publishing.store(tree, by=None, origin="test", problems=problems)


def a_path(title: str, *listed: Mapping[str, bytes], front: str = "visibility:\n- Employee") -> PathVersion:
    """A live path that lists these modules, each as `source` gives it."""
    slug = title.lower().replace(" ", "-")
    toc = "\n".join(["kind: path", "toc:", *(f"- ./{next(iter(files))}" for files in listed)])
    files = {f"{slug}.md": page(title, front=f"{toc}\n{dedent(front).strip()}").encode()}
    found = publish_tree({**files, **{path: data for given in listed for path, data in given.items()}})[0]
    assert isinstance(found, PathVersion)
    return found


def a_module(
    title: str = "Apples", sections: Mapping[str, str] | None = None, **options: str
) -> ModuleVersion:
    """A live module, open to Employees and Partners unless `front` says otherwise."""
    return publish(source(title, sections, **options))  # type: ignore[arg-type]
