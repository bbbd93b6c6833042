"""Emails that came back: what a mail server writes when it could not deliver (RFC 3464), matched with what we sent."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import Message
from typing import Final

from django.db import transaction

from partners.models import Mail

MAXIMUM_REPORT_BYTES: Final = 5_000_000
_ADDRESS: Final = re.compile(r"(?:rfc822|utf-8)\s*;\s*<?([^\s<>]+)>?", re.I)
_ID: Final = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What one report says: the address, the email (if it names one), and the reason.

    ``final`` is False while the server still tries.
    """

    address: str
    message_id: str
    why: str
    final: bool


def read_bounces(content: bytes) -> list[Bounce]:
    """Return what a report says of each recipient; nothing if it is no report of deliveries."""
    whole = email.message_from_bytes(content[:MAXIMUM_REPORT_BYTES], policy=policy.compat32)
    if whole.get_content_type() != "multipart/report":
        return []
    message_id = next(_original_ids(whole), "")
    found = []
    for part in whole.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.get_payload():
            if isinstance(fields, Message) and (recipient := _recipient(fields)):
                action = str(fields.get("Action", "")).strip().lower()
                why = str(fields.get("Diagnostic-Code") or fields.get("Status") or "")
                found.append(Bounce(recipient, message_id, " ".join(why.split())[:500], action == "failed"))
    return found


@transaction.atomic
def record(bounces: list[Bounce]) -> int:
    """Mark the emails that came back; return how many. Reports of a delay, and of emails that are not ours, change nothing.

    Without the original's Message-ID it is the last email that went to the address.
    """
    marked = 0
    for bounce in bounces:
        if not bounce.final:
            continue
        sent = Mail.objects.select_for_update().filter(state="sent")
        ours = (
            sent.filter(message_id=bounce.message_id) if bounce.message_id else sent.filter(to__iexact=bounce.address)
        )
        mail = ours.order_by("-sent_at", "-id").first()
        if mail:
            mail.state, mail.problem = "bounced", bounce.why or "It came back without a reason."
            mail.save(update_fields=["state", "problem"])
            marked += 1
    return marked


def _recipient(fields: Message) -> str:
    for name in ("Original-Recipient", "Final-Recipient"):
        if match := _ADDRESS.search(str(fields.get(name, ""))):
            return match[1]
    return ""


def _original_ids(whole: Message) -> Iterator[str]:
    """Yield the Message-ID of the email that came back, from the copy of it (or of its head) that the report holds."""
    for part in whole.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            heads = inner if isinstance(inner, list) else []
        elif kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            heads = [email.message_from_bytes(payload)] if isinstance(payload, bytes) else []
        else:
            continue
        for head in heads:
            if isinstance(head, Message) and (match := _ID.search(str(head.get("Message-ID", "")))):
                yield match[0]
