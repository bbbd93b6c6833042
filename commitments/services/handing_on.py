"""The link in a reminder by which somebody says that the task is no longer theirs. It opens without signing in.

The link is signed and names one person's task in one round; it can do nothing but hand this task on.
"""

from typing import Final

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse

from commitments.models import RoundTask
from partners import roles
from partners.letters import about_portal
from partners.models import Mail, RoleGrant, User

_signer: Final = signing.Signer(salt="commitments.hand-on", sep=".")


def link_to(round_id: int, person_id: int, *, at_once: bool = False) -> str:
    """Return the address of the page, or of the one that a mail program calls by itself (RFC 8058)."""
    name = "commitments:hand-on-at-once" if at_once else "commitments:hand-on"
    signed = _signer.sign(f"{round_id}-{person_id}")
    return f"{about_portal()['portal_url']}{reverse(name, args=[signed])}"


def task_behind(signed: str) -> RoundTask | None:
    """Return the task that a link names; None if nobody signed it or there is no such task."""
    try:
        round_id, person_id = _signer.unsign(signed).split("-")
    except (signing.BadSignature, ValueError):
        return None
    return (
        RoundTask.objects.filter(round=int(round_id), person=int(person_id))
        .select_related("round__strategy", "person", "handed_to")
        .first()
    )


def mail_headers(mail: Mail) -> dict[str, str]:
    """Return the lines by which mail programs offer to unsubscribe. Somebody who only stands in has no task to hand on."""
    _kind, round_id, person_id, *_rest = mail.key.split(":")
    if link_to(int(round_id), int(person_id)) not in mail.text:
        return {}
    return {
        "List-Unsubscribe": f"<{link_to(int(round_id), int(person_id), at_once=True)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def colleagues(person: User) -> QuerySet[User]:
    """Return who could take a task over: people who may do the same for the same organisation."""
    held = RoleGrant.objects.current().filter(person=person, organisation__isnull=False)
    alike = RoleGrant.objects.current().filter(
        organisation__in=held.values("organisation"), role__in=[role.code for role in roles.ROLES if role.within]
    )
    return (
        User.objects.filter(pk__in=alike.values("person"), is_active=True).exclude(pk=person.pk).order_by("name", "id")
    )
