"""A portal with a small year and a published report of it, made in seconds: for trials that need sealed files, not the demo story."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.stack import Stack, empty_portal

MAKE: Final = """
from django.utils import timezone
from reporting.models import Edition
from reporting.production import produce
from reporting.services.editions import request_edition
from tests.factories import make_council, seal
from tests.reporting.year import small_year
year, now = small_year(make_council()), timezone.now()
asked = request_edition(by=year.officer, at=now, round_=year.round)
assert produce(asked.pk)
seal(Edition.objects.get(pk=asked.pk), by=year.reviewer, at=now)
"""


@contextmanager
def portal_with_report(folder: Path) -> Iterator[Stack]:
    """Yield a portal that is not started: seven items of evidence, two photographs and a sealed edition."""
    with empty_portal(folder, template=os.environ["TEST_DATABASE_TEMPLATE"]) as stack:
        stack.manage("shell", "-v0", "-c", MAKE)
        yield stack
