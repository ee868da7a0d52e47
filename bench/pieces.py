"""The pieces of which a made-up course page consists: prose, lists, tables, notes, pictures, code, checks.

They mimic the dialect and the mix of real course pages. All chance comes from the generator that is
handed in, so that a seed gives the same text each time.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from random import Random

_WHO = "customers partners teams buyers sellers authors administrators developers analysts managers"
_DO = "need compare review configure extend publish measure plan explain discuss support evaluate"
_WHAT = (
    "portal catalog workflow product order account site page fragment object form list price channel role "
    "integration upgrade project requirement solution experience audience campaign dashboard report search"
)
_LIKE = (
    "complex simple reliable regional digital shared secure modern personal internal public scalable early "
    "important common technical commercial regulated consistent recent"
)
_SUBJECTS, _VERBS, _THINGS, _ADJECTIVES = _WHO.split(), _DO.split(), _WHAT.split(), _LIKE.split()
_ENDS = (
    "before the first meeting", "in a regulated industry", "without writing code", "at enterprise scale",
    "for several audiences", "from one place", "across regions and languages", "when requirements change",
)  # fmt: skip
_ADMONITIONS = ("note", "note", "note", "tip", "important", "warning", "seealso")
_JAVA = """@Component(service = {name}Service.class)
public class {name}ServiceImpl implements {name}Service {{

    @Override
    public List<{name}> find(long companyId, String keywords) {{
        // An empty search returns the first {number} entries.
        if (keywords == null || keywords.isEmpty()) {{
            return _persistence.findAll(0, {number});
        }}
        return _persistence.findByKeywords(companyId, "%" + keywords + "%");
    }}

    @Reference
    private {name}Persistence _persistence;
}}"""
_XML = """<dependency>
    <groupId>com.liferay.portal</groupId>
    <artifactId>release.dxp.{word}</artifactId>
    <version>7.4.{number}</version>
    <!-- provided by the server -->
    <scope>provided</scope>
</dependency>"""
_BASH = """curl --request POST "http://localhost:8080/o/{word}/v1.0/sites" \\
    --header "Content-Type: application/json" \\
    --user "test@example.com:learn{number}" \\
    --data '{{"name": "{name}"}}'"""
_YAML = """{word}:
  type: instanceSettings
  pid: com.example.{word}.{name}Configuration
  replicas: {number}
  features:
    - search
    - {word}"""
_JSON = """{{
  "name": "{name}",
  "replicas": {number},
  "enabled": true,
  "tags": ["{word}", "example"]
}}"""
_CODE = {"java": _JAVA, "xml": _XML, "bash": _BASH, "yaml": _YAML, "json": _JSON}

Link = Callable[[], tuple[str, str]]  # the text and the address of a link from this page to another


class Pieces:
    """Writes the pieces of one page. `link` makes up links, `images` are the pictures that it may show."""

    def __init__(self, chance: Random, link: Link, images: Sequence[str], include: str) -> None:
        self.chance, self.link, self.images, self.include = chance, link, list(images), include

    def any(self) -> str:
        """A piece as often as pages have it."""
        kinds: dict[Callable[[], str], int] = {
            self.paragraph: 40, self.bullets: 13, self.steps: 8, self.table: 7, self.admonition: 8,
            self.figure: 7, self.code: 6, self.quotation: 2, self.definitions: 1, self.dropdown: 1,
            self.tabs: 1, self.included: 1, self.comment: 1, self.roles: 2, self.footnote: 1,
        }  # fmt: skip
        return self.chance.choices(list(kinds), list(kinds.values()))[0]()

    def words(self, number: int) -> str:
        return " ".join(self.chance.choice((*_ADJECTIVES, *_THINGS)) for _ in range(number))

    def sentence(self) -> str:
        """Some words in a row, now and then with markup in them."""
        pick = self.chance.choice
        subject = pick(_SUBJECTS)
        text = f"{subject.capitalize()} {pick(_VERBS)} a {pick(_ADJECTIVES)} {self._word()} {pick(_ENDS)}"
        if self.chance.random() < 0.4:
            text += f", and the {pick(_THINGS)} is as {pick(_ADJECTIVES)} as the {pick(_THINGS)} around it"
        if self.chance.random() < 0.15:
            text += f"---{pick(_SUBJECTS)} don't {pick(_VERBS)} it twice"
        return text + "."

    def _word(self) -> str:
        thing = self.chance.choice(_THINGS)
        match self.chance.randrange(14):
            case 0:
                return f"**{thing}**"
            case 1:
                return f"*{thing}*"
            case 2:
                return f"`{thing}.properties`"
            case 3:
                return f'"{thing}"'
            case 4:
                text, address = self.link()
                return f"{thing} (see [{text}]({address}))"
            case 5 if self.chance.random() < 0.3:
                return f"[{thing}](https://learn.example.com/w/{thing}/{self.chance.randrange(900)})"
            case _:
                return thing

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(2, 5)))

    def bullets(self) -> str:
        return "\n".join(f"* {self.sentence()}" for _ in range(self.chance.randint(3, 6)))

    def steps(self) -> str:
        """A numbered list: some steps have a note, a picture or code in them."""
        steps = []
        for _ in range(self.chance.randint(3, 6)):
            steps.append(f"1. {self.sentence()}")
            if self.chance.random() < 0.25:
                inner = self.chance.choice((self.admonition, self.code, self.picture))()
                steps.append("\n".join(f"   {line}" if line else "" for line in inner.split("\n")))
        return "\n\n".join(steps)

    def table(self) -> str:
        columns = self.chance.randint(2, 4)
        rows = [[self.words(2).capitalize() for _ in range(columns)], [":--" for _ in range(columns)]]
        rows += (
            [f"`{self.words(1)}`", *(self.words(6) for _ in range(columns - 1))]
            for _ in range(self.chance.randint(3, 9))
        )
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def admonition(self) -> str:
        name = self.chance.choice(_ADMONITIONS)
        fence = self.chance.choice(("```", ":::"))
        body = self.bullets() if self.chance.random() < 0.2 else self.paragraph()
        return f"{fence}{{{name}}}\n{body}\n{fence}"

    def picture(self) -> str:
        if not self.images:
            return self.sentence()
        return f"![The {self.words(3)}.]({self.images.pop()})"

    def figure(self) -> str:
        if not self.images or self.chance.random() < 0.5:
            return self.picture()
        alt, caption = self.words(4), self.sentence()
        return f"```{{figure}} {self.images.pop()}\n:alt: The {alt}\n:width: 75%\n\n{caption}\n```"

    def code(self) -> str:
        language = self.chance.choice(list(_CODE))
        word, number = self.chance.choice(_THINGS), self.chance.randint(2, 90)
        source = _CODE[language].format(name=word.capitalize(), word=word, number=number)
        if self.chance.random() < 0.3:
            return f"```{{code-block}} {language}\n:linenos:\n\n{source}\n```"
        return f"```{language}\n{source}\n```"

    def quotation(self) -> str:
        return f"> {self.sentence()}\n> {self.sentence()}"

    def definitions(self) -> str:
        return "\n\n".join(f"{self.words(2).capitalize()}\n: {self.sentence()}" for _ in range(3))

    def dropdown(self) -> str:
        return f":::{{dropdown}} {self.words(3).capitalize()}\n{self.paragraph()}\n:::"

    def tabs(self) -> str:
        items = "\n\n".join(f":::{{tab-item}} {name}\n{self.code()}\n:::" for name in ("Linux", "Windows"))
        return f"::::{{tab-set}}\n{items}\n::::"

    def included(self) -> str:
        return f"```{{include}} {self.include}\n```"

    def comment(self) -> str:
        return f"<!-- {self.words(6)} -->"

    def roles(self) -> str:
        return (
            f"Press {{kbd}}`Ctrl` and open {{menuselection}}`Menu --> {self.words(1).capitalize()}`; "
            f"{{bdg-secondary}}`{self.words(1)}` marks what is new."
        )

    def footnote(self) -> str:
        name = f"f{self.chance.randrange(10**6)}"
        return f"{self.sentence()}[^{name}]\n\n[^{name}]: {self.sentence()}"

    def cards(self, links: Sequence[tuple[str, str]]) -> str:
        """A grid whose cards lead to other pages."""
        cards = "\n\n".join(
            f":::{{grid-item-card}} {title}\n:link: {address}\n\n{self.sentence()}\n:::"
            for title, address in links
        )
        return f"::::{{grid}} 2\n:gutter: 3 3 3 3\n\n{cards}\n::::"

    def check(self, heading: str) -> str:
        """A page's quiz: four to six questions of several kinds."""
        kinds = (self._single, self._single, self._single, self._multiple, self._true_or_false)
        asked = [self.chance.choice(kinds) for _ in range(self.chance.randint(4, 6))]
        questions = [self._question(f"q-{place}", heading, kind) for place, kind in enumerate(asked, 1)]
        return "\n\n".join((":::{quiz} Check what you know\n:pass: 80%\n\n:::", *questions))

    def _question(self, key: str, heading: str, kind: Callable[[], str]) -> str:
        pick = self.chance.choice
        return (
            f":::{{question}} {self.words(2).capitalize()}\n:id: {key}\n:see: {heading}\n\n"
            f"What do {pick(_SUBJECTS)} {pick(_VERBS)} {pick(_ENDS)}?\n\n"
            f"{kind()}\n\n{self.sentence()} {self.sentence()}\n\n:::"
        )

    def _options(self, right: int) -> str:
        lines = []
        for place, thing in enumerate(self.chance.sample(_THINGS, 4)):
            tick = "x" if place < right else " "
            lines.append(
                f"- [{tick}] A {self.chance.choice(_ADJECTIVES)} {thing} {self.chance.choice(_ENDS)}"
            )
            if place >= right:
                lines.append(f"  > {self.sentence()}")
        return "\n".join(lines)

    def _single(self) -> str:
        return self._options(1)

    def _multiple(self) -> str:
        return self._options(2)

    def _true_or_false(self) -> str:
        return f"- [ ] True\n  > {self.sentence()}\n- [x] False"


def png(chance: Random) -> bytes:
    """A small picture like no other: bars of chance colours, 480 by 270 pixels."""
    width, height = 480, 270
    colours = bytes(chance.randrange(256) for _ in range(16 * 3))
    bars = [bytes(chance.randrange(16) for _ in range(24)) for _ in range(9)]
    rows = (b"\0" + b"".join(bytes([bar]) * 20 for bar in bars[y // 30]) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", header),
            (b"PLTE", colours),
            (b"IDAT", zlib.compress(b"".join(rows))),
            (b"IEND", b""),
        )
    )
