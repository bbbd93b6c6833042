"""Following by email, without an account: asking, confirming from the mailbox, and stopping, which erases the address.

Nobody learns whether an address is known: asking does the same work and sends the same email whether it follows already or not.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from commitments.reading.topics import COMMITMENT, EVERYTHING, ORGANISATION, STRATEGY, Topic
from partners.models import Mail
from partners.services.retention import erase_emails
from reporting.models import Follow, Follower
from reporting.services.following_emails import about, send_confirmation
from vcsportal.common.encryption import decrypt, encrypt, fingerprints

PURPOSE: Final = "follower"
CONFIRM_WITHIN: Final = timedelta(days=7)
"""How long the link in an email that asks for confirmation works, from the last time it was asked for."""


@transaction.atomic
def ask_to_follow(*, at: datetime, email: str, topic: Topic, confirm: bool = True) -> Follow:
    """Record that somebody asked to follow something at an address, and send an email there that asks to confirm it.

    :param confirm: False where the address has been sent enough of these emails today. Nobody is told.
    """
    email = email.strip()
    known = fingerprints(email.casefold(), purpose=PURPOSE)
    follower = Follower.objects.select_for_update().filter(fingerprint__in=known).first()
    if follower is None:
        follower, _ = Follower.objects.get_or_create(
            fingerprint=known[0], defaults={"address": encrypt(email, purpose=PURPOSE)}
        )
    named: dict[str, Any] = {f"{kind}_id": None for kind in (STRATEGY, COMMITMENT, ORGANISATION)}
    if topic.kind != EVERYTHING:
        named[f"{topic.kind}_id"] = topic.pk
    follow, _ = Follow.objects.update_or_create(follower=follower, **named, defaults={"asked_at": at})
    if confirm:
        send_confirmation(follow, email=email, topic=topic, at=at)
    return follow


def can_confirm(follow: Follow, at: datetime) -> bool:
    """Whether the link that asks for confirmation still works."""
    return follow.confirmed_at is None and at < follow.asked_at + CONFIRM_WITHIN


@transaction.atomic
def confirm_follow(*, at: datetime, follow: Follow) -> bool:
    """Begin to send updates about one thing; return whether it is followed now. What was published before is not sent."""
    follower = Follower.objects.select_for_update().filter(pk=follow.follower_id).first()
    held = Follow.objects.filter(pk=follow.pk).first() if follower is not None else None
    if follower is None or held is None:  # they stopped, or it was removed, just now
        return False
    if held.confirmed_at is not None:
        return True
    if not can_confirm(held, at):
        return False
    held.confirmed_at = at
    held.save(update_fields=["confirmed_at"])
    if follower.told_until is None:
        follower.told_until = at
        follower.save(update_fields=["told_until"])
    return True


@transaction.atomic
def stop_following(*, at: datetime, follower: Follower, only: int | None = None) -> None:
    """Stop one thing, or everything; with the last one the address is erased, in the emails that were sent to it too.

    :param only: the key of what is to stop; None for everything.
    """
    held = Follower.objects.select_for_update().filter(pk=follower.pk).first()
    if held is None:
        return
    if only is not None:
        held.follows.filter(pk=only).delete()
        if held.follows.exists():
            return
    emails = Mail.objects.select_for_update().filter(about=about(held))
    emails.filter(state="waiting").update(state="dropped", problem="They stopped following.")
    erase_emails(list(emails.filter(erased_at__isnull=True)), at)
    held.delete()


def forget_address(*, at: datetime, email: str) -> None:
    """Stop everything that is sent to an address, as when the account of that person is erased."""
    known = fingerprints(email.strip().casefold(), purpose=PURPOSE)
    for follower in Follower.objects.filter(fingerprint__in=known):
        stop_following(at=at, follower=follower)


def address_of(follower: Follower) -> str:
    """Return the address of a follower. :raises vcsportal.common.encryption.Unreadable: without the key that it was encrypted with."""
    return decrypt(follower.address, purpose=PURPOSE)
