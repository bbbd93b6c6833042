"""The steps that all acts on an item of evidence share: lock it, change its state, record it in the history. Only
services call these."""

from datetime import datetime

from commitments.models import Evidence, HistoryEntry
from commitments.rules import workflow
from partners.models import User
from vcsportal.common.saving_together import write_entry
from vcsportal.common.words import Conflict


def lock_evidence(evidence: Evidence) -> Evidence:
    """Return it as it is now, held until the transaction ends."""
    return Evidence.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=evidence.pk)


def check_version(evidence: Evidence, version: int | None) -> None:
    """Raise :class:`Conflict` if the item is no longer the one that was read. ``version`` None skips the comparison."""
    if version is not None and version != evidence.version:
        raise Conflict("This evidence has changed since you opened it. Read it again, then decide.")


def raise_version(evidence: Evidence) -> None:
    """Count a change. One number covers all that a form about the item shows: words, links, files, ticks and consents."""
    evidence.version += 1
    evidence.save(update_fields=["version"])


def move(*, by: User, at: datetime, evidence: Evidence, act: str, reason: str = "") -> Evidence:
    """Lead it to the state that the act leads to, and note it. Raise :class:`Refused` where the table has no such way."""
    step = workflow.EVIDENCE_ACT[act]
    was = evidence.state
    workflow.check_act(step, was, thing=evidence)
    evidence.state, evidence.state_reason = step.to, reason
    if step.to != "accepted":
        evidence.accepted_at = evidence.accepted_by = None
    evidence.version += 1
    evidence.save()
    history(by=by, at=at, evidence=evidence, act=act, was=was, reason=reason)
    return evidence


def history(
    *,
    by: User,
    at: datetime,
    evidence: Evidence,
    act: str,
    was: str,
    reason: str = "",
    more: dict[str, str] | None = None,
) -> None:
    """Note an act upon it; ``more`` stands beside what was written."""
    said = {"title": evidence.title, "story": evidence.story} if act in {"log", "edit"} else {}
    said |= more or {}
    entry = HistoryEntry(
        at=at, by=by, act=act, evidence=evidence, from_state=was, to_state=evidence.state, reason=reason, said=said
    )
    write_entry(entry)
