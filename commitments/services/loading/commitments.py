"""Writes the commitments of a strategy's file: renumber, amend, add, close. They are matched by their keys.

Every change of an existing strategy is kept in the history. A status never moves from one commitment to another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from commitments.models import Commitment, FormerReference, HistoryEntry, Priority, Strategy
from commitments.rules import status
from commitments.rules.commitment_keys import make_key
from commitments.rules.references import MAX_REFERENCE_CHARACTERS, folded
from commitments.services.loading.actions import ActionsLoading
from commitments.services.loading.closing import close_from_file
from commitments.services.loading.plans import load_plans
from commitments.services.loading.responses import address
from commitments.strategy_file.matching import KnownCommitment, MatchResult, match
from commitments.strategy_file.priorities import CommitmentEntry
from commitments.strategy_file.strategy import StrategyEntry
from partners.models import User
from vcsportal.common.changing_many import change_many
from vcsportal.common.data_file import Fault

FORMER_PREFIX = "former-"
"""Put before the number that a closed commitment had, once its number has gone to another."""
TEXT_FIELDS = ("wording", "note", "note_source", "other_wording", "other_wording_source", "short_title", "ongoing")
Placed = tuple[int, CommitmentEntry]
"""The number of a priority, and an entry below it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the table of before and after. What was not there, or is not there now, is ""."""

    key: str
    was_reference: str
    was_title: str
    reference: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Before:
    """What the table of before and after compares of a commitment."""

    reference: str
    short_title: str
    wording: str
    status: str
    priority: int

    @classmethod
    def of(cls, commitment: Commitment) -> "Before":
        return cls(
            commitment.reference,
            commitment.short_title,
            commitment.wording,
            commitment.status,
            commitment.priority.number,
        )


@dataclass(slots=True)
class LoadedCommitments:
    """What was done and what to note, as sentences; what could not be done; each commitment before and after."""

    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)


def matched_of(strategy: Strategy, entry: StrategyEntry) -> tuple[list[Commitment], MatchResult]:
    """Return a strategy's commitments, held until the transaction ends, and which of them each entry of its file is."""
    held = strategy.commitments.select_for_update(of=("self",)).select_related("priority", "status_by", "merged_into")
    ours = list(held.in_order())
    known = [
        KnownCommitment(
            commitment.key,
            commitment.reference,
            commitment.short_title,
            commitment.wording,
            commitment.status == "closed",
        )
        for commitment in ours
    ]
    return ours, match(known, [written for _, written in _entries(entry)], entry.line)


class CommitmentsLoading:
    """The commitments of one load, once it is known that nothing has to be asked."""

    def __init__(
        self, by: User | None, at: datetime, strategy: Strategy, priorities: dict[int, Priority], *, is_new: bool
    ) -> None:
        self.by, self.at, self.today = by, at, timezone.localdate(at)
        self.strategy, self.priorities, self.is_new = strategy, priorities, is_new
        self.done = LoadedCommitments()
        self.places = _Places([])

    def load(self, entry: StrategyEntry, ours: Sequence[Commitment], matched: MatchResult) -> LoadedCommitments:
        """Bring the commitments in step with the file. Doing it twice changes nothing."""
        by_key = {commitment.key: commitment for commitment in ours}
        entries = _entries(entry)
        same = [
            (by_key[matched.same[place]], written) for place, written in enumerate(entries) if place in matched.same
        ]
        gone = [by_key[key] for key in matched.gone]
        for commitment, (_, written) in same:
            self._check(commitment, written)
        for _, written in entries:
            for name, day in (
                ("added_on", written.added_on), ("closed_on", written.closed_on),
                ("success_measure_agreed_on", written.plan.success_measure_agreed_on),
            ):  # fmt: skip
                if day and day > self.today:
                    self.done.faults.append(
                        written.fault(name, "is in the future. Load the file on that day or later.")
                    )
        if self.done.faults:
            return self.done
        before = {commitment.pk: Before.of(commitment) for commitment in ours}
        self.places = _Places(entries)
        self._renumber(same, gone)
        for commitment, (_, written) in same:
            self._amend(commitment, written)
        new = self._add(entries, matched, {commitment.key for commitment in ours})
        everyone = by_key | {commitment.key: commitment for commitment in new.values()}
        for place, (_, written) in enumerate(entries):
            commitment = new[place] if place in new else by_key[matched.same[place]]
            if written.closed_on:
                close_from_file(
                    by=self.by, at=self.at, commitment=commitment, entry=written, everyone=everyone, done=self.done
                )
            address(commitment, written.addressed_to, done=self.done)
            self._compare(commitment, before.get(commitment.pk))
        for commitment in gone:
            self._compare(commitment, before[commitment.pk], left_out=True)
        written_down = [
            (new.get(place) or by_key[matched.same[place]], written) for place, (_, written) in enumerate(entries)
        ]
        load_plans(
            by=self.by, at=self.at, strategy=self.strategy, written=written_down, everyone=everyone,
            new={commitment.pk for commitment in new.values()}, done=self.done,
        )  # fmt: skip
        self._load_actions(written_down)
        return self.done

    def _load_actions(self, written: Sequence[tuple[Commitment, CommitmentEntry]]) -> None:
        actions = ActionsLoading(self.by, self.at)
        actions.load([(commitment, entry.actions) for commitment, entry in written])
        self.done.changes += actions.changes
        self.done.notes += actions.notes
        self.done.faults += actions.faults

    def _check(self, commitment: Commitment, written: CommitmentEntry) -> None:
        current = status.of(commitment.status)
        if commitment.ongoing != written.ongoing and (current.ongoing_only or current.one_off_only):
            label = current.label
            sentence = (
                f"can't change while the commitment’s status is “{label}”. Change its status in the portal first."
            )
            self.done.faults.append(written.fault("ongoing", sentence))

    def _renumber(self, same: Sequence[tuple[Commitment, Placed]], gone: Sequence[Commitment]) -> None:
        """Give every commitment its place in the file, in one statement, and keep the references that it had."""
        moved = []
        for commitment, (number, written) in same:
            if written.reference:
                moved += self._moved(commitment, (number, written.number, written.reference))
        unnumbered = [(commitment, number) for commitment, (number, written) in same if not written.reference]
        unnumbered += [(found, found.priority.number) for found in gone]
        # Those that gave their number up before keep what they are called since.
        for found, number in sorted(unnumbered, key=lambda pair: not pair[0].reference.startswith(FORMER_PREFIX)):
            moved += self._moved(found, self.places.beside(found.reference, number, found.number))
        change_many(moved, ["priority", "number", "reference"])

    def _moved(self, commitment: Commitment, place: tuple[int, int, str]) -> list[Commitment]:
        """Return it if its place is another now, with its history written."""
        was = commitment.priority.number, commitment.number, commitment.reference
        if was == place:
            return []
        number, commitment.number, reference = place
        if commitment.priority.number != number:
            commitment.priority = self.priorities[number]
        if commitment.reference != reference:
            last = commitment.former_references.order_by("held_until", "id").last()
            FormerReference.objects.create(
                commitment=commitment, reference=commitment.reference,
                held_from=last.held_until if last else commitment.added_on, held_until=self.today,
            )  # fmt: skip
            self.done.changes.append(
                f"Commitment {commitment.reference}, “{commitment.short_title}”, is now {reference}."
            )
            self._history(
                commitment, "renumber",
                {"was": {"reference": commitment.reference, "priority": was[0]}, "now": {"reference": reference, "priority": number}},
            )  # fmt: skip
            commitment.reference = reference
        return [commitment]

    def _amend(self, commitment: Commitment, written: CommitmentEntry) -> None:
        values = {name: getattr(written, name) for name in TEXT_FIELDS}
        if written.added_on:
            values["added_on"] = written.added_on
        was = {name: getattr(commitment, name) for name, now in values.items() if getattr(commitment, name) != now}
        if not was:
            return
        now = {name: values[name] for name in was}
        for name, value in now.items():
            setattr(commitment, name, value)
            self.done.changes.append(f"Amended commitment {written.name}, {name}: “{was[name]}” becomes “{value}”.")
        commitment.save(update_fields=list(now))
        self._history(commitment, "amend", {"was": plain_values(was), "now": plain_values(now)})

    def _add(self, entries: Sequence[Placed], matched: MatchResult, taken: set[str]) -> dict[int, Commitment]:
        """Write the new ones, and return them by their place in the file."""
        taken = taken | {written.key for _, written in entries} | {folded(written.reference) for _, written in entries}
        new: dict[int, Commitment] = {}
        for place, (number, written) in enumerate(entries):
            if place in matched.same:
                continue
            key = written.key or make_key(written.short_title, taken)
            taken.add(key)
            within, reference = written.number, written.reference
            if not reference:
                _, within, reference = self.places.beside(f"{FORMER_PREFIX}{key}"[:MAX_REFERENCE_CHARACTERS], number)
            new[place] = Commitment(
                strategy=self.strategy, priority=self.priorities[number], key=key, number=within, reference=reference,
                added_on=written.added_on or (None if self.is_new else self.today),
                **{name: getattr(written, name) for name in TEXT_FIELDS},
            )  # fmt: skip
        Commitment.objects.bulk_create(new.values())
        for made in new.values():
            self.done.changes.append(f"Added commitment {made.reference}, “{made.short_title}”.")
            if made.added_on:
                said = {"reference": made.reference, "short_title": made.short_title, "on": made.added_on.isoformat()}
                self._history(made, "add", said)
        return new

    def _history(self, commitment: Commitment, act: str, said: dict[str, Any]) -> None:
        said = {"strategy": self.strategy.slug, **said}
        HistoryEntry.objects.create(at=self.at, by=self.by, act=act, commitment=commitment, said=said)

    def _compare(self, commitment: Commitment, before: Before | None, *, left_out: bool = False) -> None:
        """Note a commitment's line in the table of before and after."""
        if before is None:
            what = ["added"]
        else:
            what = (
                [f"moved to priority {commitment.priority.number}"]
                if before.priority != commitment.priority.number
                else []
            )
            if before.reference != commitment.reference:
                what.append("renumbered")
            if before.wording != commitment.wording:
                what.append("reworded")
            if before.short_title != commitment.short_title:
                what.append("new short title")
        if commitment.status == "closed":
            what.append("closed" if before is None or before.status != "closed" else "closed before")
        if left_out:
            what.append("not in the file")
        was = before or Before("", "", "", "", 0)
        self.done.compared.append(
            Compared(
                commitment.key,
                was.reference,
                was.short_title,
                commitment.reference,
                commitment.short_title,
                ", ".join(what) or "kept",
            )
        )


class _Places:
    """The places that a file gives out, and those that are free for closed commitments without a number of their own."""

    def __init__(self, entries: Sequence[Placed]) -> None:
        self.references = {folded(written.reference) for _, written in entries}
        self.taken = {(number, written.number) for number, written in entries}

    def beside(self, reference: str, number: int, within: int = 1) -> tuple[int, int, str]:
        """Return a place in the priority ``number`` that no entry has: what it has now if that is free, else one behind.

        :param reference: what it is called now; if an entry is called so, ``former-`` is put before it.
        :param within: its number within a priority now.
        """
        while (number, within) in self.taken:
            within += 1
        self.taken.add((number, within))
        stem, tries = f"{FORMER_PREFIX}{reference.removeprefix(FORMER_PREFIX)}"[: MAX_REFERENCE_CHARACTERS - 3], 1
        while folded(reference) in self.references:
            reference, tries = (stem if tries == 1 else f"{stem}-{tries}"), tries + 1
        self.references.add(folded(reference))
        return number, within, reference


def _entries(entry: StrategyEntry) -> list[Placed]:
    return [(group.number, commitment) for group in entry.priorities for commitment in group.commitments]


def plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as the history can keep them."""
    return {
        name: value if isinstance(value, str | bool) else "" if value is None else str(value)
        for name, value in values.items()
    }
