"""What each addressee had responded by a moment, from the history: a part of :mod:`reporting.assembly`.

The history knows every publication of a response with its words, and every return, so that what is written later changes no
earlier report.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from commitments.models import HistoryEntry, Response, Strategy
from commitments.rules import stances
from reporting.facts import RespondedFacts, ResponseFacts


@dataclass(frozen=True, slots=True)
class PublishedAct:
    """A response that was published at a moment, with what it said; ``said`` is None where it was withdrawn then."""

    at: datetime
    said: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class AddressedResponse:
    """A response and its publications, the earliest first."""

    response: Any
    acts: list[PublishedAct] = field(default_factory=list)

    def by(self, at: datetime) -> PublishedAct | None:
        """Return what had been published by a moment, that moment included; None where nothing was."""
        found = next((act for act in reversed(self.acts) if act.at <= at), None)
        return found if found and found.said is not None else None

    def stance_by(self, at: datetime) -> str:
        """Return the code of the stance by a moment, "awaited" where nothing had been published."""
        found = self.by(at)
        return stances.of(found.said["stance"] if found and found.said else "").code


@dataclass(frozen=True, slots=True)
class StrategyResponses:
    """The responses to a strategy's commitments, by the commitment's key, the owner's first."""

    of_commitment: dict[int, list[AddressedResponse]]

    def owners_by(self, commitment: int, at: datetime) -> str:
        """Return the owner's response to a commitment by a moment, "awaited" until it is published; "" where nobody is addressed."""
        found = self.of_commitment.get(commitment, [])
        return next(
            (each.stance_by(at) for each in found if each.response.is_owners), stances.AWAITED_CODE if found else ""
        )

    def facts(self, commitment: int, *, frozen: datetime, made: datetime, after: int) -> tuple[ResponseFacts, ...]:
        """Return the facts of the responses to a commitment.

        :param frozen: the moment at which the round was closed, or that of making for a round that runs.
        :param made: the moment at which the report is made.
        :param after: the number of the row before.
        """
        found = self.of_commitment.get(commitment, [])
        return tuple(_facts(each, number, frozen, made) for number, each in enumerate(found, start=after + 1))


NO_RESPONSES: Final = StrategyResponses({})
"""Those of a strategy that speaks to nobody, which then asks nothing here."""


def responses(strategy: Strategy) -> StrategyResponses:
    """Return the responses of a strategy with their publications: one query, and a second one where there are any."""
    found: dict[int, list[AddressedResponse]] = {}
    by_key: dict[int, AddressedResponse] = {}
    for response in (
        Response.objects.filter(commitment__strategy=strategy).select_related("commitment__strategy").in_order()
    ):
        by_key[response.pk] = AddressedResponse(response)
        found.setdefault(response.commitment_id, []).append(by_key[response.pk])
    for key, act, at, said in _publications(list(by_key)):
        by_key[key].acts.append(PublishedAct(at, said if act == "response_approve" else None))
    for each in found.values():
        each.sort(key=lambda found: not found.response.is_owners)
    return StrategyResponses(found)


def responded(
    found: StrategyResponses, commitments: Iterable[Any], *, after: datetime, until: datetime
) -> tuple[RespondedFacts, ...]:
    """Return what was published after a moment and up to another, and was not withdrawn by then, in the commitments' order."""
    return tuple(
        RespondedFacts(
            commitment.reference,
            commitment.short_title,
            each.response.addressee,
            act.said["stance"],
            timezone.localdate(act.at),
        )
        for commitment in commitments
        for each in found.of_commitment.get(commitment.pk, [])
        if (act := each.by(until)) and act.said and act.at > after
    )


def of_strategy(strategy: Strategy, commitments: Iterable[Any]) -> StrategyResponses:
    """Return the responses of a strategy; without a query where none of its commitments is addressed to anybody."""
    return responses(strategy) if any(commitment.is_addressed for commitment in commitments) else NO_RESPONSES


def _publications(keys: Sequence[int]) -> Any:
    if not keys:
        return ()
    entries = HistoryEntry.objects.filter(response__in=keys, act__in=["response_approve", "response_return"])
    return entries.order_by("at", "id").values_list("response_id", "act", "at", "said")


def _facts(each: AddressedResponse, number: int, frozen: datetime, made: datetime) -> ResponseFacts:
    then, now = each.by(frozen), each.by(made)
    said = (then and then.said) or {}
    is_withdrawn = then is not None and now is None
    is_new = now is not None and now is not then
    day = said.get("decided_on")
    return ResponseFacts(
        number,
        each.response.addressee,
        said.get("stance", ""),
        "" if is_withdrawn else said.get("words", ""),
        said.get("decided_where", ""),
        date.fromisoformat(day) if day else None,
        _day(then),
        each.response.is_owners,
        (now.said or {}).get("stance", "") if is_new and now else "",
        _day(now) if is_new else None,
        timezone.localdate(each.acts[-1].at) if is_withdrawn else None,
    )


def _day(act: PublishedAct | None) -> date | None:
    return timezone.localdate(act.at) if act else None
