"""The spreadsheet of evidence: what a partner’s own system or table knows is logged without typing it twice.

Every row adds an item. One that was logged before is recognised by its organisation’s own reference, or by its title, days and
districts, and adds nothing. So the same file can be uploaded again every week.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Final

from django.db.models import Q

from commitments.content.evidence import EvidenceContent
from commitments.models import Evidence
from commitments.permissions.evidence import check_may_log_evidence
from commitments.rules.evidence_figures import FIGURE_CODES, figures_in, figures_of
from commitments.services.evidence import check_content, log_evidence, reference_key, submit_evidence
from commitments.workbooks.evidence_columns import (
    YES,
    columns,
    language_named,
    organisation_of,
    own_organisations,
    whole_address,
)
from commitments.workbooks.kind import Changed, SavedRow, Scope, Wanted, WorkbookKind, day_in
from commitments.workbooks.names import commitments_named, districts_named
from partners.services.standing import check_can_be_named
from vcsportal.common.dates import in_words
from vcsportal.common.lookalikes import check_link
from vcsportal.common.saving_together import hold_known
from vcsportal.common.spreadsheets.columns import Thing, plain_text
from vcsportal.common.spreadsheets.comparison import ComparedRow
from vcsportal.common.spreadsheets.json_rows import BETWEEN
from vcsportal.common.words import Invalid, NotAllowed

MAX_ROWS: Final = 1_000
"""Items of evidence of one file: more could not be looked through before they are sent."""


def check_may(scope: Scope) -> None:
    """Whoever logs evidence for an organisation of their own."""
    check_may_log_evidence(scope.person)
    if not own_organisations(scope):
        raise NotAllowed("You don’t belong to an organisation here yet. Ask its lead, or the council, to invite you.")


def _content(scope: Scope, wanted: Wanted) -> EvidenceContent:
    """Return what a row says. Raise :class:`Invalid` for what is not in the portal."""
    if not wanted["happened_from"]:
        raise Invalid("Say when it was. An approximate date is fine.", field="happened_from")
    commitments = tuple(commitments_named(scope, wanted["commitments"]))
    link = whole_address(wanted["link"])
    if link:
        check_link(link, field="link")
    return EvidenceContent(
        title=wanted["title"],
        happened_from=date.fromisoformat(wanted["happened_from"]),
        happened_to=day_in(wanted, "happened_to"),
        story=wanted["story"],
        commitments=commitments,
        council_chooses_in=scope.of if wanted["council_chooses"] == YES and not commitments else None,
        districts=tuple(districts_named(scope, wanted["districts"])),
        publishable=wanted["publishable"] == YES,
        links=((link, ""),) if link else (),
        language=language_named(wanted["language"]),
        **figures_in({code: int(wanted[code]) for code in FIGURE_CODES if wanted[code]}),
    )


def check(scope: Scope, thing: Thing | None, wanted: Wanted, changed: Changed) -> None:
    """Raise ``Refused`` for a row that can't be saved."""
    organisation = organisation_of(scope, wanted["organisation"])
    check_can_be_named(organisation, "organisation")
    content = _content(scope, wanted)
    check_content(content, today=scope.today)
    if wanted["send"] == YES and not content.commitments and content.council_chooses_in is None:
        nouns = scope.of.nouns
        sentence = f"Before it is sent it needs {nouns.a_commitment}, or Yes under “The council chooses”."
        raise Invalid(sentence, field="commitments" if "commitments" in changed else "send")


def save(row: SavedRow) -> None:
    """Log one item, and send it if the row says so."""
    scope, wanted = row.scope, row.wanted
    made = log_evidence(
        by=scope.person, at=row.at, organisation=organisation_of(scope, wanted["organisation"]),
        content=_content(scope, wanted), reference=wanted["reference"], file=row.file,
    )  # fmt: skip
    if wanted["send"] == YES:
        submit_evidence(by=scope.person, at=row.at, evidence=made)


def _words(organisation: str, values: Mapping[str, str]) -> Hashable:
    """Return what tells an item from others where nobody gave it a reference."""
    return organisation, *(values.get(name, "") for name in ("title", "happened_from", "happened_to", "districts"))


def identity(scope: Scope, wanted: Wanted) -> Hashable | None:
    """Items differ by their references; those without one by their words, days and districts."""
    try:
        organisation = organisation_of(scope, wanted.get("organisation", "")).name
    except Invalid:
        return None  # the check of the row says why
    reference = wanted.get("reference", "")
    return (organisation, reference) if reference else _words(organisation, wanted)


def twins(scope: Scope, rows: Sequence[Wanted]) -> dict[Hashable, Thing]:
    """Return the items that rows may be about, by their identities: those of the same reference or title. Three queries."""
    references = {row["reference"] for row in rows if row.get("reference")}
    titles = {row["title"] for row in rows if row.get("title")}
    there = (
        Evidence.objects.filter(organisation__in=own_organisations(scope))
        .filter(Q(reference__in=references) | Q(title__in=titles))
        .select_related("organisation")
        .prefetch_related("commitments__priority", "districts", "links")
        .order_by("-id")
    )
    found: dict[Hashable, Thing] = {}
    for item in there:
        thing = _thing(item)
        found[_words(item.organisation.name, thing.values)] = thing
        if item.reference:
            found[item.organisation.name, item.reference] = thing
    return found


def _thing(item: Evidence) -> Thing:
    commitments = sorted(item.commitments.all(), key=lambda each: (each.priority.number, each.number, each.pk))
    link = next(iter(sorted(item.links.all(), key=lambda each: each.pk)), None)
    values = {
        "reference": item.reference,
        "organisation": item.organisation.name,
        "title": item.title,
        "happened_from": item.happened_from,
        "happened_to": item.happened_to,
        "commitments": BETWEEN.join(each.reference for each in commitments),
        "council_chooses": YES if item.council_chooses_in_id else "",
        "districts": BETWEEN.join(sorted(area.name for area in item.districts.all())),
        "story": item.story,
        "language": item.language,
        **figures_of(item),
        "link": link.url if link else "",
        "publishable": YES if item.publishable else "",
        "send": YES if item.submitted_at else "",
    }
    return Thing(str(item.pk), item.title, {name: plain_text(value) for name, value in values.items()}, source=item)


def check_twin(thing: Thing, wanted: Wanted) -> None:
    """Raise :class:`Invalid` for a row that must be about something else than what it is recognised as."""
    item: Evidence = thing.source
    differs = {name for name, text in wanted.items() if text and text != thing.values[name]}
    if wanted.get("reference"):
        if {"title", "happened_from"} <= differs:
            when = in_words(item.happened_from)
            raise Invalid(f"This is the reference of “{item.title}”, {when}. Give the row another.", field="reference")
    elif differs - {"send"}:
        sentence = "There is evidence with this title, date and place already. If this is something else, give the row a reference."
        raise Invalid(sentence, field="title")


def read_ahead(scope: Scope, rows: Sequence[ComparedRow]) -> None:
    """Read which references have been used. A rule of the database keeps that true."""
    wanted = [row.wanted for row in rows if row.wanted is not None]
    keys = {organisation_of(scope, row["organisation"]).pk: dict[str, int]() for row in wanted}
    used = Evidence.objects.filter(organisation__in=keys, reference__in={row["reference"] for row in wanted} - {""})
    for organisation, reference, pk in used.values_list("organisation", "reference", "pk"):
        keys[organisation][reference] = pk
    hold_known(
        {
            reference_key(organisation, row["reference"]): found.get(row["reference"])
            for organisation, found in keys.items()
            for row in wanted
        }
    )


EVIDENCE: Final = WorkbookKind(
    code="evidence",
    label="Evidence",
    noun=("item of evidence", "items of evidence"),
    sheet="Evidence",
    purpose="Log many items at once, from your own system or a table of your own. A CSV or JSON file with the same headings will do.",
    steps=(
        "Write one item in each row. A title and a date are enough for a draft.",
        "Give each row a reference of your own. Then you can upload the same file again: what was logged before is not logged twice.",
        "Items are saved as drafts unless you choose Yes under “Send it”. The council reviews what is sent.",
    ),
    of_strategy=True,
    of_round=False,
    check_may=check_may,
    columns=columns,
    things=lambda scope: (),
    check=check,
    save=save,
    read_ahead=read_ahead,
    identity=identity,
    twins=twins,
    check_twin=check_twin,
    most_rows=MAX_ROWS,
)
