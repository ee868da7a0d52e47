"""A page has a budget of processor time; what overspends it ends as E689 on that page."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import pytest

from courses import module
from markup import budget, myst
from markup.package import open_package
from markup.problems import Problems

SHORT = 0.02


def report(work: Callable[[], object], *, seconds: float = SHORT) -> tuple[list[str], object]:
    problems, done = Problems(), None
    with budget.Page("page.md", problems, seconds=seconds):
        done = work()
    return [problem.text() for problem in problems], done


def for_ever() -> None:
    while True:
        pass


TOO_LONG = ["page.md:1:1: error E689 reading this page took too much time"]


@pytest.mark.trust("MD-15")
def test_work_that_never_ends_is_a_problem_of_its_page() -> None:
    assert report(for_ever) == (TOO_LONG, None)


def test_work_in_time_is_left_alone() -> None:
    assert report(lambda: 5, seconds=5) == ([], 5)


@pytest.mark.trust("MD-15")
def test_the_parser_looks_at_the_clock_in_any_thread() -> None:
    """A web server's threads have no timer."""
    found: list[str] = []
    many = "\n\n".join(["![[]()" * 1_000] * 50)

    def read() -> None:
        found.extend(report(lambda: myst.parse(many, file="page.md", problems=Problems()))[0])

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert found == TOO_LONG


def test_too_much_memory_is_a_problem_too() -> None:
    def much() -> None:
        raise MemoryError

    assert report(much)[0] == [TOO_LONG[0].replace("time", "memory")]


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError):
        report(lambda: {}["a"])


@pytest.mark.trust("MD-15")
def test_the_outer_budget_counts_and_reports() -> None:
    def inner() -> object:
        return report(for_ever, seconds=500)

    assert report(inner) == (TOO_LONG, None)


def test_afterwards_the_timer_is_gone() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    report(for_ever)
    assert signal.getsignal(signal.SIGVTALRM) == before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
    budget.check()


@pytest.mark.trust("MD-15")
@pytest.mark.parametrize("seconds", [0, 0.002])
def test_a_page_that_takes_too_long_keeps_the_module_out(tmp_path, monkeypatch, seconds) -> None:
    (tmp_path / "a.md").write_text("---\ntoc:\n- ./b.md\n---\n\n# A\n")
    (tmp_path / "b.md").write_text("# B\n\n" + "![[]()" * 10_000)
    monkeypatch.setattr(budget, "SECONDS", seconds)
    package, _ = open_package(tmp_path, name="a")
    assert package
    document, problems = module.read(package)
    assert document is None
    assert ("b.md", "E689") in [(problem.file, problem.code) for problem in problems]
