"""Restore a backup: ``manage.py restore FILE [--identity KEYFILE] [--settings-to FILE] [--check]``."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reporting.services.stored_files import check_stored_files
from vcsportal.backup.archive import check
from vcsportal.backup.create import environment, key_of_settings
from vcsportal.backup.encryption import BackupFault, opened
from vcsportal.backup.restore import differing, restore
from vcsportal.common.stored_files import StoreUnavailable


class Command(BaseCommand):
    """Check a backup whole, then put it into an empty database and an empty folder of files."""

    help = (
        "Check a backup whole, then put it into an empty database and folder. Run it as the role that owns the tables."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, metavar="KEYFILE", help="a file with the secret key of age")
        parser.add_argument(
            "--settings-to", type=Path, metavar="FILE", help="write the settings in the backup to a file"
        )
        parser.add_argument(
            "--check", action="store_true", help="only check that the backup is whole and can be opened"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        key = key_of_settings(_identities(options["identity"]))
        try:
            if options["check"]:
                with options["file"].open("rb") as archive, opened(archive, key) as plain:
                    manifest = check(plain)
                self.stdout.write(f"Whole: {manifest.rows:,} rows and {manifest.files:,} files of {manifest.made_at}.")
                return
            manifest, said = restore(options["file"], key=key, say=self.stdout.write)
        except BackupFault as fault:
            raise CommandError(str(fault)) from fault
        except OSError as error:
            raise CommandError(f"{error.filename or 'A file'}: {error.strerror or error}.") from error
        if options["settings_to"]:
            _write_settings(options["settings_to"], said)
            self.stdout.write(f"The settings are in {options['settings_to']}. It contains passwords: keep it safe.")
        if names := differing(said, environment()):
            self.stdout.write(f"These settings are not what they were in the backup: {', '.join(names)}.")
        try:
            tally = check_stored_files(at=timezone.now(), progress=lambda line: self.stdout.write(f"WRONG  {line}"))
        except StoreUnavailable as away:
            raise CommandError(f"{away} All is restored, and not yet checked: run check_files.") from away
        self.stdout.write(tally.summary())
        if tally.wrong:
            raise CommandError("The database is restored, but files are missing or changed. They are named above.")
        self.stdout.write("Restored. Sign-in links and sessions work only if SECRET_KEY is the same.")


def _identities(place: Path | None) -> tuple[str, ...]:
    if place is None:
        return ()
    try:
        lines = [line.strip() for line in place.read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{place} could not be read: {error}.") from error
    return tuple(line for line in lines if line and not line.startswith("#"))


def _write_settings(place: Path, said: dict[str, str]) -> None:
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        for name, value in said.items():
            text = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            out.write(f'{name}="{text}"\n')
