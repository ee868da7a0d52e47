"""Reads a package for a request as `courses.module` does, but under limits of time and memory.

What is typed in the browser is as little known as what is uploaded, and somebody waits for it: a reader of
its own (`courses.apart`) gets a few seconds. Each web process keeps one program that makes such readers,
from the first time that it needs one. With COURSEMARK_UPLOADS=inline the request itself reads, without
these limits.
"""

from __future__ import annotations

import atexit
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from uuid import UUID

from django.conf import settings

from courses import module
from courses.apart import AT, DONE, FIND, Job
from courses.documents import Tree
from courses.links import Around
from courses.module import Tell, unheard
from markup.package import Package
from markup.problems import Problem, Problems

logger = logging.getLogger("coursemark.uploads")

PATIENT = 25.0  # seconds where what is read becomes a draft; servers before the site wait for 30 or 60
BACKSTOP = 10.0  # seconds more than a reader has: none that is well lets them pass


class Fault(Exception):
    """A reader met a fault of the site; the text is its traceback."""


def read(
    package: Package,
    *,
    audiences: Collection[str],
    around: Around,
    kept: Mapping[UUID, UUID],
    tell: Tell = unheard,
    seconds: float | None = None,
) -> tuple[Tree | None, list[Problem]]:
    """What `module.read` answers; no tree and E689, at the page that was read, where it takes too much.

    `seconds` are those of a preview if not given. Raises `Fault`.
    """
    if settings.UPLOADS == "inline" or package.root is None:
        return module.read(package, audiences=audiences, around=around, kept=kept, tell=tell)
    limit = settings.PREVIEW_SECONDS if seconds is None else seconds
    memory = settings.UPLOAD_MEMORY_MB * 1024 * 1024
    job = Job(package, audiences, around.gate, around.quiz, kept, limit, memory)
    page = package.root

    def hear(phase: str, at: str) -> None:
        nonlocal page
        page = at or page
        tell(phase, at)

    with _readers.new() as reader:
        try:
            reader.send(job)
            return _answer(reader, around, hear, limit + BACKSTOP)
        except (EOFError, OSError):
            logger.warning("reading %s took too much, at %s", package.name, page)
    found = Problems()
    found.add("E689", f"reading this took more than {limit:g} seconds, or too much memory", file=page)
    return None, list(found)


def _answer(
    reader: Connection, around: Around, hear: Tell, patience: float
) -> tuple[Tree | None, list[Problem]]:
    """Answer what a reader asks until it is done; EOFError, OSError where it ended without a word."""
    while reader.poll(patience):
        said, *what = reader.recv()
        if said == AT:
            hear(*what)
        elif said == FIND:
            reader.send(around.find(*what))
        elif said == DONE:
            tree, problems = what
            return tree, problems
        else:
            raise Fault(*what)
    raise EOFError


patiently = partial(read, seconds=PATIENT)


class _Readers:
    """The program that makes readers: started when it is needed, and again should it have ended."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.jobs: socket.socket | None = None
        self.owner = 0  # the process whose it is: after a fork there it is another's
        self.program = 0  # its id

    def new(self) -> Connection:
        """The connection to a reader that waits for its job; EOFError, OSError where there can be none."""
        try:
            return self._new()
        except (EOFError, OSError):  # the program was ended from outside
            return self._new()

    def _new(self) -> Connection:
        ours, theirs = socket.socketpair()
        connection = Connection(ours.detach())
        with theirs, self.lock:
            jobs = self._running()
            with suppress(OSError):  # the next line meets it, too
                socket.send_fds(jobs, [b"."], [theirs.fileno()])
        try:
            connection.recv()  # that it is there
        except (EOFError, OSError):
            connection.close()
            self._forget(jobs)
            raise
        return connection

    def close(self) -> None:
        """Let the program end; those who read do so to their end."""
        if self.jobs is not None:
            self._forget(self.jobs)

    def _forget(self, jobs: socket.socket) -> None:
        jobs.close()
        with self.lock:
            if self.jobs is jobs:
                self.jobs = None

    def _running(self) -> socket.socket:
        if self.jobs is not None and self.owner == os.getpid():
            return self.jobs
        if self.jobs is not None:
            self.jobs.close()
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "courses.apart", str(theirs.fileno())]
            program = subprocess.Popen(  # noqa: S603  our own command
                command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True,
                cwd=settings.BASE_DIR,
            )  # fmt: skip
        threading.Thread(target=program.wait, daemon=True).start()  # or it would stay as a zombie
        self.jobs, self.owner, self.program = ours, os.getpid(), program.pid
        return ours


_readers = _Readers()
atexit.register(_readers.close)
