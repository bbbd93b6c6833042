"""What people added to a year to report on: the sector's views, words confirmed unchanged, numbers beside the words."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from commitments.models import Commitment, Indicator, IndicatorTarget, IndicatorValue, Round
from commitments.services.delivery import set_partners
from commitments.services.partner_views import give_view
from commitments.services.progress import confirm_update
from commitments.services.update_approval import approve_update
from partners.models import User
from partners.services.roles import add_person_with_role
from tests.reporting.year import Year


def speak(year: Year, approver: User) -> None:
    """Let the first two organisations speak of 1.1 (the first sees it differently), confirm 2.1, count three things."""
    at = timezone.make_aware(datetime(year.round.closes_on.year, 5, 20, 11))
    one, confirmed = (year.strategy.commitments.get(reference=reference) for reference in ("1.1", "2.1"))
    _confirm(year, confirmed, approver, at)
    said = year.round.updates.published().filter(commitment=one).first()
    assert said is not None, "1.1 has an update in this year"
    set_partners(
        by=year.officer, at=at, commitment=one, partners=[(each, "delivers") for each in year.organisations[:2]]
    )
    for place, status in enumerate(("delayed", said.status)):
        organisation = year.organisations[place]
        lead = add_person_with_role(
            by=None, at=at, email=f"lead{place}@example.org", name=f"Lead {place}", role="partner_lead",
            organisation=organisation,
        )  # fmt: skip
        give_view(
            by=lead, at=at, commitment=one, round_=year.round, organisation=organisation, status=status,
            reason="We see it from the hall.", differs=place == 0, version=None,
        )  # fmt: skip
    _count(year, at, one)


def _confirm(year: Year, commitment: Commitment, approver: User, at: Any) -> None:
    """Take away what was said of it in the last round, and confirm the words of the round before."""
    update = year.round.updates.filter(commitment=commitment).first()
    if update is not None:
        type(update).objects.filter(pk=update.pk).update(
            state="expected", status="", version=0, saved_at=None, saved_by=None, submitted_at=None, submitted_by=None,
            published_at=None, published_by=None,
        )  # fmt: skip
    before = commitment.updates.published().order_by("-round__observes_from")[0]
    Commitment.objects.filter(pk=commitment.pk).update(status=before.status)
    fresh = Commitment.objects.get(pk=commitment.pk)
    update = confirm_update(by=year.officer, at=at, commitment=fresh, round_=year.round, version=0 if update else None)
    approve_update(by=approver, at=at + timedelta(hours=1), update=update)


def _count(year: Year, at: Any, commitment: Commitment) -> None:
    rooms = Indicator.objects.create(
        strategy=year.strategy,
        commitment=commitment,
        code="A",
        title="Rooms opened",
        unit="rooms",
        counting="cumulative",
    )
    share = Indicator.objects.create(
        strategy=year.strategy, commitment=commitment, code="B", title="Groups that find a room", kind="ratio"
    )
    complaints = Indicator.objects.create(
        strategy=year.strategy, priority=commitment.priority, code="C", title="Complaints", unit="complaints",
        direction="down",
    )  # fmt: skip
    for round_, added, aimed in zip(year.rounds[-2:], (30, 15), (40, 20), strict=True):
        _put(rooms, round_, at, year.officer, aim=aimed, value=added)
    last = year.rounds[-1]
    _put(share, last, at, year.officer, aim=50, value=25, numerator=12, denominator=48)
    _put(complaints, last, at, year.officer, aim=10, absent_reason="the desk kept no book")


def _put(indicator: Indicator, round_: Round, at: Any, by: User, *, aim: int, **figure: Any) -> None:
    IndicatorTarget.objects.create(indicator=indicator, round=round_, value=aim)
    numbers = {name: Decimal(said) if isinstance(said, int) else said for name, said in figure.items()}
    IndicatorValue.objects.create(
        indicator=indicator, round=round_, entered_at=at, entered_by=by, approved_at=at, approved_by=by, **numbers
    )
