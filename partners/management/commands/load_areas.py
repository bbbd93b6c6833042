"""Load areas, such as districts and counties: ``manage.py load_areas [FILE …]``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from partners.area_file import read
from partners.services.areas import load_areas
from vcsportal.common import plurals
from vcsportal.common.data_file import Faulty, read_text

AREA_FILES = Path(__file__).resolve().parents[2] / "areas"


class Command(BaseCommand):
    """Reads each file, names every fault in it, and writes a file only when there is none."""

    help = "Load districts, counties and other areas with their GSS codes. Without a file, load those that come with the portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a file of areas (TOML)")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        for file in files or sorted(AREA_FILES.glob("*.toml")):
            try:
                entries = read(read_text(file))
                changes = load_areas(by=None, at=timezone.now(), entries=entries)
            except Faulty as faulty:
                raise CommandError(f"{file} has faults. Nothing of it was written.\n{faulty}") from faulty
            for change in changes:
                self.stdout.write(change)
            self.stdout.write(
                f"{file.stem}: {plurals.counted(len(entries), 'area')}. {'Loaded.' if changes else 'Nothing changed.'}"
            )
