"""Requests to take part: “Is this you?” on the page of an organisation that is listed, and an administrator's answer.

Anyone may ask, so nothing is given for asking: an agreed request becomes an ordinary invitation, which is sent to the address
and has to be accepted. No email repeats what was written: a stranger could otherwise have the portal send their words to anyone.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from partners import roles
from partners.emails.composing import compose_mail
from partners.emails.outbox import put_all, put_mail
from partners.models import JoiningRequest, Organisation, User
from partners.naming import one_space, tidy_name
from partners.people_with_permission import people_who_may
from partners.permissions import Person, check_permission_anywhere
from partners.services.history import write_history
from partners.services.invitations import invite
from vcsportal.common.lookalikes import check_email
from vcsportal.common.markdown import check_text
from vcsportal.common.words import AlreadyDone, Invalid, NotNow, allowed

MAXIMUM_POST_CHARACTERS: Final = 150
MAXIMUM_WORDS_CHARACTERS: Final = 1_000
PAST: Final = {"agreed": "agreed to", "declined": "declined"}


def check_can_answer_joining_requests(person: Person) -> None:
    """Administrators read requests to take part and answer them, as they invite people."""
    check_permission_anywhere(person, roles.MANAGE_PEOPLE, "Only an administrator can see requests to take part.")


can_answer_joining_requests = allowed(check_can_answer_joining_requests)


def check_can_be_joined(organisation: Organisation) -> None:
    """Raise :class:`NotNow` where nobody can ask: the organisation has ended, is a public body, or has people here already. One query."""
    if organisation.has_ended or organisation.is_removed:
        raise NotNow("This organisation has ended or left the directory, so nobody can ask to take part for it.")
    if organisation.kind in {"public_body", "partnership_group"}:
        raise NotNow(
            f"An administrator invites the people of {organisation.name}. Write to the address at the foot of the page."
        )
    if organisation.role_grants.current().filter(person__is_active=True).exists():
        raise NotNow(
            f"{organisation.name} already takes part. Ask its lead to invite you, or write to the address at the foot of the page."
        )


@dataclass(frozen=True, slots=True)
class JoiningContent:
    """What someone writes who asks that their organisation takes part."""

    name: str
    post: str
    email: str
    words: str = ""

    def tidy(self) -> "JoiningContent":
        """Return the same, tidy. Raise :class:`Invalid` for a missing or bad name, post or address, and a text that is too long."""
        email = self.email.strip().lower()
        if not email:
            raise Invalid("Enter your email address, so that we can answer.", field="email")
        check_email(email)
        post = one_space(check_text(self.post, field="post"))
        if not post:
            raise Invalid("Say what you do in the organisation.", field="post")
        words = check_text(self.words, field="words")
        for text, field, most in ((post, "post", MAXIMUM_POST_CHARACTERS), (words, "words", MAXIMUM_WORDS_CHARACTERS)):
            if len(text) > most:
                raise Invalid(f"Use {most:,} characters or fewer. You have used {len(text):,}.", field=field)
        return replace(self, name=tidy_name(self.name), post=post, email=email, words=words)


@transaction.atomic
def ask_to_take_part(
    *,
    by: User | None,
    at: datetime,
    token: UUID,
    organisation: Organisation,
    content: JoiningContent,
    confirm: bool = True,
) -> JoiningRequest:
    """Record that someone asks for their organisation to take part. Everyone may; ``by`` is who, if they have signed in.

    The same form again, and the same address while it waits, return the request that there is. The administrators get one email a
    day at most.

    :param confirm: whether the request is confirmed by email.
    Raise :class:`NotNow` as :func:`check_can_be_joined` does, and :class:`Invalid` for what was not filled in.
    """
    content = content.tidy()
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    token = uuid5(token, json.dumps([held.pk, content.name, content.post, content.email, content.words]))
    found = JoiningRequest.objects.filter(form_token=token).first()
    found = found or JoiningRequest.objects.waiting().filter(organisation=held, email=content.email).first()
    if found is not None:
        return found
    check_can_be_joined(held)
    made = JoiningRequest.objects.create(
        form_token=token, organisation=held, person=by, received_at=at,
        name=content.name, post=content.post, email=content.email, words=content.words,
    )  # fmt: skip
    if confirm:
        _email(made, "joining_received", at=at, key="received", values={})
    day = timezone.localdate(at).isoformat()
    count = JoiningRequest.objects.waiting().count()
    url = settings.PORTAL_URL.rstrip("/") + reverse("partners:joining-requests")
    for person in people_who_may(roles.MANAGE_PEOPLE):
        put_mail(
            key=f"joining_waiting:{day}:{person.pk}", kind="joining_waiting", to=person, template="joining_waiting",
            values={"count": count, "url": url}, at=at,
        )  # fmt: skip
    return made


@transaction.atomic
def agree_to_joining(*, by: User, at: datetime, request: JoiningRequest) -> JoiningRequest:
    """Let the organisation take part, and invite whoever asked as its lead.

    Raise :class:`Refused` without the right, for a request that was answered, and as :func:`partners.services.invitations.invite` does.
    """
    check_can_answer_joining_requests(by)
    held = _held(request)
    if held.erased_at is not None:
        raise NotNow("The details of the person who asked have been erased. Decline this request.")
    held.invitation = invite(
        by=by,
        at=at,
        email=address_to_invite(held),
        name=held.name,
        role=roles.PARTNER_LEAD.code,
        organisation=held.organisation,
    )
    return _settle(held, "agreed", by, at)


def address_to_invite(request: JoiningRequest) -> str:
    """Return where the invitation goes: to the account of whoever had signed in, under the address that it has now.

    Raise :class:`NotNow` where the account has been closed since.
    """
    if request.person is None:
        return str(request.email)
    if not request.person.is_active:
        raise NotNow("The account of the person who asked has been closed. Decline this request.")
    return request.person.email


@transaction.atomic
def decline_joining(*, by: User, at: datetime, request: JoiningRequest, reason: str) -> JoiningRequest:
    """Decline a request. The reason is emailed to whoever asked. Raise :class:`Refused` without the right or a reason."""
    check_can_answer_joining_requests(by)
    reason = check_text(reason, field="reason")
    if not reason:
        raise Invalid("Say why. We will email it to the person who asked.", field="reason")
    held = _held(request)
    held.reason = reason[:MAXIMUM_WORDS_CHARACTERS]
    settled = _settle(held, "declined", by, at)
    if held.erased_at is None:
        _email(settled, "joining_declined", at=at, key="declined", values={"reason": settled.reason})
    return settled


def _held(request: JoiningRequest) -> JoiningRequest:
    related = JoiningRequest.objects.select_for_update(of=("self",)).select_related(
        "organisation", "settled_by", "person"
    )
    held: JoiningRequest = related.get(pk=request.pk)
    if not held.is_waiting:
        raise AlreadyDone(
            "This request has already been answered.",
            thing=reverse("partners:joining-request", args=[held.pk]), what="request", past=PAST[held.state],
            at=held.settled_at, by=held.settled_by,
        )  # fmt: skip
    return held


def _settle(held: JoiningRequest, state: str, by: User, at: datetime) -> JoiningRequest:
    held.state, held.settled_at, held.settled_by = state, at, by
    held.save()
    write_history(at, by, f"request to take part {PAST[state]}", organisation=held.organisation)
    return held


def close_waiting_requests(*, by: User, at: datetime, organisation: Organisation, reason: str) -> None:
    """Decline every waiting request for an organisation that left the directory, and tell whoever asked."""
    for request in JoiningRequest.objects.waiting().filter(organisation=organisation).select_for_update(of=("self",)):
        request.reason = reason
        settled = _settle(request, "declined", by, at)
        if request.erased_at is None:
            _email(settled, "joining_declined", at=at, key="declined", values={"reason": settled.reason})


def _email(request: JoiningRequest, template: str, *, at: datetime, key: str, values: dict[str, Any]) -> None:
    """Email whoever asked; they need not be known here, so the email is nobody's among the people."""
    mail = compose_mail(
        key=f"joining:{request.pk}:{key}", kind="joining", to=User(email=request.email, name=""), template=template,
        values={"organisation": request.organisation.name, **values}, at=at,
    )  # fmt: skip
    mail.person = None
    put_all([mail])
