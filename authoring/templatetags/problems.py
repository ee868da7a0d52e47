"""How a problem is told in a page."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from authoring import listing

register = template.Library()
register.filter("by_file", listing.by_file)

_TYPED = re.compile(r"`([^`]+)`")


@register.filter
def with_code(text: str) -> SafeString:
    """A sentence for authors as HTML; what stands in backticks is what they type."""
    return mark_safe(_TYPED.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  escaped before
