"""The daily job: removes what has been kept for long enough, in small transactions, and records how much of what kind."""

import logging
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from commitments.services.retention import warn_of_unused_drafts
from partners.models import RetentionCount, RetentionRun
from vcsportal.common.retention import Rule
from vcsportal.privacy.retention_table import RULES

logger = logging.getLogger(__name__)
BATCH_ROWS: Final = 100
"""Things removed in one transaction."""
MAX_ROWS_PER_RUN: Final = 20_000
"""Things of one kind removed in one run; the next run goes on."""


def count_due(at: datetime) -> dict[str, int]:
    """Return how many things of each kind would be removed at this moment. Nothing is changed."""
    return {rule.code: rule.due_at(at).count() for rule in RULES}


def apply_retention(at: datetime) -> RetentionRun:
    """Remove what is due, kind by kind. Two runs at once share the work: each passes over rows that the other holds.

    A kind that fails does not keep the others from being removed; it is marked as failed, logged, and tried the next day.
    """
    run = RetentionRun.objects.create(at=at)
    try:
        warn_of_unused_drafts(at=at)
    except Exception:
        logger.exception("Owners of unused drafts could not be warned.")
    for rule in RULES:
        try:
            _remove(rule, run, at)
        except Exception:
            logger.exception("Data of the kind %s could not be removed.", rule.code)
            RetentionCount.objects.update_or_create(run=run, kind=rule.code, defaults={"failed": True})
    RetentionRun.objects.filter(pk=run.pk).update(finished_at=at)
    return run


def _remove(rule: Rule, run: RetentionRun, at: datetime) -> None:
    done, last = 0, None
    while done < MAX_ROWS_PER_RUN:
        with transaction.atomic():
            due = rule.due_at(at)
            key = due.model._meta.pk.name
            if last is not None:
                due = due.filter(pk__gt=last)
            keys = list(due.order_by(key).values_list(key, flat=True)[:BATCH_ROWS])
            if not keys:
                return
            last = keys[-1]
            held = due.model._default_manager.select_for_update(skip_locked=True, of=("self",))
            rows = list(held.filter(pk__in=keys).filter(pk__in=due.values("pk")).order_by(key))
            if rows:
                removed = rule.remove(rows, at)
                _count(run, rule, len(rows) if removed is None else removed)
        done += len(keys)


def _count(run: RetentionRun, rule: Rule, count: int) -> None:
    """Count in the transaction of the removal, so that the record says what happened even if the run is stopped."""
    if not count:
        return
    RetentionCount.objects.get_or_create(run=run, kind=rule.code)
    RetentionCount.objects.filter(run=run, kind=rule.code).update(count=F("count") + count)
