"""nginx in front, as docs/operations.md sets it up: it sends the files, and the site still says to whom."""

from __future__ import annotations

import getpass
import hashlib
import http.client
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path

import pytest

from accounts.demo import PASSWORD
from tests import modules
from tests.packages import png
from tests.process.server import ROOT, RUN, Server, Visitor, environment, free_port

pytestmark = pytest.mark.process

FILM = b"\x00\x00\x00\x18ftypmp42" + hashlib.shake_256(b"a film").digest(200_000)
FRONT = {"Staff": "visibility: [Employee]"}
FILES = modules.source(
    "Apples",
    {"Open": "![A tree](./tree.png)\n\n[Film](./film.mp4)\n", "Staff": "![Us](./us.png)\n"},
    section_front=FRONT,
) | {"apples/tree.png": png("green"), "apples/film.mp4": FILM, "apples/us.png": png("red")}
CONF = """\
{user}
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{server}
}}
"""


def address(section: str, data: bytes, name: str) -> str:
    return f"/pages/{modules.uuid_of(f'Apples/{section}')}/media/{hashlib.sha256(data).hexdigest()}/{name}"


TREE, MOVIE, STAFF = (
    address("Open", png("green"), "tree.png"),
    address("Open", FILM, "film.mp4"),
    address("Staff", png("red"), "us.png"),
)


@dataclass
class Front:
    """nginx before a running site; `folder` is the site's data."""

    port: int
    folder: Path

    def visitor(self, who: str) -> Visitor:
        visitor = Visitor(self.port)
        visitor.sign_in(who, PASSWORD)
        return visitor

    def get(
        self, visitor: Visitor, path: str, *, method: str = "GET", **headers: str
    ) -> tuple[int, HTTPMessage, bytes]:
        """Status, headers and body; underscores in names of headers stand for hyphens."""
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers={"Cookie": cookies, **sent})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers, body


def example(site: int, front: int, media: Path) -> str:
    """The `server` of docs/operations.md, for these ports and this folder."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL)
    assert found is not None
    text = found[1].replace("server {", f"server {{\n    listen 127.0.0.1:{front};", 1)
    for written, here in (
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{site}"),
        ("/var/lib/coursemark/media/", f"{media}/"),
    ):
        assert written in text
        text = text.replace(written, here)
    return text


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.fail("This test needs nginx: install the Debian package `nginx-light`.", pytrace=False)
    folder = tmp_path_factory.mktemp("site")
    site, port = free_port(), free_port()
    server = Server(RUN, folder, site, COURSEMARK_ACCEL_PREFIX="/kept-files/")
    try:
        bring_in(folder, site)
        user = "user root;" if getpass.getuser() == "root" else ""
        conf = folder / "nginx.conf"
        conf.write_text(CONF.format(user=user, folder=folder, server=example(site, port, folder / "media")))
        nginx = [program, "-e", str(folder / "nginx.log"), "-c", str(conf)]
        subprocess.run(nginx, check=True)  # returns once it listens
        yield Front(port, folder)
        subprocess.run([*nginx, "-s", "stop"], check=True)
    finally:
        server.close()


def bring_in(folder: Path, site: int) -> None:
    """Import and publish the module on the running site."""
    for path, data in FILES.items():
        (folder / "package" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "package" / path).write_bytes(data)
    imported = ["manage.py", "import_module", str(folder / "package"), "--publish", "--root", "apples.md"]
    env = environment(folder, site, COURSEMARK_DEMO="1")
    subprocess.run([".venv/bin/python", *imported], cwd=ROOT, env=env, check=True, capture_output=True)


@pytest.mark.trust("IM-05", "IM-02", "IM-09", "CF-02")
def test_nginx_sends_the_file_with_everything_that_the_site_said_of_it(front: Front):
    reader = front.visitor("partner@acme.example")
    status, headers, body = front.get(reader, TREE)
    assert (status, body) == (200, png("green"))
    expected = {
        "Content-Type": "image/png",
        "Content-Disposition": 'inline; filename="tree.png"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "Content-Length": str(len(png("green"))),
    }
    assert {name: headers[name] for name in expected} == expected
    assert "X-Accel-Redirect" not in headers
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.trust("IM-10")
def test_parts_of_a_film_and_not_modified_are_nginxs(front: Front):
    reader = front.visitor("partner@acme.example")
    status, headers, body = front.get(reader, MOVIE, Range="bytes=100000-100009")
    assert (status, body) == (206, FILM[100000:100010])
    assert headers["Content-Range"] == f"bytes 100000-100009/{len(FILM)}"
    assert headers["Content-Security-Policy"].startswith("sandbox allow-same-origin;")
    assert front.get(reader, MOVIE, Range="bytes=-5")[2] == FILM[-5:]
    assert front.get(reader, MOVIE, Range="bytes=0-1,5-6")[::2] == (200, FILM)
    status, headers, _body = front.get(reader, MOVIE, Range="bytes=999999-")
    assert status == 416
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert front.get(reader, MOVIE, method="HEAD")[::2] == (200, b"")
    etag = front.get(reader, MOVIE)[1]["ETag"]
    assert front.get(reader, MOVIE, If_None_Match=etag)[::2] == (304, b"")
    assert front.get(reader, MOVIE, Range="bytes=0-1", If_Range='"other"')[2] == FILM


@pytest.mark.trust("IM-05", "AC-11", "AC-13")
def test_nobody_passes_the_gate_by_the_other_door(front: Front):
    partner, employee = (
        front.visitor(f"{who}@{host}.example")
        for who, host in (("partner", "acme"), ("author", "coursemark"))
    )
    assert front.get(employee, STAFF)[::2] == (200, png("red"))
    assert front.get(partner, STAFF)[0] == 404
    assert front.get(Visitor(front.port), TREE)[0] == 302
    digest = hashlib.sha256(png("red")).hexdigest()
    place = f"{digest[:2]}/{digest}"
    assert (front.folder / "media" / place).is_file()
    for door in (
        f"/kept-files/{place}", f"//kept-files/{place}", f"/kept-files/../kept-files/{place}", f"/kept-files/%2e/{place}",
        f"/KEPT-FILES/{place}", "/kept-files/../coursemark.sqlite3", "/kept-files../coursemark.sqlite3", f"/media/{place}",
    ):  # fmt: skip
        status, _headers, body = front.get(partner, door)
        assert status in (400, 404), door
        assert png("red") not in body
    assert front.get(partner, TREE, Sec_Fetch_Site="cross-site")[0] == 404
