"""Pictures, videos and downloads: what a file really is, decided by its content."""

from __future__ import annotations

import hashlib
import posixpath
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from markup.limits import Limits

Fault = tuple[str, str]  # the code and the message of a problem

_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
}
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
# Where a camera or an editor leaves who, where and when. Seen by mistake, they only cost a re-encoding.
_METADATA = {
    "PNG": (b"eXIf", b"tEXt", b"zTXt", b"iTXt"),
    "JPEG": (b"Exif\0\0", b"http://ns.adobe.com/", b"Photoshop 3.0", b"MPF\0", b"\xff\xfe"),
    "GIF": (b"XMP DataXMP",),
    "WEBP": (b"EXIF", b"XMP "),
}
_LIMITS = Limits()
_KEPT = {"transparency", "icc_profile", "gamma", "dpi", "duration", "loop", "background", "disposal", "blend"}


@dataclass(frozen=True, slots=True)
class Media:
    """A file as the site serves it. `digest` is the sha256 of `data` in hex; sizes are in pixels, for
    pictures.
    """

    name: str
    content_type: str
    data: bytes
    digest: str
    width: int | None = None
    height: int | None = None


def inspect(path: str, data: bytes, limits: Limits = _LIMITS) -> tuple[Media | None, Fault | None]:
    """The file, without what it should not tell about its maker; or why it is refused (E662, E663)."""
    expected = _TYPES.get(posixpath.splitext(path)[1].lower())
    found = sniff(data)
    if expected is None or found is None:
        return None, ("E662", "this type of file is not accepted")
    if expected != found:
        return None, ("E662", f"the name says {expected}, the content is {found}")
    limit = limits.video if found.startswith("video/") else limits.image
    if len(data) > limit:
        return None, ("E663", f"the file has {len(data):,} bytes, {limit:,} are allowed")
    name = posixpath.basename(path)
    if found not in _FORMATS:
        return Media(name, found, data, _digest(data)), None
    return _inspect_picture(name, found, data, limits)


def sniff(data: bytes) -> str | None:
    """The content type of one of the accepted kinds of file, or None."""
    head = data[:64]
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    starts = {
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
        b"%PDF-": "application/pdf",
        b"PK\x03\x04": "application/zip",
    }
    return next((kind for start, kind in starts.items() if head.startswith(start)), None)


def _inspect_picture(name: str, kind: str, data: bytes, limits: Limits) -> tuple[Media | None, Fault | None]:
    form = _FORMATS[kind]
    pixels = limits.pixels
    if form == "WEBP" and _webp_canvas(data) > pixels:
        return None, (
            "E663",
            f"the picture has more than {pixels:,} pixels",
        )  # before Pillow makes room for it
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(data), formats=[form]) as picture:
            warnings.simplefilter("ignore")
            width, height, frames = *picture.size, getattr(picture, "n_frames", 1)
            if width * height > pixels:
                return None, ("E663", f"the picture has {width * height:,} pixels, {pixels:,} are allowed")
            picture.load()  # a picture that breaks off would break off for every learner
            if any(mark in data for mark in _METADATA[form]):
                if width * height * frames > 4 * pixels:
                    return None, ("E663", "the moving picture is too long")
                data, (width, height) = _without_metadata(picture, form, frames)
    except (Image.DecompressionBombError, MemoryError):
        return None, ("E663", f"the picture has more than {pixels:,} pixels")
    except Exception:  # Pillow raises whatever a damaged file leads it to
        return None, ("E662", "the picture is damaged")
    return Media(name, kind, data, _digest(data), width, height), None


def _without_metadata(picture: Image.Image, form: str, frames: int) -> tuple[bytes, tuple[int, int]]:
    options: dict[str, object] = {"quality": 92} if form in ("JPEG", "WEBP") else {}
    if frames > 1 and form != "JPEG":
        options["save_all"] = True
    else:
        picture = ImageOps.exif_transpose(picture)
    picture.info = {key: value for key, value in picture.info.items() if key in _KEPT}
    kept = {key: value for key, value in picture.info.items() if key in ("icc_profile", "transparency")}
    out = BytesIO()
    picture.save(out, form, **(options | kept))
    return out.getvalue(), picture.size


def _webp_canvas(data: bytes) -> int:
    """The pixels that the header of a WebP file announces (RFC 9649, 2.5-2.7); 0 if it is damaged."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        return 0
    if chunk == b"VP8X":
        return (int.from_bytes(body[4:7], "little") + 1) * (int.from_bytes(body[7:10], "little") + 1)
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return (int.from_bytes(body[6:8], "little") & 0x3FFF) * (int.from_bytes(body[8:10], "little") & 0x3FFF)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
