"""The committee paper: the same in both formats, whole, and numbered once and for all."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from reporting import assembly
from reporting.facts import ChangesFacts, ProductionDetails, ViewFacts, YearFacts, from_json, to_json
from reporting.paper import docx, odt
from reporting.paper.blocks import ListItem, Paragraph, words
from reporting.paper.outline import outline, paragraphs_citing
from reporting.paper.skeleton import default
from tests.reporting.paper_back import expected, read_docx, read_odt
from tests.reporting.paper_facts import AT, make_commitment, make_piece, make_report
from tests.stack import ROOT

WRITTEN = {
    "paper-to": "Cabinet", "paper-date": "15 July 2025", "paper-key-decision": "No",
    "paper-recommendations": "1. note the year;\n\n- ask for a further report.",
    "background": "Agreed in *2022*.\n\nIt is **read** at [the hall](https://hall.example.org/a?b=c&d=1).",
    "priority-1": "Before.\n\n## What stood out\n\n* Meetings:\n    1. north\n    2. south\n       * two halls\n* Words\n\n"
    "Between.\n\n> You asked,\n> they came.\n\n1. Ask\n2. Listen\n\n   and write\n3. Do",
    "forward-plan": "1. Rooms\n2. Money", "financial": "Nothing new is spent.\\\nNothing is saved.",
}  # fmt: skip
HOSTILE = (
    "a\x00b\x08c\x1bd", "<script>alert(1)</script> & \"'", "w" * 400, "مرحبا بالعالم 2024", "🧶🪡 café ﬁne", "]]>{title}%1.",
    "one\u2028two\x0bthree", "=1+1", "\ufffealone\uffff",
)  # fmt: skip


def said(report, kind=""):
    return [one for one in expected(outline(report)) if one[0].startswith(kind)]


def readings(report):
    return {"docx": read_docx(docx.write(report)), "odt": read_odt(odt.write(report))}


def test_both_formats_hold_the_same_headings_numbers_words_and_tables_in_the_same_order():
    report = make_report(texts=WRITTEN)
    assert len(said(report)) > 60
    for format_, found in readings(report).items():
        assert found == said(report), format_


def test_the_header_block_is_the_council_s_and_what_nobody_wrote_is_not_made_up():
    lines = dict(one[2].split("\t") for one in said(make_report(texts=WRITTEN), "line"))
    assert lines["To:"] == "Cabinet"
    assert lines["Date:"] == "15 July 2025"
    assert lines["Report of:"] == "Ashshire Council"
    assert lines["Key decision:"] == "No"
    assert lines["Corporate priority:"] == "Not stated"
    assert lines["Recommendations:"] == "Cabinet is RECOMMENDED to:"
    assert lines["Appendices:"] == "Appendix 1: Actions"
    assert said(make_report(texts=WRITTEN), "item")[:2] == [
        ("item", "(a)", "note the year;"),
        ("item", "(b)", "ask for a further report."),
    ]
    unwritten = dict(one[2].split("\t") for one in said(make_report(), "line"))
    assert unwritten["To:"] == "The Alliance of Ashshire"
    assert unwritten["Key decision:"] == "Not stated"


def test_implications_that_nobody_wrote_stand_with_a_true_sentence_and_optional_parts_are_left_out():
    found = said(make_report())
    at = found.index(("heading 1", "", "Legal implications"))
    assert found[at + 1][2] == "No legal implications were stated for this report."
    headings = [text for kind, _, text in found if kind == "heading 1"]
    assert "Forward plan" not in headings
    assert "Conclusion" not in headings
    assert not any("[" in text for _, _, text in found), "no gap for an officer stands in a paper that may be published"


def test_paragraphs_are_numbered_through_from_one_and_lists_stand_below_them():
    numbers = [mark for kind, mark, _ in said(make_report(texts=WRITTEN)) if kind == "numbered"]
    assert numbers == [f"{number}." for number in range(1, len(numbers) + 1)]
    told = said(make_report(texts=WRITTEN))
    at = told.index(("heading 3", "", "What stood out"))
    assert [(kind, mark.strip("0123456789"), text) for kind, mark, text in told[at + 1 : at + 13]] == [
        ("item", "•", "Meetings:"), ("item", "(i)", "north"), ("item", "(ii)", "south"), ("item", "•", "two halls"), ("item", "•", "Words"),
        ("numbered", ".", "Between."), ("quote", "", "You asked, they came."), ("item", "(a)", "Ask"), ("item", "(b)", "Listen\nand write"),
        ("item", "(c)", "Do"), ("numbered", ".", told[at + 11][2]), ("heading 3", "", "Commitment 1.1: Do what 1.1 says"),
    ]  # fmt: skip
    assert told[at + 11][2].startswith("This priority has 2 commitments.")


def test_silence_is_said_and_is_neither_a_status_nor_a_nought():
    told = said(make_report())
    at = told.index(("heading 3", "", "Commitment 1.2: Do what 1.2 says"))
    assert told[at + 1][2] == "Commitment: Promise 1.2"
    assert told[at + 2][2] == "No update was received from the council."
    assert told[at + 3][0].startswith("heading")
    appendix = told.index(("heading 3", "", "1.2 Do what 1.2 says: No update was received"))
    assert told[appendix + 1] == ("unnumbered", "", "No action was set.")
    assert "%" not in "".join(text for _, _, text in told)


def test_a_commitment_is_told_with_both_voices_and_its_evidence_by_notes():
    views = (ViewFacts("Rowan Trust", "delayed", "The room is shut.", True, AT.date()),)
    one = make_commitment(
        "1.1", status="at_risk", remedy="A room was found.", narrative="We met.\n\n* twice", next_steps="* Meet\n* Talk",
        confirms="2023-24", confirmed_on=AT.date(), views=views, evidence=(1, 2),
    )  # fmt: skip
    report = make_report()
    first, second = report.priorities
    report = replace(report, priorities=(replace(first, commitments=(one, first.commitments[1])), second))
    told = said(report)
    at = told.index(("heading 3", "", "Commitment 1.1: Do what 1.1 says"))
    assert told[at + 1][2] == "Commitment: Promise 1.1"
    texts = [text for _, _, text in told[at + 2 : at + 11]]
    assert texts[0] == (
        "At risk. Half of it is done. What will be done about it: A room was found. "
        "The council confirmed on 3 June 2025 that its 2023-24 update is still true."
    )
    assert texts[1:6] == ["We met.", "twice", "What comes next:", "Meet", "Talk"]
    assert texts[7] == "Rowan Trust: Delayed. The room is shut."
    assert texts[8] == "Evidence: Rowan Trust (note 1) and Kettle and Thread (note 2)."


def test_every_piece_stands_in_the_appendix_and_is_cited_by_paragraphs_that_name_it():
    report = make_report()
    rows = [text.split("|") for _, _, text in said(report, "row")]
    for piece in report.evidence:
        assert [str(piece.number), piece.organisation, piece.title] in [row[:3] for row in rows]
    numbered = {mark.rstrip("."): text for _, mark, text in said(report, "numbered")}
    cited = paragraphs_citing(report)
    assert sorted(cited) == [1, 2, 3]
    assert len(cited[2]) == 2, "the piece under two commitments"
    for note, numbers in cited.items():
        for number in numbers:
            assert report.evidence[note - 1].organisation in numbered[number]
            assert re.search(rf"\b{note}\b", numbered[number])


@pytest.mark.django_db
def test_a_whole_year_comes_back_from_both_formats_with_every_piece(voiced):
    report = assembly.assemble(round_=voiced.round, making=ProductionDetails(at=AT, edition=1))
    assert report.evidence
    for format_, found in readings(report).items():
        assert found == said(report), format_
        text = "\n".join(text for _, _, text in found)
        for piece in report.evidence:
            assert f"\n{piece.number}|{piece.organisation}|{piece.title}|" in text
    assert sorted(paragraphs_citing(report)) == [piece.number for piece in report.evidence]


def test_numbers_of_paragraphs_are_decided_by_the_frozen_facts_alone(settings, tmp_path):
    report = make_report(texts=WRITTEN)
    before, cited = said(report), paragraphs_citing(report)
    other = tmp_path / "other.toml"
    other.write_text(
        (ROOT / "reporting/paper/skeleton.toml").read_text().replace('kind = "background"', 'kind = "glance"')
    )
    settings.PORTAL_PAPER_SKELETON = str(other)
    settings.PORTAL_COUNCIL = "Another Council"
    thawed = from_json(json.loads(json.dumps(to_json(report))))
    assert said(thawed) == before
    assert paragraphs_citing(thawed) == cited
    assert docx.write(thawed) == docx.write(report)


def test_facts_that_were_kept_before_there_was_a_skeleton_can_still_be_written():
    old = to_json(make_report())
    del old["skeleton"], old["texts"], old["changes"]
    for read in readings(from_json(old)).values():
        assert ("title", "", "Working together: annual report 2024-25") in read
    bare = to_json(make_report())
    for added in ("appendices", "title", "font", "size"):
        del bare["skeleton"][added]
    assert from_json(bare).skeleton == replace(default(), appendices=())


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_come_back_as_words_from_both_formats(text):
    report = make_report(
        texts={"background": text, "paper-to": text, "paper-recommendations": text, "priority-2": f"* {text}"}
    )
    report = replace(
        report,
        strategy=replace(report.strategy, title=text),
        evidence=(make_piece(1, text, text, ("1.1",)), *report.evidence[1:]),
    )
    seen = " ".join(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text).split())
    for format_, found in readings(report).items():
        assert found == said(report), format_
        assert found[0] == ("title", "", f"{seen}: annual report 2024-25")
        assert f"1|{seen}|{seen}|1 May 2024|1.1" in [one[2] for one in found]


def test_an_address_that_no_word_processor_can_take_becomes_words():
    bad = (
        "http://[bad",
        "javascript:alert(1)",
        "file:///etc/passwd",
        f"https://example.org/{'a' * 3000}",
        "http://",
        "mailto:ä@b",
    )
    text = "\n\n".join(
        f"[words{n}](<{address}>)" for n, address in enumerate((*bad, "https://good.example.org/?a=1&b=%20"))
    )
    report = make_report(texts={"background": text})
    with ZipFile(BytesIO(docx.write(report))) as file:
        links = etree.fromstring(file.read("word/_rels/document.xml.rels"))
    targets = [one.get("Target") for one in links if one.get("TargetMode") == "External"]
    assert "https://good.example.org/?a=1&b=%20" in targets
    assert not any(target.startswith(("javascript", "file", "http:")) or len(target) > 2000 for target in targets)
    texts = [one[2] for one in said(report)]
    assert "words3" in texts


def test_a_poisoned_text_of_many_lists_neither_breaks_nor_takes_long():
    deep = "\n".join(f"{'  ' * n}* level {n}" for n in range(40))
    many = "\n\n".join(f"1. item {n}\n\nwords {n}" for n in range(400))
    report = make_report(texts={"background": deep, "priority-1": many, "priority-2": "*" * 3000 + "_" * 3000})
    for format_, found in readings(report).items():
        assert found == said(report), format_
    assert sum(isinstance(block, ListItem) for block in outline(report).blocks) > 400


def test_the_same_facts_give_the_same_bytes_in_another_process_on_another_day_and_in_another_zone(tmp_path):
    report = make_report(texts=WRITTEN)
    (tmp_path / "facts.json").write_text(json.dumps(to_json(report)))
    script = (
        "import django, json, sys, hashlib; django.setup()\n"
        "from reporting.facts import from_json\nfrom reporting.paper import docx, odt\n"
        "report = from_json(json.load(open(sys.argv[1])))\n"
        "print(*(hashlib.sha256(one.write(report)).hexdigest() for one in (docx, odt)))"
    )
    found = set()
    for zone, seed in (("Asia/Tokyo", "1"), ("America/Lima", "2")):
        env = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "vcsportal.settings"}
        found.add(subprocess.run([sys.executable, "-c", script, tmp_path / "facts.json"], cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout)  # fmt: skip
    assert len(found) == 1
    assert found.pop().split() == [sha256(one.write(report)).hexdigest() for one in (docx, odt)]
    for content in (docx.write(report), odt.write(report)):
        with ZipFile(BytesIO(content)) as file:
            assert {entry.date_time for entry in file.infolist()} == {(2025, 6, 3, 9, 30, 14)}, (
                "a zip counts two seconds"
            )


def test_the_word_file_says_what_it_is_in_which_language_and_has_nothing_else_at_its_foot():
    document = Document(BytesIO(docx.write(make_report())))
    about = document.core_properties
    assert (about.title, about.author, about.language) == (
        "Working together: annual report 2024-25",
        "Ashshire Council",
        "en-GB",
    )
    assert about.created == about.modified == AT
    assert about.subject == "Working together, 2024-25"
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "en-GB"
    assert document.sections[0].footer.is_linked_to_previous, "no footer and no page number"
    assert [style.name for style in document.styles][:1] == ["Normal"]
    for table in document.tables:
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_the_opendocument_file_begins_with_its_type_and_says_what_it_is():
    content = odt.write(make_report())
    with ZipFile(BytesIO(content)) as file:
        first = file.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        meta, styles = file.read("meta.xml").decode(), file.read("styles.xml").decode()
    assert content[38:].startswith(b"application/vnd.oasis.opendocument.text")
    assert "<dc:title>Working together: annual report 2024-25</dc:title>" in meta
    assert "<dc:language>en-GB</dc:language>" in meta
    assert 'fo:language="en" fo:country="GB"' in styles
    assert "<style:footer>" not in styles


def test_a_council_s_own_skeleton_changes_wording_font_and_foot():
    own = replace(
        default(),
        recommended="THAT {to} resolves to:",
        footer="{council} & friends",
        page_numbers=True,
        font="Gill & Sans",
        size=11,
    )
    report = make_report(skeleton=own)
    document = Document(BytesIO(docx.write(report)))
    foot = document.sections[0].footer.paragraphs[0]
    assert foot.text.startswith("Ashshire Council & friends Page ")
    assert "PAGE" in foot._p.xml
    assert 'w:ascii="Gill &amp; Sans"' in document.styles.element.xml
    with ZipFile(BytesIO(odt.write(report))) as file:
        styles = file.read("styles.xml").decode()
    assert "Ashshire Council &amp; friends Page <text:page-number" in styles
    etree.fromstring(styles.encode())
    assert "Recommendations:\tTHAT The Alliance of Ashshire resolves to:" in [one[2] for one in said(report)]


def test_what_rests_on_evidence_is_a_numbered_paragraph():
    for block in outline(make_report(texts=WRITTEN)).blocks:
        if isinstance(block, Paragraph) and block.notes:
            assert block.number
            assert words(block.runs).startswith("Evidence: ")


@pytest.mark.parametrize("heading", ["What changed since last year", "What is different", ""])
def test_the_summary_points_to_a_heading_that_is_there(heading):
    moved = make_commitment(
        "1.1", years=(YearFacts("2023-24", "at_risk"), YearFacts("2024-25", "on_track")), evidence=(1, 2)
    )
    report = make_report()
    first, second = report.priorities
    parts = tuple(
        replace(part, heading=heading) if part.kind == "changes" else part
        for part in default().parts
        if heading or part.kind != "changes"
    )
    report = replace(
        report, priorities=(replace(first, commitments=(moved, first.commitments[1])), second), skeleton=replace(default(), parts=parts),
        changes=ChangesFacts(date(2024, 4, 1), date(2025, 3, 31), against="2023-24"),
    )  # fmt: skip
    told = said(report)
    summary = told[told.index(("heading 1", "", "The year in brief")) + 1][2]
    assert "One commitment changed status since 2023-24" in summary
    assert re.findall("“(.*?)”", summary) == ([heading] if heading else [])
    assert set(re.findall("“(.*?)”", summary)) <= {text for kind, _, text in told if kind == "heading 1"}


def test_an_empty_year_and_a_strategy_of_many_priorities_can_be_written():
    empty = make_report(priorities=(), evidence=(), organisations=(), rounds=("2024-25",))
    first = make_report().priorities[0]
    many = make_report(priorities=tuple(replace(first, number=number) for number in range(1, 13)))
    for report in (empty, many):
        for format_, found in readings(report).items():
            assert found == said(report), format_
    assert ("unnumbered", "", "No evidence that may be published was accepted for the year.") in said(empty)
    assert next(text for kind, _, text in said(many) if kind == "head").startswith("Priority|On track|")
