"""May this person do it to this organisation or person, now? Each rule is a pair: ``check_…`` says why not, ``can_…`` yes or no."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from partners import roles
from partners.models import Organisation, User
from vcsportal.common.words import Refused, allowed

Person = User | AnonymousUser


def has_permission(user: Person | Any, code: str) -> bool:
    """Whether any of the person's roles allows ``code`` (of :mod:`partners.roles`)."""
    return isinstance(user, User) and code in user.permissions


def check_permission(user: Person | Any, code: str, sentence: str) -> None:
    """Raise :class:`Refused` with ``sentence`` unless one of the person's roles allows ``code``."""
    if not has_permission(user, code):
        raise Refused(sentence)


def _may_within(user: Person, code: str, organisation: Organisation) -> bool:
    """Whether a role that is held in this very organisation allows ``code``: a lead here may be a contributor there."""
    return (
        isinstance(user, User)
        and user.is_active
        and any(
            grant.organisation_id == organisation.pk and code in roles.BY_CODE[grant.role].may for grant in user.grants
        )
    )


def signs_in_by_password(user: Person | Any) -> bool:
    """Administrators and officers change what the council says: a code by e-mail is not enough for them."""
    staff = {roles.ADMINISTRATOR.code, roles.OFFICER.code}
    return isinstance(user, User) and any(grant.role in staff for grant in user.grants)


def check_can_invite(user: Person, role: str, organisation: Organisation | None) -> None:
    """Administrators invite anybody; a partner lead invites colleagues to their own organisation."""
    if has_permission(user, roles.MANAGE_PEOPLE):
        return
    if organisation is None or not _may_within(user, roles.INVITE_COLLEAGUES, organisation):
        raise Refused(
            "Only an administrator can invite this person. You can write to the address at the foot of the page."
        )
    if role not in roles.PARTNER_ROLES:
        raise Refused(
            "You can invite partner leads and contributors to your own organisation. Other roles are for administrators."
        )


can_invite = allowed(check_can_invite)


def check_can_end_access(user: Person, person: User) -> None:
    """Administrators end anybody's access but their own, so that one of them is always left."""
    check_permission(user, roles.MANAGE_PEOPLE, "Only an administrator can end somebody’s access.")
    if user.pk == person.pk:
        raise Refused("You can’t end your own access. Ask another administrator to do it.")


can_end_access = allowed(check_can_end_access)


def check_can_edit_organisation(user: Person, organisation: Organisation) -> None:
    """Administrators edit any organisation; a partner lead edits their own."""
    if has_permission(user, roles.MANAGE_ORGANISATIONS):
        return
    if not _may_within(user, roles.EDIT_OWN_ORGANISATION, organisation):
        raise Refused(f"Only a lead of {organisation.name} or an administrator can change this page.")


can_edit_organisation = allowed(check_can_edit_organisation)


def check_can_name_deputy(user: Person, person: User) -> None:
    """People name their own deputy; an administrator names anybody's."""
    if isinstance(user, User) and user.pk == person.pk:
        return
    check_permission(user, roles.MANAGE_PEOPLE, "Only an administrator can name a deputy for somebody else.")


can_name_deputy = allowed(check_can_name_deputy)
