"""The link in a reminder with which someone hands on their task. It opens without signing in.

The link is signed and names one person's task in a round, or in each of several; it can do nothing but hand these on. It
ends when the person's access or role ends, and :data:`LINK_LASTS_AFTER_ROUND` after the last day of the round's window.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse

from commitments.models import Contribution, RoundTask
from partners import roles
from partners.emails.composing import about_portal
from partners.models import Mail, RoleGrant, User
from partners.permissions import has_permission_here, organisations_for

LINK_LASTS_AFTER_ROUND: Final = timedelta(days=30)
"""How long after a round has stopped taking updates its links still open: what was returned is mended in that time."""
_signer: Final = signing.Signer(salt="commitments.hand-on", sep=".")


def link_to(round_id: int, person_id: int) -> str:
    """Return the address of the page on which the person hands on what they owe in the round."""
    return _address("commitments:hand-on", [round_id], person_id)


def link_at_once(round_ids: Iterable[int], person_id: int) -> str:
    """Return the address that a mail program calls by itself (RFC 8058). It hands on the tasks of all these rounds."""
    return _address("commitments:hand-on-at-once", round_ids, person_id)


def _address(name: str, round_ids: Iterable[int], person_id: int) -> str:
    signed = _signer.sign(f"{'+'.join(map(str, round_ids))}-{person_id}")
    return f"{about_portal()['portal_url']}{reverse(name, args=[signed])}"


def tasks_behind(signed: str) -> list[RoundTask]:
    """Return the tasks that a link names, in the order of their rounds; none if nobody signed it or there is no such task."""
    try:
        round_ids, person_id = _signer.unsign(signed).split("-")
    except (signing.BadSignature, ValueError):
        return []
    return list(
        RoundTask.objects.filter(round__in=[int(round_id) for round_id in round_ids.split("+")], person=int(person_id))
        .select_related("round__strategy", "person", "handed_to")
        .order_by("round", "id")
    )


def has_ended(task: RoundTask, today: date) -> bool:
    """Whether the link to a task opens no longer: its time is over, or its person may no longer do what they were asked for."""
    person, round_ = task.person, task.round
    if today > round_.grace_until + LINK_LASTS_AFTER_ROUND:
        return True
    if has_permission_here(person, roles.UPDATE_COMMITMENTS, round_.strategy):
        return False
    own = organisations_for(person, roles.LOG_EVIDENCE)
    asked = Contribution.objects.filter(round=round_, owed_by=person).values_list("organisation_id", flat=True)
    wanted = set(asked)
    return not any(round_.pk in wanted for round_ in own) if wanted else not own


def mail_headers(mail: Mail) -> dict[str, str]:
    """Return the lines by which mail programs offer to unsubscribe, from every task that the email offers to hand on.

    Somebody who only covers for others has none.
    """
    if mail.person_id is None:
        return {}
    tasks = RoundTask.objects.filter(person=mail.person_id).order_by("round", "id").values_list("round", flat=True)
    rounds = [task for task in tasks if link_to(task, mail.person_id) in mail.text]
    if not rounds:
        return {}
    return {
        "List-Unsubscribe": f"<{link_at_once(rounds, mail.person_id)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def colleagues(person: User) -> QuerySet[User]:
    """Return who could take a task over: people who may do the same for the same organisation."""
    held = RoleGrant.objects.current().filter(person=person, organisation__isnull=False)
    alike = RoleGrant.objects.current().filter(
        organisation__in=held.values("organisation"),
        role__in=[role.code for role in roles.ROLES if roles.LOG_EVIDENCE in role.may],
    )
    return (
        User.objects.filter(pk__in=alike.values("person"), is_active=True).exclude(pk=person.pk).order_by("name", "id")
    )
