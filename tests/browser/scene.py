"""A site with people half-way through, and the addresses of all its pages."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from authoring.models import State, Upload
from authoring.withdrawing import withdraw
from courses.models import ModuleVersion, PathVersion
from learning.models import Certificate, Publication
from tests.browsing import Hand, soup
from tests.modules import a_module, a_path, multiple, publish, question, source, store
from tests.modules import page as page_source
from tests.packages import upload, zipped
from tests.personas import PERSONAS, client_of, persona

MISSING = "/modules/nothing-like-this/"
LONG_NAME = "Bartholomäus-Maximilian Featherstonehaugh-Cholmondeley"
LONG_TITLE = "Everything That Somebody Who Grows Fruit Was Ever Asked About Soils"
LONG_FILE = "a-tree-of-courses-whose-name-somebody-typed-without-a-single-blank-in-it"
WIDE_TABLE = f"| {' | '.join(f'Column{n}' for n in range(12))} |\n|{'---|' * 12}\n| {' | '.join('unbreakable' for _ in range(12))} |"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
HARD_TEXT = f"""
{WIDE_TABLE}

```python
{"a_line_of_code_that_nobody_broke(" + ", ".join(f"argument_{n}" for n in range(30)) + ")"}
```

{LONG_WORD} https://example.org/{"a-long-address/" * 12}

1. One step
   - a point in it
     - and one in that

:::{{warning}}
Mind {LONG_WORD}.
:::
"""

PEARS = {
    "Reading": HARD_TEXT,
    "Answering": question("que1") + multiple("que2") + question("que3"),
    "Last": question("que4"),
}


def set_up() -> None:
    """Partner Paul has completed Apples and missed a question of Pears; Mia oversees him; a draft waits.

    He has also completed a module that is withdrawn, and there is a path with two modules.
    """
    a_module("Apples", {"All of it": "Some words."})
    publish(source("Pears", PEARS))
    gone = a_module("Plums", {"All of it": "Some words."})
    a_path(
        "Orchard",
        source(LONG_TITLE, {"Fresh": HARD_TEXT}, front="tags:\n- fruit"),
        source("Quinces", {"Fresh": "Some words."}),
        front="visibility:\n- Employee\n- Partner",
    )
    persona("partner")
    persona("manager")
    User.objects.filter(email=PERSONAS["partner"].email).update(name=LONG_NAME)
    learner = client_of("partner")
    mark_done(learner, "/modules/apples/all-of-it/")
    mark_done(learner, "/modules/plums/all-of-it/")
    withdraw(gone.module, by=None, why="Nobody grows them.")
    mark_done(learner, "/modules/pears/reading/")
    hand, there = Hand(learner), "/modules/pears/answering/"
    hand.press(hand.get(there), "check:que1", {"que1": ["The wrong one of que1"]})
    hand.press(hand.get(there), "check:que2", {"que2": ["First right of que2", "First wrong of que2"]})
    store(source("Pears", {**PEARS, "New": "Some more."}))
    uploads()


def uploads() -> None:
    """One of a new module, one with errors, one that is interrupted, and one that broke."""
    author = client_of("author")
    for name, data in ((f"{LONG_FILE}.zip", zipped(source("Cherries"))), ("broken.md", BROKEN_PAGE)):
        assert author.post("/authoring/uploads/", {"package": upload(data, name)}).status_code == 303
    told = {"by": persona("author"), "name": f"{LONG_FILE}.zip", "files": []}
    Upload.objects.create(**told, state=State.READING)
    Upload.objects.create(**told, state=State.BROKEN, reference="A1B2C3D4", finished_at=timezone.now())


def certificate() -> Certificate:
    """Paul's, of the module that he still finds."""
    return Certificate.objects.get(completion__module__slug="apples")


def mark_done(learner: Client, url: str) -> None:
    form = soup(learner.get(url)).select_one('form[action$="/done/"]')
    assert form is not None
    assert learner.post(str(form["action"])).status_code == 303


def places(who: str) -> list[str]:
    """The addresses that this persona looks at, once `set_up` was called."""
    draft = ModuleVersion.objects.filter(module__slug="pears").latest("number")
    section = draft.sections.first()
    assert section is not None
    version = f"/authoring/versions/{draft.pk}"
    live = Publication.objects.get(version__module__slug="pears")
    path = PathVersion.objects.get()
    return {
        "anonymous": ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"],
        "partner": [
            "/",
            "/modules/pears/",
            "/modules/pears/reading/",
            "/modules/pears/answering/",
            "/search/",
            "/search/?q=words",
            "/search/?q=nowhere",
            "/completed/apples/",
            f"/certificates/{certificate().serial}/",
            "/paths/orchard/",
            MISSING,
            "/accounts/password/change/",
            "/accounts/logout/",
        ],
        "manager": ["/", "/team/", "/team/pears/", "/team/pears/?state=under_way"],
        "author": [
            "/authoring/",
            "/authoring/modules/pears/",
            f"{version}/",
            "/authoring/modules/pears/edit/",
            "/authoring/modules/pears/edit/page/pears/reading.md",
            f"{version}/as/Partner/",
            f"{version}/as/Partner/pages/{section.section.uuid}/",
            f"{version}/compare/",
            f"/authoring/path-versions/{path.pk}/as/Partner/",
            f"/authoring/path-versions/{path.pk}/",
            "/authoring/paths/orchard/",
            f"/authoring/publications/{live.pk}/",
            f"/authoring/receipts/{live.event_id}/",
            "/authoring/modules/pears/withdraw/",
            "/authoring/tokens/",
            *(f"/authoring/uploads/{found.uuid}/" for found in Upload.objects.all()),
        ],
    }[who]


def visit(page: Page, address: str) -> None:
    """Load a page that has to be there, or the one that is not."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == (404 if address == MISSING else 200), address


BROKEN_PAGE = page_source(
    "Broken", ":::{question} Nobody knows\n:id: x\n\nWhich?\n\n- [ ] One\n- [ ] Two\n\n:::\n"
).encode()
