"""Complaints about personal data (Data (Use and Access) Act 2025): received from anyone, acknowledged, followed, closed.

The law asks for an acknowledgement within 30 days and for an outcome without undue delay.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from partners import roles
from partners.emails.composing import compose_mail
from partners.emails.outbox import put_all, put_mail
from partners.emails.values import Markdown
from partners.models import Complaint, ComplaintStep, User
from partners.people_with_permission import people_who_may
from partners.permissions import Person, check_permission_anywhere
from partners.security.events import record_event
from vcsportal.common.dates import in_words
from vcsportal.common.words import Invalid, NotNow, allowed

ACKNOWLEDGED_WITHIN: Final = timedelta(days=30)
MAXIMUM_COMPLAINT_CHARACTERS: Final = 5_000


def check_can_see_complaints(person: Person) -> None:
    """Administrators read and answer complaints."""
    check_permission_anywhere(
        person, roles.MANAGE_PEOPLE, "Only an administrator can see complaints about personal data."
    )


can_see_complaints = allowed(check_can_see_complaints)


def due_on(complaint: Complaint) -> date:
    """Return the last day on which a complaint can be acknowledged in time."""
    return timezone.localdate(complaint.received_at) + ACKNOWLEDGED_WITHIN


@transaction.atomic
def receive_complaint(
    *, at: datetime, token: UUID, name: str, words: str, email: str = "", contact: str = ""
) -> Complaint:
    """Record a complaint; acknowledge it by email where there is an address, and tell the administrators.

    The same ``token`` again returns the complaint that it made the first time. Raise :class:`Refused` where there is no way to
    answer. No email repeats what was written: a stranger could otherwise have the portal send their words to anyone.
    """
    name, words, email, contact = name.strip(), words.strip(), email.strip(), contact.strip()
    if not (name and words):
        raise Invalid("Give your name, and say what your complaint is.", field="name")
    if not (email or contact):
        raise Invalid(
            "Give an email address, telephone number or postal address, so that we can answer.", field="email"
        )
    complaint, new = Complaint.objects.get_or_create(
        form_token=token,
        defaults={
            "received_at": at,
            "name": name[:150],
            "email": email,
            "contact": contact[:500],
            "words": words[:MAXIMUM_COMPLAINT_CHARACTERS],
            "acknowledged_at": at if email else None,
        },
    )
    if not new:
        return complaint
    if email:
        _email(complaint, "complaint_received", at=at, key="received", outcome="")
    for person in people_who_may(roles.MANAGE_PEOPLE):
        put_mail(
            key=f"complaint:{complaint.pk}:{person.pk}", kind="complaint", to=person, template="complaint_made", at=at,
            values={"number": complaint.pk, "due": in_words(due_on(complaint)), "by_email": bool(email),
                    "url": f"{settings.PORTAL_URL.rstrip('/')}{reverse('partners:complaint', args=[complaint.pk])}"},
        )  # fmt: skip
    return complaint


@transaction.atomic
def record_step(*, by: User, at: datetime, complaint: Complaint, kind: str, words: str) -> ComplaintStep:
    """Record what was done about a complaint. An outcome closes it, and is emailed to whoever gave an address.

    :param kind: a code of :data:`partners.models.privacy.COMPLAINT_STEPS`.
    """
    check_can_see_complaints(by)
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if complaint.closed_at is not None:
        raise NotNow("This complaint is closed: its outcome was recorded.")
    if not words.strip():
        raise Invalid("Say what was done.", field="words")
    step = ComplaintStep.objects.create(
        complaint=complaint, at=at, by=by, kind=kind, words=words.strip()[:MAXIMUM_COMPLAINT_CHARACTERS]
    )
    if kind == "acknowledged" and complaint.acknowledged_at is None:
        complaint.acknowledged_at = at
    if kind == "outcome":
        complaint.acknowledged_at = complaint.acknowledged_at or at
        complaint.closed_at = at
        if complaint.email:
            _email(complaint, "complaint_closed", at=at, key="closed", outcome=step.words)
    complaint.save(update_fields=["acknowledged_at", "closed_at"])
    record_event("complaint", at=at, by=by, subject=str(complaint), detail=step.get_kind_display())
    return step


def _email(complaint: Complaint, template: str, *, at: datetime, key: str, outcome: str) -> None:
    """Email whoever complained; they need not take part, so the email is nobody's among the people here."""
    values = {
        "number": complaint.pk,
        "received": in_words(timezone.localdate(complaint.received_at)),
        "outcome": outcome,
        "controller": settings.PORTAL_DATA_CONTROLLER,
        "officer_email": Markdown(settings.PORTAL_DATA_PROTECTION_EMAIL),
    }
    mail = compose_mail(
        key=f"complaint:{complaint.pk}:{key}", kind="complaint", to=User(email=complaint.email, name=""),
        template=template, values=values, at=at,
    )  # fmt: skip
    mail.person = None
    put_all([mail])
