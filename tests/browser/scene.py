"""A site with people half-way through, and the addresses of all its pages."""

from __future__ import annotations

from django.test import Client
from playwright.sync_api import Page

from accounts.models import User
from courses.models import ModuleVersion
from learning.models import Certificate
from tests.browsing import Hand, soup
from tests.modules import a_module, multiple, publish, question, source, store
from tests.modules import page as page_source
from tests.personas import PERSONAS, client_of, persona

MISSING = "/modules/nothing-like-this/"
LONG_NAME = "Bartholomäus-Maximilian Featherstonehaugh-Cholmondeley"
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
    """Partner Paul has completed Apples and missed a question of Pears; Mia oversees him; a draft waits."""
    a_module("Apples", {"All of it": "Some words."})
    publish(source("Pears", PEARS))
    persona("partner")
    persona("manager")
    User.objects.filter(email=PERSONAS["partner"].email).update(name=LONG_NAME)
    learner = client_of("partner")
    mark_done(learner, "/modules/apples/all-of-it/")
    mark_done(learner, "/modules/pears/reading/")
    hand, there = Hand(learner), "/modules/pears/answering/"
    hand.press(hand.get(there), "check:que1", {"que1": ["The wrong one of que1"]})
    hand.press(hand.get(there), "check:que2", {"que2": ["First right of que2", "First wrong of que2"]})
    store(source("Pears", {**PEARS, "New": "Some more."}))


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
            f"/certificates/{Certificate.objects.get().serial}/",
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
