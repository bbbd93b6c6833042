"""Whether this person may do this to a commitment or item of evidence now. Each rule is a pair: ``check_…``, ``can_…``.

Each permission is asked *here*: for the strategy that the thing is about. For evidence about several strategies, one of them is enough.
"""

from django.db.models import QuerySet

from commitments import workflow
from commitments.models import (
    Commitment,
    DeliveryPartner,
    Evidence,
    Indicator,
    IndicatorValue,
    ProgressUpdate,
    Strategy,
)
from commitments.models.evidence import strategies_of
from commitments.models.writers import evidence_writers, update_writers, waits_for_somebody_nearer
from partners import roles
from partners.kinds import GROUP
from partners.models import Organisation, User
from partners.permissions import (
    Person,
    check_permission_anywhere,
    check_permission_here,
    has_permission_anywhere,
    has_permission_for,
    has_permission_here,
    reaches_every_strategy,
    types_for_every_group,
    types_for_groups,
)
from vcsportal.common.words import NotAllowed, NotNow, allowed


def check_can_update_commitment(person: Person, commitment: Commitment) -> None:
    """Any officer of the strategy's council may report on a commitment; the history records who did."""
    check_permission_here(
        person,
        roles.UPDATE_COMMITMENTS,
        commitment.strategy,
        f"Only a council officer can update {commitment.strategy.nouns.a_commitment}.",
    )
    if commitment.awaits_response:
        raise NotNow(f"{commitment.reference} awaits a response. Updates begin once it has been accepted.")


def check_can_approve_update(person: Person, update: ProgressUpdate) -> None:
    """A second person: nobody who wrote, saved or sent it since it was last approved, and the nearest to the strategy's owner."""
    strategy = update.commitment.strategy
    sentence = "Only a council officer or an administrator can approve an update."
    check_permission_here(person, roles.APPROVE_UPDATES, strategy, sentence)
    if isinstance(person, User) and person.pk in update_writers(update):
        who = ": another council officer or an administrator." if strategy.is_councils else "."
        raise NotAllowed(f"You wrote or sent part of this update, so someone else needs to approve it{who}")
    if reason := waits_for_somebody_nearer(person, update):
        raise NotAllowed(reason)


def check_update_waits(update: ProgressUpdate) -> None:
    """Only what was sent can be approved."""
    workflow.check_act(workflow.UPDATE_ACT["approve"], update.state, what="update", thing=update)


def check_can_return_update(person: Person, update: ProgressUpdate) -> None:
    """Whoever may approve the strategy's updates; what was approved can be returned too, by any of them, to be changed."""
    check_permission_here(
        person,
        roles.APPROVE_UPDATES,
        update.commitment.strategy,
        "Only a council officer or an administrator can return an update.",
    )


def check_can_write_note(person: Person, about: Evidence | ProgressUpdate) -> None:
    """The council's people write and read internal notes about their own strategies; nobody else learns of them."""
    sentence = "Internal notes are for the strategy's own people."
    if isinstance(about, Evidence):
        _check_about(person, roles.WRITE_NOTES, about, sentence)
    else:
        check_permission_here(person, roles.WRITE_NOTES, about.commitment.strategy, sentence)


def check_can_run_rounds(person: Person, strategy: Strategy) -> None:
    """Administrators plan, open and close rounds; where the owner is not a council, whoever answers for the strategy too."""
    check_permission_here(person, roles.RUN_ROUNDS, strategy, "Only an administrator can plan, open or close a round.")


def check_may_run_rounds(person: Person) -> None:
    """Whoever runs the rounds of any strategy. :func:`check_can_run_rounds` asks about one strategy."""
    check_permission_anywhere(
        person,
        roles.RUN_ROUNDS,
        "Only administrators and people who answer for a partnership’s strategy can run rounds.",
    )


def check_can_see_rounds(person: Person, strategy: Strategy) -> None:
    """Whoever runs a round, and the council's officers, see its progress. Nobody else learns who has what to do."""
    check_permission_here(
        person,
        roles.APPROVE_UPDATES,
        strategy,
        "Only a council officer or an administrator can see the progress of a round.",
    )


def check_may_see_rounds(person: Person) -> None:
    """Whoever sees the progress of any strategy’s rounds. :func:`check_can_see_rounds` asks about one strategy."""
    check_permission_anywhere(
        person, roles.APPROVE_UPDATES, "Only a council officer or an administrator can see the progress of a round."
    )


def check_can_hand_task(person: Person, whose: User, strategy: Strategy) -> None:
    """People hand on their own task of a round; whoever runs the strategy's rounds anybody's."""
    if isinstance(person, User) and person.pk == whose.pk:
        return
    check_permission_here(person, roles.RUN_ROUNDS, strategy, "Only an administrator can hand on someone else’s task.")


def check_can_hand_over_work(person: Person) -> None:
    """Administrators hand everything of one person over to another."""
    check_permission_anywhere(person, roles.MANAGE_PEOPLE, "Only an administrator can hand over someone’s work.")


def check_can_manage_commitment(person: Person, commitment: Commitment) -> None:
    """Officers of the strategy's council and administrators keep a commitment's people, partners and actions."""
    check_can_manage_commitments(person, commitment.strategy)


def check_can_manage_commitments(person: Person, strategy: Strategy) -> None:
    """The same for all the commitments of a strategy, to change several at once."""
    sentence = (
        f"Only a council officer or an administrator can change {strategy.nouns.a_commitment}’s people and actions."
    )
    check_permission_here(person, roles.MANAGE_COMMITMENTS, strategy, sentence)


def check_can_own_actions(person: User, strategy: Strategy) -> None:
    """Officers of the strategy's council who still take part own actions; anybody else's are owned by an organisation and
    a team in words.
    """
    if not has_permission_here(person, roles.UPDATE_COMMITMENTS, strategy):
        raise NotAllowed(f"{strategy.not_answering(person)}, so can’t own an action. Name an organisation or a team.")


def check_may_give_view(person: Person) -> None:
    """Partner leads give the sector's view; :func:`check_can_give_view` asks for which organisation."""
    check_permission_anywhere(
        person, roles.GIVE_VIEW, "Only a lead of an organisation that helps to deliver it can give a view."
    )


def check_can_give_view(person: Person, commitment: Commitment, organisation: Organisation) -> None:
    """A lead speaks for their own organisation, of the commitments that it helps to deliver."""
    check_may_give_view(person)
    if not has_permission_for(person, roles.GIVE_VIEW, organisation.pk):
        raise NotAllowed(f"Only a lead of {organisation.name} can give its view.")
    if not DeliveryPartner.objects.current().filter(commitment=commitment, organisation=organisation).exists():
        raise NotAllowed(
            f"{organisation.name} is not one of the organisations that help to deliver {commitment.reference}. A "
            f"council officer can add it."
        )


def check_can_reply_to_view(person: Person, commitment: Commitment) -> None:
    """Officers of the strategy's council reply to a view, as any of them may say how a commitment stands."""
    check_permission_here(
        person,
        roles.UPDATE_COMMITMENTS,
        commitment.strategy,
        "Only a council officer can reply to an organisation’s view.",
    )


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


can_update_commitment = allowed(check_can_update_commitment)
can_approve_update = allowed(check_can_approve_update)
can_return_update = allowed(check_can_return_update)
can_write_note = allowed(check_can_write_note)
may_run_rounds = allowed(check_may_run_rounds)
can_run_rounds = allowed(check_can_run_rounds)
can_see_rounds = allowed(check_can_see_rounds)
can_hand_task = allowed(check_can_hand_task)
can_hand_over_work = allowed(check_can_hand_over_work)
can_manage_commitment = allowed(check_can_manage_commitment)
can_manage_commitments = allowed(check_can_manage_commitments)
can_own_actions = allowed(check_can_own_actions)
can_give_view = allowed(check_can_give_view)
can_reply_to_view = allowed(check_can_reply_to_view)
can_define_indicators = allowed(check_can_define_indicators)
can_supply_value = allowed(check_can_supply_value)
can_judge_value = allowed(check_can_judge_value)
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
