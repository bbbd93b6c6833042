"""Permissions for invitations, and for the members of an organisation. Each rule is a pair, as in
:mod:`partners.permissions`."""

from partners import roles
from partners.models import Invitation, Organisation, RoleGrant, User
from partners.permissions import Person, check_can_invite_person, check_permission_anywhere, has_permission_anywhere
from vcsportal.common.words import NotAllowed, NotNow, allowed


def check_can_decide_about_invitations(user: Person) -> None:
    """Administrators decide about invitations that wait, and keep organisations' email domains."""
    check_permission_anywhere(user, roles.MANAGE_PEOPLE, "Only an administrator can decide about this invitation.")


def check_can_manage_invitation(user: Person, invitation: Invitation) -> None:
    """Whoever may invite to the same role in the same place sends it again and withdraws it, whoever made it."""
    check_can_invite_person(user, invitation.role, invitation.organisation)


can_manage_invitation = allowed(check_can_manage_invitation)


def check_invites_somebody_else(user: User, email: str) -> None:
    """Nobody gives themselves a role: a second administrator does it, or whoever runs the servers."""
    if user.email != email.strip().lower():
        return
    others = [
        grant.person_id
        for grant in RoleGrant.objects.current().filter(role=roles.ADMINISTRATOR.code, person__is_active=True)
        if grant.person_id != user.pk
    ]
    if others or not has_permission_anywhere(user, roles.MANAGE_PEOPLE):
        raise NotAllowed("You cannot give yourself a role. Ask another administrator to invite you.")
    raise NotAllowed(
        "You cannot give yourself a role, and there is no other administrator. Invite a second administrator, or ask the "
        "people who run the portal’s servers to run: manage.py give_role."
    )


def check_can_see_members(user: Person, organisation: Organisation) -> None:
    """Administrators see the members of every organisation; a partner lead those of the one that they lead."""
    check_can_invite_person(user, roles.PARTNER_CONTRIBUTOR.code, organisation)


can_see_members = allowed(check_can_see_members)


def check_can_end_membership(user: User, grant: RoleGrant) -> None:
    """A lead ends the roles of their own organisation, their own too while another lead is left."""
    if grant.organisation is None or grant.role not in roles.PARTNER_ROLES:
        raise NotAllowed("Only an administrator can end this role.")
    check_can_see_members(user, grant.organisation)
    if grant.person_id != user.pk or grant.role != roles.PARTNER_LEAD.code:
        return
    leads = RoleGrant.objects.current().filter(
        organisation=grant.organisation, role=roles.PARTNER_LEAD.code, person__is_active=True
    )
    if not leads.exclude(person=user).exists():
        raise NotNow(
            f"You are the only lead of {grant.organisation.name}. Invite another lead first, or ask an administrator to end your role."
        )


can_end_membership = allowed(check_can_end_membership)
