"""The emails to whoever sent a point from the public form. They need not take part, so an email is nobody's here."""

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from commitments.models import Point, PointContact
from partners.emails.composing import compose_mail
from partners.emails.outbox import put_all
from partners.models import User
from vcsportal.common.dates import in_words

_signer: Final = signing.Signer(salt="commitments.point-sender")


def address_to_follow(point: Point) -> str:
    """Return the path by which whoever sent a point follows it without an account."""
    return reverse("commitments:point-followed", args=[_signer.sign(str(point.pk))])


def point_followed(signed: str) -> int:
    """Return the key of the point of such a path. :raises ValueError: if we did not sign it."""
    try:
        return int(_signer.unsign(signed))
    except signing.BadSignature as error:
        raise ValueError("not signed by us") from error


def send_point_received(point: Point, *, at: datetime) -> None:
    """Confirm that a point was received. It repeats nothing of the text: a stranger could have us send words to anyone."""
    _send(point, "received", "point_received", at=at, values={})


def send_point_answered(point: Point, *, at: datetime) -> None:
    """Send the answer to whoever sent the point, where they gave an address."""
    values = {"stance": point.stance_of.label, "response": point.response}
    _send(point, f"answered:{point.version}", "point_answered", at=at, values=values)


def _send(point: Point, key: str, template: str, *, at: datetime, values: dict[str, Any]) -> None:
    contact = PointContact.objects.filter(point=point).exclude(email="").first()
    if contact is None:
        return
    common = {
        "number": point.pk,
        "noun": point.kind_of.noun,
        "a_noun": point.kind_of.a_noun,
        "raised": in_words(point.raised_on),
        "url": f"{settings.PORTAL_URL.rstrip('/')}{address_to_follow(point)}",
    }
    mail = compose_mail(
        key=f"point:{point.pk}:{key}", kind="point", to=User(email=contact.email, name=""), template=template,
        values={**common, **values}, at=at,
    )  # fmt: skip
    mail.person = None
    put_all([mail])
