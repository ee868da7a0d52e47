"""A real Chromium in front of the live site.

    page = open_page("partner")   # signed in as this persona; "anonymous" is nobody
    page.goto("/")

Whatever the browser complains about fails the test: errors in the console (violations of the
Content-Security-Policy stand there), exceptions in a script, requests to another origin.
A test that provokes an error says so with `complaints.expect(...)`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from accounts.models import Audience
from authoring.content_folder import publish_folder
from tests.personas import ANONYMOUS, client_of

CONTENT = Path(__file__).parents[2] / "content"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOT_SENT = ("data:", "blob:", "about:")
# What htmx writes when a newer choice, or leaving the page, takes the place of one that is still on its
# way. A request that failed by itself says `htmx:sendError` or `htmx:timeout` besides.
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 800}

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that stands here is a browser's, and the live site needs data that its threads can see."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver, for as long as tests of this folder run.

    It keeps an event loop running in this thread, in which Django refuses its database unless told
    that nothing here is asynchronous.
    """
    with sync_playwright() as driver, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield driver


def launch(playwright: Playwright, **options: Any) -> Browser:
    """Start the Chromium of this machine."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("The browser tests need Chromium: install the Debian package `chromium`.", pytrace=False)
    return playwright.chromium.launch(executable_path=path, args=FLAGS, headless=True, **options)


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


class Complaints:
    """What a browser complained about, less what the test expects of it."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.heard: list[str] = []
        self.expected: list[str] = [*REPLACED]

    def expect(self, *parts: str) -> None:
        """Errors of the console that hold one of these are what the test wants."""
        self.expected += parts

    def listen(self, context: BrowserContext) -> None:
        """Hear everything that the pages of a context complain about."""
        context.on("console", self._said)
        context.on("weberror", lambda raised: self.heard.append(f"exception: {raised.error}"))
        context.on("request", self._sent)

    def unexpected(self) -> list[str]:
        return [line for line in self.heard if not any(part in line for part in self.expected)]

    def _said(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.heard.append(f"{said.text} ({said.location['url']})")

    def _sent(self, request: Request) -> None:
        if not request.url.startswith((self.origin + "/", *NOT_SENT)):
            self.heard.append(f"request to another origin: {request.url}")


@pytest.fixture
def complaints(live_server: LiveServer) -> Complaints:
    return Complaints(live_server.url)


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer, complaints: Complaints) -> Iterator[OpenPage]:
    """Opens a page in a browser of its own, as `persona`; further options are the context's."""
    contexts: list[BrowserContext] = []

    def opened(persona: str = "partner", *, browser: Browser = chromium, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url, reduced_motion="reduce", **{"viewport": WIDE, **options}
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        complaints.listen(context)
        if persona != ANONYMOUS:
            sign_in(context, persona, live_server.url)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    heard = complaints.unexpected()
    assert not heard, "\n".join(heard)


def sign_in(context: BrowserContext, persona: str, url: str) -> None:
    """Give the browser a session of this persona; test_keyboard signs in by typing."""
    session = client_of(persona).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])


@pytest.fixture(autouse=True)
def audiences(transactional_db: None) -> None:
    """The two that migrations make: a live site's tests end with every table emptied."""
    for name in ("Employee", "Partner"):
        Audience.objects.get_or_create(name=name)


@pytest.fixture
def real_content(audiences: None) -> None:
    """The modules of content/, imported and live."""
    told = list(publish_folder(CONTENT))
    assert not [line for line in told if line.failed], told
