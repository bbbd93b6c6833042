"""Which workbooks there are for a person here and now."""

from dataclasses import dataclass

from commitments.models import Round
from commitments.workbooks.kind import Scope, WorkbookKind
from commitments.workbooks.kinds import KINDS, may_use


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
