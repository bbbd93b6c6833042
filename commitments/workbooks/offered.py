"""Which workbooks there are for a person here and now."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from commitments.models import DeliveryPartner, Indicator, Round, Strategy
from commitments.workbooks.kind import Scope, WorkbookKind
from commitments.workbooks.kinds import KINDS, may_use
from partners import roles
from partners.permissions import organisations_for, strategies_where, takes_part_as_partner_alone
from vcsportal.common.prepared_queries import PreparedQuery


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
    own = [organisation.pk for organisation in organisations_for(person, roles.SUPPLY_VALUES)]
    if takes_part_as_partner_alone(person):
        return _SUPPLIED_BY(organisations=own) if own else []
    where = strategies_where(person, roles.UPDATE_COMMITMENTS)
    return list(_with_running_round(where | _supplied_by(own) if own else where))


def _with_running_round(where: Q) -> QuerySet[Strategy]:
    running = Exists(Round.objects.filter(strategy=OuterRef("pk")).running())
    return Strategy.objects.filter(where).filter(running).order_by("title", "id")


def _supplied_by(organisations: list[int]) -> Q:
    parts = DeliveryPartner.objects.current().filter(
        organisation__in=organisations, commitment__strategy=OuterRef("pk")
    )
    return Q(Exists(parts)) & Q(Exists(Indicator.objects.filter(strategy=OuterRef("pk"))))


_SUPPLIED_BY: Final = PreparedQuery(lambda organisations: _with_running_round(_supplied_by(organisations)))
