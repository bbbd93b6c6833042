"""Evidence from a partner’s own file: what a row becomes, what is wrong with it, and that nothing is logged twice."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.models import Commitment, Contribution, Evidence, FormerReference, HistoryEntry
from commitments.services.actions import plan_action
from commitments.services.evidence import log_evidence, withdraw_evidence
from commitments.workbooks.actions import ACTIONS
from commitments.workbooks.evidence import EVIDENCE, MAX_ROWS
from commitments.workbooks.exchange import FORMATS, Preview, Saved, make_corrections, preview, read_rows
from commitments.workbooks.offered import offers
from partners.services.roles import give_role
from tests.commitments.workbooks.filled import downloaded, looked_through, outcomes, saved, scope_of, with_rows
from tests.factories import make_area, make_evidence_content, make_organisation, make_person, make_strategy
from vcsportal.common.spreadsheets import CellNote, SheetCell, read_workbook
from vcsportal.common.spreadsheets.comparison import DIFFERS, RowOutcome
from vcsportal.common.spreadsheets.values import UnreadableCell
from vcsportal.common.words import Invalid, NotNow

pytestmark = pytest.mark.django_db
HEADINGS = "Your reference,What you did,When it began,Commitments,Where,People reached,May be published,Send it"


def csv(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\r\n".join([headings, *rows, ""]).encode()


def items(*rows: dict[str, Any]) -> bytes:
    return json.dumps(rows).encode()


def log(scope: Any, data: bytes) -> tuple[Preview, Saved]:
    """Upload a file, and agree to all of it."""
    upload, shown = looked_through(scope, data)
    return shown, saved(scope, upload, shown)


def faults(shown: Preview) -> list[tuple[str, str, str, str]]:
    return [(fault.column, fault.place, fault.found, fault.instead) for row in shown.rows for fault in row.faults]


def about(sentence: str, shown: Preview) -> str:
    """The column of the one fault, whose sentence has these words."""
    (fault,) = faults(shown)
    assert sentence in fault[3]
    return fault[0]


@pytest.fixture
def scope(partner, strategy, area) -> Any:
    return scope_of(partner, strategy)


def test_a_row_becomes_a_draft_of_its_organisation(scope, partner, charity, area):
    row = 'V-1,Ran a drop-in,12/03/2026,1.1; 1.2,Cherwell,"1,204",Yes,'
    shown, result = log(scope, csv(row))
    assert (outcomes(shown), result.count) == ({"new": 1}, 1)
    assert shown.rows[0].name == "Ran a drop-in"
    item = Evidence.objects.get()
    assert (item.state, item.organisation, item.logged_by, item.reference) == ("draft", charity, partner, "V-1")
    assert (item.title, item.happened_from, item.happened_to) == ("Ran a drop-in", date(2026, 3, 12), None)
    assert (item.people_reached, item.volunteers, item.publishable, item.submitted_at) == (1204, None, True, None)
    assert [each.reference for each in item.commitments.in_order()] == ["1.1", "1.2"]
    assert list(item.districts.all()) == [area]
    entry = HistoryEntry.objects.get(evidence=item)
    assert (entry.act, entry.by, entry.said["file"]) == ("log", partner, "filled.xlsx")


def test_csv_is_read_as_programs_write_it(scope):
    text = csv("V-1,A café’s “open day”,12/03/2026,1.1,,,,", "V-2,Another,2026-03-13,,,,,").decode()
    for encoding, separator in (("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("cp1252", "\t"), ("utf-16", ",")):
        data = text.replace(",", separator).encode(encoding)
        upload = read_rows(at=timezone.now(), kind=EVIDENCE, scope=scope, data=data, name="ours.csv")
        shown = preview(scope, upload)
        assert [(row.wanted or {})["title"] for row in shown.rows] == ["A café’s “open day”", "Another"], encoding
        assert [(row.wanted or {})["happened_from"] for row in shown.rows] == ["2026-03-12", "2026-03-13"], encoding


def test_json_names_the_columns_as_the_api_does(scope, area):
    item = {
        "reference": 412, "title": "Ran a drop-in", "happened_from": "2026-03-12", "happened_to": None,
        "commitments": ["1.2", "1.1"], "districts": [area.gss_code], "volunteers": 0, "publishable": False, "send": True,
        "language": "Polish", "link": "www.example.org/drop-in", "story": "Eleven came.\n\n- Four stayed.",
    }  # fmt: skip
    _shown, result = log(scope, items(item))
    assert result.count == 1
    made = Evidence.objects.get()
    assert (made.reference, made.volunteers, made.hours, made.publishable, made.state) == (
        "412",
        0,
        None,
        False,
        "submitted",
    )
    assert (made.language, made.links.get().url, made.story) == ("pl", "https://www.example.org/drop-in", item["story"])
    assert [each.reference for each in made.commitments.in_order()] == ["1.1", "1.2"]
    assert list(made.districts.all()) == [area]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"[{\"title\": \"A\",}]", "is not JSON: there is something wrong in line 1"),
        (b"{\"title\": \"A\"}", "is not a list of objects"),
        (b"[\"A\"]", "is not a list of objects"),
        (b"[{\"title\": NaN}]", "is not JSON in UTF-8"),
        ("[{\"title\": \"é\"}]".encode("cp1252"), "is not JSON in UTF-8"),
        (b"[{\"title\": {\"a\": 1}}]", "“title” in item 1 of “filled.xlsx” is neither a text"),
        (b"[{\"title\": 1" + b"0" * 400 + b"}]", "The number of “title” in item 1"),
        (b"[" * 100_000, "is damaged"),
        (b"[{\"happened_from\": \"2026-03-12\"}]", "needs columns with the headings “What you did” and “When it began”"),
    ],
)  # fmt: skip
def test_json_that_is_no_list_of_rows_is_refused_with_a_sentence(scope, data, sentence):
    with pytest.raises(Invalid) as refused:
        read_rows(at=timezone.now(), kind=EVIDENCE, scope=scope, data=data, name="filled.xlsx")
    assert sentence in refused.value.sentence


def test_the_template_has_the_columns_and_what_is_filled_in_is_logged(scope, charity):
    data = downloaded(scope, EVIDENCE)
    row = {"What you did": "Ran a drop-in", "When it began": date(2026, 3, 12), "Commitments": "1.1", "Send it": "Yes"}
    shown, result = log(scope, with_rows(data, "Evidence", row))
    assert (outcomes(shown), result.count) == ({"new": 1}, 1)
    item = Evidence.objects.get()
    assert (item.state, item.submitted_by, item.reference) == ("submitted", scope.person, "")
    assert [entry.act for entry in HistoryEntry.objects.filter(evidence=item).order_by("id")] == ["log", "submit"]


def test_sending_answers_what_the_round_asks(scope, charity, open_round):
    asked = Contribution.objects.create(organisation=charity, round=open_round, owed_by=scope.person)
    log(scope, csv("V-1,A draft,12/03/2026,1.1,,,,"))
    asked.refresh_from_db()
    assert asked.answer == ""
    log(scope, csv("V-2,Sent,12/03/2026,1.1,,,,Yes"))
    asked.refresh_from_db()
    assert asked.answer == "evidence"


# The same again


def test_the_same_file_logs_nothing_twice(scope, partner, charity):
    data = csv("V-1,Ran a drop-in,12/03/2026,1.1,Cherwell,12,Yes,", ",Without one,13/03/2026,,,,,")
    assert log(scope, data)[1].count == 2
    shown, result = log(scope, data)
    assert (outcomes(shown), result.count, Evidence.objects.count()) == ({}, 0, 2)
    assert [row.notes for row in shown.rows] == [(), ()]
    colleague = make_person("partner_contributor", charity)
    assert log(scope_of(colleague, scope.strategy), data)[1].count == 0
    withdraw_evidence(by=partner, at=timezone.now(), evidence=Evidence.objects.get(reference="V-1"))
    assert log(scope, data)[1].count == 0


def test_what_differs_from_what_was_logged_is_pointed_out_and_stays(scope):
    log(scope, csv("V-1,Ran a drop-in,12/03/2026,1.1,,12,,"))
    shown, result = log(scope, csv("V-1,Ran a drop-in again,12/03/2026,1.1,,14,,Yes"))
    assert (outcomes(shown), result.count) == ({}, 0)
    assert [place for place, _sentence in shown.rows[0].notes] == [
        "Row 2, column What you did", "Row 2, column People reached", "Row 2, column Send it",
    ]  # fmt: skip
    assert {sentence for _place, sentence in shown.rows[0].notes} == {DIFFERS}
    item = Evidence.objects.get()
    assert (item.title, item.people_reached, item.state) == ("Ran a drop-in", 12, "draft")


def test_a_reference_that_is_used_for_something_else_is_refused(scope):
    log(scope, csv("1,Ran a drop-in,12/03/2026,1.1,,12,,"))
    shown, _result = log(scope, csv("1,Planted trees,3/4/2026,1.1,,9,,"))
    assert about("This is the reference of “Ran a drop-in”, 12 March 2026", shown) == "reference"
    assert Evidence.objects.count() == 1


def test_without_references_a_row_that_says_something_else_of_the_same_day_is_not_lost(scope, area):
    other = make_area("Oxford", "E07000178")
    log(scope, csv(f",Drop-in,12/03/2026,1.1,{area.name},12,,"))
    same, elsewhere = f",Drop-in,12/03/2026,1.1,{area.name},14,,", f",Drop-in,12/03/2026,1.1,{other.name},12,,"
    shown, result = log(scope, csv(same, elsewhere))
    assert about("There is evidence with this title, date and place already", shown) == "title"
    assert (outcomes(shown), result.count) == ({"refused": 1, "new": 1}, 1)
    shown, _result = log(scope, csv(same.replace(",Drop", "V-9,Drop", 1)))
    assert outcomes(shown) == {"new": 1}


def test_two_rows_of_one_file_with_one_reference_are_refused(scope):
    shown, result = log(scope, csv("V-1,One,12/03/2026,,,,,", "V-1,Two,13/03/2026,,,,,"))
    assert (faults(shown)[0][3], result.count) == ("Row 2 adds the same. Keep one of the two.", 1)


def test_two_organisations_can_use_one_reference(scope, partner, strategy):
    other = make_person("partner_contributor", make_organisation("Elsewhere"))
    for person in (partner, other):
        assert log(scope_of(person, strategy), csv("V-1,One,12/03/2026,,,,,"))[1].count == 1
    assert Evidence.objects.filter(reference="V-1").count() == 2


def test_somebody_else_logs_the_reference_between_the_look_and_the_saving(scope, partner, charity, commitment):
    upload, shown = looked_through(scope, csv("V-1,One,12/03/2026,,,,,", "V-2,Two,12/03/2026,,,,,"))
    values = {"by": partner, "at": timezone.now(), "organisation": charity}
    log_evidence(**values, content=make_evidence_content(commitment), reference=" V-1 ")
    result = saved(scope, upload, shown)
    assert result.count == 1
    assert "has already logged evidence with the reference “V-1”" in result.refused[0].instead
    with CaptureQueriesContext(connection) as queries, pytest.raises(NotNow, match="already logged"):
        log_evidence(**values, content=make_evidence_content(commitment), reference="V-1")
    assert not [query["sql"] for query in queries if query["sql"].startswith("INSERT")], "nothing was tried"
    with pytest.raises(Invalid, match="longer than 60"):
        log_evidence(**values, content=make_evidence_content(commitment), reference="V" * 61)


def test_the_database_keeps_references_apart_where_two_requests_do_not_see_each_other(
    partner, charity, commitment, monkeypatch
):
    values = {"by": partner, "at": timezone.now(), "organisation": charity, "reference": "V-1"}
    log_evidence(**values, content=make_evidence_content(commitment))
    monkeypatch.setattr("commitments.services.evidence.held_once", lambda key, ask: None)
    with pytest.raises(NotNow, match="already logged"):
        log_evidence(**values, content=make_evidence_content(commitment))
    assert Evidence.objects.count() == 1


# What is wrong


WRONG: tuple[tuple[str, str, str], ...] = (
    ("V-1,,12/03/2026,,,,,", "title", "Say what you did"),
    ("V-2,One,,,,,,", "happened_from", "Say when it was"),
    ("V-3,One,12/03,,,,,", "happened_from", "Give the year too"),
    ("V-4,One,31/02/2026,,,,,", "happened_from", "Write a date like"),
    ("V-5,One,12/03/2999,,,,,", "happened_from", "Check the year"),
    ("V-6,One,12/03/2026,9.9,,,,", "commitments", "“9.9” is not a commitment of this strategy."),
    ("V-7,One,12/03/2026,,Mars,,,", "districts", "“Mars” is not a district in the portal"),
    ("V-8,One,12/03/2026,,,many,,", "people_reached", "Write a number"),
    ("V-9,One,12/03/2026,,,1.5,,", "people_reached", "Write a whole number"),
    ("V-10,One,12/03/2026,,,-1,,", "people_reached", "Write a whole number"),
    ("V-11,One,12/03/2026,,,10000001,,", "people_reached", "Write a whole number"),
    ("V-12,One,12/03/2026,,,,perhaps,", "publishable", "Choose one of: Yes, No."),
    ("V-13,One,12/03/2026,,,,,Yes", "send", "Before it is sent it needs a commitment"),
    (f"{'V' * 61},One,12/03/2026,,,,,", "reference", "Shorten it to 60"),
    (f"V-15,{'One' * 51},12/03/2026,,,,,", "title", "Shorten it to 150"),
)


def test_a_wrong_cell_costs_its_row_alone_and_says_what_to_write(scope):
    shown, result = log(scope, csv(*(row for row, _column, _sentence in WRONG), "V-16,Right,12/03/2026,,,,,"))
    assert (outcomes(shown), result.count) == ({"refused": len(WRONG), "new": 1}, 1)
    found = faults(shown)
    assert [fault[0] for fault in found] == [column for _row, column, _sentence in WRONG]
    assert [
        fault[3] for fault, (_row, _column, sentence) in zip(found, WRONG, strict=True) if sentence not in fault[3]
    ] == []
    assert [fault[1] for fault in found][:2] == ["Row 2, column What you did", "Row 3, column When it began"]
    assert found[7][2] == "many"


REFUSED_BY_THE_FORM: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"happened_to": "2026-03-11"}, "happened_to", "The end date is before the start date"),
    ({"link": "no page"}, "link", "is not a web address"),
    ({"link": "ftp://example.org"}, "link", "is not a web address"),
    ({"link": "https://you@example.org"}, "link", "before the @"),
    ({"language": "Klingon"}, "language", "is not one of the languages here"),
    ({"story": "x" * 20_001}, "story", "Shorten it to"),
    ({"organisation": "Elsewhere"}, "organisation", "You can log evidence for"),
    ({"commitments": 1.1}, "commitments", "This may be 1.1 or 1.10"),
)


def test_what_the_form_refuses_is_refused_in_a_row(scope, strategy):
    make_organisation("Elsewhere")
    strategy.commitments.filter(reference="1.2").update(reference="1.10")
    rows = [
        {"reference": f"V-{number}", "title": "One", "happened_from": "2026-03-12", **more}
        for number, (more, _column, _sentence) in enumerate(REFUSED_BY_THE_FORM)
    ]
    shown, result = log(scope, items(*rows))
    assert (result.count, Evidence.objects.count()) == (0, 0)
    for fault, (_more, column, sentence) in zip(faults(shown), REFUSED_BY_THE_FORM, strict=True):
        assert (fault[0], sentence in fault[3]) == (column, True), fault
    assert [fault[1] for fault in faults(shown)][:2] == ["Item 1, happened_to", "Item 2, link"]


def test_the_border_day_is_today(scope):
    today = scope.today
    tomorrow = today.fromordinal(today.toordinal() + 1)
    shown, result = log(scope, csv(f"V-1,Today,{today},,,,,", f"V-2,Tomorrow,{tomorrow},,,,,"))
    assert about("This date is in the future", shown) == "happened_from"
    assert result.count == 1


def test_a_commitment_that_has_ended_or_had_another_number_is_found_and_one_of_another_strategy_is_not(
    scope, officer, council, commitment
):
    FormerReference.objects.create(commitment=commitment, reference="7.7", held_until=date(2026, 1, 1))
    Commitment.objects.filter(pk=commitment.pk).update(
        status="closed", closed_on=date(2026, 1, 1), status_at=timezone.now(), status_by=officer
    )
    other = make_strategy(council, slug="another-strategy")
    elsewhere = other.commitments.exclude(key__in=scope.of.commitments.values("key")).first()
    rows = ["V-1,One,12/03/2026,7.7,,,,", f"V-2,Two,12/03/2026,{commitment.key},,,,"]
    shown, result = log(scope, csv(*rows))
    assert (result.count, faults(shown)) == (2, [])
    assert {each.commitments.get() for each in Evidence.objects.all()} == {commitment}
    if elsewhere is not None:
        shown, _result = log(scope, csv(f"V-3,Three,12/03/2026,{elsewhere.key},,,,"))
        assert about("is not a commitment of this strategy", shown) == "commitments"


def test_a_reference_that_two_commitments_have_had_asks_which(scope, strategy):
    first, second = strategy.commitments.in_order()[:2]
    for commitment in (first, second):
        FormerReference.objects.create(commitment=commitment, reference="7.7", held_until=date(2026, 1, 1))
    shown, _result = log(scope, csv("V-1,One,12/03/2026,7.7,,,,"))
    assert about(f"Give the key of the one you mean: {first.key} or {second.key}.", shown) == "commitments"


def test_whoever_is_unsure_lets_the_council_choose(scope, strategy):
    row = {"title": "One", "happened_from": "2026-03-12", "council_chooses": True, "send": True}
    assert log(scope, items(row))[1].count == 1
    item = Evidence.objects.get()
    assert (item.council_chooses_in, item.state) == (strategy, "submitted")


# For whom


def test_somebody_of_two_organisations_says_which_and_somebody_else_can_t(strategy, charity, area):
    other, third = make_organisation("Second group"), make_organisation("Third group")
    person = make_person("partner_contributor", charity)
    give_role(by=None, at=timezone.now(), person=person, role="partner_contributor", organisation=other)
    scope = scope_of(type(person).objects.get(pk=person.pk), strategy)
    headings = "reference,organisation,title,happened_from"
    rows = [
        "V-1,second  GROUP,One,2026-03-12", f"V-1,{charity.slug},Two,2026-03-13", f"V-2,{third.name},Three,2026-03-14",
        "V-3,,Four,2026-03-15",
    ]  # fmt: skip
    shown, result = log(scope, csv(*rows, headings=headings))
    assert result.count == 2
    assert set(Evidence.objects.values_list("organisation__name", "title")) == {
        ("Second group", "One"), (charity.name, "Two"),
    }  # fmt: skip
    assert [fault[0] for fault in faults(shown)] == ["organisation", "organisation"]
    assert not Evidence.objects.filter(organisation=third).exists()


def test_it_is_offered_to_who_logs_evidence_for_an_organisation(strategy, partner, officer, administrator):
    for person, offered in ((partner, True), (officer, True), (administrator, False), (make_person(), False)):
        kinds = [offer.kind.code for offer in offers(scope_of(person, strategy))]
        assert ("evidence" in kinds) is offered, person


# Many, and back again


def test_more_rows_than_can_be_looked_through_are_refused(scope):
    rows = [f"V-{number},One,12/03/2026,,,,," for number in range(MAX_ROWS)]
    assert looked_through(scope, csv(*rows))[1].rows
    with pytest.raises(Invalid, match=r"has 1,001 rows\. The limit is 1,000"):
        looked_through(scope, csv(*rows, "V-x,One,12/03/2026,,,,,"))


@pytest.mark.parametrize("ending", FORMATS)
def test_rows_with_faults_come_back_as_a_file_and_lose_nothing(scope, area, ending):
    story = "What happened. " * 30
    good, wrong = csv("V-1,One,12/03/2026,,,,,").decode(), "V-2,Two,some day in March,1.1,Cherwell,a few,Yes,"
    headings = HEADINGS.replace("Your reference", "Your reference,What happened")
    rows = [f"V-1,{story},One,12/03/2026,,,,,", wrong.replace("V-2,", f"V-2,{story},")]
    assert good
    upload, shown = looked_through(scope, csv(*rows, headings=headings))
    saved(scope, upload, shown)
    shown = preview(scope, upload)
    book = make_corrections(shown, at=timezone.now(), author="Our portal")
    data = FORMATS[ending][0](book)
    sheet = read_workbook(data, f"x.{ending}").sheet("Evidence")
    texts = {cell.value for row in sheet.rows for cell in row.cells.values()} if sheet else set()
    assert {"V-2", "Two", "some day in March", "1.1", "Cherwell", "a few", "Yes", story.strip()} <= texts
    assert not {"V-1", "One"} & texts
    (said,) = [text for text in texts if isinstance(text, str) and text.startswith("When it began: ")]
    assert "People reached: Write a number" in said
    again, shown = looked_through(scope, data)
    assert shown.table.ignored == ()
    assert [(fault[0], fault[2]) for fault in faults(shown)] == [
        ("happened_from", "some day in March"), ("people_reached", "a few"),
    ]  # fmt: skip
    assert saved(scope, again, shown).count == 0


def test_only_what_has_faults_comes_back(scope, officer, strategy, commitment, now):
    plan_action(by=officer, at=now, commitment=commitment, title="Write letters", due_on=date(2031, 1, 1))
    _upload, shown = looked_through(scope, csv("V-1,One,12/03/2026,,,,,"))
    with pytest.raises(NotNow, match="no rows here to correct"):
        make_corrections(shown, at=timezone.now(), author="")
    _upload, shown = looked_through(scope_of(officer, strategy), downloaded(scope_of(officer, strategy), ACTIONS))
    with pytest.raises(NotNow, match="no rows here to correct"):
        make_corrections(shown, at=timezone.now(), author="")


def test_a_formula_counts_as_its_saved_result_and_is_pointed_out(scope):
    sheet = SheetCell("Evidence", 4, 6, Decimal(12), (CellNote.FORMULA,))
    column = next(column for column in EVIDENCE.columns(scope) if column.name == "people_reached")
    assert column.read(sheet, None, scope.today) == "12"
    with pytest.raises(UnreadableCell, match="without a saved result"):
        column.read(replace(sheet, value=None, notes=(CellNote.FORMULA_WITHOUT_VALUE,)), None, scope.today)
    shown, _result = log(scope, csv('V-1,"=HYPERLINK(""https://example.org"")",12/03/2026,,,,,'))
    assert Evidence.objects.get().title == '=HYPERLINK("https://example.org")'
    assert shown.rows[0].outcome is RowOutcome.NEW
