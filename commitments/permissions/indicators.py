"""Who may define indicators, supply figures and approve them, and now.

Each permission is asked *here*: for the strategy that the thing is about.
"""

from django.db.models import QuerySet

from commitments.models import (
    DeliveryPartner,
    Indicator,
    IndicatorValue,
    Strategy,
)
from partners import roles
from partners.models import Organisation, User
from partners.permissions import (
    Person,
    check_permission_anywhere,
    check_permission_here,
    has_permission_for,
    has_permission_here,
)
from vcsportal.common.words import NotAllowed, allowed


def check_can_define_indicators(person: Person, strategy: Strategy) -> None:
    """Officers of the strategy's council and administrators say what is counted, and what it aims at."""
    check_permission_here(
        person, roles.MANAGE_COMMITMENTS, strategy, "Only a council officer or an administrator can change indicators."
    )


def enters_values_at_once(person: Person, strategy: Strategy) -> bool:
    """Whether what the person counts needs nobody's approval: officers speak for their council's commitments."""
    return has_permission_here(person, roles.UPDATE_COMMITMENTS, strategy)


def check_can_supply_value(person: Person, indicator: Indicator, organisation: Organisation | None) -> None:
    """Officers enter figures; partners supply them for an organisation of theirs that helps to deliver it."""
    if enters_values_at_once(person, indicator.strategy):
        return
    check_permission_anywhere(
        person, roles.SUPPLY_VALUES, "You need to be a partner or a council officer to supply a figure."
    )
    if organisation is None or not has_permission_for(person, roles.SUPPLY_VALUES, organisation.pk):
        raise NotAllowed(
            "Your organisation is not one of those that help to deliver this. A council officer can add it."
        )
    if not delivers(indicator).filter(organisation=organisation).exists():
        raise NotAllowed(
            f"{organisation.name} is not one of those that help to deliver this. A council officer can add it."
        )


def delivers(indicator: Indicator) -> QuerySet[DeliveryPartner]:
    """Return the current parts of those who deliver what an indicator belongs to: its commitment, or any of its priority."""
    if indicator.commitment_id:
        return DeliveryPartner.objects.current().filter(commitment=indicator.commitment_id)
    return DeliveryPartner.objects.current().filter(commitment__priority=indicator.priority_id)


def check_may_judge_values(person: Person) -> None:
    """Officers judge what partners supply; which of it is asked in :func:`check_can_judge_value`."""
    check_permission_anywhere(person, roles.REVIEW_EVIDENCE, "Only a council officer can approve or return a figure.")


def check_may_judge_values_of(person: Person, strategy: Strategy) -> None:
    """Officers of the strategy's council judge what partners supply."""
    check_permission_here(
        person, roles.REVIEW_EVIDENCE, strategy, "Only a council officer can approve or return a figure."
    )


def check_can_judge_value(person: Person, value: IndicatorValue) -> None:
    """An officer of the strategy's council who did not supply it."""
    check_may_judge_values_of(person, value.indicator.strategy)
    if value.state == "proposed" and isinstance(person, User) and person.pk == value.entered_by_id:
        raise NotAllowed("You supplied this figure yourself, so another officer needs to approve it.")


can_define_indicators = allowed(check_can_define_indicators)
can_supply_value = allowed(check_can_supply_value)
can_judge_value = allowed(check_can_judge_value)
