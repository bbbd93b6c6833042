"""Run as a process of its own: draw every face from facts in a file, on another day, and print each checksum.

It is given no database, so it also shows that nothing is asked of one.
"""

import json
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import django
import time_machine


def main(facts: str, files: str, day: str) -> None:
    with time_machine.travel(datetime.fromisoformat(day).replace(tzinfo=UTC), tick=True):
        django.setup()
        from django.conf import settings

        settings.MEDIA_ROOT = files
        from reporting.facts import from_json
        from reporting.formats import FORMATS
        from reporting.rendering.photographs import Photographs

        report = from_json(json.loads(Path(facts).read_text(encoding="utf-8")))
        made = {face.code: face.write(report, Photographs(report), None).content for face in FORMATS}
    print(json.dumps({code: sha256(content).hexdigest() for code, content in made.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
