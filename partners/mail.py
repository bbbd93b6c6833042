"""Mails to people who take part. They say where to go; none holds a link that signs in, since mail scanners follow links."""

from datetime import datetime

from partners import roles
from partners.models import User
from partners.outbox import put_mail, send_soon
from partners.permissions import signs_in_by_password


def send_invitation(*, person: User, by: User | None, at: datetime, portal_url: str = "") -> None:
    """Tell a person that they take part, as what, and how they sign in. Nobody waits for the mail server.

    Call it when the invitation is committed. An email that does not go at once waits and is tried again.
    """
    person = User.objects.get(pk=person.pk)  # with the roles of now, whatever was read of them before
    values = {
        "person": person,
        "by": by,
        "held": [(roles.BY_CODE[grant.role], grant.organisation) for grant in person.grants],
        "by_password": signs_in_by_password(person),
    }
    mail = put_mail(
        key=f"invitation:{person.pk}:{at.isoformat()}", kind="invitation", to=person, template="invitation",
        values=values, at=at, portal_url=portal_url,
    )  # fmt: skip
    send_soon(mail)
