"""Tells the floor below which organisations own strategies and which support an owner, whenever a strategy is loaded."""

from collections.abc import Iterable
from datetime import datetime

from commitments.models import Strategy
from partners.kinds import PUBLIC_BODY
from partners.models import Organisation, User
from partners.services.strategy_ties import set_strategy_ties


def keep_ties(*, by: User | None, at: datetime, organisations: Iterable[int]) -> None:
    """Note on each of the organisations, given by their keys, whether it owns strategies or supports the owner of one.

    Part of loading a strategy, which has asked whether ``by`` may.
    """
    for organisation in Organisation.objects.filter(pk__in=set(organisations)).order_by("id"):
        supported = Strategy.objects.filter(supported_by=organisation).exclude(owner__kind=PUBLIC_BODY)
        set_strategy_ties(
            by=by,
            at=at,
            organisation=organisation,
            owns=Strategy.objects.filter(owner=organisation).exists(),
            supports=supported.exists(),
        )
