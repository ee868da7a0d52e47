"""Reads an upload in a process of its own, under limits of time and memory.

    web process ── starts ──> run_upload, which watches ── forks ──> the reader

What authors send may be endless or huge, by accident or on purpose: the reader may then die, and the one
who watches says at which page. The lock of the upload goes from hand to hand as an open file, so that at
no moment somebody else could take it. Where there are no child processes (COURSEMARK_UPLOADS=inline) the
request itself reads, without these limits.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import secrets
import select
import signal
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, NoReturn

from django.conf import settings
from django.db import OperationalError, connections

from authoring import uploads
from authoring.imports import CORRECTING, STORING, import_upload
from authoring.models import Upload
from courses import child, module
from courses.documents import Tree
from courses.ids import with_ids
from courses.module import Tell, unheard
from markup.package import Package
from markup.problems import Problem, Problems

logger = logging.getLogger("coursemark.uploads")

WITHOUT_IDS = ("W601", "W602", "W503")  # a page that does not say who it is, a question without an id
OUT_OF_MEMORY = 3  # exit status of the reader
_LOOK = 1.0  # seconds between two looks at the clock, and at least between two notes of where it is


@dataclass(frozen=True, slots=True)
class Limits:
    """What one upload may take, in seconds and bytes."""

    page: float
    total: float
    memory: int

    @classmethod
    def of_the_site(cls) -> Limits:
        """As the settings say."""
        return cls(
            settings.UPLOAD_PAGE_SECONDS, settings.UPLOAD_SECONDS, settings.UPLOAD_MEMORY_MB * 1024 * 1024
        )


@dataclass(slots=True)
class Where:
    """Where the reader is. Pages are counted by phase; of how many is known once all were read once."""

    phase: str = ""
    page: str = ""
    done: int = 0
    total: int = 0

    def told(self, phase: str, page: str) -> None:
        """The reader begins with a page, or with a phase that has none."""
        if phase != self.phase:
            self.total, self.done = (self.done if page else 0), 0
        self.phase, self.page = phase, page
        self.done += 1 if page else 0


def start(upload: Upload) -> bool:
    """Have an upload read, from the beginning; False when somebody is at it, or it has a result."""
    taken = uploads.lock(upload)
    if taken is None:
        return False
    try:
        if not uploads.begin(upload):
            return False
        if settings.UPLOADS == "inline":
            read(upload, unheard)
        else:
            _spawn(upload, taken)
    finally:
        os.close(taken)
    return True


def read(upload: Upload, tell: Tell) -> None:
    """Read the kept bytes and write the result down.

    What lacks ids is written out with them while nothing is stored yet: who is ended there, or fails,
    leaves no draft behind that the result does not name.
    """

    def read_and_correct(package: Package, **around: Any) -> tuple[Tree | None, list[Problem]]:
        tree, problems = module.read(package, **around)
        if not package.guessed and any(problem.code in WITHOUT_IDS for problem in problems):
            tell(CORRECTING, "")
            uploads.keep_corrected(upload, with_ids(package))
        return tree, problems

    files = uploads.opened(upload)
    try:
        done = import_upload(files, name=upload.name, by=upload.by, tell=tell, read=read_and_correct)
    finally:
        for _name, file in files:
            file.close()
    uploads.finish(upload, done)


def _spawn(upload: Upload, lock: int) -> None:
    """Start `manage.py run_upload`, which has the lock from now on. Nobody waits for it."""
    try:
        child.start("run_upload", str(upload.uuid), keeps=[lock])
    except OSError:  # its page will say that it was interrupted
        logger.exception("upload %s", upload.uuid)


def watch(upload: Upload, limits: Limits) -> None:
    """Fork the reader, note where it is, and end it where it goes on for too long.

    Its memory is limited by the system. Whatever it dies of becomes a result of the upload.
    """
    connections.close_all()  # a connection is nobody's to share
    reading, writing = os.pipe()
    reader = os.fork()
    if reader == 0:
        os.close(reading)
        _read_and_exit(upload, writing, limits)
    os.close(writing)
    watched = _Watched(upload, reader, limits)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        while watched.look(pipe.fileno()):
            pass
    status = os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])
    watched.conclude(status)


@dataclass(slots=True)
class _Watched:
    """A reader at work, as the one who watches knows it."""

    upload: Upload
    reader: int
    limits: Limits
    where: Where = field(default_factory=Where)
    began: float = field(default_factory=monotonic)
    turned: float = field(default_factory=monotonic)  # when it began with the page that it is at
    noted: float = 0.0
    unread: bytes = b""
    why: str = ""  # what it was ended for

    def look(self, pipe: int) -> bool:
        """Hear what the reader says, for a second or a page's time at most; False once it says no more."""
        if select.select([pipe], [], [], min(_LOOK, self.limits.page))[0]:
            said = os.read(pipe, 65536)
            if not said:
                return False
            self._hear(said)
        self._note()
        self._judge()
        return True

    def conclude(self, status: int) -> None:
        """Write down what the reader could not: why it was ended, or what it died of."""
        if status == 0:
            return
        died = status == OUT_OF_MEMORY or status < 0
        if self.why or died:
            uploads.refuse(self.upload, self._problem(self.why or _death(status)))
        else:
            reference = secrets.token_hex(4)
            logger.error("reference %s: upload %s ended with %s", reference, self.upload.uuid, status)
            uploads.give_up(self.upload, reference)

    def _hear(self, said: bytes) -> None:
        *lines, self.unread = (self.unread + said).split(b"\n")
        for line in lines:
            self.where.told(*json.loads(line))
            self.turned = monotonic()

    def _note(self) -> None:
        if monotonic() - self.noted < _LOOK:
            return
        self.noted = monotonic()
        where = self.where
        try:
            uploads.note(
                self.upload, phase=where.phase, page=where.page[:300], done=where.done, total=where.total
            )
        except OperationalError:  # somebody else writes for long; the next note will do
            connections.close_all()

    def _judge(self) -> None:
        now, limits = monotonic(), self.limits
        if self.why or self.where.phase == STORING:  # what is being written is let finish
            return
        if self.where.page and now - self.turned > limits.page:
            self.why = f"took more than {limits.page:g} seconds"
        elif now - self.began > limits.total:
            self.why = f"was not done when the whole upload had taken {limits.total:g} seconds"
        if self.why:
            os.kill(self.reader, signal.SIGKILL)

    def _problem(self, what: str) -> Problem:
        found = Problems()
        found.add("E689", f"reading this {what}", file=self.where.page or self.upload.name)
        return next(iter(found))


def _death(status: int) -> str:
    """What a reader died of that nobody ended for its time."""
    if status in (OUT_OF_MEMORY, -signal.SIGSEGV, -signal.SIGABRT):
        return "took too much memory"
    if status == -signal.SIGXCPU:
        return "took too much time of the processor"
    return "was ended by the system, as it does when memory runs short"


def _read_and_exit(upload: Upload, pipe: int, limits: Limits) -> NoReturn:
    """The reader: never returns. Its own last word is its exit status."""
    status = 1
    try:
        os.nice(10)
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
        seconds = int(limits.total) + 1  # should nobody be left who watches
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        read(upload, lambda phase, page: _say(pipe, phase, page))
        connections.close_all()
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    except BrokenPipeError:  # nobody watches any more; nothing of it was written
        pass
    except BaseException:
        logger.exception("upload %s", upload.uuid)
    finally:
        os._exit(status)


def _say(pipe: int, phase: str, page: str) -> None:
    os.write(pipe, json.dumps([phase, page]).encode() + b"\n")
