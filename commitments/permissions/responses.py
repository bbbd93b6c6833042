"""Whether this person may write, approve or return this response now. Each rule is a pair: ``check_…``, ``can_…``."""

from commitments.models import Response
from commitments.models.writers import response_writers, waits_for_somebody_nearer
from partners import roles
from partners.models import User
from partners.permissions import Person, check_permission_here, has_permission_for, reaches_every_strategy
from vcsportal.common.words import NotAllowed, NotNow, allowed


def check_can_write_response(person: Person, response: Response) -> None:
    """The owner's people write the owner's response; a lead of another addressee writes that organisation's."""
    if response.is_owners:
        check_permission_here(
            person,
            roles.UPDATE_COMMITMENTS,
            response.commitment.strategy,
            f"Only the people of {response.addressee} can write its response.",
        )
    elif response.organisation is None:
        raise NotNow(f"“{response.addressee}” is not an organisation in the portal, so nobody can respond for it here.")
    elif not has_permission_for(person, roles.GIVE_VIEW, response.organisation_id):
        raise NotAllowed(f"Only a lead of {response.organisation.name} can write its response.")


def check_can_return_response(person: Person, response: Response) -> None:
    """Whoever may approve the strategy's updates, for the owner's response; for another, its leads and administrators."""
    sentence = f"Only a second person for {response.addressee} or an administrator can review this response."
    if response.is_owners:
        check_permission_here(person, roles.APPROVE_UPDATES, response.commitment.strategy, sentence)
    elif not (
        has_permission_for(person, roles.GIVE_VIEW, response.organisation_id)
        or reaches_every_strategy(person, roles.APPROVE_UPDATES)
    ):
        raise NotAllowed(sentence)


def check_can_approve_response(person: Person, response: Response) -> None:
    """A second person: nobody who wrote, saved or sent it since it was last approved; for the owner's, the nearest to the owner."""
    check_can_return_response(person, response)
    if isinstance(person, User) and person.pk in response_writers(response):
        raise NotAllowed(
            "You wrote or sent part of this response, so someone else needs to approve it: a colleague or an administrator."
        )
    if response.is_owners and (reason := waits_for_somebody_nearer(person, response)):
        raise NotAllowed(reason)


can_write_response = allowed(check_can_write_response)
can_return_response = allowed(check_can_return_response)
can_approve_response = allowed(check_can_approve_response)
