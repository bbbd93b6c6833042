"""Enters, supplies, approves and returns figures. Defining indicators has its own module."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from commitments.models import (
    Indicator,
    IndicatorValue,
    Round,
)
from commitments.permissions.indicators import (
    check_can_judge_value,
    check_can_supply_value,
    delivers,
    enters_values_at_once,
)
from commitments.rules import indicators as rules
from commitments.rules import workflow
from commitments.rules.indicators import IndicatorFigure
from commitments.services.figure_emails import send_returned_figure
from commitments.services.files_named import from_file
from commitments.services.indicator_definitions import (
    IndicatorDefinition,
    TargetInput,
    define_indicator,
    edit_indicator,
    set_targets,
)
from commitments.services.indicator_history import history, plain
from commitments.services.indicator_strands import breakdown_said, remember_breakdown, strands_after
from commitments.services.locks import lock_round_by_id
from partners import roles
from partners.models import Area, Organisation, User
from partners.permissions import organisations_for
from vcsportal.common.saving_together import held_once, hold_known
from vcsportal.common.words import Conflict, Invalid, NotNow

__all__ = [
    "FigureInput",
    "IndicatorDefinition",
    "TargetInput",
    "approve_value",
    "check_is_entered",
    "define_indicator",
    "edit_indicator",
    "enter_values",
    "organisation_for",
    "return_value",
    "set_targets",
]


@dataclass(frozen=True, slots=True)
class FigureInput:
    """What somebody says was counted of an indicator. ``version`` is the one that they saw, None for "there was none".

    ``strands`` are its counts by the codes of strands; None leaves those that are stored.
    """

    indicator: Indicator
    figure: IndicatorFigure
    area: Area | None = None
    note: str = ""
    version: int | None = None
    strands: Mapping[str, Any] | None = None


def organisation_for(person: User, indicator: Indicator) -> Organisation | None:
    """Return the person's organisation that helps to deliver what the indicator belongs to, if there is one."""
    own = organisations_for(person, roles.SUPPLY_VALUES)
    found = set(delivers(indicator).filter(organisation__in=own).values_list("organisation_id", flat=True))
    return next((organisation for organisation in own if organisation.pk in found), None)


def check_is_entered(indicator: Indicator) -> None:
    """Raise :class:`NotNow` for what the portal counts itself."""
    if indicator.counts:
        raise NotNow(f"The portal counts {indicator.code} itself when the round closes, so nobody enters a figure.")


@transaction.atomic
def enter_values(
    *, by: User, at: datetime, round_: Round, entries: Iterable[FigureInput], file: str = ""
) -> list[IndicatorValue]:
    """Enter what was counted in a round; what a partner supplies waits for an officer. Return what was written.

    Raise :class:`Refused` without the right, outside the round, or for what is no figure; :class:`Conflict` if
    another person's figure has come between. Entering the same again changes nothing.

    :param file: the name of the spreadsheet that they come from, for the history.
    """
    written = []
    round_ = lock_round_by_id(round_.pk)
    for entry in entries:
        indicator = _lock_indicator(entry.indicator.pk)
        organisation = None if enters_values_at_once(by, indicator.strategy) else organisation_for(by, indicator)
        check_can_supply_value(by, indicator, organisation)
        _check_round(by, at, indicator, round_, mends=_mends(organisation, indicator, round_, entry.area))
        check_is_entered(indicator)
        if entry.area and not indicator.by_district:
            raise Invalid(f"{indicator.code} is not counted by district.", field="area")
        figure = rules.checked(entry.figure, kind=indicator.kind, scale=indicator.scale)
        if value := _enter(by, at, indicator, round_, entry, figure, organisation, file):
            written.append(value)
    return written


def locked_indicators() -> QuerySet[Indicator]:
    """Return the indicators as a query that locks them."""
    return Indicator.objects.select_for_update(of=("self",)).select_related("strategy")


def value_key(indicator_id: int, round_id: int, area_id: int | None) -> tuple[str, int, int, int | None]:
    """Return the key under which a figure, or that there is none, is remembered while rows are saved together."""
    return ("value", indicator_id, round_id, area_id)


def _lock_indicator(indicator_id: int) -> Indicator:
    return held_once((Indicator, indicator_id), lambda: locked_indicators().get(pk=indicator_id))


def _enter(
    by: User,
    at: datetime,
    indicator: Indicator,
    round_: Round,
    entry: FigureInput,
    figure: IndicatorFigure,
    organisation: Organisation | None,
    file: str,
) -> IndicatorValue | None:
    place = value_key(indicator.pk, round_.pk, entry.area.pk if entry.area else None)
    stored = held_once(
        place, lambda: IndicatorValue.objects.filter(indicator=indicator, round=round_, area=entry.area).first()
    )
    to = "proposed" if organisation else "approved"
    by_strand = strands_after(indicator, stored, entry.strands, figure.value)
    same = stored and _figure(stored) == figure and stored.by_strand == by_strand
    if stored and same and stored.note == entry.note and stored.state == to:
        return None  # the second click of two
    if stored and organisation and stored.organisation_id != organisation.pk:  # not a word of what another has supplied
        raise NotNow(
            f"There is a figure for {indicator.code} in {round_.label} already. If it is wrong, write to the council."
        )
    if (entry.version or None) != (stored.version if stored else None):
        who = stored.entered_by.name if stored and stored.entered_by else "Somebody"
        stands = "there is none any more"
        if stored:
            stands = rules.say_figure(stored, kind=indicator.kind, unit=indicator.unit, scale=indicator.scale)
        raise Conflict(
            f"{who} has entered {indicator.code} for {round_.label} while you were writing: {stands}. "
            "Read it, then decide whether yours should take its place."
        )
    was = _said(stored) if stored else {}
    if stored and organisation:
        workflow.check_act(workflow.VALUE_ACT["propose"], stored.state, what="value")
    value = stored or IndicatorValue(indicator=indicator, round=round_, area=entry.area, version=0)
    from_state = value.state if stored else ""
    remember_breakdown(value, by_strand)
    value.by_strand = by_strand
    value.value, value.numerator, value.denominator = figure.value, figure.numerator, figure.denominator
    value.absent_reason, value.note, value.state, value.state_reason = figure.absent_reason, entry.note, to, ""
    value.entered_at, value.entered_by, value.version = at, by, value.version + 1
    value.organisation = organisation
    value.approved_at, value.approved_by = (None, None) if organisation else (at, by)
    value.save()
    hold_known({place: value})
    history(
        by=by, at=at, act="propose" if organisation else "figure", indicator=indicator, round_=round_,
        from_state=from_state, to_state=to, said={"was": was, "now": _said(value), **from_file(file)},
    )  # fmt: skip
    return value


def _mends(organisation: Organisation | None, indicator: Indicator, round_: Round, area: Area | None) -> bool:
    """Whether the organisation's figure was sent back; it can be mended until the round closes, as an update can."""
    back = IndicatorValue.objects.filter(indicator=indicator, round=round_, area=area, state="returned")
    return round_.state == "in_review" and organisation is not None and back.filter(organisation=organisation).exists()


def _check_round(by: User, at: datetime, indicator: Indicator, round_: Round, *, mends: bool) -> None:
    today = timezone.localdate(at)
    if round_.strategy_id != indicator.strategy_id:
        raise Invalid("This round belongs to another strategy.", field="round")
    if enters_values_at_once(by, indicator.strategy):
        if round_.state == "closed":
            raise NotNow(f"The {round_.label} round is closed, so its figures cannot change.")
        if round_.observes_from > today:
            raise NotNow(f"The {round_.label} round has not started, so there is nothing to count yet.")
    elif not (mends or round_.takes_updates(today)):
        raise NotNow(f"The {round_.label} round is not accepting figures today.")


@transaction.atomic
def approve_value(*, by: User, at: datetime, value: IndicatorValue, version: int | None = None) -> IndicatorValue:
    """Let a figure that a partner supplied count. Return it.

    :param version: the version that the person saw; None skips the comparison.
    """
    value = _judged(by, value, "approve", version)
    value.approved_at, value.approved_by = at, by
    value.save(update_fields=["state", "state_reason", "version", "approved_at", "approved_by"])
    _judged_history(by, at, value, "approve", "proposed")
    return value


@transaction.atomic
def return_value(
    *, by: User, at: datetime, value: IndicatorValue, reason: str, version: int | None = None
) -> IndicatorValue:
    """Send a figure back to the partner who supplied it, with the reason; what was approved no longer counts."""
    if not reason.strip():
        raise Invalid("Say what needs to change. The partner will read it.", field="reason")
    if len(reason.strip()) > 300:
        raise Invalid("Use 300 characters or fewer.", field="reason")
    was = value.state
    value = _judged(by, value, "return", version)
    if value.organisation_id is None:
        raise NotNow("No partner supplied this figure, so it can't be sent back. Enter the right one instead.")
    value.state_reason = reason.strip()
    value.approved_at = value.approved_by = None
    value.save(update_fields=["state", "state_reason", "version", "approved_at", "approved_by", "earlier_strands"])
    _judged_history(by, at, value, "return", was)
    send_returned_figure(at=at, by=by, value=value)
    return value


def _judged(by: User, value: IndicatorValue, act: str, version: int | None) -> IndicatorValue:
    lock_round_by_id(value.round_id)
    value = (
        IndicatorValue.objects.select_for_update(of=("self",))
        .select_related("indicator__strategy", "round", "organisation", "area", "entered_by")
        .get(pk=value.pk)
    )
    check_can_judge_value(by, value)
    if version is not None and version != value.version:
        raise Conflict("Someone has changed this figure since you read it. Read it again, then decide.")
    if value.round.state == "closed":
        raise NotNow(f"The {value.round.label} round is closed, so its figures cannot change.")
    workflow.check_act(workflow.VALUE_ACT[act], value.state, what="value")
    remember_breakdown(value)
    value.state, value.state_reason, value.version = workflow.VALUE_ACT[act].to, "", value.version + 1
    return value


def _judged_history(by: User, at: datetime, value: IndicatorValue, act: str, was: str) -> None:
    history(
        by=by, at=at, act=f"{act}_value", indicator=value.indicator, round_=value.round, from_state=was,
        to_state=value.state, reason=value.state_reason, said={"now": _said(value)},
    )  # fmt: skip


def _figure(value: IndicatorValue) -> IndicatorFigure:
    return IndicatorFigure(value.value, value.numerator, value.denominator, value.absent_reason)


def _said(value: IndicatorValue) -> dict[str, Any]:
    names = ("value", "numerator", "denominator", "absent_reason", "note")
    said = {name: getattr(value, name) for name in names if getattr(value, name) not in (None, "")}
    if value.area:
        said["area"] = value.area.name
    return {**plain(said), **breakdown_said(value)}
