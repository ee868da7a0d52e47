"""The golden matrix: every address of the site, tried by everybody, by every method.

What comes back stands in matrix.txt, which a person reads before it is checked in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from config.checks import addresses, policy_of
from tests.trust.world import DRAFT, EVERYBODY, FOR_EMPLOYEES, FOR_PARTNERS, World, place

MATRIX = Path(__file__).with_name("matrix.txt")
WRITE = "COURSEMARK_WRITE_MATRIX"
HOW = f"Run `{WRITE}=1 python -m pytest tests/trust/test_matrix.py`, read what changed, and check it in."
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
READING = ("GET", "HEAD", "OPTIONS", "TRACE")
# "Opened", "last here", and that a manager took a file away with them.
READING_MAY_WRITE = {
    "learning_sectionprogress",
    "learning_moduleprogress",
    "accounts_auditevent",
    "django_session",
}
LEGEND = f"""\
# Who gets what: every address of the site x everybody x {" ".join(METHODS)}.
# One letter a method, in that order; the first three alone for further objects behind the same view.
#   + an answer (2xx)   s to sign in and back   > elsewhere (3xx)   - not found (404)   m method not allowed (405)
#   f forbidden (403)   b bad request (400)     u the form comes back (409, 422)
# {HOW}
"""

# Nobody needs to sign in for these; every other answer to a stranger is the way to sign in, or nothing.
OPEN_TO_ANYBODY = {
    "/healthz",
    "/static/css/base.css",
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/inactive/",
    "/accounts/signup/",
    "/accounts/confirm-email/",
    r"/accounts/^confirm-email/(?P<key>[-:\w]+)/$",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    r"/accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
}


def targets(world: World) -> dict[str, dict[str, str]]:
    """Where to knock: {route: {what for: address}}."""
    slugs = {name: version.module.slug for name, version in world.modules.items()}
    modules = {"for all": slugs["apples"], "for employees": slugs["engine"], "for partners": slugs["orchard"]}
    modules |= {"below a path for employees": slugs["way"]}
    modules |= {"a draft": slugs["draft"], "nothing": "no-such-module"}
    sections = {
        "for all": "growing",
        "for employees": f"staff-{FOR_EMPLOYEES}",
        "for partners": f"deals-{FOR_PARTNERS}",
        "in a draft": f"chapter-{DRAFT}",
        "nothing": "no-such-section",
    }
    places = {"for all": "open", "for employees": "employees", "for partners": "partners"}
    places |= {"below a path for employees": "below a path"}
    pages = {label: place(name) for label, name in places.items()} | {"in a draft": place("draft")}
    pictures = {
        "for all": world.media_url("apples", "tree"),
        "for employees": world.media_url("apples", FOR_EMPLOYEES),
        "for partners": world.media_url("apples", FOR_PARTNERS),
        "in a draft": world.media_url("draft", DRAFT),
    }
    serials = world.certificates | {"nobody": "0" * 26}
    route = world.paths["route"].pk
    draft, live = world.modules["draft"].pk, world.modules["apples"].pk
    preview = f"/authoring/versions/{draft}/as/Partner/"
    edit = f"/authoring/modules/{slugs['apples']}/edit/"
    a_page = "apples.md"

    def people(address: str) -> dict[str, str]:
        found = {who: world.people[who].pk for who in ("partner", "globex_partner")}
        return {f"of {who}": address.format(pk) for who, pk in found.items()}

    return {
        "/healthz": {"": "/healthz"},
        "/": {"": "/"},
        "/paths/<str:slug>/": {
            "for employees": f"/paths/{world.paths['route'].path.slug}/",
            "nothing": "/paths/no-such-path/",
        },
        "/modules/<str:slug>/": {label: f"/modules/{slug}/" for label, slug in modules.items()},
        "/modules/<str:slug>/<str:section_slug>/": {
            label: f"/modules/{slugs['apples']}/{slug}/" for label, slug in sections.items()
        }
        | {"locked": f"/modules/{slugs['ladder']}/second/"},
        "/pages/<uuid:uuid>/": {label: f"/pages/{uuid}/" for label, uuid in pages.items()},
        "/pages/<uuid:uuid>/checks/<slug:quiz_key>/": {
            label: f"/pages/{uuid}/checks/check/" for label, uuid in pages.items()
        }
        | {"locked": f"/pages/{place('locked')}/checks/check/"},
        "/pages/<uuid:uuid>/checks/<slug:quiz_key>/questions/<slug:question_key>/report/": {
            label: f"/pages/{place(name)}/checks/check/questions/{key}/report/"
            for label, name, key in (
                ("for all", "open", "que1"),
                ("for employees", "employees", "que4"),
                ("for partners", "partners", "que5"),
                ("locked", "locked", "two"),
            )
        },
        "/pages/<uuid:uuid>/done/": {label: f"/pages/{uuid}/done/" for label, uuid in pages.items()}
        | {"without a check": f"/pages/{place('free')}/done/", "locked": f"/pages/{place('locked')}/done/"},
        "/pages/<uuid:page>/media/<str:digest>/<str:name>": pictures,
        "/completed/<str:slug>/": {"completed by some": f"/completed/{slugs['pears']}/"}
        | {label: f"/completed/{slug}/" for label, slug in modules.items()},
        "/certificates/<str:serial>/": {
            f"of {who}": f"/certificates/{serial}/" for who, serial in serials.items()
        },
        "/search/": {"": "/search/", "words": "/search/?q=room+apples"},
        "/team/": {"": "/team/"},
        "/team/export.csv": {"": "/team/export.csv"},
        "/team/<str:slug>/": {label: f"/team/{slug}/" for label, slug in modules.items()},
        "/team/people/<int:pk>/": people("/team/people/{}/"),
        "/team/people/<int:pk>/time/": people("/team/people/{}/time/"),
        "/team/tries/<int:pk>/": {"nothing": "/team/tries/1/"},
        "/authoring/": {"": "/authoring/"},
        "/authoring/people/": {"": "/authoring/people/"},
        "/authoring/people/<int:pk>/": people("/authoring/people/{}/"),
        "/authoring/people/<int:pk>/time/": people("/authoring/people/{}/time/"),
        "/authoring/tries/<int:pk>/": {"nothing": "/authoring/tries/1/"},
        "/authoring/uploads/": {"": "/authoring/uploads/"},
        "/authoring/tokens/<int:pk>/revoke/": {"nothing": "/authoring/tokens/1/revoke/"},
        "/authoring/uploads/<uuid:uuid>/": {
            "": f"/authoring/uploads/{world.upload}/",
            "nothing": f"/authoring/uploads/{place('draft')}/",
        },
        "/authoring/uploads/<uuid:uuid>/with-ids.zip": {
            "": f"/authoring/uploads/{world.upload}/with-ids.zip"
        },
        "/authoring/uploads/<uuid:uuid>/publish/": {"": f"/authoring/uploads/{world.upload}/publish/"},
        "/authoring/uploads/<uuid:uuid>/again/": {"": f"/authoring/uploads/{world.upload}/again/"},
        "/authoring/modules/<str:slug>/": {
            label: f"/authoring/modules/{modules[label]}/" for label in ("for all", "a draft", "nothing")
        },
        "/authoring/modules/<str:slug>/questions/": {
            label: f"/authoring/modules/{modules[label]}/questions/" for label in ("for all", "nothing")
        },
        "/authoring/modules/<str:slug>/questions/<int:pk>/": {
            "for all": f"/authoring/modules/{slugs['apples']}/questions/{world.question('que1')}/",
            "of another module": f"/authoring/modules/{slugs['pears']}/questions/{world.question('que1')}/",
        },
        "/authoring/modules/<str:slug>/questions/<int:pk>/unforeseen/": {
            "none to type": f"/authoring/modules/{slugs['apples']}/questions/{world.question('que1')}/unforeseen/"
        },
        "/authoring/modules/<str:slug>/questions/<int:pk>/answer/": {
            "for all": f"/authoring/modules/{slugs['apples']}/questions/{world.question('que1')}/answer/"
        },
        "/authoring/modules/<str:slug>/questions/<int:pk>/answers/": {
            "not an open question": f"/authoring/modules/{slugs['apples']}/questions/{world.question('que1')}/answers/"
        },
        "/authoring/modules/<str:slug>/edit/": {"for all": edit},
        "/authoring/modules/<str:slug>/edit/new/": {"for all": f"{edit}new/"},
        "/authoring/modules/<str:slug>/edit/build/": {"for all": f"{edit}build/"},
        "/authoring/modules/<str:slug>/edit/discard/": {"for all": f"{edit}discard/"},
        "/authoring/modules/<str:slug>/edit/rebase/": {"for all": f"{edit}rebase/"},
        "/authoring/modules/<str:slug>/edit/page/<path:path>": {
            "a page": f"{edit}page/{a_page}",
            "a picture": f"{edit}page/tree.png",
            "nothing": f"{edit}page/no-such-page.md",
        },
        "/authoring/modules/<str:slug>/edit/preview/<path:path>": {"a page": f"{edit}preview/{a_page}"},
        "/authoring/modules/<str:slug>/edit/texts/<path:path>": {"no clash": f"{edit}texts/{a_page}"},
        "/authoring/modules/<str:slug>/edit/saves/<path:path>": {"a page": f"{edit}saves/{a_page}"},
        "/authoring/versions/<int:pk>/lacking.patch": {
            "a draft": f"/authoring/versions/{draft}/lacking.patch"
        },
        "/authoring/versions/<int:pk>/written.patch": {
            "a draft": f"/authoring/versions/{draft}/written.patch"
        },
        "/authoring/modules/<str:slug>/edit/image/<path:path>": {"a page": f"{edit}image/{a_page}"},
        "/authoring/modules/<str:slug>/edit/media/<str:digest>/<str:name>": {
            "a picture": f"{edit}media/" + pictures["for all"].partition("/media/")[2],
            "nothing": f"{edit}media/{'0' * 64}/x.png",
        },
        "/authoring/versions/<int:pk>/package.zip": {"a draft": f"/authoring/versions/{draft}/package.zip"},
        "/authoring/paths/<str:slug>/": {
            "": f"/authoring/paths/{world.paths['route'].path.slug}/",
            "nothing": "/authoring/paths/no-such-path/",
        },
        "/authoring/path-versions/<int:pk>/publish/": {"": f"/authoring/path-versions/{route}/publish/"},
        "/authoring/path-versions/<int:pk>/discard/": {"": f"/authoring/path-versions/{route}/discard/"},
        "/authoring/path-versions/<int:pk>/package.zip": {
            "": f"/authoring/path-versions/{route}/package.zip"
        },
        "/authoring/path-versions/<int:pk>/": {"": f"/authoring/path-versions/{route}/"},
        "/authoring/path-versions/<int:pk>/as/<path:audience>/": {
            "for employees": f"/authoring/path-versions/{route}/as/Employee/",
            "not for partners": f"/authoring/path-versions/{route}/as/Partner/",
        },
        "/authoring/path-versions/<int:pk>/as/<path:audience>/media/<str:digest>/<str:name>": {
            "no file of it": f"/authoring/path-versions/{route}/as/Employee/media/{'0' * 64}/a.png"
        },
        "/authoring/versions/<int:pk>/": {"a draft": f"/authoring/versions/{draft}/"},
        "/authoring/versions/<int:pk>/compare/": {
            "a draft": f"/authoring/versions/{draft}/compare/",
            "the live one": f"/authoring/versions/{live}/compare/",
        },
        "/authoring/versions/<int:pk>/corrections/": {
            "a draft": f"/authoring/versions/{draft}/corrections/",
            "the live one": f"/authoring/versions/{live}/corrections/",
        },
        "/authoring/versions/<int:pk>/publish/": {
            "a draft": f"/authoring/versions/{draft}/publish/",
            "the live one": f"/authoring/versions/{live}/publish/",
        },
        "/authoring/versions/<int:pk>/renamed/": {
            "a draft": f"/authoring/versions/{draft}/renamed/",
            "the live one": f"/authoring/versions/{live}/renamed/",
        },
        "/authoring/versions/<int:pk>/discard/": {
            "a draft": f"/authoring/versions/{draft}/discard/",
            "the live one": f"/authoring/versions/{live}/discard/",
        },
        "/authoring/receipts/<int:pk>/": {"": f"/authoring/receipts/{world.receipt}/"},
        "/authoring/receipts/<int:pk>/mails/": {"": f"/authoring/receipts/{world.receipt}/mails/"},
        "/authoring/modules/<str:slug>/withdraw/": {
            "": f"/authoring/modules/{slugs['apples']}/withdraw/",
            "nothing": "/authoring/modules/no-such-module/withdraw/",
        },
        **{
            f"/authoring/publications/<int:pk>/{act}": {
                "": f"/authoring/publications/{world.publication}/{act}"
            }
            for act in ("", "soften/", "roll-back/")
        },
        "/authoring/versions/<int:pk>/as/<path:audience>/": {"a draft": preview},
        "/authoring/versions/<int:pk>/as/<path:audience>/pages/<uuid:page>/": {
            "a draft": f"{preview}pages/{place('draft')}/"
        },
        "/authoring/versions/<int:pk>/as/<path:audience>/pages/<uuid:page>/media/<str:digest>/<str:name>": {
            "a draft": preview + pictures["in a draft"].removeprefix("/")
        },
        "/^(?:modules|paths|pages|completed|certificates|search|team|authoring)/(?:.*/)?$": {
            "": "/modules/a/b/c/"
        },
        r"/accounts/^confirm-email/(?P<key>[-:\w]+)/$": {"a forged key": "/accounts/confirm-email/abc:def/"},
        r"/accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": {
            "a forged key": "/accounts/password/reset/key/1-abc-def/"
        },
        "/admin/^(?P<app_label>accounts|quizzes|courses|learning)/$": {"": "/admin/accounts/"},
        "/admin/(?P<url>.*)$": {"": "/admin/no/such/"},
        "/admin/r/<path:content_type_id>/<path:object_id>/": {"": "/admin/r/1/1/"},
        # Behind no route: what the server gives away by itself, and what does not exist.
        "/static/css/base.css": {"": "/static/css/base.css"},
        "/static/no-such-file": {"": "/static/no-such-file"},
        "/no-such-page/": {"": "/no-such-page/"},
    }


OTHER_MODELS = re.compile(r"/admin/(accounts/(?!user/)|quizzes|courses|learning)")
NO_ROUTE = ["/static/css/base.css", "/static/no-such-file", "/no-such-page/"]


def knocked(world: World) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(route and what for, address, methods) of everything that is tried, in the order of the routes.

    All methods where a view is met for the first time; for the other objects behind it, and for the
    pages that each model has behind the admin's one gate, those that a browser knows.
    """
    known = targets(world)
    for route in [*dict.fromkeys(where for where, _namespace, _pattern in addresses()), *NO_ROUTE]:
        found = known.get(route) or by_itself(route)
        assert found, (
            f"The matrix does not know where to knock for {route}: add it to `targets` in {__file__}. {HOW}"
        )
        for number, (label, address) in enumerate(found.items()):
            methods = METHODS if number == 0 and not OTHER_MODELS.match(route) else METHODS[:3]
            yield f"{route}  [{label}]" if label else route, address, methods


def by_itself(route: str) -> dict[str, str]:
    """The address of a route that has no object in it, or of an object in the admin."""
    if not route.startswith("/admin/") or "<path:object_id>" not in route:
        return {} if "<" in route or "(" in route else {"": route}
    _empty, _admin, app, model, *_rest = route.split("/")
    row = apps.get_model(app, model)._default_manager.order_by("pk").first()
    return {"": route.replace("<path:object_id>", str(row.pk))} if row else {}


LETTERS = {400: "b", 403: "f", 404: "-", 405: "m", 409: "u", 422: "u"}


def letter(response: HttpResponseBase) -> str:
    """The class of a status, as in the legend; whatever it does not know is the status itself."""
    status = response.status_code
    if 200 <= status < 300:
        return "+"
    if 300 <= status < 400:
        return "s" if response.headers["Location"].startswith("/accounts/login/?next=") else ">"
    return LETTERS.get(status, f"({status})")


class Knocker:
    """Sends requests straight to the middleware: twenty thousand of them leave no time for the test client."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requests = RequestFactory()
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.reading = ""
        self.written: set[str] = set()  # the tables that reading wrote into

    def knock(self, who: str, method: str, address: str) -> str:
        """What this person gets there; nothing of it is left behind."""
        self.world.sign_in(self.requests, who)
        request = self.requests.generic(method, address, content_type="application/x-www-form-urlencoded")
        request._dont_enforce_csrf_checks = (
            True  # the gate is asked here; what forged forms get is test_forgery's
        )
        with transaction.atomic(), connection.execute_wrapper(self._note_writes):
            self.reading = method if method in READING else ""
            response = self.handler.get_response(request)
            if (file := getattr(response, "file_to_stream", None)) is not None:
                file.close()
            transaction.set_rollback(True)
        if method not in READING:
            cache.clear()
        return letter(response)

    def _note_writes(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if self.reading and (
            found := re.match(r'(?:INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM) "(\w+)"', sql)
        ):
            self.written.add(found[1])
        return execute(sql, params, many, context)


def walk(knocker: Knocker) -> str:
    """The whole matrix as text. People who get the same stand on one line."""
    told = [LEGEND]
    for name, address, methods in knocked(knocker.world):
        answers = {who: "".join(knocker.knock(who, m, address) for m in methods) for who in EVERYBODY}
        told.append(f"\n{name}\n")
        alike: dict[str, list[str]] = {}
        for who, answer in answers.items():
            alike.setdefault(answer, []).append(who)
        told += [f"    {answer}  {' '.join(people)}\n" for answer, people in alike.items()]
    return "".join(told)


@pytest.mark.trust("AC-01", "AC-11", "AC-12", "IM-05", "LK-03", "RQ-01")
def test_everybody_gets_at_every_address_what_the_matrix_says_and_reading_changes_nothing(world):
    knocker = Knocker(world)
    found = walk(knocker)
    assert knocker.written <= READING_MAY_WRITE
    if os.environ.get(WRITE):
        MATRIX.write_text(found)
    golden = MATRIX.read_text() if MATRIX.exists() else ""
    assert found == golden, (
        "".join(unified_diff(golden.splitlines(True), found.splitlines(True), "golden", "found")) + HOW
    )


# -- What must hold of the matrix itself, whoever regenerated it -------------------------------


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    """(route, what for, {who: letters}) of the matrix as it is checked in."""
    lines = [line for line in MATRIX.read_text().splitlines() if line and not line.startswith("#")]
    starts = 0

    def paragraph(line: str) -> int:
        nonlocal starts
        starts += not line.startswith(" ")
        return starts

    for _number, found in groupby(lines, paragraph):
        head, *answers = found
        route, _gap, label = head.partition("  [")
        told = {who: letters for letters, *people in map(str.split, answers) for who in people}
        assert set(told) == set(EVERYBODY), head
        yield route, label.removesuffix("]"), told


def test_the_matrix_has_every_route_and_no_other():
    routes = {where for where, _namespace, _pattern in addresses()} | set(NO_ROUTE)
    assert {route for route, _label, _answers in rows()} == routes, HOW


@pytest.mark.trust("AC-01")
def test_strangers_reach_the_allow_list_and_nothing_else():
    opened = {route for route, _label, told in rows() if set(told["anonymous"]) & set("+u")}
    assert opened == OPEN_TO_ANYBODY


@pytest.mark.trust("AC-10")
def test_a_live_session_of_a_suspended_person_opens_what_no_session_opens():
    for route, label, told in rows():
        assert told["suspended"] == told["anonymous"], (route, label)


@pytest.mark.trust("AC-12")
def test_head_is_decided_like_get_and_nothing_breaks():
    for route, label, told in rows():
        for who, letters in told.items():
            assert len(letters) in (3, len(METHODS)), (
                route,
                label,
                who,
                letters,
            )  # in brackets: a 5xx, or new
            assert letters[0] == letters[1], (route, label, who)


@pytest.mark.trust("AC-01")
def test_a_gate_of_its_own_is_no_page_for_those_outside():
    inside = {
        "manager": {"manager", "globex_manager"},
        "author": {"author"},
        "author_or_token": {"author"},
        "admin": {"admin", "superuser"},
    }
    policies = {where: policy_of(namespace, pattern) for where, namespace, pattern in addresses()}
    for route, label, told in rows():
        allowed = inside.get(policies.get(route) or "")
        if allowed is None or route == "/admin/logout/":
            continue
        for who in set(EVERYBODY) - allowed - {"anonymous", "suspended"}:
            assert set(told[who]) <= set("-m"), (route, label, who, told[who])


@pytest.mark.trust("AC-02")
def test_a_certificate_opens_to_its_owner_alone():
    for route, label, told in rows():
        if route.startswith("/certificates/"):
            assert {f"of {who}" for who, letters in told.items() if "+" in letters} <= {label}
