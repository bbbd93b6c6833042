"""Computes the checksum of an uploaded file as it arrives, and stores nothing of it."""

from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MAX_BYTES: Final = 50 * 1024 * 1024


class Fingerprints(FileUploadHandler):
    """Leaves of the request's first file its name, its size and its ``sha256``. More than :data:`MAX_BYTES` it lets go."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files = 0
        self.taken = 0
        self.found = sha256()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > 1 or self.field_name != "file":
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.taken += len(raw_data)
        if self.taken > MAX_BYTES:
            self.request.__dict__["_too_large"] = True
            raise SkipFile
        self.found.update(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        left = UploadedFile(BytesIO(), self.file_name, self.content_type, file_size)
        left.sha256 = self.found.hexdigest()  # type: ignore[attr-defined]  # all that is left of the file
        return left


def was_too_large(request: HttpRequest) -> bool:
    """Whether the request's file was let go."""
    return "_too_large" in request.__dict__
