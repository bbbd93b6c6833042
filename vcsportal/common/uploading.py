"""How much of a request's files is taken in, before anybody has looked at them."""

from typing import Any, Final

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

FILES_A_REQUEST: Final = 20


class LimitedUploads(FileUploadHandler):
    """Lets go of a file that is too big, or one too many, and of nothing else in the request.

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
        if self.files > FILES_A_REQUEST or self.taken > settings.UPLOAD_MAX_BYTES:
            self._leave_out()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _leave_out(self) -> None:
        names = self.request.__dict__.setdefault("_left_out", [])
        if len(names) < FILES_A_REQUEST:
            names.append((str(self.file_name), self.files > FILES_A_REQUEST))
        raise SkipFile


def left_out(request: HttpRequest) -> list[tuple[str, bool]]:
    """Return the files that were let go: the name, and whether there were too many (else it was too big)."""
    return list(request.__dict__.get("_left_out", []))
