"""Finds the commitment for a name in an address: its key, or a reference that one or several commitments have had."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from commitments.models import Commitment, FormerReference, Strategy
from commitments.rules.commitment_keys import is_key
from commitments.rules.references import folded, may_be_reference
from vcsportal.common.dates import in_words


@dataclass(frozen=True, slots=True)
class Holding:
    """One commitment's time with a reference. ``since`` is None from the strategy's start, ``until`` is None for today."""

    key: str
    short_title: str
    wording: str
    now: str
    since: date | None
    until: date | None

    @property
    def days(self) -> str:
        """The time in words, for example ``from 1 April 2025 until 12 March 2026``."""
        until = f"until {in_words(self.until)}" if self.until else "now"
        if self.since:
            return f"from {in_words(self.since)} {until}" if self.until else f"since {in_words(self.since)}"
        return until if self.until else "from the start of the strategy"


def holdings(slug: str, reference: str) -> list[Holding]:
    """Return every time that a commitment of a strategy had this reference, in whatever capitals, the earliest first; two queries."""
    if not may_be_reference(reference):
        return []
    former = FormerReference.objects.order_by("held_until", "id")
    commitments = (
        Commitment.objects.filter(strategy__slug=slug)
        .filter(_held(reference))
        .prefetch_related(Prefetch("former_references", former))
        .distinct()
        .order_by("id")
    )
    every = [holding for commitment in commitments for holding in _of(commitment, reference)]
    return sorted(every, key=lambda holding: (holding.until or date.max, holding.since or date.min))


def _of(commitment: Commitment, reference: str) -> Iterator[Holding]:
    former = list(commitment.former_references.all())
    for past in former:
        if folded(past.reference) == folded(reference):
            yield Holding(
                commitment.key,
                commitment.short_title,
                commitment.wording,
                commitment.reference,
                past.held_from,
                past.held_until,
            )
    if folded(commitment.reference) == folded(reference):
        since = former[-1].held_until if former else commitment.added_on
        yield Holding(commitment.key, commitment.short_title, commitment.wording, commitment.reference, since, None)


def keys_of(held: Iterable[Holding]) -> list[str]:
    """Return the keys of those who held a reference, each once, in order."""
    return list(dict.fromkeys(holding.key for holding in held))


def keys_that_held(commitments: QuerySet[Commitment], reference: str) -> list[str]:
    """Return the keys of the commitments, all of one strategy, that have or had this reference. One query."""
    return list(commitments.filter(_held(reference)).order_by("key").values_list("key", flat=True).distinct())


def _held(reference: str) -> Q:
    return Q(reference__iexact=reference) | Q(former_references__reference__iexact=reference)


def keys_among(commitments: QuerySet[Commitment], names: Iterable[str]) -> set[str]:
    """Return those names that could be references and are keys of the commitments. No query where there can be none."""
    doubtful = [name for name in names if is_key(name) and may_be_reference(name)]
    return set(commitments.filter(key__in=doubtful).values_list("key", flat=True)) if doubtful else set()


def which(reference: str, keys: Iterable[str]) -> str:
    """Return the sentence that asks which commitment is meant by a reference that several have had."""
    return (
        f"{reference} has been the number of more than one commitment. Give the key of the one you mean: "
        f"{' or '.join(keys)}."
    )


def asked_commitments(strategy: Strategy | None, names: Iterable[str]) -> tuple[Commitment, ...]:
    """Return the commitments that an address names by key or reference, in the strategy's order.

    A name that means none, or one that could mean several, is left out: who follows the address is asked anyway.
    """
    here = Commitment.objects.filter(strategy=strategy)
    names = list(names)
    keys = keys_among(here, names)
    for name in [name for name in names if name not in keys]:
        held = keys_that_held(here, name) if may_be_reference(name) else [name]
        keys |= set(held) if len(held) == 1 else set()
    return tuple(here.filter(key__in=filter(is_key, keys)).in_order()) if keys else ()
