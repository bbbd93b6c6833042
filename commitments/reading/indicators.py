"""Indicators for pages: each round's figure with its target, in words, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol

from django.db.models import QuerySet
from django.urls import reverse

from commitments.models import Commitment, Indicator, IndicatorTarget, IndicatorValue, Priority, Round
from commitments.reading.indicator_words import Cell, IndicatorSummary, summarise
from commitments.reading.strand_breakdowns import strands_of
from commitments.rules import indicators as rules
from partners import roles
from partners.models import Area, User
from partners.permissions import has_permission_anywhere
from vcsportal.common.prepared_queries import PreparedQuery


class EnteredFigure(Protocol):
    """What :class:`~commitments.services.indicators.FigureInput` and others know of a figure that is not kept yet."""

    @property
    def indicator(self) -> Indicator: ...
    @property
    def figure(self) -> rules.IndicatorFigure: ...
    @property
    def area(self) -> Any: ...


def panels(
    *,
    slug: str,
    commitment: Commitment | None = None,
    priority: Priority | None = None,
    until: Round | None = None,
    today: date | None = None,
) -> list[IndicatorSummary]:
    """Return the indicators of a commitment or of a priority itself, in three queries; one where there is none.

    :param slug: of their strategy.
    :param until: leaves out the rounds after this one, whose targets are named as later ones.
    """
    owner: dict[str, Any] = {"commitment": commitment} if commitment else {"priority": priority}
    return told_of(list(Indicator.objects.filter(**owner).order_by("id")), slug=slug, until=until, today=today)


def told_of(
    indicators: Sequence[Indicator],
    *,
    slug: str,
    until: Round | None = None,
    today: date | None = None,
    given: Iterable[EnteredFigure] = (),
) -> list[IndicatorSummary]:
    """Return what is to be said of these indicators, in two queries, or three where a figure is broken down by strand.

    Small numbers of strands are hidden.

    :param given: figures that are not saved yet and replace those of ``until``.
    """
    if not indicators:
        return []
    narrowed: dict[str, Any] = {"indicator__in": indicators, "area": None}
    later: dict[int, list[IndicatorTarget]] = {}
    targets: dict[int, dict[int, IndicatorTarget]] = {}
    values: dict[int, dict[int, Any]] = {}
    rounds: dict[int, dict[int, Round]] = {}
    for target in IndicatorTarget.objects.filter(**narrowed).select_related("round"):
        if until and target.round.observes_from > until.observes_from:
            later.setdefault(target.indicator_id, []).append(target)
            continue
        targets.setdefault(target.indicator_id, {})[target.round_id] = target
        rounds.setdefault(target.indicator_id, {})[target.round_id] = target.round
    if until:
        narrowed["round__observes_from__lte"] = until.observes_from
    counted = list(IndicatorValue.objects.approved().filter(**narrowed).select_related("round"))
    strands = strands_of(counted)
    for value in counted:
        values.setdefault(value.indicator_id, {})[value.round_id] = value
        rounds.setdefault(value.indicator_id, {})[value.round_id] = value.round
    for entry in given:
        if until and entry.area is None:
            values.setdefault(entry.indicator.pk, {})[until.pk] = entry.figure
            rounds.setdefault(entry.indicator.pk, {})[until.pk] = until
    return [
        summarise(
            indicator,
            sorted(rounds.get(indicator.pk, {}).values(), key=lambda r: (r.observes_from, r.pk)),
            targets.get(indicator.pk, {}),
            values.get(indicator.pk, {}),
            slug=slug,
            today=today,
            later=later.get(indicator.pk, ()),
            strands=strands,
        )
        for indicator in indicators
    ]


def of_commitment_in(
    commitment: Commitment, round_: Round, *, given: Iterable[EnteredFigure] = ()
) -> list[tuple[IndicatorSummary, Cell]]:
    """Return each indicator of a commitment that has something to say in a round, with that round, in three queries."""
    found = told_of(
        list(commitment.indicators.order_by("id")), slug=commitment.strategy.slug, until=round_, given=given
    )
    return [(summary, cell) for summary in found for cell in summary.cells if cell.round == round_.slug]


def districts_asked(indicator: Indicator, today: date) -> list[Area]:
    """Return the districts for which a figure is asked for: those that the strategy's owner serves, or all; none where the
    indicator is not counted by district.
    """
    if not indicator.by_district:
        return []
    districts = Area.objects.districts().in_force(today)
    return list(districts.filter(organisations=indicator.strategy.owner_id) or districts)


def missed_targets(commitment: Commitment, round_: Round, given: Iterable[EnteredFigure] = ()) -> tuple[str, ...]:
    """Return the targets of a commitment that were missed in a round, in a few words each, in three queries.

    :param given: what somebody is about to send and is not kept yet (``FiguresForm.entries``).
    """
    found = []
    for summary, cell in of_commitment_in(commitment, round_, given=given):
        if cell.verdict == rules.MISSED:
            if summary.cumulative:
                said = cell.like_said or f"{cell.total_said} by now against a target of {cell.aim_total_said}"
            else:
                said = f"{cell.actual_said} against a target of {cell.target_said}"
            found.append(f"{summary.title}, {said}")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A figure that waits for a person's decision, as a line of a task list."""

    title: str
    detail: str
    url: str
    at: datetime


def waiting_for(person: Any) -> list[Waiting]:
    """Return what partners supplied and this person may approve, the longest-waiting first, in one query."""
    if not has_permission_anywhere(person, roles.REVIEW_EVIDENCE):
        return []
    found = IndicatorValue.objects.judged_by(person).proposed().exclude(entered_by=person)
    return _waiting(_with_names(found), "supplied by", "commitments:value-review")


def returned_to(person: Any) -> list[Waiting]:
    """Return what was sent back to the person's organisations, in one query."""
    held = person.grants if isinstance(person, User) else []
    own = [
        grant.organisation_id
        for grant in held
        if grant.role in roles.PARTNER_ROLES and roles.SUPPLY_VALUES in grant.may
    ]
    if not own:
        return []
    return _waiting(_RETURNED(organisations=own), "returned to", "commitments:indicator-values")


def _with_names(found: QuerySet[IndicatorValue]) -> QuerySet[IndicatorValue]:
    return found.select_related("indicator__strategy", "round", "organisation", "area").only(
        "entered_at", "indicator__code", "indicator__title", "indicator__strategy__slug", "round__slug",
        "round__title", "organisation__name", "area__name",
    )  # fmt: skip


_RETURNED: Final = PreparedQuery(
    lambda organisations: _with_names(
        IndicatorValue.objects.filter(
            state="returned", organisation__in=organisations, round__state__in=["open", "in_review"]
        ).order_by("entered_at", "id")
    )
)


def _waiting(rows: Iterable[IndicatorValue], word: str, door: str) -> list[Waiting]:
    return [
        Waiting(
            title=f"{row.indicator.code} {row.indicator.title}" + (f", {row.area.name}" if row.area else ""),
            detail=f"{row.round.label}, {word} {row.organisation.name if row.organisation else 'a partner'}",
            url=reverse(
                door,
                args=[row.pk]
                if door.endswith("review")
                else [row.indicator.strategy.slug, row.indicator.code, row.round.slug],
            ),
            at=row.entered_at,
        )
        for row in rows
    ]
