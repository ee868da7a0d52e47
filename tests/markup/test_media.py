from __future__ import annotations

import hashlib
import io
import os
import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from markup.limits import Limits
from markup.media import Media, inspect, sniff

FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}
OTHERS = {
    "mp4": (b"\0\0\0\x18ftypmp42" + bytes(20), "video/mp4"),
    "webm": (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(20), "video/webm"),
    "pdf": (b"%PDF-1.7\n%x", "application/pdf"),
    "zip": (b"PK\x03\x04" + bytes(30), "application/zip"),
}
LIMITS = Limits()
SECRET = "Ada Lovelace, 51.5N 0.1W"


def picture(ending: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    image.save(out, FORMATS[ending], **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x013B] = SECRET
    data[0x0112] = orientation
    data.get_ifd(0x8825)[29] = "2026:01:01"
    return data


def accept(name: str, data: bytes, limits: Limits = LIMITS) -> Media:
    media, fault = inspect(name, data, limits)
    assert fault is None
    assert media is not None
    return media


def refuse(name: str, data: bytes, limits: Limits = LIMITS) -> str:
    media, fault = inspect(name, data, limits)
    assert media is None
    assert fault is not None
    assert fault[1]
    return fault[0]


@pytest.mark.parametrize("ending", FORMATS)
def test_pictures(ending: str) -> None:
    data = picture(ending)
    media = accept(f"icp/a/images/01.{ending.upper()}", data)
    assert media.name == f"01.{ending.upper()}"
    assert (media.content_type, media.width, media.height) == (TYPES[ending], 40, 30)
    assert media.data == data  # not touched where there is no need
    assert media.digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("ending", OTHERS)
def test_videos_and_downloads(ending: str) -> None:
    data, kind = OTHERS[ending]
    media = accept(f"a.{ending}", data)
    assert (media.content_type, media.data, media.width) == (kind, data, None)


LIES = [
    ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("a.png", b"<html><script>alert(1)</script>"),
    ("a.png", picture("gif")),
    ("a.gif", picture("png")),
    ("a.jpg", picture("png")),
    ("a.pdf", picture("png")),
    ("a.png", OTHERS["pdf"][0]),
    ("a.html", picture("png")),
    ("a", picture("png")),
    ("a.png.html", picture("png")),
    ("a.md.png.exe", picture("png")),
    ("a.bmp", b"BM" + bytes(60)),
    ("a.tiff", b"II*\0" + bytes(60)),
    ("a.exe", b"MZ" + bytes(60)),
    ("a.docx", OTHERS["zip"][0]),
    ("a.webm", b"\x1a\x45\xdf\xa3matroska"),
    ("a.png", b""),
    ("a.jpg", b"\xff\xd8\xff"),
    ("a.png", b"\x89PNG\r\n\x1a\n"),
    ("a.gif", b"GIF89a"),
    ("a.webp", b"RIFF\0\0\0\0WEBP"),
    ("a.png", picture("png")[:60]),
    ("a.png", picture("png")[:200]),
    ("a.jpg", picture("jpg")[:400]),
    ("a.swf", b"FWS" + bytes(60)),
]


@pytest.mark.trust("UP-09", "IM-01")
@pytest.mark.parametrize(
    ("name", "data"), LIES, ids=[f"{number} {name}" for number, (name, _) in enumerate(LIES)]
)
def test_what_a_file_is_decides_its_content(name: str, data: bytes) -> None:
    assert refuse(name, data) == "E662"


@pytest.mark.parametrize(("ending", "limit"), [("pdf", 5), ("zip", 5), ("mp4", 50), ("webm", 50)])
def test_sizes(ending: str, limit: int) -> None:
    start = OTHERS[ending][0]
    data = start + bytes(limit * 1024 * 1024 - len(start))
    assert accept(f"a.{ending}", data).data == data
    assert refuse(f"a.{ending}", data + b"\0") == "E663"


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def webp_header(kind: bytes, width: int, height: int) -> bytes:
    if kind == b"VP8X":
        body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == b"VP8L":
        body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + bytes(8)
    else:
        body = (
            bytes(3) + b"\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + bytes(8)
        )
    chunk = kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


FLOODS = [
    ("a.png", png_header(40_001, 1_000)),
    ("a.png", png_header(100_000, 100_000)),
    ("a.png", png_header(2**31 - 1, 2**31 - 1)),
    ("a.gif", b"GIF89a\xff\xff\xff\xff" + picture("gif")[10:]),
    ("a.webp", webp_header(b"VP8X", 16_000, 16_000)),
    ("a.webp", webp_header(b"VP8L", 16_000, 16_000)),
    ("a.webp", webp_header(b"VP8 ", 16_000, 16_000)),
]


@pytest.mark.trust("IM-04")
@pytest.mark.parametrize(
    ("name", "data"), FLOODS, ids=[f"{number} {name}" for number, (name, _) in enumerate(FLOODS)]
)
def test_floods_of_pixels_are_refused_by_the_header(name: str, data: bytes) -> None:
    tracemalloc.start()
    assert refuse(name, data) == "E663"
    assert tracemalloc.get_traced_memory()[1] < 4 * 1024 * 1024
    tracemalloc.stop()


@pytest.mark.trust("IM-04")
@pytest.mark.parametrize("kind", [b"VP8X", b"VP8L", b"VP8 "])
def test_a_flood_in_webp_never_reaches_the_decoder(kind: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "open", None)  # it would make room for the whole canvas
    assert refuse("a.webp", webp_header(kind, 16_000, 16_000)) == "E663"


def test_the_limit_of_pixels_itself() -> None:
    data = picture("png", (40, 30))
    assert accept("a.png", data, Limits(pixels=1200))
    assert refuse("a.png", data, Limits(pixels=1199)) == "E663"


@pytest.mark.trust("IM-04")
def test_a_moving_picture_of_endless_frames_is_not_written_anew() -> None:
    frames = [Image.new("RGB", (10, 10), (shade, 0, 0)) for shade in range(0, 60, 10)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    told = out.getvalue()[:-1] + b"\x21\xff\x0bXMP DataXMP\x01x\x00;"
    assert accept("x.gif", told, Limits(pixels=150)).data != told
    assert refuse("x.gif", told, Limits(pixels=149)) == "E663"
    assert accept("x.gif", out.getvalue(), Limits(pixels=149)).data == out.getvalue()


@pytest.mark.trust("IM-07")
@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_camera_data_is_dropped(ending: str) -> None:
    data = picture(ending, exif=exif())
    assert b"Lovelace" in data
    media = accept(f"a.{ending}", data)
    assert b"Lovelace" not in media.data
    assert media.digest == hashlib.sha256(media.data).hexdigest()
    with Image.open(io.BytesIO(media.data)) as image:
        assert not dict(image.getexif())
        assert image.size == (media.width, media.height) == (40, 30)


@pytest.mark.trust("IM-07")
def test_text_in_png_and_comments_in_jpg_are_dropped() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    info.add_itxt("XML:com.adobe.xmp", SECRET)
    assert b"Lovelace" not in accept("a.png", picture("png", pnginfo=info)).data
    assert b"Lovelace" not in accept("a.jpg", picture("jpg", comment=SECRET)).data
    assert (
        b"Lovelace"
        not in accept("a.jpg", picture("jpg", xmp=b"http://ns.adobe.com/xap/1.0/" + SECRET.encode())).data
    )


def test_a_turned_picture_is_turned_before_the_mark_is_dropped() -> None:
    media = accept("a.jpg", picture("jpg", exif=exif(orientation=6)))
    assert (media.width, media.height) == (30, 40)
    with Image.open(io.BytesIO(media.data)) as image:
        assert image.size == (30, 40)


def test_transparency_and_movement_survive_the_cleaning() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    out = io.BytesIO()
    Image.new("P", (4, 4)).save(out, "PNG", transparency=0, pnginfo=info)
    with Image.open(io.BytesIO(accept("a.png", out.getvalue()).data)) as image:
        assert image.info["transparency"] == 0
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], exif=exif())
    media = accept("a.webp", out.getvalue())
    assert b"Lovelace" not in media.data
    with Image.open(io.BytesIO(media.data)) as image:
        assert image.n_frames == 3


@given(st.sampled_from(["png", "jpg", "gif", "webp"]), st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_pictures_never_raise(ending: str, data: st.DataObject) -> None:
    raw = bytearray(picture(ending, exif=exif()) if ending != "gif" else picture(ending))
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    media, fault = inspect(f"a.{ending}", bytes(raw[:cut]), Limits())
    assert (media is None) != (fault is None)


def test_noise_is_nothing() -> None:
    assert sniff(b"") is None
    assert sniff(b"\0" + os.urandom(100)) is None
