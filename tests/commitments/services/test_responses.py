"""A response is written by one person and approved by another; the owner's acceptance opens progress."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from commitments.content.responses import ResponseContent
from commitments.content.updates import UpdateContent
from commitments.models import Commitment, HistoryEntry, ProgressUpdate, Response
from commitments.permissions.responses import can_approve_response, can_return_response, can_write_response
from commitments.queries.round_commitments import commitments_asked
from commitments.rules import stances
from commitments.services.loading.commitments import LoadedCommitments
from commitments.services.loading.responses import address
from commitments.services.progress import change_status, submit_update
from commitments.services.responses import approve_response, return_response, save_response, submit_response
from partners.models import Mail
from tests.factories import make_organisation, make_person, make_round
from vcsportal.common.words import AlreadyDone, Conflict, Invalid, NotAllowed, NotNow

pytestmark = pytest.mark.django_db

YES = ResponseContent("yes", "We will do it by the summer.", "Cabinet")
NO = ResponseContent("no", "It is for the districts to decide.")


@pytest.fixture
def addressed(commitment, council, charity) -> Commitment:
    """1.1, which speaks to the council, a charity, and institutions that are no organisation here."""
    address(commitment, [council.slug, charity.slug, "Anchor institutions"], done=LoadedCommitments())
    commitment.refresh_from_db()
    return commitment


@pytest.fixture
def response(addressed, council) -> Response:
    return addressed.responses.get(organisation=council)


def give(response, content, officer, second_officer, now) -> Response:
    sent = submit_response(by=officer, at=now, response=response, content=content)
    return approve_response(by=second_officer, at=now, response=sent)


def test_an_addressee_is_awaited_until_somebody_begins(addressed, council, charity):
    assert [(found.addressee, found.organisation, found.state) for found in addressed.responses.in_order()] == [
        (council.name, council, "awaited"), (charity.name, charity, "awaited"), ("Anchor institutions", None, "awaited"),
    ]  # fmt: skip
    assert addressed.awaits_response
    assert {found.public_stance for found in addressed.responses.all()} == {stances.AWAITED}


def test_it_is_public_only_once_a_second_person_has_approved_it(response, officer, second_officer, now):
    saved = save_response(by=officer, at=now, response=response, content=ResponseContent("yes"))
    assert (saved.state, saved.version, saved.public_stance) == ("draft", 1, stances.AWAITED)
    sent = submit_response(by=officer, at=now, response=saved, content=YES)
    assert (sent.state, sent.public_stance, sent.commitment.awaits_response) == ("submitted", stances.AWAITED, True)
    given = approve_response(by=second_officer, at=now, response=sent)
    assert (given.state, given.public_stance, given.given_by) == ("given", stances.YES, second_officer)
    assert [entry.act for entry in given.history.order_by("id")] == [
        "response_save", "response_submit", "response_approve",
    ]  # fmt: skip
    assert given.history.get(act="response_approve").said == {
        "addressee": "Oxfordshire County Council", "stance": "yes", "words": "We will do it by the summer.",
        "decided_where": "Cabinet", "decided_on": "",
    }  # fmt: skip


@pytest.mark.parametrize("stance", [stance.code for stance in stances.STANCES])
def test_the_owners_acceptance_alone_opens_progress(response, addressed, officer, second_officer, now, stance):
    round_ = make_round(addressed.strategy)
    assert addressed not in commitments_asked(round_)
    give(response, ResponseContent(stance, "Because."), officer, second_officer, now)
    addressed.refresh_from_db()
    opened = stance in {"yes", "in_part"}
    assert addressed.awaits_response is not opened
    assert addressed.owner_response == stance
    assert (addressed in commitments_asked(round_)) is opened
    assert ProgressUpdate.objects.filter(round=round_, commitment=addressed).exists() is opened, (
        "the open round asks at once"
    )


def test_another_addressees_yes_opens_nothing(addressed, charity, partner_lead, now):
    theirs = addressed.responses.get(organisation=charity)
    give(theirs, YES, partner_lead, make_person("partner_lead", charity), now)
    addressed.refresh_from_db()
    assert addressed.awaits_response


def test_until_then_no_update_is_taken(addressed, officer, now):
    round_ = make_round(addressed.strategy)
    with pytest.raises(NotNow, match=r"1\.1 awaits a response\. Updates begin once it has been accepted"):
        change_status(by=officer, at=now, commitment=addressed, to="on_track", reason="Going.")
    with pytest.raises(NotNow, match="awaits a response"):
        submit_update(
            by=officer, at=now, commitment=addressed, round_=round_, content=UpdateContent("on_track", "Going.", narrative="Well."), version=None
        )  # fmt: skip


def test_a_published_response_can_be_returned_and_then_closes_progress(
    response, addressed, officer, second_officer, now
):
    round_ = make_round(addressed.strategy)
    given = give(response, YES, officer, second_officer, now)
    back = return_response(by=second_officer, at=now, response=given, reason="Name the **day**.")
    assert (back.state, back.public_stance, back.state_reason) == ("returned", stances.AWAITED, "Name the **day**.")
    addressed.refresh_from_db()
    assert addressed.awaits_response
    assert not ProgressUpdate.objects.filter(round=round_, commitment=addressed).exists(), "nobody had begun it"
    mail = Mail.objects.get(kind="response_returned")
    assert mail.person == officer
    assert "Name the" in mail.text
    again = submit_response(by=officer, at=now, response=back, content=NO)
    assert again.state_reason == ""


def test_what_was_begun_stays_when_progress_closes(response, addressed, officer, second_officer, now):
    round_ = make_round(addressed.strategy)
    given = give(response, YES, officer, second_officer, now)
    addressed.refresh_from_db()
    submit_update(
        by=officer, at=now, commitment=addressed, round_=round_, content=UpdateContent("on_track", "Going.", narrative="Well."), version=0
    )  # fmt: skip
    return_response(by=second_officer, at=now, response=given, reason="Name the day.")
    assert ProgressUpdate.objects.get(round=round_, commitment=addressed).is_submitted


class TestWho:
    """May write, may approve what the officer sent for the council, may return it."""

    CAST = {
        "officer": (True, False, True),
        "second_officer": (True, True, True),
        "administrator": (False, True, True),
        "partner_lead": (False, False, False),
        "partner": (False, False, False),
        "outsider": (False, False, False),
        "steering_member": (False, False, False),
        "nobody": (False, False, False),
    }

    @pytest.mark.parametrize("who", CAST)
    def test_for_the_owner(self, request, response, officer, now, who):
        sent = submit_response(by=officer, at=now, response=response, content=YES)
        person = request.getfixturevalue(who)
        assert (
            can_write_response(person, sent), can_approve_response(person, sent), can_return_response(person, sent),
        ) == self.CAST[who]  # fmt: skip
        handled = Response.objects.handled_by(person).filter(pk=sent.pk).exists()
        assert handled is (who in {"officer", "second_officer", "administrator"})

    THEIRS = {
        "partner_lead": (True, False, True),
        "second_lead": (True, True, True),
        "partner": (False, False, False),
        "officer": (False, False, False),
        "administrator": (False, True, True),
        "outsider": (False, False, False),
        "nobody": (False, False, False),
    }

    @pytest.mark.parametrize("who", THEIRS)
    def test_for_another_addressee(self, request, addressed, charity, partner_lead, now, who):
        theirs = addressed.responses.get(organisation=charity)
        sent = submit_response(by=partner_lead, at=now, response=theirs, content=NO)
        person = make_person("partner_lead", charity) if who == "second_lead" else request.getfixturevalue(who)
        assert (
            can_write_response(person, sent), can_approve_response(person, sent), can_return_response(person, sent),
        ) == self.THEIRS[who]  # fmt: skip
        handled = Response.objects.handled_by(person).filter(pk=sent.pk).exists()
        assert handled is (who in {"partner_lead", "second_lead", "administrator"})

    def test_whoever_wrote_a_part_since_it_was_last_approved_approves_nothing(
        self, response, officer, second_officer, administrator, now
    ):
        saved = save_response(by=second_officer, at=now, response=response, content=ResponseContent("yes"))
        sent = submit_response(by=officer, at=now, response=saved, content=YES)
        for writer in (officer, second_officer):
            with pytest.raises(NotAllowed, match="You wrote or sent part of this response"):
                approve_response(by=writer, at=now, response=sent)
        given = approve_response(by=administrator, at=now, response=sent)
        back = return_response(by=administrator, at=now, response=given, reason="Shorter.")
        sent = submit_response(by=officer, at=now, response=back, content=NO)
        assert approve_response(by=second_officer, at=now, response=sent).is_given, (
            "the earlier words had their second person"
        )

    def test_nobody_answers_for_words(self, addressed, officer, administrator):
        institutions = addressed.responses.get(organisation=None)
        for person in (officer, administrator):
            assert not can_write_response(person, institutions)
        with pytest.raises(NotNow, match="“Anchor institutions” is not an organisation in the portal"):
            save_response(by=officer, at=timezone.now(), response=institutions, content=YES)

    def test_an_officer_of_another_council_writes_nothing(self, response):
        elsewhere = make_organisation("Shirewell Council", "public_body")
        assert not can_write_response(make_person("officer", elsewhere), response)


@pytest.mark.parametrize(
    ("content", "field", "sentence"),
    [
        (ResponseContent("", "Why."), "stance", "Choose a response."),
        (ResponseContent("perhaps", "Why."), "stance", "Choose one of the responses"),
        (ResponseContent("yes", "  "), "words", "Say what will be done"),
        (ResponseContent("yes", "x" * 5_001), "words", "5,001 characters. 5,000 is the limit."),
        (ResponseContent("yes", "Why.", "x" * 201), "decided_where", "201 characters. 200 is the limit."),
    ],
)
def test_bad_input_names_the_field(response, officer, now, content, field, sentence):
    with pytest.raises(Invalid, match=sentence) as refused:
        submit_response(by=officer, at=now, response=response, content=content)
    assert refused.value.field == field
    response.refresh_from_db()
    assert (response.state, response.version) == ("awaited", 0)


def test_a_decision_is_not_of_tomorrow_and_may_be_of_today(response, officer, now):
    today = timezone.localdate(now)
    with pytest.raises(Invalid, match="can’t have been made in the future") as refused:
        save_response(
            by=officer,
            at=now,
            response=response,
            content=ResponseContent("yes", "Why.", "Cabinet", today + timedelta(days=1)),
        )
    assert refused.value.field == "decided_on"
    saved = save_response(
        by=officer, at=now, response=response, content=ResponseContent("yes", "Why.", "Cabinet", today)
    )
    assert saved.decided_on == today


def test_two_who_write_at_once_and_two_who_click_at_once(response, officer, second_officer, administrator, now):
    save_response(by=officer, at=now, response=response, content=ResponseContent("yes"), version=0)
    with pytest.raises(Conflict, match="Olive Officer has changed this response since you opened it"):
        save_response(by=second_officer, at=now, response=response, content=ResponseContent("no"), version=0)
    sent = submit_response(by=officer, at=now, response=response, content=YES, version=1)
    with pytest.raises(Conflict):
        approve_response(by=second_officer, at=now, response=sent, version=1)
    approve_response(by=second_officer, at=now, response=sent, version=2)
    with pytest.raises(AlreadyDone, match="This response is published, so it can't be approved"):
        approve_response(by=administrator, at=now, response=sent)
    with pytest.raises(NotNow, match="so it can't be saved"):
        save_response(by=officer, at=now, response=sent, content=NO)
    with pytest.raises(Invalid, match="Say what needs to change"):
        return_response(by=administrator, at=now, response=sent, reason=" ")
    assert HistoryEntry.objects.filter(response=response).count() == 3


def test_the_database_keeps_a_published_response_whole(response, officer, now):
    sent = submit_response(by=officer, at=now, response=response, content=YES)
    for values in ({"state": "given"}, {"given_at": now}, {"organisation": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.filter(pk=sent.pk).update(**values)


class TestAddressees:
    """What a file says of them."""

    def test_the_same_file_twice_changes_nothing(self, addressed, council, charity):
        done = LoadedCommitments()
        address(addressed, [council.slug, charity.slug, "Anchor institutions"], done=done)
        assert (done.changes, done.notes) == ([], [])

    def test_one_that_is_gone_goes_unless_somebody_has_begun(self, addressed, council, charity, partner_lead, now):
        save_response(
            by=partner_lead,
            at=now,
            response=addressed.responses.get(organisation=charity),
            content=ResponseContent("yes"),
        )
        done = LoadedCommitments()
        address(addressed, [council.slug], done=done)
        assert done.changes == ["Commitment 1.1 is no longer addressed to Anchor institutions."]
        assert done.notes == [
            "Rowan Trust has begun to answer 1.1, so it stays an addressee although the file does not name it."
        ]
        assert addressed.responses.count() == 2

    def test_words_that_become_an_organisation(self, addressed, council, charity):
        made = make_organisation("Anchor institutions", "public_body", slug="anchors")
        address(addressed, [council.slug, charity.slug, "anchors"], done=LoadedCommitments())
        assert addressed.responses.get(addressee="Anchor institutions").organisation == made

    def test_without_addressees_nothing_is_awaited(self, addressed):
        address(addressed, [], done=LoadedCommitments())
        addressed.refresh_from_db()
        assert not addressed.awaits_response
