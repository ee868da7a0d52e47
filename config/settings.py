"""The site's settings: one file, read from the environment alone.

They are production's, unless COURSEMARK_DEMO=1 asks for the demo that `make run`
shows, or the test suite says otherwise (tests/settings.py). `.env.example` describes
every variable. What must not be served with is refused where serving starts
(`config.serving`), not here, so that `manage.py` works wherever it is needed.
"""

from pathlib import Path

import django_stubs_ext
from csp.constants import NONE, SELF
from environ import Env

from config.env import kept_secret, with_safe_options

# Lets a form or an admin page say which model it is about, `ModelForm[User]`, at run time too.
django_stubs_ext.monkeypatch()

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DEMO: bool = env.bool("COURSEMARK_DEMO", default=False)
# Never on by itself, and `config.serving` refuses to serve with it outside the demo.
DEBUG: bool = env.bool("COURSEMARK_DEBUG", default=False)
HTTPS: bool = env.bool("COURSEMARK_HTTPS", default=not DEMO)
DATA_DIR = Path(env.str("COURSEMARK_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

# -- What the site calls itself ------------------------------------------------------------

COURSEMARK_NAME: str = env.str("COURSEMARK_SITE_NAME", default="Coursemark")
# Whom to ask when something is missing: an address or a sentence, shown on error pages.
COURSEMARK_CONTACT: str = env.str("COURSEMARK_CONTACT", default="admin@coursemark.example" if DEMO else "")

# -- Secrets and hosts ---------------------------------------------------------------------

SECRET_KEY: str = env.str(
    "COURSEMARK_SECRET_KEY", default=kept_secret(DATA_DIR / "demo-secret-key") if DEMO else "unset"
)
SECRET_KEY_FALLBACKS: list[str] = env.list("COURSEMARK_SECRET_KEY_FALLBACKS", default=[])
# Links in e-mails are built from the request's host: never a wildcard.
ALLOWED_HOSTS: list[str] = env.list(
    "COURSEMARK_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEMO else []
)
# Where the site stands, for links in mail that no request asked for (invitations).
COURSEMARK_URL: str = env.str(
    "COURSEMARK_URL",
    default=f"http://localhost:{env.str('PORT', default='8000')}"
    if DEMO
    else f"https://{(ALLOWED_HOSTS or ['localhost'])[0]}",
).rstrip("/")

# -- The house -----------------------------------------------------------------------------

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "accounts.apps.AccountsConfig",
    "quizzes.apps.QuizzesConfig",
    "courses.apps.CoursesConfig",
    "learning.apps.LearningConfig",
    "authoring.apps.AuthoringConfig",
    "accounts.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "markdownx",  # for its field's script alone: none of its addresses is ever included
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Below those above, so that static files carry the same headers as pages.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.private_unless_said",
    "config.middleware.bodies_within_bounds",
    "config.middleware.PassingFailures",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.http.site",
            ],
        },
    },
]

# -- Data ----------------------------------------------------------------------------------

DATABASES = {
    "default": with_safe_options(
        env.db_url("COURSEMARK_DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'coursemark.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One process may keep its cache in its own memory; several need one that they share, or
# each would count failed sign-ins for itself (`config.serving` refuses that).
CACHES = {"default": env.cache_url("COURSEMARK_CACHE_URL", default="locmemcache://")}
WORKERS: int = env.int("COURSEMARK_WORKERS", default=1)

# -- Sessions and cookies ------------------------------------------------------------------

# The database holds every session; a cache in memory in front of it saves a query a request.
# In front of a cache that is itself a table it would save nothing.
SESSION_ENGINE = (
    "django.contrib.sessions.backends.db"
    if CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    else "django.contrib.sessions.backends.cached_db"
)
SESSION_COOKIE_AGE = 30 * 24 * 3600  # with "Keep me signed in"; else until the browser closes
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # forms carry the token as a hidden field
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# -- Transport and headers -----------------------------------------------------------------

# How many proxies of one's own stand before the site; 0 believes no forwarded header at all.
PROXY_COUNT: int = env.int("COURSEMARK_PROXY_COUNT", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
USE_X_FORWARDED_HOST = False
USE_X_FORWARDED_PORT = False
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.receiving.TemporaryFiles",
]

# -- Who one is ----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backend.PeopleBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "catalogue"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"  # closes sign-up
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_LOGIN_TIMEOUT = 900
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{COURSEMARK_NAME}: "
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_SESSION_REMEMBER = None  # the sign-in form asks
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# allauth's own rate limits stand: ten failed sign-ins a minute and address, five in five minutes and person.

# -- Mail ----------------------------------------------------------------------------------

# Outside the demo there is no default: `config.serving` refuses to serve with mail that nobody gets.
vars().update(env.email_url("COURSEMARK_EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("COURSEMARK_DEFAULT_FROM_EMAIL", default="coursemark@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- Language and time ---------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Every string goes through gettext, and there is no translation yet: until there is, looking one
# up for each string of each page would be work for nothing.
USE_I18N = False
USE_TZ = True
TIME_ZONE: str = env.str("COURSEMARK_TIME_ZONE", default="UTC")

# -- Files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Outside every web root: a file is read through its page's gate alone.
MEDIA_ROOT = DATA_DIR / "media"
# What authors upload, until it is forgotten; read by child processes under these limits.
UPLOADS_ROOT = DATA_DIR / "uploads"
UPLOADS: str = env.str("COURSEMARK_UPLOADS", default="process")  # or "inline": by the request itself
UPLOAD_PAGE_SECONDS: float = env.float("COURSEMARK_UPLOAD_PAGE_SECONDS", default=30)
UPLOAD_SECONDS: float = env.float("COURSEMARK_UPLOAD_SECONDS", default=600)
PREVIEW_SECONDS: float = env.float("COURSEMARK_PREVIEW_SECONDS", default=5)
UPLOAD_MEMORY_MB: int = env.int("COURSEMARK_UPLOAD_MEMORY_MB", default=1024)
# The address under which a server in front of the site keeps that folder for itself (nginx: `internal`),
# to send the files that the site names in X-Accel-Redirect; empty: the site sends them.
ACCEL_PREFIX: str = env.str("COURSEMARK_ACCEL_PREFIX", default="")
# Whose players of videos a page may hold, on a click; those of nobody unless the site says so.
COURSEMARK_VIDEO_HOSTS: list[str] = [
    host.strip().lower() for host in env.list("COURSEMARK_VIDEO_HOSTS", default=[])
]
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page needs our files
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# -- Logging -------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
