"""Case studies through the API: who reads what, filters, and writing them."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.models import CaseStudy
from commitments.services.case_studies import save_case_study, submit_case_study
from commitments.services.case_study_review import accept_case_study
from commitments.services.consents import record_consent
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db
CONTENT = CaseStudyContent("A kitchen", what_was_done="We cooked.", quotation="I laughed.", said_by="a guest")


def tell(by, officer, commitment, content=CONTENT, **more):
    piece = make_evidence(by, commitment, state="accepted", officer=officer, **more)
    submit_case_study(by=by, at=timezone.now(), evidence=piece, content=content)
    told: Any = accept_case_study(by=officer, at=timezone.now(), case_study=piece.case_study)
    record_consent(
        by=by, at=timezone.now(), evidence=piece, quotation=told.newest.quotation, given_by="the guest",
        given_on=timezone.localdate(), uses=["portal"],
    )  # fmt: skip
    return told


def test_the_public_reads_the_accepted_text_while_its_people_change_it(
    api, stranger, partner, officer, outsider, commitment
):
    told = tell(partner, officer, commitment)
    changed = replace(CONTENT, headline="Two kitchens", quotation="I cried.")
    save_case_study(by=partner, at=timezone.now(), evidence=told.evidence, content=changed)
    draft = make_evidence(partner, commitment, state="accepted", officer=officer)
    save_case_study(by=partner, at=timezone.now(), evidence=draft, content=CaseStudyContent("Half"))
    for as_other in (stranger, api(outsider)):
        [row] = as_other.list("case-studies/")
        assert (row["headline"], row["quotation"], row["said_by"]) == ("A kitchen", "I laughed.", "a guest")
        assert as_other.get(f"case-studies/{draft.pk}/").status_code == 404
    own = {row["evidence"]: row for row in api(partner).list("case-studies/")}
    assert {row["headline"] for row in own.values()} == {"Two kitchens", "Half"}
    assert own[told.evidence_id]["quotation"] == "", "nobody has agreed to the new words"


def test_filters_are_those_of_the_shelf(stranger, partner, officer, commitment, strategy, area):
    told = tell(partner, officer, commitment, districts=(area,))
    keys = {told.evidence_id}
    theme = f"{strategy.slug}:{commitment.priority.number}"
    for query in (
        "q=kitch", "q=laughed", f"district={area.gss_code}", f"theme={theme}", f"strategy={strategy.slug}",
        f"organisation={told.evidence.organisation.slug}", "state=accepted",
    ):  # fmt: skip
        assert {row["evidence"] for row in stranger.list(f"case-studies/?{query}")} == keys, query
    for query in ("q=choir", "state=returned"):
        assert stranger.list(f"case-studies/?{query}") == [], query
    assert stranger.get("case-studies/?state=lovely").status_code == 400


def test_a_program_writes_and_the_second_of_two_is_refused(api, partner, officer, commitment):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    written = {"headline": "A kitchen", "what_was_done": "We cooked.", "version": 0}
    sent = {**written, "evidence": piece.pk}
    made = api(partner).post("case-studies/", sent)
    assert (made.status_code, made.json()["state"]["code"]) == (201, "draft")
    assert api(partner).post("case-studies/", sent).status_code == 409
    rest = f"case-studies/{piece.pk}/"
    submitted = api(partner).post(f"{rest}submit/", {**written, "version": made.json()["version"]})
    assert submitted.status_code == 200, submitted.content
    version = submitted.json()["version"]
    assert api(partner).post(f"{rest}accept/", {"version": version}).status_code == 403
    assert api(officer).post(f"{rest}accept/", {"version": version - 1}).status_code == 409
    assert api(officer).post(f"{rest}accept/", {"version": version}).status_code == 200
    assert CaseStudy.objects.get(published__headline="A kitchen").state == "accepted"


def test_the_list_takes_the_same_few_queries_whatever_its_length(api, stranger, partner, officer, commitment):
    taken: dict[str, list[int]] = {}
    for more in (1, 7):
        for _ in range(more):
            tell(partner, officer, commitment)
        for name, reader in (("anyone", stranger), ("partner", api(partner))):
            with CaptureQueriesContext(connection) as asked:
                assert len(reader.list("case-studies/?page_size=100")) == CaseStudy.objects.count()
            taken.setdefault(name, []).append(len(asked))
    print(taken)
    assert all(first == last <= 10 for first, last in taken.values()), taken
