"""The names of downloaded files, which say what the file is, so that people recognise it in a folder years later."""

import re
from typing import Final

from django.utils.text import slugify

from reporting.formats import ReportFormat
from reporting.models import Edition

DASHES: Final = re.compile(r"[\u2010-\u2015\u2212]")
"""Hyphens, dashes and the minus sign that Unicode has beside "-"; ``slugify`` would join the words on either side of them."""


def file_name(edition: Edition, face: ReportFormat) -> str:
    """Return the name: the strategy, the round, what the file is, the edition's number."""
    strategy = slugify(DASHES.sub("-", edition.round.strategy.title))
    return f"{strategy}-{edition.round.slug}-{face.document}-edition-{edition.number}.{face.extension}"
