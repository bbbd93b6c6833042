"""Finds the edition that a checksum belongs to: that of a file, or of the facts, which every report prints on its last
page."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse

from reporting.formats import FORMAT_BY_CODE, FORMATS
from reporting.models import Edition
from reporting.permissions import can_download
from reporting.reading.suspension import is_suspended, suspended_contents

SHA256_CHARACTERS: Final = 64
_NAME = re.compile(r"^\s*sha-?256\s*[:=]?", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\u200b\u00ad\ufeff.:‐‑–—-]+")
_HEX = re.compile(r"[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """An edition that has the checksum; ``what`` is the name of the file, "" where it is the facts' own.

    ``suspended`` are the kinds of content that it shows and that may not be shown.
    """

    edition: Edition
    what: str
    council: str
    offered: bool
    suspended: frozenset[str] = frozenset()

    @property
    def files(self) -> list[dict[str, Any]]:
        """Its files in the table's order; an address for each that is offered."""
        made = {face.code: face for face in self.edition.faces.all()}
        return [
            {
                "label": about.label,
                "size": made[about.code].size,
                "sha256": made[about.code].sha256,
                "url": reverse("reporting:face", args=[self.edition.pk, about.code])
                if self.offered
                and not hasattr(made[about.code], "erasure")
                and not is_suspended(about, self.suspended, made)
                else "",
            }
            for about in FORMATS
            if about.code in made
        ]


def read_checksum(text: str) -> tuple[str, str]:
    """Return a checksum as people copy it in its one spelling, and "" or the sentence that says why it is none."""
    found = _BETWEEN.sub("", _NAME.sub("", text)).lower()
    if not found:
        return "", "Paste the checksum, or choose the file instead."
    if not _HEX.fullmatch(found):
        return found, "A checksum has only digits and the letters a to f. Copy it again, please."
    if len(found) != SHA256_CHARACTERS:
        return (
            found,
            f"A checksum has {SHA256_CHARACTERS} digits and letters. This has {len(found)}: some may be missing.",
        )
    return found, ""


def find_by_checksum(person: Any, checksum: str, today: date) -> list[VerifiedFile]:
    """Return the editions that have it and that ``person`` may know of, the newest first. Seven queries at most."""
    editions = (
        Edition.objects.visible_to(person)
        .filter(Q(facts_sha256=checksum) | Q(pk__in=_with_face(checksum)))
        .annotate(council=KeyTextTransform("council", KeyTextTransform("identity", "facts")))
        .select_related("round__strategy", "withdrawal")
        .with_files()
        .defer("facts")
        .order_by("-published_at", "-id")
    )
    found: list[Any] = list(editions)
    suspended = suspended_contents(found, today) if found else {}
    return [
        VerifiedFile(
            edition,
            _what(edition, checksum),
            edition.council or "",
            can_download(person, edition),
            suspended[edition.pk],
        )
        for edition in found
    ]


def _with_face(checksum: str) -> Any:
    return Edition.objects.filter(faces__sha256=checksum).values("pk")


def _what(edition: Edition, checksum: str) -> str:
    code = next((face.code for face in edition.faces.all() if face.sha256 == checksum), "")
    return FORMAT_BY_CODE[code].label if code in FORMAT_BY_CODE else code
