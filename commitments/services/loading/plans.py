"""Writes how the commitments of a strategy's file are to succeed: measures, teams, dates, and which follow or relate to which.

What the file leaves out stays as it is, and so does a success measure that people have written in the portal.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone

from commitments.models import Commitment, HistoryEntry, Strategy
from commitments.services.commitment_ties import OTHER_SIDE
from commitments.services.loading.closing import LoadOutcome
from commitments.services.success_measures import FROM_FILE, SuccessMeasure, record_measure
from commitments.strategy_file.priorities import CommitmentEntry
from partners.models import User
from vcsportal.common.changing_many import change_many
from vcsportal.common.dates import in_words

PLAN_FIELDS: Final = ("team", "starts_on", "ends_on")
NOTED: Final = {
    "team": "the team of {}", "starts_on": "the first day of {}", "ends_on": "the last day of {}", "follows": "what {} replaces",
}  # fmt: skip
Written = Sequence[tuple[Commitment, CommitmentEntry]]


def load_plans(
    *,
    by: User | None,
    at: datetime,
    strategy: Strategy,
    written: Written,
    everyone: Mapping[str, Commitment],
    new: set[int],
    done: LoadOutcome,
) -> None:
    """Bring measures, teams, dates and ties in step with the file. Doing it twice changes nothing.

    :param everyone: the strategy's commitments by their keys.
    :param new: keys of the rows that this load has added: what they begin with leaves no history entry.
    :param done: gathers changes, notes and faults.
    """
    by_hand = _written_by_people([commitment.pk for commitment, _ in written])
    ties = _Ties(strategy, written, everyone, done)
    details = _details_by_people({commitment.pk for commitment in (*everyone.values(), *ties.known.values())})
    ties.by_hand = {pk for pk, found in details.items() if "related" in found}
    added: list[Commitment] = []
    for commitment, entry in written:
        _load_measure(by, at, commitment, entry, by_hand.get(commitment.pk), done, is_new=commitment.pk in new)
        values = {name: value for name in PLAN_FIELDS if (value := getattr(entry.plan, name))}
        if follows := ties.one(commitment, entry, "follows", entry.plan.follows):
            values["follows"] = follows
        was = {name: getattr(commitment, name) for name, now in values.items() if getattr(commitment, name) != now}
        for name in [name for name in was if name in details.get(commitment.pk, {})]:
            del was[name]
            done.notes.append(_left(commitment, NOTED[name], details[commitment.pk][name]))
        if not was:
            continue
        for name in was:
            setattr(commitment, name, values[name])
        if commitment.starts_on and commitment.ends_on and commitment.ends_on < commitment.starts_on:
            done.faults.append(entry.fault("ends_on", "comes before the first day that the portal has."))
            continue
        if commitment.pk in new:
            added.append(commitment)
            continue
        commitment.save(update_fields=list(was))
        now = {name: values[name] for name in was}
        done.changes += [
            f"Amended commitment {entry.name}, {name}: “{was[name] or ''}” becomes “{now[name]}”." for name in was
        ]
        said = {"strategy": strategy.slug, "was": _plain(was), "now": _plain(now)}
        HistoryEntry.objects.create(at=at, by=by, act="amend", commitment=commitment, said=said)
    change_many(added, [*PLAN_FIELDS, "follows"])
    ties.check_circles()
    ties.relate()


def _written_by_people(commitments: Iterable[int]) -> dict[int, HistoryEntry]:
    """Return the last entry of each commitment whose measure a person has written in the portal."""
    entries = HistoryEntry.objects.filter(act="measure", commitment__in=commitments).exclude(said__has_key=FROM_FILE)
    return {entry.commitment_id or 0: entry for entry in entries.select_related("by").order_by("at", "id")}


def _details_by_people(commitments: Iterable[int]) -> dict[int, dict[str, HistoryEntry]]:
    """Return the last entry with which a person changed each plan detail in the portal, by commitment and field.

    A tie counts for the commitment on whose page it was made or ended.
    """
    entries = HistoryEntry.objects.filter(act__in=("details", "tie"), commitment__in=commitments)
    entries = entries.exclude(said__has_key=OTHER_SIDE).select_related("by")
    found: dict[int, dict[str, HistoryEntry]] = {}
    for entry in entries.order_by("at", "id"):
        found.setdefault(entry.commitment_id or 0, {}).update(dict.fromkeys(entry.said["now"], entry))
    return found


def _left(commitment: Commitment, what: str, entry: HistoryEntry) -> str:
    """Return the note that a person's entry in the portal is kept.

    :param what: what it is, with ``{}`` for the commitment.
    """
    who, on = entry.by.name if entry.by else "somebody", in_words(timezone.localdate(entry.at))
    left = what.format(f"{commitment.reference}, “{commitment.short_title}”,")
    return f"Left {left} as it is: {who} wrote it in the portal on {on}. Update the file to match."


def _load_measure(
    by: User | None, at: datetime, commitment: Commitment, entry: CommitmentEntry, hand: HistoryEntry | None,
    done: LoadOutcome, *, is_new: bool,
) -> None:  # fmt: skip
    plan = entry.plan
    now = SuccessMeasure(plan.success_measure, plan.success_measure_agreed_by, plan.success_measure_agreed_on)
    if not now.words or now == SuccessMeasure.of(commitment):
        return
    if hand is not None:
        done.notes.append(_left(commitment, "the success measure of {}", hand))
        return
    record_measure(by=by, at=at, commitment=commitment, measure=now, from_file=True, in_history=not is_new)
    if not is_new:
        done.changes.append(f"Amended commitment {entry.name}, success_measure: it is now “{now.words}”.")


def _plain(values: Mapping[str, object]) -> dict[str, str]:
    return {
        name: value.key if isinstance(value, Commitment) else "" if value is None else str(value)
        for name, value in values.items()
    }


class _Ties:
    """The commitments that others of a file follow or relate to, of this strategy or of another."""

    def __init__(
        self,
        strategy: Strategy,
        written: Written,
        everyone: Mapping[str, Commitment],
        done: LoadOutcome,
    ) -> None:
        self.strategy, self.written, self.done = strategy, written, done
        self.by_hand = set[int]()
        """Keys of commitments whose related commitments someone has changed in the portal."""
        names = {name for _, entry in written for name in (entry.plan.follows, *(entry.plan.related or ())) if name}
        self.known: dict[str, Commitment] = {name: everyone[name] for name in names if name in everyone}
        self.known |= {
            f"{strategy.slug}/{key}": everyone[key]
            for key in everyone
            if f"{strategy.slug}/{key}" in names
        }  # fmt: skip
        abroad = [name.split("/", 1) for name in names if "/" in name and name not in self.known]
        if abroad:
            found = Commitment.objects.select_related("strategy").filter(
                strategy__slug__in={slug for slug, _ in abroad}, key__in={key for _, key in abroad}
            )
            self.known |= {f"{each.strategy.slug}/{each.key}": each for each in found.order_by("id")}

    def one(self, commitment: Commitment, entry: CommitmentEntry, field: str, name: str) -> Commitment | None:
        """Return the commitment of a name, None where the file has none; a fault where it can't be tied to this one."""
        if not name:
            return None
        found = self.known.get(name)
        if found is not None and found.pk == commitment.pk:
            self.done.faults.append(entry.fault(field, "is its own key. Give the key of another commitment."))
            return None
        if found is None:
            self.done.faults.append(
                entry.fault(
                    field,
                    f"“{name}” is not the key of a commitment in this strategy. For one of another strategy, write that "
                    "strategy’s slug, a slash and the key; it has to be loaded first.",
                )
            )
        elif (
            field == "follows"
            and found.strategy_id != self.strategy.pk
            and (found.strategy.starts_on >= self.strategy.starts_on)
        ):
            self.done.faults.append(
                entry.fault(field, f"“{name}” belongs to a strategy that does not begin before this one.")
            )
            return None
        return found

    def check_circles(self) -> None:
        """Note each commitment of the file that would follow itself, by way of others."""
        ways = dict(Commitment.objects.filter(follows__isnull=False).order_by("id").values_list("pk", "follows"))
        for commitment, entry in self.written:
            here, seen = ways.get(commitment.pk), set[int]()
            while here is not None and here not in seen and here != commitment.pk:
                seen.add(here)
                here = ways.get(here)
            if here == commitment.pk and entry.plan.follows:
                self.done.faults.append(
                    entry.fault("follows", f"“{entry.plan.follows}” follows this one in turn. Leave one of them out.")
                )

    def relate(self) -> None:
        """Write which commitments belong together. A tie within the strategy that neither of the two names any more goes."""
        wanted, spoken = set[frozenset[int]](), dict[int, Commitment]()
        for commitment, entry in self.written:
            if entry.plan.related is None:
                continue
            spoken[commitment.pk] = commitment
            for name in entry.plan.related:
                if other := self.one(commitment, entry, "related", name):
                    wanted.add(frozenset((commitment.pk, other.pk)))
        if not spoken or self.done.faults:
            return
        through = Commitment.related.through.objects.filter(from_commitment__in=spoken)
        rows = through.order_by("id").values_list("from_commitment", "to_commitment", "to_commitment__strategy")
        held = {frozenset((here, other)): strategy for here, other, strategy in rows}
        for pair in sorted(wanted - held.keys(), key=sorted):
            if pair & self.by_hand:
                self._leave(pair, spoken)
            else:
                self._tie(pair, spoken)
        for pair in sorted(held.keys() - wanted, key=sorted):
            if held[pair] == self.strategy.pk and pair <= spoken.keys() and not pair & self.by_hand:
                first, second = (spoken[pk] for pk in sorted(pair))
                first.related.remove(second)
                self.done.changes.append(f"{first.reference} and {second.reference} are no longer related.")

    def _leave(self, pair: frozenset[int], spoken: Mapping[int, Commitment]) -> None:
        found = {each.pk: each for each in self.known.values()} | dict(spoken)
        first, second = (found[pk].reference for pk in sorted(pair, key=lambda pk: (pk not in spoken, pk)))
        self.done.notes.append(
            f"Did not relate {first} and {second}: someone has changed their related commitments in the portal. Update the file to match."
        )

    def _tie(self, pair: frozenset[int], spoken: Mapping[int, Commitment]) -> None:
        found = {each.pk: each for each in self.known.values()} | dict(spoken)
        here, other = (found[pk] for pk in sorted(pair, key=lambda pk: (pk not in spoken, pk)))
        here.related.add(other)
        self.done.changes.append(f"{here.reference} and {other.reference} are related.")
