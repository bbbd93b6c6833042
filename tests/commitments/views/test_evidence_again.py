"""Told for others, told again: on behalf of a group, used for another commitment, begun from something similar, cited by page."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from commitments.models import Contribution, Evidence, EvidenceFile, EvidenceLink, HistoryEntry, TimeTaken, WorkingCopy
from commitments.permissions import evidence as evidence_permissions
from commitments.services import evidence as services
from commitments.services.working_copies import opened
from partners.models import Mail
from tests.commitments import sample_files
from tests.factories import make_evidence, make_evidence_content, make_organisation, make_person, make_strategy
from vcsportal.common.words import Refused

pytestmark = pytest.mark.django_db

NEW = "/evidence/new/"
TOLD: dict[str, Any] = {"said_by": "Mrs Brown of the choir", "said_how": "telephone"}


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


def typed(**changes):
    return {"title": "Sang in the park", "happened_from": "yesterday", "then": "save",
            "form_token": str(uuid.uuid4()), **changes}  # fmt: skip


@pytest.fixture
def thread():
    return make_organisation("Common Thread", "infrastructure_body")


@pytest.fixture
def helper(thread):
    return make_person("partner_contributor", thread, name="Hal Helper")


@pytest.fixture
def choir():
    """A group nobody of which takes part here."""
    return make_organisation("The Choir", "unincorporated_group")


# On behalf of a group


def test_an_infrastructure_body_types_what_a_group_told_it(helper, choir, commitment, officer, client, signed_in):
    inside = signed_in(helper)
    assert "Type what a group told you" in inside.get("/evidence/").text
    page = inside.get(f"{NEW}?for=group")
    assert "For which group?" in page.text
    assert "Who told you?" in page.text
    answer = inside.post(
        f"{NEW}?for=group", typed(organisation=choir.slug, commitments=["1.1"], then="send", publishable="on", **TOLD)
    )
    piece = Evidence.objects.get()
    assert piece.organisation == choir
    assert (piece.said_by, piece.said_how, piece.logged_by) == (TOLD["said_by"], "telephone", helper)
    check = inside.get(answer.url)
    assert TOLD["said_by"] in check.text
    inside.post(answer.url)
    services.accept_evidence(by=officer, at=timezone.now(), evidence=piece)
    public = client.get(piece.get_absolute_url()).text
    assert "Told by telephone; typed by Common Thread" in public
    assert TOLD["said_by"] not in public
    assert "Hal Helper" not in public
    for insider in (inside, signed_in(officer)):
        text = insider.get(piece.get_absolute_url()).text
        assert TOLD["said_by"] in text
        assert "Hal Helper" in text


def test_whoever_typed_it_mends_sends_and_withdraws_it(helper, choir, commitment, officer, signed_in):
    piece = make_evidence(helper, commitment, organisation=choir, **TOLD)
    client = signed_in(helper)
    assert client.get(url("evidence-edit", piece.pk)).status_code == 200
    sent = typed(title="Sang twice", version=piece.version, commitments=["1.1"], **TOLD)
    client.post(url("evidence-edit", piece.pk), sent)
    piece.refresh_from_db()
    assert (piece.title, piece.said_by) == ("Sang twice", TOLD["said_by"])
    client.post(url("evidence-submit", piece.pk))
    piece.refresh_from_db()
    assert piece.state == "submitted"
    client.post(url("evidence-withdraw", piece.pk))
    piece.refresh_from_db()
    assert piece.state == "withdrawn"


def test_an_officer_who_typed_it_cannot_accept_it(officer, second_officer, choir, commitment):
    piece = make_evidence(officer, commitment, organisation=choir, state="submitted", **TOLD)
    with pytest.raises(Refused, match="You logged, changed or sent this evidence yourself"):
        services.accept_evidence(by=officer, at=timezone.now(), evidence=piece)
    services.accept_evidence(by=second_officer, at=timezone.now(), evidence=piece)
    entry = HistoryEntry.objects.get(evidence=piece, act="log")
    assert entry.said["typed_by"] == "Oxfordshire County Council"


def test_it_is_named_who_told_it(helper, choir, strategy, signed_in):
    with pytest.raises(Refused, match="Say who told you, and how"):
        services.log_evidence(by=helper, at=timezone.now(), organisation=choir, content=make_evidence_content())
    with pytest.raises(Refused, match="Say who told you, and how"):
        services.log_evidence(
            by=helper, at=timezone.now(), organisation=choir, content=make_evidence_content(said_by="Mrs Brown")
        )
    upload = SimpleUploadedFile("Walk.jpg", sample_files.photograph())
    answer = signed_in(helper).post(f"{NEW}?for=group", typed(uploads=[upload]))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"organisation", "said_by", "said_how"}
    assert not Evidence.objects.exists()


def test_for_whom_somebody_may_type(helper, officer, partner, outsider, choir, charity, council):
    assert evidence_permissions.can_log_evidence_for(helper, choir)
    assert evidence_permissions.can_log_evidence_for(officer, choir)
    assert not evidence_permissions.can_log_evidence_for(partner, choir)
    assert not evidence_permissions.can_log_evidence_for(helper, outsider.organisations[0]), (
        "they have people of their own here"
    )
    assert evidence_permissions.can_log_evidence_for(officer, outsider.organisations[0]), (
        "an officer takes a telephone call from anybody"
    )
    assert not evidence_permissions.can_log_evidence_for(helper, council)


def test_a_group_that_cannot_be_typed_for_is_not_offered(helper, outsider, choir, partner, strategy, signed_in):
    own = outsider.organisations[0]
    for organisation, found in ((choir, True), (own, False)):
        search = typed(organisation_search=organisation.name, find="organisation", commitments=["1.1"], **TOLD)
        answer = signed_in(helper).post(f"{NEW}?for=group", search)
        assert answer.status_code == 200
        assert (f'value="{organisation.slug}"' in answer.text) is found
        assert TOLD["said_by"] in answer.text, "nothing that was typed is lost"
        assert not answer.context["form"].errors
    assert choir.slug not in signed_in(helper).get(f"{NEW}?for=group").text, "nobody is listed before a search"
    assert not Evidence.objects.exists()
    assert signed_in(partner).get(f"{NEW}?for=group").status_code == 403
    answer = signed_in(helper).post(f"{NEW}?for=group", typed(organisation=outsider.organisations[0].slug, **TOLD))
    assert list(answer.context["form"].errors) == ["organisation"]


def test_nobody_else_sees_the_draft_of_what_was_told(helper, outsider, choir, commitment, officer, signed_in):
    piece = make_evidence(helper, commitment, organisation=choir, **TOLD)
    for stranger in (outsider, officer):
        assert signed_in(stranger).get(piece.get_absolute_url()).status_code == 404


# Used again


def test_what_was_accepted_counts_for_another_commitment(partner, officer, commitment, strategy, signed_in):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    version, client = piece.version, signed_in(partner)
    assert "Use it again for another commitment" in client.get(piece.get_absolute_url()).text
    page = client.get(url("evidence-use-again", piece.pk))
    assert 'value="thing-1-1"' not in page.text, "it is for that one already"
    assert client.post(url("evidence-use-again", piece.pk), {}).status_code == 422
    answer = client.post(url("evidence-use-again", piece.pk), {"commitments": ["1.2", "2.1"]}, follow=True)
    assert "counts for 1.2, 2.1 too" in answer.text
    piece.refresh_from_db()
    assert [one.reference for one in piece.commitments.in_order()] == ["1.1", "1.2", "2.1"]
    assert (piece.state, piece.version) == ("accepted", version + 1)
    entry = HistoryEntry.objects.get(act="use_again")
    assert (entry.by, entry.reason) == (partner, "For 1.2, 2.1 too")
    assert "Used again" in client.get(piece.get_absolute_url()).text


def test_what_is_used_again_stays_in_its_strategy_and_was_accepted(partner, outsider, officer, commitment, council):
    other = make_strategy(council, slug="another", shape=(1,), opens_first=False).commitments.get()
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    again: dict[str, Any] = {"at": timezone.now(), "evidence": piece}
    with pytest.raises(Refused, match="same strategy"):
        services.use_again(by=officer, commitments=[other], **again)
    with pytest.raises(Refused, match="not already for"):
        services.use_again(by=officer, commitments=[commitment], **again)
    with pytest.raises(Refused, match="Only the organisation that did the work"):
        services.use_again(by=outsider, commitments=[], **again)
    draft = make_evidence(partner, commitment)
    with pytest.raises(Refused, match="Only accepted evidence can be used again"):
        services.use_again(by=partner, at=timezone.now(), evidence=draft, commitments=[])


def test_something_similar_is_begun_without_typing_it_again(partner, outsider, officer, commitment, area, signed_in):
    piece = make_evidence(
        partner, commitment, state="accepted", officer=officer, districts=(area,), title="The weekly walk"
    )
    form = signed_in(partner).get(f"{NEW}?like={piece.pk}").context["form"]
    assert form["title"].value() == "The weekly walk"
    assert form["commitments"].value() == ["thing-1-1"]
    assert form["districts"].value() == [area.gss_code]
    assert form["happened_from"].value() is None, "the day is another one"
    assert form["people_reached"].value() is None
    assert signed_in(outsider).get(f"{NEW}?like={piece.pk}").status_code == 404
    assert signed_in(partner).get(f"{NEW}?like=x").status_code == 200


# Cited


def test_the_page_of_a_document_and_of_a_link_is_cited(partner, commitment, signed_in):
    client = signed_in(partner)
    pdf = SimpleUploadedFile("Minutes.pdf", sample_files.pdf())
    client.post(NEW, typed(uploads=[pdf], link_1="example.org/report", link_1_page="12 and 13"))
    piece, file = Evidence.objects.get(), EvidenceFile.objects.get()
    assert EvidenceLink.objects.get().page == "12 and 13"
    edit = client.get(url("evidence-edit", piece.pk))
    assert 'value="12 and 13"' in edit.text
    client.post(
        url("evidence-edit", piece.pk),
        typed(version=piece.version, link_1="example.org/report", link_1_page="12", **{f"page_{file.pk}": "4"}),
    )
    text = client.get(piece.get_absolute_url()).text
    assert "see page 4" in text
    assert "see page 12" in text


def test_somebody_can_be_recognised_is_asked_on_the_one_page_too(partner, commitment, signed_in):
    client = signed_in(partner)
    photo = SimpleUploadedFile("Walk.jpg", sample_files.photograph())
    client.post(NEW, typed(uploads=[photo], shows_people="on"))
    piece, file = Evidence.objects.get(), EvidenceFile.objects.get()
    assert file.shows_people
    asked = {f"asked_people_{file.pk}": "1"}
    client.post(url("evidence-edit", piece.pk), typed(title=piece.title, version=piece.version, **asked))
    file.refresh_from_db()
    assert not file.shows_people


# Kept as it is typed


def test_what_is_typed_is_kept_and_comes_back(partner, commitment, signed_in):
    client = signed_in(partner)
    page = client.get(NEW).text
    assert "data-keep" in page
    assert "data-kept" in page
    answer = client.post(NEW, typed(act="keep", story="Half a sentence", commitments=["1.1"], happened_from="12 Ma"))
    assert answer.status_code == 204
    assert answer["Kept-At"]
    assert not Evidence.objects.exists()
    again = client.get(NEW)
    assert "What you typed was saved" in again.text
    form = again.context["form"]
    assert (form["story"].value(), form["happened_from"].value()) == ("Half a sentence", "12 Ma")
    assert form["commitments"].value() == ["thing-1-1"]
    client.post(NEW, {"act": "discard"})
    assert not WorkingCopy.objects.exists()
    assert "What you typed was saved" not in client.get(NEW).text


def test_what_was_kept_goes_once_it_is_saved(partner, commitment, signed_in):
    client = signed_in(partner)
    client.post(NEW, typed(act="keep"))
    client.post(NEW, typed())
    assert not WorkingCopy.objects.exists()
    piece = Evidence.objects.get()
    edit = url("evidence-edit", piece.pk)
    assert client.post(edit, typed(act="keep", story="More")).status_code == 204
    assert client.get(edit).context["form"]["story"].value() == "More"
    client.post(edit, {"act": "discard"})
    assert client.get(edit).context["form"]["story"].value() == ""
    client.post(edit, typed(act="keep", story="More"))
    client.post(edit, typed(story="More", version=piece.version))
    assert not WorkingCopy.objects.exists()
    piece.refresh_from_db()
    assert piece.story == "More"


def test_how_long_it_took_is_noted_from_opening_to_sending(partner, commitment, signed_in):
    client = signed_in(partner)
    token = opened(timezone.now() - timedelta(seconds=90))
    answer = client.post(NEW, typed(then="send", commitments=["1.1"], opened=token))
    check = client.get(answer.url)
    client.post(answer.url, {"opened": check.context["opened"]})
    assert 90 <= TimeTaken.objects.get(form="evidence").seconds < 120


# What it sets in motion


def test_sending_answers_what_the_round_asks(partner, charity, commitment, open_round):
    Contribution.objects.create(round=open_round, organisation=charity)
    make_evidence(partner, commitment, state="submitted")
    found = Contribution.objects.get()
    assert (found.answer, found.answered_by) == ("evidence", partner)


def test_what_is_returned_is_told_by_mail_with_the_way_back(partner, officer, commitment, signed_in):
    piece = make_evidence(partner, commitment, state="submitted", title="A walk")
    services.return_evidence(by=officer, at=timezone.now(), evidence=piece, reason="Please say **where**.")
    mail = Mail.objects.get()
    assert mail.person == partner
    assert "“A walk”" in mail.subject
    assert "Please say **where**." in mail.text
    way = url("evidence-edit", piece.pk)
    assert way in mail.text
    assert way in mail.html
    assert "What the council asks for" in signed_in(partner).get(way).text
