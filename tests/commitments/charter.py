"""A charter with one principle and one closed round, for tests about signatures."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from commitments.models import Commitment, Priority, Round, Signatory, Strategy
from partners.models import Organisation

OPENED = date(2026, 4, 1)
LAST_DAY = date(2026, 3, 31)
"""The last day of the period that the round observes."""


def at(day: date, hour: int = 12) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def make_charter(owner: Organisation, slug: str = "the-compact") -> Strategy:
    """Return a charter of this organisation with one principle, P1."""
    charter = Strategy.objects.create(
        slug=slug, kind="charter", title="The Compact", vision="Working well together.", source="Written for a test.",
        starts_on=date(2022, 4, 1), ends_on=date(2027, 3, 31), owner=owner,
    )  # fmt: skip
    part = Priority.objects.create(strategy=charter, number=1, title="What we uphold")
    Commitment.objects.create(
        strategy=charter, priority=part, key="early-talks", number=1, reference="P1", wording="Talk early.",
        short_title="Talk early", ongoing=True,
    )  # fmt: skip
    return charter


def make_charter_round(charter: Strategy, year: int = 2025, state: str = "planned") -> Round:
    """Return a yearly round that observes from April of ``year`` and opens the day after its period."""
    return Round.objects.create(
        strategy=charter, slug=f"{year}-{(year + 1) % 100}", observes_from=date(year, 4, 1),
        observes_to=date(year + 1, 3, 31), opens_on=date(year + 1, 4, 1), closes_on=date(year + 1, 6, 3),
        grace_until=date(year + 1, 6, 10), state=state, closings=1 if state == "closed" else 0,
    )  # fmt: skip


def signed(charter: Strategy, organisation: Organisation, day: date | None = None, **more) -> Signatory:
    """Return a signature that stands since ``day``; since long ago if it is not given."""
    return Signatory.objects.create(
        strategy=charter, organisation=organisation, signed_on=day or OPENED - timedelta(400),
        recorded_at=at(OPENED), **more,
    )  # fmt: skip
