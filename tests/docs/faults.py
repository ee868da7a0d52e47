"""For every code that the site can report, a package in which it is reported.

A package is handed in as a .zip: the bytes of one, or the files of one. A text stands for a page with a
front matter and a title of its own.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

from PIL import Image

from courses import module
from markup.package import open_package
from markup.problems import Problem
from tests.packages import png, zipped

Source = bytes | Mapping[str, bytes]

UUID = "3f0c6f4e-8f6b-4c57-9a55-2f1f6f3f1b01"
OTHER = "3f0c6f4e-8f6b-4c57-9a55-2f1f6f3f1b02"
QUESTION = """:::{question}
:id: good

Which?

- [x] This
- [ ] That

Because.

:::
"""


def problems_in(source: Source) -> list[Problem]:
    """Everything that is wrong with a package."""
    data = source if isinstance(source, bytes) else zipped(source)
    package, problems = open_package(io.BytesIO(data), name="module.zip")
    return problems if package is None else [*problems, *module.read(package)[1]]


def page(
    body: str = "", *, front: str = "visibility:\n- Employee", uuid: str = UUID, title: str = "# Title"
) -> bytes:
    """A page with its front matter and title; eight lines stand above `body` when nothing else is said."""
    return f"---\nuuid: {uuid}\n{front}\n---\n\n{title}\n\n{body}".encode()


def body(text: str) -> dict[str, bytes]:
    """A module of one page with this text."""
    return {"page.md": page(text)}


def front(text: str) -> dict[str, bytes]:
    """A module of one page with these lines below its uuid."""
    return {"page.md": page(front=text)}


def pages(section: bytes, **others: bytes) -> dict[str, bytes]:
    """A module with a section, for Employees alone."""
    index = page(front="visibility:\n- Employee\ntoc:\n- ./section.md")
    return {"module.md": index, "section.md": section, **others}


def question(old: str = "", new: str = "") -> dict[str, bytes]:
    """A page with a question in which something was replaced."""
    assert old in QUESTION
    return body(QUESTION.replace(old, new, 1))


def huge_picture() -> bytes:
    """A small file that unfolds to 41 million pixels."""
    buffer = io.BytesIO()
    Image.new("1", (6400, 6400)).save(buffer, "PNG")
    return buffer.getvalue()


def faults() -> dict[str, Source]:
    """By code. Each is the least that somebody has to do wrong."""
    return {
        **_package(),
        **_front_matter(),
        **_text(),
        **_media(),
        **_blocks(),
        **_questions(),
        **_warnings(),
    }


def _package() -> dict[str, Source]:
    good = page()
    return {
        "E681": b"no zip at all",
        "E682": {"page.md": good, "../escape.md": good},
        "E683": {"page.md": good, "zeros.pdf": bytes(3_000_000)},
        "E684": {f"{number}.txt": b"" for number in range(5_001)},
        "E685": {name: page(front="toc:\n- ./one.md", title=name) for name in ("a.md", "b.md")},
        "E686": {"page.md": good + b"\xe9t\xe9"},
        "E687": {"page.md": good, "Page.md": good},
        "E688": {"page.md": good + b"x" * 600_000},
        "E689": {"page.md": good},  # for a site that gives pages no time: no page is as slow as that
        "I690": {"page.md": good, ".DS_Store": b""},
    }


def _front_matter() -> dict[str, Source]:
    twice = page(front="")
    return {
        "E601": {"page.md": b"---\nuuid: x\n\n# Title\n"},
        "W601": {"page.md": b"# Title\n"},
        "W602": {"page.md": b"---\nvisibility:\n- Employee\n---\n\n# Title\n"},
        "E603": {"page.md": page(uuid="12345")},
        "E604": pages(twice),
        "E605": front("visibility\n- Employee"),
        "E606": front("tags: &all\n- a"),
        "E607": front("duration: 5\nduration: 6"),
        "E608": front("visibility: everybody"),
        "E609": front("visibility:\n- Employe"),
        "W610": front("visibility:\n- Employee\nauthor: me"),
        "E611": front("toc: ./a.md"),
        "W612": front("duration: 5"),
        "W613": pages(page(uuid=OTHER, front="visibility:\n- Partner")),
        "E621": front("toc:\n- ../outside.md"),
        "W622": front("visibility:\n- Employee\ntoc:\n- ./missing.md"),
        "E623": {"module.md": page(front="toc:\n- ./a.md\n- ./a.md"), "a.md": page(uuid=OTHER)},
        "E624": front("toc:\n- ./page.md\n- ./other.md"),
        "W625": pages(page(uuid=OTHER), **{"lost.md": page()}),
        "W626": {"module.md": page(), "module/section.md": page(uuid=OTHER)},
    }


def _text() -> dict[str, Source]:
    return {
        "W641": {"page.md": page(title="No title")},
        "W642": body("[there](./nowhere.md)"),
        "W643": body("[there](#nowhere)"),
        "E644": body("[click](javascript:alert)"),
        "W646": {
            **pages(page(uuid=OTHER, front="")),
            "module.md": page("[secret](./section.md)", front="toc:\n- ./section.md"),
            "section.md": page(uuid=OTHER, front="visibility:\n- Partner"),
        },
        "W647": body("[^1]: A note."),
        "W651": body(":::{notes}\nText.\n:::"),
        "E652": body(":::{note}\nText."),
        "E653": body(":::{include} ./nowhere.md\n:::"),
        "W654": body(":::{note}\n:colour: red\n\nText.\n:::"),
    }


def _media() -> dict[str, Source]:
    shown = page("![A square](./a.png)")
    return {
        "W661": {"page.md": shown},
        "E662": {"page.md": shown, "a.png": b"<svg/>"},
        "E663": {"page.md": shown, "a.png": huge_picture()},
        "W664": {"page.md": page("![](./a.png)"), "a.png": png()},
        "W665": body("![A square](https://example.org/a.png)"),
    }


def _blocks() -> dict[str, Source]:
    case = ":::{case} A story\n\nOnce.\n\n:::"
    return {
        "E101": body(QUESTION.removesuffix(":::\n") + QUESTION.replace("good", "second")),
        "E102": body(QUESTION + "\n:::"),
        "E103": question("{question}", "question"),
        "E104": question("Which?", "## Which?"),
        "E105": body(QUESTION.removesuffix(":::\n")),
        "E106": question(":id: good", ":id: good\n:id: better"),
        "E107": question(":id: good", ":id: good\n:color: red"),
        "E108": question("Which?", "Which?\n---"),
        "E201": question("good", "Not Good"),
        "E202": body(QUESTION + "\n" + QUESTION),
        "E203": body(case),
        "E204": question(":id: good", ":id: good\n:type: essay"),
        "E301": body(":::{quiz}\n:pass: most\n\n:::\n\n" + QUESTION),
        "E302": body(":::{quiz}\n:draw: 2\n\n:::\n\n" + QUESTION),
        "E303": body(":::{quiz}\n:draw: few\n\n:::\n\n" + QUESTION),
        "E401": question(":id: good", ":id: good\n:case: story"),
        "E402": question(":id: good", ":id: good\n:see: nowhere"),
        "E403": question("Which?", "Which [way](./nowhere.md)?"),
    }


def _questions() -> dict[str, Source]:
    return {
        "E205": question("- [x] This\n- [ ] That\n", ""),
        "E206": question("- [ ] That", "- [ ] That\n\nOr:\n\n- [ ] Those"),
        "E207": question("Which?\n", ""),
        "E208": question("[x]", "(x)"),
        "E209": question("- [ ] That", "- That"),
        "E210": question("[x]", "[ ]"),
        "E211": question(
            ":id: good\n\nWhich?\n\n- [x] This\n- [ ]",
            ":id: good\n:type: single\n\nWhich?\n\n- [x] This\n- [x]",
        ),
        "E212": question("- [ ] That\n", ""),
        "E213": question("[ ] That", "[ ]"),
        "E215": question("That", "this."),
        "E219": question(":id: good", ":id: good\n:points: -1"),
        "E220": question(":id: good", ":id: good\n:scoring: some"),
        "E221": question(":id: good", ":id: good\n:difficulty: very"),
        "E222": question("That", "That {last}"),
        "E223": question(":id: good", ":id: good\n:type: number"),
        "E224": question(
            ":id: good\n\nWhich?\n\n- [x] This", ":id: good\n:type: number\n\nWhich?\n\n- [x] 9..1"
        ),
        "E214": question("- [x] This\n- [ ] That\n", "A [[gap"),
        "E225": question("- [x] This\n- [ ] That\n", "A [[gap|]]."),
        "E216": question("- [x] This\n- [ ] That", "- This => One\n- That =>"),
        "E217": question("- [x] This\n- [ ] That", "- This => One"),
        "E218": question("- [x] This\n- [ ] That", "- This\n  - One"),
        "E226": question(":id: good", ":id: good\n:see: #title"),
    }


def _warnings() -> dict[str, Source]:
    return {
        "W508": question("- [x] This\n- [ ] That", "1. This\n2. That"),
        "W501": body(":::{quiz} All\n\n" + QUESTION + "\n:::"),
        "W502": question("Because.\n\n", "Because.\n"),
        "W503": question(":id: good\n", ""),
        "W504": question("Which?", "Which?\n\n:hint: Think."),
        "W505": question("[ ]", "[x]"),
        "W506": question(
            "This", "This one, because of every reason that has ever been given for anything at all"
        ),
        "W507": question("That", "None of the above"),
        "W509": question("Because.\n\n", ""),
    }
