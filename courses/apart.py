"""Reads packages in processes of their own, for whoever must outlive what is in them.

    who asks ── a socket ──> this program, which has read nothing yet ── forks ──> the reader of one package

Started as `python -m courses.apart FD`, with no Django in it and one thread, so that forking it is quick
and safe. The reader limits itself before it looks at the package; over a limit the system ends it, whatever
it does, and who asked sees that no more is said. It ends when who started it does.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import NoReturn
from uuid import UUID

from courses import module
from courses.links import Around, Outside
from markup.package import Package

# The first word of what a reader says: that there is one, where it is, what it asks, how it ended.
HERE, AT, FIND, DONE, FAILED = "here", "at", "find", "done", "failed"
_WARM = Package({"a.md": b"# A\n\n[a](https://example.org)\n\n```python\nimport a\n```\n"}, "a.md", "a")


@dataclass(frozen=True, slots=True)
class Job:
    """What a reader is told: the arguments of `module.read`, and what it may take in seconds and bytes."""

    package: Package
    audiences: Collection[str]
    gate: frozenset[str] | None
    quiz: Mapping[str, str]
    kept: Mapping[UUID, UUID]
    seconds: float
    memory: int


def serve(jobs: socket.socket) -> None:
    """Fork a reader for each connection that comes in through `jobs`, until that is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the readers
    module.read(_WARM)  # what is loaded when it is needed is there before it is forked
    gc.freeze()
    while True:
        said, handles, _flags, _address = socket.recv_fds(jobs, 1, 1)
        if not said:
            return
        if os.fork() == 0:
            jobs.close()
            _read_and_exit(Connection(handles[0]))
        os.close(handles[0])


def _read_and_exit(asker: Connection) -> NoReturn:
    try:
        asker.send(HERE)
        job: Job = asker.recv()
        _limit(job)
        asker.send((DONE, *_read(job, asker)))
    except (MemoryError, BrokenPipeError, EOFError):
        pass  # no answer is the answer, or nobody waits for one
    except BaseException:
        asker.send((FAILED, traceback.format_exc()))
    finally:
        os._exit(0)


def _limit(job: Job) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (job.memory, job.memory))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends the process
    signal.setitimer(signal.ITIMER_REAL, job.seconds)


def _read(job: Job, asker: Connection) -> tuple[object, object]:
    def find(way: str) -> Outside | None:
        asker.send((FIND, way))
        found: Outside | None = asker.recv()
        return found

    return module.read(
        job.package,
        audiences=job.audiences,
        around=Around(find=find, gate=job.gate, quiz=job.quiz),
        kept=job.kept,
        tell=lambda phase, page: asker.send((AT, phase, page)),
    )


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
