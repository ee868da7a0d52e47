"""Where a problem is: file, line and column of every code of the package and the front matter, in one run."""

from __future__ import annotations

import io

import pytest

from courses import module
from markup.package import open_package
from tests.packages import png, zipped

U = "00000000-0000-4000-8000-00000000000{}"
EMPLOYEE = "visibility:\n- Employee\n"


def page(n: int, front: str = "", body: str = "Text.", title: str = "# T") -> bytes:
    """A page with a uuid on its second line, and this front matter below it."""
    return f"---\nuuid: {U.format(n)}\n{front}---\n\n{title}\n\n{body}\n".encode()


def told(files: dict[str, bytes], root: str | None) -> list[str]:
    """Everything that is wrong, each as file:line:column and code."""
    package, problems = open_package(io.BytesIO(zipped(files)), name="course.zip", root=root)
    if package is not None:
        problems = [*problems, *module.read(package)[1]]
    return [f"{p.file}:{p.line}:{p.column} {p.code}" for p in problems]


ONE = page(2)
LISTS = EMPLOYEE + "toc:\n- ./one.md\n"
CHAIN = {f"{n}.md": page(0, f"toc: [./{n + 1}.md]\n").replace(U.format(0).encode(), f"00000000-0000-4000-8000-0000000001{n:02}".encode()) for n in range(14)}  # fmt: skip

TABLE: dict[str, tuple[dict[str, bytes], str | None, list[str]]] = {
    "front matter never closed": ({"m.md": page(1, LISTS), "one.md": b"---\ntags: [a]\n\n# T\n"}, None, ["one.md:1:1 E601"]),
    "front matter further down": ({"m.md": page(1, LISTS), "one.md": b"\n\n---\ntags: [a]\n---\n# T\n"}, None, ["one.md:3:1 E601"]),
    "no front matter, no uuid": ({"m.md": page(1, LISTS + "- ./two.md\n"), "one.md": b"# T\n\nText.\n", "two.md": b"---\ntags: [a]\n---\n# T\n\nText.\n"}, None, ["one.md:1:1 W601", "two.md:1:1 W602"]),
    "no uuid": ({"m.md": page(1, EMPLOYEE).replace(U.format(1).encode(), b"12 34")}, None, ["m.md:2:7 E603"]),
    "a uuid twice": ({"m.md": page(1, LISTS), "one.md": page(1)}, None, ["one.md:2:7 E604"]),
    "no YAML": ({"m.md": page(1, EMPLOYEE + "toc: [./one.md\n")}, None, ["m.md:5:6 E605"]),
    "an outside link without quotes": ({"m.md": page(1, EMPLOYEE + "toc:\n- [T](https://x.example)\n")}, None, ["m.md:6:6 E605"]),
    "what a question leads to": ({"m.md": page(1, EMPLOYEE, body=":::{question} A\n:id: que1\n\nSee [x](./gone.md)?\n\n- [x] ![A](./gone.png)\n- [ ] [B](#gone)\n\n[C](./gone.pdf)\n\n:::\n")}, None, ["m.md:12:5 E403", "m.md:14:7 E403", "m.md:15:7 W643", "m.md:17:1 E403"]),
    "what stands below a page without YAML": ({"m.md": page(1, EMPLOYEE + "toc: [./m/one.md\n"), "m/one.md": page(2, body="[x](./gone.md)"), "m/two.md": page(3, "toc: [./two/x.md]\n"), "m/two/x.md": page(4, "duration: soon\n")}, None, ["m.md:5:6 E605", "m/one.md:7:1 W642", "m/two/x.md:3:11 E611"]),
    "an anchor": ({"m.md": page(1, "visibility: &a [Employee]\n")}, None, ["m.md:3:13 E606"]),
    "a key twice": ({"m.md": page(1, EMPLOYEE + "visibility: [Partner]\n")}, None, ["m.md:5:1 E607"]),
    "nobody": ({"m.md": page(1, "visibility: []\n")}, None, ["m.md:3:13 E608"]),
    "an unknown audience": ({"m.md": page(1, "visibility: [Employee, Partners]\n")}, None, ["m.md:3:24 E609"]),
    "an unknown key": ({"m.md": page(1, EMPLOYEE + "durtion: 3\n")}, None, ["m.md:5:1 W610"]),
    "a wrong value": ({"m.md": page(1, EMPLOYEE + "duration: soon\nquiz:\n  pas: 3\n")}, None, ["m.md:5:11 E611", "m.md:7:3 E301"]),
    "for everybody": ({"m.md": page(1)}, None, ["m.md:1:1 W612"]),
    "an audience that nothing above admits": ({"m.md": page(1, LISTS), "one.md": page(2, "visibility:\n- Employee\n- Partner\n")}, None, ["one.md:5:3 W613"]),
    "toc entries": ({"m.md": page(1, EMPLOYEE + 'toc:\n- ../../one.md\n- {a: b}\n- ./gone.md\n- ./one.md\n- ./one.md\n- ./m.md\n- "./ONE.md"\n'), "one.md": ONE}, "m.md", ["m.md:6:3 E621", "m.md:7:3 E621", "m.md:8:3 W622", "m.md:10:3 E623", "m.md:11:3 E624", "m.md:12:3 W622", "m.md:12:3 E623"]),
    "not listed": ({"m.md": page(1, LISTS), "one.md": ONE, "two.md": page(3)}, None, ["two.md:1:1 W625"]),
    "no toc at all": ({"m.md": page(1, EMPLOYEE), "m/2.md": ONE, "m/10.md": page(3)}, None, ["m.md:1:1 W626"]),
    "too many above each other": (CHAIN, "0.md", ["0.md:1:1 W612", "11.md:3:7 E688", "12.md:1:1 W625", "13.md:1:1 W625"]),
    "no title": ({"m.md": page(1, EMPLOYEE, title="")}, None, ["m.md:6:1 W641"]),
    "links": ({"m.md": page(1, EMPLOYEE, body="A [x](./gone.md) [y](#gone)\n\n![](./1.png) ![A](./2.png)\n![B](https://x.example/1.png) ![C](./3.png)"), "1.png": png(), "3.png": b"<svg/>"}, None, ["m.md:9:3 W642", "m.md:9:18 W643", "m.md:11:1 W664", "m.md:11:14 W661", "m.md:12:1 W665", "m.md:12:31 E662"]),
    "files that are not there": ({"m.md": page(1, EMPLOYEE, body="A [x](./gone.pdf) [y](./gone/)\n\n```{figure} ./gone.png\n```")}, None, ["m.md:9:3 W661", "m.md:9:19 W642", "m.md:11:13 W664", "m.md:11:13 W661"]),
    "a link to what is spelled otherwise": ({"m.md": page(1, EMPLOYEE, body="[a](./A.png) [b](./M.md)"), "a.png": png()}, None, ["m.md:9:1 W661", "m.md:9:14 W642"]),
    "a link to a page whose front matter is wrong": ({"m.md": page(1, LISTS, body="[a](./one.md)"), "one.md": page(2, "visibility: [Employees]\n")}, None, ["one.md:3:14 E609"]),
    "links to narrower pages": ({"m.md": page(1, "visibility: [Employee, Partner]\ntoc: [./one.md, ./two.md]\n"), "one.md": page(2, body="To [two](./two.md)."), "two.md": page(3, "visibility: [Employee]\n")}, None, ["one.md:7:4 W646"]),
    "no UTF-8": ({"m.md": page(1, EMPLOYEE, body="caf\u00e9 ").replace(b"Text", b"") + b"abc \xff\n"}, None, ["m.md:10:5 E686"]),
    "beside pages that are no UTF-8": ({"m.md": page(1, LISTS + "- ./two.md\n- ./three.md\n", body="[x](./two.md) [y](./gone.md)") + b"caf\xe9\n", "one.md": page(2, "tags: &a b\n", body="![](./x.png)") + b"\xff", "two.md": b"# \xe9\n", "three.md": page(4, "durtion: 3\n", body="[y](./gone.md)")}, None, ["m.md:14:4 E686", "one.md:9:1 E686", "two.md:1:3 E686", "three.md:3:1 W610", "three.md:8:1 W642"]),
    "no root": ({"a.md": page(1, "toc: [./x.md]\n"), "b.md": page(2, "toc: [./y.md]\n")}, None, ["course.zip:1:1 E685"]),
    "questions of a path": ({"p.md": page(1, EMPLOYEE + "kind: path\ntoc: [./one.md]\n", body=":::{question} A\n:id: que1\n\nWhich?\n\n- [x] A\n- [ ] B\n\nBecause.\n\n:::"), "one.md": ONE}, None, ["p.md:11:1 E204"]),
}  # fmt: skip


@pytest.mark.trust("YM-06", "YM-08", "YM-09", "UP-12")
@pytest.mark.parametrize("case", TABLE)
def test_every_problem_has_its_place(case: str):
    files, root, expected = TABLE[case]
    assert told(files, root) == expected


@pytest.mark.trust("YM-09")
def test_everything_is_told_in_one_run_in_the_order_of_the_toc():
    files = {
        "z.md": page(1, EMPLOYEE + "toc: [./b.md, ./a.md]\n"),
        "b.md": page(2, "toc: [./c.md]\n", body="[x](javascript:x)"),
        "c.md": page(3, "durtion: 1\n"),
        "a.md": page(4, "visibility: [Nobody]\n"),
    }
    found = [place.partition(":")[0] for place in told(files, "z.md")]
    assert found == ["b.md", "c.md", "a.md"]
