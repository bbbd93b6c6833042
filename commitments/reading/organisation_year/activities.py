"""What else an organisation did and told in a year: actions, parts in commitments, figures, answers, meetings and money."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import Prefetch, Q
from django.utils import timezone

from commitments.models import (
    Action,
    Attendance,
    Award,
    DeliveryPartner,
    IndicatorValue,
    Point,
    Reaffirmation,
    Response,
    SectorView,
    Signatory,
)
from commitments.reading.awards import money
from commitments.reading.organisation_year.shapes import YearItem, YearPart
from commitments.rules import status as statuses
from commitments.rules.indicators import say_figure
from partners.models import Appointment, Organisation
from vcsportal.common.addresses import address
from vcsportal.common.dates import in_words

Days = tuple[date, date]


def activities_in_year(organisation: Organisation, first: date, last: date) -> list[YearPart]:
    """Return what there is of each kind. A query for each, and one more for the replies to charters."""
    parts = [YearPart(heading, tuple(find(organisation, (first, last)))) for heading, find in _KINDS]
    return [part for part in parts if part.items]


def _moments(days: Days) -> tuple[datetime, datetime]:
    """Return the first and the last moment of a period here."""
    first, last = (datetime.combine(day, at) for day, at in zip(days, (time.min, time.max), strict=True))
    return timezone.make_aware(first), timezone.make_aware(last)


def _span(first: date | None, ended: date | None, *, since: str = "Since") -> str:
    """Return how long something lasts; ``ended`` is the first day on which it no longer does."""
    if ended is None:
        return f"{since} {in_words(first)}" if first else ""
    return f"From {in_words(first)} until {in_words(ended)}" if first else f"Until {in_words(ended)}"


def _actions(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    in_year = Q(done_on__range=days) | Q(dropped_on__range=days) | Q(due_on__range=days, dropped_on=None, done_on=None)
    rows = Action.objects.filter(in_year, owner_organisation=organisation).select_related("commitment__strategy")
    for row in sorted(rows, key=lambda row: (row.done_on or row.dropped_on or row.due_on, row.pk)):
        ends = (("Done", row.done_on), ("Dropped", row.dropped_on), ("Due", row.due_on))
        when = next(f"{what} on {in_words(day)}" for what, day in ends if day)
        yield YearItem(
            title=row.title, url=address("commitments:action", row.commitment.strategy.slug, row.commitment.key, row.pk), when=when,
            commitments=(str(row.commitment),), text=row.dropped_why,
        )  # fmt: skip


def _delivers(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    rows = DeliveryPartner.objects.between(*days).filter(organisation=organisation)
    for row in rows.select_related("commitment__strategy").order_by("commitment__strategy", "commitment__number", "pk"):
        yield YearItem(
            title=str(row.commitment),
            url=row.commitment.get_absolute_url(),
            when=_span(row.started_on, row.ended_on),
            facts=(("Part", row.get_role_display()), ("Strategy", row.commitment.strategy.title)),
            text=row.pledge,
        )


def _figures(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    rows = IndicatorValue.objects.filter(
        organisation=organisation, state="approved", round__observes_to__range=days
    ).select_related("indicator__strategy", "round", "area")
    for row in rows.order_by("round__observes_to", "indicator__code", "pk"):
        indicator = row.indicator
        said = say_figure(row, kind=indicator.kind, unit=indicator.unit, scale=indicator.scale)
        yield YearItem(
            title=f"{indicator.code} {indicator.title}",
            url=indicator.get_absolute_url(),
            when=row.round.label,
            where=row.area.name if row.area else "",
            facts=(("Figure", said),),
            text=row.note,
        )


def _views(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    rows = SectorView.objects.filter(organisation=organisation, withdrawn_at=None, said_at__range=_moments(days))
    for row in rows.select_related("commitment__strategy", "round").order_by("said_at", "pk"):
        yield YearItem(
            title=f"{row.commitment}: {row.round.label}",
            url=row.commitment.get_absolute_url(),
            when=in_words(timezone.localdate(row.said_at)),
            facts=(("How we see it", statuses.of(row.status).label),),
            text=row.reason,
        )


def _responses(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    rows = Response.objects.filter(organisation=organisation, state="given", given_at__range=_moments(days))
    for row in rows.select_related("commitment__strategy").order_by("given_at", "pk"):
        yield YearItem(
            title=str(row.commitment),
            url=row.get_absolute_url(),
            when=in_words(timezone.localdate(row.given_at)),
            facts=(("Our response", row.public_stance.label),),
            text=row.words,
        )


def _signatures(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    first, last = days
    affirmed = Reaffirmation.objects.filter(affirmed_at__range=_moments(days)).order_by("affirmed_at", "pk")
    rows = (
        Signatory.objects.lasting()
        .filter(Q(ended_on=None) | Q(ended_on__gt=first), organisation=organisation, signed_on__lte=last)
        .select_related("strategy")
        .prefetch_related(Prefetch("reaffirmations", affirmed, to_attr="affirmed"))
    )
    for row in rows.order_by("signed_on", "pk"):
        replies: list[Reaffirmation] = row.affirmed  # type: ignore[attr-defined]  # the prefetch above
        again = ", ".join(in_words(timezone.localdate(reply.affirmed_at)) for reply in replies)
        yield YearItem(
            title=row.strategy.title,
            url=row.strategy.get_absolute_url(),
            when=_span(row.signed_on, row.ended_on, since="Signed on"),
            facts=(("Confirmed again", again),) if again else (),
            text="\n\n".join(reply.words for reply in replies if reply.words),
        )


def _meetings(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    rows = Attendance.objects.filter(
        organisation=organisation, sent_apologies=False, engagement__state="written_up",
        engagement__starts_on__range=days,
    )  # fmt: skip
    for row in rows.select_related("engagement").order_by("engagement__starts_on", "pk"):
        meeting = row.engagement
        yield YearItem(
            title=meeting.title, url=meeting.get_absolute_url(), when=meeting.when, where=meeting.place,
            facts=(("As", row.post),) if row.post else (),
        )  # fmt: skip


def _seats(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    first, last = days
    rows = Appointment.objects.filter(
        Q(until=None) | Q(until__gt=first), organisation=organisation, starts_on__lte=last
    )
    for row in rows.select_related("seat__group__organisation").order_by("starts_on", "pk"):
        group = row.seat.group.organisation
        yield YearItem(
            title=group.name, url=group.get_absolute_url(), when=_span(row.starts_on, row.until),
            facts=(("As", row.post),) if row.post else (),
        )  # fmt: skip


def _points(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    rows = Point.objects.published().exclude(is_spam=True).filter(raised_by=organisation, raised_on__range=days)
    for row in rows.order_by("raised_on", "pk"):
        answer = row.response if row.is_answered else ""
        yield YearItem(
            title=row.kind_of.label, when=in_words(row.raised_on), text=row.public_words,
            facts=(("Answer", answer),) if answer else (),
        )  # fmt: skip


def _money(organisation: Organisation, days: Days) -> Iterator[YearItem]:
    rows: Any = Award.objects.current().filter(recipient=organisation, award_date__range=days)
    for row in rows.select_related("funding_organisation").order_by("award_date", "pk"):
        yield YearItem(
            title=row.title,
            url=row.get_absolute_url(),
            when=in_words(row.award_date),
            facts=(
                ("Amount", money(row.amount_awarded, row.currency)),
                ("Kind", row.get_kind_display()),
                ("From", row.funding_organisation.name),
            ),
            text=row.description,
        )


_KINDS: Final[tuple[tuple[str, Callable[[Organisation, Days], Iterator[YearItem]]], ...]] = (
    ("Actions that we own", _actions),
    ("What we help to deliver", _delivers),
    ("Figures that we gave", _figures),
    ("How we see the commitments", _views),
    ("Our responses to recommendations", _responses),
    ("What we have signed", _signatures),
    ("Seats that we hold", _seats),
    ("Meetings that we attended", _meetings),
    ("What we asked and said", _points),
    ("Money that we received", _money),
)
