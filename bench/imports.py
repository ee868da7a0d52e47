"""`make bench-imports`: what bringing content in costs, beside Sphinx on the same pages in the same run.

The pages are made up by `bench.tree`. An import is one process that reads, checks, renders and stores all
of them as drafts in a fresh SQLite database; Sphinx is `sphinx-build` with myst-parser, its html builder,
one process (its default) and a fresh environment. Both run in turn, and medians are compared.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from bench import cost, tree
from bench.cost import Cost, middle, row
from bench.site import ROOT, environment, manage, run

PARTS = ("import", "again", "check", "linear")
RATIO, STRETCH, MEGABYTES = 8, 15, 300
AGAIN_MS, CHECK_MS, GROWTH = 100, 300, 1.25
MODULE = ROOT / "content/the-ideal-customer-profile.md"

AGAIN = """
import json, os, sys, time
from hashlib import sha256
from pathlib import Path
import django; django.setup()
from authoring.imports import import_package

folder, root, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def read_and_hash():
    for path in folder.rglob("*"):
        if path.is_file():
            sha256(path.read_bytes()).hexdigest()

def bring_in():
    done = import_package(folder, name=folder.name, root=root, by=None, origin="bench")
    assert not any(problem.severity == "error" for problem in done.problems)

def milliseconds(work):
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000

pages = sorted(path for path in folder.rglob("*.md") if path.parent.parent.parent != folder)
rows = []
for turn in range(times):
    page = pages[len(pages) * (turn + 1) // (times + 1)]
    page.write_text(page.read_text().replace("\\n## ", "\\nA new sentence.\\n\\n## ", 1))
    rows.append((milliseconds(read_and_hash), milliseconds(bring_in)))
print(json.dumps(rows))
"""


class Bench:
    """One run of the benchmark in a folder of its own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.data = folder / "empty"
        self.env: Mapping[str, str] = environment(self.data, 0)
        manage(dict(self.env), "migrate", "-v0")

    def tree(self, pages: int) -> Path:
        """The folder of a tree of so many pages, written once."""
        folder = self.folder / f"pages-{pages}"
        if not folder.exists():
            tree.write(folder, pages=pages, seed=self.seed)
        return folder

    def fresh(self) -> Mapping[str, str]:
        """The environment of a new, empty site."""
        data = self.folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.data, data)
        return environment(data, 0)

    def import_cost(self, pages: int) -> Cost:
        command = (sys.executable, "manage.py", "import_module", str(self.tree(pages)), "--root", tree.ROOT)
        return cost.of(command, env=self.fresh())

    def sphinx_cost(self, pages: int) -> Cost:
        built = self.folder / "built"
        shutil.rmtree(built, ignore_errors=True)
        command = (sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", str(ROOT / "bench/sphinx"))
        return cost.of((*command, str(self.tree(pages)), str(built)), env=self.env)

    def again(self, pages: int, runs: int) -> list[tuple[float, float]]:
        """Milliseconds of CPU to read and hash, and to import again, one page having changed each time."""
        env, folder = self.fresh(), self.folder / "edited"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.tree(pages), folder)
        manage(dict(env), "import_module", str(folder), "--root", tree.ROOT)
        said = run(dict(env), "-c", AGAIN, str(folder), tree.ROOT, str(runs))
        return [(read, whole) for read, whole in json.loads(said)]

    def check_cost(self) -> tuple[Cost, Cost]:
        """`manage.py version` and `check_module` on the module that comes with the site."""
        manage_py = (sys.executable, "manage.py")
        version = cost.of((*manage_py, "version"), env=self.env)
        return version, cost.of((*manage_py, "check_module", str(MODULE)), env=self.env)


def against_sphinx(bench: Bench, pages: int, runs: int) -> None:
    pairs = [(bench.import_cost(pages), bench.sphinx_cost(pages)) for _ in range(runs)]
    ours, theirs = middle([pair[0] for pair in pairs]), middle([pair[1] for pair in pairs])
    print(f"\nImport of {pages:,} pages, beside sphinx-build (medians of {runs})")
    for name, figures in (("import_module", ours), ("sphinx-build", theirs)):
        row(name, f"{figures.wall:.1f} s, CPU {figures.cpu:.1f} s")
    for name, ratios in (
        ("CPU", [sphinx.cpu / own.cpu for own, sphinx in pairs]),
        ("clock", [sphinx.wall / own.wall for own, sphinx in pairs]),
    ):
        ratio = median(ratios)
        goal = f"1/{RATIO} (stretch 1/{STRETCH})"
        row(f"of Sphinx's time, {name}", f"1/{ratio:.1f}", goal, met=ratio >= RATIO)
    goal = f"under {MEGABYTES} MB"
    row("memory at the most", f"{ours.memory:.0f} MB", goal, met=ours.memory < MEGABYTES)
    row("  (Sphinx)", f"{theirs.memory:.0f} MB")


def again(bench: Bench, pages: int, runs: int) -> None:
    figures = bench.again(pages, runs)
    print(f"\nImport again with one of {pages:,} pages changed, in process (medians of {runs})")
    beyond = median(whole - read for read, whole in figures)
    row("reading and hashing the files", f"{median(read for read, _ in figures):.0f} ms")
    row("import, beyond that", f"{beyond:.0f} ms", f"at most {AGAIN_MS} ms", met=beyond <= AGAIN_MS)


def check(bench: Bench, runs: int) -> None:
    pairs = [bench.check_cost() for _ in range(runs)]
    print(f"\ncheck_module on {MODULE.name} (medians of {runs})")
    row("manage.py version", f"{median(version.wall for version, _ in pairs) * 1000:.0f} ms")
    beyond = median(whole.wall - version.wall for version, whole in pairs) * 1000
    row("check_module, beyond that", f"{beyond:.0f} ms", f"at most {CHECK_MS} ms", met=beyond <= CHECK_MS)


def linear(bench: Bench, small: int, large: int) -> None:
    few, many = bench.import_cost(small), bench.import_cost(large)
    print(f"\nGrowth from {small:,} to {large:,} pages")
    for pages, figures in ((small, few), (large, many)):
        row(f"{pages:,} pages", f"{figures.cpu * 1000 / pages:.2f} ms CPU a page, {figures.memory:.0f} MB")
    growth = (many.cpu / large) / (few.cpu / small)
    row("time a page grows by", f"{growth:.2f}", f"at most {GROWTH}", met=growth <= GROWTH)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.imports")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; left out: all")
    parser.add_argument("--pages", type=int, default=800)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    wanted = options.parts or PARTS
    with tempfile.TemporaryDirectory(prefix="coursemark-bench-") as name:
        bench = Bench(Path(name), options.seed)
        if "check" in wanted:
            check(bench, options.runs)
        if "again" in wanted:
            again(bench, options.pages, options.runs)
        if "import" in wanted:
            against_sphinx(bench, options.pages, options.runs)
        if "linear" in wanted:
            linear(bench, 1_000, 5_000)


if __name__ == "__main__":
    main()
