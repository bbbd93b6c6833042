"""Who may keep a strategy's risks, and who may say that one is still as it was assessed. Each rule is a pair."""

from commitments.models import Risk, Strategy
from partners import roles
from partners.permissions import Person, check_permission_here, has_permission_for, has_permission_here
from vcsportal.common.words import NotAllowed, allowed


def check_can_keep_risks(person: Person, strategy: Strategy) -> None:
    """Those responsible for the strategy, and administrators: they record its risks, assess them and end them."""
    check_permission_here(
        person,
        roles.MANAGE_COMMITMENTS,
        strategy,
        "Only a council officer or an administrator can change the risks of this strategy.",
    )


def check_can_review_risk(person: Person, risk: Risk) -> None:
    """Those who keep the strategy's risks, and leads of an organisation that leads on this one."""
    if has_permission_here(person, roles.MANAGE_COMMITMENTS, risk.strategy):
        return
    if not any(has_permission_for(person, roles.GIVE_VIEW, lead.organisation_id) for lead in risk.leads.all()):
        raise NotAllowed(
            "Only the people responsible for the strategy, or the leads of an organisation that leads on this risk, can confirm it."
        )


can_keep_risks = allowed(check_can_keep_risks)
can_review_risk = allowed(check_can_review_risk)
