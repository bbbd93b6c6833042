"""Giving roles to people, and ending them, each with its history, in one transaction."""

from datetime import datetime

from django.db import IntegrityError, transaction

from partners import roles
from partners.kinds import GROUP
from partners.models import Organisation, RoleGrant, User
from partners.naming import tidy_name
from partners.permissions import check_permission_anywhere
from partners.security.events import record_event
from partners.services.history import write_history
from partners.services.second_steps import open_set_up_for_role
from partners.services.standing import begin_taking_part
from vcsportal.common.lookalikes import check_email
from vcsportal.common.words import Invalid, NotAllowed, NotNow


@transaction.atomic
def add_person_with_role(
    *,
    by: None,
    at: datetime,
    email: str,
    name: str,
    role: str,
    organisation: Organisation | None = None,
) -> User:
    """Give a person a role at once, and create their account if they are new. Done by the portal itself.

    For commands of whoever runs the servers. People invite people with :func:`partners.services.invitations.invite`, and get a
    role only when they accept. Asking twice changes nothing. Raise :class:`Refused` for a role and an organisation that
    don't fit together, a bad name or address, and a person whose access has ended.
    """
    if role not in roles.BY_CODE:
        raise Invalid("Choose one of the roles that the portal offers.", field="role")
    check_role_fits(role, organisation)
    email = email.strip().lower()
    person = User.objects.filter(email=email).first()
    if person is None:
        check_email(email)
        person = User.objects.create_user(email=email, name=tidy_name(name), joined_at=at)
        write_history(at, by, "invited", person=person, organisation=organisation)
        record_event("invited", at=at, by=by, person=person, detail=_role_in_words(role, organisation))
    elif not person.is_active:
        raise NotNow("This person's access has been ended. Only an administrator can give it back.")
    give_role(by=by, at=at, person=person, role=role, organisation=organisation)
    return person


def check_role_fits(role: str, organisation: Organisation | None) -> None:
    """Raise :class:`Refused` if the role needs an organisation and has none, or has one and needs none."""
    rule = roles.BY_CODE[role]
    if rule.within and organisation is None:
        raise Invalid(f"A {rule.label.lower()} belongs to an organisation. Choose which.", field="organisation")
    if not rule.within and organisation is not None:
        raise Invalid(
            f"A {rule.label.lower()} holds the role for the whole portal. Leave the organisation empty.",
            field="organisation",
        )
    answers = organisation is not None and organisation.leads_answer_for_strategies
    if rule.within == "partner" and answers:
        return  # a partnership that owns a strategy has people of its own, who take part
    if organisation is not None and (rule.within == "group") != (organisation.kind == GROUP):
        raise Invalid(
            f"{organisation.name} steers strategies, so its people are steering-group members. Choose that role."
            if organisation.kind == GROUP
            else "A steering-group member belongs to a group that steers a strategy. Choose which.",
            field="role",
        )


def give_role(*, by: User | None, at: datetime, person: User, role: str, organisation: Organisation | None) -> None:
    """Let a person hold a role from now on; who holds it already keeps it. The caller has asked whether ``by`` may.

    Part of accepting an invitation (:mod:`partners.services.invitations`), and of the portal's own first start.
    """
    if organisation is not None:
        begin_taking_part(by=by, at=at, organisation=organisation)
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                person=person, role=role, organisation=organisation, granted_at=at, granted_by=by
            )
    except IntegrityError:
        return  # the person holds the role already
    open_set_up_for_role(person=person, grant=grant, at=at)
    write_history(at, by, "role given", person=person, organisation=organisation, detail=roles.BY_CODE[role].label)
    record_event("role_given", at=at, by=by, person=person, detail=_role_in_words(role, organisation))


def _role_in_words(role: str, organisation: Organisation | None) -> str:
    label = roles.BY_CODE[role].label
    return f"{label}, {organisation.name}" if organisation else label


@transaction.atomic
def end_role(*, by: User, at: datetime, grant: RoleGrant) -> None:
    """End one role of a person; what they did stays. Raise :class:`Refused` without the right, or for one's own."""
    check_permission_anywhere(by, roles.MANAGE_PEOPLE, "Only an administrator can end a role.")
    if grant.person_id == by.pk and grant.role == roles.ADMINISTRATOR.code:
        raise NotAllowed("You can't end your own administrator role. Ask another administrator to do it.")
    if grant.appointment_id is not None:
        raise NotNow("This role comes with a seat. It ends when the appointment to the seat does.")
    ended = RoleGrant.objects.current().filter(pk=grant.pk).update(ended_at=at, ended_by=by)
    if ended:
        detail = roles.BY_CODE[grant.role].label
        write_history(at, by, "role ended", person=grant.person, organisation=grant.organisation, detail=detail)
        words = _role_in_words(grant.role, grant.organisation)
        record_event("role_ended", at=at, by=by, person=grant.person, detail=words)
