"""Who may ask for, stop, publish, withdraw and write a report. Each rule is a pair: ``check_…`` says why not, ``can_…`` yes or no."""

from django.utils import timezone

from partners import roles
from partners.permissions import Person, check_permission, has_permission
from reporting.models import Edition
from vcsportal.common.dates import in_words
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
    if edition.state == "cancelled":
        raise Refused("This edition was stopped and stays so. You can ask for another one.")


def check_can_publish(person: Person, edition: Edition) -> None:
    """Officers and administrators publish an edition that is ready."""
    check_permission(person, roles.PUBLISH_REPORT, "Only a council officer or an administrator can publish a report.")
    if edition.state != "ready":
        raise Refused("This edition is not ready, so it can't be published yet.")


def check_can_cancel(person: Person, edition: Edition) -> None:
    """Whoever may ask for a report may stop one that is not made yet."""
    check_can_request(person)
    if edition.state not in {"queued", "running"}:
        raise Refused("This edition is not being made any more, so there is nothing to stop.")


def check_can_discard(person: Person, edition: Edition) -> None:
    """Officers and administrators remove a draft edition; a published one stays for good."""
    check_permission(person, roles.PUBLISH_REPORT, "Only a council officer or an administrator can remove a draft.")
    if edition.is_sealed:
        raise Refused("This edition is published. It can be withdrawn with a reason, but it stays listed.")
    if edition.state in {"queued", "running"}:
        raise Refused("This edition is being made. Stop it first.")


def check_can_withdraw(person: Person, edition: Edition) -> None:
    """Officers and administrators withdraw a published edition, once."""
    check_permission(person, roles.PUBLISH_REPORT, "Only a council officer or an administrator can withdraw a report.")
    if not edition.is_sealed:
        raise Refused("This edition is not published, so there is nothing to withdraw.")
    if hasattr(edition, "withdrawal"):
        raise Refused("This edition has been withdrawn already.")


def check_can_download(person: Person, edition: Edition) -> None:
    """A withdrawn edition is kept by those who see reports before they are published; nobody else is offered its files."""
    if (withdrawal := getattr(edition, "withdrawal", None)) and not has_permission(
        person, roles.SEE_UNPUBLISHED_REPORTS
    ):
        raise Refused(
            f"This report was withdrawn on {in_words(timezone.localdate(withdrawal.at))}, so it is offered no longer. "
            f"The reason given is: {withdrawal.reason}"
        )


def check_can_write(person: Person) -> None:
    """Officers and administrators write the report's own texts."""
    check_permission(
        person, roles.WRITE_REPORT, "Only council officers and administrators write the report’s foreword and texts."
    )


def check_can_comment(person: Person) -> None:
    """Steering-group members, officers and administrators comment on a draft."""
    check_permission(
        person,
        roles.COMMENT_ON_REPORT,
        "Only steering-group members, council officers and administrators comment on a draft report.",
    )


can_request = allowed(check_can_request)
can_retry = allowed(check_can_retry)
can_publish = allowed(check_can_publish)
can_cancel = allowed(check_can_cancel)
can_discard = allowed(check_can_discard)
can_withdraw = allowed(check_can_withdraw)
can_download = allowed(check_can_download)
can_write = allowed(check_can_write)
can_comment = allowed(check_can_comment)
