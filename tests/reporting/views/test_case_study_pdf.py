"""A case study as a paper: a page or two, with photographs, however long it is."""

import io
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.rules.case_study_parts import CASE_STUDY_PARTS, MAX_PART_CHARACTERS
from commitments.services.case_studies import submit_case_study
from commitments.services.case_study_review import accept_case_study
from commitments.services.consents import record_consent
from commitments.services.evidence import accept_evidence, submit_evidence
from tests.factories import make_evidence
from tests.reporting.year import attach_photograph

pytestmark = pytest.mark.django_db
SAYING = "I came with a toaster and left with three neighbours."


def drawn(client, partner, officer, commitment, *, length, photographs):
    """The paper of a case study whose parts each have so many characters."""
    now = timezone.now()
    piece = make_evidence(partner, commitment)
    for number in range(photographs):
        attach_photograph(piece, partner, now, number, caption=f"What photograph {number} shows")
    accept_evidence(by=officer, at=now, evidence=submit_evidence(by=partner, at=now, evidence=piece))
    words = ("We mended what people brought, and asked what they would like to learn. " * 99)[:length]
    parts: Any = {part.code: words for part in CASE_STUDY_PARTS}
    content = CaseStudyContent(
        headline="A repair table that brought a village hall back to life", place="A hall", led_with="the parish council",
        quotation=SAYING, said_by="a visitor", cost="a first-aid kit", cost_pounds=380,
        **parts,
    )  # fmt: skip
    told: Any = submit_case_study(by=partner, at=now, evidence=piece, content=content)
    accept_case_study(by=officer, at=now, case_study=told)
    record_consent(
        by=partner, at=now, evidence=piece, quotation=told.newest.quotation, given_by="the visitor",
        given_on=timezone.localdate(now), uses=["portal"],
    )  # fmt: skip
    cache.clear()
    answer = client.get(reverse("reporting:case-study-pdf", args=[piece.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return pypdf.PdfReader(io.BytesIO(answer.content))


@pytest.mark.parametrize(("length", "photographs", "pages"), [(120, 0, 1), (MAX_PART_CHARACTERS, 3, 2)])
def test_it_takes_a_page_or_two(client, partner, officer, commitment, length, photographs, pages):
    paper = drawn(client, partner, officer, commitment, length=length, photographs=photographs)
    assert len(paper.pages) == pages
    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert SAYING in words
    assert "£380: a first-aid kit" in words
    assert "How to do the same" in words
    shown = {image.name for page in paper.pages for image in page.images}
    assert len(shown) == min(photographs, 2)
