"""Ending a member's role in an organisation, by its lead or an administrator."""

from datetime import datetime

from django.db import transaction

from partners import roles
from partners.emails.outbox import put_mail
from partners.invitation_permissions import check_can_end_membership
from partners.models import HistoryEntry, RoleGrant, User
from partners.security.events import record_event
from vcsportal.common.words import Invalid


@transaction.atomic
def end_membership(*, by: User, at: datetime, grant: RoleGrant, reason: str) -> None:
    """End a role within an organisation, and tell the person why. What they did stays.

    Raise :class:`Refused` without the right or a reason, and for the last lead's own role. A role that has ended already
    stays as it is.
    """
    check_can_end_membership(by, grant)
    if not reason.strip():
        raise Invalid("Say why the role ends. The person gets it in an email.", field="reason")
    reason = reason.strip()[:500]
    if not RoleGrant.objects.current().filter(pk=grant.pk).update(ended_at=at, ended_by=by):
        return
    role, person, organisation = roles.BY_CODE[grant.role], grant.person, grant.organisation
    HistoryEntry.objects.create(
        at=at, by=by, act="role ended", person=person, organisation=organisation, detail=f"{role.label}: {reason}"
    )
    record_event("role_ended", at=at, by=by, person=person, detail=f"{role.label}, {organisation}: {reason}")
    if person.pk != by.pk:
        put_mail(
            key=f"role_ended:{grant.pk}", kind="role_ended", to=person, template="role_ended", at=at,
            values={"by": by, "role": role, "organisation": organisation, "reason": reason},
        )  # fmt: skip
