"""A page's front matter: what it says about the page, checked key by key."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from markup import restricted_yaml
from markup.links import join, kind
from markup.problems import Problems, did_you_mean, suggest
from markup.restricted_yaml import Node, RefusedError, Scalar, Sequence

KINDS = ("module", "path", "question-bank")
SEQUENCES = ("free", "linear")

_MARK = re.compile(r"^---[ \t]*$", re.MULTILINE)
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_LINK = re.compile(r"\[(?P<title>[^\]]+)\]\((?P<to>[^()\s]+)\)")
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_MAX_MINUTES = 10_000
_MOST_GUESSED = 50  # unknown keys of a page of which it is guessed what they mean
Place = tuple[int, int]  # line and column, from 1
# What people write who mean `visibility`. Such a page must not open to everybody because of a slip: E608.
_LIKE_VISIBILITY = {
    "role",
    "roles",
    "audience",
    "audiences",
    "group",
    "groups",
    "access",
    "permission",
    "permissions",
}


@dataclass(frozen=True, slots=True)
class TocEntry:
    """One line of a toc: a page of the package (`path`), or a link to the outside (`url`, then `path` is
    "").
    """

    path: str
    title: str | None
    url: str | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a page says about itself. `body_line` is the line of the file on which its text begins.

    `visibility` is None where nothing is said (as the parent), and never wider than what was written: with
    a fault in it, it holds only the audiences that are sure, which may be none. `duration` is in minutes.
    """

    uuid: UUID | None = None
    toc: tuple[TocEntry, ...] = ()
    visibility: tuple[str, ...] | None = None
    audience_places: tuple[Place, ...] = ()  # where each of `visibility` is written
    kind: str | None = None
    required: bool = True
    duration: int | None = None
    description: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sequence: str | None = None
    quiz: Mapping[str, str] = field(default_factory=dict)
    quiz_places: Mapping[str, Place] = field(default_factory=dict)
    show_children_cards: bool = True
    body_line: int = 1
    uuid_place: Place = (1, 1)
    unread: bool = False  # which pages it lists is not known: it never ends, or is no plain YAML


def read(
    source: str, *, file: str, audiences: Collection[str], problems: Problems
) -> tuple[FrontMatter, str]:
    """The front matter of a page and the text below it.

    `file` is the page's path in the package, from which toc entries are resolved. Reports E601-W602, E603,
    E605-E611, E621, E644 and E688; the front matter then holds what could be read.
    """
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    begin = _MARK.match(text)
    if begin is None:
        return _without(text.split("\n"), file, problems), text
    end = _MARK.search(text, begin.end())
    if end is None:
        problems.add("E601", "the front matter that begins here is never closed", file=file)
        return FrontMatter(visibility=(), unread=True), text
    body, body_line = text[end.end() + 1 :], text.count("\n", 0, end.start()) + 2
    try:
        root, faults = restricted_yaml.load(text[begin.end() + 1 : end.start() - 1], first_line=2)
    except RefusedError as refused:
        root, faults = None, [refused]
    for fault in faults:
        place = {"line": fault.line, "column": fault.column}
        problems.add(fault.code, fault.message, file=file, **place, remedy=fault.remedy)
    if root is None:
        return FrontMatter(visibility=(), body_line=body_line, unread=True), body
    found = _Checker(file, audiences, problems).check(root, body_line=body_line)
    if faults:  # a slip opens a page to nobody
        found = replace(found, visibility=(), unread="toc" in root.keys and "toc" not in root.items)
    return found, body


def _without(lines: list[str], file: str, problems: Problems) -> FrontMatter:
    """W601, or E601 when there is one further down."""
    for index, line in enumerate(lines[:-1]):
        key = lines[index + 1].partition(":")
        if _MARK.fullmatch(line) and key[1] and key[0].strip() in KEYS:
            problems.add(
                "E601", "the front matter is not the first thing in the file", file=file, line=index + 1
            )
            return FrontMatter(visibility=(), unread=True)
    problems.add("W601", "no front matter", file=file)
    return FrontMatter()


class _Checker:
    """Reads the keys of one page; a value that cannot be used is reported and left at its default."""

    def __init__(self, file: str, audiences: Collection[str], problems: Problems) -> None:
        self.file, self.audiences, self.problems = file, audiences, problems
        self.unknowns = 0

    def check(self, root: restricted_yaml.Mapping, *, body_line: int) -> FrontMatter:
        values: dict[str, object] = {"body_line": body_line}
        for key, node in root.items.items():
            if reader := KEYS.get(key):
                values |= reader(self, key, node)
            else:
                values |= self.unknown(root.keys[key])
        if "uuid" not in root.keys:
            self.problems.add("W602", "the page has no uuid", file=self.file)
        return FrontMatter(**values)  # type: ignore[arg-type]  # each reader returns its own fields

    def report(self, code: str, message: str, node: Node, remedy: str | None = None) -> None:
        self.problems.add(code, message, file=self.file, line=node.line, column=node.column, remedy=remedy)

    def unknown(self, key: Scalar) -> dict[str, object]:
        shown = key.text[:60]
        self.unknowns += 1
        # So many are no slips of the pen; a key that means to restrict is looked for among them all the same.
        meant = KEYS if self.unknowns <= _MOST_GUESSED else ("visibility",)
        self.report("W610", f"unknown key “{shown}”{did_you_mean(shown, meant)}", key)
        if suggest(shown, meant) != "visibility" and shown.casefold() not in _LIKE_VISIBILITY:
            return {}
        self.report(
            "E608", f"“{shown}” restricts nobody; the key for audiences is “visibility”", key,
            "Write `visibility:` with a list of audiences, or remove the key.",
        )  # fmt: skip
        return {"visibility": ()}

    def uuid(self, key: str, node: Node) -> dict[str, object]:
        text = node.text if isinstance(node, Scalar) else ""
        if not _UUID.fullmatch(text) or not UUID(text).int:
            self.report("E603", f"“{text[:60]}” is not a uuid", node)
            return {}
        return {"uuid": UUID(text), "uuid_place": (node.line, node.column)}

    def visibility(self, key: str, node: Node) -> dict[str, object]:
        if not isinstance(node, Sequence) or not node.items:
            what = "empty; empty is never “everybody”" if _is_empty(node) else "not a list of audiences"
            self.report("E608", f"“visibility” is {what}", node)
            return {"visibility": ()}
        names: dict[str, Place] = {}
        for item in node.items:
            if name := self.audience(item):
                names.setdefault(name, (item.line, item.column))
        return {"visibility": tuple(names), "audience_places": tuple(names.values())}

    def audience(self, node: Node) -> str | None:
        if not isinstance(node, Scalar) or node.empty or not node.text.strip():
            self.report("E608", "an entry of “visibility” is not the name of an audience", node)
            return None
        name = node.text.strip()
        if name not in self.audiences:
            self.report("E609", f"unknown audience “{name[:60]}”{did_you_mean(name, self.audiences)}", node)
            return None
        return name

    def toc(self, key: str, node: Node) -> dict[str, object]:
        if _is_empty(node):
            return {}
        if not isinstance(node, Sequence):
            self.report("E611", "“toc” is not a list", node)
            return {}
        return {"toc": tuple(entry for item in node.items if (entry := self.toc_entry(item)))}

    def toc_entry(self, node: Node) -> TocEntry | None:
        if not isinstance(node, Scalar) or node.empty or not node.text.strip():
            self.report("E621", "an entry of “toc” is not a text", node)
            return None
        text, title = node.text.strip(), None
        if link := _LINK.fullmatch(text):
            text, title = link["to"], link["title"]
        if kind(text) == "external":
            if title:
                return TocEntry("", title, text, node.line, node.column)
            self.report("E621", f"“{text[:80]}” is outside the package", node,
                        f'Give the outside link a title: "[Title]({text[:80]})".')  # fmt: skip
            return None
        if kind(text) != "local":
            self.report("E644", f"links to “{text[:80]}” are not allowed", node)
            return None
        path = join(self.file, text)
        if path is None:
            self.report("E621", f"“{text[:80]}” leads outside the package", node)
        elif not path.lower().endswith(".md"):
            self.report("E621", f"“{text[:80]}” is not a Markdown page", node)
        else:
            return TocEntry(path, title, None, node.line, node.column)
        return None

    def choice(self, key: str, node: Node) -> dict[str, object]:
        choices = {"kind": KINDS, "sequence": SEQUENCES}[key]
        text = node.text.strip() if isinstance(node, Scalar) else "a list"
        if text in choices:
            return {key: text}
        self.report("E611", f"“{key}” cannot be “{text[:60]}”{did_you_mean(text, choices)}", node,
                    f"Use one of: {', '.join(choices)}.")  # fmt: skip
        return {}

    def boolean(self, key: str, node: Node) -> dict[str, object]:
        value = _BOOLEANS.get(node.text.strip().lower()) if isinstance(node, Scalar) else None
        if value is None:
            self.report("E611", f"“{key}” is neither true nor false", node, "Write `true` or `false`.")
            return {}
        return {_FIELDS.get(key, key): value}

    def minutes(self, key: str, node: Node) -> dict[str, object]:
        text = node.text.strip() if isinstance(node, Scalar) else ""
        if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) <= _MAX_MINUTES:
            return {key: int(text)}
        self.report("E611", f"“{key}” is not a number of whole minutes", node, "Write a number such as `15`.")
        return {}

    def text(self, key: str, node: Node) -> dict[str, object]:
        if isinstance(node, Scalar):
            return {key: "" if node.empty else node.text.strip()}
        self.report(
            "E611", f"“{key}” is not a text", node, "Write the text on one line, in quotes if need be."
        )
        return {}

    def strings(self, key: str, node: Node) -> dict[str, object]:
        if _is_empty(node):
            return {}
        items = node.items if isinstance(node, Sequence) else [node]
        if not isinstance(node, Sequence) or not all(isinstance(item, Scalar) for item in items):
            self.report(
                "E611", f"“{key}” is not a list of texts", node, "Write one text a line, each after `- `."
            )
            return {}
        texts = [item.text.strip() for item in items if isinstance(item, Scalar) and not item.empty]
        return {_FIELDS.get(key, key): tuple(dict.fromkeys(text for text in texts if text))}

    def quiz(self, key: str, node: Node) -> dict[str, object]:
        if _is_empty(node):
            return {}
        if not isinstance(node, restricted_yaml.Mapping):
            self.report("E611", "“quiz” is not a map", node, "Write lines such as `pass: 80%` below `quiz:`.")
            return {}
        for name, value in node.items.items():
            if not isinstance(value, Scalar):
                self.report("E611", f"“quiz: {name[:60]}” is not a single value", value)
        texts = {name: value.text.strip() for name, value in node.items.items() if isinstance(value, Scalar)}
        places = {name: (node.keys[name].line, node.keys[name].column) for name in texts}
        return {"quiz": texts, "quiz_places": places}


def _is_empty(node: Node) -> bool:
    return node.empty if isinstance(node, Scalar) else not node.items


_FIELDS = {"showChildrenCards": "show_children_cards", "taxonomy-category-names": "categories"}
KEYS: dict[str, Callable[[_Checker, str, Node], dict[str, object]]] = {
    "uuid": _Checker.uuid,
    "toc": _Checker.toc,
    "visibility": _Checker.visibility,
    "kind": _Checker.choice,
    "required": _Checker.boolean,
    "duration": _Checker.minutes,
    "description": _Checker.text,
    "tags": _Checker.strings,
    "taxonomy-category-names": _Checker.strings,
    "sequence": _Checker.choice,
    "quiz": _Checker.quiz,
    "showChildrenCards": _Checker.boolean,
}
