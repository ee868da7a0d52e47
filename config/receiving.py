"""Receives uploaded files: what they are called is text for people, and no name of a file here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class TemporaryFiles(TemporaryFileUploadHandler):
    """Django's, but a long name does no harm, and what a full disk cuts short is gone at once."""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Begin a file. Its temporary one would else end as the sender's does, however long that is."""
        super().new_file(field_name, "upload", *args, **kwargs)
        self.file_name = self.file.name = file_name

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write what came."""
        with self._or_nothing():
            return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """Write the rest."""
        with self._or_nothing():
            return super().file_complete(file_size)

    @contextmanager
    def _or_nothing(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            with suppress(OSError):  # what could not be written is tried once more
                self.upload_interrupted()
            raise
