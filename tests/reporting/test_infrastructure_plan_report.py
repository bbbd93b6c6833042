"""The report of the plan of 2008–11, which has ended: drawn for its last round and read back."""

import io

import pytest
from django.utils import timezone
from outloud import check
from pypdf import PdfReader

from commitments.models import Round
from commitments.services.loading.strategy import load_strategy
from partners.area_file import read as read_areas
from partners.services.areas import load_areas
from reporting import assembly, facts
from reporting.exports.risks import RISKS
from reporting.facts import from_json, to_json
from reporting.paper.outline import outline
from reporting.rendering.pdf import to_pdf
from tests.commitments.test_infrastructure_plan_file import AREAS, ENTRY
from tests.reporting.read_aloud import read_aloud

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(now):
    load_areas(by=None, at=now, entries=read_areas(AREAS.read_text(encoding="utf-8")))
    strategy = load_strategy(by=None, at=now, entry=ENTRY).strategy
    round_ = Round.objects.select_related("strategy__owner", "strategy__supported_by").get(
        strategy=strategy, slug="2010-11"
    )
    return assembly.assemble(round_=round_, making=facts.ProductionDetails(at=timezone.now(), edition=1))


QUOTED_ADDRESSES = "www.oxfordshirepartnership.org.uk; www.oxnet.org.uk"
FALSE_ALARMS = {
    ("LNK-010", QUOTED_ADDRESSES),
    ("LNK-010", "www.oxfordshirepartnership.org.uk"),
    ("PAG-001", "Year Counted Target"),
}
"""What the checker warns of and the report does on purpose.

The plan is quoted word for word. Addresses in it are those of 2008, and a link would lead to whoever has the address today.
Every indicator has a table of its own whose heads are the same; some of these tables begin at the edge of a page.
"""


def test_its_report_is_drawn_with_its_own_nouns_its_risks_and_who_each_project_is_for(report, tmp_path):
    content = to_pdf(report).content
    heard = read_aloud(content)
    heads = [place for place, each in enumerate(heard) if (each.kind, each.words) == ("TH", "Counted")]
    captions = {place for place, each in enumerate(heard) if each.kind == "Caption"}
    assert len(heads) > 30
    assert all(place - 2 in captions for place in heads), "each table has its caption and its heads once"
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    found = [finding for finding in check(str(file)).findings if finding.severity in {"error", "warning"}]
    assert {(finding.rule, finding.evidence) for finding in found} <= FALSE_ALARMS
    assert any(finding.rule == "LNK-010" for finding in found), "otherwise the reasons above are of nothing"
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "Project 2", "Who the project is for", "Population of the 300+ rural parishes covered by the work",
        "How they were consulted", "Medium to high.", "Low, provided that the resources to undertake the programme are available.",
        "Promotion of diversity and equality: Very high. No funding so far secured.",
        "Trustees of the VCS support service providers",
    ):  # fmt: skip
        assert words in text, words
    assert "commitment" not in text.lower().replace("commitment to networking", "").replace("commitment in project", "")


def test_facts_data_and_paper_have_the_risks(report):
    assert from_json(to_json(report)) == report
    assert [len(risk.assessments) for risk in report.risks] == [2, 2, 2, 7, 4]
    assert len(RISKS.fill(report).rows) == 17
    blocks = " ".join(str(block) for block in outline(report).blocks)
    assert "Apathy is more likely to be a risk than conflict" in blocks
    assert "No risk implications were stated" not in blocks
