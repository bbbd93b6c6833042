"""Every write to invitations. Whoever is invited gets the role only when they accept it themselves.

An address that is known to the portal and one that is not are treated alike: the page that asks, the time it takes and the
email are the same, so that nobody learns from an invitation who takes part elsewhere.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from partners import roles
from partners.email_domains import domain_of, is_known, tidy_domain
from partners.emails.composing import about_portal
from partners.emails.outbox import put_mail
from partners.invitation_permissions import (
    check_can_decide_about_invitations,
    check_can_manage_invitation,
    check_invites_somebody_else,
)
from partners.invitation_states import ACT, check_invitation_act
from partners.models import HistoryEntry, Invitation, Organisation, RoleGrant, User
from partners.naming import tidy_name
from partners.people_with_permission import people_who_may
from partners.permissions import (
    can_invite_person,
    check_can_invite_person,
    has_permission_anywhere,
    signs_in_by_password,
)
from partners.security.events import record_event
from partners.services.roles import check_role_fits, give_role
from partners.services.standing import begin_taking_part
from vcsportal.common.lookalikes import check_email
from vcsportal.common.words import AlreadyDone, Invalid, NotAllowed, NotNow

DAY: Final = timedelta(hours=24)
PAST: Final = {"accept": "accepted", "decline": "declined", "refuse": "turned down", "withdraw": "withdrawn"}
"""What an act that settles an invitation is called once it was done."""


@transaction.atomic
def invite(
    *, by: User, at: datetime, email: str, name: str, role: str, organisation: Organisation | None = None
) -> Invitation:
    """Invite a person to take a role, and send the email; or let it wait for an administrator.

    It waits where ``by`` is no administrator and the address is outside the organisation's known domains, or the role would
    let the person answer for a strategy: no lead makes their own second person.
    An organisation that was only listed takes part from then on.
    Raise :class:`Refused` if ``by`` may not, for an organisation that has ended, for a bad name or address, for a role that does not fit or is held already,
    for a second invitation to the same, for a role for oneself, and above the limit of a day.
    """
    if role not in roles.BY_CODE:
        raise Invalid("Choose one of the roles that the portal offers.", field="role")
    check_can_invite_person(by, role, organisation)
    check_role_fits(role, organisation)
    email, name = email.strip().lower(), tidy_name(name)
    check_email(email)
    check_invites_somebody_else(by, email)
    _check_limit(by, at)
    _check_not_there(by, email, role, organisation)
    if organisation is not None:
        begin_taking_part(by=by, at=at, organisation=organisation)
    decides = has_permission_anywhere(by, roles.MANAGE_PEOPLE)
    made = Invitation.objects.create(
        email=email, name=name, role=role, organisation=organisation, state="waiting", invited_at=at, invited_by=by
    )
    _history(at, by, made, "invited")
    answers = organisation is not None and organisation.leads_answer_for_strategies
    decisive = answers and bool(roles.BY_CODE[role].may_for_own_strategies)
    if decides or (not decisive and is_known(email, organisation.email_domains if organisation else [])):
        _send(by=by, at=at, invitation=made)
    else:
        _tell_administrators(at)
    return made


@transaction.atomic
def approve(*, by: User, at: datetime, invitation: Invitation, remember_domain: bool = False) -> Invitation:
    """Let an invitation that waits go out, and with ``remember_domain`` later ones to the same domain without waiting.

    Raise :class:`Refused` unless ``by`` is an administrator and somebody else than the person invited.
    """
    check_can_decide_about_invitations(by)
    held = _held(invitation)
    _check_act(held, "approve")
    check_invites_somebody_else(by, held.email)
    if remember_domain and held.organisation:
        remember(by=by, at=at, organisation=held.organisation, domain=domain_of(held.email))
    _history(at, by, held, ACT["approve"].past)
    _send(by=by, at=at, invitation=held)
    return held


@transaction.atomic
def refuse(*, by: User, at: datetime, invitation: Invitation, reason: str) -> Invitation:
    """Do not approve an invitation that waits. The reason is shown to whoever invited. Raise :class:`Refused` without one."""
    check_can_decide_about_invitations(by)
    if not reason.strip():
        raise Invalid("Say why it is not approved. The person who sent the invitation will see it.", field="reason")
    held = _held(invitation)
    _check_act(held, "refuse")
    return _settle(by, at, held, "refuse", reason.strip()[:500])


@transaction.atomic
def send_again(*, by: User, at: datetime, invitation: Invitation) -> Invitation:
    """Send it once more, with the whole time to answer again; an expired one too.

    Raise :class:`Refused` above the limit of a day, and for a lead within a day of the last email.
    """
    held = _held(invitation)
    check_can_manage_invitation(by, held)
    _check_act(held, "send_again")
    _check_limit(by, at)
    lately = held.sent_at is not None and at - held.sent_at < DAY
    if lately and not has_permission_anywhere(by, roles.MANAGE_PEOPLE):
        raise NotNow("This invitation was sent less than 24 hours ago. Try again tomorrow.")
    _history(at, by, held, ACT["send_again"].past)
    _send(by=by, at=at, invitation=held)
    return held


@transaction.atomic
def withdraw(*, by: User, at: datetime, invitation: Invitation) -> Invitation:
    """Take back an invitation that is not answered yet. Raise :class:`Refused` without the right."""
    held = _held(invitation)
    check_can_manage_invitation(by, held)
    _check_act(held, "withdraw")
    return _settle(by, at, held, "withdraw")


@transaction.atomic
def accept(*, by: User, at: datetime, invitation: Invitation) -> Invitation:
    """Take the role. Raise :class:`Refused` unless it was sent to ``by``, in time, by somebody who may still invite."""
    held = _addressed(by, at, invitation, "accept")
    senders = [sender for sender in (held.sent_by, held.invited_by) if sender]
    if not any(can_invite_person(sender, held.role, held.organisation) for sender in senders):
        raise NotAllowed(
            "Whoever invited you can no longer invite people to this role. Ask the organisation to invite you again."
        )
    _settle(by, at, held, "accept")
    give_role(by=held.invited_by, at=at, person=by, role=held.role, organisation=held.organisation)
    return held


@transaction.atomic
def decline(*, by: User, at: datetime, invitation: Invitation) -> Invitation:
    """Say no to an invitation. Raise :class:`Refused` unless it was sent to ``by`` and is still open."""
    return _settle(by, at, _addressed(by, at, invitation, "decline"), "decline")


@transaction.atomic
def remember(*, by: User, at: datetime, organisation: Organisation, domain: str) -> None:
    """Add a domain to those of an organisation's own addresses. Raise :class:`Refused` for one that is everybody's."""
    check_can_decide_about_invitations(by)
    tidy = tidy_domain(domain)
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if tidy not in held.email_domains:
        held.email_domains = sorted({*held.email_domains, tidy})
        held.save(update_fields=["email_domains"])
        HistoryEntry.objects.create(at=at, by=by, act="email domain added", organisation=held, detail=tidy)


@transaction.atomic
def set_domains(*, by: User, at: datetime, organisation: Organisation, domains: list[str]) -> None:
    """Replace the domains of an organisation's own addresses. Raise :class:`Refused` for one that is none, or everybody's."""
    check_can_decide_about_invitations(by)
    tidy = sorted({tidy_domain(domain) for domain in domains})
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if tidy != held.email_domains:
        held.email_domains = tidy
        held.save(update_fields=["email_domains"])
        words = ", ".join(tidy) or "none"
        HistoryEntry.objects.create(at=at, by=by, act="email domains set", organisation=held, detail=words)


def _send(*, by: User, at: datetime, invitation: Invitation) -> None:
    """Make the person known, without a role, so that they can sign in with a code; and put the email where emails wait."""
    invitation.state, invitation.sent_at, invitation.sent_by = "sent", at, by
    invitation.expires_at = at + timedelta(days=settings.INVITATION_DAYS)
    invitation.save(update_fields=["state", "sent_at", "sent_by", "expires_at"])
    person = User.objects.filter(email=invitation.email).first() or User.objects.create_user(
        email=invitation.email, name=invitation.name, joined_at=at
    )
    record_event("invited", at=at, by=by, person=person, detail=invitation.as_what)
    put_mail(
        key=f"invitation:{invitation.pk}:{at.isoformat()}", kind="invitation", to=person, template="invitation", at=at,
        about=f"invitation:{invitation.pk}",
        values={
            "invitation": invitation,
            "role": roles.BY_CODE[invitation.role],
            "by_password": signs_in_by_password(person),
            "until": timezone.localtime(invitation.expires_at).date(),
        },
    )  # fmt: skip


def _tell_administrators(at: datetime) -> None:
    """Email each administrator that invitations wait, once a day at most."""
    day = timezone.localdate(at).isoformat()
    url = about_portal()["portal_url"] + reverse("partners:invitations")
    for person in people_who_may(roles.MANAGE_PEOPLE):
        put_mail(
            key=f"invitations_waiting:{day}:{person.pk}", kind="invitations_waiting", to=person,
            template="invitations_waiting", values={"count": Invitation.objects.waiting().count(), "url": url}, at=at,
        )  # fmt: skip


def _check_limit(by: User, at: datetime) -> None:
    User.objects.select_for_update().get(pk=by.pk)  # two at once count one after the other
    everybody = has_permission_anywhere(by, roles.MANAGE_PEOPLE)
    most = settings.INVITATIONS_PER_DAY_ADMINISTRATOR if everybody else settings.INVITATIONS_PER_DAY
    since = at - DAY
    made = Invitation.objects.filter(
        Q(invited_by=by, invited_at__gt=since)
        | Q(sent_by=by, sent_at__gt=since) & ~Q(invited_by=by, invited_at__gt=since)
    ).count()
    if made >= most:
        raise NotNow(
            f"You have sent {most} invitations in the last 24 hours, which is the limit for one person. Try again tomorrow."
        )


def _check_not_there(by: User, email: str, role: str, organisation: Organisation | None) -> None:
    same = {"role": role, "organisation": organisation}
    if Invitation.objects.open().filter(email=email, **same).exists():
        raise NotNow("There is an open invitation to this address already. You can send it again from the list.")
    # A role that comes with a seat ends with it; somebody may be invited to keep it beyond that.
    own = RoleGrant.objects.current().filter(appointment__isnull=True)
    if own.filter(person__email=email, person__is_active=True, **same).exists():
        raise NotNow("Someone with this address already has this role.")
    if has_permission_anywhere(by, roles.MANAGE_PEOPLE) and User.objects.filter(email=email, is_active=False).exists():
        raise NotNow("This person’s access has been ended. Give it back first, on their page under People.")


def _held(invitation: Invitation) -> Invitation:
    related = Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "invited_by", "sent_by")
    return related.get(pk=invitation.pk)


def _check_act(invitation: Invitation, act: str) -> None:
    """Raise :class:`NotNow` if ``act`` can't be done to the invitation as it is: :class:`AlreadyDone` if it was done before."""
    if invitation.settled_at and invitation.state == ACT[act].to:
        page = "partners:invitation-answer" if act in {"accept", "decline"} else "partners:invitation"
        raise AlreadyDone(
            f"This invitation has been {PAST[act]} already.",
            thing=reverse(page, args=[invitation.pk]),
            what="invitation",
            past=PAST[act],
            at=invitation.settled_at,
            by=invitation.settled_by,
        )
    check_invitation_act(invitation.state, act)


def _addressed(by: User, at: datetime, invitation: Invitation, act: str) -> Invitation:
    held = _held(invitation)
    if held.email != by.email:
        raise NotAllowed("This invitation was sent to another address.")
    _check_act(held, act)
    if held.has_expired(at):
        raise NotNow("This invitation has expired. Ask whoever invited you to send it again.")
    return held


def _settle(by: User, at: datetime, held: Invitation, act: str, reason: str = "") -> Invitation:
    held.state, held.settled_at, held.settled_by, held.reason = ACT[act].to, at, by, reason
    held.save(update_fields=["state", "settled_at", "settled_by", "reason"])
    _history(at, by, held, ACT[act].past)
    return held


def _history(at: datetime, by: User, invitation: Invitation, act: str) -> None:
    """Write it to the organisation's history, and to the person's where they are known: administrators read both."""
    HistoryEntry.objects.create(
        at=at, by=by, act=act, person=User.objects.filter(email=invitation.email).first(),
        organisation=invitation.organisation, detail=f"{invitation.email}, {roles.BY_CODE[invitation.role].label}",
    )  # fmt: skip
