"""Limits how much of a request's files is accepted before they are checked."""

import logging
from typing import Any, Final, NoReturn

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

logger = logging.getLogger(__name__)
MAX_FILES_PER_REQUEST: Final = 20
TOO_MANY, TOO_BIG, NO_ROOM = "too many", "too big", "no room"
"""Why a file was discarded; the last reason is the portal's own disk."""


class LimitedUploads(FileUploadHandler):
    """Discards a file that is too big, or one too many, and nothing else in the request.

    Without it a request could fill the disk, and a limit on the whole request would cost people the words that they
    typed beside the file. The names of what was let go stand in :func:`left_out`, for the form to say so.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files = 0
        self.taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        # Not in new_file: there the handlers behind this one still hold the file before.
        if self.files > MAX_FILES_PER_REQUEST or self.taken > settings.UPLOAD_MAX_BYTES:
            self._leave_out()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _leave_out(self) -> NoReturn:
        leave_out(self.request, str(self.file_name), TOO_MANY if self.files > MAX_FILES_PER_REQUEST else TOO_BIG)


class RoomyTemporaryUploads(TemporaryFileUploadHandler):
    """Discards a file that does not fit on the disk for temporary files, and nothing else in the request."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._leave_out(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.file.write(raw_data)
            self.file.flush()
        except OSError as error:
            self._leave_out(error)

    def _leave_out(self, error: OSError) -> NoReturn:
        logger.error("An upload could not be taken in: %s", error)
        leave_out(self.request, str(self.file_name), NO_ROOM)


def leave_out(request: Any, name: str, why: str) -> NoReturn:
    """Let go of the file that is being taken in, and note why."""
    names = request.__dict__.setdefault("_left_out", [])
    if len(names) < MAX_FILES_PER_REQUEST:
        names.append((name, why))
    raise SkipFile


def left_out(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the files that were discarded: the name, and why."""
    return list(request.__dict__.get("_left_out", []))
