"""Earlier versions of the texts of a round's report, each with what it changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from commitments.models import Round
from commitments.reading.review import ComparedText, marked
from reporting.models import TextVersion


@dataclass(frozen=True, slots=True)
class SavedText:
    """One saved version of a text: who saved it and when, and how it differs from the version before.

    ``compared`` is None for the first version, where there is nothing to compare it with; ``text`` is the whole text.
    """

    number: int
    by: str
    at: datetime
    text: str
    compared: ComparedText | None


def saved_texts(
    round_: Round, *, sections: Collection[str] | None = None, most: int | None = None
) -> dict[str, list[SavedText]]:
    """Return the saved versions of each section's text, the newest first, for texts that have several. One query.

    :param sections: the sections to read; all of them if None.
    :param most: how many versions of each text to return; all of them if None.
    """
    versions = (
        TextVersion.objects.filter(of__round=round_, of__version__gt=1)
        .select_related("by", "of")
        .order_by("of_id", "-version")
    )
    if sections is not None:
        versions = versions.filter(of__section__in=sections)
    found: dict[str, list[TextVersion]] = {}
    for version in versions:
        found.setdefault(version.of.section, []).append(version)
    return {section: _compared(rows, most) for section, rows in found.items()}


def _compared(rows: list[TextVersion], most: int | None) -> list[SavedText]:
    """Compare each with the one before; only as many as are shown, as comparing long texts takes time."""
    return [
        SavedText(
            row.version,
            row.by.name,
            row.at,
            row.text,
            ComparedText(f"Version {row.version}", *marked(before.text, row.text)) if before else None,
        )
        for row, before in list(zip(rows, [*rows[1:], None], strict=True))[:most]
    ]
