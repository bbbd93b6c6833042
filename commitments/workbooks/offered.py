"""Which workbooks there are for a person here and now."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from commitments.models import DeliveryPartner, Indicator, Round, Strategy
from commitments.workbooks.kind import Scope, WorkbookKind
from commitments.workbooks.kinds import KINDS, may_use
from partners import roles
from partners.permissions import organisations_for, strategies_where


@dataclass(frozen=True, slots=True)
class Offer:
    """A workbook that the person may download and upload now, and what it is about."""

    kind: WorkbookKind
    scope: Scope


def offers(scope: Scope) -> list[Offer]:
    """Return the workbooks of a strategy; without one, those that are about none. Those of a round for each that is running."""
    found: list[Offer] = []
    rounds: list[Round] | None = None
    for kind in KINDS:
        if kind.of_strategy != (scope.strategy is not None):
            continue
        scopes = [Scope(scope.person, scope.today, scope.strategy)]
        if kind.of_round:
            if rounds is None:
                rounds = list(Round.objects.filter(strategy=scope.strategy).running().newest_first())
            scopes = [Scope(scope.person, scope.today, scope.strategy, round_) for round_ in rounds]
        found += [Offer(kind, each) for each in scopes if may_use(kind, each)]
    return found


def strategies_with_workbooks(person: Any) -> list[Strategy]:
    """Return the strategies with a running round whose updates or figures the person may fill in. One query, where there may be
    any.
    """
    own = organisations_for(person, roles.SUPPLY_VALUES)
    parts = DeliveryPartner.objects.current().filter(organisation__in=own, commitment__strategy=OuterRef("pk"))
    counted = Indicator.objects.filter(strategy=OuterRef("pk"))
    supplies = Q(Exists(parts)) & Q(Exists(counted)) if own else Q(pk__in=[])
    running = Exists(Round.objects.filter(strategy=OuterRef("pk")).running())
    where = strategies_where(person, roles.UPDATE_COMMITMENTS) | supplies
    return list(Strategy.objects.filter(where).filter(running).order_by("title", "id"))
