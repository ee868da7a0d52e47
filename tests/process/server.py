"""The site as a process of its own, in a data folder of its own."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path
from urllib.parse import urlencode

from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
RUN = ["bin/run"]
# What bin/run ends in, with two workers as a larger site has them.
SERVE = [".venv/bin/gunicorn", "--no-control-socket", "--config", "config/gunicorn.py"]
STARTS_WITHIN = 240  # seconds, on a machine that is busy with other tests


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    """This process's environment without what the test suite set for itself."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("COURSEMARK_", "DJANGO_"))}
    return {**own, "COURSEMARK_DATA_DIR": str(data), "PORT": str(port), "PYTHONUNBUFFERED": "1", **more}


class Server:
    """A running site. It has its process group to itself, as in a terminal."""

    def __init__(self, command: list[str], data: Path, port: int, **more: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(data, port, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""
        if not self._is_ready():
            self.close()
            raise AssertionError(f"It did not start within {STARTS_WITHIN} s: {self.said}")

    def _is_ready(self) -> bool:
        """Read what it says until it says where it is; what takes too long is killed."""
        too_long = threading.Timer(STARTS_WITHIN, self.kill)
        too_long.start()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if f"http://localhost:{self.port}" in line:
                break
        too_long.cancel()
        return f"http://localhost:{self.port}" in self.said

    def kill(self) -> None:
        """The power goes: master and workers, at once, without a word."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def interrupt(self) -> int:
        """Ctrl-C: what the terminal sends to the whole group. Returns the exit status."""
        self._signal(signal.SIGINT)
        rest, _nothing = self.process.communicate(timeout=STARTS_WITHIN)
        self.said += rest
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _signal(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)


class Visitor:
    """One person's browser: cookies and forms over plain HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> BeautifulSoup:
        """The page at this address, which must be there."""
        status, body = self.ask("GET", path)
        assert status == 200, f"{path}: {status}"
        return BeautifulSoup(body, "html.parser")

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, *, htmx: bool = False
    ) -> tuple[int, str]:
        """Status and body of an answer. Raises OSError or HTTPException when none arrives whole."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if htmx:
            headers["HX-Request"] = "true"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _equals, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, body
        finally:
            connection.close()

    def upload(self, path: str, fields: dict[str, str], name: str, data: bytes) -> tuple[int, str]:
        """Send a file in a form; status, and where it leads."""
        parts = [
            f'--B\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        head = f'--B\r\nContent-Disposition: form-data; name="package"; filename="{name}"\r\n\r\n'
        body = b"".join([*parts, head.encode(), data, b"\r\n--B--\r\n"])
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "multipart/form-data; boundary=B",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()

    def sign_in(self, email: str, password: str) -> None:
        token = self.get("/accounts/login/").select_one("main input[name=csrfmiddlewaretoken]")
        assert token is not None
        form = {"csrfmiddlewaretoken": str(token["value"]), "login": email, "password": password}
        status, _body = self.ask("POST", "/accounts/login/", form)
        assert status == 302, f"{email}: {status}"
