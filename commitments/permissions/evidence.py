"""Who may log, change and review an item of evidence, and keep its consents, and now.

Each permission is asked *here*: for the strategy that the thing is about. For evidence about several strategies, one of them is
enough.
"""

from commitments.models import (
    Evidence,
)
from commitments.models.evidence import strategies_of
from commitments.models.writers import evidence_writers
from commitments.rules import workflow
from partners import roles
from partners.kinds import GROUP
from partners.models import Organisation, User
from partners.permissions import (
    Person,
    check_permission_anywhere,
    has_permission_anywhere,
    has_permission_for,
    has_permission_here,
    reaches_every_strategy,
    types_for_every_group,
    types_for_groups,
)
from vcsportal.common.words import NotAllowed, NotNow, allowed


def check_may_log_evidence(person: Person) -> None:
    """Partners and officers log evidence; :func:`check_can_log_evidence` asks for which organisation."""
    check_permission_anywhere(
        person, roles.LOG_EVIDENCE, "You need to be a partner or a council officer to log evidence."
    )


def check_can_log_evidence(person: Person, organisation: Organisation) -> None:
    """People log evidence for an organisation that they belong to."""
    check_may_log_evidence(person)
    if not has_permission_for(person, roles.LOG_EVIDENCE, organisation.pk):
        raise NotAllowed(
            f"You can log evidence for your own organisation, and you do not belong to {organisation.name}."
        )


def check_may_log_evidence_for_others(person: Person) -> None:
    """Council officers and the people of an infrastructure body type what groups without an email habit tell them."""
    if not types_for_groups(person):
        raise NotAllowed("Only a council officer or someone from an infrastructure body can log evidence for a group.")


def check_can_log_evidence_for(person: Person, organisation: Organisation) -> None:
    """For any group but a public body; an infrastructure body only where nobody of the group takes part here."""
    check_may_log_evidence_for_others(person)
    if organisation.kind == "public_body":
        raise NotAllowed(f"{organisation.name} logs its evidence itself.")
    if organisation.kind == GROUP:
        raise NotAllowed(f"{organisation.name} steers a strategy. Log evidence for the organisation that did the work.")
    if not types_for_every_group(person) and organisation.role_grants.current().exists():
        raise NotAllowed(f"{organisation.name} has its own people here, who log its evidence themselves.")


def is_own_evidence(person: Person, evidence: Evidence) -> bool:
    """Whether the person's organisation did it, or the person typed it for a group that told it."""
    if not isinstance(person, User):
        return False
    typed = bool(evidence.said_by) and evidence.logged_by_id == person.pk and may_log_evidence_for_others(person)
    return typed or has_permission_for(person, roles.LOG_EVIDENCE, evidence.organisation_id)


def is_about_own_strategy(person: Person, code: str, evidence: Evidence) -> bool:
    """Whether the person has a permission for a strategy that the item is about."""
    if not has_permission_anywhere(person, code):
        return False
    if reaches_every_strategy(person, code):
        return True
    return any(has_permission_here(person, code, strategy) for strategy in strategies_of(evidence))


def _check_about(person: Person, code: str, evidence: Evidence, sentence: str) -> None:
    check_permission_anywhere(person, code, sentence)
    if not is_about_own_strategy(person, code, evidence):
        raise NotAllowed(f"{sentence} Your role does not cover the strategies that this evidence is about.")


def sees_all_of_evidence(person: Person, evidence: Evidence) -> bool:
    """Whether the item is the person's own, or was sent to the council whose evidence the person sees."""
    if is_own_evidence(person, evidence):
        return True
    return evidence.submitted_at is not None and is_about_own_strategy(person, roles.SEE_ALL_EVIDENCE, evidence)


def _check_own(person: Person, evidence: Evidence) -> None:
    if not is_own_evidence(person, evidence):
        raise NotAllowed("Only the organisation that did the work can do this.")


def check_can_edit_evidence(person: Person, evidence: Evidence) -> None:
    """Its own organisation, while it is a draft or has been returned."""
    _check_own(person, evidence)
    if evidence.state not in workflow.EDITABLE_EVIDENCE:
        label = workflow.EVIDENCE_STATE[evidence.state].label.lower()
        raise NotNow(
            f"This evidence is {label}, so it can't be changed now. Withdraw it first, or ask for it to be returned."
        )


def check_can_submit_evidence(person: Person, evidence: Evidence) -> None:
    """Its own organisation sends it."""
    _check_own(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["submit"], evidence.state, thing=evidence)


def check_can_withdraw_evidence(person: Person, evidence: Evidence) -> None:
    """Its own organisation at any time; an officer once it has been sent."""
    if evidence.submitted_at is None or not is_about_own_strategy(person, roles.REVIEW_EVIDENCE, evidence):
        _check_own(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["withdraw"], evidence.state, thing=evidence)


def check_can_reopen_evidence(person: Person, evidence: Evidence) -> None:
    """Its own organisation takes up what was withdrawn."""
    _check_own(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["reopen"], evidence.state, thing=evidence)


def _check_reviewer(person: Person, evidence: Evidence) -> None:
    _check_about(person, roles.REVIEW_EVIDENCE, evidence, "Only a council officer can review evidence.")
    if isinstance(person, User) and person.pk in evidence_writers(evidence):
        raise NotAllowed(
            "You logged, changed or sent this evidence yourself, so someone else needs to review it. If there is nobody "
            "else, an administrator can invite a colleague."
        )


def check_can_accept_evidence(person: Person, evidence: Evidence) -> None:
    """An officer of a strategy that it is about, who did not log, change or send it."""
    _check_reviewer(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["accept"], evidence.state, thing=evidence)


def check_can_return_evidence(person: Person, evidence: Evidence) -> None:
    """An officer who may accept it; what was accepted can be returned too."""
    _check_reviewer(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["return"], evidence.state, thing=evidence)


def check_can_use_evidence_again(person: Person, evidence: Evidence) -> None:
    """Its own organisation, or an officer, shows that what was accepted serves another commitment too."""
    if not is_about_own_strategy(person, roles.REVIEW_EVIDENCE, evidence):
        _check_own(person, evidence)
    if evidence.state != "accepted":
        raise NotNow("Only accepted evidence can be used again. To choose commitments for this evidence, edit it.")


def check_can_record_consents(person: Person, evidence: Evidence) -> None:
    """Its own organisation and the council write down who agreed to be shown, and who no longer does."""
    if evidence.submitted_at is None or not is_about_own_strategy(person, roles.SEE_ALL_EVIDENCE, evidence):
        _check_own(person, evidence)


def check_can_read_consents(person: Person) -> None:
    """Officers see all consents of their council's strategies together, administrators of every strategy."""
    check_permission_anywhere(
        person, roles.SEE_ALL_EVIDENCE, "Only a council officer or an administrator can read the ledger of consents."
    )


can_log_evidence = allowed(check_can_log_evidence)
may_log_evidence_for_others = allowed(check_may_log_evidence_for_others)
can_log_evidence_for = allowed(check_can_log_evidence_for)
can_use_evidence_again = allowed(check_can_use_evidence_again)
can_record_consents = allowed(check_can_record_consents)
can_read_consents = allowed(check_can_read_consents)
can_edit_evidence = allowed(check_can_edit_evidence)
can_submit_evidence = allowed(check_can_submit_evidence)
can_withdraw_evidence = allowed(check_can_withdraw_evidence)
can_reopen_evidence = allowed(check_can_reopen_evidence)
can_accept_evidence = allowed(check_can_accept_evidence)
can_return_evidence = allowed(check_can_return_evidence)
