"""Pictures of a working copy: taken in by what they are, and shown to authors while they write."""

from __future__ import annotations

import posixpath

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from authoring.desk import Desk, desk_for
from authoring.editing import held, open_copy
from authoring.models import AddedImage
from courses import files
from courses.models import Media, Module
from markup import media

_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}


class Refused(Exception):
    """This is no picture that a page may show; the message says what it is, and what to do."""


def add(*, module: Module, on: int | None, page: str, data: bytes, by: User) -> str:
    """Keep a picture beside a page and return its path from there: `./<page>/images/NN.png`.

    Its kind and its name follow from its content; what a camera wrote into it is left out.
    Raises `Refused`. The page itself is not touched.
    """
    ending = _ENDINGS.get(media.sniff(data) or "")
    if ending is None:
        raise Refused(_("This is no PNG, JPEG, GIF or WebP picture. SVG is not accepted: export it as PNG."))
    item, fault = media.inspect(f"x{ending}", data)
    if item is None:
        code, why = fault or ("E662", "")
        raise Refused(f"{code}: {why}. " + _("Save the picture smaller, or in another format."))
    digest = files.keep(item.data)
    with transaction.atomic():
        held(module)
        now = desk_for(module, on=on)
        path = now.free_image(page, ending)
        AddedImage.objects.create(copy=open_copy(now, by=by), path=path, digest=digest, added_by=by)
    return "./" + posixpath.relpath(path, posixpath.dirname(page) or ".")


def find(now: Desk, digest: str, name: str) -> Media:
    """A picture that a page of the working copy shows, as it will be served; Http404 where there is none.

    A picture that is served without what its camera wrote has another digest than its file.
    """
    everything = {**now.files, **now.images}
    named = {path: kept for path, kept in everything.items() if posixpath.basename(path) == name}
    if digest in named.values():
        data = files.read(digest)
        return Media(digest=digest, size=len(data), content_type=media.sniff(data) or "")
    for path, kept in named.items():
        item, _fault = media.inspect(path, files.read(kept))
        if item is not None and item.digest == digest:
            files.keep(item.data)
            return Media(digest=digest, size=len(item.data), content_type=item.content_type)
    raise Http404
