"""Every figure that is given anywhere has a definition, and every per cent its base."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import lxml.html
import pytest

from commitments.services.actions import complete_action, plan_action
from reporting import assembly, rendering
from reporting.easy import drawing
from reporting.exports.data import TABLES
from reporting.facts import ProductionDetails
from reporting.narrative.definitions import BY_KEY, DEFINITIONS, meaning, printed
from reporting.paper.blocks import ListItem, Paragraph, Quote
from reporting.paper.outline import outline
from vcsportal.common.columns import DECIMAL, NUMBER

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NUMBER_ALONE = re.compile(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?![\w/-])")
NO_FIGURES = (
    r"\b\d{1,2} (?:to \d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?",
    r"\b\d{1,2}:\d\d[ap]m", r"\b\d{4}-\d\d\b", r"\b\d{4}–\d{4}\b", r"\b[Nn]otes? \d+(?:(?:, | and | to )\d+)*",
    r"\b[Pp]riority (?:number )?\d+\b", r"^\d+\. ", r"\b[Ee]dition \d+\b", r"\b\d+\.\d+\b", r"\bPartner \d+\b",
)  # fmt: skip
"""What is written with digits and counts nothing: days, years, notes, names, references."""
ELSEWHERE = ("definitions", "method", "proof", "contents", "cover")
OF_A_SHARE = re.compile(r"\d\s*(?:%|per cent)")
PRINTED_SHARE = re.compile(
    r"\d[\d,.]* of \d[\d,.]* \(\d[\d.]*%\)|\d[\d.]*% of (?!the target)\w+|\d[\d.]*% \(base not published\)"
)
WORDS = "Told in words alone."


@pytest.fixture
def report(voiced, now):
    """A year with everything that is ever counted, in which people wrote no digits."""
    commitment = voiced.strategy.commitments.get(reference="1.1")
    for days, done in ((20, None), (40, 5), (60, 70)):
        due = voiced.round.observes_to - timedelta(days=days)
        one = plan_action(by=voiced.officer, at=now, commitment=commitment, title="Ask everybody", due_on=due)
        if done is not None:
            complete_action(
                by=voiced.officer, at=now, action=one, done_on=voiced.round.observes_to - timedelta(days=done)
            )
    report = assembly.assemble(
        round_=voiced.round, making=ProductionDetails(at=AT, edition=3, asked_by="Olive Officer", asked_at=AT)
    )
    priorities = tuple(
        replace(p, commitments=tuple(
            replace(c, wording=WORDS, short_title=WORDS, narrative=WORDS, next_steps=WORDS, reason=WORDS) for c in p.commitments
        ))
        for p in report.priorities
    )  # fmt: skip
    evidence = tuple(replace(piece, story=WORDS, title=WORDS) for piece in report.evidence)
    return replace(report, priorities=priorities, evidence=evidence)


def blocks(html):
    """Yield each piece of text with what heads it: a cell's column and, where the columns are years, its row; else nothing."""
    page = lxml.html.fromstring(html)
    for gone in page.xpath(
        "//head|//svg|//img" + "".join(f"|//*[@id='{n}' or contains(@class, '{n}')]" for n in ELSEWHERE)
    ):
        gone.drop_tree()
    for one in page.xpath("//p|//li[not(.//li)]|//td|//caption|//h2|//h3|//h4|//h5|//tbody//th"):
        head = ""
        if one.tag == "td":
            place = len(one.xpath("preceding-sibling::*"))
            heads = one.xpath("ancestor::table/thead//th")
            head = heads[place].text_content().strip() if place < len(heads) else ""
            if re.fullmatch(r"\d{4}-\d\d", head):
                head = "".join(row.text_content() for row in one.xpath("../th")).strip()
        yield " ".join(one.text_content().split()), head


def undefined(text, head):
    """Return the figures in a text that no definition knows."""
    for pattern in NO_FIGURES:
        text = re.sub(pattern, "", text)
    found = []
    for number in NUMBER_ALONE.finditer(text):
        after = text[number.end() :].strip()
        known = any(
            re.match(told, after) or (head and re.match(told, head)) for one in DEFINITIONS for told in one.told
        )
        if not known:
            found.append(f"{number.group()} {after[:40]} [{head}] in: {text[:90]}")
    return found


@pytest.mark.django_db
def test_every_figure_of_the_report_has_a_definition(report):
    looked, lost = 0, []
    for text, head in blocks(rendering.to_html(report)):
        looked += len(NUMBER_ALONE.findall(text))
        lost += undefined(text, head)
    assert looked > 60
    assert not lost


def test_a_figure_without_a_definition_would_be_found():
    assert undefined("There were 12 elephants.", "")
    assert undefined("12", "Elephants")
    assert not undefined("12", "Pieces")
    assert not undefined("On 12 March 2025, 3 commitments of 1.1 in 2024-25, note 7", "")


@pytest.mark.django_db
def test_the_appendix_prints_the_definition_of_every_figure(report):
    page = lxml.html.fromstring(rendering.to_html(report))
    [appendix] = page.xpath("//section[@id='definitions']")
    said = " ".join(appendix.text_content().split())
    assert len(printed(report)) > 15
    for one in printed(report):
        assert all(words in said for words in (one.label, one.meaning, one.base, one.source)), one.key
    bare = replace(report, priorities=(), evidence=(), changes=None)
    assert "hours" not in {one.key for one in printed(bare)}


def test_definitions_are_whole_sentences_and_the_data_says_the_same():
    assert len(BY_KEY) == len(DEFINITIONS)
    for one in DEFINITIONS:
        assert all(words.endswith(".") for words in (one.meaning, one.base, one.source)), one.key
    said: dict[str, list[str]] = {}
    for outline_ in TABLES:
        for column in outline_.columns:
            if column.kind in (NUMBER, DECIMAL):
                said.setdefault(column.name, []).append(column.meaning)
    shared = [name for name in said if name in BY_KEY]
    assert {"people_reached", "volunteers", "hours", "commitments", "figure", "target", "total"} <= set(shared)
    for name in shared:
        assert any(words.startswith(meaning(name)) for words in said[name]), name


@pytest.mark.django_db
def test_every_per_cent_is_printed_with_its_base(report):
    runs = [one.runs for one in outline(report).blocks if isinstance(one, Paragraph | Quote | ListItem)]
    paper = " ".join("".join(run.text for run in each) for each in runs)
    texts = {
        "report": " ".join(text for text, _ in blocks(rendering.to_html(report))),
        "easy": " ".join(text for text, _ in blocks(drawing.to_html(report))),
        "paper": paper,
        "figures": " ".join(i.sentence for p in report.priorities for c in p.commitments for i in c.indicators),
    }
    assert OF_A_SHARE.search(texts["report"])
    for where, text in texts.items():
        bare = PRINTED_SHARE.sub("", text)
        found = OF_A_SHARE.search(bare)
        assert found is None, (where, bare[max(0, found.start() - 60) : found.end() + 20])
