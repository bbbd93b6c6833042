"""What someone said in a case study is found while they agree to it being shown, and from their withdrawal on by nobody."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.models import CaseStudy, Commitment, Consent
from commitments.services.case_studies import submit_case_study
from commitments.services.case_study_review import accept_case_study
from commitments.services.consents import record_consent, withdraw_consent
from partners.models import User
from tests.factories import make_evidence
from vcsportal.search.results import find, show

pytestmark = pytest.mark.django_db
CONTENT = CaseStudyContent(
    "A kitchen",
    what_was_done="We cooked dumplings.",
    quotation="I have not laughed so much.",
    said_by="a regular guest",
)
LISTS = ("commitments:case-studies", "commitments:evidence-list")


@pytest.fixture
def told(partner: User, officer: User, commitment: Commitment) -> CaseStudy:
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, title="Lunches", story="")
    return tell(partner, officer, submitted(partner, piece, CONTENT))


def submitted(partner: User, piece: Any, content: CaseStudyContent) -> CaseStudy:
    return submit_case_study(by=partner, at=timezone.now(), evidence=piece, content=content)


def tell(partner: User, officer: User, case_study: CaseStudy) -> CaseStudy:
    return accept_case_study(by=officer, at=timezone.now(), case_study=case_study)


def agree(by: User, told: CaseStudy, *uses: str, given_by: str = "the guest", **more: Any) -> Consent:
    assert told.published
    return record_consent(
        by=by, at=timezone.now(), evidence=told.evidence, quotation=told.published.quotation, given_by=given_by,
        given_on=timezone.localdate(), uses=uses or ("portal",), **more,
    )  # fmt: skip


def found(query: str, today: date | None = None) -> list[int]:
    kinds = find(query, today or timezone.localdate())
    return next((list(each.keys) for each in kinds if each.kind.code == "case-studies"), [])


def in_lists(client: Client, told: CaseStudy) -> list[bool]:
    """Whether the case study, and its evidence, are in the lists of what has a word of the quotation."""
    addresses = {LISTS[0]: told.get_absolute_url(), LISTS[1]: told.evidence.get_absolute_url()}
    return [
        f'href="{address}"' in client.get(reverse(name), {"q": "laughing"}).text for name, address in addresses.items()
    ]


@pytest.mark.parametrize("query", ["laugh", "laughed dumpling", "regular guest", "kitchen laughed"])
def test_its_words_are_found_with_those_of_the_case_study(partner: User, told: CaseStudy, query: str) -> None:
    assert found(query) == []
    agree(partner, told)
    assert found(query) == [told.evidence_id]
    assert found(f"{query} otter") == []


def test_they_stand_in_the_excerpt_and_are_gone_once_the_consent_is_withdrawn(
    client: Client, partner: User, told: CaseStudy
) -> None:
    consent = agree(partner, told)
    assert "I have not <mark>laughed</mark> so much." in client.get("/search/", {"q": "laugh"}).text
    assert in_lists(client, told) == [True, True]
    [kind] = [each.kind for each in find("laugh", timezone.localdate())]
    withdraw_consent(by=partner, at=timezone.now(), consent=consent)
    assert find("laugh", timezone.localdate()) == []
    page = client.get("/search/", {"q": "laugh"}).text
    assert "Nothing that is published has this word." in page
    assert "laughed" not in page
    assert in_lists(client, told) == [False, False]
    [[hit]] = show("kitchen", [(kind, [told.evidence_id])], timezone.localdate())
    assert not [text for text in hit.hit.texts if "laugh" in text or "guest" in text]


def test_of_what_its_own_people_may_read_only_what_everyone_may_is_found(
    signed_in: Any, partner: User, told: CaseStudy
) -> None:
    assert in_lists(signed_in(partner), told) == [False, False]


def test_they_are_found_on_the_last_day_of_the_consent_and_not_on_the_next(partner: User, told: CaseStudy) -> None:
    today = timezone.localdate()
    agree(partner, told, lasts_until=today)
    assert found("laughed", today) == [told.evidence_id]
    assert found("laughed", today + timedelta(1)) == []
    assert found("dumplings", today + timedelta(1)) == [told.evidence_id]


def test_a_consent_to_other_uses_and_an_answer_against_it_keep_them_back(partner: User, told: CaseStudy) -> None:
    agree(partner, told, "report", "publicity")
    assert found("laughed") == []
    agree(partner, told)
    assert found("laughed") == [told.evidence_id], "the same person's newer answer"
    agree(partner, told, "report", given_by="her sister")
    assert found("laughed") == []


def test_a_quotation_that_the_published_text_no_longer_has_is_not_found(
    partner: User, officer: User, told: CaseStudy
) -> None:
    agree(partner, told)
    newer = submitted(partner, told.evidence, replace(CONTENT, quotation="", said_by=""))
    assert found("laughed") == [told.evidence_id], "everyone reads the earlier text until the newer is accepted"
    tell(partner, officer, newer)
    assert found("laughed") == []
