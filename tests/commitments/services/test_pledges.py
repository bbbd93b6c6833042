"""What signatories pledge: a part in delivering that ends with its words, unless the council recorded it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from commitments.models import (
    Commitment,
    DeliveryPartner,
)
from commitments.reading.charters import pledges_made
from commitments.services.charters import end_signature
from commitments.services.delivery import add_delivery_partner, change_delivery_partner
from commitments.services.pledges import set_pledge
from tests.commitments.charter import OPENED, at, make_charter, signed
from tests.factories import make_organisation, make_person
from vcsportal.common.words import Conflict, NotNow

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


def test_a_pledge_changes_only_as_it_was_read_and_ends_with_no_words(charter, church, verger):
    row, principle = signed(charter, church), charter.commitments.get()
    set_pledge(by=verger, at=at(OPENED), signatory=row, commitment=principle, words="One", was="")
    with pytest.raises(Conflict):
        set_pledge(by=verger, at=at(OPENED), signatory=row, commitment=principle, words="Two", was="")
    set_pledge(by=verger, at=at(OPENED), signatory=row, commitment=principle, words="Two", was="One")
    set_pledge(by=verger, at=at(OPENED), signatory=row, commitment=principle, words="Two\nlines", was="Two")
    set_pledge(by=verger, at=at(OPENED), signatory=row, commitment=principle, words="Two", was=" Two\r\nlines ")
    set_pledge(by=verger, at=at(OPENED), signatory=row, commitment=principle, words="Two\u00a0halls", was="Two")
    set_pledge(by=verger, at=at(OPENED), signatory=row, commitment=principle, words="Two", was="Two halls")
    set_pledge(by=verger, at=at(OPENED + DAY), signatory=row, commitment=principle, words="", was="Two")
    part = DeliveryPartner.objects.get(organisation=church)
    assert (part.pledge, part.ended_on) == ("Two", OPENED + DAY)


def test_a_part_that_the_council_recorded_outlives_its_pledge(charter, church, verger, officer):
    row, principle = signed(charter, church), charter.commitments.get()
    given = {"by": verger, "signatory": row, "commitment": principle}
    add_delivery_partner(
        by=officer, at=at(OPENED), commitment=principle, organisation=church, role="leads_delivery", started_on=None
    )
    set_pledge(at=at(OPENED), words="We share our hall.", **given)
    part = DeliveryPartner.objects.get()
    assert set_pledge(at=at(OPENED + DAY), words="", **given) == part
    part.refresh_from_db()
    assert (part.pledge, part.ended_on, part.role) == ("", None, "leads_delivery")
    assert list(pledges_made(charter)) == []
    set_pledge(at=at(OPENED + DAY), words="We share our minibus.", **given)
    end_signature(by=verger, at=at(OPENED + DAY), signatory=row)
    part.refresh_from_db()
    assert (part.pledge, part.ended_on, part.role) == ("", None, "leads_delivery")
    last = principle.history.filter(act="assign").latest("id").said
    assert last["was"] == {"pledge": "We share our minibus."}


def test_a_pledged_part_that_the_council_then_changes_is_the_councils(charter, church, verger, officer):
    row, principle = signed(charter, church), charter.commitments.get()
    given = {"by": verger, "signatory": row, "commitment": principle}
    set_pledge(at=at(OPENED), words="We share our hall.", **given)
    part = DeliveryPartner.objects.get()
    change_delivery_partner(by=officer, at=at(OPENED), part=part, role="hosts", started_on=OPENED, ended_on=None)
    set_pledge(at=at(OPENED), words="", **given)
    part.refresh_from_db()
    assert (part.pledge, part.ended_on, part.role) == ("", None, "hosts")


def test_nobody_pledges_anything_for_what_is_closed_but_may_end_a_pledge(charter, church, verger):
    row, principle = signed(charter, church), charter.commitments.get()
    given = {"by": verger, "at": at(OPENED), "signatory": row, "commitment": principle}
    set_pledge(words="We share our hall.", **given)
    Commitment.objects.filter(pk=principle.pk).update(status="closed", status_at=at(OPENED), closed_on=OPENED)
    with pytest.raises(NotNow):
        set_pledge(words="We share our minibus.", **given)
    assert set_pledge(words="", **given) is None


def test_parts_that_a_pledge_began_before_are_known_by_their_history(charter, church, verger, officer):
    principle = charter.commitments.get()
    choir = make_organisation("Choir")
    add_delivery_partner(by=officer, at=at(OPENED - DAY), commitment=principle, organisation=choir)
    for organisation in (church, choir):
        given = {"signatory": signed(charter, organisation), "commitment": principle}
        set_pledge(by=officer, at=at(OPENED), words="We share our hall.", **given)
        set_pledge(by=officer, at=at(OPENED + DAY), words="We share our minibus.", **given)
    DeliveryPartner.objects.update(began_as_pledge=False)
    import_module("commitments.migrations.0042_signatures_and_pledges").mark_pledges(apps, None)
    assert [part.organisation for part in DeliveryPartner.objects.filter(began_as_pledge=True)] == [church]
