"""A demo site of its own for measuring: a temporary folder, a real server, a signed-in person."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")

SIGN_IN = """
import django; django.setup()
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from accounts.models import User
user = User.objects.get(email="partner@acme.example")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


@dataclass
class Site:
    """A running site: its port, its one worker's process id and the cookie of somebody signed in."""

    port: int
    worker: int
    cookie: str

    def get(self, connection: http.client.HTTPConnection, path: str) -> bytes:
        """The body at a path, which must be there."""
        connection.request("GET", path, headers={"Cookie": self.cookie, "Host": f"localhost:{self.port}"})
        response = connection.getresponse()
        body = response.read()
        if given := response.headers["Set-Cookie"]:  # a browser keeps the CSRF cookie, too
            self.cookie = f"{self.cookie.partition(';')[0]}; {given.partition(';')[0]}"
        if response.status != 200:
            raise SystemExit(f"{path} answered {response.status}")
        return body

    def cpu(self) -> float:
        """CPU seconds that the worker has used so far, user and system."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def environment(folder: Path, port: int, *, workers: int = 1) -> dict[str, str]:
    """The demo's environment, on a folder and a port of its own."""
    return {
        **os.environ,
        "COURSEMARK_DEMO": "1",
        "COURSEMARK_DATA_DIR": str(folder),
        "COURSEMARK_BIND": f"127.0.0.1:{port}",
        "COURSEMARK_WORKERS": str(workers),
        "COURSEMARK_THREADS": "1",
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_STORED": str(folder / "stored"),
        "PYTHONPATH": str(ROOT),
    }


@contextmanager
def running(folder: Path, *, workers: int = 1) -> Iterator[Site]:
    """The demo, set up in `folder` and served by so many workers with one thread each; stopped after.

    The site's `worker` is the first of them.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = environment(folder, port, workers=workers)
    for command in (
        ["migrate", "-v0"],
        ["collectstatic", "-v0", "--noinput"],
        ["make_demo"],
        ["publish_content", "content"],
    ):
        manage(env, *command)
    key = run(env, "-c", SIGN_IN).strip()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield Site(port, worker_of(server.pid, port), f"sessionid={key}")
    finally:
        server.terminate()
        server.wait()


def manage(env: dict[str, str], *arguments: str) -> None:
    """Run one of the site's own commands."""
    run(env, "manage.py", *arguments)


def run(env: dict[str, str], *arguments: str) -> str:
    """Run Python; what it printed, or the end of everything with what it complained of."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def worker_of(master: int, port: int) -> int:
    """The process id of the one worker, once the server answers."""
    for _try in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            connection.getresponse().read()
            break
        except OSError:
            time.sleep(0.1)
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return int(children[0])
