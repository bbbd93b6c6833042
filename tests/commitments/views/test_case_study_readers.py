"""Who reads which text of a case study: everyone what was accepted, reviewers what was sent, its writers what they write."""

from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.content.case_studies import CaseStudyContent
from commitments.models import CaseStudy
from commitments.reading.my_work import open_case_studies
from commitments.services.case_studies import (
    reopen_case_study,
    save_case_study,
    submit_case_study,
    withdraw_case_study,
)
from commitments.services.case_study_review import accept_case_study, choose_case_study, return_case_study
from commitments.services.consents import record_consent, take_down
from partners.models import Mail
from partners.services.roles import end_role, give_role
from partners.services.strands import StrandContent, add_strand, end_strand
from reporting.assembly import assemble
from reporting.facts import ProductionDetails
from tests.factories import make_evidence, make_organisation, make_person
from tests.signing_in import sign_in
from vcsportal.common.words import NotAllowed

pytestmark = pytest.mark.django_db
SAYING = "I have not laughed so much in years."
CONTENT = CaseStudyContent(
    headline="A kitchen that feeds a village", what_was_done="We opened the hall kitchen.", place="Lower Mill",
    what_changed="Thirty people come each week.",
)  # fmt: skip
CHANGED = replace(CONTENT, headline="Two kitchens", what_changed="Sixty come.", quotation=SAYING, said_by="a guest")
LIST = reverse("commitments:case-studies")


def page_of(name, piece):
    return reverse(f"commitments:{name}", args=[piece.pk])


def api_of(piece):
    return f"/api/v1/case-studies/{piece.pk}/"


def text(person, address):
    return unescape((sign_in(Client(), person) if person else Client()).get(address).content.decode())


def status(person, address, method="get", **values):
    return getattr(sign_in(Client(), person), method)(address, *([values] if values else [])).status_code


def save(by, piece, content=CONTENT, service=save_case_study) -> Any:
    return service(by=by, at=timezone.now(), evidence=piece, content=content)


def newest_of(piece) -> Any:
    return CaseStudy.objects.get(evidence=piece).newest


@pytest.fixture
def piece(partner, officer, commitment):
    return make_evidence(partner, commitment, state="accepted", officer=officer)


@pytest.fixture
def told(partner, officer, piece):
    save(partner, piece, service=submit_case_study)
    return accept_case_study(by=officer, at=timezone.now(), case_study=piece.case_study)


@pytest.fixture
def strands(db):
    return [add_strand(by=None, at=timezone.now(), content=StrandContent(words)) for words in ("Older people", "Faith")]


@pytest.fixture
def body():
    return make_organisation("Common Thread", kind="infrastructure_body")


@pytest.fixture
def helper(body):
    return make_person("partner_contributor", body)


@pytest.fixture
def groups_piece(officer, commitment):
    """Evidence of a group without people here; someone else typed it."""
    typist = make_person("partner_contributor", make_organisation("Elm Trust", kind="infrastructure_body"))
    group = make_organisation("A small choir", kind="unincorporated_group")
    return make_evidence(
        typist, commitment, state="accepted", officer=officer, organisation=group, said_by="the conductor",
        said_how="telephone",
    )  # fmt: skip


def test_who_it_is_for_changes_in_public_once_an_officer_accepts_it(partner, officer, piece, strands, open_round, now):
    older, faith = strands
    first = save(partner, piece, replace(CONTENT, strands=(older,)), submit_case_study)
    told = accept_case_study(by=officer, at=now, case_study=first)
    choose_case_study(by=officer, at=now, case_study=told, round_=open_round)

    def in_public():
        report = assemble(round_=open_round, making=ProductionDetails(at=now, edition=1))
        listed = [strand.code for strand in strands if CONTENT.headline in text(None, f"{LIST}?strand={strand.code}")]
        row = Client().get(api_of(piece)).json()
        page = text(None, told.get_absolute_url())
        shown = [strand.words for strand in strands if strand.words in page]
        return shown, listed, [strand["words"] for strand in row["strands"]], list(report.case_studies[0].strands)

    def all_say(strand):
        return [strand.words], [strand.code], [strand.words], [strand.words]

    for service in (save_case_study, submit_case_study):
        save(partner, piece, replace(CONTENT, strands=(faith,)), service)
        assert in_public() == all_say(older)
    accept_case_study(by=officer, at=now, case_study=piece.case_study)
    assert in_public() == all_say(faith)


def test_the_filter_offers_no_strand_of_a_draft(partner, piece, told, strands):
    save(partner, piece, replace(CONTENT, strands=(strands[1],)))
    assert strands[1].words not in text(None, LIST)


def test_how_it_was_told_belongs_to_the_text_that_somebody_else_wrote(
    partner, officer, second_officer, piece, told, now
):
    def shown():
        return "By telephone".lower() in text(None, told.get_absolute_url()), Client().get(api_of(piece)).json()[
            "told_how"
        ]

    by_phone = replace(CONTENT, told_how="telephone")
    save(officer, piece, by_phone)
    assert shown() == (False, "")
    save(officer, piece, by_phone, submit_case_study)
    accept_case_study(by=second_officer, at=now, case_study=piece.case_study)
    assert shown() == (True, "telephone")
    save(partner, piece, service=submit_case_study)
    assert shown() == (True, "telephone")
    accept_case_study(by=officer, at=now, case_study=piece.case_study)
    assert shown() == (False, "")


def test_an_unsent_draft_is_neither_read_nor_replaced_by_people_outside_the_organisation(
    partner, officer, piece, helper
):
    draft = save(partner, piece, CHANGED)
    sent = {"headline": "Ours", "what_was_done": "x", "told_how": "telephone", "version": draft.version}
    for person in (officer, helper):
        address = page_of("case-study-write", piece)
        assert status(person, address) == 403
        assert SAYING not in text(person, address)
        assert status(person, address, "post", **sent, act="send") == 403
        answer = sign_in(Client(), person).post(
            "/api/v1/case-studies/", {**sent, "evidence": piece.pk}, content_type="application/json"
        )
        assert answer.status_code == 403
        assert "being written by someone else" in answer.content.decode() or person == helper
    assert newest_of(piece).headline == CHANGED.headline
    assert status(partner, page_of("case-study-write", piece)) == 200


def test_a_draft_for_a_group_is_its_writers_alone_and_others_begin_from_what_is_public(
    officer, body, helper, groups_piece
):
    other = make_person("partner_contributor", make_organisation("Oak House", kind="infrastructure_body"))
    by_phone = replace(CHANGED, told_how="telephone")
    save(helper, groups_piece, by_phone)
    write = page_of("case-study-write", groups_piece)
    for person in (other, officer, make_person("partner_contributor", body)):
        assert status(person, write) == 403
        assert SAYING not in text(person, write)
    sent = save(helper, groups_piece, by_phone, submit_case_study)
    accept_case_study(by=officer, at=timezone.now(), case_study=sent)
    page = text(other, write)
    assert CHANGED.headline in page
    assert SAYING not in page, "nobody has agreed to the quotation"
    made: Any = sign_in(Client(), other).post(
        write,
        {"headline": "Mine", "what_was_done": "y", "told_how": "letter", "version": sent.version + 1, "act": "save"},
    )
    assert made.status_code == 302
    assert status(other, made.url) == 200
    assert "Mine" in text(other, made.url)
    assert "Mine" not in text(helper, made.url)
    assert status(helper, write) == 403


def test_a_program_that_saves_for_a_group_is_answered_with_what_it_saved(helper, groups_piece):
    values = {"headline": "A choir", "what_was_done": "We sang.", "told_how": "letter"}
    made = sign_in(Client(), helper).post(
        "/api/v1/case-studies/",
        {**values, "evidence": groups_piece.pk, "version": 0},
        content_type="application/json",
    )
    assert (made.status_code, made.json()["headline"], made.json()["state"]["code"]) == (201, "A choir", "draft")
    again = sign_in(Client(), helper).post(
        f"{api_of(groups_piece)}save/", {**values, "headline": "Choirs", "version": 1}, content_type="application/json"
    )
    assert (again.status_code, again.json()["headline"], again.json()["version"]) == (200, "Choirs", 2)


def test_a_draft_whose_writer_no_longer_takes_part_blocks_nobody(helper, officer, administrator, groups_piece):
    save(helper, groups_piece, replace(CHANGED, told_how="telephone"))
    end_role(by=administrator, at=timezone.now(), grant=helper.role_grants.get())
    page = text(officer, page_of("case-study-write", groups_piece))
    assert CHANGED.headline not in page
    assert groups_piece.title in page
    made = save(officer, groups_piece, replace(CONTENT, told_how="letter"))
    assert made.newest.headline == CONTENT.headline


def test_reviewers_read_what_was_sent_last_and_not_what_is_being_written(partner, officer, piece, told):
    readers = (told.get_absolute_url(), api_of(piece), piece.get_absolute_url(), f"{LIST}?show=handled")
    save(partner, piece, CHANGED)
    for address in readers:
        page = text(officer, address)
        assert CONTENT.headline in page, address
        assert CHANGED.headline not in page, address
        assert SAYING not in page, address
        assert CHANGED.headline in text(partner, address), address
    assert SAYING not in text(officer, page_of("consents", piece))
    assert SAYING in text(partner, page_of("consents", piece))
    quotation = newest_of(piece).quotation_id
    assert status(officer, f"{page_of('consent-new', piece)}?quotation={quotation}") == 404
    assert status(partner, f"{page_of('consent-new', piece)}?quotation={quotation}") == 200
    assert sign_in(Client(), officer).get(api_of(piece)).json()["state"]["code"] == "accepted"
    save(partner, piece, CHANGED, submit_case_study)
    assert SAYING in text(officer, told.get_absolute_url())
    assert SAYING in text(officer, page_of("consents", piece))
    return_case_study(by=officer, at=timezone.now(), case_study=piece.case_study, reason="Say where.")
    save(partner, piece, replace(CHANGED, headline="Three kitchens"))
    page = text(officer, told.get_absolute_url())
    assert CHANGED.headline in page
    assert "Three kitchens" not in page
    assert sign_in(Client(), officer).get(api_of(piece)).json()["state"]["code"] == "returned"


def test_what_was_reopened_is_a_draft_that_reviewers_read_once_it_is_sent_again(partner, officer, told, now):
    withdraw_case_study(by=partner, at=now, case_study=told)
    assert CONTENT.headline in text(officer, told.get_absolute_url())
    reopen_case_study(by=partner, at=now, case_study=told)
    assert status(officer, told.get_absolute_url()) == 404
    save(partner, told.evidence, service=submit_case_study)
    assert CONTENT.headline in text(officer, told.get_absolute_url())


def test_who_left_the_organisation_reads_none_of_its_drafts_and_withdraws_nothing(
    partner, partner_lead, administrator, told, helper, body, now
):
    save(partner_lead, told.evidence, CHANGED)
    assert CHANGED.headline in text(partner, told.get_absolute_url())
    end_role(by=administrator, at=now, grant=partner.role_grants.get())
    partner = type(partner).objects.get(pk=partner.pk)
    for address in (told.get_absolute_url(), api_of(told.evidence)):
        assert CHANGED.headline not in text(partner, address)
        assert SAYING not in text(partner, address)
    give_role(by=administrator, at=now, person=partner, role="partner_contributor", organisation=body)
    partner = type(partner).objects.get(pk=partner.pk)
    assert CHANGED.headline not in text(partner, told.get_absolute_url())
    for service in (withdraw_case_study, reopen_case_study):
        with pytest.raises(NotAllowed, match="Only the organisation"):
            service(by=partner, at=now, case_study=told)


def test_a_draft_for_a_group_that_has_its_own_people_now_is_theirs(administrator, helper, groups_piece, now):
    made = save(helper, groups_piece, replace(CHANGED, told_how="telephone"))
    typist = groups_piece.logged_by
    own = make_person("partner_contributor", groups_piece.organisation)
    for person, found in ((own, True), (helper, False), (typist, False)):
        assert CaseStudy.objects.visible_to(person, timezone.localdate(now)).exists() is found
        assert (status(person, page_of("case-study-write", groups_piece)) == 200) is found
    with pytest.raises(NotAllowed):
        withdraw_case_study(by=helper, at=now, case_study=made)
    withdraw_case_study(by=own, at=now, case_study=made)


def test_the_public_reads_no_state_of_a_review_and_counts_no_drafts(partner, officer, outsider, piece, told):
    save(partner, piece, CHANGED, submit_case_study)
    return_case_study(by=officer, at=timezone.now(), case_study=piece.case_study, reason="Say where.")
    for person in (None, outsider):
        reader = sign_in(Client(), person) if person else Client()
        row = reader.get(api_of(piece)).json()
        assert (row["state"]["code"], row["version"]) == ("accepted", None)
        found = {code: len(reader.get(f"/api/v1/case-studies/?state={code}").json()["results"])
                 for code in ("accepted", "returned", "draft")}  # fmt: skip
        assert found == {"accepted": 1, "returned": 0, "draft": 0}
    own = sign_in(Client(), partner)
    assert len(own.get("/api/v1/case-studies/?state=returned").json()["results"]) == 1
    assert own.get(api_of(piece)).json()["version"] == CaseStudy.objects.get(evidence=piece).version


def test_a_retired_strand_stays_when_the_form_is_saved_unchanged(partner, officer, piece, strands, now):
    told = save(partner, piece, replace(CONTENT, strands=tuple(strands)), submit_case_study)
    accept_case_study(by=officer, at=now, case_study=told)
    for strand in strands:
        end_strand(by=None, at=now, strand=strand)
    writer = sign_in(Client(), partner)
    form = writer.get(page_of("case-study-write", piece)).context["form"]
    assert set(form["strands"].value()) == {strand.code for strand in strands}
    sent = {"headline": "Kitchens", "what_was_done": "We cooked.", "strands": form["strands"].value(), "version": 2}
    assert writer.post(page_of("case-study-write", piece), {**sent, "act": "save"}).status_code == 302
    assert set(newest_of(piece).strands.all()) == set(strands)


def test_no_word_of_a_case_study_whose_story_was_withdrawn_is_in_any_list(partner, officer, piece, told, now):
    places = (
        f"{LIST}?show=handled", f"{LIST}?show=review", piece.get_absolute_url(), reverse("commitments:my-work"),
        page_of("case-study-withdraw", piece), page_of("case-study", piece), api_of(piece), "/api/v1/case-studies/",
    )  # fmt: skip
    save(partner, piece, CHANGED, submit_case_study)
    take_down(by=partner, at=now, evidence=piece, asked_by="a family")

    def check():
        for person in (partner, officer):
            for address in places:
                page = text(person, address)
                for words in (CHANGED.headline, CHANGED.what_changed, CONTENT.headline, CONTENT.place, SAYING):
                    assert words not in page, (person.name, address, words)
        assert "A case study that is no longer shown" in text(partner, f"{LIST}?show=handled")
        assert "A case study that is no longer shown" in text(partner, page_of("case-study-withdraw", piece))
        for query in ("q=sixty", "q=kitchens"):
            assert "1 case study" not in text(partner, f"{LIST}?show=handled&{query}")

    check()
    return_case_study(by=officer, at=now, case_study=piece.case_study, reason="Say where.")
    check()
    mail = Mail.objects.get(kind="case_study_returned")
    assert CHANGED.headline not in mail.text + mail.subject
    assert open_case_studies(partner, timezone.localdate(now)) == []


def test_words_are_looked_for_in_the_text_that_the_reader_reads(partner, officer, piece, told):
    save(partner, piece, CHANGED, submit_case_study)
    assert CHANGED.headline in text(officer, f"{LIST}?show=review&q=sixty")
    assert CHANGED.headline not in text(officer, f"{LIST}?show=review&q=thirty")
    assert CHANGED.headline not in text(officer, f"{LIST}?show=review&q=laughed")
    return_case_study(by=officer, at=timezone.now(), case_study=piece.case_study, reason="Say where.")
    save(partner, piece, replace(CHANGED, headline="Three kitchens"))
    assert "Three kitchens" in text(partner, f"{LIST}?show=handled&q=three")
    assert CHANGED.headline in text(officer, f"{LIST}?show=handled&q=two")
    assert CHANGED.headline not in text(officer, f"{LIST}?show=handled&q=three")
    assert CONTENT.headline in text(None, f"{LIST}?q=thirty")
    assert CONTENT.headline not in text(None, f"{LIST}?q=sixty")


def test_a_quotation_that_waits_is_read_by_reviewers_of_what_was_sent(partner, officer, piece, now):
    save(partner, piece, CHANGED, submit_case_study)
    accepted: Any = accept_case_study(by=officer, at=now, case_study=piece.case_study)
    record_consent(
        by=partner, at=now, evidence=piece, quotation=accepted.published.quotation, given_by="the guest",
        given_on=timezone.localdate(now), uses=["portal"],
    )  # fmt: skip
    save(partner, piece, replace(CHANGED, quotation="I cried."))
    assert SAYING in text(officer, accepted.get_absolute_url())
    assert SAYING in text(officer, page_of("consents", piece))
    assert sign_in(Client(), officer).get(api_of(piece)).json()["quotation"] == SAYING
    assert sign_in(Client(), partner).get(api_of(piece)).json()["quotation"] == ""
