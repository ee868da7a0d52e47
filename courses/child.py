"""Starts one of the site's own commands in a process of its own, for what nobody should wait for."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Collection

from django.conf import settings


def start(command: str, *arguments: str, keeps: Collection[int] = ()) -> None:
    """Start `manage.py COMMAND`, which keeps these open files, and with them the locks on them.

    It outlives the web process that starts it. Raises `OSError` where there can be no process.
    """
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=keeps,
        start_new_session=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    threading.Thread(target=process.wait, daemon=True).start()  # or it would stay as a zombie
