"""The server, in the demo as in production: `gunicorn --config config/gunicorn.py`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter

demo = os.environ.get("COURSEMARK_DEMO") == "1"

wsgi_app = "config.wsgi"
bind = os.environ.get("COURSEMARK_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("COURSEMARK_WORKERS", "1"))
worker_class = "gthread"
threads = int(os.environ.get("COURSEMARK_THREADS", "4"))
# The site is loaded once, before workers are made: what it refuses ends the server with its
# sentence, where a worker that cannot start would be started again and again.
preload_app = True
control_socket_disable = True  # nobody asks the running server anything
umask = 0o027  # what the site writes is not for everybody
timeout = 30  # seconds
graceful_timeout = 10
loglevel = "warning" if demo else "info"


def pre_fork(server: Arbiter, worker: object) -> None:
    """What was loaded stays for good: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def post_worker_init(worker: object) -> None:
    """Ctrl-C ends at once: a thread that waits for a browser which says no more would hold it for seconds.

    Nothing is half written, as after a kill. SIGTERM, which services are ended with, still waits for
    what is being answered. The server's own handler takes the lock of its threads; it is interrupted by
    the second signal, for the terminal and the master send one each, and would wait for itself.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: os._exit(0))


def when_ready(server: Arbiter) -> None:
    """Say where the demo is once it listens, not before."""
    if demo:
        port = bind.rpartition(":")[2]
        sys.stdout.write(f"\nCoursemark is ready: http://localhost:{port}  (Ctrl-C stops it)\n")
        sys.stdout.flush()
