"""Videos of other sites are links; a site that names their hosts gets their players, on their pages alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from config.checks import video_hosts_are_names
from config.serving import strange_hosts
from markup.videos import player_of
from tests.browsing import soup
from tests.modules import publish, publish_tree, source, store, uuid_of
from tests.personas import client_of

NOCOOKIE = "www.youtube-nocookie.com"
WATCH = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PLAYER = f"https://{NOCOOKIE}/embed/dQw4w9WgXcQ"
FILM = "```{youtube} dQw4w9WgXcQ\n:title: How glass is made\n```\n"
OTHER = "```{youtube} https://player.example.org/1\n:title: Another\n```\n"


def policy(response: Any) -> list[str]:
    """What the answer says about frames."""
    parts = [part.strip() for part in response["Content-Security-Policy"].split(";")]
    return [part for part in parts if part.startswith("frame-src")]


@pytest.fixture
def films(db: None) -> None:
    publish(source("Films", {"Film": FILM, "Other": OTHER, "Words": "None here.\n"}))


def test_without_the_setting_a_video_is_a_link_and_no_frame_is_let_in(films: None) -> None:
    response = client_of("partner").get("/modules/films/film/")
    page = soup(response)
    link = page.select_one(".video a")
    assert link is not None
    assert (link["href"], link["target"], link["rel"]) == (WATCH, "_blank", ["noopener", "noreferrer"])
    assert "How glass is made" in link.text
    assert policy(response) == []
    assert not page.select("iframe, [data-players], script[src*='video']")


def test_with_the_setting_the_pages_of_such_videos_alone_let_their_hosts_in(
    films: None, settings: Any
) -> None:
    settings.COURSEMARK_VIDEO_HOSTS = [NOCOOKIE, "elsewhere.example.org"]
    client = client_of("partner")
    response = client.get("/modules/films/film/")
    prose = soup(response).select_one("[data-players]")
    assert policy(response) == [f"frame-src https://{NOCOOKIE}"]
    assert prose is not None
    assert json.loads(str(prose["data-players"])) == {WATCH: PLAYER}
    assert soup(response).select("script[src*='video']")
    assert not soup(response).select("iframe"), "until it is asked for"
    for address in ("/modules/films/", "/modules/films/other/", "/modules/films/words/", "/"):
        response = client.get(address)
        assert policy(response) == []
        assert not soup(response).select("[data-players], script[src*='video']")


def test_a_modules_own_page_a_path_and_the_previews_too(db: None, settings: Any) -> None:
    settings.COURSEMARK_VIDEO_HOSTS = [NOCOOKIE]
    files = source("Films", {"Film": FILM})
    files["films.md"] += FILM.encode()
    publish(files)
    draft = store(files | {"films/film.md": files["films/film.md"] + b"\nNew.\n"})
    preview = f"/authoring/versions/{draft.pk}/as/Partner/"
    path = source("Path", {}, front="visibility:\n- Employee\n- Partner\nkind: path\ntoc:\n- ./films.md")
    path["path.md"] += FILM.encode()
    publish_tree(path | files)
    for who, address in (
        ("partner", "/modules/films/"),
        ("partner", "/paths/path/"),
        ("author", preview),
        ("author", f"{preview}pages/{uuid_of('Films/Film')}/"),
    ):
        assert policy(client_of(who).get(address)) == [f"frame-src https://{NOCOOKIE}"], address


@pytest.mark.parametrize(
    ("url", "hosts", "player"),
    [
        (WATCH, [NOCOOKIE], PLAYER),
        (WATCH, ["www.youtube.com"], "https://www.youtube.com/embed/dQw4w9WgXcQ"),
        (WATCH, ["www.youtube.com", NOCOOKIE], PLAYER),
        (WATCH, ["player.example.org"], None),
        (
            "https://player.example.org/1?a=1&b=2",
            ["player.example.org"],
            "https://player.example.org/1?a=1&b=2",
        ),
        ("http://player.example.org/1", ["player.example.org"], None),
        ("javascript://player.example.org/%0Aalert(1)", ["player.example.org"], None),
        ("//player.example.org/1", ["player.example.org"], None),
        ("https://player.example.org.evil.example/1", ["player.example.org"], None),
        ("https://player.example.org@evil.example/1", ["player.example.org"], None),
        ("https://evil.example\\@player.example.org/1", ["player.example.org"], None),
        ("https://a@player.example.org/1", ["player.example.org"], None),
        ("https://player.example.org:8443/1", ["player.example.org"], None),
        ("https://[", ["player.example.org"], None),
        ("https://www.youtube.com/redirect?q=https://evil.example", [NOCOOKIE], None),
    ],
)
def test_the_player_of_a_link(url: str, hosts: list[str], player: str | None) -> None:
    assert player_of(url, hosts) == player


@pytest.mark.parametrize("host", [NOCOOKIE, "player.vimeo.com", "xn--bcher-kva.example", "a.b-c.example"])
def test_a_name_of_a_host_is_taken(host: str) -> None:
    with override_settings(COURSEMARK_VIDEO_HOSTS=[host]):
        assert video_hosts_are_names() == []


@pytest.mark.parametrize(
    "host",
    [
        "*",
        "*.youtube.com",
        "https://www.youtube.com",
        "www.youtube.com:443",
        "www.youtube.com/embed",
        "a.org; script-src *",
        "a.org;script-src",
        "a.org 'unsafe-inline'",
        "a.org\nX-Header: 1",
        "a.org\n",
        "'self'",
        "data:",
        "localhost",
        "10.0.0.1",
        "-a.org",
        "a..org",
        "",
        f"{'a' * 64}.org",
        f"{'a.' * 130}org",
    ],
)
def test_anything_else_keeps_the_site_from_starting(host: str, settings: Any) -> None:
    settings.COURSEMARK_VIDEO_HOSTS = [host]
    with pytest.raises(SystemCheckError, match=r"coursemark\.E002"):
        call_command("check")
    (reason,) = strange_hosts(settings)
    assert repr(host) in reason
