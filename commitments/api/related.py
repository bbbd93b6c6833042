"""What comes with an answer of the API where it is asked for with ``include``: for each endpoint, in one place.

Each follows the rules of its own endpoint: its rows, its columns and its shape, as this person may see them. What comes
with an answer never leads back to it, so the schema has an end.
"""

from operator import itemgetter
from typing import Any

from commitments.api.actions import ActionDoor
from commitments.api.delivery import DeliveryDoor
from commitments.api.evidence import EvidenceDoor
from commitments.api.indicators import IndicatorDoor
from commitments.api.strategies import CommitmentDoor, PriorityDoor, RoundDoor, StrategyDoor, UpdateDoor
from commitments.models import Action, Commitment, DeliveryPartner, Indicator, Priority, ProgressUpdate, Round
from partners.api import OrganisationDoor
from partners.models import Organisation
from vcsportal.common.api_choices import Related

_KEY: Any = itemgetter("key")
_COMMITMENT_KEY: Any = itemgetter("commitment_key")
_SLUG: Any = itemgetter("slug")
_STRATEGY: Any = itemgetter("strategy")


def _priority_number(answer: Any) -> Any:
    return answer["priority"]["number"]


def _organisation(answer: Any) -> Any:
    return answer["organisation"]["slug"]


StrategyDoor.includes = {
    "priorities": Related(
        PriorityDoor, lambda view: Priority.objects.order_by("number", "id"), "strategy__slug", own=_SLUG, theirs=_STRATEGY
    ),
    "rounds": Related(
        RoundDoor, lambda view: Round.objects.select_related("strategy__owner").newest_first(), "strategy__slug", own=_SLUG, theirs=_STRATEGY
    ),
}  # fmt: skip
PriorityDoor.includes = {
    "commitments": Related(
        CommitmentDoor,
        lambda view: Commitment.objects.filter(strategy=view.strategy).in_order(),
        "priority__number", own=itemgetter("number"), theirs=_priority_number,
    )
}  # fmt: skip
CommitmentDoor.includes = {
    "actions": Related(
        ActionDoor,
        lambda view: Action.objects.filter(commitment__strategy=view.strategy).in_order(),
        "commitment__key", own=_KEY, theirs=_COMMITMENT_KEY,
    ),
    "partners": Related(
        DeliveryDoor,
        lambda view: DeliveryPartner.objects.lasting()
        .filter(commitment__strategy=view.strategy)
        .order_by("organisation__sort_name", "started_on", "id"),
        "commitment__key", own=_KEY, theirs=_COMMITMENT_KEY,
    ),
    "updates": Related(
        UpdateDoor,
        lambda view: ProgressUpdate.objects.visible_to(view.request.user)
        .filter(commitment__strategy=view.strategy)
        .order_by("-round__observes_from", "id"),
        "commitment__key", own=_KEY, theirs=_COMMITMENT_KEY,
    ),
    "indicators": Related(
        IndicatorDoor,
        lambda view: Indicator.objects.filter(strategy=view.strategy).order_by("code", "id"),
        "commitment__key", own=_KEY, theirs=_COMMITMENT_KEY,
    ),
}  # fmt: skip
EvidenceDoor.includes = {
    "organisations": Related(
        OrganisationDoor, lambda view: Organisation.objects.by_name().public(), "slug", own=_organisation, theirs=_SLUG
    )
}
