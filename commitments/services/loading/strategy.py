"""Write a strategy's file into the portal: add what is new, amend what has changed, refuse what would lose something.

What is loaded for the first time has no history entry, as the strategy's ``source`` says where it is from; each later
change of its words keeps the old ones in the history.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from commitments.models import HistoryEntry, Priority, Strategy
from commitments.services.loading.commitments import (
    CommitmentsLoading,
    Compared,
    LoadedCommitments,
    matched_of,
    plain_values,
)
from commitments.services.loading.engagement import load_engagement
from commitments.services.loading.figures import FiguresLoading
from commitments.services.loading.indicators import load_indicators
from commitments.services.loading.priorities import moved_priorities
from commitments.services.loading.risks import load_risks
from commitments.services.loading.rounds import load_round
from commitments.services.loading.signatories import load_signatories
from commitments.services.round_participants import ask_newcomers
from commitments.services.strategy_ties import keep_ties
from commitments.strategy_file.priorities import PriorityEntry
from commitments.strategy_file.strategy import StrategyEntry
from partners import roles
from partners.kinds import GROUP, PUBLIC_BODY
from partners.models import Area, Organisation, PartnershipGroup, User
from partners.permissions import check_permission_anywhere, check_permission_here
from partners.services.loading_groups import load_groups
from partners.services.loading_sources import load_sources
from partners.services.organisations import register_organisation
from vcsportal.common.data_file import Fault, Faulty
from vcsportal.common.words import Refused

NOT_THERE = "{} has ended or was removed from the directory, so it can’t be named here."
PRIORITY_FIELDS = (
    "reference",
    "title",
    "introduction",
    "introduction_source",
    "summary",
    "other_wording",
    "other_wording_source",
    "beneficiaries",
    "beneficiaries_source",
    "methods",
    "methods_source",
)
STRATEGY_FIELDS = (
    "title", "vision", "source", "starts_on", "ends_on", "reports_to", "reports_to_short", "opens_first",
    "language", "kind", "made_by", "reviewed_on",
)  # fmt: skip


@dataclass(slots=True)
class Loaded:
    """What a load did (or, in a dry run, would do): ``changes`` are sentences; none means that nothing changed.

    ``notes`` are what whoever loads should know, such as what was left as it is. ``compared`` has every commitment before
    and after.
    """

    strategy: Strategy
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)


@transaction.atomic
def load_strategy(*, by: User | None, at: datetime, entry: StrategyEntry, dry_run: bool = False) -> Loaded:
    """Bring the portal in step with a strategy's file. Doing it twice changes nothing.

    ``by=None`` is the portal's own loader; anybody else needs to manage commitments. With ``dry_run`` all is tried
    and nothing is kept. Raise :class:`Faulty`, having written nothing, if the file leaves out what the portal holds,
    does not say which commitment an entry is where that could be more than one, names an unknown district, or
    contradicts a commitment's status.
    """
    if by is not None:
        check_permission_anywhere(
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
        groups = load_groups(by=self.by, at=self.at, entries=entry.groups)
        self.changes += groups.changes
        self.faults += groups.faults
        values = {name: getattr(entry, name) for name in STRATEGY_FIELDS}
        if entry.steered_by:  # a file that does not name a group leaves the one that steers now
            values["steered_by"] = self._group(entry.steered_by)
        values["supported_by"] = self._supporter(entry, owner)
        if entry.succeeds:  # a file that names none leaves the one that is named
            values["succeeds"] = self._predecessor(entry)
        strategy = Strategy.objects.select_for_update().filter(slug=entry.slug).first()
        is_new = strategy is None
        if self.by is not None:
            check_permission_here(
                self.by, roles.MANAGE_COMMITMENTS, strategy or Strategy(owner=owner),
                "Only a council officer or an administrator can load a strategy.",
            )  # fmt: skip
        tied = {owner.pk, *([values["supported_by"].pk] if values["supported_by"] else [])}
        if (
            self.by is not None
            and strategy
            and (strategy.owner, strategy.supported_by) != (owner, values["supported_by"])
        ):
            check_permission_anywhere(
                self.by, roles.MANAGE_ORGANISATIONS, "Only an administrator can change who answers for a strategy."
            )
        if strategy is None:
            strategy = Strategy.objects.create(slug=entry.slug, owner=owner, **values)
            self._note("add_strategy", {"strategy": strategy.slug})
            self.changes.append(f"Added the strategy “{entry.title}”.")
        else:
            tied |= {strategy.owner_id, *([strategy.supported_by_id] if strategy.supported_by_id else [])}
            self._amend(strategy, {**values, "owner": owner}, "the strategy", {})
        keep_ties(by=self.by, at=self.at, organisations=tied)
        written = self._priorities(strategy, entry, is_new=is_new)
        self.changes += written.changes
        self.faults += written.faults
        if self.faults:
            return Loaded(strategy)
        notes = written.notes
        for round_entry in entry.rounds:
            round_ = load_round(by=self.by, at=self.at, strategy=strategy, entry=round_entry)
            self.changes += filter(None, [round_.done])
            notes += filter(None, [round_.note])
        sources = load_sources(by=self.by, at=self.at, sources=entry.sources, strands=entry.strands)
        self.changes += sources.changes
        self.faults += sources.faults
        notes += sources.notes
        met = LoadedCommitments()
        load_engagement(by=self.by, at=self.at, strategy=strategy, entries=entry.engagement, done=met)
        FiguresLoading(self.by, self.at, strategy, sources.sources, met).load(entry.figures)
        self.changes += met.changes
        self.faults += met.faults
        notes += met.notes
        risky = LoadedCommitments()
        load_risks(by=self.by, at=self.at, strategy=strategy, entries=entry.risks, done=risky)
        self.changes += risky.changes
        self.faults += risky.faults
        notes += risky.notes
        signed = LoadedCommitments()
        load_signatories(by=self.by, at=self.at, strategy=strategy, entries=entry.signatories, done=signed)
        self.changes += signed.changes
        self.faults += signed.faults
        notes += signed.notes
        numbers = load_indicators(by=self.by, at=self.at, strategy=strategy, entry=entry)
        self.changes += numbers.changes
        self.faults += numbers.faults
        return Loaded(strategy, self.changes, notes, written.compared)

    def _owner(self, entry: StrategyEntry) -> Organisation | None:
        owner = entry.owner
        known = {area.gss_code: area for area in Area.objects.filter(gss_code__in=owner.districts)}
        for code in owner.districts:
            if code not in known:
                sentence = f"“{code}” is not an area that the portal knows. Load it first with manage.py load_areas."
                self.faults.append(Fault(owner.line, "owner", "districts", sentence))
        organisation = Organisation.objects.filter(slug=owner.slug).first()
        if organisation and (organisation.is_removed or (organisation.has_ended and not organisation.owns_strategies)):
            self.faults.append(Fault(owner.line, "owner", "slug", NOT_THERE.format(organisation.name)))
        if organisation or self.faults:
            return organisation
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

    def _group(self, name: str) -> Organisation:
        """Return the partnership or group of this name, registered if the portal does not know it yet."""
        if organisation := Organisation.objects.filter(kind=GROUP, name=name).order_by("id").first():
            return organisation
        self.changes.append(f"Added the group “{name}”.")
        return register_organisation(by=None, at=self.at, name=name, kind=GROUP)

    def _supporter(self, entry: StrategyEntry, owner: Organisation) -> Organisation | None:
        """Return the organisation that the file says supports the owner; a fault where there can be none."""
        if not entry.supported_by:
            return None
        found = Organisation.objects.filter(slug=entry.supported_by).first()
        sentence = ""
        if found is None:
            sentence = f"“{entry.supported_by}” is not an organisation in the portal. Add it first."
        elif owner.kind == PUBLIC_BODY:
            sentence = f"{owner.name} is a public body, so its own officers answer for this strategy. Leave it out."
        elif found == owner:
            sentence = f"{owner.name} owns this strategy, so it can’t also support the owner. Leave it out."
        elif found.is_removed or (found.has_ended and not found.supports_strategies):
            sentence = NOT_THERE.format(found.name)
        if sentence:
            self.faults.append(Fault(entry.line, "strategy", "supported_by", sentence))
        return found

    def _predecessor(self, entry: StrategyEntry) -> Strategy | None:
        """Return the earlier strategy that the file names; a fault where there is none that began before."""
        if entry.succeeds == entry.slug:
            sentence = "A strategy can’t succeed itself. Name the earlier one, or leave it out."
            self.faults.append(Fault(entry.line, "strategy", "succeeds", sentence))
            return None
        earlier = Strategy.objects.filter(slug=entry.succeeds).first()
        if earlier is None:
            sentence = f"“{entry.succeeds}” is not a strategy in the portal. Load that one first."
            self.faults.append(Fault(entry.line, "strategy", "succeeds", sentence))
        elif earlier.starts_on >= entry.starts_on:
            sentence = f"“{entry.succeeds}” does not begin before this strategy, so this one can’t follow it."
            self.faults.append(Fault(entry.line, "strategy", "succeeds", sentence))
        return earlier

    def _priorities(self, strategy: Strategy, entry: StrategyEntry, *, is_new: bool) -> LoadedCommitments:
        """Write priorities and commitments, once it is clear which is which."""
        ours, matched = matched_of(strategy, entry)
        known = {priority.number: priority for priority in strategy.priorities.order_by("number", "id")}
        self.faults += matched.faults
        self.faults += moved_priorities(known, entry, ours, matched)
        if self.faults:
            return LoadedCommitments()
        priorities = {
            group.number: self._priority(strategy, known.get(group.number), group) for group in entry.priorities
        }
        return CommitmentsLoading(self.by, self.at, strategy, priorities, is_new=is_new).load(entry, ours, matched)

    def _priority(self, strategy: Strategy, priority: Priority | None, group: PriorityEntry) -> Priority:
        values: dict[str, Any] = {name: getattr(group, name) for name in PRIORITY_FIELDS}
        if group.group:  # a file that names none leaves the one that is named
            values["group"] = self._group_of(group)
        if priority is None:
            self.changes.append(f"Added priority {group.number}, “{group.title}”.")
            self._note("add_priority", {"strategy": strategy.slug, "priority": group.number})
            return Priority.objects.create(strategy=strategy, number=group.number, **values)
        self._amend(priority, values, f"priority {group.number}", {"priority": group.number})
        return priority

    def _group_of(self, entry: PriorityEntry) -> PartnershipGroup | None:
        """Return the group that the file says works at a priority; a fault where the portal knows none of this slug."""
        found = PartnershipGroup.objects.filter(organisation__slug=entry.group).select_related("organisation").first()
        if found is None:
            sentence = f"There is no group “{entry.group}” in the portal or in this file. Add a [[group]] for it."
            self.faults.append(entry.fault("group", sentence))
        return found

    def _amend(self, thing: Strategy | Priority, values: dict[str, Any], place: str, said: dict[str, Any]) -> None:
        was = {name: getattr(thing, name) for name, now in values.items() if getattr(thing, name) != now}
        if not was:
            return
        now = {name: values[name] for name in was}
        for name, value in now.items():
            setattr(thing, name, value)
            self.changes.append(f"Amended {place}, {name}: “{was[name]}” becomes “{value}”.")
        thing.save(update_fields=list(now))
        strategy = thing if isinstance(thing, Strategy) else thing.strategy
        said = {"strategy": strategy.slug, **said, "was": plain_values(was), "now": plain_values(now)}
        self._note("amend", said)

    def _note(self, act: str, said: dict[str, Any]) -> None:
        HistoryEntry.objects.create(at=self.at, by=self.by, act=act, said=said)
