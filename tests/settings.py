"""Settings of the test suite: production's, with what makes tests fast and keeps them on this machine."""

import atexit
import os
import shutil
import tempfile

# Each process of the suite writes into a folder of its own and removes it at the end.
_data = tempfile.mkdtemp(prefix="coursemark-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)

# The suite decides its own environment; only the database may be chosen (`make test-postgres`).
os.environ.update(
    {
        "COURSEMARK_DATA_DIR": _data,
        "COURSEMARK_SECRET_KEY": "only-for-the-tests-and-never-for-anything-that-is-served",
        "COURSEMARK_HOSTS": "testserver,localhost,127.0.0.1",
        "COURSEMARK_DEMO": "0",
        "COURSEMARK_DEBUG": "0",
        "COURSEMARK_HTTPS": "0",  # the test client and the live server speak plain http
        "COURSEMARK_SITE_NAME": "Coursemark",
        "COURSEMARK_URL": "http://testserver",
        "COURSEMARK_CONTACT": "training@example.org",
        "COURSEMARK_CACHE_URL": "locmemcache://",
        "COURSEMARK_EMAIL_URL": "memorymail://",
        "COURSEMARK_TIME_ZONE": "UTC",
        "COURSEMARK_PROXY_COUNT": "0",
        "COURSEMARK_WORKERS": "1",
        "COURSEMARK_UPLOADS": "inline",  # child processes have tests of their own
    }
)

from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: in memory there is no WAL, and a live server sees half of it.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# Passwords of tests are no secrets; Argon2 would take most of the suite's time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No manifest: a test need not collect the static files first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
