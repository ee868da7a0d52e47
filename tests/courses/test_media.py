"""A file is behind its page's gate, and is served as what it is and nothing else."""

from __future__ import annotations

import hashlib

import pytest
from bs4 import BeautifulSoup
from django.http.response import HttpResponseBase
from pytest_django import Settings

from courses.models import Media, PageMedia
from courses.views.media import DOWNLOADED, SHOWN
from tests import modules
from tests.packages import png
from tests.personas import ANONYMOUS, client_of

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 a text"
VIDEO = b"\x00\x00\x00\x18ftypmp42" + hashlib.shake_256(b"a film").digest(1000)
BODIES = {
    "Open": "![A square](./files/1.png)\n\n[The paper](./files/Über%20%22all%22.pdf)\n",
    "Inner": "![Inside](./files/inner.png)\n",
}
FILES = {
    "apples/files/1.png": png("green"),
    "apples/files/inner.png": png("red"),
    'apples/files/Über "all".pdf': PDF,
}


def read(response: HttpResponseBase) -> tuple[int, bytes]:
    """Status and body. A streamed body is read to its end, which is when the request ends."""
    return response.status_code, b"".join(response)


def source(bodies: dict[str, str] = BODIES) -> dict[str, bytes]:
    return modules.source("Apples", bodies, section_front={"Inner": "visibility: [Employee]"}) | FILES


def address(page: str, data: bytes, name: str) -> str:
    return f"/pages/{modules.uuid_of(f'Apples/{page}')}/media/{hashlib.sha256(data).hexdigest()}/{name}"


OPEN, INNER = address("Open", png("green"), "1.png"), address("Inner", png("red"), "inner.png")


@pytest.mark.trust("IM-05", "AC-11", "AC-12")
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("name", "opened", "inner"),
    [
        (ANONYMOUS, 302, 302),
        ("employee", 200, 200),
        ("partner", 200, 404),
        ("manager", 200, 404),
        ("author", 200, 200),
        ("admin", 200, 200),
        ("stranger", 404, 404),
        ("suspended", 302, 302),
    ],
)
def test_a_file_is_open_to_whom_its_page_is(name: str, opened: int, inner: int, method: str):
    modules.publish(source())
    client = client_of(name)
    send = getattr(client, method)
    assert read(send(OPEN))[0] == opened
    assert read(send(INNER))[0] == inner
    assert read(send(INNER + "?download=1"))[0] == inner
    assert read(send(INNER, headers={"Range": "bytes=0-1"}))[0] == (
        206 if (method, inner) == ("get", 200) else inner
    )


@pytest.mark.trust("IM-05", "LK-03")
def test_only_what_the_live_page_shows_is_served():
    version = modules.publish(source())
    client = client_of("employee")
    assert read(client.get(OPEN)) == (200, png("green"))
    inner = Media.objects.get(digest=hashlib.sha256(png("red")).hexdigest())
    borrowed = address("Open", png("red"), "inner.png")
    for url in (
        borrowed,
        OPEN.replace("1.png", "2.png"),
        OPEN.replace("1.png", "inner.png"),
        OPEN[:-6] + "x/1.png",
    ):
        assert client.get(url).status_code == 404
    assert client.get(address("Nowhere", png("green"), "1.png")).status_code == 404
    modules.publish(source({"Open": "No picture any more.", "Inner": BODIES["Inner"]}))
    assert client.get(OPEN).status_code == 404
    assert read(client.get(INNER)) == (200, png("red"))
    assert PageMedia.objects.filter(version=version, media=inner).exists()


@pytest.mark.trust("IM-01", "IM-02", "IM-06", "IM-09")
def test_a_file_comes_as_nothing_else_than_itself():
    modules.publish(source())
    client = client_of("employee")
    picture = client.get(OPEN)
    assert b"".join(picture) == png("green")
    expected = {
        "Content-Type": "image/png",
        "Content-Disposition": 'inline; filename="1.png"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "Content-Length": str(len(png("green"))),
    }
    assert {name: picture[name] for name in expected} == expected
    paper = client.get(address("Open", PDF, "%C3%9Cber%20%22all%22.pdf"))
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9Cber%20%22all%22.pdf"
    assert b"".join(paper) == PDF


@pytest.mark.trust("IM-01")
def test_a_type_that_is_not_in_the_table_is_bytes_to_download():
    modules.publish(source())
    Media.objects.update(content_type="text/html")
    response = client_of("employee").get(OPEN)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert not {"image/svg+xml", "text/html"} & {*SHOWN, *DOWNLOADED}
    assert read(response)[1] == png("green")


@pytest.mark.trust("IM-05")
def test_unchanged_costs_the_same_question():
    modules.publish(source())
    client = client_of("employee")
    response = client.get(INNER)
    etag = response["ETag"]
    read(response)
    again = client.get(INNER, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client_of("partner").get(INNER, headers={"If-None-Match": etag}).status_code == 404


def video() -> str:
    modules.publish(
        modules.source("Apples", {"Open": "[The film](./film.mp4)\n"}) | {"apples/film.mp4": VIDEO}
    )
    return address("Open", VIDEO, "film.mp4")


@pytest.mark.trust("IM-10")
@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, VIDEO[:10]),
        ("bytes=900-", 206, VIDEO[900:]),
        ("bytes=-5", 206, VIDEO[-5:]),
        ("bytes=10-99999", 206, VIDEO[10:]),
        ("bytes=99999-", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=9-2", 416, b""),
        ("bytes=0-1,3-4", 200, VIDEO),
        ("bytes=" + ",".join(["0-1"] * 1000), 200, VIDEO),
        ("bytes=-", 200, VIDEO),
        ("lines=0-1", 200, VIDEO),
        ("bytes=0-" + "9" * 5000, 200, VIDEO),
    ],
)
def test_a_part_of_a_film(asked: str, status: int, part: bytes):
    response = client_of("employee").get(video(), headers={"Range": asked})
    assert response.status_code == status
    assert b"".join(response) == part
    assert response["Content-Type"] == "video/mp4"
    if status == 206:
        first = VIDEO.index(part)
        assert response["Content-Range"] == f"bytes {first}-{first + len(part) - 1}/{len(VIDEO)}"
        assert response["Content-Length"] == str(len(part))


def test_a_part_of_what_changed_since_is_the_whole():
    response = client_of("employee").get(video(), headers={"Range": "bytes=0-1", "If-Range": '"other"'})
    assert response.status_code == 200
    assert b"".join(response) == VIDEO


FILMS = {"film.mp4": VIDEO, "film.webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(20)}


@pytest.mark.trust("IM-05", "IM-10")
@pytest.mark.parametrize("name", FILMS)
def test_a_film_on_a_page_is_behind_the_gate_of_the_page(name: str):
    body = f"```{{video}} ./{name}\n:alt: How it grows\n\nThe caption.\n```\n"
    modules.publish(
        modules.source("Apples", {"Inner": body}, section_front={"Inner": "visibility: [Employee]"})
        | {f"apples/{name}": FILMS[name]}
    )
    shown = client_of("employee").get("/modules/apples/inner/").content.decode()
    film = BeautifulSoup(shown, "html.parser").select_one("figure video")
    assert film is not None
    assert (film["aria-label"], film["preload"], film["controls"]) == ("How it grows", "metadata", "")
    assert film["src"] == address("Inner", FILMS[name], name)
    part = client_of("employee").get(film["src"], headers={"Range": "bytes=4-7"})
    assert part["Content-Type"] == f"video/{name.rpartition('.')[2]}"
    assert read(part) == (206, FILMS[name][4:8])
    for headers in ({}, {"Range": "bytes=4-7"}):
        assert client_of("partner").get(film["src"], headers=headers).status_code == 404


@pytest.mark.trust("AC-12")
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_sent_to_a_file(method: str):
    modules.publish(source())
    assert getattr(client_of("employee"), method)(OPEN).status_code == 405


FROM_OUTSIDE = [
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "video"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]
FROM_HERE = [
    {},
    {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    {"Origin": "http://testserver"},
]


@pytest.mark.trust("IM-09")
@pytest.mark.parametrize("headers", FROM_OUTSIDE)
def test_another_sites_page_cannot_include_a_file(headers: dict[str, str]):
    modules.publish(source())
    for address_ in (OPEN, INNER, OPEN.replace("1.png", "2.png")):
        assert client_of("employee").get(address_, headers=headers).status_code == 404


@pytest.mark.trust("IM-09")
@pytest.mark.parametrize("headers", FROM_HERE)
def test_our_own_pages_and_links_from_elsewhere_can(headers: dict[str, str]):
    modules.publish(source())
    assert read(client_of("employee").get(OPEN, headers=headers)) == (200, png("green"))


def test_a_film_by_itself_may_load_itself_and_run_nothing():
    film = client_of("employee").get(video())
    assert (
        film["Content-Security-Policy"] == "sandbox allow-same-origin; default-src 'none'; media-src 'self'"
    )
    assert read(film)[1] == VIDEO


@pytest.mark.trust("IM-05", "AC-10")
def test_a_file_of_an_older_version_is_nobodys():
    modules.publish(source())
    assert read(client_of("employee").get(OPEN))[0] == 200
    modules.publish(source() | {"apples/files/1.png": png("black")})
    for who in ("employee", "author", "admin"):
        assert client_of(who).get(OPEN).status_code == 404
    assert read(client_of("employee").get(address("Open", png("black"), "1.png"))) == (200, png("black"))


@pytest.mark.trust("CH-02", "CH-05", "CH-06")
def test_a_file_is_known_by_its_bytes_and_sets_no_cookie():
    modules.publish(source())
    first, second = (client_of("employee").get(url) for url in (OPEN, INNER))
    assert first["ETag"] != second["ETag"]
    assert first["ETag"].strip('"') in OPEN
    for response in (first, second):
        assert not response.cookies
        read(response)
    since = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert read(client_of("employee").get(OPEN, headers=since))[0] == 200


# -- where a server in front sends the files ------------------------------------------------


@pytest.fixture
def accelerated(settings: Settings) -> str:
    settings.ACCEL_PREFIX = "/kept-files/"
    return "/kept-files/"


@pytest.mark.trust("IM-05", "IM-02")
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-1"}, {"If-None-Match": "*"}])
def test_the_server_in_front_is_told_where_the_file_is(accelerated: str, headers: dict[str, str]):
    modules.publish(source())
    response = client_of("employee").get(INNER, headers=headers)
    digest = hashlib.sha256(png("red")).hexdigest()
    assert (response.status_code, response.content) == (200, b"")
    assert response["X-Accel-Redirect"] == f"{accelerated}{digest[:2]}/{digest}"
    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-cache"
    assert "ETag" not in response


@pytest.mark.trust("IM-05", "AC-11")
@pytest.mark.parametrize("who", [ANONYMOUS, "partner", "stranger", "suspended"])
def test_nobody_else_is_told(accelerated: str, who: str):
    modules.publish(source())
    response = client_of(who).get(INNER)
    assert response.status_code in (302, 404)
    assert accelerated not in str(response.headers)
