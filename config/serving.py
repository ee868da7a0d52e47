"""What the site refuses to be served with, asked where serving starts: `config.wsgi`.

Management commands do not pass here: one migrates, imports and mends without secrets.
The demo (COURSEMARK_DEMO=1) passes, since what it lacks it lacks on purpose; an address
that does not say who may use it (`config.checks`) is refused there, too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from config.checks import addresses, policy_of, wrong_video_hosts

KEY_LENGTH = 50  # characters; what `manage.py check --deploy` asks for
KEY_VARIETY = 5  # different characters
MAIL_NOBODY_GETS = ("console", "dummy", "locmem", "filebased")


def refuse_unsafe() -> None:
    """Leave with status 1 and one line for each reason not to serve; do nothing when there is none."""
    reasons = unsafe_settings(settings) + undecided_addresses() + strange_hosts(settings) + unready(settings)
    connections.close_all()  # a server that forks now must not hand an open connection on
    for reason in reasons:
        print(_("Coursemark does not start: %s") % reason, file=sys.stderr)  # noqa: T201  before any log
    if reasons:
        sys.exit(1)


def unsafe_settings(given: Any) -> list[str]:
    """Why these settings may not be served with, a sentence each; none in the demo."""
    return [] if given.DEMO else [reason for ask in _UNSAFE if (reason := ask(given))]


def undecided_addresses() -> list[str]:
    """One sentence that names the addresses that nobody decided about; none when there are none."""
    forgotten = ", ".join(
        where for where, namespace, view in addresses() if policy_of(namespace, view) is None
    )
    return [_("these addresses do not say who may use them: %s.") % forgotten] if forgotten else []


def strange_hosts(given: Any) -> list[str]:
    """One sentence that names what in COURSEMARK_VIDEO_HOSTS is no host; none when there is nothing."""
    strange = ", ".join(repr(host) for host in wrong_video_hosts(given.COURSEMARK_VIDEO_HOSTS))
    told = _("COURSEMARK_VIDEO_HOSTS takes names of hosts with commas between; these are none: %s.")
    return [told % strange] if strange else []


def unready(given: Any) -> list[str]:
    """What has to be done before serving, a sentence each. Asks the database."""
    reasons = [_static_files(given)]
    try:
        reasons.append("" if given.DEMO else _demo_people())
    except DatabaseError as error:
        told = _("the database does not answer as it should (%s). Run “manage.py migrate” first.")
        reasons.append(told % str(error).strip().partition("\n")[0])
    return [reason for reason in reasons if reason]


def _weak_key(given: Any) -> str:
    keys = [given.SECRET_KEY, *given.SECRET_KEY_FALLBACKS]
    if all(len(key) >= KEY_LENGTH and len(set(key)) >= KEY_VARIETY for key in keys):
        return ""
    return _(
        "COURSEMARK_SECRET_KEY is missing or weak. Give it at least 50 random characters, such as those of "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'. The same holds for each fallback."
    )


def _debug(given: Any) -> str:
    return _("COURSEMARK_DEBUG shows the site's insides to visitors. Turn it off.") if given.DEBUG else ""


def _open_hosts(given: Any) -> str:
    if given.ALLOWED_HOSTS and not any("*" in h or h.startswith(".") for h in given.ALLOWED_HOSTS):
        return ""
    return _(
        "COURSEMARK_HOSTS must name the site's own hosts, such as courses.example.org, without wildcards: "
        "links in e-mails are built from them."
    )


def _mail_nobody_gets(given: Any) -> str:
    if not any(f".{kind}." in given.EMAIL_BACKEND for kind in MAIL_NOBODY_GETS):
        return ""
    return _(
        "e-mail would reach nobody. Set COURSEMARK_EMAIL_URL to your mail server, such as "
        "smtp+tls://name:password@mail.example.org:587."
    )


def _no_sender(given: Any) -> str:
    if not given.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        return ""
    return _("e-mail has no sender. Set COURSEMARK_DEFAULT_FROM_EMAIL, such as courses@example.org.")


def _caches_apart(given: Any) -> str:
    if given.WORKERS == 1 or not given.CACHES["default"]["BACKEND"].endswith("LocMemCache"):
        return ""
    return _(
        "several processes need a cache that they share, or each counts failed sign-ins for itself. Set "
        "COURSEMARK_CACHE_URL, such as redis://localhost:6379/0, or COURSEMARK_WORKERS=1."
    )


_UNSAFE: tuple[Callable[[Any], str], ...] = (
    _weak_key,
    _debug,
    _open_hosts,
    _mail_nobody_gets,
    _no_sender,
    _caches_apart,
)


def _static_files(given: Any) -> str:
    if given.DEBUG or (Path(given.STATIC_ROOT) / "staticfiles.json").exists():
        return ""
    return _("the static files are not collected. Run “manage.py collectstatic --noinput” first.")


def _demo_people() -> str:
    from accounts.demo import can_sign_in  # needs the apps, which are loaded by now

    if not can_sign_in():
        return ""
    return _(
        "people of the demo can sign in here, with a password that everybody knows. "
        "Run “manage.py end_demo”, which closes their access and keeps their records."
    )
