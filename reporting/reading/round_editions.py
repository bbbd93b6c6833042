"""Editions as pages list them: draft, published or withdrawn, where to read them, and their files."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from reporting import formats
from reporting.models import Edition, Face
from reporting.reading.suspension import is_suspended
from reporting.workflow import EDITION_STATE, STANDING
from vcsportal.common.states import State


@dataclass(frozen=True, slots=True)
class EditionFile:
    """One file of an edition: its format, its row, its address, whether it is suspended, and when it was erased."""

    face: formats.ReportFormat
    kept: Face
    url: str
    suspended: bool = False
    erased_at: datetime | None = None


def standing(edition: Edition) -> State:
    """Return the state of an edition in one word: its progress or, once it has been made, whether it is published."""
    if edition.state != "ready":
        return EDITION_STATE[edition.state]
    if is_withdrawn(edition):
        return STANDING["withdrawn"]
    return STANDING["published" if edition.is_sealed else "draft"]


def is_withdrawn(edition: Edition) -> bool:
    """Whether it was published, and then withdrawn."""
    return hasattr(edition, "withdrawal")


def files(
    edition: Edition, codes: Collection[str] = tuple(formats.FORMAT_BY_CODE), suspended: frozenset[str] = frozenset()
) -> list[EditionFile]:
    """Return an edition's files in the order in which people look for them. Fetch it ``with_files``.

    :param suspended: the kinds of content that may not be shown (:mod:`reporting.reading.suspension`).
    """
    kept = {face.code: face for face in edition.faces.all()}
    return [
        EditionFile(
            formats.FORMAT_BY_CODE[code],
            kept[code],
            reverse("reporting:face", args=[edition.pk, code]),
            is_suspended(formats.FORMAT_BY_CODE[code], suspended, kept),
            kept[code].erasure.at if hasattr(kept[code], "erasure") else None,
        )
        for code in codes
        if code in kept
    ]


def of_round(round_id: int) -> list[Edition]:
    """Return a round's published editions, withdrawn ones too, the one published last first. Two queries."""
    return list(
        Edition.objects.filter(round=round_id, published_at__isnull=False)
        .defer("facts")
        .select_related("withdrawal")
        .with_files()
        .order_by("-published_at", "-id")
    )


def newest(editions: list[Edition]) -> Edition | None:
    """Return the edition that everybody is meant to read: the one published last that was not withdrawn."""
    return next((edition for edition in editions if not hasattr(edition, "withdrawal")), None)


def permanent(edition: Edition) -> str:
    """Return the address that always shows the newest published report of an edition's round."""
    return reverse("reporting:report", args=[edition.round.strategy.slug, edition.round.slug])


def read_at(edition: Edition, newest_pk: int | None) -> str:
    """Return where an edition is read: at the permanent address as long as it is the newest, else at its own."""
    return permanent(edition) if edition.pk == newest_pk else reverse("reporting:edition-read", args=[edition.pk])


def easy_at(edition: Edition, newest_pk: int | None) -> str:
    """Return where its easy summary is read."""
    if edition.pk == newest_pk:
        return reverse("reporting:report-easy", args=[edition.round.strategy.slug, edition.round.slug])
    return reverse("reporting:edition-easy", args=[edition.pk])
