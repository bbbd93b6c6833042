"""The PDF, read back: its words, its tags, its bookmarks; and that it fetches nothing."""

import http.server
import io
import json
import subprocess
import sys
import threading
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime

import pypdf
import pytest
from django.db import transaction
from outloud import check
from pypdf.generic import StreamObject
from pytest_django import DjangoDbBlocker

from commitments.rules.status import STATUSES
from reporting import assembly, rendering
from reporting.facts import (
    CommitmentFacts,
    PhotographFacts,
    PriorityFacts,
    ProductionDetails,
    Report,
    YearFacts,
    checksum,
    to_json,
)
from reporting.narrative import charts
from reporting.rendering import fetching, fonts
from reporting.rendering.photographs import Photographs
from tests.built_once import as_in_a_test
from tests.factories import make_evidence, make_person
from tests.pdf import in_catalogue
from tests.reporting.conftest import OwnYear
from tests.reporting.read_aloud import read_aloud
from tests.reporting.year import Year
from tests.reporting.year_voices import speak
from tests.stack import ROOT

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(stored_year: OwnYear, django_db_blocker: DjangoDbBlocker) -> Report:
    """The facts of the year, of which the sector has spoken, with one more piece of evidence; the same for every test."""
    assert stored_year.rows is None, "the year is built once for the file, as each test with the database asks for it"
    year = deepcopy(stored_year.year)
    with django_db_blocker.unblock(), as_in_a_test(stored_year.files), transaction.atomic():
        speak(year, make_person("administrator", name="Ada Administrator"))
        commitment = year.strategy.commitments.get(reference="1.1")
        other = year.strategy.commitments.get(reference="2.1")
        make_evidence(
            year.people[0], commitment, other, state="accepted", officer=year.reviewer, title="Served both promises",
            story="We **met** [here](https://example.org/hall).\n\n# Big heading", happened_from=year.round.observes_from,
        )  # fmt: skip
        making = ProductionDetails(at=AT, edition=3, asked_by="Olive Officer", asked_at=AT)
        report = assembly.assemble(round_=year.round, making=making)
        transaction.set_rollback(True)
    return report


@pytest.fixture
def report(told: Report, year: Year) -> Report:
    """These facts, where the files of the year are stored."""
    return told


PRINTED: dict[str, bytes] = {}
"""Reports that were drawn, by the checksum of their facts; their photographs are the same for each test."""


def printed(report: Report) -> bytes:
    """Return the report in print, drawn once for all tests that read it."""
    key = checksum(to_json(report))
    if key not in PRINTED:
        PRINTED[key] = rendering.to_pdf(report).content
    return PRINTED[key]


def drawn(report: Report) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(printed(report)))


def words(reader: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


@pytest.mark.django_db
def test_the_report_says_what_the_year_was(report):
    annex = rendering.to_annex(report, photographs=Photographs(report)).content
    text = f"{words(drawn(report))} {words(pypdf.PdfReader(io.BytesIO(annex)))}"
    for expected in (
        "Report for", report.strategy.title, report.round.slug, "The year in short", "The strategy at a glance",
        "Organisations that took part", "How this report was made", "What the words and figures mean", "Rowan Community Trust",
        "Served both promises", "Do the thing called 1.1 for everybody", "What comes next", "What happened",
        "No update was received.", "Edition 3, requested by Olive Officer on 22 November 2026, 9:30am",
        "Neighbours at the long table in the hall", "listed elsewhere: note", "Also for 2.1",
        "Where the sector sees it differently", "Rowan Community Trust sees it differently: delayed, not",
        "Willow Bank Carers agrees:", "The council", "The sector", "We see it from the hall.", "Confirmed unchanged on 20 May",
        "Counted", "15 rooms; 45 rooms in all", "12 of 48", "No figure: the desk kept no book",
    ):  # fmt: skip
        assert expected in text, expected
    assert text.count("We met here.") == 1, "told in full once, in the annex"
    shares = text.replace("12 of 48 (25%)", "").replace("50%", "")
    assert "%" not in shares, "a share stands with both its numbers, and nothing else is one"


@pytest.mark.django_db
def test_the_pdf_is_tagged_named_and_has_bookmarks(report):
    reader = drawn(report)
    assert in_catalogue(reader, "/MarkInfo", "/Marked")
    assert str(in_catalogue(reader, "/Lang")) == "en-GB"
    assert in_catalogue(reader, "/ViewerPreferences", "/DisplayDocTitle")
    metadata, info = in_catalogue(reader, "/Metadata"), reader.metadata
    assert isinstance(metadata, StreamObject)
    assert b"pdfuaid:part" in metadata.get_data()
    assert info is not None
    assert (info.title, info.author) == (
        f"{report.strategy.title}: report for {report.round.slug}",
        report.identity.council,
    )
    assert "how the commitments" in str(info.subject).lower()

    def titles(outline):
        return [titles(entry) if isinstance(entry, list) else entry.title for entry in outline]

    marks = titles(reader.outline)
    assert "Priority 1 Priority number 1" in marks
    under = marks[marks.index("Priority 1 Priority number 1") + 1]
    assert under[0] == "1.1 Do the thing called 1.1 for everybody"
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in _fonts(page)}
    assert fonts
    assert all("Report-Hyperlegible" in name for name in fonts), fonts


def _fonts(page):
    return [font.get_object() for font in page["/Resources"]["/Font"].get_object().values()]


@pytest.mark.django_db
def test_the_contents_name_the_pages_on_which_things_stand(report):
    heard = read_aloud(rendering.to_pdf(report).content)
    contents = {one.words for one in heard if one.page == 2}
    pages = {one.words: one.page + 1 for one in heard if one.kind in {"H2", "H3"}}
    told = "How this report was made", "The year in short", "1.1 Do the thing called 1.1 for everybody"
    assert all(
        any(line.startswith(name[:3]) and line.endswith(f" {pages[name]}") for line in contents) for name in told
    )
    assert f"How this report was made {pages['How this report was made']}" in contents


@pytest.mark.django_db
def test_outloud_finds_no_error(report, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(printed(report))
    result = check(str(file))
    assert result.error in (None, "")
    assert result.stats["tagged"]
    assert result.errors == 0, [f for f in result.findings if f.severity == "error"]


@pytest.mark.django_db
def test_running_heads_and_page_numbers_are_not_read_aloud(report, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(printed(report))
    assert not [f for f in check(str(file), only=["PAG-001"]).findings if "page numbers" in f.message]


@pytest.mark.django_db
def test_the_same_facts_give_the_same_bytes_in_another_process_too(report, tmp_path):
    report = replace(report, evidence=tuple(replace(piece, photographs=()) for piece in report.evidence))
    here = rendering.to_pdf(report).content
    assert here == rendering.to_pdf(report).content
    (tmp_path / "facts.json").write_text(json.dumps(to_json(report)))
    program = (
        "import sys, json, django; django.setup()\n"
        "from reporting import rendering; from reporting.facts import from_json\n"
        "report = from_json(json.load(open(sys.argv[1])))\n"
        "open(sys.argv[2], 'wb').write(rendering.to_pdf(report).content)\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "facts.json"), str(tmp_path / "there.pdf")],
        cwd=ROOT, check=True, timeout=60,
    )  # fmt: skip
    assert (tmp_path / "there.pdf").read_bytes() == here


EVIL = """![x]({url}/markdown.png) <img src="{url}/tag.png"> <style>@import url({url}/style.css);</style>
<link rel=stylesheet href="{url}/link.css"> <iframe src="{url}/frame"></iframe> <object data="{url}/object"></object>
<svg><image href="{url}/svg.png"/><use href="{url}/use.svg#a"/></svg> <a href="{url}/only-when-clicked">a link</a>
<p style="background:url({url}/background.png)">x</p> <img src="file:///etc/passwd"> <base href="{url}/">

[words](file:///etc/passwd) [more](javascript:alert(1)) <{url}/autolink>"""


@pytest.mark.django_db
def test_nothing_is_fetched_whatever_people_write(report):
    heard: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

        def log_message(self, *args) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        evil = EVIL.replace("{url}", f"http://127.0.0.1:{server.server_port}")
        spoilt = replace(
            report,
            strategy=replace(report.strategy, vision=evil, source=evil, title=evil[:150]),
            priorities=tuple(
                replace(
                    p, title=evil[:150], summary=evil,
                    commitments=tuple(
                        replace(c, wording=evil, short_title=evil[:90], reason=evil, remedy=evil, narrative=evil, next_steps=evil)
                        for c in p.commitments
                    ),
                )
                for p in report.priorities
            ),
            evidence=tuple(
                replace(
                    piece, title=evil[:150], story=evil, organisation=evil[:90],
                    photographs=(PhotographFacts("../../../etc/passwd", evil), PhotographFacts(f"http://127.0.0.1:{server.server_port}/p.jpg", "")),
                )
                for piece in report.evidence
            ),
        )  # fmt: skip
        content = rendering.to_pdf(spoilt).content
    finally:
        server.shutdown()
    assert heard == []
    text = words(pypdf.PdfReader(io.BytesIO(content)))
    assert "root:x:" not in text
    assert "/JavaScript" not in content.decode("latin-1")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "file:///etc/passwd", "ftp://x/y", "report:/fonts/../x", "report:/x"]
)
def test_the_fetcher_refuses_what_is_not_the_reports_own(url):
    with pytest.raises(ValueError, match="fetches nothing"):
        fetching.Fetcher({}).fetch(url)


def test_the_fetcher_gives_what_is_in_its_map():
    fetcher = fetching.Fetcher({"fonts/a.ttf": ("font/ttf", lambda: b"bytes")})
    assert fetcher.fetch("report:/fonts/a.ttf").read() == b"bytes"
    assert fetcher.fetch("data:text/plain,hello").read() == b"hello"


@pytest.mark.django_db
def test_pages_are_counted_aloud_while_they_are_drawn(report):
    told: list[tuple[int, int]] = []
    pages = rendering.to_pdf(report, on_page=lambda done, total: told.append((done, total))).pages
    assert told[0][0] == 1
    assert max(done for done, _ in told) == pages
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(total >= done for done, total in told)


@pytest.mark.django_db
def test_missing_fonts_are_a_clear_sentence(report, settings, tmp_path):
    settings.BASE_DIR = tmp_path
    fonts.forget()
    with pytest.raises(rendering.FontsMissing, match="Build the front end"):
        rendering.to_pdf(report)
    fonts.forget()


def test_a_picture_says_in_words_what_it_shows():
    codes = [status.code for status in STATUSES] + [""]
    commitments = tuple(
        CommitmentFacts(f"1.{n}", "Wording", f"Thing <{n}>", False, code, "", "", "", "", None, (YearFacts("2024-25", code),), ())
        for n, code in enumerate(codes, 1)
    )  # fmt: skip
    priority = PriorityFacts(1, "Hope & care", "", commitments)
    picture = charts.board([priority])
    for status in STATUSES:
        assert status.label in picture.sentence
    assert "no update was received" in picture.sentence
    assert "<title>" in picture.svg
    assert "Thing &lt;1&gt;" in picture.svg
    assert picture.svg.count('font-weight="700"') == len(codes), "one equal tile each"
