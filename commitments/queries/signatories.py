"""Who is asked to reaffirm a charter, and how many have signed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from commitments.models import Reaffirmation, Round, Signatory
from commitments.models.charters import SignatoryQuerySet
from partners.kinds import PUBLIC_BODY
from partners.standings import TAKES_PART


def signatories_asked(round_: Round) -> set[int]:
    """Return the organisations that a charter's round asks whether they still stand by it. One query, none for other kinds.

    Public bodies are left out, as in every round: their officers say it on the charter's page. So are those that don't take
    part: nobody there can answer.
    """
    if not round_.strategy.kind_of.signed:
        return set()
    asked = Signatory.objects.asked_in(round_).filter(organisation__standing=TAKES_PART)
    asked = asked.exclude(organisation__kind=PUBLIC_BODY)
    return set(asked.values_list("organisation_id", flat=True))


def replies_of_signatories(round_: Round, organisations: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the replies in a charter’s round by organisation: the answer, its time and who recorded it, as fields of a contribution.

    One query where there are organisations; none for other kinds of strategy.
    """
    if not organisations or not round_.strategy.kind_of.signed:
        return {}
    said = Reaffirmation.objects.filter(round=round_, signatory__ended_on__isnull=True)
    rows = said.filter(signatory__organisation__in=organisations).order_by("id")
    return {
        organisation: {"answer": "stands", "answered_at": at, "answered_by_id": by}
        for organisation, at, by in rows.values_list("signatory__organisation", "affirmed_at", "affirmed_by")
    }


def asked_to_reaffirm() -> Exists:
    """Return whether a contribution is the question to a signatory whether it still stands by a charter."""
    return Exists(_signature_asked())


def signature_asked() -> Coalesce:
    """Return the key of the signature that a contribution asks about, 0 where it asks what an organisation did."""
    return Coalesce(Subquery(_signature_asked().values("pk")[:1]), Value(0))


def _signature_asked() -> SignatoryQuerySet:
    return Signatory.objects.current().filter(
        strategy=OuterRef("round__strategy"), organisation=OuterRef("organisation"),
        signed_on__lt=OuterRef("round__opens_on"),
    )  # fmt: skip


def counted(what: str, round_: Round, today: date) -> Decimal:
    """Return what the portal counts for a round: its signatories on :func:`counting_day`, or those that reaffirmed in it.

    Those that ended after the round's window closed have reaffirmed in it: the report counts them, and what happens later
    never changes a figure, however often the round is closed again.

    :param what: a code of :data:`commitments.rules.charters.COUNTED`.
    """
    if what == "reaffirmed":
        stood = Q(signatory__ended_on__isnull=True) | Q(signatory__ended_on__gt=round_.closes_on)
        return Decimal(Reaffirmation.objects.filter(stood, round=round_).count())
    return Decimal(Signatory.objects.filter(strategy=round_.strategy_id).on(counting_day(round_, today)).count())


def counting_day(round_: Round, today: date) -> date:
    """Return the last day of the period that a round observes, or today while that has not come."""
    return min(round_.observes_to, today)
