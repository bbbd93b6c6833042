"""How long data about people who take part is kept: this floor's rows of the table, and what stays for the record."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce

from partners.models import (
    AddressChange,
    ApiToken,
    Complaint,
    Invitation,
    JoiningRequest,
    Mail,
    RepeatedRequest,
    RetentionRun,
    SecurityEvent,
    SecurityEventLink,
    Session,
    SubmittedForm,
)
from partners.security import chain
from vcsportal.common.changing_many import change_many
from vcsportal.common.retention import Rule


def _written_emails(cutoff: datetime) -> QuerySet[Mail]:
    return Mail.objects.filter(made_at__lt=cutoff, erased_at__isnull=True).exclude(state="waiting")


def erase_emails(emails: Sequence[Mail], at: datetime) -> None:
    """Erase addresses and words. That an email of this kind went to this person on this day stays."""
    for email in emails:
        email.to, email.subject, email.text, email.html, email.problem, email.erased_at = "", "", "", "", "", at
    change_many(emails, ["to", "subject", "text", "html", "problem", "erased_at"])


def _old_email_rows(cutoff: datetime) -> QuerySet[Mail]:
    return Mail.objects.filter(made_at__lt=cutoff).exclude(state="waiting")


def _ended_sessions(cutoff: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=cutoff)


def _old_runs(cutoff: datetime) -> QuerySet[RetentionRun]:
    return RetentionRun.objects.filter(at__lt=cutoff)


def _old_tokens(cutoff: datetime) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(Q(ended_at__lt=cutoff) | Q(ended_at__isnull=True, expires_at__lt=cutoff))


def _repeated_requests(cutoff: datetime) -> QuerySet[RepeatedRequest]:
    return RepeatedRequest.objects.filter(at__lt=cutoff)


def _submitted_forms(cutoff: datetime) -> QuerySet[SubmittedForm]:
    return SubmittedForm.objects.filter(at__lt=cutoff)


def _settled_invitations(cutoff: datetime) -> QuerySet[Invitation]:
    """Invitations that were answered or ended, or ran out, before ``cutoff``."""
    over = Q(settled_at__lt=cutoff) | Q(settled_at__isnull=True, expires_at__lt=cutoff)
    return Invitation.objects.filter(over).exclude(email__endswith=ERASED)


def erase_invitations(invitations: Sequence[Invitation], at: datetime) -> None:
    """Erase whom an invitation was for. That somebody was invited to this role stays."""
    for invitation in invitations:
        invitation.email, invitation.name, invitation.reason = f"{invitation.pk}{ERASED}", "", ""
    change_many(invitations, ["email", "name", "reason"])


def _ended_address_changes(cutoff: datetime) -> QuerySet[AddressChange]:
    return AddressChange.objects.filter(expires_at__lt=cutoff).exclude(email__endswith=ERASED)


def erase_address_changes(changes: Sequence[AddressChange], at: datetime) -> None:
    """Erase both addresses. That the address was changed, when, and who changed it stays."""
    for change in changes:
        change.email, change.before, change.code = f"{change.pk}{ERASED}", "", ""
    change_many(changes, ["email", "before", "code"])


ERASED: Final = "@erased.invalid"
"""Ends an address that was erased; the domain never exists (RFC 2606)."""


def _closed_complaints(cutoff: datetime) -> QuerySet[Complaint]:
    return Complaint.objects.filter(closed_at__lt=cutoff, erased_at__isnull=True)


def _erase_complaints(complaints: Sequence[Complaint], at: datetime) -> None:
    """Erase who complained and what was written, also by the council. When it came and was closed stays."""
    for complaint in complaints:
        complaint.steps.update(words="")
        complaint.name = complaint.email = complaint.contact = complaint.words = ""
        complaint.erased_at = at
        complaint.save(update_fields=["name", "email", "contact", "words", "erased_at"])


def _settled_joining_requests(cutoff: datetime) -> QuerySet[JoiningRequest]:
    """Answered before, or received before and never answered."""
    return JoiningRequest.objects.alias(last=Coalesce("settled_at", "received_at")).filter(
        last__lt=cutoff, erased_at__isnull=True
    )


def erase_joining_requests(requests: Sequence[JoiningRequest], at: datetime) -> None:
    """Erase who asked and what was written, also by the council. That an organisation asked, and the answer, stays."""
    for request in requests:
        request.name = request.post = request.words = request.reason = ""
        request.email = f"{request.pk}{ERASED}"
        request.erased_at = at
    change_many(requests, ["name", "post", "email", "words", "reason", "erased_at"])


def _security_events(cutoff: datetime) -> QuerySet[SecurityEvent]:
    """Events of the chain; its last link always stays."""
    last = SecurityEventLink.objects.aggregate(last=Max("number"))["last"] or 0
    return SecurityEvent.objects.filter(at__lt=cutoff, link__number__lt=last)


def _remove_events(events: Sequence[SecurityEvent], at: datetime) -> int:
    """Ask the database, which alone can remove from the trail, from the beginning of its chain; the trail records it."""
    return chain.remove_older_than(max(event.at for event in events) + timedelta(microseconds=1))


def delete_rows(rows: Sequence[Any], at: datetime) -> None:
    """Delete rows whose last day of keeping has passed."""
    type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).delete()


RULES: Final = (
    Rule(
        "emails", "Emails that the portal sent",
        "To find out why an email did not arrive, and to answer questions about what it said.",
        90, "after it was written",
        "The address, subject and text are erased. The portal still knows that an email of that kind was sent.",
        ("partners.Mail",), _written_emails, erase_emails,
    ),
    Rule(
        "email_records", "The record that an email was sent",
        "To show who was asked for what in a reporting round, and to avoid sending the same email twice.",
        1_095, "after it was written", "The record is deleted.", ("partners.Mail",), _old_email_rows, delete_rows,
    ),
    Rule(
        "sessions", "Sessions of people who have signed in",
        "To keep someone signed in for a working day.",
        1, "after the session ended", "The session is deleted.", ("partners.Session", "sessions.Session"), _ended_sessions, delete_rows,
    ),
    Rule(
        "submitted_forms", "The record that a form was sent",
        "So that nothing is added twice when the same form is sent again. It does not include what was written.",
        7, "after the form was sent", "The record is deleted.",
        ("partners.SubmittedForm",), _submitted_forms, delete_rows,
    ),
    Rule(
        "repeated_requests", "Requests of programs, and what was answered",
        "So that a request that is sent again is not carried out twice. What was answered is what the person may read.",
        7, "after the request", "The record is deleted.",
        ("partners.RepeatedRequest",), _repeated_requests, delete_rows,
    ),
    Rule(
        "api_tokens", "Tokens with which people’s programs use the API",
        "To show someone which programs acted for them. The token itself is not stored.",
        365, "after the token ended", "The record is deleted.", ("partners.ApiToken",), _old_tokens, delete_rows,
    ),
    Rule(
        "security_events", "Security events: who signed in, what was refused, who was given which role",
        "To notice attacks and to find out what happened. They include the visitor’s address and browser.",
        400, "after the event", "The event is deleted.",
        ("partners.SecurityEvent", "partners.SecurityEventLink"), _security_events, _remove_events, 366,
    ),
    Rule(
        "invitations", "Invitations: the name and address of someone who was asked to take part",
        "To show who invited whom, and to answer questions about it.", 365, "after it was answered, ended or expired",
        "The name and address are erased. The record that someone was invited to the role stays.",
        ("partners.Invitation",), _settled_invitations, erase_invitations,
    ),
    Rule(
        "joining_requests", "Requests to take part: who asked for an organisation, and how we could check",
        "To check who speaks for the organisation, and to answer questions about it.", 365,
        "after it was answered or, if nobody answered, received",
        "The name, post, address and words are erased. The record that someone asked, and the answer, stays.",
        ("partners.JoiningRequest",), _settled_joining_requests, erase_joining_requests,
    ),
    Rule(
        "address_changes", "Earlier and new email addresses, where an address was changed",
        "To find out what happened if someone can no longer sign in.", 365, "after the code for the change expired",
        "Both addresses are erased. The record that the address was changed stays.",
        ("partners.AddressChange",), _ended_address_changes, erase_address_changes,
    ),
    Rule(
        "complaints", "Complaints about personal data",
        "To answer the complaint, and to show how it was answered.", 730, "after the outcome",
        "The name, contact details and words are erased. The dates on which it was made and closed stay.",
        ("partners.Complaint", "partners.ComplaintStep"), _closed_complaints, _erase_complaints,
    ),
    Rule(
        "retention_runs", "The record of what was removed",
        "To show that this table is followed. It contains only numbers, no names.",
        1_095, "after the day of the removal", "The record is deleted.",
        ("partners.RetentionRun",), _old_runs, delete_rows,
    ),
)  # fmt: skip

KEPT: Final = {
    "partners.User": "The account itself. One that is no longer used is anonymised, as the table says.",
    "partners.RoleGrant": "Who held which role, and when: without this, nobody could tell who was allowed to do what.",
    "partners.Deputy": "Who covered for a colleague, and when, as the person who covers may act for the other.",
    "partners.HistoryEntry": "What was done to accounts and organisations. It is never changed; names are removed with the account.",
    "partners.Organisation": "Organisations of the directory. They are not people; what is recorded about them is public. Of one that asks to be removed, only its name and its numbers in registers stay.",
    "partners.PartnershipGroup": "What groups are and whether they meet. They are not people.",
    "partners.Seat": "The seats of groups. They are posts, not people.",
    "partners.Appointment": "Who held a seat, and when: it says who had the role that comes with it. The name goes with the account.",
    "partners.Source": "Documents and data that words and figures are taken from. They are not people.",
    "partners.Strand": "The strands of equality by which figures are looked at: words and definitions.",
    "partners.Area": "Districts, counties and other areas.",
    "partners.PersonalCalendar": "That someone reads their tasks in a calendar program, and on which day a program last read them. It is deleted when they end it, and with their access.",
    "account.EmailAddress": "The address with which someone signs in. It is deleted when the account is anonymised.",
    "account.EmailConfirmation": "Not used: people are invited, and confirm their address when they sign in.",
    "mfa.Authenticator": "How someone proves who they are. It is deleted when they remove it or the account is anonymised.",
    "socialaccount.SocialAccount": "The link to the council’s own sign-in. It is deleted when the account is anonymised.",
    "socialaccount.SocialApp": "Not used: the council’s identity provider is set up in the portal’s settings.",
    "socialaccount.SocialToken": "Part of the link to the council’s own sign-in.",
}
