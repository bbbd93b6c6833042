"""Writes the table of strands, with history, in one transaction. Rows are ended, never deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from partners import roles
from partners.models import Source, Strand, User
from partners.permissions import check_permission_anywhere
from partners.services.history import write_history
from partners.services.sources import checked_words
from vcsportal.common.words import Conflict, Invalid, NotNow

MAX_WORDS_CHARACTERS: Final = 120
MAX_DEFINITION_CHARACTERS: Final = 600
MAX_PLACE_CHARACTERS: Final = 300
NOT_YOURS: Final = "Only an administrator can change the strands."


@dataclass(frozen=True, slots=True)
class StrandContent:
    """What is said of a strand: its name, what it means, and where that comes from."""

    words: str
    definition: str = ""
    source: Source | None = None
    source_place: str = ""


@transaction.atomic
def add_strand(*, by: User | None, at: datetime, content: StrandContent, code: str = "") -> Strand:
    """Add a strand after the last one. ``by=None`` is the portal's own loader; ``code`` is made from the words where none is given.

    Raise :class:`Refused` without the right, and :class:`Invalid` for one without words or with those of another strand.
    """
    _check_right(by)
    content = _checked(content)
    _check_once(content.words)
    last = Strand.objects.aggregate(last=Max("number"))["last"] or 0
    made = Strand.objects.create(
        code=code or _free_code(content.words),
        number=last + 1,
        made_on=timezone.localdate(at),
        words=content.words,
        definition=content.definition,
        source=content.source,
        source_place=content.source_place,
    )
    write_history(at, by, "strand added", detail=made.words)
    return made


@transaction.atomic
def edit_strand(
    *, by: User | None, at: datetime, strand: Strand, content: StrandContent, version: int | None = None
) -> Strand:
    """Change what is said of a strand, wherever it is named. Errors as in :func:`add_strand`; what is the same writes nothing.

    :param version: the one that the person read; :class:`Conflict` if someone has saved another since.
    """
    strand = _held(by, strand, version)
    content = _checked(content)
    _check_once(content.words, but=strand)
    now = {name: getattr(content, name) for name in ("words", "definition", "source", "source_place")}
    was = {name: getattr(strand, name) for name, value in now.items() if getattr(strand, name) != value}
    if not was:
        return strand
    for name in was:
        setattr(strand, name, now[name])
    strand.version += 1
    strand.save()
    said = "; ".join(f"{name}: “{old or ''}” → “{now[name] or ''}”" for name, old in was.items())
    write_history(at, by, "strand changed", detail=f"{strand.code}: {said}")
    return strand


@transaction.atomic
def end_strand(*, by: User | None, at: datetime, strand: Strand, version: int | None = None) -> Strand:
    """Stop offering a strand from today. What was recorded under it stays. Raise :class:`NotNow` for one that has ended."""
    strand = _held(by, strand, version)
    if strand.ended_on is not None:
        raise NotNow("This strand has already ended.")
    strand.ended_on = timezone.localdate(at)
    strand.version += 1
    strand.save()
    write_history(at, by, "strand ended", detail=strand.words)
    return strand


def _check_right(by: User | None) -> None:
    if by is not None:
        check_permission_anywhere(by, roles.MANAGE_ORGANISATIONS, NOT_YOURS)


def _held(by: User | None, strand: Strand, version: int | None) -> Strand:
    _check_right(by)
    strand = Strand.objects.select_for_update(of=("self",)).select_related("source").get(pk=strand.pk)
    if version is not None and version != strand.version:
        raise Conflict("Someone has changed this strand since you opened it. Check what it says now, then save again.")
    return strand


def _checked(content: StrandContent) -> StrandContent:
    words = " ".join(checked_words(content.words, "words", MAX_WORDS_CHARACTERS).split())
    if not words:
        raise Invalid("Enter a name for the strand.", field="words")
    return StrandContent(
        words,
        checked_words(content.definition, "definition", MAX_DEFINITION_CHARACTERS),
        content.source,
        checked_words(content.source_place, "source_place", MAX_PLACE_CHARACTERS),
    )


def _check_once(words: str, but: Strand | None = None) -> None:
    others = Strand.objects.filter(words__iexact=words, ended_on__isnull=True).values_list("pk", flat=True)
    if {*others} - {but.pk if but else 0}:
        raise Invalid(f"There is already a strand called “{words}”.", field="words")


def _free_code(words: str) -> str:
    base = slugify(words)[:34].strip("-") or "strand"
    taken = set(Strand.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
