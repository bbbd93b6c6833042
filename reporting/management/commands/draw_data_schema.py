"""Write the schema of the JSON file, or say that it is stale."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.exports import json_schema


class Command(BaseCommand):
    """Write the newest version's file from the declared columns, or with ``--check`` fail when it is stale."""

    help = "Write the JSON Schema of the report's JSON file from the declared columns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file, fresh = json_schema.file(), json_schema.text()
        if check:
            if not file.exists() or file.read_text(encoding="utf-8") != fresh:
                raise CommandError(
                    f"{file.name} is stale. If a release has it, raise the number of the schema; then run `manage.py draw_data_schema`."
                )
            self.stdout.write(f"{file.name} is in step with the tables.")
            return
        file.parent.mkdir(exist_ok=True)
        file.write_text(fresh, encoding="utf-8")
        self.stdout.write(f"Wrote {file.name}.")
