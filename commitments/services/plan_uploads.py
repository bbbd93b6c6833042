"""Keeps an uploaded action plan with the choices made for it, and creates the strategy from it. Only its owner may write to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.urls import reverse

from commitments.action_plan.choices import LabelChoice, PlanChoices
from commitments.action_plan.columns import BY_CODE, PlanColumn, faults_of, folded_heading
from commitments.action_plan.entry import ActionPlanDetails
from commitments.action_plan.grid import as_json, from_json
from commitments.action_plan.headings import PlanTable, find_table
from commitments.action_plan.rows import ReadPlan, read_rows
from commitments.action_plan.status_words import NO_STATUS, folded, proposed_status
from commitments.action_plan.workbook import plan_sheets
from commitments.models import MatchedWord, PlanUpload, Strategy
from commitments.permissions.action_plans import check_can_make_strategy, check_can_upload_plan
from commitments.rules import status
from commitments.services.loading.action_plan import LoadedPlan, load_action_plan
from commitments.strategy_file.strategy import OwnerEntry
from partners.kinds import PUBLIC_BODY
from partners.models import Organisation, User
from partners.services.standing import check_can_be_named
from vcsportal.common.names import free_slug
from vcsportal.common.spreadsheets import Workbook
from vcsportal.common.spreadsheets.workbook import sheet_called
from vcsportal.common.words import AlreadyDone, Invalid, NotAllowed

MAX_PLAN_ROWS: Final = 2_000
MAX_REMEMBERED_CHARACTERS: Final = 120
NO_TABLE: Final = (
    "We could not find a row of headings in “{}”. The sheet needs a row with headings such as Reference, Action, Lead and Due, with the "
    "actions below it. Add one, save the file and choose it again."
)
SAME_TITLE: Final = "{} already has a strategy called “{}”. Give this one another title, such as one with its years."


@dataclass(frozen=True, slots=True)
class StrategyDetails:
    """What is asked about a strategy besides its plan. ``owner`` is the name of the organisation whose strategy it is."""

    title: str
    owner: str
    starts_on: date
    ends_on: date
    plan_day: date
    vision: str = ""
    reports_to: str = ""

    def plain(self) -> dict[str, str]:
        names = ("title", "owner", "starts_on", "ends_on", "plan_day", "vision", "reports_to")
        return {name: str(getattr(self, name)) for name in names}

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> "StrategyDetails":
        days = {name: date.fromisoformat(kept[name]) for name in ("starts_on", "ends_on", "plan_day")}
        return cls(
            title=kept["title"], owner=kept["owner"], vision=kept["vision"], reports_to=kept["reports_to"], **days
        )


def owner_named(name: str) -> Organisation | None:
    """Return the organisation of this name, whatever its capitals; None where the portal has none."""
    same = Organisation.objects.filter(name__iexact=" ".join(name.split())).order_by("id")
    return same.to_name().first() or same.first()


@transaction.atomic
def upload_plan(*, by: User, at: datetime, workbook: Workbook, details: StrategyDetails) -> PlanUpload:
    """Keep an action plan that was read, with what is asked about its strategy. Return the upload.

    :raises NotAllowed: without the right to create a strategy from this owner.
    :raises Invalid: for a term that ends before it begins, a title that the owner has used, or a file without a table.
    """
    check_can_upload_plan(by)
    owner = owner_named(details.owner)
    check_can_make_strategy(by, owner)
    if owner:
        check_can_be_named(owner, "owner")
    if details.ends_on <= details.starts_on:
        raise Invalid("The last day comes before the first.", field="ends_on")
    if owner:
        _check_title(owner, details.title)
    sheets = plan_sheets(workbook)
    table = find_table(sheets)
    if table is None:
        raise Invalid(NO_TABLE.format(workbook.name), field="file")
    if len(table.below()) > MAX_PLAN_ROWS:
        raise Invalid(
            f"{sheet_called(table.sheet.name, workbook.name)} has more than {MAX_PLAN_ROWS:,} rows. Divide it into smaller files.",
            field="file",
        )
    others = [sheet.name for sheet in sheets if sheet is not table.sheet and sheet.rows]
    return PlanUpload.objects.create(
        uploaded_by=by, uploaded_at=at, file_name=workbook.name[:120], sheet=as_json(table.sheet),
        details=details.plain(), other_sheets=others,
    )  # fmt: skip


@dataclass(slots=True)
class OpenPlan:
    """An upload as it is now: its table, columns, rows and choices, made of what is kept."""

    upload: PlanUpload
    details: StrategyDetails
    owner: Organisation | None
    table: PlanTable
    columns: list[PlanColumn]

    def rows(self) -> ReadPlan:
        """Return what the rows say with the columns as they are chosen."""
        return read_rows(self.table, self.columns)

    def statuses(self, words: Sequence[str]) -> dict[str, str]:
        """Return the status of each word: as chosen, as this organisation chose before, or as it is usually meant."""
        before = MatchedWord.remembered(self.owner, "status")
        known = {**before, **self.upload.statuses}
        return {folded(word): known.get(folded(word)) or proposed_status(word) for word in words}

    def choices(self, plan: ReadPlan) -> PlanChoices:
        return PlanChoices(
            statuses=self.statuses(plan.status_words),
            leads={label: LabelChoice(**kept) for label, kept in self.upload.leads.items()},
            partners={label: LabelChoice(**kept) for label, kept in self.upload.partners.items()},
        )

    def plan_details(self) -> ActionPlanDetails:
        """Return the details as the maker of entries takes them, with a free address for the strategy and a new owner."""
        details, owner = self.details, self.owner
        taken = set(Strategy.objects.values_list("slug", flat=True))
        known = set(Organisation.objects.values_list("slug", flat=True)) | {"new", "groups"}
        entry = OwnerEntry(
            slug=owner.slug if owner else free_slug(details.owner, known, fallback="council"),
            name=owner.name if owner else details.owner, kind=owner.kind if owner else PUBLIC_BODY,
            identifiers=(), districts=(), line=1,
        )  # fmt: skip
        return ActionPlanDetails(
            slug=free_slug(details.title.replace("–", "-"), taken, fallback="strategy"), title=details.title, starts_on=details.starts_on,
            ends_on=details.ends_on, owner=entry, plan_day=details.plan_day, file_name=self.upload.file_name,
            vision=details.vision, reports_to=details.reports_to,
        )  # fmt: skip


def open_plan(upload: PlanUpload) -> OpenPlan:
    """Return an upload with its columns as chosen, remembered or guessed.

    :raises AlreadyDone: its strategy is there.
    """
    _check_open(upload)
    details = StrategyDetails.of(upload.details)
    owner = owner_named(details.owner)
    table = find_table([from_json(upload.sheet)])
    if table is None:
        raise Invalid(NO_TABLE.format(upload.file_name), field="file")
    guessed = table.columns(MatchedWord.remembered(owner, "column"))
    chosen = [
        PlanColumn(column.column, column.heading, upload.columns.get(str(column.column), column.meaning))
        for column in guessed
    ]
    return OpenPlan(upload, details, owner, table, chosen)


@transaction.atomic
def choose_columns(*, by: User, at: datetime, upload: PlanUpload, meanings: Mapping[int, str]) -> None:
    """Keep what each column is, by its number, and remember it for the next plan of the same council.

    :raises Invalid: for a choice that leaves out the wording, or takes something twice that a row has once.
    """
    upload = _own(by, upload)
    opened = open_plan(upload)
    columns = [
        PlanColumn(column.column, column.heading, meanings.get(column.column, column.meaning))
        for column in opened.columns
    ]
    if any(column.meaning not in BY_CODE for column in columns):
        raise Invalid("Choose what each column is from the list.", field="")
    if faults := faults_of(columns):
        raise Invalid(faults[0], field="")
    upload.columns = {str(column.column): column.meaning for column in columns}
    upload.save(update_fields=["columns"])


@transaction.atomic
def choose_names(
    *,
    by: User,
    at: datetime,
    upload: PlanUpload,
    statuses: Mapping[str, str],
    leads: Mapping[str, LabelChoice],
    partners: Mapping[str, LabelChoice],
) -> None:
    """Keep what each word of the status column and each name means."""
    upload = _own(by, upload)
    _check_open(upload)
    if not set(statuses.values()) <= {*status.BY_CODE, NO_STATUS}:
        raise Invalid("Choose one of the status words that the portal offers.", field="")
    upload.statuses = {folded(word): code for word, code in statuses.items()}
    upload.leads = {label: choice.plain() for label, choice in leads.items()}
    upload.partners = {label: choice.plain() for label, choice in partners.items()}
    upload.save(update_fields=["statuses", "leads", "partners"])


@transaction.atomic
def create_strategy(*, by: User, at: datetime, upload: PlanUpload) -> LoadedPlan:
    """Make the strategy of an uploaded plan, and remember what its council means by headings and status words.

    :raises Faulty: the plan has faults; nothing is written.
    :raises Invalid: another strategy of the same title has been created for this owner since the plan was uploaded.
    :raises AlreadyDone: it was made before.
    """
    upload = _own(by, upload)
    opened = open_plan(upload)
    if opened.owner is not None:
        owner = Organisation.objects.select_for_update(no_key=True).get(pk=opened.owner.pk)
        _check_title(owner, opened.details.title)
    plan = opened.rows()
    choices = opened.choices(plan)
    done = load_action_plan(by=by, at=at, plan=plan, details=opened.plan_details(), choices=choices)
    strategy = done.loaded.strategy
    upload.strategy, upload.created_at, upload.to_invite = strategy, at, done.to_invite
    upload.sheet, upload.leads, upload.partners = {}, {}, {}
    upload.save(update_fields=["strategy", "created_at", "to_invite", "sheet", "leads", "partners"])
    columns = {folded_heading(column.heading): column.meaning for column in opened.columns}
    remember_words(at=at, owner=strategy.owner, columns=columns, statuses=choices.statuses)
    return done


def remember_words(
    *, at: datetime, owner: Organisation, columns: Mapping[str, str], statuses: Mapping[str, str]
) -> None:
    """Remember what a council means by headings and status words. Part of other services' transactions."""
    rows = [("column", words, meaning) for words, meaning in columns.items()]
    rows += [("status", words, meaning) for words, meaning in statuses.items()]
    MatchedWord.objects.bulk_create(
        [
            MatchedWord(owner=owner, kind=kind, words=words, meaning=meaning, matched_at=at)
            for kind, words, meaning in rows
            if 0 < len(words) <= MAX_REMEMBERED_CHARACTERS
        ],
        update_conflicts=True,
        update_fields=["meaning", "matched_at"],
        unique_fields=["owner", "kind", "words"],
    )


def _check_title(owner: Organisation, title: str) -> None:
    if Strategy.objects.filter(owner=owner, title__iexact=title).exists():
        raise Invalid(SAME_TITLE.format(owner.name, title), field="title")


def _own(by: User, upload: PlanUpload) -> PlanUpload:
    """Return the upload as it is now, held until the transaction ends. Raise unless it is the person's own."""
    held = PlanUpload.objects.select_for_update(of=("self",)).select_related("strategy").get(pk=upload.pk)
    if held.uploaded_by_id != by.pk:
        raise NotAllowed("Only the person who uploaded this plan can work on it.")
    check_can_upload_plan(by)
    return held


def _check_open(upload: PlanUpload) -> None:
    if upload.strategy is not None and upload.created_at is not None:
        raise AlreadyDone(
            "A strategy has already been created from this plan.",
            thing=reverse("commitments:next-steps", args=[upload.strategy.slug]), what="strategy", past="created",
            at=upload.created_at, by=upload.uploaded_by,
        )  # fmt: skip
