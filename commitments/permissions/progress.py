"""Who may report on a commitment, approve an update, run rounds and give a view, and now.

Each permission is asked *here*: for the strategy that the thing is about.
"""

from commitments.models import (
    Commitment,
    DeliveryPartner,
    Evidence,
    ProgressUpdate,
    Strategy,
)
from commitments.models.writers import update_writers, waits_for_somebody_nearer
from commitments.permissions.evidence import _check_about
from commitments.rules import workflow
from partners import roles
from partners.models import Organisation, User
from partners.permissions import (
    Person,
    check_permission_anywhere,
    check_permission_here,
    has_permission_for,
    has_permission_here,
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
        "Only administrators and people responsible for a partnership’s strategy can run rounds.",
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
