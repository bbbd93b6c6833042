"""Removal of organisations from the directory at their request, and their way back.

Nothing is deleted: what others recorded of an organisation stays under its name.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from partners.kinds import GROUP
from partners.models import Organisation, User
from partners.permissions import check_can_keep_listing
from partners.services.history import write_history
from partners.services.joining import close_waiting_requests
from partners.standings import TAKES_PART
from vcsportal.common.words import Invalid, NotNow

MAXIMUM_REASON_CHARACTERS: Final = 500
DETAILS: Final = ("description", "website", "team_mailbox", "telephone", "former_names", "source")
"""What is erased of an organisation that is removed from the directory, besides its domains, districts and strands."""
LEFT: Final = "The organisation has left the directory."


@transaction.atomic
def remove_listing(*, by: User, at: datetime, organisation: Organisation, why: str) -> Organisation:
    """Take an organisation that does not take part off the directory, at once, and erase its details.

    Its name and its numbers in registers stay, seen by those who keep the directory, so that loading a file does not add it again. The
    history says that it was there, without the details. Requests to take part that wait are declined. Raise
    :class:`Refused` without the right, without a reason, and for one that takes part, a group, and a strategy's owner or supporter.
    """
    check_can_keep_listing(by, organisation)
    held = _held(organisation)
    why = why.strip()
    if not why:
        raise Invalid("Say why you are removing it. The reason is kept in the history.", field="why")
    if len(why) > MAXIMUM_REASON_CHARACTERS:
        raise Invalid(f"Shorten the reason to {MAXIMUM_REASON_CHARACTERS} characters or fewer.", field="why")
    if held.standing == TAKES_PART:
        raise NotNow(
            f"{held.name} takes part, so it can’t be removed. First record that it has ended, or change its status to listed."
        )
    if held.kind == GROUP:
        raise NotNow(f"{held.name} is a group that steers strategies, so it can’t be removed.")
    if held.owns_strategies or held.supports_strategies:
        raise NotNow(f"{held.name} owns or supports a strategy, so it can’t be removed.")
    if held.is_removed:
        raise NotNow(f"{held.name} has already been removed from the directory.")
    for name in DETAILS:
        setattr(held, name, "")
    held.email_domains = []
    held.contacts_confirmed, held.checked_on, held.removed_at, held.removed_why = False, None, at, why
    held.mark_changed_by_hand([*DETAILS, "districts", "strands"], timezone.localdate(at))  # no file brings them back
    held.save()
    held.districts.clear()
    held.strands.clear()
    close_waiting_requests(by=by, at=at, organisation=held, reason=LEFT)
    write_history(at, by, "removed from the directory", organisation=held)
    return held


@transaction.atomic
def restore_listing(*, by: User, at: datetime, organisation: Organisation) -> Organisation:
    """Put an organisation back into the directory, without the details that were erased. Raise :class:`Refused` without the right."""
    check_can_keep_listing(by, organisation)
    held = _held(organisation)
    if not held.is_removed:
        raise NotNow(f"{held.name} is in the directory.")
    held.removed_at, held.removed_why = None, ""
    held.save(update_fields=["removed_at", "removed_why"])
    write_history(at, by, "restored to the directory", organisation=held)
    return held


def _held(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)
