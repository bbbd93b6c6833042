"""The emails about a lost second step."""

from datetime import datetime

from partners import roles
from partners.emails import outbox
from partners.models import RoleGrant, User


def send_second_step_recovered(*, person: User, by: User | None, at: datetime, reason: str) -> None:
    """Tell the person and every administrator that a lost second step was removed. What does not go at once waits."""
    person = User.objects.get(pk=person.pk)
    manage = [role.code for role in roles.ROLES if roles.MANAGE_PEOPLE in role.may]
    held = RoleGrant.objects.current().filter(role__in=manage).values("person_id")
    administrators = User.objects.filter(pk__in=held, is_active=True).exclude(pk=person.pk).order_by("id")
    for to in (person, *administrators):
        values = {"person": person, "by": by, "own": to.pk == person.pk, "until": person.second_step_until}
        mail = outbox.put_mail(
            key=f"second-step:{person.pk}:{at.isoformat()}:{to.pk}", kind="second-step", to=to,
            template="second_step_recovered", values={**values, "reason": reason}, at=at,
        )  # fmt: skip
        outbox.send_soon(mail)
