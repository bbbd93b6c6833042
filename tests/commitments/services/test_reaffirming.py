"""Replying in the rounds of a charter: nobody who has replied is asked again, and each round has its own reply."""

from datetime import timedelta

import pytest

from commitments.models import Contribution, HistoryEntry, Reaffirmation
from commitments.reading.my_work import owed_updates
from commitments.services.charters import record_signature
from commitments.services.reaffirming import reaffirm
from commitments.services.round_participants import ask_all_newcomers
from commitments.services.rounds import begin_review, open_round, reopen_round
from partners.models import Mail
from tests.commitments.charter import OPENED, at, make_charter, make_charter_round, signed
from tests.factories import make_organisation, make_person
from vcsportal.common.words import NotNow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def charter(council):
    return make_charter(council)


@pytest.fixture
def church():
    return make_organisation("St Mary’s Church", kind="faith_group", standing="listed")


@pytest.fixture
def opened(charter, administrator):
    return open_round(by=administrator, at=at(OPENED), round_=make_charter_round(charter))


def takes_part(organisation):
    organisation.standing = "takes_part"
    organisation.save()
    return make_person("partner_lead", organisation)


def emails(kind):
    return Mail.objects.filter(kind=f"round:{kind}")


def test_an_organisation_that_replied_before_it_took_part_is_not_asked_again(charter, church, opened, officer):
    choir = make_organisation("Choir", standing="listed")
    rows = [signed(charter, organisation) for organisation in (church, choir)]
    reaffirm(by=officer, at=at(OPENED + DAY), signatory=rows[0], round_=opened, told_how="telephone")
    lead = takes_part(church)
    takes_part(choir)
    ask_all_newcomers(at=at(OPENED + 9 * DAY))
    answers = dict(Contribution.objects.values_list("organisation__name", "answer"))
    assert answers == {church.name: "stands", "Choir": ""}
    replied = Contribution.objects.get(organisation=church)
    assert (replied.answered_at, replied.answered_by) == (at(OPENED + DAY), officer)
    assert [mail.person.role_grants.get().organisation for mail in emails("joined")] == [choir]
    assert list(
        HistoryEntry.objects.filter(act="organisation_joined").values_list("said__organisation", flat=True)
    ) == ["Choir"]
    assert owed_updates(lead, OPENED + 9 * DAY).answers == ()
    ask_all_newcomers(at=at(OPENED + 10 * DAY))
    assert Contribution.objects.count() == 2


def test_a_round_that_is_opened_again_does_not_ask_who_replied_meanwhile(
    charter, church, opened, officer, administrator
):
    takes_part(church)
    begin_review(by=administrator, at=at(OPENED + DAY), round_=opened)
    row = record_signature(
        by=officer, at=at(OPENED + DAY), strategy=charter, organisation=church, signed_on=OPENED - DAY,
        told_how="letter",
    )  # fmt: skip
    reaffirm(by=officer, at=at(OPENED + DAY), signatory=row, round_=opened, told_how="letter")
    assert not Contribution.objects.exists()
    reopen_round(by=administrator, at=at(OPENED + 2 * DAY), round_=opened, reason="One was missing.")
    assert Contribution.objects.get().answer == "stands"
    assert not emails("opening").filter(person__role_grants__organisation=church).exists()


@pytest.mark.parametrize("words", [None, "", "We opened our hall."])
def test_a_tap_clears_the_task_though_the_reply_is_there_already(charter, church, opened, officer, words):
    row = signed(charter, church)
    said = "" if words is None else words
    reaffirm(by=officer, at=at(OPENED), signatory=row, round_=opened, told_how="letter", words=said)
    lead = takes_part(church)
    Contribution.objects.create(round=opened, organisation=church, owed_by=lead)
    reaffirm(by=lead, at=at(OPENED + DAY), signatory=row, round_=opened, words=words)
    contribution = Contribution.objects.get()
    assert (contribution.answer, contribution.answered_by) == ("stands", lead)
    assert Reaffirmation.objects.get().version == 1


def test_a_reply_answers_its_own_round_and_no_other(charter, church, administrator, officer):
    lead, row = takes_part(church), signed(charter, church)
    older = open_round(by=administrator, at=at(OPENED), round_=make_charter_round(charter))
    begin_review(by=administrator, at=at(OPENED + DAY), round_=older)
    newer = make_charter_round(charter, 2026)
    newer = open_round(by=administrator, at=at(newer.opens_on), round_=newer)
    assert Contribution.objects.filter(answer="").count() == 2
    reaffirm(by=lead, at=at(newer.opens_on), signatory=row, round_=newer)
    assert dict(Contribution.objects.values_list("round__slug", "answer")) == {older.slug: "", newer.slug: "stands"}
    reaffirm(by=lead, at=at(newer.opens_on), signatory=row, round_=older)
    assert set(Contribution.objects.values_list("answer", flat=True)) == {"stands"}
    assert Reaffirmation.objects.count() == 2


def test_the_task_and_the_email_name_the_round_that_they_answer(charter, church, administrator, signed_in, officer):
    lead, row = takes_part(church), signed(charter, church)
    older = open_round(by=administrator, at=at(OPENED), round_=make_charter_round(charter))
    [mail] = emails("opening").filter(person=lead)
    address = f"/signatures/{row.pk}/reaffirm/?round={older.slug}"
    assert address in mail.text
    begin_review(by=administrator, at=at(OPENED + DAY), round_=older)
    newer = open_round(by=administrator, at=at(OPENED + 365 * DAY), round_=make_charter_round(charter, 2026))
    browser = signed_in(lead)
    tasks = browser.get("/my-work/").text
    for round_ in (older, newer):
        assert tasks.count(f"/signatures/{row.pk}/reaffirm/?round={round_.slug}") == 2, (
            "the tap, and the page for words"
        )
    assert older.label in browser.get(address).text
    assert browser.post(address).status_code == 302
    assert list(Reaffirmation.objects.values_list("round__slug", flat=True)) == [older.slug]
    older.state, older.closings = "closed", 1
    older.save()
    answer = browser.post(address)
    assert answer.status_code == 409
    assert "has closed" in answer.text
    assert browser.post(f"/signatures/{row.pk}/reaffirm/?round=none").status_code == 404
    assert browser.post(f"/signatures/{row.pk}/reaffirm/").status_code == 302, "the newest that runs"
    assert Reaffirmation.objects.filter(round=newer).exists()


def test_one_who_signed_while_the_newest_round_is_open_answers_the_older_one(charter, church, administrator, signed_in):
    """The newest round that asks it is the one that its page is about."""
    lead = takes_part(church)
    older = open_round(by=administrator, at=at(OPENED), round_=make_charter_round(charter))
    begin_review(by=administrator, at=at(OPENED + DAY), round_=older)
    newer = open_round(by=administrator, at=at(OPENED + 365 * DAY), round_=make_charter_round(charter, 2026))
    address = f"/signatures/{signed(charter, church, newer.opens_on).pk}/reaffirm/"
    assert signed_in(lead).get(address).status_code == 409
    choir = make_organisation("Choir")
    address = f"/signatures/{signed(charter, choir, older.opens_on - DAY).pk}/reaffirm/"
    assert newer.label in signed_in(make_person("partner_lead", choir)).get(address).text


def test_an_organisation_asked_only_whether_it_stands_by_a_charter_is_asked_that_in_the_subject(
    charter, church, opened, officer
):
    takes_part(church)
    record_signature(
        by=officer, at=at(OPENED + DAY), strategy=charter, organisation=church, signed_on=OPENED - DAY,
        told_how="letter",
    )  # fmt: skip
    [mail] = emails("joined")
    assert mail.subject == "Does St Mary’s Church still stand by the Compact? Please reply by 3 June 2026"


def test_nobody_replies_in_a_round_of_which_the_answer_is_final(charter, church, opened, officer):
    row = signed(charter, church)
    opened.state, opened.closings = "closed", 1
    opened.save()
    with pytest.raises(NotNow):
        reaffirm(by=officer, at=at(OPENED), signatory=row, round_=opened, told_how="letter")
