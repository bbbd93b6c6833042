"""Whether this person may make a strategy from an action plan. Each rule is a pair: ``check_…``, ``can_…``."""

from commitments.models import Strategy
from partners import roles
from partners.models import Organisation
from partners.permissions import Person, check_permission_anywhere, check_permission_here
from vcsportal.common.words import allowed

NOT_LOADED = "Only a council officer or an administrator can create a strategy from an action plan."


def check_can_upload_plan(person: Person) -> None:
    """People responsible for a strategy, officers of a council and administrators."""
    check_permission_anywhere(person, roles.MANAGE_COMMITMENTS, NOT_LOADED)


def check_can_make_strategy(person: Person, owner: Organisation | None) -> None:
    """The same people for their own organisation; an organisation that is new to the portal needs an administrator.

    :param owner: whose strategy it is to be; None for one that the portal does not know yet.
    """
    check_can_upload_plan(person)
    if owner is None:
        check_permission_anywhere(
            person, roles.MANAGE_ORGANISATIONS,
            "Only an administrator can add an organisation. Choose one that is already in the portal, or ask an administrator.",
        )  # fmt: skip
        return
    check_permission_here(person, roles.MANAGE_COMMITMENTS, Strategy(owner=owner), NOT_LOADED)


can_upload_plan = allowed(check_can_upload_plan)
can_make_strategy = allowed(check_can_make_strategy)
