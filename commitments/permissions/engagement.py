"""Whether this person may keep engagement of a group or a strategy. Each rule is a pair: ``check_…``, ``can_…``.

Anyone reads what is planned. What was said and who attended, anyone reads once it is written up.
"""

from datetime import date
from typing import Any

from commitments.models import Engagement, Strategy
from partners import roles
from partners.group_permissions import can_keep_group
from partners.models import PartnershipGroup
from partners.permissions import Person, has_permission_here
from vcsportal.common.words import NotAllowed, allowed

NOT_KEPT = (
    "Only the people responsible for its strategy, the secretary of its group or an administrator can change this."
)


def keeps(person: Person | Any, group: PartnershipGroup | None, strategy: Strategy | None, today: date) -> bool:
    """Whether the person answers for the strategy, or keeps the group: either is enough."""
    if strategy is not None and has_permission_here(person, roles.MANAGE_COMMITMENTS, strategy):
        return True
    return group is not None and can_keep_group(person, group, today)


def check_can_plan_engagement(
    person: Person | Any, group: PartnershipGroup | None, strategy: Strategy | None, today: date
) -> None:
    """People responsible for the strategy, whoever keeps the group today, and administrators."""
    if not keeps(person, group, strategy, today):
        raise NotAllowed(
            "Only the people responsible for a strategy, the secretary of a group or an administrator can plan this."
        )


def check_can_keep_engagement(person: Person | Any, engagement: Engagement, today: date) -> None:
    """The same for what is planned already: its days, who attended, its summary."""
    if not keeps(person, engagement.group, engagement.strategy, today):
        raise NotAllowed(NOT_KEPT)


def check_can_read_account(person: Person | Any, engagement: Engagement, today: date) -> None:
    """Everyone once it is written up; before that, whoever keeps it."""
    if engagement.is_written_up:
        return
    if not keeps(person, engagement.group, engagement.strategy, today):
        raise NotAllowed("Its summary is still being written.")


can_plan_engagement = allowed(check_can_plan_engagement)
can_keep_engagement = allowed(check_can_keep_engagement)
can_read_account = allowed(check_can_read_account)
