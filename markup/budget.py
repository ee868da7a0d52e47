"""How long one page may take, so that it cannot hold up all the others.

`Page` opens a budget of processor time around the work on a page; `check` ends the work once it is spent.
The Markdown parser's rules call `check`, in whatever thread they run. In the main thread of a process a
timer calls it as well, so that nothing written in Python escapes: YAML, questions, one long search.

Two things are out of reach. The sanitiser is no Python; what it gets is bounded before (`nesting`). And
memory is limited by the operating system alone: who reads what strangers send does so in a child process
with limits of its own. The MemoryError that they lead to ends the page here like spent time does.
"""

from __future__ import annotations

import signal
import threading
import time
from contextvars import ContextVar, Token
from types import FrameType, TracebackType
from typing import Any

from markdown_it import MarkdownIt

from markup.problems import Problems

SECONDS = 10.0  # of processor time; a page of the largest size that people would write takes one or two
_EVERY = 0.1  # seconds between two looks of the timer

_end: ContextVar[float | None] = ContextVar("end", default=None)


class TooLong(Exception):
    """The work on a page has spent its budget."""


class Page:
    """`with budget.Page(file, problems): …` reports E689 where the block takes too much time or memory.

    The block is then left where it was, and what follows it decides what becomes of the page. `seconds` are
    those of the processor in this thread, SECONDS if not given. A budget inside a budget has no say: the
    outer one's time counts, and the outer one reports.
    """

    def __init__(self, file: str, problems: Problems, *, seconds: float | None = None) -> None:
        self.file, self.problems = file, problems
        self.seconds = SECONDS if seconds is None else seconds
        self._reset: Token[float | None] | None = None
        self._timer: Any = None  # the handler to go back to

    def __enter__(self) -> None:
        if _end.get() is not None:
            return
        self._reset = _end.set(time.thread_time() + self.seconds)
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            self._timer = signal.signal(signal.SIGVTALRM, _look)
            signal.setitimer(signal.ITIMER_VIRTUAL, _EVERY, _EVERY)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._reset is None:
            return False
        _end.reset(self._reset)
        if self._timer is not None:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, self._timer)
        if not isinstance(error, TooLong | MemoryError):
            return False
        what = "memory" if isinstance(error, MemoryError) else "time"
        self.problems.add("E689", f"reading this page took too much {what}", file=self.file)
        return True


def check() -> None:
    """End the work on the page, with TooLong, if its time is up. Without a budget nothing happens."""
    end = _end.get()
    if end is not None and time.thread_time() > end:
        raise TooLong


def _look(number: int, frame: FrameType | None) -> None:
    if frame is None or frame.f_code is not Page.__exit__.__code__:  # there the work is over
        check()


def _rule(state: object, *where: object) -> bool:
    check()
    return False


def install(markdown: MarkdownIt) -> None:
    """Let the parser look at the clock: at each block, and in a text at each mark that may mean something."""
    markdown.block.ruler.before("table", "budget", _rule)
    markdown.inline.ruler.after("text", "budget", _rule)
