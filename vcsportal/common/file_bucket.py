"""The portal's files in a bucket of any server that speaks S3, for portals on more than one machine.

A file is fetched whole before anything of it is used: what fails then is a fault that can still be answered with a sentence.
It is written by a single request whose checksum the server compares, so that it is there whole or not at all.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError as NoAnswer
from storages.backends.s3 import S3Storage

from vcsportal.common.stored_files import CHUNK_BYTES, ObjectFile, StoredFile, StoreUnavailable

logger = logging.getLogger(__name__)
T = TypeVar("T")
CONNECT_SECONDS: Final = 2
ANSWER_SECONDS: Final = 6
TRIES: Final = 2
"""Each with the two limits above: a bucket that does not answer holds nobody for longer than about a quarter of a minute."""
PAUSE_SECONDS: Final = 5.0
"""For which a bucket that could not be reached is not asked again, so that it holds one thread and not all."""
NAMES_AT_ONCE: Final = 1000
MEMORY_BYTES: Final = 4 << 20
"""A larger file goes to the machine's own disk while it is read."""
OBJECT_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})
CONFIG: Final = Config(
    signature_version="s3v4",
    connect_timeout=CONNECT_SECONDS,
    read_timeout=ANSWER_SECONDS,
    retries={"total_max_attempts": TRIES, "mode": "standard"},
    # Servers other than Amazon's refuse the checksums that came to the protocol later; the signed SHA-256 does as well.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"payload_signing_enabled": True},
    user_agent_extra="vcsportal",
)


class FileBucket(S3Storage):  # type: ignore[misc]  # the library has no types
    """Files in a bucket that is private: no access control list is sent, and no address of an object is ever given out."""

    def __init__(self, **options: Any) -> None:
        style = "path" if options.get("endpoint_url") else "auto"
        config = CONFIG.merge(Config(s3={**CONFIG.s3, "addressing_style": style}))
        super().__init__(**{"client_config": config, "default_acl": None, "querystring_auth": False, **options})
        self._making = threading.Lock()
        self._client: tuple[int, Any] | None = None
        self._away_until = 0.0

    @property
    def client(self) -> Any:
        """The client of this process, which all its threads share. One that was forked makes its own: connections can't be shared."""
        with self._making:
            if self._client is None or self._client[0] != os.getpid():
                session = self._create_session()
                made = session.client(
                    "s3", region_name=self.region_name, endpoint_url=self.endpoint_url, config=self.client_config
                )
                self._client = os.getpid(), made
            return self._client[1]

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        raise NotImplementedError("Files go out through views that ask who may see them.")

    def path(self, name: str) -> str:
        raise NotImplementedError("There is no folder.")

    def write(self, name: str, content: bytes) -> None:
        self._put(name, BytesIO(content))

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        with SpooledTemporaryFile(max_size=MEMORY_BYTES) as file:
            yield file
            file.seek(0)
            self._put(name, file)

    def _save(self, name: str, content: Any) -> str:
        with self.writing(name) as file:
            for chunk in content.chunks():
                file.write(chunk)
        return name

    def _open(self, name: str, mode: str = "rb") -> ObjectFile:
        """Fetch the whole object. Raise :class:`FileNotFoundError` if it is missing."""
        if mode != "rb":
            raise ValueError("A file of the bucket can only be read. It is written by write() or writing().")
        file: IO[bytes] = SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 - whoever opened it closes it
        try:
            changed, version = self._asked(partial(self._fetch, self._key(name), file), name)
        except BaseException:
            file.close()
            raise
        return ObjectFile(file, name, changed=changed, version=version)

    def _fetch(self, key: str, file: IO[bytes]) -> tuple[datetime, str]:
        answer = self.client.get_object(Bucket=self.bucket_name, Key=key)
        for chunk in answer["Body"].iter_chunks(CHUNK_BYTES):  # raises if fewer bytes come than were announced
            file.write(chunk)
        file.seek(0)
        changed: datetime = answer["LastModified"]
        return changed, f"{answer['ContentLength']} {answer['ETag']} {changed.isoformat()}"

    def exists(self, name: str) -> bool:
        return self._head(name) is not None

    def size(self, name: str) -> int:
        return int(self._known(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        changed: datetime = self._known(name)["LastModified"]
        return changed

    def delete(self, name: str) -> None:
        """Remove an object. One that is not there does no harm; raise :class:`OSError` if the bucket does not do it."""
        with _as_system_error(name):
            self._asked(partial(self.client.delete_object, Bucket=self.bucket_name, Key=self._key(name)), name)

    def files_in(self, folder: str) -> Iterator[StoredFile]:
        asked: dict[str, Any] = {"Bucket": self.bucket_name, "MaxKeys": NAMES_AT_ONCE}
        asked["Prefix"] = f"{self._key(folder)}/" if folder else ""
        while True:
            page = self._asked(partial(self.client.list_objects_v2, **asked), folder)
            for entry in page.get("Contents", ()):
                yield StoredFile(entry["Key"], entry["Size"], entry["LastModified"].timestamp())
            if not page.get("IsTruncated"):
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def answers(self) -> bool:
        try:
            self._asked(partial(self.client.head_bucket, Bucket=self.bucket_name), "")
        except (StoreUnavailable, FileNotFoundError):
            return False
        return True

    def local_folder(self) -> Path | None:
        return None

    def described(self) -> str:
        return f"the bucket {self.bucket_name}"

    def _put(self, name: str, file: Any) -> None:
        """Store a new object by one request.

        No name is used twice, as each has a random part or the number of an attempt; that it is asked here finds mistakes.
        """
        with _as_system_error(name):
            place = {"Bucket": self.bucket_name, "Key": self._key(name)}
            try:
                self._asked(partial(self.client.head_object, **place), name)
            except FileNotFoundError:
                self._asked(partial(self.client.put_object, **place, Body=file), name)
            else:
                raise FileExistsError(f"{name} is there already.")

    def _known(self, name: str) -> dict[str, Any]:
        found = self._head(name)
        if found is None:
            raise FileNotFoundError(name)
        return found

    def _head(self, name: str) -> dict[str, Any] | None:
        """Return what the bucket says of an object; None if it has no such object."""
        try:
            asked = partial(self.client.head_object, Bucket=self.bucket_name, Key=self._key(name))
            found: dict[str, Any] = self._asked(asked, name)
            return found
        except FileNotFoundError:
            if not self.answers():  # the answer is the same if there is no such bucket
                raise StoreUnavailable(f"There is no bucket {self.bucket_name}.") from None
            return None

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))

    def _asked(self, ask: Callable[[], T], name: str) -> T:
        """Return the answer. Raise :class:`FileNotFoundError` for what is missing, :class:`StoreUnavailable` for all else."""
        if time.monotonic() < self._away_until:
            raise StoreUnavailable("The store of the files could not be reached just now.")
        try:
            return ask()
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in OBJECT_MISSING:
                raise FileNotFoundError(name) from error
            logger.error("The store of the files refused %s: %s", name or "to answer", error)
            raise StoreUnavailable(f"The store of the files refused: {code or error}.") from error
        except (BotoCoreError, OSError) as error:
            if isinstance(error, NoConnection | NoAnswer):
                self._away_until = time.monotonic() + PAUSE_SECONDS
            logger.error("The store of the files could not be asked for %s: %s", name or "an answer", error)
            raise StoreUnavailable(f"The store of the files does not answer: {error}") from error


@contextmanager
def _as_system_error(name: str) -> Iterator[None]:
    """Turn what stops a change into :class:`OSError`, which is what a disk raises."""
    try:
        yield
    except StoreUnavailable as error:
        raise OSError(f"{name}: {error}") from error
