"""The report of a charter: who has signed, read back from the PDF and the data, without any name of a person."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from commitments.services.pledges import set_pledge
from commitments.services.reaffirming import reaffirm
from reporting import assembly, facts
from reporting.exports.charters import SIGNATORIES
from reporting.facts import from_json, to_json
from reporting.narrative.charters import summary
from reporting.rendering.pdf import to_pdf
from tests.commitments.charter import OPENED, at, make_charter, make_charter_round, signed
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def report(council):
    """One reaffirmed, one was silent, one signed on the day the round opened, one withdrew on that day and one long ago."""
    charter = make_charter(council)
    round_ = make_charter_round(charter, state="open")
    hall = make_organisation("Ash Hall")
    warden = make_person("partner_lead", hall, name="Ada Verger")
    row = signed(charter, hall, recorded_by=warden, signed_as="Warden", told_how="online")
    set_pledge(
        by=warden, at=at(OPENED), signatory=row, commitment=charter.commitments.get(), words="We share our hall."
    )
    reaffirm(by=warden, at=at(OPENED), signatory=row, round_=round_, words="We opened our hall.")
    signed(charter, make_organisation("Birch Choir"))
    signed(charter, make_organisation("Cedar Band"), OPENED)
    for name, day in (("Dogwood Dancers", OPENED), ("Elder Singers", round_.observes_from)):
        signed(
            charter, make_organisation(name), ended_on=day, ended_at=at(day), ended_by=warden, ended_why="It closed."
        )
    round_.state, round_.closings = "closed", 1
    round_.save()
    round_.strategy.owner = council
    return assembly.assemble(round_=round_, making=facts.ProductionDetails(at=timezone.now(), edition=1))


def test_who_stood_in_the_period_is_listed_with_how_and_the_silent_are_no_no(report):
    assert [(row.organisation, row.standing) for row in report.signatories] == [
        ("Ash Hall", "reaffirmed"), ("Birch Choir", "lapsed"), ("Cedar Band", "new"), ("Dogwood Dancers", "ended"),
    ]  # fmt: skip
    assert summary(report) == (
        "3 organisations have signed: 1 reaffirmed in 2025-26, 1 has not answered and 1 signed too late to be "
        "asked. No answer is not a “no”. 1 signature ended in the period."
    )
    assert from_json(to_json(report)) == report
    columns = [column.name for column in SIGNATORIES.columns]
    [hall, choir, _, dancers] = [dict(zip(columns, row, strict=True)) for row in SIGNATORIES.fill(report).rows]
    assert (hall["has_done"], hall["pledges"]) == ("We opened our hall.", ("We share our hall.",))
    assert (choir["has_done"], dancers["ended_why"]) == (None, "It closed.")
    assert "Ada" not in to_json(report)


def test_the_pdf_has_the_section_with_words_and_pledges(report):
    reader = PdfReader(io.BytesIO(to_pdf(report).content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "Who has signed", "Ash Hall", "as Warden", "We opened our hall.", "Pledge: We share our hall.",
        "Not reaffirmed in 2025-26", "Ended on 1 April 2026: It closed.",
    ):  # fmt: skip
        assert words in text, words
    assert "Ada" not in text
    assert "Elder Singers" not in text
