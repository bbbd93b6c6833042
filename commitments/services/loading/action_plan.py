"""Writes a council's action plan into the portal: the strategy by the loader of strategies, then leads, partners and statuses.

Loading the same plan again changes nothing: a lead, a partner or a status that the portal has stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from commitments.action_plan.choices import (
    INVITE,
    ORGANISATION,
    PERSON,
    REGISTER,
    LabelChoice,
    PlanChoices,
    note_names_left_out,
    planned_status,
)
from commitments.action_plan.entry import ActionPlanDetails, PlannedStrategy, strategy_entry
from commitments.action_plan.rows import PlanRow, ReadPlan
from commitments.content.updates import UpdateContent
from commitments.models import Commitment, DeliveryPartner
from commitments.permissions.action_plans import check_can_make_strategy
from commitments.services.commitment_people import assign_first_leads
from commitments.services.delivery import STEERS, add_first_partners
from commitments.services.loading.strategy import Loaded, load_strategy
from commitments.services.update_transitions import set_first_statuses
from partners import roles
from partners.kinds import GROUP
from partners.models import Organisation, User
from partners.permissions import has_permission_here
from partners.services.organisations import register_organisation
from vcsportal.common.data_file import Fault, Faulty
from vcsportal.common.words import Invalid


@dataclass(slots=True)
class LoadedPlan:
    """What a load did: what the loader of strategies says, and sentences on leads, partners and statuses.

    ``to_invite`` has, for each name that was chosen to be invited, the email address and the keys of its commitments.
    """

    loaded: Loaded
    planned: PlannedStrategy
    changes: list[str] = field(default_factory=list)
    to_invite: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def load_action_plan(
    *, by: User, at: datetime, plan: ReadPlan, details: ActionPlanDetails, choices: PlanChoices, dry_run: bool = False
) -> LoadedPlan:
    """Write the strategy of an action plan with its leads, delivery partners and first statuses.

    :param dry_run: all is tried, and nothing is kept.
    :raises Faulty: the plan or the loader has faults; their lines are rows of the sheet. Nothing is written.
    :raises Refused: without the right.
    """
    owner = Organisation.objects.filter(slug=details.owner.slug).first()
    check_can_make_strategy(by, owner)
    planned = strategy_entry(plan, details, choices=choices, today=timezone.localdate(at))
    if plan.faults or not plan.rows:
        raise Faulty(plan_faults(plan))
    loaded = load_strategy(by=by, at=at, entry=planned.entry)
    writer = _Writer(by, at, plan, details, choices, loaded)
    writer.write(planned)
    if writer.faults:
        raise Faulty(writer.faults)
    if dry_run:
        transaction.set_rollback(True)
    return LoadedPlan(loaded, planned, [*loaded.changes, *writer.changes], writer.to_invite)


def plan_faults(plan: ReadPlan) -> list[Fault]:
    """Return what has to be corrected in a plan's file, by row and cell."""
    faults = [Fault(note.row, note.place, "", note.sentence) for note in plan.faults]
    if not plan.rows:
        faults.append(Fault(1, "", "", "No row has an action in it. Check which column contains the actions."))
    return faults


class _Writer:
    """Sets leads, partners and first statuses of the commitments that were loaded."""

    def __init__(
        self, by: User, at: datetime, plan: ReadPlan, details: ActionPlanDetails, choices: PlanChoices, loaded: Loaded
    ) -> None:
        self.by, self.at, self.plan, self.details, self.choices = by, at, plan, details, choices
        self.strategy = loaded.strategy
        self.faults: list[Fault] = []
        self.changes: list[str] = []
        self.to_invite: list[dict[str, Any]] = []
        self._invited: dict[str, dict[str, Any]] = {}
        self._able: dict[int, bool] = {}

    def write(self, planned: PlannedStrategy) -> None:
        held = Commitment.objects.select_for_update(of=("self",), no_key=True).filter(strategy=self.strategy)
        known = {each.reference: each for each in held.select_related("strategy").order_by("id")}
        people = self._people()
        organisations = self._organisations()
        parts = set(
            DeliveryPartner.objects.filter(commitment__strategy=self.strategy).values_list("commitment", "organisation")
        )
        leads: dict[Commitment, list[User]] = {}
        helps: list[tuple[Commitment, Organisation]] = []
        statuses: dict[Commitment, UpdateContent] = {}
        for reference, row in planned.rows.items():
            commitment = known[reference]
            note_names_left_out(self.plan, row, self.choices)
            if people_of := self._leads(commitment, row, people):
                leads[commitment] = people_of
            helps += self._partners(commitment, row, organisations, parts)
            if content := self._status(commitment, row):
                statuses[commitment] = content
        if not self.faults:
            assign_first_leads(by=self.by, at=self.at, strategy=self.strategy, leads=leads)
            add_first_partners(by=self.by, at=self.at, strategy=self.strategy, parts=helps)
            set_first_statuses(by=self.by, at=self.at, contents=statuses)

    def _people(self) -> dict[int, User]:
        keys = {choice.key for choice in self.choices.leads.values() if choice.what == PERSON}
        return {person.pk: person for person in User.objects.filter(pk__in=keys, is_active=True)}

    def _organisations(self) -> dict[str, Organisation]:
        """Return the organisation of each name, those registered that are new to the portal."""
        chosen = self.choices.partners
        keys = {choice.key for choice in chosen.values() if choice.what == ORGANISATION}
        known = {found.pk: found for found in Organisation.objects.filter(pk__in=keys)}
        found = {label: known[choice.key] for label, choice in chosen.items() if choice.key in known}
        for label, choice in chosen.items():
            if choice.what == REGISTER:
                found[label] = self._register(label, choice)
        return found

    def _register(self, label: str, choice: LabelChoice) -> Organisation:
        same = Organisation.objects.filter(name__iexact=label).order_by("id")
        if (known := same.to_name().first() or same.first()) is not None:
            return known
        made = register_organisation(by=self.by, at=self.at, name=label, kind=choice.kind)
        self.changes.append(f"Added the organisation “{made.name}”.")
        return made

    def _leads(self, commitment: Commitment, row: PlanRow, people: dict[int, User]) -> list[User]:
        """Return who leads a commitment, then who supports; nobody where the portal has a lead already."""
        chosen = [(label, self.choices.lead(label)) for label in row.leads]
        for label, choice in chosen:
            if choice.what == INVITE:
                self._note_invited(label, choice, "lead", commitment)
        found = [people[choice.key] for _, choice in chosen if choice.what == PERSON and choice.key in people]
        if not found or commitment.lead_officer_id:
            return []
        for person in found:
            if not self._may_lead(person):
                sentence = f"{self.strategy.not_answering(person)}, so can’t lead {self.strategy.nouns.a_commitment}."
                self.faults.append(Fault(row.row, row.lead_cells[0].place, "", sentence))
        self.changes.append(f"{found[0].name} leads {commitment.reference}.")
        return list(dict.fromkeys(found))

    def _may_lead(self, person: User) -> bool:
        if person.pk not in self._able:
            self._able[person.pk] = has_permission_here(person, roles.UPDATE_COMMITMENTS, self.strategy)
        return self._able[person.pk]

    def _partners(
        self,
        commitment: Commitment,
        row: PlanRow,
        organisations: dict[str, Organisation],
        parts: set[tuple[int, int]],
    ) -> Iterator[tuple[Commitment, Organisation]]:
        """Yield the organisations of a row that are no delivery partners yet, and never were."""
        for label in row.partners:
            choice, organisation = self.choices.partner(label), organisations.get(label)
            if choice.email and organisation is not None:
                self._note_invited(label, choice, "partner", commitment, organisation)
            if organisation is None or (commitment.pk, organisation.pk) in parts:
                continue
            parts.add((commitment.pk, organisation.pk))
            if organisation.kind == GROUP:
                self.faults.append(Fault(row.row, row.partner_cells[0].place, "", STEERS.format(organisation.name)))
            self.changes.append(f"{organisation.name} helps to deliver {commitment.reference}.")
            yield commitment, organisation

    def _status(self, commitment: Commitment, row: PlanRow) -> UpdateContent | None:
        """Return the first status. The plan is the council's own record, as its wording is, so loading it is enough."""
        planned = planned_status(self.plan, row, self.choices, self.details.plan_day)
        if planned is None or commitment.status:
            return None
        try:
            content = UpdateContent(planned.code, planned.reason, planned.remedy).tidy()
        except Invalid as refused:
            place = row.update_cell.place if row.update_cell else row.place
            self.faults.append(Fault(row.row, place, "", refused.sentence))
            return None
        self.changes.append(f"Set the status of {commitment.reference} from the action plan.")
        return content

    def _note_invited(
        self,
        label: str,
        choice: LabelChoice,
        what: str,
        commitment: Commitment,
        organisation: Organisation | None = None,
    ) -> None:
        if label not in self._invited:
            entry = {
                "label": label, "what": what, "email": choice.email, "commitments": [],
                "organisation": organisation.pk if organisation else self.strategy.owner_id,
            }  # fmt: skip
            self._invited[label] = entry
            self.to_invite.append(entry)
        self._invited[label]["commitments"].append(commitment.key)
