"""Write the API's description as ``docs/openapi.json``, so that a change of the API is seen where code is reviewed."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vcsportal.api_docs import description
from vcsportal.common.api_examples import SITE

FILE = "docs/openapi.json"


def document() -> str:
    """Return the description as it is for a portal without a name of its own."""
    made = deepcopy(description())
    made["info"]["title"] = "Voluntary sector strategy portal: API"
    text = json.dumps(made, ensure_ascii=False, indent=1)
    return text.replace(settings.PORTAL_URL, SITE) + "\n"


class Command(BaseCommand):
    """Write ``docs/openapi.json``, or with ``--check`` fail when it is stale."""

    help = "Write docs/openapi.json from the API."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file, fresh = Path(settings.BASE_DIR) / FILE, document()
        if check:
            if not file.exists() or file.read_text(encoding="utf-8") != fresh:
                raise CommandError(f"{FILE} is stale. Run `manage.py draw_openapi` and commit the file.")
            self.stdout.write(f"{FILE} is in step with the API.")
            return
        file.write_text(fresh, encoding="utf-8")
        self.stdout.write(f"Wrote {FILE}.")
