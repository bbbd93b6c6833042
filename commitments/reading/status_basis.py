"""“Why is this at risk?” What a commitment's status is based on, in plain sentences: who reported it, when and why, and
the evidence for it.

First the sentences, made from plain values and tested as such; :func:`basis_of` fills the values from what the page has read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from commitments.models import Commitment, ProgressUpdate
from commitments.reading.actions import ActionLine
from commitments.reading.glance import how_long_ago
from commitments.reading.indicator_words import IndicatorSummary
from commitments.reading.partner_views import PartnerView, findings
from commitments.reading.staleness import SILENT_AFTER_DAYS
from commitments.rules import status as words
from commitments.rules.kinds import GENERAL, Nouns
from commitments.rules.status import Status
from partners.reading.public_names import NameOf
from vcsportal.common import plurals
from vcsportal.common.dates import in_words


@dataclass(frozen=True, slots=True)
class Basis:
    """What a status rests on. Without ``round`` it was changed outside a round's update, or the update is being mended.

    ``targets`` are sentences of targets against actuals. ``pieces`` counts the accepted evidence that anybody may read,
    ``pieces_since`` what of it was accepted since the status was said.
    """

    status: Status
    today: date
    said_by: str = ""
    said_on: date | None = None
    round: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    confirms: str = ""
    reason: str = ""
    remedy: str = ""
    updated_on: date | None = None
    updated_for: str = ""
    targets: tuple[str, ...] = ()
    pieces: int = 0
    pieces_since: int = 0
    actions_done: int = 0
    actions_late: int = 0
    actions_open: int = 0
    actions_dropped: int = 0
    voices: tuple[PartnerView, ...] = ()
    silent_rounds: tuple[str, ...] = field(default=())


def title(status: Status) -> str:
    """Return the question with the very word: ``Why is this at risk?``"""
    return f"Why is this {status.label.lower()}?" if status.code else "Why is nothing known yet?"


def sentences(basis: Basis, nouns: Nouns = GENERAL) -> list[str]:
    """Return what the status rests on, the council's own words first."""
    if not basis.status.code:
        lines = [
            f"The council has not given an update on this {nouns.commitment} yet. That does not mean that nothing was done."
        ]
    else:
        lines = [_who(basis), *_why(basis), *_age(basis)]
    lines += basis.targets
    lines += [_evidence(basis), *_actions(basis), *findings(basis.voices, basis.status.code)]
    if basis.silent_rounds:
        lines.append(f"No update was received for {plurals.join_with_and(basis.silent_rounds)}.")
    return lines


def _who(basis: Basis) -> str:
    who, word = basis.said_by or "the council", basis.status.label.lower()
    when = f" on {in_words(basis.said_on)}" if basis.said_on else ""
    if basis.round and basis.confirms:
        said = f"Confirmed by {who} for {basis.round}{when}: still {word}, no change since {basis.confirms}"
    elif basis.round:
        said = f"Reported by {who} in the update for {basis.round}{when}"
    else:
        return f"Reported by {who}{when}, outside the updates of a round."
    if basis.approved_by:
        same = basis.approved_on == basis.said_on or basis.approved_on is None
        said += f"; approved by {basis.approved_by}" + ("" if same else f" on {in_words(basis.approved_on)}")  # type: ignore[arg-type]  # the day is known unless it is the same
    return f"{said}."


def _why(basis: Basis) -> list[str]:
    lines = [f"The reason given: {_ended(basis.reason)}" if basis.reason else "No reason was asked for or given."]
    if basis.remedy:
        lines.append(f"What will be done about it: {_ended(basis.remedy)}")
    return lines


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…", "”")) else f"{text}."


def _age(basis: Basis) -> list[str]:
    if basis.updated_on is None:
        return ["There is no approved update for it."]
    days = (basis.today - basis.updated_on).days
    sentence = f"The last update, for {basis.updated_for}, was approved {how_long_ago(basis.updated_on, basis.today)}."
    return [f"{sentence} No update has been approved for more than a year." if days > SILENT_AFTER_DAYS else sentence]


def _evidence(basis: Basis) -> str:
    if not basis.pieces:
        return "No accepted evidence has been published for it."
    what = f"{plurals.counted(basis.pieces, 'item')} of accepted evidence {plurals.agree(basis.pieces, 'is', 'are')} published"
    if basis.said_on is None:
        return f"{what}."
    if basis.pieces_since == basis.pieces:
        return f"{what}, accepted since then."
    return f"{what}, {f'{basis.pieces_since:,}' if basis.pieces_since else 'none'} of them accepted since then."


def _actions(basis: Basis) -> list[str]:
    total = basis.actions_done + basis.actions_late + basis.actions_open + basis.actions_dropped
    if not total:
        return []
    parts = [
        f"{number} {plurals.be(number)} {what}"
        for number, what in ((basis.actions_done, "done"), (basis.actions_late, "late"), (basis.actions_open, "still to come"), (basis.actions_dropped, "dropped"))
        if number
    ]  # fmt: skip
    return [f"Of {plurals.counted(total, 'planned action')}, {plurals.join_with_and(parts)}."]


def basis_of(
    commitment: Commitment,
    *,
    name_of: NameOf,
    today: date,
    updates: Sequence[ProgressUpdate],
    actions: Iterable[ActionLine],
    pieces: tuple[int, int],
    voices: Sequence[PartnerView],
    targets: Sequence[str] = (),
    silent_rounds: Sequence[str] = (),
) -> Basis:
    """Return what a commitment's status rests on, from what was read already. No query.

    :param name_of: how people are shown to the reader.
    :param updates: the approved updates with their people, round and confirmed round, the newest round first.
    :param pieces: how much accepted evidence is published, and how much of it was accepted since the status was said.
    """
    steps = list(actions)
    done, late = sum(step.done_on is not None for step in steps), sum(step.is_late(today) for step in steps)
    dropped = sum(step.dropped_on is not None for step in steps)
    last = updates[0] if updates else None
    # An approved update and the status that it sets carry the same moment; a status said since then stands alone.
    by = (
        next((update for update in updates if update.published_at == commitment.status_at), None)
        if commitment.status
        else None
    )
    return Basis(
        status=words.of(commitment.status),
        today=today,
        said_by=name_of(commitment.status_by) if commitment.status_by else "",
        said_on=_day(by.submitted_at if by else commitment.status_at),
        round=by.round.label if by else "",
        approved_by=name_of(by.published_by) if by and by.published_by else "",
        approved_on=_day(by.published_at) if by else None,
        confirms=by.confirms.label if by and by.confirms else "",
        reason=commitment.status_reason,
        remedy=commitment.status_remedy,
        updated_on=_day(last.published_at) if last else None,
        updated_for=last.round.label if last else "",
        targets=tuple(targets),
        pieces=pieces[0],
        pieces_since=pieces[1],
        actions_done=done,
        actions_late=late,
        actions_open=len(steps) - done - late - dropped,
        actions_dropped=dropped,
        voices=tuple(voices),
        silent_rounds=tuple(silent_rounds),
    )


def target(summary: IndicatorSummary) -> str:
    """Return an indicator's newest figure beside its target, as a sentence of what a status rests on."""
    judged = f" {summary.last.verdict_said}." if summary.last and summary.last.verdict else ""
    return f"{summary.title}: {summary.sentence}{judged}"


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None
