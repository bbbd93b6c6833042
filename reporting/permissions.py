"""Who may ask for, try again and publish an edition. Each rule is a pair: ``check_…`` says why not, ``can_…`` yes or no."""

from partners import roles
from partners.permissions import Person, check_permission
from reporting.models import Edition
from vcsportal.common.words import Refused, allowed


def check_can_request(person: Person) -> None:
    """Officers, administrators and steering-group members ask for reports."""
    check_permission(
        person,
        roles.REQUEST_REPORT,
        "Only council officers, administrators and steering-group members can ask for a report. "
        "Everybody can read those that are published.",
    )


def check_can_retry(person: Person, edition: Edition) -> None:
    """Whoever may ask for a report may have one tried again that could not be made."""
    check_can_request(person)
    if edition.state == "ready":
        raise Refused("This edition has been made already. You can ask for another one.")


def check_can_publish(person: Person, edition: Edition) -> None:
    """Officers and administrators publish an edition that is ready."""
    check_permission(person, roles.PUBLISH_REPORT, "Only a council officer or an administrator can publish a report.")
    if edition.state != "ready":
        raise Refused("This edition is not ready, so it can't be published yet.")


can_request = allowed(check_can_request)
can_retry = allowed(check_can_retry)
can_publish = allowed(check_can_publish)
