"""One body: the beginning in memory, the rest on the disk, and what neither takes still with its sender."""

import io
import tempfile
from typing import Any, BinaryIO, Final

IN_MEMORY_BYTES: Final = 1_048_576
"""Bytes."""


class Body:
    """Takes in a body piece by piece, and gives it out again as one."""

    def __init__(self) -> None:
        self._memory = io.BytesIO()
        self._disk: Any = None
        self._over = b""

    def add(self, piece: bytes) -> bool:
        """Keep a piece; False when the disk takes no more. The piece itself is never lost."""
        if self._disk is None and self._memory.tell() + len(piece) <= IN_MEMORY_BYTES:
            self._memory.write(piece)
            return True
        written = 0
        try:
            if self._disk is None:
                self._disk = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by close()
            while written < len(piece):
                written += self._disk.write(piece[written:])
        except OSError:
            self._over = piece[written:]
            return False
        return True

    def reader(self, source: Any = None) -> BinaryIO:
        """Return everything that was kept, followed by what ``source`` still has."""
        self._memory.seek(0)
        if self._disk is not None:
            self._disk.seek(0)
        parts = [self._memory, self._disk, io.BytesIO(self._over), source]
        return io.BufferedReader(_Joined([part for part in parts if part is not None]))

    def close(self) -> None:
        self._memory.close()
        if self._disk is not None:
            self._disk.close()


class _Joined(io.RawIOBase):
    """Several readers, one after the other."""

    def __init__(self, parts: list[Any]) -> None:
        self._parts = parts

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._parts:
            if data := self._parts[0].read(len(buffer)):
                buffer[: len(data)] = data
                return len(data)
            self._parts.pop(0)
        return 0
