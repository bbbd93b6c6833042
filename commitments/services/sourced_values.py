"""Adds, corrects and withdraws what sources say of a figure. Rows are never changed: a correction is a row of its own."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from commitments.content.sourced_figures import SourcedValueContent
from commitments.models import SourcedFigure, SourcedValue
from commitments.rules import indicators as numbers
from commitments.rules.sourced_figures import RANK, check_qualifier, say_sourced
from commitments.rules.strand_counts import check_counts_things
from commitments.services.sourced_figures import MAX_REASON_CHARACTERS, held, plain, record, saved
from partners.models import User
from partners.services.sources import checked_words
from vcsportal.common.words import Invalid, NotNow

MAX_PERIOD_CHARACTERS: Final = 120
MAX_WORDS_CHARACTERS: Final = 1000
MAX_PLACE_CHARACTERS: Final = 300
MAX_NOTE_CHARACTERS: Final = 500
FIRST_YEAR, LAST_YEAR = 1801, 2100  # the first census to the last plan
FIELDS: Final = tuple(field.name for field in fields(SourcedValueContent))


@transaction.atomic
def add_sourced_value(
    *,
    by: User | None,
    at: datetime,
    figure: SourcedFigure,
    content: SourcedValueContent,
    beside: SourcedValue | None = None,
    version: int | None = None,
) -> SourcedValue:
    """Add one value, as :func:`add_sourced_values` does."""
    return add_sourced_values(by=by, at=at, figure=figure, contents=[content], beside=beside, version=version)[0]


@transaction.atomic
def add_sourced_values(
    *,
    by: User | None,
    at: datetime,
    figure: SourcedFigure,
    contents: Sequence[SourcedValueContent],
    beside: SourcedValue | None = None,
    version: int | None = None,
) -> list[SourcedValue]:
    """Add what a source says of a figure. ``by=None`` is the portal's own loader.

    What is added at once is shown at once. A breakdown by strand with small numbers has to be: in steps, they would give each
    other away, and it would be withheld.

    :param beside: what another source says of the same thing as the first of the values; both are shown together, and the page
        says how they differ.
    :param version: the figure's version that the person read.
    :raises Refused: without the right, for what is no number of the figure's kind, and for one that says neither day nor period.
    """
    figure = held(by, figure, version)
    checked = [_checked(figure, content) for content in contents]
    if beside is not None:
        _check_beside(figure, checked[0], beside)
    values = [
        _write(by, at, figure, content, beside=None if place else beside) for place, content in enumerate(checked)
    ]
    saved(figure)
    for value in values:
        record(by=by, at=at, figure=figure, act="figure_value", said=said_of(figure, value))
    return values


@transaction.atomic
def correct_sourced_value(
    *,
    by: User | None,
    at: datetime,
    value: SourcedValue,
    content: SourcedValueContent,
    reason: str,
    version: int | None = None,
) -> SourcedValue:
    """Put a corrected row in the place of one that was wrong; the old one stays on record. Errors as in :func:`add_sourced_value`.

    What was entered for the wrong area or strand is withdrawn and added again: a count by strand never becomes anything else.

    :param version: the figure's version that the person read. :class:`NotNow` for a row that was corrected before.
    """
    figure = held(by, value.figure, version)
    value = _current(value)
    reason = _reason(reason, "Say what was wrong. Everyone can read the reason.")
    _check_same_thing(value, content)
    content = _checked(figure, content)
    corrected = _write(by, at, figure, content, beside=value.beside, replaces=value, reason=reason)
    saved(figure)
    said = {"was": said_of(figure, value), "now": said_of(figure, corrected)}
    record(by=by, at=at, figure=figure, act="figure_correct", reason=reason, said=said)
    return corrected


@transaction.atomic
def take_back_value(
    *, by: User, at: datetime, value: SourcedValue, reason: str, version: int | None = None
) -> SourcedValue:
    """Withdraw a value, with a reason; the row stays on record. Return the row that says so."""
    figure = held(by, value.figure, version)
    value = _current(value)
    reason = _reason(reason, "Say why it is being withdrawn. Everyone can read the reason.")
    row = SourcedValue.objects.create(
        figure=figure, area=value.area, strand=value.strand, replaces=value, reason=reason, entered_at=at, entered_by=by
    )
    saved(figure)
    record(by=by, at=at, figure=figure, act="figure_take_back", reason=reason, said={"was": said_of(figure, value)})
    return row


def said_of(figure: SourcedFigure, value: SourcedValue) -> dict[str, Any]:
    """Return what the history keeps of a value."""
    kept = {name: getattr(value, name) for name in FIELDS if getattr(value, name) not in (None, "")}
    return plain({"figure": say_sourced(value, kind=figure.kind, unit=figure.unit), **kept})


def _current(value: SourcedValue) -> SourcedValue:
    """Return a row as it is now; raise :class:`NotNow` if it was corrected or taken back already."""
    found = (
        SourcedValue.objects.current().select_related("area", "strand", "source", "beside").filter(pk=value.pk).first()
    )
    if found is None:
        raise NotNow("This value has been corrected already. Open the figure to see what it says now.")
    return found


def _reason(reason: str, missing: str) -> str:
    tidy = checked_words(reason, "reason", MAX_REASON_CHARACTERS)
    if not tidy:
        raise Invalid(missing, field="reason")
    return tidy


def _write(
    by: User | None, at: datetime, figure: SourcedFigure, content: SourcedValueContent, **values: Any
) -> SourcedValue:
    entered = {name: getattr(content, name) for name in FIELDS}
    return SourcedValue.objects.create(figure=figure, entered_at=at, entered_by=by, **entered, **values)


def _check_same_thing(value: SourcedValue, content: SourcedValueContent) -> None:
    for field in ("strand", "area"):
        if getattr(content, field) != getattr(value, field):
            raise Invalid(f"A correction is for the same {field}. Withdraw this value, then add another.", field=field)


def _check_beside(figure: SourcedFigure, content: SourcedValueContent, beside: SourcedValue) -> None:
    if content.strand is not None:
        raise Invalid("A number for a strand can’t stand next to another source’s.", field="beside")
    if beside.figure_id != figure.pk or (beside.area, beside.strand) != (content.area, content.strand):
        raise Invalid("Choose a value of the same figure, for the same area or strand.", field="beside")
    if beside.beside_id is not None:
        raise Invalid("Choose the first of the values that are shown together.", field="beside")


def _checked(figure: SourcedFigure, content: SourcedValueContent) -> SourcedValueContent:
    value, numerator, denominator = _number(figure, content)
    check_qualifier(content.qualifier)
    if content.strand is not None:
        _check_strand(figure, content, value)
    period = checked_words(content.period, "period", MAX_PERIOD_CHARACTERS)
    starts_on, ends_on = _days(content.starts_on, content.ends_on)
    if starts_on is None and not period:
        raise Invalid("Say which date or period it is for: a date, or words such as “mid-2019”.", field="starts_on")
    return SourcedValueContent(
        value, numerator, denominator, content.qualifier, starts_on, ends_on, period,
        checked_words(content.words, "words", MAX_WORDS_CHARACTERS), content.source,
        checked_words(content.source_place, "source_place", MAX_PLACE_CHARACTERS),
        checked_words(content.note, "note", MAX_NOTE_CHARACTERS), content.area, content.strand,
    )  # fmt: skip


def _number(
    figure: SourcedFigure, content: SourcedValueContent
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Return a value with its parts, as it is kept."""
    parts = content.numerator, content.denominator
    if figure.kind != RANK:
        kind = figure.kind
        given = numbers.IndicatorFigure(None if kind == "ratio" else content.value, *parts)
        found = numbers.checked(given, kind=kind)
        return found.value, found.numerator, found.denominator
    place, of = parts
    if place is None or of is None:
        raise Invalid("Enter both numbers: the place, and how many there are.", field="numerator")
    if place != int(place) or of != int(of) or not 1 <= place <= of:
        raise Invalid("The place must be a whole number, no higher than how many there are.", field="numerator")
    return numbers.check_number(place), numbers.check_number(place), numbers.check_number(of)


def _check_strand(figure: SourcedFigure, content: SourcedValueContent, value: Decimal | None) -> None:
    """Raise :class:`Invalid` for a breakdown whose small numbers could not be found and hidden."""
    if content.area is not None:
        raise Invalid("Choose an area or a strand, not both: together they could identify people.", field="area")
    check_counts_things(figure.kind, figure.unit)
    if value is None or value < 0 or value != int(value) or content.qualifier:
        raise Invalid("By strand, enter a whole number, without “about” or “over”.", field="value")


def _days(starts_on: date | None, ends_on: date | None) -> tuple[date | None, date | None]:
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Invalid(f"Check the year: {day.year} can’t be right.", field=name)
    if ends_on is not None and starts_on is None:
        raise Invalid("Enter the first day too.", field="starts_on")
    if ends_on is not None and starts_on is not None and ends_on < starts_on:
        raise Invalid("The last day comes before the first.", field="ends_on")
    return starts_on, None if ends_on == starts_on else ends_on
