"""A case study that was chosen is in every form of the report, and gone from all of them once a consent ends."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.models import Consent
from commitments.services.case_studies import reopen_case_study, submit_case_study, withdraw_case_study
from commitments.services.case_study_review import accept_case_study, choose_case_study, leave_out_case_study
from commitments.services.consents import record_consent, take_down, withdraw_consent
from reporting import exports, facts
from reporting.assembly import assemble
from reporting.facts.withholding import withhold_since
from reporting.formats import CASE_STUDIES, FORMATS
from reporting.paper import docx
from reporting.production.citations import consented
from reporting.rendering.body import to_html
from reporting.sealed.checking import find_taken_back
from tests.commitments.views.test_action_plan_pages import sent_back
from tests.factories import make_edition, make_evidence, make_round, make_strategy
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
WORDS, HEADLINE, SAYING = "We opened the hall kitchen.", "A kitchen that feeds a village", "I laughed again."


@pytest.fixture
def told(partner, officer, commitment, strategy, now):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer, story="")
    content = CaseStudyContent(
        headline=HEADLINE, what_was_done=WORDS, quotation=SAYING, said_by="a guest", cost="a cook", cost_pounds=1200
    )
    made: Any = submit_case_study(by=partner, at=now, evidence=piece, content=content)
    made = accept_case_study(by=officer, at=now, case_study=made)
    choose_case_study(by=officer, at=now, case_study=made, round_=round_of(strategy))
    return made


def round_of(strategy):
    return strategy.rounds.first() or make_round(strategy)


def agree(by, at, told, uses=("report",)):
    return record_consent(
        by=by, at=at, evidence=told.evidence, quotation=told.published.quotation, given_by="the guest",
        given_on=timezone.localdate(at), uses=uses,
    )  # fmt: skip


def report_of(strategy):
    return assemble(round_=round_of(strategy), making=facts.ProductionDetails(at=timezone.now(), edition=1))


def as_text(report):
    """Everything that the report's forms say, in one text."""
    archive = zipfile.ZipFile(io.BytesIO(exports.WRITERS["csv"](report)))
    data = "".join(archive.read(name).decode() for name in archive.namelist())
    paper = zipfile.ZipFile(io.BytesIO(docx.write(report))).read("word/document.xml").decode()
    return [to_html(report), data, exports.WRITERS["json"](report).decode(), paper]


def test_it_is_told_at_length_in_every_form(told, strategy, partner, now):
    agree(partner, now, told)
    report = report_of(strategy)
    for text in as_text(report):
        for words in (HEADLINE, WORDS, SAYING, "£1,200: a cook"):
            assert words in text
    [shown] = [parts for parts in consented(report) if parts.case_study]
    assert (shown.evidence, shown.quotation) == (told.evidence_id, told.published.quotation_id)


def test_facts_with_a_case_study_are_read_back_and_older_facts_have_none(told, strategy):
    report = report_of(strategy)
    data = json.loads(json.dumps(facts.to_json(report)))
    assert facts.from_json(data).case_studies == report.case_studies
    del data["case_studies"]
    assert facts.from_json(data).case_studies == ()


def test_the_quotation_is_left_out_unless_its_speaker_agrees_to_the_report(told, strategy, partner, now):
    assert not any(SAYING in text for text in as_text(report_of(strategy)))
    consent = agree(partner, now, told, uses=("portal",))
    assert report_of(strategy).case_studies[0].quotation == ""
    agree(partner, now, told)
    made = report_of(strategy)
    assert made.case_studies[0].quotation == SAYING
    assert find_taken_back(facts.to_json(made), timezone.localdate(now)) == ""
    withdraw_consent(by=partner, at=now, consent=Consent.objects.latest("id"))
    assert "quotation" in find_taken_back(facts.to_json(made), timezone.localdate(now))
    assert consent.pk
    assert not any(SAYING in text for text in as_text(report_of(strategy)))
    assert not any(
        SAYING in text for text in as_text(withhold_since(made, {}, (), {made.case_studies[0].quotation_id}))
    )


def test_it_is_left_out_with_its_story_or_when_it_is_withdrawn(told, strategy, partner, officer, now):
    made = report_of(strategy)
    take_down(by=partner, at=now, evidence=told.evidence, asked_by="somebody in the story")
    assert report_of(strategy).case_studies == ()
    assert find_taken_back(facts.to_json(replace(made, evidence=())), timezone.localdate(now)) == (
        "It includes a case study that may no longer be shown."
    )
    since = withhold_since(made, {told.evidence_id: "withdrawn"})
    assert not any(WORDS in text or HEADLINE in text for text in as_text(since))


def test_it_is_left_out_once_it_is_withdrawn_or_not_chosen(told, strategy, partner, officer, now):
    leave_out_case_study(by=officer, at=now, case_study=told, round_=round_of(strategy))
    assert report_of(strategy).case_studies == ()
    choose_case_study(by=officer, at=now, case_study=told, round_=round_of(strategy))
    withdraw_case_study(by=partner, at=now, case_study=told)
    assert report_of(strategy).case_studies == ()


def test_every_form_that_tells_it_is_suspended_with_it():
    assert {face.code for face in FORMATS if CASE_STUDIES not in face.shows} == {"easy", "summary"}


def test_a_published_edition_stops_showing_a_quotation_that_was_withdrawn(
    told, strategy, partner, officer, now, client
):
    agree(partner, now, told)
    edition = make_edition(
        round_=round_of(strategy), by=officer, facts=facts.to_json(report_of(strategy)), published=True
    )
    addresses = {face.code: reverse("reporting:face", args=[edition.pk, face.code]) for face in FORMATS}
    page = reverse("reporting:report", args=[strategy.slug, round_of(strategy).slug])
    assert {client.get(address).status_code for address in addresses.values()} == {200}
    assert SAYING in client.get(page).content.decode()
    withdraw_consent(by=partner, at=now, consent=Consent.objects.get())
    answers = {code: client.get(address) for code, address in addresses.items()}
    assert {code for code, answer in answers.items() if answer.status_code == 200} == {"easy", "summary"}
    assert {answers[code].status_code for code in ("pdf", "html", "docx", "csv", "json")} == {451}
    assert "a quotation" in answers["pdf"].content.decode()
    read = client.get(page).content.decode()
    assert SAYING not in read
    assert HEADLINE in read


def test_a_family_in_a_case_study_without_a_story_can_ask_for_it_to_be_taken_out(
    told, strategy, partner, officer, now, client
):
    assert not told.evidence.story
    edition = make_edition(
        round_=round_of(strategy), by=officer, facts=facts.to_json(report_of(strategy)), published=True
    )
    page = reverse("reporting:report", args=[strategy.slug, round_of(strategy).slug])
    assert HEADLINE in client.get(page).content.decode()
    asked = sign_in(Client(), partner)
    consents = asked.get(reverse("commitments:consents", args=[told.evidence_id])).content.decode()
    assert "The case study" in consents
    assert "nobody needs to be asked" not in consents
    address = reverse("commitments:consent-take-down", args=[told.evidence_id])
    form = sent_back(asked.get(address))
    assert asked.post(address, {**form, "asked_by": "the family", "why": "We never agreed."}).status_code == 302
    assert HEADLINE not in client.get(page).content.decode()
    assert WORDS not in client.get(page).content.decode()
    faces = {face.code: client.get(reverse("reporting:face", args=[edition.pk, face.code])) for face in FORMATS}
    assert {code for code, answer in faces.items() if answer.status_code == 200} == {"easy", "summary"}
    assert client.get(told.get_absolute_url()).status_code == 404
    assert report_of(strategy).case_studies == ()


def test_it_leaves_the_report_of_a_strategy_that_its_evidence_is_no_longer_about(told, strategy, partner, officer, now):
    round_ = round_of(strategy)
    assert report_of(strategy).case_studies
    other = make_strategy(strategy.owner, slug="another-strategy")
    told.evidence.commitments.set([other.commitments.in_order()[0]])
    assert report_of(strategy).case_studies == ()
    assert told.chosen_for.current().exists()
    reader, page = sign_in(Client(), officer), told.get_absolute_url()
    shown = [line["round"] for line in reader.get(page).context["reports"] if line["chosen"]]
    assert shown == [round_]
    address = reverse("commitments:case-study-report", args=[told.evidence_id])
    assert reader.post(address, {"round": round_.pk, "act": "remove"}).status_code == 302
    assert not told.chosen_for.current().exists()
    assert reader.post(address, {"round": round_.pk, "act": "choose"}).status_code == 404


def test_the_api_leaves_out_what_was_chosen_for_a_strategy_that_it_is_no_longer_about(told, strategy, officer):
    told.evidence.commitments.set([make_strategy(strategy.owner, slug="another-strategy").commitments.in_order()[0]])
    left_out = sign_in(Client(), officer).post(
        f"/api/v1/case-studies/{told.evidence_id}/choose/",
        {"strategy": strategy.slug, "round": round_of(strategy).slug, "chosen": False},
        content_type="application/json",
    )
    assert left_out.status_code == 200
    assert not told.chosen_for.current().exists()


def test_what_was_withdrawn_and_accepted_again_is_printed_once_it_is_chosen_again(
    told, strategy, partner, officer, now
):
    withdraw_case_study(by=partner, at=now, case_study=told)
    ended = told.chosen_for.get()
    assert (ended.removed_at, ended.removed_by) == (now, partner)
    reopen_case_study(by=partner, at=now, case_study=told)
    content = CaseStudyContent(headline=HEADLINE, what_was_done="Something else.")
    accept_case_study(
        by=officer,
        at=now,
        case_study=submit_case_study(by=partner, at=now, evidence=told.evidence, content=content),
    )
    assert report_of(strategy).case_studies == ()
