"""Settings of the test suite: production's, with what makes tests fast and keeps them on this machine."""

import os

# The suite decides its own environment; only the database may be chosen (`make test-postgres`).
os.environ.update(
    {
        "COURSEMARK_SECRET_KEY": "only-for-the-tests-and-never-for-anything-that-is-served",
        "COURSEMARK_HOSTS": "testserver,localhost,127.0.0.1",
        "COURSEMARK_DEMO": "0",
        "COURSEMARK_DEBUG": "0",
        "COURSEMARK_HTTPS": "0",  # the test client and the live server speak plain http
        "COURSEMARK_CONTACT": "training@example.org",
        "COURSEMARK_CACHE_URL": "locmemcache://",
        "COURSEMARK_EMAIL_URL": "memorymail://",
    }
)

from config.settings import *  # noqa: E402, F403

# Passwords of tests are no secrets; Argon2 would take most of the suite's time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No manifest: a test does not need to collect the static files first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
