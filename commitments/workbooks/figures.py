"""The workbook of a round's indicator figures: officers enter them, partners propose those of what they help to deliver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q

from commitments.models import DeliveryPartner, Indicator, IndicatorTarget, IndicatorValue
from commitments.permissions.indicators import enters_values_at_once
from commitments.rules import indicators as rules
from commitments.rules.indicators import IndicatorFigure
from commitments.rules.strand_counts import checked_counts
from commitments.services.indicators import FigureInput, enter_values, locked_indicators, value_key
from commitments.services.locks import lock_round_by_id
from commitments.workbooks.kind import Changed, SavedRow, Scope, Wanted, WorkbookKind
from partners import roles
from partners.models import Area, Strand
from partners.permissions import check_permission_anywhere, organisations_for
from vcsportal.common.saving_together import hold_known
from vcsportal.common.spreadsheets import SheetCell
from vcsportal.common.spreadsheets.columns import (
    SheetColumn,
    Thing,
    Use,
    plain_text,
    read_number,
    read_text,
    write_number,
)
from vcsportal.common.spreadsheets.comparison import ComparedRow
from vcsportal.common.spreadsheets.values import number_of, written
from vcsportal.common.words import Invalid, NotAllowed, NotNow


@dataclass(frozen=True, slots=True)
class FigureRow:
    """What a row is about: an indicator, perhaps for one district, and the figure that stands."""

    indicator: Indicator
    area: Area | None
    stored: IndicatorValue | None


def columns(scope: Scope) -> tuple[SheetColumn, ...]:
    """Return the columns; one for each strand where something is counted by strand."""
    return (
        SheetColumn("key", "Key", "Identifies the figure in this row.", Use.KEY, width=18),
        SheetColumn("indicator", "What is counted", "The indicator.", Use.SHOWN, width=44),
        SheetColumn("district", "District", "Where it is counted; empty for the whole.", Use.SHOWN, width=20),
        SheetColumn("unit", "Unit", "What the number counts.", Use.SHOWN, width=18),
        SheetColumn("last", "Last figure", "The last approved figure, and its round.", Use.SHOWN, width=30),
        SheetColumn("target", "Target", "The target for this round.", Use.SHOWN, width=24),
        SheetColumn(
            "value", "Figure", "A number alone, such as 12 or 1,204.5. For a share: how many. For a scale: the step.",
            reads=_read_figure, writes=write_number, width=14,
        ),
        SheetColumn("whole", "Out of", "For a share only: out of how many.", reads=read_number, writes=write_number, width=14),
        SheetColumn(
            "absent_reason", "Why there is no figure", "If there is none, say why and leave “Figure” empty.", longest=300,
            width=40,
        ),
        SheetColumn("note", "Note", "Anything people should know about the figure.", longest=300, width=40),
        *(
            SheetColumn(
                _column(strand.code), f"By strand: {strand.words}", "How many of the figure belong to it. Leave it empty if you do not know.",
                reads=read_number, writes=write_number, width=14,
            )
            for strand in _strands(scope)
        ),
    )  # fmt: skip


def _column(strand: str) -> str:
    return f"strand_{strand}"


def _strands(scope: Scope) -> list[Strand]:
    """Return the strands that are asked for; none where nothing is counted by strand."""

    def ask() -> list[Strand]:
        counted = _indicators(scope).filter(by_strand=True).order_by().exists()
        return list(Strand.objects.in_use(scope.in_round.observes_to)) if counted else []

    return scope.once("strands", ask)


def _read_figure(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    """Read a number, a percentage where the indicator is one, or the word of a scale's step."""
    indicator = thing.source.indicator if thing else None
    if indicator is not None and indicator.kind == "scale":
        text = read_text(cell, thing, today)
        return next((str(step["label"]) for step in indicator.scale if str(step["step"]) == text), text)
    percent = indicator is not None and (indicator.kind == "percentage" or indicator.unit == "%")
    number = number_of(cell, percent=percent)
    return "" if number is None else written(number)


def check_may(scope: Scope) -> None:
    """Officers, and partners who help to deliver something that is counted, while the round is under way."""
    round_ = scope.in_round
    if enters_values_at_once(scope.person, scope.of):
        if round_.state == "closed":
            raise NotNow(f"The {round_.label} round is closed, so its figures cannot change.")
        if round_.observes_from > scope.today:
            raise NotNow(f"The {round_.label} round has not started, so there is nothing to count yet.")
        return
    sentence = "You need to be a partner or a council officer to supply a figure."
    check_permission_anywhere(scope.person, roles.SUPPLY_VALUES, sentence)
    if not _indicators(scope).exists():
        raise NotAllowed("Your organisation does not help to deliver anything here that is counted.")
    if not round_.takes_updates(scope.today):
        raise NotNow(f"The {round_.label} round is not accepting figures today.")


def _indicators(scope: Scope) -> Any:
    found = Indicator.objects.filter(strategy=scope.of, counts="").order_by("id")
    if enters_values_at_once(scope.person, scope.of):
        return found
    own = organisations_for(scope.person, roles.SUPPLY_VALUES)
    parts = DeliveryPartner.objects.current().filter(organisation__in=own, commitment__strategy=scope.of)
    return found.filter(
        Q(commitment__in=parts.values("commitment"))
        | Q(commitment__isnull=True, priority__in=parts.values("commitment__priority"))
    )


def things(scope: Scope) -> Sequence[Thing]:
    """Return the figures that the person may enter or propose. Four queries; a fifth for the strands, if something is counted by them."""
    round_ = scope.in_round
    indicators = list(_indicators(scope).select_related("commitment", "priority"))
    districts = (
        list(Area.objects.districts().in_force(round_.observes_to)) if any(i.by_district for i in indicators) else []
    )
    values: dict[tuple[int, int | None], list[IndicatorValue]] = {}
    for value in (
        IndicatorValue.objects.visible_to(scope.person)
        .filter(indicator__in=indicators, round__observes_from__lte=round_.observes_from)
        .select_related("round", "entered_by")
        .order_by("-round__observes_from", "-id")
    ):
        values.setdefault((value.indicator_id, value.area_id), []).append(value)
    targets = {
        (target.indicator_id, target.area_id): target
        for target in IndicatorTarget.objects.filter(indicator__in=indicators, round=round_)
    }
    found = []
    for indicator in indicators:
        indicator.strategy = scope.of  # known already
        for area in (None, *(districts if indicator.by_district else ())):
            place = (indicator.pk, area.pk if area else None)
            found.append(_thing(scope, indicator, area, values.get(place, []), targets.get(place)))
    return found


def _thing(
    scope: Scope, indicator: Indicator, area: Area | None, values: Sequence[IndicatorValue], target: IndicatorTarget | None
) -> Thing:  # fmt: skip
    said: dict[str, Any] = {"kind": indicator.kind, "unit": indicator.unit, "scale": indicator.scale}
    stored = next((value for value in values if value.round_id == scope.in_round.pk), None)
    last = next((value for value in values if value.round_id != scope.in_round.pk and value.state == "approved"), None)
    key = f"{indicator.code}/{area.gss_code}" if area else indicator.code
    aim = rules.say_aim(target.value, **said) if target and target.value is not None else target.note if target else ""
    texts = {
        "key": key,
        "indicator": indicator.title,
        "district": area.name if area else "",
        "unit": {"ratio": "a share: how many, out of how many", "scale": "a step"}.get(indicator.kind, indicator.unit),
        "last": f"{rules.say_figure(last, **said)}, {last.round.label}" if last else "",
        "target": aim,
        **_figure_texts(indicator, stored),
        **_strand_texts(scope, indicator, stored),
    }
    choices = {"value": [str(step["label"]) for step in indicator.scale]} if indicator.kind == "scale" else {}
    name = f"{indicator.code} {indicator.title}" + (f", {area.name}" if area else "")
    source = FigureRow(indicator, area, stored)
    return Thing(key, name, {column: plain_text(text) for column, text in texts.items()}, choices, source)


def _figure_texts(indicator: Indicator, stored: IndicatorValue | None) -> dict[str, str]:
    if stored is None:
        return {"value": "", "whole": "", "absent_reason": "", "note": ""}
    value: str = plain_text(stored.numerator if indicator.kind == "ratio" else stored.value)
    if indicator.kind == "scale" and stored.value is not None:
        value = rules.step_label(indicator.scale, stored.value)
    return {
        "value": value,
        "whole": plain_text(stored.denominator) if indicator.kind == "ratio" else "",
        "absent_reason": stored.absent_reason,
        "note": stored.note,
    }


def _strand_texts(scope: Scope, indicator: Indicator, stored: IndicatorValue | None) -> dict[str, str]:
    """Return the counts by strand; those of a figure that is not the person's to change are for others to read."""
    keeps = stored and (enters_values_at_once(scope.person, scope.of) or stored.state != "approved")
    counts = stored.by_strand if stored and keeps else {}
    return {_column(strand.code): plain_text(counts.get(strand.code)) for strand in _strands(scope)}


def _counts(about: FigureRow, wanted: Wanted) -> dict[str, Any] | None:
    """Return the breakdown that a row asks for; None leaves the one that is there. Strands without a column stay."""
    given = {name.removeprefix(_column("")): text for name, text in wanted.items() if name.startswith(_column(""))}
    if not given:
        return None
    kept = about.stored.by_strand if about.stored else {}
    counts = {code: Decimal(text) for code, text in given.items() if text}
    return {**{code: count for code, count in kept.items() if code not in given}, **counts}


def _check_counts(about: FigureRow, wanted: Wanted, figure: IndicatorFigure) -> None:
    counts = _counts(about, wanted) or {}
    if counts and (about.area is not None or not about.indicator.by_strand):
        raise Invalid("This is not counted by strand. Leave it empty here.", field=_column(min(counts)))
    try:
        checked_counts(counts, figure.value)
    except Invalid as refused:
        raise Invalid(refused.sentence, field=_column(refused.field) if refused.field in counts else "value") from None


def _figure(indicator: Indicator, wanted: Wanted) -> IndicatorFigure:
    text, whole = wanted["value"], wanted["whole"]
    if indicator.kind == "ratio":
        return IndicatorFigure(
            numerator=Decimal(text) if text else None,
            denominator=Decimal(whole) if whole else None,
            absent_reason=wanted["absent_reason"],
        )
    if whole:
        raise Invalid("Only a share has a number in this column. Leave it empty here.", field="whole")
    if indicator.kind == "scale":
        text = next((str(step["step"]) for step in indicator.scale if str(step["label"]) == text), text)
    return IndicatorFigure(Decimal(text) if text else None, absent_reason=wanted["absent_reason"])


def check(scope: Scope, thing: Thing | None, wanted: Wanted, changed: Changed) -> None:
    """Raise ``Refused`` for a row that can't be saved."""
    if thing is None:
        raise Invalid("Rows can’t be added here.", field="key")
    indicator, stored = thing.source.indicator, thing.source.stored
    figure = _figure(indicator, wanted)
    if stored and figure == IndicatorFigure():
        now = rules.say_figure(stored, kind=indicator.kind, unit=indicator.unit, scale=indicator.scale)
        raise Invalid(f"There is a figure already ({now}). Change it, or say why there is none.", field="value")
    if len(wanted["note"]) > 300:
        raise Invalid(f"The note has {len(wanted['note'])} characters. The limit is 300.", field="note")
    rules.checked(figure, kind=indicator.kind, scale=indicator.scale)
    _check_counts(thing.source, wanted, figure)


def save(row: SavedRow) -> None:
    """Enter or propose one figure."""
    if row.thing is None:
        raise Invalid("Rows can’t be added here.", field="key")
    about: FigureRow = row.thing.source
    entry = FigureInput(
        about.indicator, _figure(about.indicator, row.wanted), about.area, note=row.wanted["note"],
        version=about.stored.version if about.stored else None, strands=_counts(about, row.wanted),
    )  # fmt: skip
    enter_values(by=row.scope.person, at=row.at, round_=row.scope.in_round, entries=[entry], file=row.file)


def read_ahead(scope: Scope, rows: Sequence[ComparedRow]) -> None:
    """Lock and read the round, the indicators and their figures in it."""
    about: list[FigureRow] = [row.thing.source for row in rows if row.thing is not None]
    round_ = lock_round_by_id(scope.in_round.pk)
    keys = {each.indicator.pk for each in about}
    hold_known({(Indicator, each.pk): each for each in locked_indicators().filter(pk__in=keys).order_by("pk")})
    stored = IndicatorValue.objects.filter(round=round_, indicator__in=keys).order_by("-pk")
    there = {(value.indicator_id, value.area_id): value for value in stored}
    places = [(each.indicator.pk, each.area.pk if each.area else None) for each in about]
    hold_known({value_key(indicator, round_.pk, area): there.get((indicator, area)) for indicator, area in places})


FIGURES: Final = WorkbookKind(
    code="figures",
    label="Figures",
    noun=("figure", "figures"),
    sheet="Figures",
    purpose="Enter the figures for the round. The last figures and the targets are shown next to each.",
    steps=(
        "Write a number and nothing else under “Figure”. If there is none, leave it empty and say why.",
        "An empty cell does not mean zero: nothing is recorded for it.",
    ),
    of_strategy=True,
    of_round=True,
    check_may=check_may,
    columns=columns,
    things=things,
    check=check,
    save=save,
    read_ahead=read_ahead,
)
