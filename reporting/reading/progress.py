"""The progress of an edition in words. It reads only the row, so it is right even if no sweeper runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from reporting.formats import FORMATS
from reporting.models import Edition
from reporting.production import failures
from reporting.workflow import EDITION_STATE, STAGES
from vcsportal.common import plurals
from vcsportal.common.states import State

STAGE_LABELS: Final = dict(STAGES)
NOT_SENT_SENTENCE: Final = "The job is not in the queue yet. Nothing is lost: the portal will send it again by itself."
NOT_STARTED_SENTENCE: Final = (
    "It has waited for {minutes}. The worker may be busy with other reports, or not be running; nothing is lost, and the "
    "report is made as soon as a worker is free."
)
NO_PROGRESS_SENTENCE: Final = "There has been no progress for {minutes}. The portal will try again by itself."
LONG_WAIT: Final = timedelta(minutes=2)
"""Somebody who waits longer is told why that may be."""


@dataclass(frozen=True, slots=True)
class ProductionProgress:
    """What an edition's page says of its making.

    ``under_way``: whether to ask again soon. ``failed``: the sentence of one that could not be made. ``note``: what else
    is to be known while it is under way. ``done`` of ``total`` are counted in ``unit``; without a total there are words only.
    """

    state: State
    under_way: bool = False
    words: str = ""
    done: int = 0
    total: int = 0
    unit: str = ""
    note: str = ""
    failed: str = ""


def progress(edition: Edition, *, at: datetime) -> ProductionProgress:
    """Return the progress of an edition at the moment ``at``, from its row alone."""
    state = EDITION_STATE[edition.state]
    if edition.state == "failed":
        return ProductionProgress(state, failed=edition.error)
    if edition.state == "queued":
        waited = at - edition.requested_at
        late = NOT_STARTED_SENTENCE.format(minutes=_minutes(waited)) if waited >= LONG_WAIT else ""
        return ProductionProgress(
            state, True, STAGE_LABELS[""], note=NOT_SENT_SENTENCE if edition.sent_at is None else late
        )
    if edition.state != "running":
        return ProductionProgress(state)
    lease_until = edition.lease_until or at
    silent = lease_until < at
    if silent and edition.attempts >= edition.attempts_allowed:  # what a sweeper would write, had one come by
        return ProductionProgress(EDITION_STATE["failed"], failed=failures.spent(edition.attempts))
    words, unit = _step(edition)
    last_heard = lease_until - timedelta(seconds=settings.REPORT_LEASE_SECONDS)
    note = NO_PROGRESS_SENTENCE.format(minutes=_minutes(at - last_heard)) if silent else ""
    return ProductionProgress(state, True, words, edition.done, edition.total, unit, note)


def _step(edition: Edition) -> tuple[str, str]:
    """Return what is being done, and what it is counted in."""
    if edition.stage == "drawing":
        return STAGE_LABELS["drawing"], "pages"
    if edition.stage == "writing" and edition.done < len(FORMATS):
        return f"Writing “{FORMATS[edition.done].label}”", "files ready"
    if edition.stage == "writing":
        return "Saving the finished files", "files ready"
    return STAGE_LABELS[edition.stage], ""


def _minutes(while_: timedelta) -> str:
    minutes = max(1, round(while_.total_seconds() / 60))
    if minutes < 120:
        return "a minute" if minutes == 1 else plurals.counted(minutes, "minute")
    return plurals.counted(minutes // 60, "hour")
