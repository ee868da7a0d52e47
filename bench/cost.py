"""What a process costs: time by the clock, CPU as the kernel counts it, and the most memory it held."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.site import ROOT


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, seconds of CPU (user and system), megabytes at the most."""

    wall: float
    cpu: float
    memory: float


def of(command: Sequence[str], *, env: Mapping[str, str], cwd: Path = ROOT) -> Cost:
    """Run a program to its end; SystemExit with what it complained of when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\n{said[-3000:]}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    figures: list[Callable[[Cost], float]] = [lambda c: c.wall, lambda c: c.cpu, lambda c: c.memory]
    return Cost(*(median(map(figure, costs)) for figure in figures))


def row(what: str, measured: str, goal: str = "", *, met: bool | None = None) -> None:
    """Print one line of a table; `met` says whether the goal was."""
    verdict = "" if met is None else ("met" if met else "NOT MET")
    print(f"{what:46}{measured:>24}   {goal:24}{verdict}", flush=True)
