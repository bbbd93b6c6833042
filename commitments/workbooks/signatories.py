"""The workbook of a charter’s register: who has signed it, what they pledge, and signatures that were given elsewhere."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from commitments.models import Commitment, DeliveryPartner, Signatory
from commitments.permissions.charters import check_can_be_signed, check_can_end_signature, check_can_record_signature
from commitments.permissions.progress import check_can_manage_commitments
from commitments.rules.charters import (
    MAX_PLEDGE_CHARACTERS,
    MAX_POST_CHARACTERS,
    MAX_REASON_CHARACTERS,
    RECORDED_HOW,
    TOLD_HOW,
)
from commitments.services.charters import check_end, check_signature_days, checked_post, end_signature, record_signature
from commitments.services.locks import lock_strategy, locked_commitments
from commitments.services.pledges import part_key, set_pledge
from commitments.services.round_participants import ask_new_organisations
from commitments.services.signatures import read_signatures_ahead
from commitments.workbooks.kind import Changed, SavedRow, Scope, Wanted, WorkbookKind, day_in
from commitments.workbooks.names import name_as_written, organisation_called
from partners.models import Organisation, RoleGrant
from vcsportal.common.saving_together import hold_known
from vcsportal.common.spreadsheets.columns import (
    SheetColumn,
    Thing,
    Use,
    plain_text,
    read_day,
    read_line,
    tidied,
    write_day,
)
from vcsportal.common.spreadsheets.comparison import ComparedRow
from vcsportal.common.words import Invalid

HOW: Final = {label: code for code, label in RECORDED_HOW}
PLEDGE: Final = "pledge "
"""What the name of a column of pledges begins with; the key of what is pledged follows."""
MAX_PLEDGE_COLUMNS: Final = 20


def columns(scope: Scope) -> tuple[SheetColumn, ...]:
    """Return the columns: a signature, then what is pledged for each part of the charter, then its end."""
    noun = scope.of.nouns.commitment
    return (
        SheetColumn("key", "Key", "Identifies the signature in this row. Leave it empty to add one.", Use.KEY, width=24),
        SheetColumn(
            "organisation", "Organisation", "Who signed, by its name in the portal.", Use.BEGUN, longest=200,
            reads=tidied(lambda text: name_as_written(scope, text)), width=40,
        ),
        SheetColumn(
            "signed_on", "Signed on", "The day on which it signed, such as 31 March 2026.", Use.BEGUN, reads=read_day,
            writes=write_day, width=14,
        ),
        SheetColumn(
            "signed_as", "Signed as", "The post, such as Chair or Volunteer. Everyone can read it, so don’t give a name.",
            Use.BEGUN, longest=MAX_POST_CHARACTERS, reads=read_line, width=24,
        ),
        SheetColumn("told_how", "How it told you", "For one that is added.", Use.BEGUN, choices=tuple(HOW), width=16),
        *(
            SheetColumn(
                PLEDGE + each.key, f"Pledge for {each.reference}",
                f"What it will do for {noun} {each.reference}, “{each.short_title}”. Everyone can read it.",
                longest=MAX_PLEDGE_CHARACTERS, width=40,
            )
            for each in _parts(scope)
        ),
        SheetColumn(
            "ended_on", "Ended on", "The first day on which it no longer stands by the charter.", reads=read_day,
            writes=write_day, width=14,
        ),
        SheetColumn("why", "Why", "Needed if a signature ends. Everyone can read it.", Use.REASON, longest=MAX_REASON_CHARACTERS, width=40),
    )  # fmt: skip


def _parts(scope: Scope) -> list[Commitment]:
    found = Commitment.objects.filter(strategy=scope.of).exclude(status="closed").in_order()
    return scope.once("parts", lambda: list(found.select_related("strategy")[:MAX_PLEDGE_COLUMNS]))


def check_may(scope: Scope) -> None:
    """Whoever answers for a charter."""
    check_can_be_signed(scope.of)
    check_can_manage_commitments(scope.person, scope.of)


def things(scope: Scope) -> Sequence[Thing]:
    """Return the signatures that have not ended. Three queries."""
    found = Signatory.objects.current().filter(strategy=scope.of).select_related("organisation").by_name()
    pledges: dict[int, dict[str, str]] = {}
    parts = DeliveryPartner.objects.current().filter(commitment__in=_parts(scope)).exclude(pledge="").order_by("id")
    for key, organisation, words in parts.values_list("commitment__key", "organisation", "pledge"):
        pledges.setdefault(organisation, {})[PLEDGE + key] = words
    return [_thing(scope, signatory, pledges.get(signatory.organisation_id, {})) for signatory in found]


def _thing(scope: Scope, signatory: Signatory, pledges: dict[str, str]) -> Thing:
    signatory.strategy = scope.of  # known already
    organisation = signatory.organisation
    values: dict[str, Any] = {
        "key": organisation.slug, "organisation": organisation.name, "signed_on": signatory.signed_on,
        "signed_as": signatory.signed_as, "told_how": dict(TOLD_HOW).get(signatory.told_how, ""),
        **{PLEDGE + each.key: pledges.get(PLEDGE + each.key, "") for each in _parts(scope)}, "ended_on": None,
    }  # fmt: skip
    texts = {name: plain_text(value) for name, value in values.items()}
    return Thing(organisation.slug, organisation.name, texts, source=signatory)


def check(scope: Scope, thing: Thing | None, wanted: Wanted, changed: Changed) -> None:
    """Raise ``Refused`` for a row that can't be saved."""
    signatory: Signatory | None = thing.source if thing else None
    if signatory is None:
        organisation, signed_on = (
            organisation_called(scope, wanted["organisation"], "organisation"),
            day_in(wanted, "signed_on"),
        )
        check_can_record_signature(scope.person, scope.of, organisation)
        if signed_on is None:
            raise Invalid("Enter the day on which it signed.", field="signed_on")
        if signed_on > scope.today:
            raise Invalid("This day is in the future. Record the signature once it has signed.", field="signed_on")
        if wanted["told_how"] not in HOW:
            raise Invalid("Choose how the organisation told you.", field="told_how")
        checked_post(wanted["signed_as"], [scope.person.name, *_people_of(scope, organisation)])
        _check_days(scope, organisation, signed_on)
        if wanted["ended_on"]:
            raise Invalid("Add the signature first. Its end is a change of its own.", field="ended_on")
        return
    check_can_end_signature(scope.person, signatory)
    if (ended_on := day_in(wanted, "ended_on")) is None:
        return
    check_end(scope.person, signatory, ended_on, wanted["why"], scope.today)


def _check_days(scope: Scope, organisation: Organisation, signed_on: date) -> None:
    """Ask of earlier signatures only where there is one: most organisations sign once."""
    before = Signatory.objects.lasting().filter(strategy=scope.of, ended_on__isnull=False)
    if organisation.pk in scope.once("signed before", lambda: set(before.values_list("organisation", flat=True))):
        check_signature_days(scope.of, organisation, signed_on)


def _people_of(scope: Scope, organisation: Organisation) -> list[str]:
    """Return the names of an organisation's people, which are read once for a whole workbook."""
    grants = RoleGrant.objects.exclude(person__name="").order_by("id").values_list("organisation", "person__name")

    def read() -> dict[int | None, list[str]]:
        found: dict[int | None, list[str]] = {}
        for key, name in grants:
            found.setdefault(key, []).append(name)
        return found

    return scope.once("people", read).get(organisation.pk, [])


@transaction.atomic
def save(row: SavedRow) -> None:
    """Save one row: a signature with its pledges, what changes of the pledges of one that is there, or its end."""
    by, at, wanted, scope = row.scope.person, row.at, row.wanted, row.scope
    signatory: Signatory
    if row.thing is None:
        signed_on = day_in(wanted, "signed_on")
        if signed_on is None:
            raise Invalid("Enter the day on which it signed.", field="signed_on")
        signatory = record_signature(
            by=by, at=at, strategy=scope.of, organisation=organisation_called(scope, wanted["organisation"], "organisation"), signed_on=signed_on,
            told_how=HOW.get(wanted["told_how"], ""), signed_as=wanted["signed_as"], file=row.file, ask=False,
        )  # fmt: skip
    else:
        signatory = row.thing.source
    for each in _parts(scope):
        if (name := PLEDGE + each.key) in row.changed:
            was = row.thing.values[name] if row.thing else None
            set_pledge(
                by=by, at=at, signatory=signatory, commitment=each, words=wanted[name], was=was, file=row.file, ask=False,
            )  # fmt: skip
    if row.thing is not None and "ended_on" in row.changed and (ended_on := day_in(wanted, "ended_on")):
        end_signature(by=by, at=at, signatory=signatory, why=wanted["why"], ended_on=ended_on, file=row.file, ask=False)


def ask(scope: Scope, at: datetime) -> None:
    """Ask in an open round whoever has joined it by these rows, once for all of them."""
    ask_new_organisations(by=scope.person, at=at, strategy_id=scope.of.pk)


def identity(scope: Scope, wanted: Wanted) -> str | None:
    """An organisation signs once, as long as its signature has not ended."""
    return wanted.get("organisation", "").casefold() or None


def read_ahead(scope: Scope, rows: Sequence[ComparedRow]) -> None:
    """Lock and read the charter, its principles, the signatures of the organisations and their pledges."""
    organisations = {_organisation(scope, row).pk for row in rows if row.wanted is not None}
    lock_strategy(scope.of.pk)
    held = locked_commitments().filter(pk__in=[each.pk for each in _parts(scope)]).order_by("pk")
    hold_known({(Commitment, each.pk): each for each in held})
    read_signatures_ahead(scope.of.pk, organisations)
    current = DeliveryPartner.objects.current().filter(commitment__in=_parts(scope), organisation__in=organisations)
    parts = current.select_related("organisation").order_by("-pk")
    there = {part_key(part.commitment_id, part.organisation_id): part for part in parts}
    places = [part_key(each.pk, organisation) for each in _parts(scope) for organisation in organisations]
    hold_known({place: there.get(place) for place in places})


def _organisation(scope: Scope, row: ComparedRow) -> Organisation:
    if row.thing is not None:
        signatory: Signatory = row.thing.source
        return signatory.organisation
    return organisation_called(scope, row.wanted["organisation"] if row.wanted else "", "organisation")


SIGNATORIES: Final = WorkbookKind(
    code="signatories",
    label="Signatories",
    noun=("signature", "signatures"),
    sheet="Signatories",
    purpose="Add signatures that were given at meetings, in letters or by telephone, and what organisations pledge.",
    steps=(
        "To add a signature, fill in one of the empty rows at the end. Leave its key empty.",
        "You can’t change what a signature says. To say that one has ended, fill in “Ended on” and “Why”.",
    ),
    of_strategy=True,
    of_round=False,
    check_may=check_may,
    columns=columns,
    things=things,
    check=check,
    save=save,
    read_ahead=read_ahead,
    identity=identity,
    after=ask,
)
