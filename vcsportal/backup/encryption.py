"""The outside of an archive: two lines of text, then an age file. Written and read as a stream, in constant memory.

The first line names the format. The second is empty where the archive is for recipients' keys; where it is for a passphrase it
holds, encrypted by that passphrase, the key that was made for this one archive. What follows is the age format
(https://age-encryption.org/v1): whatever is cut off, added or changed is noticed when it is read.
"""

import base64
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any, Final

import pyrage

FORMAT: Final = b"vcsportal backup 1\n"
MAX_LINE_BYTES: Final = 4_096


class BackupFault(Exception):
    """An archive can't be made or used; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Key:
    """What an archive is made for, or opened with.

    ``recipients`` are age's public keys ("age1…"), ``identities`` its secret keys ("AGE-SECRET-KEY-1…").
    """

    recipients: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()
    passphrase: str = ""


class _Flow(threading.Thread):
    """Encrypts or decrypts a stream while another thread reads or writes the plain end."""

    def __init__(self, work: Any, *, closes: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._work, self._closes = work, closes
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # told to whoever waits for it
            self.error = error
        finally:
            try:
                self._closes.close()
            except OSError as error:
                self.error = self.error or error


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


def new_identity() -> Any:
    """Return a secret key for one archive, with which its maker can read it back and which is then forgotten."""
    return pyrage.x25519.Identity.generate()


@contextmanager
def sealed(out: IO[bytes], key: Key, own: Any) -> Iterator[IO[bytes]]:
    """Yield what is written plain and goes to ``out`` encrypted, for the key and for the maker's ``own`` identity.

    Raise :class:`BackupFault` without a key that can be used.
    """
    try:
        recipients: list[Any] = [pyrage.x25519.Recipient.from_str(recipient) for recipient in key.recipients]
    except Exception as error:
        raise BackupFault(f"A key in BACKUP_RECIPIENTS is not an age public key (age1…): {error}.") from error
    second = b"\n"
    if not recipients:
        if not key.passphrase:
            raise BackupFault(
                "Set BACKUP_RECIPIENTS to age public keys, or BACKUP_PASSPHRASE. Backups are never made without encryption."
            )
        second = base64.b64encode(pyrage.passphrase.encrypt(str(own).encode(), key.passphrase)) + b"\n"
    recipients.append(own.to_public())
    out.write(FORMAT + second)
    reading, writing = _pipe()
    flow = _Flow(lambda: pyrage.encrypt_io(reading, out, recipients), closes=reading)
    flow.start()
    try:
        yield writing
    finally:
        with suppress(BrokenPipeError):
            writing.close()
        flow.join()
    if flow.error is not None:
        raise BackupFault(f"The archive could not be written: {flow.error}.") from flow.error


@contextmanager
def opened(archive: IO[bytes], key: Key, own: Any = None) -> Iterator[IO[bytes]]:
    """Yield an archive's content, decrypted with the key, or with its maker's ``own`` identity. Raise :class:`BackupFault` for a wrong key and for whatever was cut off or changed.

    The fault may show itself only at the end; what was read before it may not be used.
    """
    archive.seek(0)
    if archive.readline(MAX_LINE_BYTES) != FORMAT:
        raise BackupFault("This is not a backup of the portal, or the start of the file is damaged.")
    line = archive.readline(MAX_LINE_BYTES)
    identities = _identities(line, key) if own is None else [own]
    reading, writing = _pipe()

    def decrypt() -> None:
        pyrage.decrypt_io(archive, writing, identities)
        if archive.read(1):
            raise ValueError("something follows its end")

    flow = _Flow(decrypt, closes=writing)
    flow.start()
    failed: BaseException | None = None
    try:
        yield reading
    except Exception as error:
        failed = error
    if failed is None:
        while reading.read(1 << 20):  # to the end, where it is known to be whole
            pass
    flow.join(1.0 if failed is not None else None)  # if it still runs, it only waits for us, who read no further
    damaged = None if flow.is_alive() else flow.error
    reading.close()
    flow.join()
    if damaged is not None:
        raise BackupFault(
            f"The archive can’t be read: it is incomplete or has been changed, or this key does not open it ({damaged})."
        ) from damaged
    if failed is not None:
        raise failed


def _identities(line: bytes, key: Key) -> list[Any]:
    if line == b"\n":
        if not key.identities:
            raise BackupFault("This backup was made for a key. Name the file of the secret key with --identity.")
        try:
            return [pyrage.x25519.Identity.from_str(identity) for identity in key.identities]
        except Exception as error:
            raise BackupFault("The file named by --identity contains no age secret key (AGE-SECRET-KEY-1…).") from error
    if not key.passphrase:
        raise BackupFault("This backup was made with a passphrase. Set BACKUP_PASSPHRASE.")
    try:
        own = pyrage.passphrase.decrypt(base64.b64decode(line.rstrip(b"\n"), validate=True), key.passphrase)
        return [pyrage.x25519.Identity.from_str(own.decode())]
    except Exception as error:
        raise BackupFault("The passphrase does not open this backup, or the start of the file is damaged.") from error
