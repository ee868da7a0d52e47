"""A hostile module is imported through the front door, published, and read: nothing in it does anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.test import Client

from courses import module
from courses.models import ModuleVersion
from markup.package import Package
from tests.browsing import Hand
from tests.factories import organisation
from tests.markup.oracle import ATTRIBUTES, faults, scheme
from tests.markup.vectors import MARKDOWN, XSS
from tests.modules import page, publish, uuid_of
from tests.packages import upload, zipped
from tests.personas import client_of

pytestmark = pytest.mark.django_db

RAW = [line for line in XSS.strip().splitlines() if line.strip()]
ASKED = 12
SHORT = [line for line in RAW if "`" not in line and not line.startswith(("<plaintext", "<xmp", "<!--"))]
# An author's address fields, and the title, which the site puts into its own furniture.
TITLE = "Evil</title><script>alert(1)</script> \"onload=alert(1) x='"
HOSTILE = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#x73;cript:alert(1)", "java%0ascript:alert(1)", "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)", "javascript&#58;alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,<svg/onload=alert(1)>", "vbscript:msgbox(1)", "file:///etc/passwd",
    "blob:https://testserver/1", "filesystem:https://testserver/x", "//evil.example/x", "\\\\evil.example/x", "/\\evil.example/x",
    "ftp://evil.example/x", "ws://evil.example", "view-source:x", "about:blank", "x:y", "tel:1", "https://evil.example/x.png",
    "http://127.0.0.1/x.png", "http://169.254.169.254/latest", "http://[::1]/x.png", "http://2130706433/x.png", "/admin/logout/",
    "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "/pages/x/media/y/z.png", "evil.png", "?next=//evil.example", "#onclick",
]  # fmt: skip
URL_ATTRIBUTES = (
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "data",
    "background",
    "cite",
    "xlink:href",
    "srcset",
)


def hostile_question(number: int, vector: str) -> str:
    """A question with an attack in everything that its author writes."""
    return f"""
:::{{question}} Name {vector}
:id: evil-{number}
:hint: Hint {vector}

Stem {number} {vector}

- [ ] Wrong {number} {vector}
  > Feedback {vector}
- [x] Right {number} {vector}
  > Well {vector}
- [ ] Other {number} [a](https://evil.example/x.png)

Explanation {vector}

:::
"""


def is_refused(body: str) -> bool:
    """Whether the import has an error for a page with this text."""
    page_alone = Package({"x.md": page("X", body).encode()}, "x.md", "x")
    _document, problems = module.read(page_alone)
    return any(problem.severity == "error" for problem in problems)


def split(bodies: list[str]) -> tuple[list[str], list[str]]:
    """(what an import takes, what it refuses) of these texts."""
    refused = [body for body in bodies if is_refused(body)]
    return [body for body in bodies if body not in refused], refused


def hostile_texts() -> list[str]:
    """Every attack as an author can write it into a page: raw, as Markdown, as a link, a picture, an address."""
    marks = [line.replace("\\n", "\n") for line in MARKDOWN.strip().splitlines() if line.strip()]
    links = [
        text.format(href)
        for href in HOSTILE
        for text in ("[a]({})", "![a]({})", "<{}>", "[a]: {}\n\n[a] ![a]")
    ]
    return [*RAW, *marks, *links]


def package() -> dict[str, bytes]:
    """A module of two sections with all the attacks that an import lets through: text and a check."""
    texts, _refused = split(hostile_texts())
    questions, _refused = split([hostile_question(n, vector) for n, vector in enumerate(SHORT)])
    text = "\n\n".join(f"Paragraph {n}\n\n{vector}\n\nEnd {n}" for n, vector in enumerate(texts))
    front = 'toc:\n- ./evil/html.md\n- ./evil/check.md\ndescription: "<img src=x onerror=alert(1)>"'
    files = {
        "evil.md": page("Evil", "Index.", front=front).replace("# Evil", f"# {TITLE}"),
        "evil/html.md": page("Html", text, uuid="Evil/Html"),
        "evil/check.md": page("Check", "".join(questions[:ASKED]), uuid="Evil/Check"),
    }
    return {name: content.encode() for name, content in files.items()}


def active(html: str) -> Iterator[str]:
    """Whatever in a whole page could run, load or send that the site did not put there itself."""
    for element in html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False).iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        if tag in (
            "iframe",
            "object",
            "embed",
            "applet",
            "base",
            "math",
            "style",
            "template",
            "frame",
            "form",
        ):
            action = element.get("action", "")
            if tag != "form" or not re.match(r"/(accounts|pages|authoring|search)/", action):
                yield f"<{tag}>"
        if tag == "script" and not element.get("src", "").startswith("/static/"):
            yield f"script {element.get('src')}"
        if tag == "meta" and element.get("http-equiv"):
            yield "a meta that acts"
        for name, value in element.attrib.items():
            if name.startswith("on") or name in ("style", "srcdoc", "ping"):
                yield f"{name} on {tag}"
            if name in URL_ATTRIBUTES and scheme(value) not in ("relative", "http", "https", "mailto"):
                yield f"{name}={value!r}"
            if name in ("src", "srcset", "poster", "data") and scheme(value) != "relative":
                yield f"{tag} loads {value!r}"


def content(html: str) -> Iterator[str]:
    """What authors wrote on a page: every part that htmx is told to leave alone."""
    for part in BeautifulSoup(html, "html5lib").select("[hx-disable]"):
        yield part.decode_contents()


@pytest.fixture
def author() -> Client:
    """The author, after the hostile module went live by the site's own pages."""
    organisation("Acme", ["Partner"])
    client = client_of("author")
    response = client.post("/authoring/uploads/", {"package": upload(zipped(package()))})
    assert response.status_code == 303, BeautifulSoup(response.content, "html.parser").main.get_text(
        " ", strip=True
    )
    version = ModuleVersion.objects.get()
    assert client.get(response.headers["Location"]).status_code == 200
    client.post(
        f"/authoring/versions/{version.pk}/publish/", {"why": "<script>alert(1)</script>", "over": ""}
    )
    version.refresh_from_db()
    assert version.published_at is not None
    return client


def answers(form: BeautifulSoup, *words: str) -> dict[str, list[str]]:
    """One option of each question, by turns those that begin with these words."""
    asked = [str(field["data-question"]) for field in form.select("[data-question]")]
    return {key: [f"{words[n % len(words)]} {key.removeprefix('evil-')} "] for n, key in enumerate(asked)}


def read_by(client: Client, addresses: list[str]) -> Iterator[tuple[str, str]]:
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        yield address, response.content.decode()


@pytest.mark.trust("MD-01", "MD-05", "MD-06", "MD-07", "QZ-13")
def test_nothing_in_a_hostile_module_does_anything(author):
    learner = Hand(client_of("partner"))
    check = "/modules/evil/check/"
    addresses = ["/", "/modules/evil/", "/modules/evil/html/", check]
    seen = list(read_by(learner.client, addresses))
    form = learner.get(check)
    learner.press(form, "check-all", answers(form, "Wrong", "Right"))
    seen += read_by(learner.client, [check])
    page_of_check = seen[-1][1]
    assert page_of_check.count('class="question ') == ASKED
    assert "Feedback" in page_of_check
    assert "Explanation" in page_of_check
    learner.press(learner.get(check), "again")
    seen += read_by(learner.client, [check, "/modules/evil/"])
    for address, html in seen:
        assert list(active(html)) == [], address
        for part in content(html):
            assert list(faults(part)) == [], (address, part)
    texts = " ".join(html for _address, html in seen)
    assert "alert(1)" in texts  # shown as what it is: text
    assert "Paragraph 3" in texts
    assert "End 3" in texts


SCRIPTED = [
    f'{name}="/accounts/logout/"'
    for name in (
        "hx-get", "hx-post", "hx-put", "hx-delete", "hx-on:click", "hx-on::load", "hx-trigger", "hx-vals", "hx-boost",
        "hx-ext", "hx-headers", "hx-swap-oob", "data-hx-get", "data-hx-post", "data-hx-on:click", "data-hx-trigger",
        "HX-GET", "x-data", "x-init", "x-html", "x-on:click", "@click", "@load", ":href", "v-html", "v-on:click", "ng-app",
        "data-action", "data-controller", "data-players", "data-play", "up-target", "_", "is", "sse-connect", "ws-connect",
    )
]  # fmt: skip
PLACES = {
    "block": "<div {0}>",
    "in a line": "Text <span {0}>in</span> a line",
    "link": "<a href='https://example.org/' {0}>a</a>",
    "picture": "<img src='x.png' alt='x' {0}>",
    "box": "<input type='checkbox' {0}>",
    "behind a link": "[a](https://example.org/){{{0}}}",
    "behind a heading": "## Head {{{0}}}",
    "title of a link": "[a](https://example.org/ '\" {0}')",
    "card": '```{{card}} T\n:link: https://example.org/\n:link-alt: x" {0}\n:class-card: x" {0}\n\nB\n```',
    "card without a title": '```{{card}}\n:link: https://example.org/\n:link-alt: x" {0}\n```',
    "figure": '```{{figure}} https://example.org/x.png\n:alt: x" {0}\n:figclass: x" {0}\n```',
    "box with a class": ':::{{note}}\n:class: x" {0}\n\nN\n:::',
    "badge": '{{bdg-link-primary}}`x" {0} <https://example.org/>`',
    "abbreviation": '{{abbr}}`X (x" {0})`',
    "language": "```py {0}\nx\n```",
}


@pytest.mark.trust("MD-07")
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_nothing_that_scripts_read_gets_onto_a_page(place: str):
    body = "\n\n".join(place.format(attribute) for attribute in [*SCRIPTED, " ".join(SCRIPTED)])
    publish({"evil.md": page("Evil", body, front="visibility: [Employee]").encode()})
    learner = client_of("employee")
    drawn = BeautifulSoup(learner.get("/modules/evil/", follow=True).content, "html5lib")
    prose = [part for part in drawn.select(".prose") if "More on Evil" in part.get_text()]
    assert len(prose) == 1
    assert prose[0].has_attr("hx-disable")
    assert {name for part in prose[0].find_all() for name in part.attrs} <= set(ATTRIBUTES)
    assert list(faults(prose[0].decode_contents())) == []


@pytest.mark.trust("MD-05", "MD-06", "MD-01")
def test_what_an_import_refuses_is_told_as_text():
    """Schemes that act, and pictures from elsewhere, do not get as far as a draft."""
    taken, refused = split(hostile_texts())
    for href in ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "file:///etc/passwd"):
        assert f"![a]({href})" in refused, href
    assert "[a](javascript:alert(1))" in refused
    assert "[a](vbscript:msgbox(1))" in refused
    assert {"[a](https://evil.example/x.png)", "![a](https://evil.example/x.png)"} <= set(taken)
    files = {"evil.md": page("Evil", "\n\n".join(refused)).encode()}
    response = client_of("author").post(
        "/authoring/uploads/", {"package": upload(zipped(files))}, follow=True
    )
    assert BeautifulSoup(response.content, "html.parser").select(".problem.error")
    assert list(active(response.content.decode())) == []
    assert not ModuleVersion.objects.exists()


@pytest.mark.trust("MD-01")
def test_a_hostile_certificate_and_table_and_preview_are_inert_too(author):
    learner = client_of("manager")
    learner.post(f"/pages/{uuid_of('Evil/Html')}/done/")
    hand = Hand(learner)
    form = hand.get("/modules/evil/check/")
    hand.press(form, "check-all", answers(form, "Right"))
    done = learner.get("/completed/evil/")
    serial = BeautifulSoup(done.content, "html.parser").select_one('a[href^="/certificates/"]')["href"]
    version = ModuleVersion.objects.get()
    start = f"/authoring/versions/{version.pk}/"
    preview = [f"{start}as/Partner/"]
    preview += [f"{start}as/Partner/pages/{uuid_of(f'Evil/{s}')}/" for s in ("Html", "Check")]
    seen = list(read_by(learner, ["/completed/evil/", str(serial), "/team/", "/team/evil/"]))
    seen += read_by(author, ["/authoring/", "/authoring/modules/evil/", start, *preview])
    for address, html in seen:
        assert list(active(html)) == [], address
        assert "<script>alert" not in html, address
    assert TITLE.split("<")[0] in seen[1][1]


@pytest.mark.trust("MD-01")
@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>.md", '"><script>alert(1)</script>.zip', "x.md;.html"]
)
def test_a_hostile_file_and_its_problems_are_shown_as_text(name):
    client = client_of("author")
    wrong = b"---\nuuid: <script>alert(1)</script>\ntoc: <img src=x onerror=alert(1)>\n---\n\n<script>alert(1)</script>\n"
    response = client.post("/authoring/uploads/", {"package": upload(wrong, name)}, follow=True)
    assert BeautifulSoup(response.content, "html.parser").select(".problem.error")
    assert list(active(response.content.decode())) == []
    assert "<script>alert" not in response.content.decode()


def test_the_oracle_sees_what_is_active():
    for html in (
        "<img src=x onerror=alert(1)>",
        "<a href='java\tscript:alert(1)'>x</a>",
        "<script>alert(1)</script>",
        "<form action='//evil.example'></form>",
        "<img src='//evil.example/x.png'>",
        "<iframe></iframe>",
    ):
        assert list(active(html)), html
    assert list(active('<form action="/accounts/logout/"><a href="/x">x</a></form>')) == []
