"""Saved versions of the texts of a round's report, with what each changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from commitments.models import Round
from commitments.reading.review import ComparedText, marked
from reporting.models import TextVersion


@dataclass(frozen=True, slots=True)
class SavedText:
    """One saved version of a text: who saved it and when, and how it differs from the version before.

    ``compared`` is None for the first version, which has nothing to be compared with, and for those that are only named; ``text``
    is the whole text, and "" for those.
    """

    number: int
    by: str
    at: datetime
    text: str
    compared: ComparedText | None


def saved_texts(
    round_: Round,
    *,
    sections: Collection[str] | None = None,
    most: int | None = None,
    compared: int | None = None,
) -> dict[str, list[SavedText]]:
    """Return the saved versions of each section's text, the newest first, for texts that have several. One query.

    :param sections: the sections to read; all of them if None.
    :param most: how many versions of each text to return; all of them if None. No more are read than that, and one to compare.
    :param compared: how many of these have their text and what it changed, as comparing long texts takes time; all if None.
    """
    versions = (
        TextVersion.objects.filter(of__round=round_, of__version__gt=1)
        .select_related("by", "of")
        .order_by("of_id", "-version")
    )
    if sections is not None:
        versions = versions.filter(of__section__in=sections)
    if most is not None:
        versions = versions.filter(version__gte=F("of__version") - most)
    found: dict[str, list[TextVersion]] = {}
    for version in versions:
        found.setdefault(version.of.section, []).append(version)
    return {
        section: [
            _saved(row, before, whole=compared is None or place < compared)
            for place, (row, before) in enumerate(list(zip(rows, [*rows[1:], None], strict=True))[:most])
        ]
        for section, rows in found.items()
    }


def _saved(row: TextVersion, before: TextVersion | None, *, whole: bool) -> SavedText:
    if not whole:
        return SavedText(row.version, row.by.name, row.at, "", None)
    compared = ComparedText(f"Version {row.version}", *marked(before.text, row.text)) if before else None
    return SavedText(row.version, row.by.name, row.at, row.text, compared)
