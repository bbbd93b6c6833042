"""Records who has opened an edition, so that the people who publish it know what the steering group has read.

The trail of security events records who has downloaded a file of one that is not published.
"""

from datetime import datetime
from typing import Any

from partners import roles
from partners.models import User
from partners.permissions import has_permission_here
from partners.security.events import record_event
from reporting.models import Edition, EditionOpening
from reporting.services.sealing import in_words


def note_opening(*, by: Any, at: datetime, edition: Edition) -> None:
    """Note that a person opened an edition; only for people who see reports before they are published. One query."""
    if not (isinstance(by, User) and has_permission_here(by, roles.SEE_UNPUBLISHED_REPORTS, edition.round.strategy)):
        return
    EditionOpening.objects.bulk_create(
        [EditionOpening(edition=edition, person=by, first_at=at, last_at=at)],
        update_conflicts=True,
        unique_fields=["edition", "person"],
        update_fields=["last_at"],
    )


def note_download(*, by: Any, at: datetime, edition: Edition, file_name: str) -> None:
    """Record that a person downloaded a file of an edition, if it is not published."""
    if edition.published_at is None:
        record_event("downloaded", at=at, by=by, subject=f"{in_words(edition)}: {file_name}")
