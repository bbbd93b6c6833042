"""Ending a signature: who, on which days, and that two signatures of an organisation never overlap."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from commitments.models import (
    DeliveryPartner,
    Signatory,
)
from commitments.services.charters import check_signature_days, end_signature
from commitments.services.pledges import set_pledge
from commitments.services.reaffirming import reaffirm
from commitments.services.rounds import open_round
from tests.commitments.charter import OPENED, at, make_charter, make_charter_round, signed
from tests.factories import make_organisation, make_person
from vcsportal.common.words import Invalid, NotNow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def charter(council):
    return make_charter(council)


@pytest.fixture
def church():
    return make_organisation("St Mary’s Church", kind="faith_group")


@pytest.fixture
def verger(church):
    return make_person("partner_lead", church, name="Ada Verger")


@pytest.fixture
def round_(charter):
    return make_charter_round(charter)


@pytest.fixture
def opened(round_, administrator):
    return open_round(by=administrator, at=at(OPENED), round_=round_)


def test_ending_says_from_when_and_takes_the_pledges_along(charter, church, verger, officer):
    row = signed(charter, church, OPENED - 10 * DAY)
    principle = charter.commitments.get()
    set_pledge(by=verger, at=at(OPENED - DAY), signatory=row, commitment=principle, words="We share our hall.")
    for wrong in (
        {"why": ""},
        {"why": "", "ended_on": OPENED - DAY},
        {"why": "Moved", "ended_on": OPENED + DAY},
        {"why": "Moved", "ended_on": OPENED - 11 * DAY},
    ):
        with pytest.raises(Invalid):
            end_signature(by=officer, at=at(OPENED), signatory=row, **wrong)
    ended = end_signature(by=officer, at=at(OPENED), signatory=row, why="It closed.", ended_on=OPENED)
    assert (ended.ended_on, ended.ended_why, ended.ended_by) == (OPENED, "It closed.", officer)
    assert DeliveryPartner.objects.get(organisation=church).ended_on == OPENED
    with pytest.raises(NotNow):
        set_pledge(by=verger, at=at(OPENED), signatory=row, commitment=principle, words="Again")


def test_a_lead_withdraws_from_today_on_and_can_not_take_the_signature_out_of_the_register(
    charter, church, verger, officer
):
    row = signed(charter, church, OPENED - 10 * DAY)
    for day in (OPENED - 10 * DAY, OPENED - DAY):
        with pytest.raises(Invalid) as refused:
            end_signature(by=verger, at=at(OPENED), signatory=row, why="We moved.", ended_on=day)
        assert refused.value.field == "ended_on"
    assert end_signature(by=verger, at=at(OPENED), signatory=row, ended_on=OPENED).ended_on == OPENED
    choir = make_organisation("Choir", kind="faith_group")
    helper = make_person("partner_contributor", make_organisation("Umbrella", kind="infrastructure_body"))
    row = signed(charter, choir, OPENED - 10 * DAY)
    with pytest.raises(Invalid, match="by mistake"):
        end_signature(by=helper, at=at(OPENED), signatory=row, why="Wrong.", ended_on=row.signed_on)
    assert end_signature(by=helper, at=at(OPENED), signatory=row, why="Moved.", ended_on=row.signed_on + DAY).ended_on
    row = signed(charter, make_organisation(), OPENED - 10 * DAY)
    end_signature(by=officer, at=at(OPENED), signatory=row, why="Recorded for the wrong one.", ended_on=row.signed_on)
    assert not Signatory.objects.lasting().filter(pk=row.pk).exists()


def test_no_signature_ends_before_it_was_last_reaffirmed(charter, church, verger, officer, opened):
    row = signed(charter, church)
    reaffirm(by=verger, at=at(OPENED + DAY), signatory=row, round_=opened)
    for day in (row.signed_on, OPENED, OPENED + DAY):
        with pytest.raises(Invalid, match="reaffirmed on 2 April 2026"):
            end_signature(by=officer, at=at(OPENED + 9 * DAY), signatory=row, why="It closed.", ended_on=day)
    ended = end_signature(
        by=officer, at=at(OPENED + 9 * DAY), signatory=row, why="It closed.", ended_on=OPENED + 2 * DAY
    )
    assert ended.ended_on == OPENED + 2 * DAY
    choir = signed(charter, make_organisation())
    lead = make_person("partner_lead", choir.organisation)
    reaffirm(by=lead, at=at(OPENED), signatory=choir, round_=opened)
    assert end_signature(by=lead, at=at(OPENED, 18), signatory=choir).ended_on == OPENED, "on the same day"
    wrong = signed(charter, make_organisation("Wrong one"))
    reaffirm(by=officer, at=at(OPENED), signatory=wrong, round_=opened, told_how="telephone")
    mended = end_signature(
        by=officer, at=at(OPENED + DAY), signatory=wrong, why="Recorded for the wrong one.", ended_on=wrong.signed_on
    )
    assert mended.ended_on == wrong.signed_on


def test_the_days_of_two_signatures_never_overlap(charter, church, officer):
    first, last = OPENED - 20 * DAY, OPENED - 10 * DAY
    signed(charter, church, first, ended_on=last, ended_at=at(last))
    signed(charter, church, OPENED)
    ended = {"ended_at": at(OPENED)}
    for begins, ends in ((first, last), (last - DAY, last + DAY), (OPENED - DAY, OPENED + DAY), (first - DAY, OPENED)):
        with pytest.raises(Invalid):
            check_signature_days(charter, church, begins, ends)
        with pytest.raises(IntegrityError), transaction.atomic():
            signed(charter, church, begins, ended_on=ends, **ended)
    for begins, ends in ((first - DAY, first), (last, OPENED), (OPENED - DAY, OPENED - DAY), (first, first)):
        check_signature_days(charter, church, begins, ends)
        with transaction.atomic():
            signed(charter, church, begins, ended_on=ends, **ended).delete()
