"""Writes how people will know that a commitment succeeded: proposed in words, and agreed by somebody on a day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Self

from django.db import transaction
from django.utils import timezone

from commitments.models import Commitment, HistoryEntry
from commitments.permissions.progress import check_can_manage_commitment, check_can_update_commitment
from commitments.rules.plan_limits import EARLIEST_DAY, MAX_AGREED_BY_CHARACTERS, MAX_MEASURE_CHARACTERS
from commitments.services.locks import lock_commitment
from partners.models import User
from vcsportal.common.markdown import check_text
from vcsportal.common.words import Invalid

FROM_FILE: Final = "file"
"""In a history entry: the strategy's file wrote the measure, and not a person."""


@dataclass(frozen=True, slots=True)
class SuccessMeasure:
    """The words of a measure, who agreed them ("" for nobody yet) and on which day."""

    words: str
    agreed_by: str = ""
    agreed_on: date | None = None

    @classmethod
    def of(cls, commitment: Commitment) -> Self:
        """Return the measure that a commitment has."""
        return cls(
            commitment.success_measure, commitment.success_measure_agreed_by, commitment.success_measure_agreed_on
        )

    def said(self) -> dict[str, str]:
        """Return it as the history keeps it."""
        on = self.agreed_on.isoformat() if self.agreed_on else ""
        return {"words": self.words, "agreed_by": self.agreed_by, "agreed_on": on}


@transaction.atomic
def set_success_measure(*, by: User, at: datetime, commitment: Commitment, measure: SuccessMeasure) -> None:
    """Write, change or remove a commitment's success measure, and who agreed it when.

    Raise :class:`Refused` without the right, for texts that are too long, for a day to come, and where somebody agreed
    what has no words or a day stands without whoever agreed.
    """
    check_can_manage_commitment(by, commitment)
    commitment = lock_commitment(commitment.pk)
    measure = _checked(measure, today=timezone.localdate(at))
    if measure != SuccessMeasure.of(commitment):
        record_measure(by=by, at=at, commitment=commitment, measure=measure)


@transaction.atomic
def propose_success_measure(*, by: User, at: datetime, commitment: Commitment, words: str) -> None:
    """Propose a measure for a commitment that has none yet, as an update can. Nobody has agreed it.

    Raise :class:`Refused` without the right to update the commitment, for words that are too long, or where it has a
    measure by now; proposing the same words again changes nothing.
    """
    check_can_update_commitment(by, commitment)
    commitment = lock_commitment(commitment.pk)
    measure = _checked(SuccessMeasure(words), today=timezone.localdate(at), words_field="success_measure")
    if not measure.words or measure.words == commitment.success_measure:
        return
    if commitment.success_measure:
        raise Invalid(
            f"A success measure has been added meanwhile: “{commitment.success_measure}” Clear this box to keep it. You can "
            f"change it on the page of the {commitment.strategy.nouns.commitment}.",
            field="success_measure",
        )
    record_measure(by=by, at=at, commitment=commitment, measure=measure)


def record_measure(
    *,
    by: User | None,
    at: datetime,
    commitment: Commitment,
    measure: SuccessMeasure,
    from_file: bool = False,
    in_history: bool = True,
) -> None:
    """Write a measure that has been checked, with its history entry. Part of other services' transactions."""
    was = SuccessMeasure.of(commitment)
    commitment.success_measure = measure.words
    commitment.success_measure_agreed_by = measure.agreed_by
    commitment.success_measure_agreed_on = measure.agreed_on
    commitment.save(update_fields=["success_measure", "success_measure_agreed_by", "success_measure_agreed_on"])
    if in_history:
        said = {"was": was.said(), "now": measure.said(), **({FROM_FILE: True} if from_file else {})}
        HistoryEntry.objects.create(at=at, by=by, act="measure", commitment=commitment, said=said)


def _checked(measure: SuccessMeasure, *, today: date, words_field: str = "words") -> SuccessMeasure:
    words, agreed_by = check_text(measure.words, field=words_field), " ".join(measure.agreed_by.split())
    for name, length, limit in (
        (words_field, len(words), MAX_MEASURE_CHARACTERS), ("agreed_by", len(agreed_by), MAX_AGREED_BY_CHARACTERS),
    ):  # fmt: skip
        if length > limit:
            raise Invalid(f"This has {length:,} characters. {limit:,} is the limit.", field=name)
    if not words and (agreed_by or measure.agreed_on):
        raise Invalid("Say in words how success will be measured, or clear who agreed it and when.", field="words")
    if measure.agreed_on and not agreed_by:
        raise Invalid("Say who agreed it, or clear the date.", field="agreed_by")
    if measure.agreed_on and measure.agreed_on > today:
        raise Invalid(
            "It can’t have been agreed in the future. Leave the date blank until it is agreed.", field="agreed_on"
        )
    if measure.agreed_on and measure.agreed_on < EARLIEST_DAY:
        raise Invalid("Check the year.", field="agreed_on")
    return SuccessMeasure(words, agreed_by, measure.agreed_on)
