"""The pages of case studies: what each reader finds, and that words that nobody agrees to any more are gone from all of them."""

from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.models import CaseStudy, Consent
from commitments.services.case_studies import save_case_study, submit_case_study, withdraw_case_study
from commitments.services.case_study_review import accept_case_study, choose_case_study
from commitments.services.consents import record_consent, take_down, withdraw_consent
from commitments.services.working_copies import copy_of
from partners.services.strands import StrandContent, add_strand
from tests.factories import make_evidence, make_organisation, make_person

pytestmark = pytest.mark.django_db
SAYING = "I have not laughed so much in years."
CONTENT = CaseStudyContent(
    headline="A kitchen that feeds a village", what_was_done="We opened the hall kitchen.", place="Lower Mill",
    quotation=SAYING, said_by="a regular guest", cost="a cook",
)  # fmt: skip
LIST = reverse("commitments:case-studies")


def make_told(by, officer, commitment, content=CONTENT, **more):
    piece = make_evidence(by, commitment, state="accepted", officer=officer, **more)
    submit_case_study(by=by, at=timezone.now(), evidence=piece, content=content)
    return accept_case_study(by=officer, at=timezone.now(), case_study=piece.case_study)


@pytest.fixture
def told(partner, officer, commitment, area):
    strand = add_strand(by=None, at=timezone.now(), content=StrandContent("Older people"))
    return make_told(partner, officer, commitment, replace(CONTENT, strands=(strand,)), districts=(area,))


def agree(by, told, uses=("portal", "report")):
    return record_consent(
        by=by, at=timezone.now(), evidence=told.evidence, quotation=told.published.quotation, given_by="the guest",
        given_on=timezone.localdate(), uses=uses,
    )  # fmt: skip


def text(client, address):
    return unescape(client.get(address).content.decode())


def test_the_shelf_finds_a_case_study_by_everything_that_can_be_asked(client, told, officer, strategy, area):
    other_people = make_person("partner_contributor", make_organisation("Elm Trust"))
    other = make_told(
        other_people,
        officer,
        strategy.commitments.get(reference="2.1"),
        CaseStudyContent("A choir", what_was_done="We sang."),
    )
    theme, second = (f"{strategy.slug}:{each.evidence.commitments.get().priority.number}" for each in (told, other))
    both = {told.published.headline, other.published.headline}
    strand = told.published.strands.get().code
    for query, found in (
        ("", both), ("?q=kitch", {CONTENT.headline}), ("?q=elm", {"A choir"}), ("?q=kitchen+choir", set()),
        ("?q=laughed", set()), (f"?district={area.gss_code}", {CONTENT.headline}), (f"?strand={strand}", {CONTENT.headline}),
        (f"?theme={theme}", {CONTENT.headline}), (f"?theme={second}", {"A choir"}), (f"?strategy={strategy.slug}", both),
        ("?organisation=Elm", {"A choir"}),
    ):  # fmt: skip
        page = text(client, LIST + query)
        assert {headline for headline in both if headline in page} == found, query
    assert client.get(LIST + "?theme=none:9").status_code == 422


def test_each_reader_finds_what_is_theirs(client, signed_in, partner, officer, outsider, commitment, told):
    draft, sent = (make_evidence(partner, commitment, state="accepted", officer=officer) for _ in range(2))
    save_case_study(by=partner, at=timezone.now(), evidence=draft, content=CaseStudyContent("Half a story"))
    waiting = CaseStudyContent("Another kitchen", what_was_done="We cooked.")
    submit_case_study(by=partner, at=timezone.now(), evidence=sent, content=waiting)
    page = text(client, LIST)
    assert ("Half a story" in page, "Another kitchen" in page, "Waiting for review" in page) == (False, False, False)
    assert client.get(f"{LIST}?show=review").status_code == 404
    own = text(signed_in(partner), f"{LIST}?show=handled")
    assert "Half a story" in own
    assert "Another kitchen" in own
    assert signed_in(partner).get(f"{LIST}?show=review").status_code == 404
    queue = text(signed_in(officer), f"{LIST}?show=review")
    assert "Another kitchen" in queue
    assert "Half a story" not in queue
    for piece, readers in ((draft, {partner}), (sent, {partner, officer})):
        for person in (partner, officer, outsider):
            answer = signed_in(person).get(reverse("commitments:case-study", args=[piece.pk]))
            assert answer.status_code == (200 if person in readers else 404)
    assert "In the report" not in text(client, told.get_absolute_url())


def test_a_withdrawn_quotation_is_gone_from_everywhere(client, signed_in, told, partner, officer, open_round):
    choose_case_study(by=officer, at=timezone.now(), case_study=told, round_=open_round)
    draft = reverse("reporting:report-draft", args=[open_round.strategy.slug, open_round.slug])
    in_public = [told.get_absolute_url(), "/api/v1/case-studies/", f"/api/v1/case-studies/{told.evidence_id}/"]
    silent = [LIST, f"{LIST}?q=laughed", f"/search/?q={SAYING}", told.evidence.get_absolute_url()]
    paper = reverse("reporting:case-study-pdf", args=[told.evidence_id])

    def shown():
        inside = signed_in(officer)
        return [SAYING in text(client, address) for address in in_public] + [SAYING in text(inside, draft)]

    assert shown() == [False] * 4
    consent = agree(partner, told)
    assert shown() == [True] * 4
    assert "laughed" in words_of(client.get(paper).content)
    withdraw_consent(by=partner, at=timezone.now(), consent=consent)
    assert shown() == [False] * 4
    assert "laughed" not in words_of(client.get(paper).content)
    assert "kitchen" in words_of(client.get(paper).content)
    for address in silent:
        assert SAYING not in text(client, address).replace(f'value="{SAYING}"', ""), address
    for person in (partner, officer):
        assert SAYING not in text(signed_in(person), told.get_absolute_url())
    assert SAYING not in text(signed_in(partner), reverse("commitments:case-study-write", args=[told.evidence_id]))


def words_of(content):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


def test_a_withdrawn_case_study_is_gone_from_every_list(client, signed_in, told, partner):
    withdraw_case_study(by=partner, at=timezone.now(), case_study=told)
    assert client.get(told.get_absolute_url()).status_code == 404
    assert client.get(reverse("reporting:case-study-pdf", args=[told.evidence_id])).status_code == 404
    assert client.get(f"/api/v1/case-studies/{told.evidence_id}/").status_code == 404
    for address in (LIST, "/search/?q=kitchen", "/api/v1/case-studies/", told.evidence.get_absolute_url()):
        assert CONTENT.headline not in text(client, address), address
    assert "Reopen it" in text(signed_in(partner), told.get_absolute_url())


def test_its_own_people_read_that_a_story_is_withheld_and_nothing_of_it(client, signed_in, told, partner):
    agree(partner, told)
    take_down(by=partner, at=timezone.now(), evidence=told.evidence, asked_by="somebody in the story")
    assert client.get(told.get_absolute_url()).status_code == 404
    for address in (told.get_absolute_url(), f"/api/v1/case-studies/{told.evidence_id}/"):
        page = text(signed_in(partner), address)
        assert SAYING not in page
        assert CONTENT.what_was_done not in page


def test_a_partner_writes_on_the_page_and_an_officer_returns_and_then_accepts(signed_in, partner, officer, commitment):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    address, page = (reverse(f"commitments:case-study{name}", args=[piece.pk]) for name in ("-write", ""))
    writer = signed_in(partner)
    form = writer.get(address).context["form"]
    assert form["headline"].value() == piece.title
    sent = {"headline": "A kitchen", "what_was_done": " ", "version": "0", "act": "send"}
    refused = writer.post(address, sent)
    assert refused.status_code == 422
    assert "Say what was done" in refused.content.decode()
    assert writer.post(address, {**sent, "what_was_done": "We cooked."}).status_code == 302
    stale = writer.post(page, {"decision": "approve", "version": "1"})
    assert stale.status_code == 403
    reader = signed_in(officer)
    returned = {"decision": "return", "reason": "Say where.", "version": "1"}
    assert reader.post(page, returned).status_code == 302
    assert "Say where." in text(signed_in(partner), page)
    writer = signed_in(partner)
    again = {**sent, "what_was_done": "We cooked.", "place": "Lower Mill", "version": "2"}
    assert writer.post(address, {**again, "version": "1"}).status_code == 409
    assert writer.post(address, again).status_code == 302
    assert signed_in(officer).post(page, {"decision": "approve", "version": "1"}).status_code == 409
    assert signed_in(officer).post(page, {"decision": "approve", "version": "3"}).status_code == 302
    assert CaseStudy.objects.get(published__place="Lower Mill").state == "accepted"
    assert not Consent.objects.exists()


@pytest.mark.parametrize("typed", [SAYING, "i have NOT laughed  so much", f"She said: “{SAYING}”"])
def test_a_quotation_whose_consent_has_ended_is_in_nothing_that_is_being_typed(signed_in, told, partner, typed):
    address, form = reverse("commitments:case-study-write", args=[told.evidence_id]), f"case-study:{told.evidence_id}"
    last = timezone.localdate() - timedelta(days=1)
    writer = signed_in(partner)
    sent = {"act": "keep", "headline": "New", "quotation": typed, "said_by": "a guest", "version": "2"}
    Consent.objects.create(
        evidence=told.evidence, quotation=told.published.quotation, given_by="the guest", given_on=last, uses=["portal"],
        lasts_until=timezone.localdate(), recorded_at=timezone.now(), recorded_by=partner,
    )  # fmt: skip
    assert writer.post(address, sent).status_code == 204
    assert writer.get(address).context["form"]["quotation"].value() == typed
    Consent.objects.update(lasts_until=last)
    page = writer.get(address)
    assert not page.context["form"]["quotation"].value()
    assert not page.context["form"]["said_by"].value()
    assert page.context["form"]["headline"].value() == "New"
    assert writer.post(address, sent).status_code == 204
    kept = copy_of(partner, form)
    assert kept is not None
    assert "quotation" not in kept.fields
    assert "said_by" not in kept.fields
    assert writer.post(address, {**sent, "quotation": "I cooked for the first time."}).status_code == 204
    assert writer.get(address).context["form"]["quotation"].value() == "I cooked for the first time."


def test_a_late_keeping_after_a_withdrawal_brings_no_quotation_back(signed_in, told, partner):
    address = reverse("commitments:case-study-write", args=[told.evidence_id])
    writer, consent = signed_in(partner), agree(partner, told)
    sent = {"act": "keep", "headline": "New", "quotation": SAYING, "said_by": "a regular guest", "version": "2"}
    assert writer.post(address, sent).status_code == 204
    withdraw_consent(by=partner, at=timezone.now(), consent=consent)
    assert writer.post(address, sent).status_code == 204
    kept = copy_of(partner, f"case-study:{told.evidence_id}")
    assert kept is not None
    assert set(kept.fields) == {"headline", "version"}


def test_accepting_what_nobody_else_can_read_does_not_say_that_everyone_can(signed_in, partner, officer, commitment):
    said = {}
    for publishable in (True, False):
        piece = make_evidence(partner, commitment, state="accepted", officer=officer, publishable=publishable)
        submit_case_study(by=partner, at=timezone.now(), evidence=piece, content=CONTENT)
        address = reverse("commitments:case-study", args=[piece.pk])
        answer = signed_in(officer).post(address, {"decision": "approve", "version": "1"}, follow=True)
        page = unescape(answer.content.decode())
        said[publishable] = "Everyone can read it now" in page, "Print or share (PDF)" in page
        paper = reverse("reporting:case-study-pdf", args=[piece.pk])
        assert (signed_in(officer).get(paper).status_code == 200) is publishable
    assert said == {True: (True, True), False: (False, False)}


def test_the_ledger_lists_a_quotation_that_nobody_was_asked_about(signed_in, told, partner, officer):
    address = reverse("commitments:consent-ledger") + "?show=missing"
    draft = replace(CONTENT, quotation="I cried.")
    save_case_study(by=partner, at=timezone.now(), evidence=told.evidence, content=draft)
    page = text(signed_in(officer), address)
    assert "The quotation in its case study" in page
    assert "1 photograph or quotation waits" in page
    agree(partner, told)
    assert "There is nothing here." in text(signed_in(officer), address)
    submit_case_study(by=partner, at=timezone.now(), evidence=told.evidence, content=draft)
    assert "The quotation in its case study" in text(signed_in(officer), address)
    withdraw_case_study(by=partner, at=timezone.now(), case_study=told)
    assert "There is nothing here." in text(signed_in(officer), address)
