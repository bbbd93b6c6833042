"""Copy the files of a folder to where the portal keeps its files now: ``manage.py copy_files FOLDER``."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from shutil import copyfileobj
from typing import Any, Final

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from vcsportal.common import plurals, stored_files
from vcsportal.common.stored_files import CHUNK_BYTES, FileFolder, StoreUnavailable

OTHER: Final = "another file of this name is there"


class Command(BaseCommand):
    """Copy every file that is not there yet, and compare each with its copy, read back. Run again, it does the rest."""

    help = (
        "Copy the files of a folder into the bucket (or folder) that the settings name, and compare each with its copy."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the files are now, such as /data/files")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].resolve()
        own = stored_files.local_folder()
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        if own is not None and own.resolve() == folder:
            raise CommandError(
                f"The portal keeps its files in {folder}. Set FILES_BUCKET, so that there is somewhere to copy to."
            )
        copied = known = size = 0
        wrong: list[str] = []
        source = FileFolder(location=folder)
        try:
            for stored in source.files_in(""):
                if stored.is_unfinished:
                    continue
                with source.open(stored.name) as file:
                    was_there = default_storage.exists(stored.name)
                    if not was_there:
                        with stored_files.writing(stored.name) as out:
                            copyfileobj(file, out, CHUNK_BYTES)
                        file.seek(0)
                    checksum = _sha256(file)
                with default_storage.open(stored.name) as copy:
                    if _sha256(copy) != checksum:
                        wrong.append(stored.name)
                        self.stdout.write(f"WRONG {stored.name}: {OTHER}. Nothing was changed.")
                        continue
                copied, known, size = copied + (not was_there), known + was_there, size + stored.size
        except (StoreUnavailable, OSError) as error:
            raise CommandError(f"{error} Copied so far: {copied}. Run the command again for the rest.") from error
        self.stdout.write(
            f"Copied: {copied}. There already, and the same: {known}. {size:,} bytes in {stored_files.described()} were read back."
        )
        if wrong:
            counted = f"{plurals.counted(len(wrong), 'file')} {plurals.be(len(wrong))}"
            raise CommandError(f"{counted} not the same. The lines that begin with WRONG name them.")


def _sha256(file: Any) -> bytes:
    return hashlib.file_digest(file, "sha256").digest()
