"""May this person do it to this commitment or piece of evidence, now? Each rule is a pair: ``check_…`` and ``can_…``."""

from commitments import workflow
from commitments.models import Commitment, Evidence, ProgressUpdate
from partners import roles
from partners.models import Organisation, User
from partners.permissions import Person, check_permission, has_permission
from vcsportal.common.words import Refused, allowed


def check_can_update(person: Person, commitment: Commitment) -> None:
    """Any council officer may say how a commitment stands; the history says who did."""
    check_permission(person, roles.UPDATE_COMMITMENTS, "Only a council officer can say how a commitment stands.")


def check_can_approve(person: Person, update: ProgressUpdate) -> None:
    """A second person at the council: not whoever sent it."""
    check_permission(person, roles.APPROVE_UPDATES, "Only a council officer or an administrator can approve an update.")
    if isinstance(person, User) and person.pk == update.submitted_by_id:
        raise Refused("You sent this update yourself, so somebody else needs to approve it.")


def check_can_return_update(person: Person, update: ProgressUpdate) -> None:
    """Whoever may approve updates; what was approved can be returned too, by anybody of them, to be mended."""
    check_permission(person, roles.APPROVE_UPDATES, "Only a council officer or an administrator can return an update.")


def check_can_run_rounds(person: Person) -> None:
    """Administrators plan, open and close rounds."""
    check_permission(person, roles.RUN_ROUNDS, "Only an administrator can plan, open or close a round.")


def check_can_manage(person: Person, commitment: Commitment) -> None:
    """Officers and administrators keep a commitment's people, partners and actions."""
    check_permission(
        person, roles.MANAGE_COMMITMENTS, "Only a council officer or an administrator can change who does what here."
    )


def check_may_log(person: Person) -> None:
    """Partners and officers log evidence; for whom is asked in :func:`check_can_log`."""
    check_permission(person, roles.LOG_EVIDENCE, "You need to be a partner or a council officer to log evidence.")


def check_can_log(person: Person, organisation: Organisation) -> None:
    """People log evidence for an organisation that they belong to."""
    check_may_log(person)
    if not (isinstance(person, User) and person.belongs_to(organisation.pk)):
        raise Refused(f"You can log evidence for your own organisation, and you do not belong to {organisation.name}.")


def _check_own(person: Person, evidence: Evidence) -> None:
    own = isinstance(person, User) and person.belongs_to(evidence.organisation_id)
    if not (own and has_permission(person, roles.LOG_EVIDENCE)):
        raise Refused("Only the organisation that did the work can do this.")


def check_can_edit(person: Person, evidence: Evidence) -> None:
    """Its own organisation, while it is a draft or has been returned."""
    _check_own(person, evidence)
    if evidence.state not in workflow.EDITABLE_EVIDENCE:
        label = workflow.EVIDENCE_STATE[evidence.state].label.lower()
        raise Refused(
            f"This evidence is {label}, so it can't be changed now. Withdraw it first, or ask for it to be returned."
        )


def check_can_submit(person: Person, evidence: Evidence) -> None:
    """Its own organisation sends it."""
    _check_own(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["submit"], evidence.state)


def check_can_withdraw(person: Person, evidence: Evidence) -> None:
    """Its own organisation at any time; an officer once it has been sent."""
    reviewer = has_permission(person, roles.REVIEW_EVIDENCE) and evidence.submitted_at is not None
    if not reviewer:
        _check_own(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["withdraw"], evidence.state)


def check_can_reopen(person: Person, evidence: Evidence) -> None:
    """Its own organisation takes up what was withdrawn."""
    _check_own(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["reopen"], evidence.state)


def _check_reviewer(person: Person, evidence: Evidence) -> None:
    check_permission(person, roles.REVIEW_EVIDENCE, "Only a council officer can review evidence.")
    if isinstance(person, User) and person.pk in {evidence.logged_by_id, evidence.submitted_by_id}:
        raise Refused("You logged this evidence yourself, so another officer needs to review it.")


def check_can_accept(person: Person, evidence: Evidence) -> None:
    """An officer who did not log it."""
    _check_reviewer(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["accept"], evidence.state)


def check_can_return(person: Person, evidence: Evidence) -> None:
    """An officer who did not log it; what was accepted can be returned too."""
    _check_reviewer(person, evidence)
    workflow.check_act(workflow.EVIDENCE_ACT["return"], evidence.state)


can_update = allowed(check_can_update)
can_approve = allowed(check_can_approve)
can_return_update = allowed(check_can_return_update)
can_run_rounds = allowed(check_can_run_rounds)
can_manage = allowed(check_can_manage)
can_log = allowed(check_can_log)
can_edit = allowed(check_can_edit)
can_submit = allowed(check_can_submit)
can_withdraw = allowed(check_can_withdraw)
can_reopen = allowed(check_can_reopen)
can_accept = allowed(check_can_accept)
can_return = allowed(check_can_return)
