"""Finds editions that were lost on their way, and gives up those whose worker died too often."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from reporting.models import Edition
from reporting.production import edition_files, failures


def give_up_spent() -> int:
    """End every edition that has used all its attempts and whose lease has run out; return how many. The row says why."""
    silent = Edition.objects.filter(state="running", lease_until__lt=Now())
    given_up = 0
    for pk, attempts in silent.filter(attempts__gte=models.F("attempts_allowed")).values_list("pk", "attempts"):
        if silent.filter(pk=pk, attempts=attempts).update(
            state="failed", error=failures.spent(attempts), finished_at=Now(), lease_until=None
        ):
            # Not before it is for good: until then its worker may come back and finish.
            transaction.on_commit(partial(edition_files.forget, pk, up_to=attempts), robust=True)
            given_up += 1
    return given_up


def overdue() -> list[int]:
    """Return the editions whose key must be sent again.

    Those whose key the queue never took, and those that it took a lease ago and that are still waiting, or whose worker
    has let its lease run out.
    """
    lease = timedelta(seconds=settings.REPORT_LEASE_SECONDS)
    never = models.Q(sent_at__isnull=True, requested_at__lt=Now() - lease / 6)
    lost = models.Q(sent_at__lt=Now() - lease)
    waits = models.Q(state="queued") | models.Q(state="running", lease_until__lt=Now())
    return list(Edition.objects.filter(never | lost, waits).order_by("requested_at", "id").values_list("pk", flat=True))


def note_sent(edition_id: int) -> None:
    """Keep when the queue last took an edition's key."""
    Edition.objects.filter(pk=edition_id, state__in=["queued", "running"]).update(sent_at=Now())
