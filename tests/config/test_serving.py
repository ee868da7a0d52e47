"""What the site refuses to be served with: each reason alone, and through the real entry."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config.serving import unready, unsafe_settings

ROOT = Path(__file__).resolve().parents[2]
STRONG = "kJ8s-Yq2_Vb7xN4mZ0pLr5tWc9dGh3fQe6uAa1oTiSjRkPl8MnBvCx"
SAFE: dict[str, Any] = {
    "DEMO": False,
    "DEBUG": False,
    "SECRET_KEY": STRONG,
    "SECRET_KEY_FALLBACKS": [],
    "ALLOWED_HOSTS": ["courses.example.org"],
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "courses@example.org",
    "WORKERS": 1,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
}


def reasons(**changed: Any) -> list[str]:
    return unsafe_settings(SimpleNamespace(**{**SAFE, **changed}))


def test_safe_settings_are_served() -> None:
    assert reasons() == []
    assert reasons(SECRET_KEY_FALLBACKS=[STRONG[::-1]]) == []


@pytest.mark.parametrize(
    ("named", "changed"),
    [
        ("COURSEMARK_SECRET_KEY", {"SECRET_KEY": "unset"}),
        ("COURSEMARK_SECRET_KEY", {"SECRET_KEY": STRONG[:49]}),
        ("COURSEMARK_SECRET_KEY", {"SECRET_KEY": "ab" * 40}),
        ("COURSEMARK_SECRET_KEY", {"SECRET_KEY_FALLBACKS": ["short"]}),
        ("COURSEMARK_DEBUG", {"DEBUG": True}),
        ("COURSEMARK_HOSTS", {"ALLOWED_HOSTS": []}),
        ("COURSEMARK_HOSTS", {"ALLOWED_HOSTS": ["courses.example.org", "*"]}),
        ("COURSEMARK_HOSTS", {"ALLOWED_HOSTS": [".example.org"]}),
        ("COURSEMARK_EMAIL_URL", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        ("COURSEMARK_EMAIL_URL", {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}),
        ("COURSEMARK_DEFAULT_FROM_EMAIL", {"DEFAULT_FROM_EMAIL": "coursemark@localhost"}),
        ("COURSEMARK_CACHE_URL", {"WORKERS": 2}),
    ],
)
def test_each_unsafe_setting_is_refused_by_its_name(named: str, changed: dict[str, Any]) -> None:
    (reason,) = reasons(**changed)
    assert named in reason


def test_several_processes_with_a_shared_cache_are_served() -> None:
    shared = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert reasons(WORKERS=2, CACHES=shared) == []


def test_the_demo_is_served_with_what_it_lacks_on_purpose() -> None:
    assert reasons(DEMO=True, SECRET_KEY="unset", ALLOWED_HOSTS=[], EMAIL_BACKEND="a.console.b") == []


@pytest.fixture
def collected(tmp_path: Path) -> SimpleNamespace:
    (tmp_path / "staticfiles.json").write_text("{}")
    return SimpleNamespace(DEMO=False, DEBUG=False, STATIC_ROOT=tmp_path)


@pytest.mark.django_db
def test_demo_people_keep_the_site_from_serving_until_their_access_is_closed(
    collected: SimpleNamespace,
) -> None:
    from accounts.models import User

    assert unready(collected) == []
    person = User.objects.create_user("employee@coursemark.example", "coursemark-demo", is_demo=True)
    (reason,) = unready(collected)
    assert "manage.py end_demo" in reason
    collected.DEMO = True
    assert unready(collected) == []
    collected.DEMO = False
    person.set_unusable_password()
    person.save()
    assert unready(collected) == []


@pytest.mark.django_db
def test_static_files_have_to_be_collected(collected: SimpleNamespace, tmp_path: Path) -> None:
    collected.STATIC_ROOT = tmp_path / "elsewhere"
    (reason,) = unready(collected)
    assert "collectstatic" in reason


def run(tmp_path: Path, *command: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """A command in production's settings, its data in `tmp_path`, with nothing inherited but the path."""
    production = {
        "PATH": os.environ["PATH"],
        "COURSEMARK_DATA_DIR": str(tmp_path),
        "COURSEMARK_SECRET_KEY": STRONG,
        "COURSEMARK_HOSTS": "courses.example.org",
        "COURSEMARK_EMAIL_URL": "smtp://mail.example.org",
        "COURSEMARK_DEFAULT_FROM_EMAIL": "courses@example.org",
    }
    environment = {k: v for k, v in {**production, **changed}.items() if v}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.process
@pytest.mark.trust("CF-07")
def test_an_empty_environment_is_refused_with_sentences_and_no_traceback(tmp_path: Path) -> None:
    names = ("SECRET_KEY", "HOSTS", "EMAIL_URL", "DEFAULT_FROM_EMAIL")
    nothing = {f"COURSEMARK_{name}": "" for name in names}
    refused = run(tmp_path, "-c", "import config.wsgi", **nothing)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    lines = refused.stderr.splitlines()
    assert all(line.startswith("Coursemark does not start: ") for line in lines)
    for name in nothing:
        assert sum(name in line for line in lines) == 1
    assert sum("manage.py migrate" in line for line in lines) == 1


@pytest.mark.process
def test_gunicorn_ends_with_the_refusal_instead_of_starting_workers_again(tmp_path: Path) -> None:
    gunicorn = ("-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", "127.0.0.1:0")
    refused = run(tmp_path, *gunicorn, COURSEMARK_DEBUG="1")
    assert refused.returncode == 1
    assert "COURSEMARK_DEBUG" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.process
def test_management_commands_work_without_secrets(tmp_path: Path) -> None:
    assert run(tmp_path, "manage.py", "migrate", "--verbosity", "0", COURSEMARK_SECRET_KEY="").returncode == 0
    assert (tmp_path / "coursemark.sqlite3").exists()


@pytest.mark.process
def test_the_demo_makes_its_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    show = "from config import settings as s; print(s.SECRET_KEY, s.DEBUG, s.HTTPS, s.ALLOWED_HOSTS)"
    demo = {"COURSEMARK_DEMO": "1", "COURSEMARK_SECRET_KEY": "", "COURSEMARK_HOSTS": ""}
    first, second = (run(tmp_path, "-c", show, **demo).stdout for _ in range(2))
    assert first == second
    key, *rest = first.split(maxsplit=1)
    assert len(key) >= 50
    assert rest == ["False False ['localhost', '127.0.0.1', '[::1]']\n"]
    assert (tmp_path / "demo-secret-key").stat().st_mode & 0o077 == 0
