"""`make bench-answers`: 300 learners answer at once; `--cost`: what an answer costs beside a minimal upsert.

*Load*: every learner takes one section; together they give 30 answers a second, each a save and a check
as a browser sends them, whenever its time has come and not when the site is ready for it. How long one took
is counted from when it was due. Afterwards every acknowledged answer is looked for in the database.

*Cost*: saves, checks and a view that does one upsert, in turn over kept connections; CPU is the worker's own.

SQLite; on PostgreSQL: `bin/with-postgres .venv/bin/python -m bench.answers`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from bench.site import Site, environment, run, running

PAGE = "/modules/the-ideal-customer-profile/where-liferay-shines/"
UPSERT = "/bench/upsert/"
CLIENTS = 48  # requests on their way at once, at most
GOAL, STRETCH, SLOWEST = 6.0, 3.0, 300

LEARNERS = """
import django; django.setup()
import sys
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.db import connection
from accounts.models import User
from quizzes.models import QuestionVersion
like = User.objects.get(email="partner@acme.example")
people = [
    User(email=f"learner-{n}@acme.example", name=f"Learner {n}", organisation=like.organisation, password="!")
    for n in range(int(sys.argv[1]))
]
import json
User.objects.bulk_create(people)
keys = []
for user in people:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    keys.append(session.session_key)
with connection.cursor() as cursor:
    cursor.execute(
        "CREATE TABLE bench_answer (person bigint, question varchar(64), answer varchar(200),"
        " PRIMARY KEY (person, question))"
    )
print(json.dumps(keys))
"""

KEPT = """
import django; django.setup()
import json
from quizzes.models import Response
rows = Response.objects.filter(user__email__startswith="learner-", checked_at__isnull=False)
print(json.dumps([[r.user.email, r.question.key, r.chosen] for r in rows.select_related("user", "question")]))
"""


@dataclass
class Learner:
    """One person's browser on one section: the form and the choices of each question."""

    number: int
    site: Site
    cookie: str
    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    seq: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Load the page, as everybody does before the first answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        connection.request("GET", PAGE, headers=self._headers())
        answer = connection.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookie += f"; {cookie.partition(';')[0]}"
        connection.close()
        form = page[page.index('<form class="check-form"') :]
        self.action = _found(r'action="([^"]+)"', form)
        self.hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        for key, value in re.findall(
            r'<input type="(?:radio|checkbox)" name="answer-([^"]+)" value="([^"]+)"', form
        ):
            self.choices.setdefault(key, []).append(value)

    def answers(self) -> Iterator[tuple[str, str]]:
        """What they will answer: each question with a choice, not all the same."""
        for place, (key, values) in enumerate(self.choices.items()):
            yield key, values[(self.number + place) % len(values)]

    def send(
        self, connection: http.client.HTTPConnection, act: str, key: str, choice: str
    ) -> tuple[int, str]:
        """Save or check one answer as the page's script does; status and body."""
        self.seq += 1
        form = {**self.hidden, "seq": str(self.seq), "act": act, "question": key, f"answer-{key}": choice}
        return self.post(connection, self.action, form)

    def post(
        self, connection: http.client.HTTPConnection, path: str, form: dict[str, str]
    ) -> tuple[int, str]:
        """Send a form over a kept connection."""
        headers = {
            **self._headers(),
            "Content-Type": "application/x-www-form-urlencoded",
            "HX-Request": "true",
        }
        connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Host": f"localhost:{self.site.port}"}


@dataclass
class Load:
    """What happened under load: milliseconds of each request, what was acknowledged, what went wrong."""

    save: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    acknowledged: set[tuple[str, str, str]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"The page has no {pattern}.")
    return match[1]


def learners_on(site: Site, folder: Path, number: int) -> list[Learner]:
    """So many signed-in people, each with the page open."""
    keys = json.loads(run(environment(folder, site.port), "-c", LEARNERS, str(number)))
    people = [Learner(n, site, f"sessionid={key}") for n, key in enumerate(keys)]
    for learner in people:
        learner.open()
    return people


def load(site: Site, people: list[Learner], rate: float) -> Load:
    """All answers of all people, `rate` of them falling due each second, people taking turns."""
    result = Load()
    turns = [list(learner.answers()) for learner in people]
    due = [
        (learner, turn[n])
        for n in range(max(map(len, turns)))
        for learner, turn in zip(people, turns, strict=True)
        if n < len(turn)
    ]
    start = time.perf_counter() + 0.5

    def answer(place: int) -> None:
        learner, (key, choice) = due[place]
        planned = start + place / rate
        time.sleep(max(0.0, planned - time.perf_counter()))
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        with learner.lock:  # one person has two hands and one browser
            for act, took in (("save", result.save), (f"check:{key}", result.check)):
                try:
                    status, body = learner.send(connection, act, key, choice)
                except (OSError, http.client.HTTPException) as error:
                    result.wrong.append(f"{act}: {error!r}")
                    return
                took.append((time.perf_counter() - planned) * 1000)
                planned = time.perf_counter()
                if status != 200 or (act == "save" and body != "Saved"):
                    result.wrong.append(f"{act}: {status} {body[:80]}")
                    return
        connection.close()
        result.acknowledged.add((f"learner-{learner.number}@acme.example", key, choice))

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(answer, range(len(due))))
    result.seconds = time.perf_counter() - start
    return result


def cost(site: Site, people: list[Learner]) -> dict[str, list[float]]:
    """CPU milliseconds of an upsert, a save and a check; a figure of each for every 50 people."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    told: dict[str, list[float]] = {"upsert": [], "save": [], "check": []}
    for first in range(0, len(people) - 49, 50):
        for name in told:
            cpu, sent = site.cpu(), 0
            for learner in people[first : first + 50]:
                for key, choice in learner.answers():
                    if name == "upsert":
                        form = {**learner.hidden, "question": key, "answer": choice}
                        status, _body = learner.post(connection, UPSERT, form)
                    else:
                        act = "save" if name == "save" else f"check:{key}"
                        status, _body = learner.send(connection, act, key, choice)
                    if status != 200:
                        raise SystemExit(f"{name} answered {status}")
                    sent += 1
            told[name].append((site.cpu() - cpu) * 1000 / sent)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.answers")
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--rate", type=float, default=30.0, help="answers a second, of all together")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--cost", action="store_true", help="CPU of an answer, one worker, one at a time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coursemark-bench-") as name:
        folder = Path(name)
        with running(folder, workers=1 if options.cost else options.workers) as site:
            people = learners_on(site, folder, options.learners)
            if options.cost:
                report_cost(cost(site, people))
                return
            result = load(site, people, options.rate)
            kept = json.loads(run(environment(folder, site.port), "-c", KEPT))
    report(result, {(email, key, *chosen) for email, key, chosen in kept})


def report(result: Load, kept: set[tuple[str, ...]]) -> None:
    """Print how it went."""
    answers = len(result.check)
    print(f"{answers} answers in {result.seconds:.0f} s, each a save and a check:", end=" ")
    print(f"{answers / result.seconds:.1f} a second")
    for name, took in (("save", result.save), ("check", result.check)):
        cuts = quantiles(took, n=100)
        print(
            f"  {name:6}median {median(took):4.0f} ms, p95 {cuts[94]:4.0f} ms, p99 {cuts[98]:4.0f} ms",
            end=" ",
        )
        print(f"(goal for p95: under {SLOWEST} ms)")
    print(f"  errors: {len(result.wrong)}", *result.wrong[:3])
    print(f"  acknowledged and not found: {len(result.acknowledged - kept)} of {len(result.acknowledged)}")


def report_cost(told: dict[str, list[float]]) -> None:
    """Print the medians, and what each is over the upsert."""
    for name, took in told.items():
        over = median(mine / least for mine, least in zip(took, told["upsert"], strict=True))
        print(f"{name:8}{median(took):6.2f} ms CPU, {over:.2f} times the upsert")
    print(f"  goal {GOAL}, stretch {STRETCH}")


if __name__ == "__main__":
    main()
