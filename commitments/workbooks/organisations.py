"""The workbook of organisations, for administrators: what each organisation's page says, and new ones."""

import re
from collections.abc import Sequence
from typing import Any, Final

from commitments.workbooks.kind import Changed, SavedRow, Scope, Wanted, WorkbookKind
from partners import roles
from partners.contacts import check_contacts
from partners.identifiers import BY_CODE, normalise
from partners.kinds import GROUP, KINDS
from partners.models import Area, Organisation
from partners.naming import MAXIMUM_ORGANISATION_NAME_CHARACTERS, tidy_name
from partners.permissions import check_permission_anywhere
from partners.services.organisations import edit_organisation, register_organisation
from vcsportal.common.lookalikes import check_link
from vcsportal.common.spreadsheets.columns import SheetColumn, Thing, Use, plain_text
from vcsportal.common.words import Invalid

LABELS: Final = {label: code for code, label in KINDS}
CODES: Final = dict(KINDS)
MAILBOX: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def columns(scope: Scope) -> tuple[SheetColumn, ...]:
    """Return the columns."""
    districts = ", ".join(area.name for area in Area.objects.districts().in_force(scope.today))
    return (
        SheetColumn("key", "Key", "Says which organisation the row is about. Leave it empty to add one.", Use.KEY, width=24),
        SheetColumn("name", "Name", "The full name.", longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS, width=44),
        SheetColumn("kind", "Kind", "What kind of organisation it is.", choices=tuple(LABELS), width=30),
        SheetColumn("description", "Who they are", "Two lines for everyone to read.", longest=600, width=60),
        SheetColumn("website", "Website", "The whole address, such as https://example.org.", longest=300, width=34),
        SheetColumn("team_mailbox", "Email of the team", "Never somebody’s own address.", longest=254, width=34),
        SheetColumn(
            "districts", "Where they work", f"Names with semicolons between. These are known: {districts}.", width=34
        ),
        SheetColumn(
            "identifiers", "Numbers in registers",
            "Each with the register’s code and semicolons between, such as GB-CHC 1234567; GB-COH 01234567.", width=34,
        ),
    )  # fmt: skip


def things(scope: Scope) -> Sequence[Thing]:
    """Return all organisations that take part. Three queries."""
    found = Organisation.objects.taking_part().by_name().prefetch_related("districts", "identifiers")
    return [_thing(organisation) for organisation in found]


def _thing(organisation: Organisation) -> Thing:
    texts = {
        "key": organisation.slug,
        "name": organisation.name,
        "kind": CODES.get(organisation.kind, organisation.kind),
        "description": organisation.description,
        "website": organisation.website,
        "team_mailbox": organisation.team_mailbox,
        "districts": "; ".join(sorted(area.name for area in organisation.districts.all())),
        "identifiers": "; ".join(sorted(f"{i.scheme} {i.value}" for i in organisation.identifiers.all())),
    }
    return Thing(
        organisation.slug, organisation.name, {name: plain_text(text) for name, text in texts.items()},
        source=organisation,
    )  # fmt: skip


def check(scope: Scope, thing: Thing | None, wanted: Wanted, changed: Changed) -> None:
    """Raise ``Refused`` for a row that can't be saved."""
    tidy_name(wanted["name"], longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS)
    if wanted["kind"] not in LABELS or LABELS[wanted["kind"]] == GROUP:
        raise Invalid("Choose what kind of organisation it is.", field="kind")
    if wanted["website"]:
        if not re.match(r"https?://\S+$", wanted["website"]):
            raise Invalid("Enter the whole web address, for example https://example.org.", field="website")
        check_link(wanted["website"])
    if wanted["team_mailbox"] and not MAILBOX.fullmatch(wanted["team_mailbox"]):
        raise Invalid("Write an email address, for example team@example.org.", field="team_mailbox")
    there: Organisation | None = thing.source if thing else None
    check_contacts(
        name=wanted["name"], mailbox=wanted["team_mailbox"], telephone=there.telephone if there else "",
        confirmed=there.contacts_confirmed if there else False,
    )  # fmt: skip
    _districts(wanted)
    _identifiers(wanted)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _districts(wanted: Wanted) -> list[Area]:
    named = _parts(wanted["districts"])
    if not named:
        return []
    known = {area.name.casefold(): area for area in Area.objects.districts()}
    for name in named:
        if name.casefold() not in known:
            raise Invalid(
                f"“{name[:60]}” is no district that the portal knows. Write its name as the sheet of instructions does.",
                field="districts",
            )
    return [known[name.casefold()] for name in named]


def _identifiers(wanted: Wanted) -> list[tuple[str, str]]:
    found = []
    for part in _parts(wanted["identifiers"]):
        scheme = next((code for code in BY_CODE if part.upper().startswith(code)), "")
        if not scheme:
            raise Invalid(
                f"“{part[:60]}” does not begin with a register’s code. Write it like GB-CHC 1234567.",
                field="identifiers",
            )
        found.append((scheme, normalise(scheme, part[len(scheme) :].strip(" -:"))))
    return found


def save(row: SavedRow) -> None:
    """Save one row: a new organisation, or what changes of one that is there."""
    wanted = row.wanted
    values: dict[str, Any] = {name: wanted[name] for name in ("name", "description", "website", "team_mailbox")}
    values["kind"] = LABELS.get(wanted["kind"], "")
    districts, identifiers = _districts(wanted), _identifiers(wanted)
    if row.thing is None:
        register_organisation(
            by=row.scope.person, at=row.at, districts=districts, identifiers=identifiers, file=row.file, **values
        )
        return
    edit_organisation(
        by=row.scope.person, at=row.at, organisation=row.thing.source, changes=values, districts=districts,
        identifiers=identifiers, file=row.file,
    )  # fmt: skip


def alike(scope: Scope, wanted: Wanted, there: Sequence[Thing]) -> Thing | None:
    """Return the organisation that has the same name."""
    name = wanted.get("name", "").casefold()
    return next((thing for thing in there if thing.values["name"].casefold() == name), None) if name else None


ORGANISATIONS: Final = WorkbookKind(
    code="organisations",
    label="Organisations",
    noun=("organisation", "organisations"),
    sheet="Organisations",
    purpose="Correct what the pages of organisations say, and add organisations.",
    steps=(
        "To add an organisation, fill in one of the empty rows at the end. Leave its key empty.",
        "Organisations are never deleted here.",
    ),
    of_strategy=False,
    of_round=False,
    check_may=lambda scope: check_permission_anywhere(
        scope.person, roles.MANAGE_ORGANISATIONS, "Only an administrator can change organisations by spreadsheet."
    ),
    columns=columns,
    things=things,
    check=check,
    save=save,
    alike=alike,
)
