"""The site's own settings, plus the minimal view that its pages are measured beside."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
