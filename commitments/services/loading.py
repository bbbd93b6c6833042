"""Write a strategy's file into the portal: add what is new, amend what has changed, refuse what would lose something.

What is loaded for the first time has no history entry, as the strategy's ``source`` says where it is from; each later
change of its words keeps the old ones in the history.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from commitments import status
from commitments.models import Commitment, HistoryEntry, Priority, Round, Strategy
from commitments.services.joining import ask_newcomers
from commitments.services.loading_indicators import load_indicators
from commitments.strategy_file import CommitmentEntry, PriorityEntry, RoundEntry, StrategyEntry, wrong_dates
from partners import roles
from partners.models import Area, Organisation, User
from partners.permissions import check_permission
from partners.services import register_organisation
from vcsportal.common.data_file import Fault, Faulty
from vcsportal.common.words import Refused

STRATEGY_FIELDS = (
    "title", "vision", "source", "starts_on", "ends_on", "reports_to", "reports_to_short", "opens_first",
    "language",
)  # fmt: skip
ROUND_FIELDS = ("observes_from", "observes_to", "opens_on", "closes_on", "grace_until")


@dataclass(slots=True)
class Loaded:
    """What a load did (or, in a dry run, would do): sentences; none means that nothing changed."""

    strategy: Strategy
    changes: list[str] = field(default_factory=list)


@transaction.atomic
def load_strategy(*, by: User | None, at: datetime, entry: StrategyEntry, dry_run: bool = False) -> Loaded:
    """Bring the portal in step with a strategy's file. Doing it twice changes nothing.

    ``by=None`` is the portal's own loader; anybody else needs to manage commitments. With ``dry_run`` all is tried
    and nothing is kept. Raise :class:`Faulty`, having written nothing, if the file leaves out what the portal holds,
    names an unknown district, or contradicts how a commitment stands.
    """
    if by is not None:
        check_permission(
            by, roles.MANAGE_COMMITMENTS, "Only a council officer or an administrator can load a strategy."
        )
    loader = _Loader(by, at)
    loaded = loader.load(entry)
    if loader.faults:
        raise Faulty(loader.faults)
    ask_newcomers(by=by, at=at, strategy_id=loaded.strategy.pk)  # a commitment that is new is asked for at once
    if dry_run:
        transaction.set_rollback(True)
    return loaded


@transaction.atomic
def keep_round(*, by: User | None, at: datetime, strategy: Strategy, entry: RoundEntry) -> tuple[Round, str]:
    """Add a reporting round, or give the one of the same name other days. Return it and what was done ("" for nothing)."""
    if by is not None:
        check_permission(by, roles.MANAGE_COMMITMENTS, "Only a council officer or an administrator can plan a round.")
    wrong = wrong_dates(entry.observes_from, entry.observes_to, entry.opens_on, entry.closes_on)
    if wrong:
        raise Refused(f"In the round {entry.slug}, {' and '.join(f'{name} {why}' for name, why in wrong)}")
    days = {name: getattr(entry, name) for name in ROUND_FIELDS} | {"grace_until": entry.taken_until}
    found = Round.objects.select_for_update().filter(strategy=strategy, slug=entry.slug).first()
    if found is None:
        # A round that was over before the portal came has nothing to ask of anybody: it is planned, and stays so.
        return Round.objects.create(strategy=strategy, slug=entry.slug, **days), f"Added the round {entry.slug}."
    was = {name: getattr(found, name) for name in ROUND_FIELDS}
    if was == days:
        return found, ""
    for name, day in days.items():
        setattr(found, name, day)
    found.save(update_fields=list(days))
    said = {"strategy": strategy.slug, "round": entry.slug, "was": _plain(was), "now": _plain(days)}
    HistoryEntry.objects.create(at=at, by=by, act="amend", said=said)
    return found, f"Amended the days of the round {entry.slug}."


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, str | bool) else str(value) for name, value in values.items()}


class _Loader:
    """One load: goes through the file, writes, and gathers what was done and what is wrong."""

    def __init__(self, by: User | None, at: datetime) -> None:
        self.by, self.at = by, at
        self.changes: list[str] = []
        self.faults: list[Fault] = []

    def load(self, entry: StrategyEntry) -> Loaded:
        owner = self._owner(entry)
        if owner is None:
            raise Faulty(self.faults)
        values = {name: getattr(entry, name) for name in STRATEGY_FIELDS}
        strategy = Strategy.objects.select_for_update().filter(slug=entry.slug).first()
        if strategy is None:
            strategy = Strategy.objects.create(slug=entry.slug, owner=owner, **values)
            self.changes.append(f"Added the strategy “{entry.title}”.")
        else:
            self._amend(strategy, {**values, "owner": owner}, "the strategy", {})
        self._priorities(strategy, entry)
        for round_entry in entry.rounds:
            _, done = keep_round(by=self.by, at=self.at, strategy=strategy, entry=round_entry)
            self.changes += [done] if done else []
        numbers = load_indicators(by=self.by, at=self.at, strategy=strategy, entry=entry)
        self.changes += numbers.changes
        self.faults += numbers.faults
        return Loaded(strategy, self.changes)

    def _owner(self, entry: StrategyEntry) -> Organisation | None:
        owner = entry.owner
        known = {area.gss_code: area for area in Area.objects.filter(gss_code__in=owner.districts)}
        for code in owner.districts:
            if code not in known:
                sentence = f"“{code}” is no area that the portal knows. Load it first with manage.py load_areas."
                self.faults.append(Fault(owner.line, "owner", "districts", sentence))
        found = Organisation.objects.filter(slug=owner.slug).first()
        if found or self.faults:
            return found
        try:
            made = register_organisation(
                by=None, at=self.at, slug=owner.slug, name=owner.name, kind=owner.kind,
                districts=known.values(), identifiers=owner.identifiers,
            )  # fmt: skip
        except Refused as refusal:
            self.faults.append(Fault(owner.line, "owner", "identifiers", refusal.sentence))
            return None
        self.changes.append(f"Added the organisation “{owner.name}”.")
        return made

    def _priorities(self, strategy: Strategy, entry: StrategyEntry) -> None:
        priorities = {one.number: one for one in strategy.priorities.order_by("number", "id")}
        commitments = {one.reference: one for one in strategy.commitments.select_for_update().in_order()}
        written = {one.reference for group in entry.priorities for one in group.commitments}
        for group in entry.priorities:
            priority = self._priority(strategy, priorities.pop(group.number, None), group)
            new = []
            for one in group.commitments:
                found = commitments.get(one.reference)
                if found is None:
                    new.append(_new(strategy, priority, one))
                else:
                    self._commitment(found, one)
            Commitment.objects.bulk_create(new)
            self.changes += [f"Added commitment {one.reference}, “{one.short_title}”." for one in new]
        end = "A commitment is never deleted; put it back into the file, or close it in the portal with a reason."
        for reference in commitments.keys() - written:
            sentence = f"is in the portal and not in the file. {end}"
            self.faults.append(Fault(entry.line, f"commitment {reference}", "", sentence))
        for number in priorities:
            sentence = "is in the portal and not in the file. Put it back into the file."
            self.faults.append(Fault(entry.line, f"priority {number}", "", sentence))

    def _priority(self, strategy: Strategy, found: Priority | None, group: PriorityEntry) -> Priority:
        if found is None:
            self.changes.append(f"Added priority {group.number}, “{group.title}”.")
            return Priority.objects.create(
                strategy=strategy, number=group.number, title=group.title, summary=group.summary
            )
        values = {"title": group.title, "summary": group.summary}
        self._amend(found, values, f"priority {group.number}", {"priority": group.number})
        return found

    def _commitment(self, found: Commitment, one: CommitmentEntry) -> None:
        if found.ongoing != one.ongoing and found.status in {"complete", "embedded"}:
            label = status.of(found.status).label
            sentence = f"can't change while the commitment stands as “{label}”. Change its status in the portal first."
            self.faults.append(one.fault("ongoing", sentence))
            return
        values = {"wording": one.wording, "short_title": one.short_title, "ongoing": one.ongoing}
        self._amend(found, values, f"commitment {one.reference}", {}, commitment=found)

    def _amend(
        self,
        thing: models.Model,
        values: dict[str, Any],
        place: str,
        said: dict[str, Any],
        commitment: Commitment | None = None,
    ) -> None:
        was = {name: getattr(thing, name) for name, now in values.items() if getattr(thing, name) != now}
        if not was:
            return
        now = {name: values[name] for name in was}
        for name, value in now.items():
            setattr(thing, name, value)
            self.changes.append(f"Amended {place}, {name}: “{was[name]}” becomes “{value}”.")
        thing.save(update_fields=list(now))
        strategy = thing if isinstance(thing, Strategy) else thing.strategy  # type: ignore[attr-defined]
        said = {"strategy": strategy.slug, **said, "was": _plain(was), "now": _plain(now)}
        HistoryEntry.objects.create(at=self.at, by=self.by, act="amend", commitment=commitment, said=said)


def _new(strategy: Strategy, priority: Priority, one: CommitmentEntry) -> Commitment:
    values = {name: value for name, value in asdict(one).items() if name not in {"line", "indicators"}}
    return Commitment(strategy=strategy, priority=priority, **values)
