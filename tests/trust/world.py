"""One site for all the trust tests: modules for everybody, for some and for nobody yet, and what people did there.

Every word that only some may read carries a canary, so that a test can look for it in whatever the site says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.test import Client, RequestFactory

from accounts.models import AuditEvent, User
from authoring import reading, uploads
from authoring.models import Upload
from courses.models import ModuleVersion, PageMedia, PathVersion
from learning.models import Certificate, Publication
from learning.progress import check_answers, mark_done, note_opened
from learning.record import Record
from quizzes.models import Question
from quizzes.sent import Sent
from quizzes.standing import standings
from tests import factories, personas
from tests.modules import a_path, multiple, publish, question, source, store, uuid_of
from tests.packages import png, upload, zipped

EMPLOYEES = "visibility:\n- Employee"
PARTNERS = "visibility:\n- Partner"
EVERYBODY = [personas.ANONYMOUS, *personas.PERSONAS, "moved"]

# What nobody but an employee, a partner, or an author may find anywhere.
FOR_EMPLOYEES, FOR_PARTNERS, DRAFT = "kestrel", "ptarmigan", "wagtail"


def secret(title: str, word: str, key: str) -> str:
    """The body of a page that carries a word in everything that it has."""
    return f"""{word} text, and a picture: ![{word} alt](../{word}.png)

### Heading {word}

:::{{question}} Name {word}
:id: {key}
:hint: Hint {word}

Stem {word}?

- [x] Right {word} of {title}
  > Feedback {word}
- [ ] Wrong {word} of {title}

Explanation {word}.

:::
"""


def picture(word: str) -> dict[str, bytes]:
    """A picture named by a word, and of its own bytes."""
    colours = {FOR_EMPLOYEES: "blue", FOR_PARTNERS: "red", DRAFT: "grey"}
    return {f"{word}.png": png(colours.get(word, "green"))}


def for_some(title: str, word: str, front: str) -> dict[str, bytes]:
    """A module of which every page carries the word."""
    files = source(
        title, {f"Room {word}": secret(title, word, f"q-{word}")}, front=f"{front}\ndescription: About {word}"
    )
    return files | picture(word)


def apples(*more: str) -> dict[str, bytes]:
    """The module for everybody, with a section for employees alone and one for partners alone; `more` sections."""
    sections = {
        "Growing": "![A tree](../tree.png)\n" + question("que1") + multiple("que2"),
        f"Staff {FOR_EMPLOYEES}": secret("Apples", FOR_EMPLOYEES, "que4"),
        "Eating": question("que3"),
        f"Deals {FOR_PARTNERS}": secret("Apples", FOR_PARTNERS, "que5"),
        "Reading": "Nothing to answer here.",
        **{title: f"{title} is not written yet." for title in more},
    }
    narrower = {f"Staff {FOR_EMPLOYEES}": EMPLOYEES, f"Deals {FOR_PARTNERS}": PARTNERS}
    pictures = picture("tree") | picture(FOR_EMPLOYEES) | picture(FOR_PARTNERS)
    return source("Apples", sections, section_front=narrower) | pictures


@dataclass(frozen=True)
class World:
    """Who and what there is; tests share it and change nothing in it but rows. Modules by slug; `pages` by name; `people` with the one who moved."""

    people: dict[str, User]
    sessions: dict[str, str]
    modules: dict[str, ModuleVersion]
    paths: dict[str, PathVersion]
    certificates: dict[str, str] = field(default_factory=dict)

    @property
    def publication(self) -> int:
        """The first release of a module."""
        return Publication.objects.earliest("pk").pk

    @property
    def receipt(self) -> int:
        """The first release in the trail."""
        return AuditEvent.objects.filter(what="module published").earliest("pk").pk

    @property
    def upload(self) -> UUID:
        """What the author sent to make the draft."""
        return Upload.objects.get().uuid

    def question(self, key: str) -> int:
        """The row id of a question by the id that its author gave it."""
        return Question.objects.get(key=key).pk

    def client(self, who: str) -> Client:
        """A browser in which this person signed in before anything happened to them."""
        client = Client(raise_request_exception=False)
        self.sign_in(client, who)
        return client

    def sign_in(self, client: Client | RequestFactory, who: str) -> None:
        """Give a browser the cookie of this person, and no other."""
        client.cookies.clear()
        if who in self.sessions:
            client.cookies["sessionid"] = self.sessions[who]

    def media_url(self, module: str, word: str) -> str:
        """The address of the picture that carries this word."""
        row = PageMedia.objects.select_related("section_version__section", "media").get(
            version=self.modules[module], name=f"{word}.png"
        )
        assert row.section_version is not None
        return f"/pages/{row.section_version.section.uuid}/media/{row.media.digest}/{row.name}"


def page(module: str, section: str) -> UUID:
    """The uuid of a section of a module."""
    return uuid_of(f"{module}/{section}")


# How each hidden thing is reached: {name: (module title, section title)}.
PLACES = {
    "open": ("Apples", "Growing"),
    "employees": ("Apples", f"Staff {FOR_EMPLOYEES}"),
    "partners": ("Apples", f"Deals {FOR_PARTNERS}"),
    "free": ("Apples", "Reading"),
    "locked": ("Ladder", "Second"),
    "draft": (f"Draft {DRAFT}", f"Room {DRAFT}"),
    "below a path": (f"Way {FOR_EMPLOYEES}", f"Step {FOR_EMPLOYEES}"),
    "draft section": ("Apples", f"Chapter {DRAFT}"),
}


def place(name: str) -> UUID:
    """The uuid of one of `PLACES`."""
    return page(*PLACES[name])


def build() -> World:
    """Make the whole site; the suspended and the moved one sign in before it happens to them."""
    people = personas.everybody()
    people["moved"] = factories.person(
        "maud@acme.test", name="Maud Moved", organisation=factories.organisation("Acme", ["Partner"])
    )
    User.objects.filter(pk=people["suspended"].pk).update(is_active=True)
    modules = {
        "apples": publish(apples()),
        "engine": publish(for_some(f"Engine {FOR_EMPLOYEES}", FOR_EMPLOYEES, EMPLOYEES)),
        "orchard": publish(for_some(f"Orchard {FOR_PARTNERS}", FOR_PARTNERS, PARTNERS)),
        "ladder": publish(
            source(
                "Ladder",
                {"First": question("one"), "Second": question("two")},
                front="visibility:\n- Employee\n- Partner\nsequence: linear",
            )
        ),
        "pears": publish(source("Pears", {"Ripe": "Read this."})),
        "draft": store(for_some(f"Draft {DRAFT}", DRAFT, "visibility:\n- Employee\n- Partner")),
    }
    gated = source(f"Way {FOR_EMPLOYEES}", {f"Step {FOR_EMPLOYEES}": f"{FOR_EMPLOYEES} text"}, front="")
    paths = {
        "route": a_path(f"Route {FOR_EMPLOYEES}", gated, front=f"{EMPLOYEES}\ndescription: A {FOR_EMPLOYEES}")
    }
    modules["way"] = ModuleVersion.objects.get(module__uuid=uuid_of(f"Way {FOR_EMPLOYEES}"))
    modules["apples draft"] = store(apples(f"Chapter {DRAFT}"))
    sent = upload(zipped(for_some(f"Draft {DRAFT}", DRAFT, "visibility:\n- Employee\n- Partner")))
    reading.start(uploads.receive([sent], by=people["author"])[0])
    factories.group(factories.organisation("Acme"), "North")
    world = World(people, {who: session_of(user) for who, user in people.items()}, modules, paths)
    for who in ("employee", "partner", "globex_partner", "moved"):
        world.certificates[who] = complete(people[who], modules["pears"])
        answer_half(people[who], modules["apples"])
    User.objects.filter(pk=people["suspended"].pk).update(is_active=False)
    User.objects.filter(pk=people["moved"].pk).update(organisation=factories.organisation("Globex"))
    return world


def session_of(user: User) -> str:
    """The cookie of a new session of this person."""
    client = Client()
    client.force_login(user, backend=personas.BACKEND)
    return client.cookies["sessionid"].value


def complete(user: User, version: ModuleVersion) -> str:
    """Read all of a module that has no checks; returns the serial of the certificate."""
    for section in version.sections.all():
        note_opened(user=user, section=section, record=Record())
        assert mark_done(user=user, section=section)
    return Certificate.objects.get(completion__user=user, completion__version=version).serial


def answer_half(user: User, version: ModuleVersion) -> None:
    """Open the first section and get the first of its questions wrong."""
    section = version.sections.get(slug="growing")
    note_opened(user=user, section=section, record=Record())
    quiz = section.checks.get()
    spec = quiz.question_versions.get(question__key="que1").spec
    wrong = next(choice.key for choice in spec.choices if not choice.right)
    token = standings(user, {quiz.quiz_id: quiz.pk})[quiz.quiz_id].token
    sent = Sent(token=token, sender=uuid4(), answers={"que1": [wrong]})
    check_answers(user=user, section=section, quiz=quiz, sent=sent, only="que1")


def words_for(who: str) -> Iterator[str]:
    """The canaries that this person may never meet outside the authors' pages and the admin."""
    held = frozenset(AUDIENCES.get(who, ()))
    yield DRAFT
    if "Employee" not in held:
        yield FOR_EMPLOYEES
    if "Partner" not in held:
        yield FOR_PARTNERS


AUDIENCES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("employee", "author", "admin", "superuser"), ("Employee",)),
    **dict.fromkeys(("partner", "globex_partner", "manager", "globex_manager", "moved"), ("Partner",)),
}
