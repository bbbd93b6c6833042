"""What is needed to join the tables, and one year's with the next: numbers and names that stay, and changes as columns."""

from dataclasses import replace
from datetime import date

import pytest

from commitments.models import Action
from partners.models import Organisation, OrganisationIdentifier
from reporting import exports, facts
from tests.reporting.exports.test_exports import assembled, column, told
from tests.reporting.read_back import read
from tests.reporting.year import Year

NEW = {"organisation_slug", "slug", "identifiers", "id"}
"""Facts that editions made before do not hold; items of evidence have always had their ``id``."""


def tables(report: facts.Report, name: str = "json"):
    return read(name, exports.WRITERS[name](report))


@pytest.fixture
def known(voiced: Year) -> facts.Report:
    """A year with an organisation that is in registers, and an action."""
    organisation = voiced.organisations[0]
    for scheme, value in (("GB-COH", "01234567"), ("GB-CHC", "1234567")):
        OrganisationIdentifier.objects.create(organisation=organisation, scheme=scheme, value=value)
    Action.objects.create(
        commitment=voiced.strategy.commitments.get(reference="1.2"), title="Find a hall", due_on=date(2099, 1, 1)
    )
    return assembled(voiced)


@pytest.mark.django_db
def test_organisations_are_known_by_a_name_that_stays_and_their_numbers_in_registers(known, voiced):
    found = tables(known)
    organisations = found["organisations"]
    slugs = dict(Organisation.objects.values_list("name", "slug"))
    for table in ("organisations", "evidence", "sector_views"):
        name, slug = (
            column(found[table], "organisation"),
            column(found[table], "slug" if table == "organisations" else "organisation_slug"),
        )
        assert slug == [slugs[each] for each in name] != [], table
    numbers = dict(zip(column(organisations, "organisation"), column(organisations, "identifiers"), strict=True))
    assert numbers.pop(voiced.organisations[0].name) == "GB-CHC-1234567; GB-COH-01234567"
    assert numbers
    assert set(numbers.values()) == {None}, "no number is nobody else's"


@pytest.mark.django_db
def test_actions_and_commitments_have_keys_that_stay(known):
    found = tables(known)
    action = Action.objects.get()
    assert column(found["actions"], "id") == [action.pk]
    assert column(found["actions"], "commitment_key") == [action.commitment.key]
    keys = dict(zip(column(found["commitments"], "commitment"), column(found["commitments"], "key"), strict=True))
    for table in ("actions", "years", "sector_views", "evidence_commitments"):
        rows = found[table]
        assert column(rows, "commitment_key") == [keys[each] for each in column(rows, "commitment")] != [], table


def shared(report: facts.Report) -> facts.Report:
    """The small report, whose item is for both commitments."""
    [item] = report.evidence
    [late] = report.late
    return replace(report, evidence=(replace(item, references=("1.10", "1.2")),), late=(late,))


@pytest.mark.parametrize("name", list(exports.WRITERS))
def test_each_item_has_a_row_for_each_commitment_that_it_is_for(name):
    rows = tables(shared(told("Words")), name)["evidence_commitments"]
    assert column(rows, "evidence") == [1, 1, 2]
    assert column(rows, "evidence_id") == [7, 7, 8]
    assert column(rows, "commitment") == ["1.10", "1.2", "1.10"]
    assert column(rows, "came_in_late") == ["no", "no", "yes"]


def test_links_and_photographs_name_the_item_by_its_number_in_the_portal():
    found = tables(told("Words"))
    assert column(found["links"], "evidence_id") == [7]
    assert column(found["photographs"], "evidence_id") == [7]


CHANGES = facts.ChangesFacts(
    date(2024, 3, 31), date(2025, 3, 31), against="2023-24", commitments=2, as_at=date(2025, 6, 12), silent=("1.2",),
    added=(facts.AddedFacts("1.3", "A third hall", date(2024, 5, 2)),),
    responded=(facts.RespondedFacts("1.4", "A fourth hall", "The council", "yes", date(2024, 5, 3)),),
    moved=(
        facts.MovedFacts("1.1", "Open a hall", "on_track", "delayed", "The roof leaks.", date(2025, 5, 4)),
        facts.MovedFacts("1.2", "A second hall", "", "on_track", "", None),
    ),
    slipped=(
        facts.SlippedFacts("1.1", "Mend it", date(2024, 6, 1), date(2024, 7, 2)),
        facts.SlippedFacts("1.1", "Paint it", date(2024, 6, 1), None, done_since=date(2025, 4, 3)),
        facts.SlippedFacts("1.1", "Heat it", date(2024, 6, 1), None, dropped_since=date(2025, 4, 4)),
    ),
    overdue=(facts.SlippedFacts("1.1", "Clean it", date(2023, 6, 1), None),),
    done=(facts.DoneFacts("1.1", "Mend it", date(2024, 6, 1), date(2024, 7, 2)), facts.DoneFacts("1.1", "Air it", None, date(2024, 7, 3))),
    amended=(facts.AmendedFacts("1.1", "Open a hall", "Open two halls", date(2024, 8, 5)),),
    renumbered=(facts.RenumberedFacts("1.1", "Open a hall", "1.7", date(2024, 8, 6)),),
    measured=(facts.MeasuredFacts("1.1", "Open a hall", "Two halls", "The group", date(2024, 8, 7)),),
    seats=(facts.SeatChangeFacts("The group", "Chair", True, date(2024, 9, 8)), facts.SeatChangeFacts("The group", "Clerk", False, date(2024, 9, 9))),
    groups=(facts.GroupChangeFacts("The circle", "rested", date(2024, 10, 1), "No chair"), facts.GroupChangeFacts("The ring", "ended", date(2024, 10, 2))),
    answered=(facts.AnsweredFacts("said", date(2024, 11, 1), "no", date(2024, 11, 2)),),
    decided=(facts.DecidedFacts("The meeting", date(2024, 12, 1)),),
    carried_out=(facts.DecidedFacts("The meeting", date(2024, 12, 1), date(2024, 12, 2)),),
    risks=(facts.RiskRoseFacts(1, "Rain", "", "impact", "low", "high", date(2025, 1, 2)),),
)  # fmt: skip


def test_a_change_has_what_was_what_is_the_day_and_the_reason_as_columns():
    rows = tables(replace(told("Words"), changes=CHANGES))["changes"]
    head = rows[0]
    wanted = [head.index(name) for name in ("kind_code", "commitment", "subject", "was", "now", "day", "reason")]
    assert [[row[place] for place in wanted] for row in rows[1:] if row[head.index("is_summary")] == "no"] == [
        ["added", "1.3", "A third hall", None, "A third hall", date(2024, 5, 2), None],
        ["responded", "1.4", "A fourth hall", None, "Accepted", date(2024, 5, 3), None],
        ["moved", "1.1", "Open a hall", "On track", "Delayed", date(2025, 5, 4), "The roof leaks."],
        ["first", "1.2", "A second hall", None, "On track", None, None],
        ["slipped", "1.1", "Mend it", "Due 1 June 2024", "Done", date(2024, 7, 2), None],
        ["slipped", "1.1", "Paint it", "Due 1 June 2024", "Done", date(2025, 4, 3), None],
        ["slipped", "1.1", "Heat it", "Due 1 June 2024", "Dropped", date(2025, 4, 4), None],
        ["overdue", "1.1", "Clean it", "Due 1 June 2023", "Not done", None, None],
        ["done", "1.1", "Mend it", "Due 1 June 2024", "Done", date(2024, 7, 2), None],
        ["done", "1.1", "Air it", None, "Done", date(2024, 7, 3), None],
        ["amended", "1.1", None, "Open a hall", "Open two halls", date(2024, 8, 5), None],
        ["renumbered", "1.1", "Open a hall", "1.7", "1.1", date(2024, 8, 6), None],
        ["measured", "1.1", "Open a hall", None, "Two halls", date(2024, 8, 7), None],
        ["groups", None, "The circle", None, "Not meeting", date(2024, 10, 1), "No chair"],
        ["groups", None, "The ring", None, "Ended", date(2024, 10, 2), None],
        ["groups", None, "The group", None, "Chair: filled", date(2024, 9, 8), None],
        ["groups", None, "The group", None, "Clerk: vacant", date(2024, 9, 9), None],
        ["answered", None, "Said at a meeting or event", None, "Declined", date(2024, 11, 2), None],
        ["decided", None, "The meeting", None, "1 decision", date(2024, 12, 1), None],
        ["decided", None, "The meeting", "Decided 1 December 2024", "Carried out", date(2024, 12, 2), None],
        ["risks", None, "Risk 1, Rain", "Impact: low", "Impact: high", date(2025, 1, 2), None],
    ]  # fmt: skip
    summaries = [row for row in rows[1:] if row[head.index("is_summary")] == "yes"]
    assert {row[head.index("kind_code")] for row in summaries} >= {"moved", "silent"}
    assert {row[place] for row in summaries for place in wanted[1:]} == {None}


def without_new(data):
    """The facts as an edition holds them that was made before these were kept."""
    if isinstance(data, dict):
        kept = {name: without_new(value) for name, value in data.items() if name not in NEW}
        return kept | {name: data[name] for name in ("id",) if "happened_from" in data}
    return [without_new(part) for part in data] if isinstance(data, list) else data


@pytest.mark.django_db
def test_facts_of_earlier_editions_have_empty_columns(known):
    stored = without_new(facts.to_json(replace(known, identity=replace(known.identity))))
    for key in ("strategy",):
        stored[key]["slug"] = known.strategy.slug
    stored["round"]["slug"] = known.round.slug
    stored["round_names"] = []
    stored["groups"] = []
    old = facts.from_json(stored)
    found = tables(old)
    assert set(column(found["organisations"], "slug")) == {None}
    assert set(column(found["organisations"], "identifiers")) == {None}
    assert set(column(found["evidence"], "organisation_slug")) == {None}
    assert column(found["actions"], "id") == [None]
    assert column(found["evidence"], "id") == [item.id for item in known.evidence]
