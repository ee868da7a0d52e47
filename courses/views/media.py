"""Files that pages show, through the page's own gate and as nothing else than what they are.

Where a server in front can send files (`COURSEMARK_ACCEL_PREFIX`), this answers with the way to the file
alone: ranges and "not modified" are that server's then. docs/operations.md says what it must be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.gates import signed_in
from accounts.http import SignedInRequest
from courses import access, files
from courses.models import Media

# What a file may be served as. Anything else is bytes to download.
VIDEOS = ("video/mp4", "video/webm")
SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", *VIDEOS)
DOWNLOADED = ("application/pdf", "application/zip")
CHUNK = 64 * 1024

SANDBOX = "sandbox; default-src 'none'"
# By itself in a tab a film is a player that asks for the film again, as the page that it was asked from.
# Nothing runs in it either way.
SANDBOX_OF_FILM = "sandbox allow-same-origin; default-src 'none'; media-src 'self'"

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def refuse_inclusion(request: SignedInRequest) -> None:
    """404 for another site's page that includes a file; asked before anything is looked up.

    A browser would send our reader's cookie along, and that page could tell from what happens
    whether they may see the file. Following a link from there is no inclusion.
    """
    asked = {name: request.headers.get(f"Sec-Fetch-{name}", "") for name in ("Site", "Mode", "Dest")}
    if (asked["Mode"], asked["Dest"]) == ("navigate", "document"):
        return
    here = f"{request.scheme}://{request.get_host()}"
    if asked["Site"] in ("cross-site", "same-site") or request.headers.get("Origin", here) != here:
        raise Http404


@signed_in
@require_safe
def page_media(request: SignedInRequest, page: UUID, digest: str, name: str) -> HttpResponseBase:
    """A file of the live page with this uuid; 404 to whom the page is one."""
    refuse_inclusion(request)
    found = access.media_for(request.user, page, digest, name)
    return serve(request, found.media, name=found.name)


def serve(request: SignedInRequest, media: Media, *, name: str) -> HttpResponseBase:
    """Answer with a file, after the caller has asked whether this person may see it.

    Another site's page gets none in any case; callers ask that first (`refuse_inclusion`).

    A 304 costs the same question as the file itself: nothing is kept that a later "no"
    could not take back.
    """
    refuse_inclusion(request)
    if settings.ACCEL_PREFIX:
        way = HttpResponse(headers={"X-Accel-Redirect": settings.ACCEL_PREFIX + files.place_of(media.digest)})
        return _marked(way, media, name)
    etag = f'"{media.digest}"'
    response = get_conditional_response(request, etag=etag) or _file(request, media, etag)
    response.headers["ETag"] = etag
    response.headers["Accept-Ranges"] = "bytes"
    return _marked(response, media, name)


def _file(request: SignedInRequest, media: Media, etag: str) -> HttpResponseBase:
    part = _part(request, media.size, etag)
    path = files.path_of(media.digest)
    if part is None:
        return FileResponse(path.open("rb"), headers={"Content-Length": str(media.size)})
    if not part:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{media.size}"})
    told = {
        "Content-Range": f"bytes {part[0]}-{part[-1]}/{media.size}",
        "Content-Length": str(len(part)),
    }
    return StreamingHttpResponse(_bytes(path, part), status=206, headers=told)


def _marked(response: HttpResponseBase, media: Media, name: str) -> HttpResponseBase:
    """The headers that keep a file from being anything but itself."""
    shown = media.content_type in SHOWN
    known = shown or media.content_type in DOWNLOADED
    response.headers["Content-Type"] = media.content_type if known else "application/octet-stream"
    response.headers["Content-Disposition"] = content_disposition_header(not shown, name) or "inline"
    response.headers["Content-Security-Policy"] = SANDBOX_OF_FILM if media.content_type in VIDEOS else SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _part(request: SignedInRequest, size: int, etag: str) -> range | None:
    """The bytes that one `Range` asks for: empty where there are none, None for the whole file.

    Several ranges at once, another unit, or a file that changed since get the whole file (RFC 9110, 14.2).
    """
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    whole = request.method != "GET" or request.headers.get("If-Range", etag) != etag
    if whole or asked is None or not any(asked.groups()):
        return None
    first, last = asked.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    return range(int(first), min(size, int(last) + 1) if last else size)


def _bytes(path: Path, part: range) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(part[0])
        left = len(part)
        while left and (chunk := file.read(min(left, CHUNK))):
            left -= len(chunk)
            yield chunk
