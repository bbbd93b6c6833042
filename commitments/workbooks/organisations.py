"""The workbook of organisations, for administrators: what each organisation's page says, and new ones."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final

from commitments.workbooks.kind import Changed, SavedRow, Scope, Wanted, WorkbookKind, day_in
from commitments.workbooks.names import districts
from partners import roles
from partners.contacts import are_confirmed, check_contacts, tidy_telephone
from partners.kinds import GROUP, KINDS
from partners.models import Area, Organisation, Strand
from partners.naming import MAXIMUM_ORGANISATION_NAME_CHARACTERS, tidy_name
from partners.organisation_details import (
    checked_mailbox,
    checked_website,
    former_names_in,
    identifiers_in,
    parts_of,
)
from partners.permissions import check_permission_anywhere
from partners.services.organisations import edit_organisation, register_organisation, seen_of, tidy_former_names
from partners.services.related_rows import read_organisations_ahead
from partners.standings import ENDED, LISTED, STANDING, TAKES_PART
from vcsportal.common.spreadsheets.columns import (
    Reads,
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
from vcsportal.common.spreadsheets.tables import INSTRUCTIONS
from vcsportal.common.spreadsheets.values import text_of
from vcsportal.common.spreadsheets.workbook import SheetCell
from vcsportal.common.words import Invalid

LABELS: Final = {label: code for code, label in KINDS}
CODES: Final = dict(KINDS)
STANDING_LABELS: Final = {STANDING[code].label: code for code in (TAKES_PART, LISTED)}
YES, NO = "Yes", "No"
MAXIMUM_SOURCE_CHARACTERS: Final = 300
SHARED_COLUMN: Final = "Contacts are shared"
SHARED_TOO: Final = (
    f"This looks like one person’s, and everyone can read it. Use one that the organisation shares, or write Yes under "
    f"“{SHARED_COLUMN}”."
)
SHARED_BEFORE: Final = (
    "This looks like one person’s, and everyone can read it. Use one that the organisation shares, or change it on the "
    "organisation’s page and confirm it there: the earlier confirmation was for another one."
)
BETWEEN: Final = "; "


def columns(scope: Scope) -> tuple[SheetColumn, ...]:
    """Return the columns."""
    offered = ", ".join(strand.words for strand in _all_strands(scope).values() if strand.is_in_use(scope.today))
    there = ", ".join(area.name for area in districts(scope).values() if area.is_in_force(scope.today))
    return (
        SheetColumn("key", "Key", "Identifies the organisation in this row. Leave it empty to add one.", Use.KEY, width=24),
        SheetColumn(
            "name", "Name", "The full name.", longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS, reads=read_line, width=44
        ),
        SheetColumn(
            "former_names", "Earlier names", "Names that it had before, one on each line or with semicolons between.",
            longest=3_000, reads=_read_former_names, width=30,
        ),
        SheetColumn("kind", "Kind", "What kind of organisation it is.", choices=tuple(LABELS), width=30),
        SheetColumn("description", "Who they are", "One or two lines. Everyone can read this.", longest=600, width=60),
        SheetColumn("website", "Website", "The whole address, such as https://example.org.", longest=300, width=34),
        SheetColumn("team_mailbox", "Team email address", "Never a person’s own address.", longest=254, width=34),
        SheetColumn(
            "telephone", "Telephone", "A number that the organisation shares, never somebody’s own.", longest=40,
            reads=tidied(tidy_telephone), width=20,
        ),
        SheetColumn(
            "contacts_confirmed", SHARED_COLUMN,
            "Yes if the email address or the number looks like one person’s but belongs to the organisation.",
            choices=(YES, NO), reads=_read_confirmed, width=12,
        ),
        SheetColumn(
            "districts", "Where they work", f"Names with semicolons between. These are known: {there}.",
            reads=_read_districts(scope), width=34,
        ),
        SheetColumn(
            "strands", "Who they serve", f"In particular, with semicolons between. These are known: {offered}.",
            reads=tidied(lambda text: BETWEEN.join(_strand_words(_strands(scope, text)))), width=34,
        ),
        SheetColumn(
            "identifiers", "Numbers in registers",
            "Each with the register’s code and semicolons between, such as GB-CHC 1234567; GB-COH 01234567.",
            reads=tidied(lambda text: _identifier_words(identifiers_in(text))), width=34,
        ),
        SheetColumn(
            "standing", "Does it take part?", "Takes part or Listed, for one that is added. Listed is in the directory only.",
            Use.BEGUN, choices=tuple(STANDING_LABELS), width=14,
        ),
        SheetColumn(
            "source", "Where the details are from", "For example: the organisation’s website.",
            longest=MAXIMUM_SOURCE_CHARACTERS, width=30,
        ),
        SheetColumn(
            "checked_on", "Checked on", "The day on which somebody last checked these details.", reads=read_day,
            writes=write_day, width=14,
        ),
    )  # fmt: skip


def _read_former_names(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    known = thing.source.former_name_list if thing else ()
    return tidied(lambda text: tidy_former_names("\n".join(former_names_in(text, known)), ""))(cell, thing, today)


def _read_districts(scope: Scope) -> Reads:
    def read(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
        return tidied(lambda text: BETWEEN.join(area.name for area in _districts(scope, text, thing)))(
            cell, thing, today
        )

    return read


def _read_confirmed(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    return text_of(cell) or (NO if thing else "")


def things(scope: Scope) -> Sequence[Thing]:
    """Return all organisations that take part or are listed. Four queries."""
    there = Organisation.objects.bodies().public().exclude(standing=ENDED)
    found = there.by_name().prefetch_related("districts", "identifiers", "strands")
    return [_thing(organisation) for organisation in found]


def _thing(organisation: Organisation) -> Thing:
    texts = {
        "key": organisation.slug,
        "name": organisation.name,
        "former_names": organisation.former_names,
        "kind": CODES.get(organisation.kind, organisation.kind),
        "description": organisation.description,
        "website": organisation.website,
        "team_mailbox": organisation.team_mailbox,
        "telephone": organisation.telephone,
        "contacts_confirmed": YES if organisation.contacts_confirmed else NO,
        "districts": BETWEEN.join(sorted(area.name for area in organisation.districts.all())),
        "strands": BETWEEN.join(_strand_words(organisation.strands.all())),
        "identifiers": _identifier_words([(i.scheme, i.value) for i in organisation.identifiers.all()]),
        "standing": organisation.standing_of.label,
        "source": organisation.source,
        "checked_on": organisation.checked_on,
    }
    return Thing(
        organisation.slug, organisation.name, {name: plain_text(text) for name, text in texts.items()},
        source=organisation,
    )  # fmt: skip


def check(scope: Scope, thing: Thing | None, wanted: Wanted, changed: Changed) -> None:
    """Raise ``Refused`` for a row that can't be saved."""
    if thing is None and (sentence := _names_in_use(scope).get(wanted["name"].casefold())):
        raise Invalid(f"{sentence} If this is another organisation, add it on the page of organisations.", field="name")
    tidy_name(wanted["name"], longest=MAXIMUM_ORGANISATION_NAME_CHARACTERS)
    if wanted["kind"] not in LABELS or LABELS[wanted["kind"]] == GROUP:
        raise Invalid("Choose what kind of organisation it is.", field="kind")
    if "website" in changed:
        checked_website(wanted["website"])
    if "team_mailbox" in changed:
        checked_mailbox(wanted["team_mailbox"])
    telephone = tidy_telephone(wanted["telephone"])
    try:
        check_contacts(
            name=wanted["name"], mailbox=wanted["team_mailbox"], telephone=telephone,
            confirmed=are_confirmed(
                thing.source if thing else None, mailbox=wanted["team_mailbox"], telephone=telephone,
                ticked=wanted["contacts_confirmed"] == YES and (thing is None or "contacts_confirmed" in changed),
            ) and wanted["contacts_confirmed"] == YES,
        )  # fmt: skip
    except Invalid as refused:  # the sentence of the form speaks of a tick below
        sentence = SHARED_BEFORE if wanted["contacts_confirmed"] == YES else SHARED_TOO
        raise Invalid(sentence, field=refused.field) from refused
    tidy_former_names(wanted["former_names"], "")
    _districts(scope, wanted["districts"], thing)
    for strand in _strands(scope, wanted["strands"]):
        if "strands" in changed and not strand.is_in_use(scope.today):
            raise Invalid(f"“{strand.words}” is not offered any more. Leave it out.", field="strands")
    identifiers_in(wanted["identifiers"])
    checked = wanted["checked_on"]
    if checked and date.fromisoformat(checked) > scope.today:
        raise Invalid("This day is in the future. Enter today or an earlier date.", field="checked_on")


def _names_in_use(scope: Scope) -> dict[str, str]:
    """Return the names of organisations that are not in this workbook, and earlier names, each with a sentence on whose it is."""

    def ask() -> dict[str, str]:
        found: dict[str, str] = {}
        for organisation in Organisation.objects.order_by("id"):
            name, key = organisation.name, organisation.slug
            for former in organisation.former_name_list:
                found.setdefault(former.casefold(), f"This is an earlier name of {name}, whose key is {key}.")
            if organisation.is_removed:
                found[name.casefold()] = f"{name} was removed from the directory."
            elif organisation.kind == GROUP:
                found[name.casefold()] = f"{name} is a group in the portal."
            elif organisation.has_ended:
                found[name.casefold()] = f"{name} is in the portal, and has ended. Change that on its page."
        return found

    return scope.once("names in use", ask)


def _districts(scope: Scope, text: str, thing: Thing | None) -> list[Area]:
    """Return the districts that a cell names. Of several of one name, the organisation keeps those that it has."""
    own: dict[str, list[Area]] = {}
    for area in thing.source.districts.all() if thing else ():
        own.setdefault(area.name.casefold(), []).append(area)
    known, found = districts(scope), set[Area]()
    for name in parts_of(text):
        if (folded := name.casefold()) in own:
            found |= set(own[folded])
        elif folded in known:
            found.add(known[folded])
        else:
            raise Invalid(
                f"“{name[:60]}” is not a district in the portal. Write its name as the sheet “{INSTRUCTIONS}” does.",
                field="districts",
            )
    return sorted(found, key=lambda area: (area.name, area.pk))


def _all_strands(scope: Scope) -> dict[str, Strand]:
    return scope.once("strands", lambda: {strand.words.casefold(): strand for strand in Strand.objects.in_order()})


def _strands(scope: Scope, text: str) -> list[Strand]:
    known = _all_strands(scope)
    for name in parts_of(text):
        if name.casefold() not in known:
            raise Invalid(
                f"“{name[:60]}” is not one of those that the portal knows. Write it as the sheet “{INSTRUCTIONS}” does.",
                field="strands",
            )
    return [known[name.casefold()] for name in parts_of(text)]


def _strand_words(strands: Iterable[Strand]) -> list[str]:
    return list(dict.fromkeys(strand.words for strand in sorted(strands, key=lambda each: (each.number, each.pk))))


def _identifier_words(identifiers: Iterable[tuple[str, str]]) -> str:
    return BETWEEN.join(sorted(f"{scheme} {value}" for scheme, value in identifiers))


def save(row: SavedRow) -> None:
    """Save one row: a new organisation, or what changes of one that is there."""
    wanted, scope = row.wanted, row.scope
    values: dict[str, Any] = {
        name: wanted[name]
        for name in ("name", "former_names", "description", "website", "team_mailbox", "telephone", "source")
    }
    values["kind"] = LABELS.get(wanted["kind"], "")
    values["contacts_confirmed"] = wanted["contacts_confirmed"] == YES
    values["checked_on"] = day_in(wanted, "checked_on")
    related: dict[str, Callable[[], Any]] = {
        "districts": lambda: _districts(scope, wanted["districts"], row.thing),
        "strands": lambda: _strands(scope, wanted["strands"]),
        "identifiers": lambda: identifiers_in(wanted["identifiers"]),
    }
    if row.thing is None:
        values["standing"] = STANDING_LABELS.get(wanted["standing"], TAKES_PART)
        register_organisation(
            by=scope.person, at=row.at, file=row.file, **values, **{name: read() for name, read in related.items()}
        )
        return
    organisation = row.thing.source
    edit_organisation(
        by=scope.person, at=row.at, organisation=organisation, was=seen_of(organisation, row.changed), file=row.file,
        changes={name: value for name, value in values.items() if name in row.changed},
        **{name: read() for name, read in related.items() if name in row.changed},
    )  # fmt: skip


def identity(scope: Scope, wanted: Wanted) -> str | None:
    """Organisations differ by their names."""
    return wanted.get("name", "").casefold() or None


def read_ahead(scope: Scope, rows: Sequence[ComparedRow]) -> None:
    """Lock and read the organisations, and whose the numbers are that they are given."""
    numbers = [number for row in rows if row.wanted is not None for number in identifiers_in(row.wanted["identifiers"])]
    read_organisations_ahead([row.thing.source.pk for row in rows if row.thing is not None], numbers)


ORGANISATIONS: Final = WorkbookKind(
    code="organisations",
    label="Organisations",
    noun=("organisation", "organisations"),
    sheet="Organisations",
    purpose="Correct what the pages of organisations say, and add organisations.",
    steps=(
        "To add an organisation, fill in one of the empty rows at the end. Leave its key empty.",
        "Organisations are never deleted here. Whether one that is there takes part, or has ended, is changed on its page.",
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
    read_ahead=read_ahead,
    identity=identity,
)
