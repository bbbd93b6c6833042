"""Writes what is known of sources, with history, in one transaction."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.text import slugify

from partners import roles
from partners.models import Source, User
from partners.permissions import check_permission_anywhere
from partners.services.history import write_history
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Conflict, Invalid

LIMITS: Final[Mapping[str, int]] = {
    "title": 200, "publisher": 200, "period": 120, "url": 500, "licence": 120, "note": 1000,
}  # fmt: skip
"""The most characters of each text of a source."""
NOT_YOURS: Final = "Only the people responsible for a strategy, or an administrator, can add or change a source."


@dataclass(frozen=True, slots=True)
class SourceContent:
    """What is known of a source. ``published_on`` is None where only ``period`` says when."""

    title: str
    publisher: str = ""
    published_on: date | None = None
    period: str = ""
    url: str = ""
    licence: str = ""
    note: str = ""


@transaction.atomic
def add_source(*, by: User | None, at: datetime, content: SourceContent, slug: str = "") -> Source:
    """Add a source. ``by=None`` is the portal's own loader; ``slug`` is made from the title where none is given.

    Raise :class:`Refused` without the right, and :class:`Invalid` for a source without a title, one that says neither day nor
    period, or a text that is too long.
    """
    _check_right(by)
    content = _checked(content)
    made = Source.objects.create(slug=slug or _free_slug(content.title), **asdict(content))
    write_history(at, by, "source added", detail=f"{made.slug}: {made.title}")
    return made


@transaction.atomic
def edit_source(
    *, by: User | None, at: datetime, source: Source, content: SourceContent, version: int | None = None
) -> Source:
    """Correct what is said of a source, wherever it is named. Errors as in :func:`add_source`; what is the same writes nothing.

    :param version: the one that the person read; :class:`Conflict` if someone has saved another since.
    """
    _check_right(by)
    source = Source.objects.select_for_update().get(pk=source.pk)
    if version is not None and version != source.version:
        raise Conflict("Someone has changed this source since you opened it. Check what it says now, then save again.")
    now = asdict(_checked(content))
    was = {name: getattr(source, name) for name, value in now.items() if getattr(source, name) != value}
    if not was:
        return source
    for name in was:
        setattr(source, name, now[name])
    source.version += 1
    source.save()
    said = "; ".join(f"{name}: “{old}” → “{now[name]}”" for name, old in was.items())
    write_history(at, by, "source changed", detail=f"{source.slug}: {said}")
    return source


def _check_right(by: User | None) -> None:
    if by is not None:
        check_permission_anywhere(by, roles.MANAGE_COMMITMENTS, NOT_YOURS)


def _checked(content: SourceContent) -> SourceContent:
    texts = {name: checked_words(getattr(content, name), name, limit) for name, limit in LIMITS.items()}
    if not texts["title"]:
        raise Invalid("Enter the title of the source.", field="title")
    if content.published_on is None and not texts["period"]:
        raise Invalid("Say when it was published: a date, or a period in words.", field="published_on")
    if texts["url"] and not texts["url"].lower().startswith(("https://", "http://")):
        raise Invalid("Enter the whole address, beginning with https://.", field="url")
    return SourceContent(published_on=content.published_on, **texts)


def checked_words(text: str, field: str, limit: int) -> str:
    """Return a tidied text; raise :class:`Invalid` if it is longer than ``limit`` characters or holds what no one can type."""
    tidy = check_text(text, field=field)
    if len(tidy) > limit:
        raise Invalid(f"This has {len(tidy):,} characters. {limit:,} is the limit.", field=field)
    return tidy


def _free_slug(title: str) -> str:
    base = slugify(title)[:70].strip("-") or "source"
    taken = set(Source.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
