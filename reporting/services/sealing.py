"""Publishing seals an edition; withdrawing says why it is offered no longer. Neither is ever undone."""

from datetime import datetime

from django.db import transaction

from partners.models import User
from reporting.models import Edition
from reporting.permissions import check_can_publish


@transaction.atomic
def publish_edition(*, by: User, at: datetime, edition: Edition) -> Edition:
    """Let everybody read a finished edition. Publishing twice changes nothing."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    check_can_publish(by, edition)
    if edition.published_at is None:
        edition.published_at, edition.published_by = at, by
        edition.save(update_fields=["published_at", "published_by"])
    return edition
