"""`make run` as somebody meets it: where it stands, when it cannot start, and Ctrl-C."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from tests.process.server import ROOT, RUN, Server, Visitor, environment, free_port

pytestmark = pytest.mark.process


def run(tmp_path: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**environment(tmp_path, 0), **more}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def assert_one_sentence(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """It failed, and says why in one line."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert all(part in done.stderr for part in parts), done.stderr


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(tmp_path, "bin/run", PORT=str(port))
    assert_one_sentence(done, f"Port {port} is in use", f"PORT={port + 1} make run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["eighty", "70000", "-1", "8000; true"])
def test_a_port_that_is_none_is_told_in_one_sentence(tmp_path: Path, port: str):
    done = run(tmp_path, "bin/run", PORT=port)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


PYTHONS = {
    "older": ("#!/bin/sh\necho old\n", "Python 3.11 or newer"),
    "without-venv": (
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\necho 3.12\n',
        "apt-get install python3-venv",
    ),
    "broken": ("#!/bin/sh\nexit 127\n", "Install python3"),
}


@pytest.mark.parametrize("kind", PYTHONS)
def test_a_python_that_does_not_do_is_told_in_one_sentence(tmp_path: Path, kind: str):
    script, told = PYTHONS[kind]
    python = tmp_path / "python"
    python.write_text(script)
    python.chmod(0o755)
    assert_one_sentence(run(tmp_path, "bin/python", PYTHON=str(python)), told)


def test_it_serves_until_ctrl_c(tmp_path: Path):
    port = free_port()
    server = Server(RUN, tmp_path, port)
    try:
        assert f"Coursemark is ready: http://localhost:{port}" in server.said
        visitor = Visitor(port)
        assert visitor.ask("GET", "/healthz") == (200, "ok\n")
        assert visitor.ask("GET", "/")[0] == 302
        # The demo says who can sign in; nothing of it is for everybody on this machine.
        assert "partner@acme.example" in visitor.get("/accounts/login/").text
        assert (tmp_path / "demo-secret-key").stat().st_mode & 0o077 == 0
        with socket.create_connection(("localhost", port)) as browser:
            browser.sendall(b"GET / HTTP/1.1\r\n")  # and says no more
            assert visitor.ask("GET", "/healthz") == (200, "ok\n")
            assert server.interrupt() == 0
    finally:
        server.close()
    assert "Traceback" not in server.said
    assert "SIGKILL" not in server.said  # nobody had to be waited for
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
