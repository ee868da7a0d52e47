"""`make bench`: what a signed-in section page costs, beside a minimal signed-in view, in one run.

The minimal view has the same middleware, session engine, server and response size.
Both are asked for in turn, in rounds, over one kept connection, so that a machine that
slows down slows both. CPU is the worker's own, as the kernel counts it.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.site import Site, environment, run, running

PAGE = "/modules/the-ideal-customer-profile/where-liferay-shines/"
MINIMAL = "/bench/minimal/"
GOAL, STRETCH, QUERIES, KILOBYTES = 4.0, 2.5, 5, 10

COUNT_QUERIES = f"""
import django; django.setup()
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.db import connection
from accounts.models import User
client = Client(headers={{"host": "localhost"}})
client.force_login(User.objects.get(email="partner@acme.example"))
client.get("{PAGE}")
with CaptureQueriesContext(connection, ) as queries:
    assert client.get("{PAGE}").status_code == 200
print(len(queries))
"""


def measure(site: Site, path: str, requests: int) -> tuple[float, float]:
    """Requests a second, and milliseconds of CPU a request."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port)
    cpu, start = site.cpu(), time.perf_counter()
    for _request in range(requests):
        site.get(connection, path)
    wall, used = time.perf_counter() - start, site.cpu() - cpu
    connection.close()
    return requests / wall, used * 1000 / requests


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench")
    parser.add_argument("--requests", type=int, default=500, help="of each kind in each round")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coursemark-bench-") as name:
        folder = Path(name)
        with running(folder) as site:
            connection = http.client.HTTPConnection("127.0.0.1", site.port)
            body = site.get(connection, PAGE)
            (folder / "stored").write_bytes(body)
            site.get(connection, MINIMAL)
            connection.close()
            rounds = [
                (measure(site, MINIMAL, options.requests), measure(site, PAGE, options.requests))
                for _round in range(options.rounds)
            ]
        queries = int(run(environment(folder, site.port), "-c", COUNT_QUERIES))
    report(rounds, body, queries)


def report(rounds: list[tuple[tuple[float, float], tuple[float, float]]], body: bytes, queries: int) -> None:
    """Print the medians, and the ratio round by round."""
    ratios = [page[1] / minimal[1] for minimal, page in rounds]
    print(f"{'':22}requests/s   CPU ms/request")
    for place, name in enumerate(("minimal signed-in view", "section page")):
        rate, cpu = median(r[place][0] for r in rounds), median(r[place][1] for r in rounds)
        print(f"{name:22}{rate:10.0f}{cpu:14.2f}")
    print(
        f"\nCPU, page over minimal: {median(ratios):.2f}"
        f" (each round: {', '.join(f'{r:.2f}' for r in ratios)})"
    )
    print(f"  goal {GOAL}, stretch {STRETCH}")
    print(f"Queries of the page: {queries} (goal at most {QUERIES})")
    print(
        f"The page: {len(body) / 1000:.1f} kB, {len(gzip.compress(body, 6)) / 1000:.1f} kB with gzip ", end=""
    )
    print(f"(goal at most {KILOBYTES} kB)")


if __name__ == "__main__":
    main()
