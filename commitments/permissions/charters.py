"""Who may sign a charter, reaffirm and end a signature, and say what an organisation pledges. Each rule is a pair: ``check_…``, ``can_…``.

Anyone reads who has signed.
"""

from typing import Any

from commitments.models import Signatory, Strategy
from partners import roles
from partners.kinds import GROUP, PUBLIC_BODY
from partners.models import Organisation
from partners.permissions import Person, has_permission_for, has_permission_here, organisations_for
from vcsportal.common.words import NotAllowed, NotNow, allowed

ONLY_RECORDERS = "Only people who run this charter, or who work for an infrastructure body, can record what an organisation has signed."


def helps_groups(person: Person | Any) -> bool:
    """Whether the person belongs to an infrastructure body, which speaks for groups that have nobody here."""
    own = organisations_for(person, roles.LOG_EVIDENCE)
    return any(organisation.kind == "infrastructure_body" for organisation in own)


def may_record_signatures(person: Person | Any, strategy: Strategy) -> bool:
    """Whether the person may record signatures at all; :func:`check_can_record_signature` asks for which organisation."""
    return has_permission_here(person, roles.MANAGE_COMMITMENTS, strategy) or helps_groups(person)


def check_can_be_signed(strategy: Strategy) -> None:
    """Only a charter is signed."""
    if not strategy.kind_of.signed:
        raise NotNow(f"Organisations do not sign {strategy.nouns.a_strategy}, so there is nothing to sign here.")


def check_can_sign(person: Person | Any, strategy: Strategy, organisation: Organisation) -> None:
    """A lead signs for their own organisation, a council's officer for their council."""
    check_can_be_signed(strategy)
    if not has_permission_for(person, roles.SIGN_CHARTERS, organisation.pk):
        raise NotAllowed(f"Only a lead of {organisation.name} can sign for it.")


def check_can_record_signature(person: Person | Any, strategy: Strategy, organisation: Organisation) -> None:
    """Whoever answers for the charter records what any organisation told them; the people of an infrastructure body record it
    for a group that has nobody here.
    """
    check_can_be_signed(strategy)
    if organisation.kind == GROUP:
        raise NotAllowed(f"{organisation.name} is a group of organisations. Each of its members signs for itself.")
    if has_permission_here(person, roles.MANAGE_COMMITMENTS, strategy):
        return
    if not helps_groups(person):
        raise NotAllowed(ONLY_RECORDERS)
    if organisation.kind == PUBLIC_BODY or organisation.role_grants.current().exists():
        raise NotAllowed(f"{organisation.name} has its own people here, who sign for it themselves.")


def check_can_reaffirm(person: Person | Any, signatory: Signatory) -> None:
    """Anyone who answers a round for the organisation; whoever may record its signature reaffirms for it."""
    if has_permission_for(person, roles.LOG_EVIDENCE, signatory.organisation_id):
        return
    check_can_record_signature(person, signatory.strategy, signatory.organisation)


def check_can_end_signature(person: Person | Any, signatory: Signatory) -> None:
    """A lead withdraws their own organisation's; whoever may record it ends it."""
    if has_permission_for(person, roles.SIGN_CHARTERS, signatory.organisation_id):
        return
    check_can_record_signature(person, signatory.strategy, signatory.organisation)


def check_can_pledge(person: Person | Any, strategy: Strategy, organisation: Organisation) -> None:
    """Whoever may sign for the organisation says what it pledges; whoever may record its signature records that too."""
    if has_permission_for(person, roles.SIGN_CHARTERS, organisation.pk):
        return
    check_can_record_signature(person, strategy, organisation)


can_sign = allowed(check_can_sign)
can_record_signature = allowed(check_can_record_signature)
can_reaffirm = allowed(check_can_reaffirm)
can_end_signature = allowed(check_can_end_signature)
can_pledge = allowed(check_can_pledge)
