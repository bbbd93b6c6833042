"""The report of the plan of 2008–11, which has ended: drawn for its last round and read back."""

import io

import pytest
from django.utils import timezone
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(now):
    load_areas(by=None, at=now, entries=read_areas(AREAS.read_text(encoding="utf-8")))
    strategy = load_strategy(by=None, at=now, entry=ENTRY).strategy
    round_ = Round.objects.select_related("strategy__owner", "strategy__supported_by").get(
        strategy=strategy, slug="2010-11"
    )
    return assembly.assemble(round_=round_, making=facts.ProductionDetails(at=timezone.now(), edition=1))


def test_its_report_is_drawn_with_its_own_nouns_its_risks_and_who_each_project_is_for(report):
    reader = PdfReader(io.BytesIO(to_pdf(report).content))
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
