"""`python -m bench.statistics`: what the figures of a module's questions cost over a million first answers.

A made-up module of ten sections with five questions each is answered by 20,000 people, straight into the
database: SQLite or, under `bin/with-postgres`, PostgreSQL. Then, each time anew and in process: *figures* are
read, counted and judged, *page* is the author's whole page of the module.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from bench.cost import row
from bench.site import environment, manage, run

GOAL_MS = 2000
SECTIONS, QUESTIONS = 10, 5

FILL = """
import random, sys
from uuid import uuid4
import django; django.setup()
from django.utils import timezone
from accounts.models import Organisation, User
from quizzes.models import QuizVersion, Response, Round

people, seed = map(int, sys.argv[1:])
random.seed(seed)
acme = Organisation.objects.get(name="Acme")
checks = [
    (version, [item.question_version for item in version.items.select_related("question_version")])
    for version in QuizVersion.objects.filter(section_versions__version__module__slug="figures")
]
now = timezone.now()
for first in range(0, people, 1000):
    users = User.objects.bulk_create(
        User(email=f"p{n}@people.example", name=f"Person {n}", organisation=acme)
        for n in range(first, min(first + 1000, people))
    )
    skill = {user.pk: random.random() for user in users}
    rounds = Round.objects.bulk_create(
        (
            Round(user=user, quiz=version.quiz, quiz_version=version, number=1, finished_at=now)
            for user in users
            for version, _questions in checks
        ),
        batch_size=1000,
    )
    asked = {version.pk: questions for version, questions in checks}

    def responses():
        for round_ in rounds:
            for position, version in enumerate(asked[round_.quiz_version_id]):
                right = random.random() < 0.25 + 0.65 * skill[round_.user_id]
                choice = version.spec.choices[0 if right else random.choice((1, 1, 1, 2, 2, 3))]
                yield Response(
                    round=round_, user_id=round_.user_id, question_id=version.question_id,
                    question_version=version, position=position, chosen=[choice.key], sender=uuid4(),
                    check_key=uuid4(), saved_at=now, checked_at=now, share_num=int(right), share_den=1,
                    is_first=True,
                )

    Response.objects.bulk_create(responses(), batch_size=1000)
"""

ASK = """
import json, sys, time
from statistics import median
import django; django.setup()
from django.db import connection
from django.test import Client
from accounts.models import User
from courses.models import Module
from authoring.questions import overview
from quizzes.models import Response

def milliseconds(work, times=int(sys.argv[1])):
    work()
    taken = []
    for _ in range(times):
        clock, cpu = time.perf_counter(), time.process_time()
        work()
        taken.append((time.perf_counter() - clock, time.process_time() - cpu))
    return [median(each) * 1000 for each in zip(*taken)]

connection.cursor().execute("ANALYZE")
module = Module.objects.get(slug="figures")
author = Client(headers={"host": "localhost"})
author.force_login(User.objects.get(email="author@coursemark.example"))
page = author.get("/authoring/modules/figures/questions/")
assert page.status_code == 200, page.status_code
print(json.dumps({
    "engine": connection.vendor,
    "responses": Response.objects.count(),
    "figures": milliseconds(lambda: overview(module)),
    "page": milliseconds(lambda: author.get("/authoring/modules/figures/questions/")),
}))
"""


def write(folder: Path) -> None:
    """A module of sections with questions of four options."""
    pages = folder / "figures"
    pages.mkdir(parents=True)
    toc = []
    for section in range(SECTIONS):
        toc.append(f"- ./figures/s{section}.md")
        asked = "\n".join(
            f":::{{question}}\n:id: question-{section}-{n}\n\nWhich of {section}-{n}?\n\n- [x] Right {n}\n"
            f"- [ ] Wrong {n}\n- [ ] Also wrong {n}\n- [ ] Wrong as well {n}\n\nBecause.\n\n:::\n"
            for n in range(QUESTIONS)
        )
        (pages / f"s{section}.md").write_text(f"# Section {section}\n\nSome words.\n\n{asked}")
    front = "\n".join(["visibility:", "- Employee", "- Partner", "toc:", *toc])
    (folder / "figures.md").write_text(f"---\n{front}\n---\n\n# Figures\n\nA module.\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.statistics")
    parser.add_argument("--people", type=int, default=20_000, help="each answers 50 questions")
    parser.add_argument("--runs", type=int, default=5, help="of each; the median is shown")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coursemark-bench-") as name:
        folder = Path(name)
        write(folder / "content")
        env = environment(folder / "data", 0)
        (folder / "data").mkdir()
        manage(env, "migrate", "-v0")
        manage(env, "collectstatic", "-v0", "--noinput")
        manage(env, "make_demo")
        manage(env, "import_module", str(folder / "content"), "--root", "figures.md", "--publish")
        run(env, "-c", FILL, str(options.people), str(options.seed))
        told = json.loads(run(env, "-c", ASK, str(options.runs)))
    print(f"{told['engine']}, {told['responses']:,} first answers, medians of {options.runs}\n")
    for what in ("figures", "page"):
        clock, cpu = told[what]
        row(what, f"{clock:.0f} ms, CPU {cpu:.0f} ms", f"under {GOAL_MS} ms", met=clock < GOAL_MS)


if __name__ == "__main__":
    main()
