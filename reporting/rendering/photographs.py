"""The photographs named in an edition's facts, read from storage one at a time as they are drawn."""

from collections.abc import Iterator, Mapping

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage

from reporting.facts import Report


class Photographs(Mapping[str, bytes]):
    """Bytes by the name in the facts. Only those that the facts name, and of them those that are still there."""

    def __init__(self, report: Report) -> None:
        named = {photograph.file for piece in report.all_evidence() for photograph in piece.photographs}
        self._names = dict.fromkeys(sorted(name for name in named if _is_there(name)))

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        with default_storage.open(name) as file:
            content: bytes = file.read()
        return content

    def __contains__(self, name: object) -> bool:  # without it, asking whether it is there would read it
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _is_there(name: str) -> bool:
    try:
        return default_storage.exists(name)
    except SuspiciousFileOperation:  # a name that leads out of our folder
        return False
