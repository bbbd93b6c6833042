"""Mails to people who take part. They say where to go; none holds a link that signs in, since mail scanners follow links."""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from partners import roles
from partners.models import User
from partners.permissions import signs_in_by_password

logger = logging.getLogger(__name__)


class MailNotSent(Exception):
    """The mail server refused a mail or could not be reached."""


def about_portal(portal_url: str = "") -> dict[str, Any]:
    """What every mail says of the portal. Addresses come from the settings, never from a request's Host header."""
    url = (portal_url or settings.PORTAL_URL).rstrip("/")
    return {
        "portal_name": settings.PORTAL_NAME,
        "council": settings.PORTAL_COUNCIL,
        "contact_email": settings.PORTAL_CONTACT_EMAIL,
        "sign_in_url": url + reverse("account_login"),
        "password_url": url + reverse("account_login_password"),
        "reset_url": url + reverse("account_reset_password"),
        "code_minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
    }


def send(template: str, to: str, values: dict[str, Any], *, portal_url: str = "") -> bool:
    """Send ``emails/<template>_subject.txt`` and ``_message.txt``; say whether the mail left.

    A mail that fails never undoes what it tells about: the caller shows a sentence instead.
    """
    context = {**values, **about_portal(portal_url)}
    subject = " ".join(render_to_string(f"emails/{template}_subject.txt", context).split())
    body = render_to_string(f"emails/{template}_message.txt", context).strip() + "\n"
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to]).send()
    except OSError as error:  # every SMTP error is one
        logger.warning("A mail (%s) could not be sent: %s", template, error)
        return False
    return True


def send_invitation(*, person: User, by: User | None, portal_url: str = "") -> bool:
    """Tell a person that they take part, as what, and how they sign in. Call it when the invitation is committed."""
    person = User.objects.get(pk=person.pk)  # with the roles of now, whatever was read of them before
    values = {
        "person": person,
        "by": by,
        "held": [(roles.BY_CODE[grant.role], grant.organisation) for grant in person.grants],
        "by_password": signs_in_by_password(person),
    }
    return send("invitation", person.email, values, portal_url=portal_url)
