"""The emails to people who follow something: one that asks to confirm, and what was published, once a week at most."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from commitments.reading.topics import Topic
from partners.emails.composing import compose_mail
from partners.emails.outbox import put_all
from partners.models import Mail, User
from reporting.models import Follow, Follower
from vcsportal.common.publications import Publication

NEWS: Final = "follow:news"
CONFIRM: Final = "follow:confirm"
SHOWN_IN_EMAIL: Final = 25
_confirming: Final = signing.Signer(salt="reporting.follow", sep=".")
_stopping: Final = signing.Signer(salt="reporting.follow-stop", sep=".")


def about(follower: Follower) -> str:
    """Return what the emails to somebody are kept under."""
    return f"follower:{follower.pk}"


def address_to_confirm(follow: Follow) -> str:
    """Return the path of the page on which somebody confirms that they want to follow something."""
    return reverse("following:confirm", args=[_confirming.sign(str(follow.pk))])


def address_to_stop(follower_pk: int) -> str:
    """Return the path of the page on which somebody stops, and which mail programs call by themselves (RFC 8058)."""
    return reverse("following:stop", args=[_stopping.sign(str(follower_pk))])


def follow_behind(signed: str) -> int:
    """Return the key of what such a path is to confirm. :raises ValueError: if we did not sign it."""
    return _unsigned(_confirming, signed)


def follower_behind(signed: str) -> int:
    """Return the key of who stops at such a path. :raises ValueError: if we did not sign it."""
    return _unsigned(_stopping, signed)


def _unsigned(signer: signing.Signer, signed: str) -> int:
    try:
        return int(signer.unsign(signed))
    except signing.BadSignature as error:
        raise ValueError("not signed by us") from error


def send_confirmation(follow: Follow, *, email: str, topic: Topic, at: datetime) -> None:
    """Ask the mailbox itself. It repeats nothing that a stranger typed: somebody could enter anyone's address."""
    values = {
        "topic": topic.title, "url": _portal(address_to_confirm(follow)),
        "stop_url": _portal(address_to_stop(follow.follower_id)),
    }  # fmt: skip
    _put(follow.follower, f"confirm:{follow.pk}:{at.timestamp()}", CONFIRM, "follow_confirm", email, values, at)


def send_publications(
    follower: Follower, *, email: str, found: Sequence[Publication], followed: Sequence[Topic], at: datetime
) -> None:
    """Send what was published, the latest first. With the same moment until which they were told before, it goes once."""
    shown = found[:SHOWN_IN_EMAIL]
    values = {
        "shown": [{"kind": each.kind, "title": each.title, "url": _portal(each.url)} for each in shown],
        "more": len(found) - len(shown), "count": len(found), "first": found[0].title,
        "followed": [{"title": topic.title, "url": _portal(topic.url)} for topic in followed],
        "stop_url": _portal(address_to_stop(follower.pk)),
    }  # fmt: skip
    told = follower.told_until.timestamp() if follower.told_until else 0
    _put(follower, f"news:{told}", NEWS, "follow_news", email, values, at)


def _put(
    follower: Follower, key: str, kind: str, template: str, email: str, values: dict[str, Any], at: datetime
) -> None:
    mail = compose_mail(
        key=f"{about(follower)}:{key}", kind=kind, to=User(email=email, name=""), template=template, values=values, at=at,
        about=about(follower),
    )  # fmt: skip
    mail.person = None
    put_all([mail])


def _portal(path: str) -> str:
    return f"{settings.PORTAL_URL.rstrip('/')}{path}"


def mail_headers(mail: Mail) -> dict[str, str]:
    """Return the lines by which mail programs offer to stop these emails with one press."""
    follower = int(mail.about.removeprefix("follower:"))
    return {
        "List-Unsubscribe": f"<{_portal(address_to_stop(follower))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
