"""The report as data: the same cells in every format, nothing lost, nothing that should not be there, the same bytes."""

import csv
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZIP_STORED, ZipFile

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commitments.models import Evidence
from commitments.rules.status import STATUSES
from commitments.services.evidence import log_evidence, submit_evidence, withdraw_evidence
from reporting import assembly, exports, facts
from reporting.exports.data import TABLES
from reporting.exports.rows import NOTHING_RECEIVED
from tests.factories import make_evidence_content
from tests.reporting.read_back import read, unguarded
from tests.reporting.year import Year
from tests.stack import ROOT
from vcsportal.common import cells, spreadsheet_formulas

FORMATS = list(exports.WRITERS)
MADE = datetime(2025, 6, 12, 13, 5, 7, 123456, tzinfo=UTC)


def assembled(year: Year) -> facts.Report:
    return assembly.assemble(round_=year.round, making=facts.ProductionDetails(at=MADE))


def told(text: str) -> facts.Report:
    """A small report in which every text that a person writes is ``text``."""
    piece = facts.EvidenceFacts(
        number=1, id=7, organisation=text, title=text, story=text, happened_from=date(2024, 5, 1), happened_to=None,
        districts=(text, "Oxford"), people_reached=None, volunteers=0, hours=12, references=("1.10",),
        links=(facts.LinkFacts(text, text),), photographs=(facts.PhotographFacts("private/place.jpg", text),),
    )  # fmt: skip
    counted = facts.IndicatorFacts(
        code="A",
        title=text,
        definition=text,
        unit=text,
        kind="ratio",
        cumulative=False,
        direction="More is better.",
        baseline=Decimal("74.5000"),
        baseline_said="74.5 %",
        sentence=text,
        rounds=(
            _figure("2023-24", None, absent_reason=text),
            _figure("2024-25", Decimal("1234.0625"), note=text),
            replace(
                _figure("2024-25", Decimal("12.0000"), note=text),
                strands=(facts.StrandFacts(text, None, text),),
                strands_note=text,
            ),
        ),
    )
    years = (facts.YearFacts("2023-24", ""), facts.YearFacts("2024-25", "at_risk"))
    commitment = facts.CommitmentFacts(
        reference="1.10", wording=text, short_title=text, ongoing=True, status="at_risk", reason=text, remedy=text,
        narrative=text, next_steps="", updated_on=date(2025, 5, 2), years=years, evidence=(1,), confirms="2023-24",
        confirmed_on=date(2025, 5, 1), views=(facts.ViewFacts(text, "delayed", text, True, date(2025, 5, 3)),),
        indicators=(counted,),
        actions=(facts.ActionFacts(text, date(2024, 9, 1), None, True), facts.ActionFacts(text, date(2025, 9, 1), None, False)),
        owner_response="yes",
        responses=(facts.ResponseFacts(1, text, "yes", text, text, date(2025, 4, 2), date(2025, 4, 3), is_owners=True),),
    )  # fmt: skip
    moved = facts.MovedFacts("1.10", text, "on_track", "at_risk", text, None)
    silent = replace(
        commitment, reference="1.2", status="", narrative="", reason="", remedy="", updated_on=None, evidence=(),
        years=(years[0], facts.YearFacts("2024-25", "")), confirms="", confirmed_on=None, views=(), indicators=(),
        actions=(), owner_response="", responses=(),
    )  # fmt: skip
    return facts.Report(
        schema=facts.SCHEMA,
        identity=facts.PortalIdentity("The portal", text, "office@example.org", "https://portal.example.org", "#003366"),
        strategy=facts.StrategyFacts("s", text, text, text, date(2022, 4, 1), date(2027, 3, 31), text, text, "O"),
        round=facts.RoundFacts(
            "2024-25", date(2024, 4, 1), date(2025, 3, 31), date(2025, 4, 1), date(2025, 5, 31)
        ),
        rounds=("2023-24", "2024-25"),
        making=facts.ProductionDetails(at=MADE, edition=3, asked_by="somebody@example.org"),
        priorities=(facts.PriorityFacts(1, text, text, (commitment, silent)),),
        evidence=(piece,),
        late=(replace(piece, number=2, id=8, links=(), photographs=(), late_for="2023-24"),),
        organisations=(facts.OrganisationFacts(text, "Charity", (), 1),),
        areas=(facts.AreaFacts("E07000178", "Oxford", "district"),),
        decisions=(facts.DecisionFacts(1, text, date(2025, 1, 8), text, text, date(2025, 2, 1), None, "1.10"),),
        signatories=(facts.SignatoryFacts(text, text, date(2024, 5, 1), text, "", text, text, (text,)),),
        county_figures=(
            facts.CountyFigureFacts(
                1, "place", text, text, "22%", Decimal("22.0000"), "percentage", text, text, text, text, text, text, text, text
            ),
        ),
        award_sums=(facts.AwardSumFacts(text, "2020-21", "grant", "GBP", 2, Decimal("17.50"), "£17.50"),),
        risks=(facts.RiskFacts(1, text, text, (text,), text, (facts.RiskAssessmentFacts(*(text,) * 7),)),),
        case_studies=(
            facts.CaseStudyFacts(1, 7, text, text, text, text, (text,), date(2024, 5, 1), None, ("1.10",), what_was_done=text),
        ),
        texts=(facts.TextFacts("financial", text), facts.TextFacts("priority-1", text), facts.TextFacts("gone", text)),
        changes=facts.ChangesFacts(
            date(2024, 3, 31), date(2025, 3, 31), moved=(moved,), silent=("1.2",), partners=(text,), against="2023-24", commitments=2
        ),
        group="g",
        groups=(facts.GroupFacts("g", text, seats=(facts.SeatFacts(text, True, text, text, date(2024, 4, 1)), facts.SeatFacts(text, False))),),
        engagement=(facts.EngagementFacts("meeting", text, date(2024, 5, 1), place=text, attended=3, summary=text, is_written_up=True),),
        planned=(facts.EngagementFacts("visit", text, date(2025, 5, 1), is_planned=True),),
        points=(facts.PointFacts(4, "said", date(2024, 5, 1), text, raised_by=text, stance="no", response=text, became=(text,)),),
    )  # fmt: skip


def _figure(round_: str, actual: Decimal | None, absent_reason: str = "", note: str = "") -> facts.FigureFacts:
    return facts.FigureFacts(
        round=round_, actual=actual, numerator=None, denominator=None, absent_reason=absent_reason, total=None,
        target=Decimal(0), target_total=None, actual_said="", total_said="", target_said="0 %", target_total_said="",
        verdict="", note=note,
    )  # fmt: skip


def column(rows, name):
    return [row[rows[0].index(name)] for row in rows[1:]]


@pytest.mark.django_db
def test_every_format_holds_the_same_cells(voiced):
    report = assembled(voiced)
    found = {name: read(name, write(report)) for name, write in exports.WRITERS.items()}
    first = found["json"]
    assert list(first) == ["about", *(outline.name for outline in TABLES), "dictionary"]
    for name in FORMATS:
        assert list(found[name]) == list(first), name
        for table, rows in first.items():
            assert found[name][table] == rows, (name, table)
    assert sum(len(rows) - 1 for rows in first.values()) > 100
    types = {type(cell) for rows in first.values() for row in rows for cell in row}
    assert types == {str, int, date, type(None)}
    empty = [table for table, rows in first.items() if len(rows) == 1]
    assert empty == [
        "late_evidence",
        "links",
        "actions",
        "texts",
        "responses",
        "seats",
        "engagement",
        "points",
        "decisions",
        "case_studies",
        "signatories",
        "county_figures",
        "award_sums",
        "risks",
        "figures_by_strand",
    ], "every other table has something to compare"
    check_two_voices_and_numbers(first)


def check_two_voices_and_numbers(found):
    views, figures = found["sector_views"], found["figures"]
    assert column(views, "differs") == ["yes", "no"]
    assert column(views, "commitment") == ["1.1", "1.1"]
    assert column(views, "status_code")[0] == "delayed"
    told = dict(zip(column(found["commitments"], "commitment"), found["commitments"][1:], strict=True))
    heads = found["commitments"][0]
    assert [told["1.1"][heads.index(name)] for name in ("sector_views", "seen_differently_by", "indicators")] == [
        2,
        1,
        2,
    ]
    assert told["2.1"][heads.index("words_of")] == found["years"][1][2], "confirmed as the year before said"
    assert column(found["indicators"], "commitment") == [None, "1.1", "1.1"]
    by = {row[0]: row for row in figures[1:]}
    share = [by["B"][figures[0].index(name)] for name in ("figure", "part", "whole", "target")]
    assert share == [25, 12, 48, 50], "a share has its base"
    silent = [by["C"][figures[0].index(name)] for name in ("figure", "absent_because")]
    assert silent == [None, "the desk kept no book"], "no figure is not a nought"
    totals = [row[figures[0].index("total")] for row in figures[1:] if row[0] == "A"]
    assert totals == [30, 45]


@pytest.mark.django_db
def test_every_accepted_piece_of_the_year_is_there_and_nothing_else(year):
    owner, organisation = year.people[0], year.organisations[0]
    commitment = year.strategy.commitments.get(reference="1.1")
    for title in ("Only begun", "Only sent in", "Told and taken back"):
        deed = make_evidence_content(commitment, title=title, happened_from=year.round.observes_from)
        piece = log_evidence(by=owner, at=timezone.now(), organisation=organisation, content=deed)
        if title != "Only begun":
            piece = submit_evidence(by=owner, at=timezone.now(), evidence=piece)
    withdraw_evidence(by=owner, at=timezone.now(), evidence=piece, reason="It was another group's.")
    accepted = Evidence.objects.filter(state="accepted")
    assert accepted.count() == 7
    report = assembled(year)
    for name, write in exports.WRITERS.items():
        found = read(name, write(report))
        assert sorted(column(found["evidence"], "id")) == sorted(accepted.values_list("id", flat=True)), name
        assert sorted(column(found["evidence"], "title")) == sorted(accepted.values_list("title", flat=True)), name
        shown = str(found)
        assert not [title for title in ("Only begun", "Only sent in", "Told and taken back") if title in shown], name


@pytest.mark.django_db
def test_the_tables_say_what_the_facts_say(year):
    report = assembled(year)
    found = read("xlsx", exports.WRITERS["xlsx"](report))
    commitments, years, priorities = found["commitments"], found["years"], found["priorities"]
    assert column(commitments, "commitment") == [c.reference for c in report.commitments()]
    assert column(commitments, "status_code") == [c.status or None for c in report.commitments()]
    assert column(commitments, "narrative") == [c.narrative or None for c in report.commitments()]
    assert column(commitments, "pieces_of_evidence") == [len(c.evidence) for c in report.commitments()]
    assert len(years) - 1 == sum(len(c.years) for c in report.commitments())
    words = [status.code for status in STATUSES]
    for row, priority in zip(priorities[1:], report.priorities, strict=True):
        counts = [row[priorities[0].index(code)] for code in [*words, "no_update"]]
        assert counts == [priority.counts().get(code, 0) for code in [*words, ""]]
        assert sum(counts) == row[priorities[0].index("commitments")]
    [total] = column(found["round"], "people_reached")
    assert total == sum(piece.people_reached or 0 for piece in report.evidence)
    [base] = column(found["round"], "people_reached_given_by")
    assert base == sum(piece.people_reached is not None for piece in report.evidence) < len(report.evidence)


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_not_known_is_empty_and_never_a_nought(name):
    found = read(name, exports.WRITERS[name](told("Words")))
    assert column(found["evidence"], "people_reached") == [None]
    assert column(found["evidence"], "volunteers") == [0]
    assert column(found["commitments"], "people_reached") == [None, None]
    assert column(found["commitments"], "status") == ["At risk", NOTHING_RECEIVED]
    assert column(found["commitments"], "status_code") == ["at_risk", None]
    assert column(found["commitments"], "updated_on") == [date(2025, 5, 2), None]
    assert column(found["commitments"], "commitment") == ["1.10", "1.2"]
    assert column(found["years"], "status_code") == [None, "at_risk", None, None]
    assert column(found["figures"], "figure") == [None, Decimal("1234.0625"), 12]
    assert column(found["figures"], "target") == [0, 0, 0]
    assert column(found["indicators"], "baseline") == [Decimal("74.5")]


@pytest.mark.parametrize("name", FORMATS)
def test_a_strategy_with_nothing_in_it_is_a_file_too(name):
    empty = replace(told("Words"), priorities=(), evidence=(), organisations=())
    found = read(name, exports.WRITERS[name](empty))
    assert [len(found[table]) for table in ("commitments", "evidence", "organisations")] == [1, 1, 1]
    assert column(found["round"], "commitments") == [0]


@pytest.mark.parametrize("name", FORMATS)
def test_neither_names_of_people_nor_places_of_files_get_out(name):
    shown = str(read(name, exports.WRITERS[name](told("Words"))))
    assert "somebody@" not in shown
    assert "private/" not in shown


def test_every_column_has_a_meaning_and_a_name_of_its_own():
    looked = 0
    for outline in TABLES:
        assert outline.says.endswith("."), outline.name
        assert len(outline.heading) <= 31, "Excel's limit of a sheet's name"
        names = [column.name for column in outline.columns]
        assert len({name.lower() for name in names}) == len(names), outline.name
        for each in outline.columns:
            looked += 1
            assert each.meaning.endswith("."), (outline.name, each.name)
            assert each.name.isidentifier(), each.name
            assert each.heading[0].isupper(), each.heading
    print(f"looked at {looked} columns")
    assert looked > 60


def test_the_licence_stands_in_every_format():
    for name, write in exports.WRITERS.items():
        about = dict(read(name, write(told("Words")))["about"][1:])
        assert about["Licence"].startswith("Open Government Licence v3.0: https://www.nationalarchives.gov.uk/"), name
        assert about["Made"] == "12 June 2025 at 14:05", name
        assert about["Edition"] == "3", name


HOSTILE = st.one_of(
    st.text(st.characters(), max_size=40),
    st.builds("".join, st.tuples(st.sampled_from([*"=+-@\t\r\n'", "  =", "''=", "＝", "'-"]), st.text(max_size=12))),
    st.text("\x00\x01\x0b\x1b\x7f\x85\ud800\udfff\ufffe\u202e\u200fאب👩\u200d🌾<&>\"',;_x0041_ \t\r\n", max_size=30),
)
LONG = st.builds(
    lambda unit, times: unit * times, st.sampled_from(["ab c", "👩\u200d🌾", "ש", "\n", "é"]), st.integers(1, 40_000)
)
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def check_it_comes_back(text):
    whole = cells.clean(text) or None
    shown = cells.cell(whole)
    for name, write in exports.WRITERS.items():
        found = read(name, write(told(text)))
        wanted = whole if name == "json" else shown
        for table, names in {
            "commitments": ("narrative", "wording", "reason"),
            "evidence": ("title", "story", "organisation"),
            "links": ("address", "label"),
            "sector_views": ("organisation", "reason"),
            "figures": ("absent_because",),
        }.items():
            for each in names:
                same = column(found[table], each)[0] == wanted  # without pytest's comparison of long texts
                assert same, (name, table, each, text[:80])
        assert column(found["evidence"], "commitments") == ["1.10"]


@given(HOSTILE)
@settings(RELAXED, max_examples=15)
@example('=HYPERLINK("http://example.org","x")')
@example("'=1+1")
@example("_x0041_ and more")
@example("two  blanks,\ta tab\n\n  and three   more")
@example("\x00\x01\ud800")
@example("http://example.org/" + "x" * 3_000)
@example("-1")
@example("2025-05-01")
@example("#N/A")
@example("TRUE")
@example("مرحبا \u202egnp.exe")
@example("]]><script>alert(1)</script>")
def test_hostile_text_comes_back_as_it_was(text):
    check_it_comes_back(text)


@pytest.mark.parametrize("unit", ["word {} ", "👩\u200d🌾{}", "ש{}\n", "={}+"])
def test_text_longer_than_a_cell_is_cut_with_a_sentence_and_whole_in_json(unit):
    text = "".join(unit.format(number) for number in range(12_000))[:33_500]
    assert len(text) > cells.MAX_CELL_CHARACTERS
    assert cells.shortened(text).endswith(cells.CUT_NOTE)
    check_it_comes_back(text)


@given(st.one_of(HOSTILE, LONG))
@settings(RELAXED)
@example("a" * 32_767)
@example("a" * 32_768)
@example("👩" * 16_384)
def test_a_cell_never_grows_longer_than_excel_allows(text):
    shown = cells.shortened(cells.clean(text))
    assert len(shown.encode("utf-16-le")) // 2 <= cells.MAX_CELL_CHARACTERS
    assert shown == cells.clean(text) or shown.endswith(cells.CUT_NOTE)


@given(st.one_of(HOSTILE, st.text("'=+- \t＝x", max_size=5)))
@settings(RELAXED)
def test_the_guard_can_be_undone_and_leaves_no_formula(text):
    assert unguarded(spreadsheet_formulas.guard_formula(text)) == text
    assert not spreadsheet_formulas.guard_formula(text).lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert not spreadsheet_formulas.guard_formula(text).startswith(("\t", "\r"))


def test_csv_is_what_excel_and_rfc_4180_expect():
    with ZipFile(BytesIO(exports.WRITERS["csv"](told('=cmd, "quoted"\nand more')))) as zip_:
        assert zip_.testzip() is None
        raw = zip_.read("evidence.csv")
    assert raw.startswith(b"\xef\xbb\xbfevidence,id,organisation,title,")
    assert raw.endswith(b"\r\n")
    head, row = csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""))
    assert row[head.index("title")] == '\'=cmd, "quoted"\nand more'
    assert row[head.index("hours")] == "12", "a number stays a number"
    assert row[head.index("happened_from")] == "2024-05-01"
    assert b"'12" not in raw


def test_texts_are_never_formulas_or_links_in_excel():
    sheet = openpyxl.load_workbook(BytesIO(exports.WRITERS["xlsx"](told("=1+1"))))["Links"]
    cell = sheet["D4"]
    assert (cell.value, cell.data_type, cell.quotePrefix, cell.hyperlink) == ("=1+1", "s", True, None)


def test_what_was_planned_changed_and_written_is_data_too():
    found = read("json", exports.WRITERS["json"](told("Words")))
    assert column(found["actions"], "slipped") == ["yes", "no"]
    assert column(found["actions"], "commitment") == ["1.10", "1.10"]
    assert column(found["changes"], "kind") == ["Status changed", "Status changed", "No update", "New partners"]
    assert column(found["changes"], "commitment") == [None, "1.10", None, None]
    assert column(found["changes"], "words")[1] == "Words went from On track to At risk. The reason given: Words."
    assert column(found["texts"], "section") == ["Priority 1: Words", "Financial implications", "gone"]


def test_sheets_are_laid_out_for_every_reader():
    """One marked-up table a sheet right below title and sentence; nothing merged, hidden, frozen, filtered or coloured."""
    book = openpyxl.load_workbook(BytesIO(exports.WRITERS["xlsx"](told("Words"))))
    assert book.properties.created == MADE.replace(tzinfo=None, microsecond=0)
    assert [book.sheetnames[0], book.sheetnames[-1]] == ["About", "Dictionary"]
    looked = 0
    for sheet in book:
        [table] = sheet.tables.values()
        assert table.ref == f"A3:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}", sheet.title
        assert (table.autoFilter, table.headerRowCount, sheet.freeze_panes) == (None, 1, None), sheet.title
        assert sheet.sheet_state == "visible"
        for row in sheet.iter_rows():
            assert any(cell.value is not None for cell in row), f"an empty row in {sheet.title}"
            for cell in row:
                looked += 1
                assert cell.fill.fill_type is None, cell.coordinate
                assert cell.value is None or cell.font.name == "Arial", cell.coordinate
        widths = [each.width for each in sheet.column_dimensions.values()]
        assert min(widths) >= 9, sheet.title
        assert max(widths) <= 62, sheet.title
    print(f"looked at {looked} cells")
    about = book["About"]
    links = {cell.value: cell.hyperlink.location for cell in about["A"] if cell.hyperlink}
    assert links["Table “Commitments”"] == "'Commitments'!A1"
    assert len(links) == len(book.sheetnames) - 1


def test_the_open_document_is_one_that_readers_accept():
    with ZipFile(BytesIO(exports.WRITERS["ods"](told("Words")))) as zip_:
        first = zip_.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        content = zip_.read("content.xml").decode()
        assert 'fo:language="en" fo:country="GB"' in zip_.read("styles.xml").decode()
        assert "<dc:language>en-GB</dc:language>" in zip_.read("meta.xml").decode()
    assert "table:number-columns-spanned" not in content, "nothing is merged"
    assert (
        content.count("<table:table-header-rows>")
        == content.count("<table:table ")
        == content.count("<table:database-range ")
    )
    assert 'table:target-range-address="Evidence.A3:Evidence.P4"' in content
    assert 'office:date-value="2024-05-01"' in content


def test_the_same_facts_give_the_same_bytes_in_any_process_on_any_day(time_machine, tmp_path):
    report = told("Words, “quoted” and = + -")
    file = tmp_path / "facts.json"
    once = {name: exports.WRITERS[name](report) for name in FORMATS}
    time_machine.move_to(datetime(2034, 2, 28, 23, 59, tzinfo=UTC))
    assert {name for name in FORMATS if exports.WRITERS[name](report) != once[name]} == set()
    file.write_text(json.dumps(facts.to_json(report)))
    code = (
        "import django, hashlib, json, sys; django.setup()\n"
        "from reporting import exports, facts\n"
        "report = facts.from_json(json.load(open(sys.argv[1])))\n"
        "print(json.dumps({name: hashlib.sha256(exports.WRITERS[name](report)).hexdigest() for name in sys.argv[2:]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file), *FORMATS], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONHASHSEED": "42", "TZ": "Asia/Tokyo", "DJANGO_SETTINGS_MODULE": "vcsportal.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout)
    assert set(there) == set(FORMATS)
    assert {name for name in FORMATS if there[name] != hashlib.sha256(once[name]).hexdigest()} == set()


@pytest.mark.parametrize("name", FORMATS)
def test_a_moment_before_zips_had_dates_is_no_obstacle(name):
    old = replace(told("Words"), making=facts.ProductionDetails(at=datetime(1975, 1, 2, 3, 4, tzinfo=UTC)))
    assert read(name, exports.WRITERS[name](old))["round"]
