"""The trail of security events: the kinds there are, in words, and the one function that records one.

A service calls :func:`record_event` beside its history. It needs no request: the visitor's address is that of the
request being answered (:mod:`vcsportal.common.visitors`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from partners.models import SecurityEvent, User
from vcsportal.common.visitors import current_visit, visit_of

Person = AbstractBaseUser | AnonymousUser | None
MAXIMUM_PER_VISITOR_AND_MINUTE: Final = 5
"""How many bounded events of one kind, from one address, about one person are recorded in a minute, before a summary."""
MAXIMUM_PER_MINUTE: Final = 60
"""How many bounded events of one kind are recorded in a minute, wherever they come from, before a summary."""
SAME_AGAIN: Final = "More of the same followed in this minute. The server’s log has each request."
MANY_MORE: Final = (
    "Many more of this kind followed in this minute, from any address. The server’s log has each request."
)


@dataclass(frozen=True)
class Kind:
    """One kind of event."""

    code: str
    label: str
    meaning: str
    alert: bool = False
    """Whether an administrator should look at it first."""
    bounded: bool = False
    """Whether anybody can cause it at will: only the first few in a minute are recorded one by one."""
    own: bool = False
    """Whether a person's own page lists it: what happens with their account, so that they notice what was not them."""


KINDS: Final = (
    Kind("signed_in", "Signed in", "Someone signed in; the detail says how.", own=True),
    Kind(
        "sign_in_failed", "Sign-in failed", "A password was wrong, or the address is not known.", True, True, own=True
    ),
    Kind(
        "sign_in_limited", "Sign-in paused", "Too many attempts: more were refused for a while.", True, True, own=True
    ),
    Kind("code_asked", "Code asked for", "Someone asked for a code by email to sign in.", bounded=True, own=True),
    Kind("code_failed", "Code wrong", "A code from an email was wrong.", True, True, own=True),
    Kind(
        "second_step_failed",
        "Second step failed",
        "The code or key of the second step was wrong.",
        True,
        True,
        own=True,
    ),
    Kind("confirmed", "Confirmed who they are", "Someone confirmed who they are before an important action."),
    Kind("signed_out", "Signed out", "Someone signed out."),
    Kind(
        "session_ended",
        "Session ended",
        "A session was ended: by its owner, an administrator, or after a pause.",
        own=True,
    ),
    Kind("reset_asked", "Password reset requested", "Someone asked to set a new password.", bounded=True, own=True),
    Kind("password_reset", "Password reset", "A new password was set with a code from an email.", True, own=True),
    Kind("password_changed", "Password changed", "Someone set or changed their own password.", own=True),
    Kind("second_step_added", "Second step added", "An app or a security key was added to an account.", own=True),
    Kind("second_step_removed", "Second step removed", "An app or a security key was removed.", True, own=True),
    Kind(
        "second_step_recovered",
        "Second step recovered",
        "A recovery code was used, or access recovered.",
        True,
        own=True,
    ),
    Kind("recovery_codes_made", "Recovery codes made", "New recovery codes replaced the earlier ones.", own=True),
    Kind(
        "calendar_made",
        "Calendar address made",
        "Someone made a secret address for their own calendar; an earlier one stopped working.",
        own=True,
    ),
    Kind("calendar_ended", "Calendar address ended", "Someone ended the secret address of their calendar.", own=True),
    Kind("token_made", "Token made", "Someone made a token with which a program uses the API.", True, own=True),
    Kind("token_ended", "Token ended", "A token for programs was ended, by its owner or with their access.", own=True),
    Kind("invited", "Invited", "A person was invited to take part."),
    Kind("role_given", "Role given", "A person was given a role.", True, own=True),
    Kind("role_ended", "Role ended", "A role of a person was ended.", own=True),
    Kind("access_ended", "Access ended", "A person can no longer sign in.", True),
    Kind("access_given_back", "Access given back", "A person can sign in again.", True, own=True),
    Kind(
        "address_changed",
        "Email address changed",
        "The address that a person signs in with was changed.",
        True,
        own=True,
    ),
    Kind(
        "refused", "Refused", "Someone who is signed in asked for something that their role does not allow.", True, True
    ),
    Kind(
        "not_found",
        "Not found",
        "Someone who is signed in asked for something that does not exist or that they may not see.",
        bounded=True,
    ),
    Kind("exported", "Exported", "Information about people or unpublished work was downloaded as a file."),
    Kind("events_exported", "Security events exported", "This trail was downloaded as a file.", True),
    Kind("events_removed", "Old security events removed", "Events past the time they are kept for were removed."),
    Kind("downloaded", "Unpublished file downloaded", "Someone opened a file that is not published.", bounded=True),
    Kind(
        "upload_refused",
        "File refused",
        "Someone tried to add a file with a program, a hidden command or malware in it.",
        True,
        True,
    ),
    Kind("published", "Published", "Something was published."),
    Kind("withdrawn", "Withdrawn", "Something published was withdrawn."),
    Kind("complaint", "Complaint about personal data", "A complaint was acknowledged, followed up or closed."),
    Kind(
        "erased",
        "Person erased",
        "A person’s name, address and emails were erased; their history stays, unnamed.",
        True,
    ),
    Kind("suspended", "Suspended", "Something published was suspended.", True),
    Kind("restored", "Offered again", "Something suspended is offered again."),
    Kind("backup_failed", "Backup failed", "The nightly backup could not be made.", True),
)
BY_CODE: Final = {kind.code: kind for kind in KINDS}


def record_event(
    kind: str,
    *,
    at: datetime,
    by: Person = None,
    person: Person = None,
    subject: str = "",
    detail: str = "",
    request: HttpRequest | None = None,
) -> SecurityEvent | None:
    """Add one event to the trail, in the transaction of the act it belongs to; return it.

    ``kind``: a code of :data:`KINDS`. ``by``: who did it, if they are signed in. ``person``: the person it concerns, if
    it concerns one. ``subject``: what it concerns, in words ("Annual report 2024-25, edition 2"). ``detail``: how, or
    why. ``request``: only where the current one is not the right one. Never pass a password, code, token or session
    key.

    Events that anybody can cause at will are bounded: past the bound one summary is recorded, then nothing (None)
    until the next minute. Raise :class:`KeyError` for a kind that is not in the table.
    """
    rule = BY_CODE[kind]
    visit = visit_of(request) if request is not None else current_visit()
    event = SecurityEvent(
        at=at,
        kind=rule.code,
        by=by if isinstance(by, User) else None,
        person=person if isinstance(person, User) else None,
        address=visit.address if visit else None,
        browser=visit.browser if visit else "",
        subject=_one_line(subject, 200),
        detail=_one_line(detail, 500),
        request_number=str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64],
    )
    if rule.bounded and not _within_bounds(event):
        return None
    event.save(force_insert=True)
    return event


def _within_bounds(event: SecurityEvent) -> bool:
    """Whether the event is to be recorded; past a bound it becomes the summary, and the next ones are not recorded."""
    minute = event.at.replace(second=0, microsecond=0)
    this_minute: list[tuple[Any, ...]] = list(
        SecurityEvent.objects.filter(kind=event.kind, at__gte=minute, at__lt=minute + timedelta(minutes=1))
        .order_by("-at")
        .values_list("address", "person_id")[: MAXIMUM_PER_MINUTE + 1]
    )
    if len(this_minute) > MAXIMUM_PER_MINUTE:
        return False
    same = this_minute.count((event.address, event.person_id))
    if same > MAXIMUM_PER_VISITOR_AND_MINUTE:
        return False
    if same == MAXIMUM_PER_VISITOR_AND_MINUTE:
        event.detail = SAME_AGAIN
    if len(this_minute) == MAXIMUM_PER_MINUTE:
        event.detail, event.person, event.address, event.browser = MANY_MORE, None, None, ""
    return True


def _one_line(text: str, longest: int) -> str:
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def unknown_address(typed: str) -> str:
    """Return what may be recorded of an address that is nobody's here.

    It may be a password typed into the wrong box. So it is only a fingerprint, by which the same one is recognised
    again and nothing else, and its domain if people here have addresses there.
    """
    typed = typed.strip().lower()
    fingerprint = salted_hmac("partners.security_events", typed, algorithm="sha256").hexdigest()[:10]
    domain = typed.rpartition("@")[2]
    known = domain and domain != typed and User.objects.filter(email__endswith=f"@{domain}").exists()
    return f"Unknown address{f' at {domain}' if known else ''} (fingerprint {fingerprint})."
