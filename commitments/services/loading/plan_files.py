"""Loads an action plan from a file on the server, as ``manage.py load_strategy`` does: without pages, with the same loader."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from commitments.action_plan.choices import INVITE, ORGANISATION, PERSON, WORDS, LabelChoice, PlanChoices
from commitments.action_plan.columns import faults_of
from commitments.action_plan.headings import find_table
from commitments.action_plan.mapping_file import PlanMapping
from commitments.action_plan.rows import PlanNote, ReadPlan, read_rows
from commitments.action_plan.status_words import folded, proposed_status
from commitments.action_plan.workbook import plan_sheets
from commitments.models import MatchedWord
from commitments.queries.plan_names import organisation_typed, organisations_like, people_like, person_typed
from commitments.services.loading.action_plan import LoadedPlan, load_action_plan
from partners.models import Organisation, User
from vcsportal.common.data_file import Fault, Faulty
from vcsportal.common.spreadsheets import Workbook
from vcsportal.common.spreadsheets.workbook import TEXT_FILE

NO_TABLE = "We could not find a row of headings. The sheet needs a row with headings such as Reference, Action, Lead and Due, with the actions below it."


@dataclass(slots=True)
class LoadedPlanFile:
    """What was loaded, and what is to be known about the cells: warnings and what is not used."""

    done: LoadedPlan
    sheet: str
    warnings: list[PlanNote] = field(default_factory=list)
    not_used: list[PlanNote] = field(default_factory=list)


def load_plan_file(
    *, by: User, at: datetime, workbook: Workbook, mapping: PlanMapping, dry_run: bool = False
) -> LoadedPlanFile:
    """Write the strategy of an action plan in ``by``'s name. Headings and words that the mapping leaves out are guessed.

    :raises Faulty: for a file without a table, a mapping that names nobody, or faults of the plan; nothing is written.
    """
    sheets = plan_sheets(workbook)
    table = find_table(sheets)
    if table is None:
        raise Faulty([Fault(1, workbook.name, "", NO_TABLE)])
    owner = Organisation.objects.filter(slug=mapping.details.owner.slug).first()
    columns = table.columns({**MatchedWord.remembered(owner, "column"), **mapping.columns})
    if wrong := faults_of(columns):
        where = "" if table.sheet.name == TEXT_FILE else table.sheet.name
        raise Faulty(Fault(table.heading_row, where, "", sentence) for sentence in wrong)
    plan = read_rows(table, columns)
    choices = _choices(plan, mapping, owner)
    done = load_action_plan(by=by, at=at, plan=plan, details=mapping.details, choices=choices, dry_run=dry_run)
    others = [
        PlanNote(1, each.name, "", "No other sheet is read.")
        for each in sheets
        if each is not table.sheet and each.rows
    ]
    return LoadedPlanFile(done, table.sheet.name, sorted(plan.warnings), [*sorted(plan.not_used), *others])


def _choices(plan: ReadPlan, mapping: PlanMapping, owner: Organisation | None) -> PlanChoices:
    """Return the choice for each word and name: as the mapping says, as remembered, or the one that is exactly alike."""
    faults: list[Fault] = []
    known = {**MatchedWord.remembered(owner, "status"), **mapping.statuses}
    statuses = {folded(word): known.get(folded(word), proposed_status(word)) for word in plan.status_words}
    leads = {label: _lead(label, mapping, owner, faults) for label in mapping.people}
    partners = {label: _partner(label, mapping, faults) for label in mapping.organisations}
    for label, people in people_like(_left(plan.lead_labels, leads), owner).items():
        if [person.name.casefold() for person in people[:1]] == [label.casefold()]:
            leads[label] = LabelChoice(PERSON, key=people[0].key)
    for label, found in organisations_like(_left(plan.partner_labels, partners)).items():
        if [organisation.name.casefold() for organisation in found[:1]] == [label.casefold()]:
            partners[label] = LabelChoice(ORGANISATION, key=found[0].key)
    if faults:
        raise Faulty(faults)
    return PlanChoices(statuses, leads, partners)


def _left(labels: Iterable[str], chosen: dict[str, LabelChoice]) -> list[str]:
    return [label for label in labels if label not in chosen]


def _lead(label: str, mapping: PlanMapping, owner: Organisation | None, faults: list[Fault]) -> LabelChoice:
    said = mapping.people[label]
    if said == WORDS:
        return LabelChoice(WORDS)
    if (person := person_typed(said, owner)) is not None:
        return LabelChoice(PERSON, key=person.pk)
    if said.startswith(f"{INVITE} ") and "@" in said:
        return LabelChoice(INVITE, email=said.removeprefix(f"{INVITE} ").strip().lower())
    sentence = f"“{label}”: nobody with the email address “{said}” can lead. To invite them, write “invite {said}”."
    faults.append(Fault(mapping.lines[label], "people", "", sentence))
    return LabelChoice()


def _partner(label: str, mapping: PlanMapping, faults: list[Fault]) -> LabelChoice:
    said = mapping.organisations[label]
    if said == WORDS:
        return LabelChoice(WORDS)
    if (organisation := organisation_typed(said)) is not None:
        return LabelChoice(ORGANISATION, key=organisation.pk)
    sentence = f"“{label}”: no organisation has the name, address or number “{said}”. Add it first, or write “words”."
    faults.append(Fault(mapping.lines[label], "organisations", "", sentence))
    return LabelChoice()
