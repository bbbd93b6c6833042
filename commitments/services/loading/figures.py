"""Writes the figures with sources of a strategy's file, and the awards under them.

What people have changed in the portal stays as it is there, with a note; what the file leaves out stays too.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from commitments.content.sourced_figures import AwardContent, SourcedFigureContent, SourcedValueContent
from commitments.models import Award, Commitment, HistoryEntry, SourcedFigure, SourcedValue, Strategy
from commitments.services.awards import add_award, content_of, edit_award
from commitments.services.loading.closing import LoadOutcome
from commitments.services.loading.points import commitments_by_name
from commitments.services.sourced_figures import FIELDS, add_figure, edit_figure
from commitments.services.sourced_values import FIELDS as VALUE_FIELDS
from commitments.services.sourced_values import add_sourced_value, correct_sourced_value
from commitments.strategy_file.figures import AwardEntry, FigureEntry, FigureValueEntry
from partners.models import Area, Organisation, Source, Strand, User
from vcsportal.common.words import Invalid, NotNow

CORRECTED: Final = "The strategy’s file was corrected."
KEY: Final = ("area", "strand", "starts_on", "ends_on", "period", "source", "source_place")
"""What tells the values of a figure apart; a value with another of these is another value."""


class FiguresLoading:
    """One load of a strategy's figures: goes through them, writes, and gathers what was done in ``done``."""

    def __init__(
        self, by: User | None, at: datetime, strategy: Strategy, sources: Mapping[str, Source], done: LoadOutcome
    ) -> None:
        self.by, self.at, self.strategy, self.sources, self.done = by, at, strategy, sources, done
        self.figures: dict[str, SourcedFigure] = {}
        self.commitments: dict[str, Commitment] = {}
        self.areas: dict[str, Area] = {}
        self.strands: dict[str, Strand] = {}

    def load(self, entries: tuple[FigureEntry, ...]) -> None:
        """Bring figures, values and awards in step with the file. Doing it twice changes nothing."""
        if not entries:
            return
        known = SourcedFigure.objects.filter(strategy=self.strategy).select_related("part_of")
        self.figures = {figure.code: figure for figure in known}
        self.commitments = commitments_by_name(self.strategy)
        self.areas = {area.gss_code: area for area in Area.objects.order_by("id")}
        self.strands = {strand.code: strand for strand in Strand.objects.order_by("id")}
        for entry in entries:
            try:
                self._figure(entry)
            except Invalid as refused:
                self.done.faults.append(entry.fault(refused.field, refused.sentence))

    def _figure(self, entry: FigureEntry) -> None:
        plain = {name: getattr(entry, name) for name in FIELDS if name != "part_of"}
        content = SourcedFigureContent(**plain, part_of=self.figures.get(entry.part_of))
        figure = self.figures.get(entry.code)
        if figure is None:
            figure = add_figure(by=self.by, at=self.at, strategy=self.strategy, content=content, code=entry.code)
            self.done.changes.append(f"Added the figure “{entry.title}”.")
        elif figure.ended_at is not None or self._people_changed(figure):
            self._note(figure, entry, content)
            self._awards(figure, entry)
            return
        elif any(getattr(figure, name) != getattr(content, name) for name in FIELDS):
            figure = edit_figure(by=self.by, at=self.at, figure=figure, content=content)
            self.done.changes.append(f"Amended the figure “{entry.title}”.")
        self.figures[entry.code] = figure
        self._values(figure, entry)
        self._awards(figure, entry)

    def _people_changed(self, figure: SourcedFigure) -> bool:
        return HistoryEntry.objects.filter(figure=figure, award__isnull=True, by__isnull=False).exists()

    def _note(self, figure: SourcedFigure, entry: FigureEntry, content: SourcedFigureContent) -> None:
        differs = any(getattr(figure, name) != getattr(content, name) for name in FIELDS)
        there = self._there(figure)
        for value in entry.values:
            found = self._content(value)
            row = there.get(self._key(found))
            differs = differs or row is None or _said(row) != _said(found)
        if differs:
            self.done.notes.append(
                f"People have changed the figure “{figure.title}”, so it stays as it is in the portal."
            )

    def _there(self, figure: SourcedFigure) -> dict[tuple[Any, ...], SourcedValue]:
        rows = figure.values.current().select_related("area", "strand", "source").as_entered()
        return {self._key(row): row for row in rows}

    def _values(self, figure: SourcedFigure, entry: FigureEntry) -> None:
        there, before = self._there(figure), None
        for value in entry.values:
            try:
                content = self._content(value)
                row = there.get(self._key(content))
                if row is None:
                    beside = before if value.beside else None
                    row = add_sourced_value(by=self.by, at=self.at, figure=figure, content=content, beside=beside)
                    self.done.changes.append(f"Added a value of the figure “{entry.title}”.")
                elif _said(row) != _said(content):
                    row = correct_sourced_value(by=self.by, at=self.at, value=row, content=content, reason=CORRECTED)
                    self.done.changes.append(f"Corrected a value of the figure “{entry.title}”.")
                before = before if value.beside else row
            except Invalid as refused:
                self.done.faults.append(value.fault(refused.field, refused.sentence))

    def _content(self, value: FigureValueEntry) -> SourcedValueContent:
        if value.area and value.area not in self.areas:
            raise Invalid(
                f"“{value.area}” is not an area that the portal knows. Load it first with manage.py load_areas.",
                field="area",
            )
        plain = {name: getattr(value, name) for name in VALUE_FIELDS if name not in {"source", "area", "strand"}}
        if plain["value"] is None and plain["numerator"] is None:
            raise Invalid("has no number.", field="value")
        return SourcedValueContent(
            **plain,
            source=self.sources.get(value.source),
            area=self.areas.get(value.area),
            strand=self.strands.get(value.strand),
        )

    def _key(self, value: Any) -> tuple[Any, ...]:
        return tuple(getattr(value, name) for name in KEY)

    def _awards(self, figure: SourcedFigure, entry: FigureEntry) -> None:
        if not entry.awards:
            return
        rows = figure.awards.select_related("recipient", "funding_organisation", "source").order_by("id")
        there = {award.identifier: award for award in rows}
        slugs = {award.recipient for award in entry.awards if award.recipient}
        organisations = {found.slug: found for found in Organisation.objects.filter(slug__in=slugs)}
        for award in entry.awards:
            try:
                self._award(figure, award, there.get(award.identifier), organisations)
            except Invalid as refused:
                self.done.faults.append(award.fault(refused.field, refused.sentence))
            except NotNow as refused:
                self.done.faults.append(award.fault("", refused.sentence))

    def _award(
        self, figure: SourcedFigure, entry: AwardEntry, row: Award | None, organisations: Mapping[str, Organisation]
    ) -> None:
        content = self._award_content(entry, organisations)
        if row is None:
            add_award(by=self.by, at=self.at, figure=figure, content=content)
            self.done.changes.append(f"Added the {entry.kind} “{entry.title}”.")
        elif row.withdrawn_at is not None or row.history.filter(by__isnull=False).exists():
            was = content_of(row)
            if row.withdrawn_at is not None or any(
                getattr(was, name) != getattr(content, name) for name in ("title", "amount_awarded", "award_date")
            ):
                self.done.notes.append(
                    f"People have changed the {entry.kind} “{row.title}”, so it stays as it is in the portal."
                )
        elif edit_award(by=self.by, at=self.at, award=row, content=content).version != row.version:
            self.done.changes.append(f"Amended the {entry.kind} “{entry.title}”.")

    def _award_content(self, entry: AwardEntry, organisations: Mapping[str, Organisation]) -> AwardContent:
        if entry.recipient and entry.recipient not in organisations:
            raise Invalid(f"“{entry.recipient}” is not an organisation in the portal. Add it first.", field="recipient")
        for name, known, what in (
            ("districts", self.areas, "an area that the portal knows"),
            ("commitments", self.commitments, "a commitment of this strategy"),
        ):
            for code in getattr(entry, name):
                if code not in known:
                    raise Invalid(f"“{code}” is not {what}.", field=name)
        if entry.amount_awarded is None:
            raise Invalid("has no amount.", field="amount_awarded")
        plain: dict[str, Any] = {
            name: getattr(entry, name)
            for name in (
                "kind", "identifier", "title", "award_date", "description", "currency", "planned_from", "planned_to",
                "recipient_name", "recipient_identifier", "grant_programme", "notice",
            )
        }  # fmt: skip
        return AwardContent(
            **plain,
            amount_awarded=entry.amount_awarded,
            recipient=organisations.get(entry.recipient),
            districts=tuple(self.areas[code] for code in dict.fromkeys(entry.districts)),
            commitments=tuple(self.commitments[name] for name in dict.fromkeys(entry.commitments)),
            source=self.sources.get(entry.source),
        )


def _said(value: Any) -> tuple[Any, ...]:
    """Return what is compared of a value; of a share and a rank, the value follows from its parts."""
    number = value.numerator if value.numerator is not None else value.value
    return number, value.denominator, value.qualifier, value.words, value.note
