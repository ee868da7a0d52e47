"""`python -m bench.search`: what a search costs over 2,000 made-up pages, and what a new index does.

The pages are those of `bench.tree`, imported and live, in SQLite or, under `bin/with-postgres`, in
PostgreSQL. Each question is asked in process by a partner, who may not see all of them: *found* is the one
statement with the gate in it, *page* the whole answer with its passages, session and template.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from bench import tree
from bench.cost import row
from bench.site import environment, manage, run

FOUND_MS, PAGE_MS = 20, 100
QUESTIONS = (
    "administrator",
    "permissions search",
    '"Sign in as an administrator"',
    "portal",
    "the",
    "co",
    "nowheretobefound",
)

ASK = """
import json, sys, time
from statistics import median
import django; django.setup()
from django.db import connection
from django.test import Client
from accounts.models import User
from courses import access, search
from courses.models import SearchEntry
from courses.words import Question

def milliseconds(work, times):
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)

from learning.views import searching

searching.A_MINUTE = 10**6  # what nobody could type is measured here, too
user = User.objects.get(email="partner@acme.example")
client = Client(headers={"host": "localhost"})
client.force_login(user)
told = {"engine": connection.vendor, "pages": SearchEntry.objects.count()}
told["rebuild"] = milliseconds(search.rebuild, 1)
times = int(sys.argv[1])

def find(typed):
    return search.find(Question.read(typed), access.search_gate(user))

told["asked"] = [
    (
        typed,
        len(find(typed)),
        milliseconds(lambda: find(typed), times),
        milliseconds(lambda: client.get("/search/", {"q": typed}), times),
    )
    for typed in json.loads(sys.argv[2])
]
print(json.dumps(told))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.search")
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=20, help="of each question; the median is shown")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coursemark-bench-") as name:
        folder = Path(name)
        tree.write(folder / "tree", pages=options.pages, seed=options.seed)
        env = environment(folder / "data", 0)
        (folder / "data").mkdir()
        manage(env, "migrate", "-v0")
        manage(env, "collectstatic", "-v0", "--noinput")
        manage(env, "make_demo")
        manage(env, "import_module", str(folder / "tree"), "--root", tree.ROOT, "--publish")
        told = json.loads(run(env, "-c", ASK, str(options.runs), json.dumps(QUESTIONS)))
    print(f"{told['engine']}, {told['pages']} pages; index made anew in {told['rebuild'] / 1000:.1f} s\n")
    for typed, count, found, page in told["asked"]:
        row(
            f"{typed}: {count} pages, found",
            f"{found:.1f} ms",
            f"at most {FOUND_MS} ms",
            met=found <= FOUND_MS,
        )
        row("    page", f"{page:.1f} ms", f"at most {PAGE_MS} ms", met=page <= PAGE_MS)


if __name__ == "__main__":
    main()
