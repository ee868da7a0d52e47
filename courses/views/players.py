"""Pages with videos of other sites: their players where the site allows it, and the header for them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from markup import videos

_CARD = re.compile(r'<p class="video"><a href="([^"]*)"')


def players_in(html: str) -> dict[str, str]:
    """For each card in a page whose video may be played on it, what it links to and the player's address."""
    links = [unescape(link) for link in _CARD.findall(html)]
    found = {link: videos.player_of(link, settings.COURSEMARK_VIDEO_HOSTS) for link in links}
    return {link: player for link, player in found.items() if player is not None}


def render_with_players(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, html: str
) -> HttpResponse:
    """A page that shows this content; `players` is what static/js/video.js reads.

    The hosts of its players, and of no others, are let into this one answer.
    """
    players = players_in(html)
    response = render(request, template, {**context, "players": json.dumps(players) if players else ""})
    if players:
        hosts = sorted({f"https://{urlsplit(player).netloc.lower()}" for player in players.values()})
        vars(response)["_csp_update"] = {"frame-src": hosts}  # where django-csp looks for it
    return response
