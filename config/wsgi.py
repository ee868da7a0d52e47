"""Where serving starts. What must not be served is refused here (`config.serving`)."""

import os

import django
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.serving import refuse_unsafe  # noqa: E402  settings and apps come first

refuse_unsafe()
application = get_wsgi_application()
