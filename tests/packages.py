"""Packages as authors send them: zips in memory, pictures, pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def zipped(files: Mapping[str, bytes], *, top: str = "") -> bytes:
    """A .zip of these files, in a single top folder when `top` names one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(f"{top}{path}", data)
    return buffer.getvalue()


def upload(data: bytes, name: str = "module.zip") -> SimpleUploadedFile:
    """What a browser sends for a chosen file."""
    return SimpleUploadedFile(name, data)


def png(colour: str = "green") -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(buffer, "PNG")
    return buffer.getvalue()
